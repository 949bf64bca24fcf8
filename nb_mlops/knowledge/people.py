"""What tells a person's address or user name from one that belongs to nobody: reviewed word lists.

Written for nb-mlops from public facts: the two-letter domains are ISO 3166's country codes in use, the generic ones a
selection of IANA's root zone by how often people have mail there; the rest are the accounts that images, services and
documentation come with.
"""

from __future__ import annotations

from nb_mlops.knowledge import words

COUNTRY_DOMAINS = words(
    """
    ac ad ae af ag al am ao ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg
    ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf
    gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki
    km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx
    my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc
    sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us
    uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw ai
    """
)

GENERIC_DOMAINS = words(
    """
    com org net edu gov mil int info biz name pro aero coop museum mobi jobs travel tel cat asia post xxx app dev page
    cloud online site website tech store shop blog space email agency academy bank berlin bayern koeln hamburg wien
    london nyc paris amsterdam tokyo swiss science systems solutions services software digital consulting company
    group media news network studio team university education health care clinic institute foundation ngo ong global
    international world life live xyz top club vip work one link plus eus gal scot wales health hospital doctor law
    legal energy engineering finance capital ventures partners technology design expert
    """
)

# Endings that are far more often a file's than a country's.
FILE_ENDINGS = words("py md sh rs so ps cc pm st do")

# Domains reserved for documentation (RFC 2606) or used for it, and machine senders.
NOBODYS_DOMAINS = words(
    """
    example.com example.org example.net example.edu example.co.uk test.com domain.com mydomain.com yourdomain.com
    email.com mail.com company.com mycompany.com yourcompany.com acme.com foo.com bar.com foobar.com abc.com xyz.com
    users.noreply.github.com noreply.github.com sentry.io localhost.localdomain
    """
)
MACHINE_DOMAINS = (".gserviceaccount.com", ".iam.amazonaws.com", ".local", ".internal", ".example", ".invalid", ".test")

# Mailboxes of a role, not of a person.
ROLES = words(
    """
    noreply no-reply donotreply do-not-reply mailer-daemon postmaster hostmaster webmaster abuse admin administrator
    root info contact contactus support help helpdesk hello team office sales marketing press media jobs careers hr
    billing security privacy legal feedback enquiries inquiries service services customerservice notifications
    notification alerts alert bot git hg svn anonymous nobody user username your.name yourname you me email name
    someone somebody firstname.lastname first.last your_email your-email youremail your.email my_email myemail my.email
    system test tester testuser test.user foo bar foobar example sample john.doe jane.doe johndoe janedoe jdoe johnsmith
    none null nan undefined pr infosec soc accessibility
    ubuntu ec2-user mailing-list dev devel developers maintainers maintainer announce announcements list lists
    """
)

# What mailboxes of a role end with: a word of its own behind a point or a dash (`events.news@`), ...
ROLE_ENDINGS = words(
    """
    info contact contacts support help helpdesk office news sales service services feedback newsletter jobs careers
    marketing security billing abuse admin compliance complaints relations editor alerts notifications
    """
)
# ... one that is a name behind a point, and none behind a dash (`kapil.dev@`, `numerics-dev@`), ...
LIST_ENDINGS = words(
    "dev dl qa noc poc list users user devel discuss press team hr bot help announce subscribe unsubscribe request"
    " owner bounces"
)
# ... or written on to what comes before it (`shopsupport@`).
GLUED_ENDINGS = (
    *("support", "office", "relations", "complaints", "compliance", "helpdesk", "service", "services", "newsroom"),
    *("newsletter", "marketing", "enquiries", "inquiries", "customercare", "department", "secretariat"),
)

# Accounts that machines, images and services come with, and the names documentation uses.
GENERIC_USERS = words(
    """
    jovyan root user users username user_name user-name yourname your_name your-name your_username yourusername
    your_user youruser your-username my_user myuser myname my_name me you name someone somebody nobody anonymous guest
    runner runneradmin ubuntu debian centos fedora vagrant ec2-user ec2_user sagemaker-user azureuser azure cloudera
    hadoop spark hdfs hive airflow colab content kaggle nbuser jupyter jupyterhub jupyterlab notebook lab mambauser
    conda condauser anaconda miniconda docker dockeruser appuser app vscode codespace gitpod circleci travis jenkins
    buildbot builder build builduser ci cicd runner1 gitlab-runner buildkite-agent teamcity distiller feedstock_root
    vsts vsonline databricks dbuser ray mlflow pi student students teacher admin administrator public shared default
    all test testuser tester demo sample example foo bar foobar baz john jane johndoe janedoe jdoe john.doe jane.doe
    alice bob work workspace workdir data home share service services model-server sandbox dev developer devuser
    developers ops project projects scratch tmp temp common local opc oracle ibm nvidia coder studio-lab-user
    zeus paperspace containeruser containeradministrator main nonroot nonrootuser huggingface llamaindex modelscope
    daytona oem udf lenovo acer asus dell hp toshiba samsung medion desktop laptop pc owner besitzer utilisateur
    usuario usuário utente propietario proprietario benutzer uzytkownik kullanici
    """
)
