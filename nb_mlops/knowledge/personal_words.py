"""What personal data is called: labels before a value and names of columns, in the languages notebooks are written in.

Written for nb-mlops. Words are lower case, without accents; a phrase is the words of a name in order, whatever parts
them (`date_of_birth`, `DateOfBirth`, `date of birth`).
"""

from __future__ import annotations

from unicodedata import combining, normalize

from nb_mlops.knowledge import words


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    text = text if text.isascii() else normalize("NFKD", text)  # as accents are taken off, Korean comes in letters
    text = "".join(letter for letter in text if not combining(letter))
    return frozenset(tuple(phrase.split()) for phrase in text.split(",") if phrase.strip())


# English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Nordic, Turkish, Indonesian; romanised.
EMAIL = _phrases(
    """
    email, e mail, mail, emails, correo, correo electronico, courriel, email address, adres email, eposta, epost,
    почта, электронная почта, 邮箱, 电子邮件, メール, メールアドレス, 이메일, البريد الإلكتروني
    """
)
PHONE = _phrases(
    """
    ph, ph no, my number, phone, telephone, tel, telefon, telefono, telefone, mobile, mobil, mobiel, cell,
    cellphone, cell phone, handy, gsm,
    fax, whatsapp, celular, movil, portable, telefonnummer, handynummer, rufnummer, phone number, phone no, phonenumber,
    mobile number, mobile no, contact number, contact no, telefoon, telefoonnummer, telefonnr, puhelin, puhelinnumero,
    телефон, номер телефона, мобильный, мобильный телефон, 电话, 电话号码, 手机, 手机号, 手机号码, 联系电话,
    電話, 電話番号, 携帯電話, 전화, 전화번호, 휴대폰, 휴대폰 번호, 연락처, هاتف, رقم الهاتف, الجوال,
    cep telefonu, numer telefonu, numero de telephone, numero telefono, msisdn, home phone, work phone, nomor telepon,
    hp
    """
)
CARD = _phrases(
    """
    card, card number, card no, cardnumber, credit card, creditcard, debit card, cc number, ccnumber, cc num, cc, pan,
    kreditkarte, kreditkartennummer, kartennummer, carte, carte bancaire, carte de credit, tarjeta, tarjeta de credito,
    numero de tarjeta, cartao, cartao de credito, carta di credito, karta, numer karty, visa, mastercard, amex
    """
)
IBAN = _phrases(
    """
    iban, bank account, account iban, kontonummer, bankverbindung, compte bancaire, cuenta bancaria
    """
)
IP = _phrases(
    """
    ip, ip address, ipaddress, ip addr, ipaddr, client ip, clientip, user ip, remote addr, remote address, adresse
    ip, direccion ip, src ip, source ip
    """
)
# What of a network's ends was asked for, or is known to be an attacker's.
OF_SERVERS = words("dest dst destination server resp responder ioc indicator target host resolver dns gateway")
MAC = _phrases("mac, mac address, macaddress, mac addr, hwaddr, hardware address")
BIRTH = _phrases(
    """
    dob, birth date, birthdate, birthday, date of birth, born, born on, birth day, geburtsdatum, geburtstag, geb datum,
    birth, birth dt, d o b, geboren, date de naissance, naissance, ne le, nee le, fecha de nacimiento, fecha
    nacimiento, nacimiento,
    data de nascimento, nascimento, data di nascita, nascita, geboortedatum, data urodzenia, fodelsedatum, fodselsdato,
    syntymaaika, dogum tarihi, tanggal lahir, дата рождения, день рождения, 出生日期, 生日, 生年月日, 誕生日, 생년월일,
    생일, تاريخ الميلاد
    """
)
DOCUMENT = _phrases(
    """
    driver s license, driver s licence, passport, passport no, passport number, passportnumber, passport id,
    passnummer, reisepass, reisepassnummer,
    passeport, pasaporte, passaporte, passaporto, paspoort, paszport, driver license, drivers license, driver licence,
    driving licence, driving license, license number, licence number, license no, dl number, fuhrerschein,
    fuhrerscheinnummer, permis de conduire, carnet de conducir, patente di guida, rijbewijs
    """
)
# A name that can only be a person's.
PERSON_NAME = _phrases(
    """
    first name, firstname, fname, given name, givenname, last name, lastname, lname, surname, family name, familyname,
    middle name, maiden name, full name, fullname, forename, customer name, client name, patient name, employee name,
    person name, contact name, student name, user full name, account holder, holder name, cardholder, cardholder name,
    participant name, respondent name, teacher name, doctor name, driver name, attendee name, guest name, owner name,
    resident name, tenant name, author name, sender name, recipient name, billing name, shipping name, legal name,
    emp name, cust name, passenger name, applicant name, member name, vorname, nachname, familienname, zuname,
    kundenname, patientenname,
    mitarbeitername, prenom, nom de famille, nom complet, nombre completo, apellido, apellidos, primer nombre,
    primeiro nome, nome completo, sobrenome, cognome, voornaam, achternaam, imie, nazwisko, fornamn, efternamn, fornavn,
    etternavn, etunimi, sukunimi, soyad, nama lengkap, фио, фамилия, имя, отчество, фамилия имя, имя фамилия, фамилия и
    имя, фамилия имя отчество, 姓名, 客户姓名, 患者姓名,
    学生姓名, 员工姓名, 氏名, 患者氏名, 顧客氏名, 성명, 고객명, 환자명, الاسم الكامل
    """
)
# A name that may be a person's, which its values must tell.
MAYBE_NAME = _phrases(
    """
    participant, respondent, attendee, interviewee, volunteer, doctor, physician, nurse, teacher, driver, agent,
    name, names, customer, client, patient, employee, person, contact, student, user, passenger, applicant, member,
    owner, holder, recipient, sender, kunde, kundin, mitarbeiter, nom, nombre, nome, naam, nazwa, navn, namn,
    nimi, ad soyad, nama,
    guest, tenant, manager, account name
    """
)
ADDRESS = _phrases(
    """
    address, street, street address, home address, postal address, mailing address, billing address, shipping address,
    address line, addr, adresse, anschrift, strasse, wohnort, rue, direccion, calle, domicilio, endereco, rua,
    indirizzo, via, adres, straat, ulica, gata, katuosoite, alamat, residence
    """
)
# Who made what a row is about.
MAKERS = words(
    """
    author authors autor autorin autore auteur creator artist composer director publisher editor verfasser photographer
    kunstler painter actor player
    """
)
LATITUDE = _phrases("lat, latitude, geo lat, breitengrad, latitud")
LONGITUDE = _phrases(
    """
    lon, lng, long, longitude, geo lon, geo lng, laengengrad, langengrad, longitud
    """
)
HEALTH = _phrases(
    """
    diagnosis, diagnoses, icd, icd9, icd10, icd code, disease, condition, medication, prescription, treatment, symptom,
    symptoms, hiv status, allergies, diagnose, krankheit, diagnostic, maladie, diagnostico, enfermedad, diagnosi
    """
)
PERSON_ID = _phrases(
    """
    patient id, patient, patient no, mrn, medical record, medical record number, user id, userid, user, customer id,
    customerid, client id, person id, subject id, member id, employee id, passenger id, ssn, nhs number, hadm id,
    patienten id, kundennummer, device id, driver id, rider id
    """
)
# What turns the name of a value into the name of something about it.
ABOUT = words(
    """
    calls call count counts n num len length type kind class category status flag has is was sent opened clicked
    open click domain provider host service services lines model brand os price cost fee rate ratio score valid
    verified missing usage plan campaign subject body template freq frequency mean std max min avg sum total pct
    percent encoded id_type hash hashed masked anonymized version format file path url column col field index
    feature dataset variable table class product item country city state region company movie song title brand team
    school species station station_name job app event group label node layer package module function method
    attribute property tag language font model_name
    """
)

GIVEN_NAMES = words(
    """
    james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald
    steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas
    eric jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander raymond patrick jack dennis
    jerry tyler aaron jose henry adam douglas nathan peter zachary kyle walter harold jeremy ethan carl keith roger
    gerald christian terry sean arthur austin noah lawrence jesse joe bryan billy jordan albert dylan bruce willie
    gabriel alan juan logan wayne ralph roy eugene randy vincent russell louis philip bobby johnny bradley liam oliver
    mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley
    kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia dorothy amy
    kathleen angela shirley emma brenda pamela nicole anna samantha katherine christine helen debra rachel carolyn janet
    maria catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly christina joan evelyn judith
    andrea hannah megan cheryl jacqueline martha madison teresa gloria sara janice ann kathryn abigail sophia frances
    jean alice judy isabella julia grace amber denise danielle marilyn beverly charlotte natalie theresa diana brittany
    doris kayla alexis lori marie ava mia amelia harper ella chloe lily zoe ellie lucy florence freya isla poppy harriet
    jane kate tom tim jim bob bill mike dave steve chris nick dan sam ben alex max leo oscar harry charlie alfie archie
    freddie ian neil graham stuart simon nigel trevor colin derek clive craig gavin duncan hamish fiona moira sheila
    hans peter michael thomas andreas wolfgang klaus juergen jurgen stefan christian uwe bernd frank martin markus
    matthias sabine monika petra susanne ursula renate gabriele birgit heike anja katrin claudia stefanie julia lena
    lukas jonas felix paul finn leon elias moritz niklas tobias florian sebastian johannes karl heinz dieter horst
    guenter gunter helga ingrid brigitte karin anna lea leonie marie hannah emilia mia greta frieda johanna charlotte
    jean pierre michel andre philippe alain bernard jacques louis nicolas julien antoine guillaume luc mathieu olivier
    francois laurent pascal thierry didier marie nathalie isabelle sylvie catherine francoise monique sophie celine
    camille manon lea chloe ines jade louise juliette margaux helene amelie aurelie antonio jose manuel francisco david
    juan javier carlos jesus alejandro miguel rafael pedro pablo sergio fernando jorge alberto luis alvaro diego adrian
    maria carmen ana isabel laura cristina marta lucia elena pilar paula rosa raquel beatriz sofia valentina camila
    gabriela mariana fernanda ricardo eduardo roberto mario luca giuseppe giovanni francesco antonio marco andrea matteo
    alessandro davide simone federico lorenzo stefano riccardo paolo giulia chiara francesca federica sara martina
    valentina alessia silvia elisa giorgia joao pedro tiago rafael bruno rodrigo gustavo lucas mateus leonardo vinicius
    thiago felipe guilherme beatriz leticia larissa amanda bruna juliana patricia aline jan piet kees johan willem
    hendrik pieter daan sem bram lars thijs sven emma sanne lotte anouk femke marieke piotr krzysztof andrzej tomasz
    pawel jan michal marcin jakub adam anna maria katarzyna malgorzata agnieszka barbara ewa krystyna magdalena joanna
    monika zofia aleksandra ola erik lars karl anders johan per nils lena ingrid astrid freja sofie mette kirsten olav
    kari bjorn hakan mikko juha timo antti matti pekka anna aino tuula riitta ivan dmitri dmitry sergei sergey alexei
    alexey andrei andrey mikhail vladimir nikolai igor oleg yuri boris pavel olga elena natalia svetlana tatiana irina
    anastasia ekaterina galina mohammed muhammad mohamed ahmed ali omar hassan hussein ibrahim khaled mahmoud mustafa
    youssef yusuf abdullah fatima aisha maryam zainab layla noor amina khadija mehmet emre burak murat ayse fatma zeynep
    elif merve ravi raj rahul amit sanjay vijay anil sunil suresh ramesh rajesh deepak arjun rohan vikram aditya karthik
    arun ashok manoj priya anjali pooja neha kavita sunita lakshmi deepa meera divya shreya ananya wei ming hui jing li
    xin yan lei jun hao yu chen mei ling fang xiao yang hiroshi takashi kenji haruto yuki sakura yuto akira satoshi
    naoki keiko yoko haruka aiko minjun jihoon seojun jiwoo soyeon jisoo nguyen minh anh thi budi siti dewi agus putri
    chidi ngozi emeka chinedu amara kwame kofi ama abena thabo sipho nomsa lerato tendai juma wanjiku njoroge amina
    tomas ines nuno rui miguel ola ruth nadia karim samir leila yasmin rania dina tamar noa yael avi moshe david eli
    """
)
# What stands before or after a name without being one.
TITLES = words("mr mrs ms miss dr prof sir rev herr frau mme mlle sr sra jr don dona dipl ing phd md ii iii iv")
# Capitalised words that no person is called: with one of them, two capitalised words are a thing or a place.
NOT_NAMES = words(
    """
    inc ltd llc gmbh corp co company group university college school institute hospital center centre city county state
    street road avenue park lake river mountain island north south east west new united republic kingdom the of and for
    model forest regression classifier tree network neural random linear support vector machine data set science class
    type total average mean standard product service system software bank airport station hotel restaurant club team
    league series movie film song album game book museum church department ministry office national international
    american british german french european asian african world global black white red blue green yellow monday tuesday
    wednesday thursday friday saturday sunday january february march april may june july august september october
    november december
    """
)
# Numbers of persons, for tables that hold them in a form of their own.
PERSON_NUMBER = _phrases("ssn, social security number, national id, nhs number, cpf, pesel, dni, aadhaar, tax id")
