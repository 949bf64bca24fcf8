from __future__ import annotations

import pytest

from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.analysis.sensitive.personal import find_emails, find_homes


def emails(text: str) -> list[str]:
    return [text[start:end] for start, end in find_emails(text)]


def homes(text: str) -> list[str]:
    return [text[home.start : home.end] for home in find_homes(text)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ada <ada.l@ada-online.org>", "ada.l@ada-online.org"),
        ("mail=ada.l@ada-online.org, next", "ada.l@ada-online.org"),
        ("mailto:ada.l@ada-online.org?subject=x", "ada.l@ada-online.org"),
        ("'ada+news@uni-bonn.de'", "ada+news@uni-bonn.de"),
        ("a\\nada.l@ada-online.co.uk.", "ada.l@ada-online.co.uk"),
        ("ada_l@mail.turing-institute.ac.jp", "ada_l@mail.turing-institute.ac.jp"),
        ("0  ada.l@gmail.com  1990", "ada.l@gmail.com"),
        ("https://host.org/?user=ada.l@gmail.com", "ada.l@gmail.com"),
    ],
)
def test_an_address_is_found_without_what_is_glued_to_it(text: str, address: str) -> None:
    assert emails(text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "info@statistics-office.org support@vendor.com no-reply@shop.de noreply@github.com",
        "ada@example.com ada@example.org you@yourdomain.com",
        "train@my-project.iam.gserviceaccount.com root@localhost ada@node7.local",
        "left-pad@1.3.0 react@latest icon@2x.png file@v2.py",
        "git@github.com:ada/rates.git ssh://ada@ada-online.org/x s3://key@bucket.com/x https://u:p@host.org/",
        "y = X@W.T + b; A@B.dot(C); x@w.sum()",
        "@app.route @property user@ @",
        "a@b.com c@d.org",
        "Name: rates\nAuthor-email: Ada <ada.l@ada-online.org>, tomas.l@ada-online.org",
        "events.news@paper.co.uk cs22-qa@cs.uni.edu numerics-dev@scipy.org team-poc@cloud.com PressOffice@bureau.gov",
        "shopsupport@toys.com datalab-info@uni.edu ipocompliance@bank.in None@tenant.onmicrosoft.com",
        "rates-unsubscribe@lists.ada-online.org rates@lists.ada-online.org rates-users@ada-online.org",
    ],
)
def test_what_belongs_to_nobody_is_no_address_of_a_person(text: str) -> None:
    assert emails(text) == []


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("File /home/mkowalski/rates.py:3", "/home/mkowalski"),
        ("'/Users/m.kowalski/x'", "/Users/m.kowalski"),
        ("C:\\Users\\mkowalski\\rates", "C:\\Users\\mkowalski"),
        ("C:\\\\Users\\\\mkowalski\\\\rates", "C:\\\\Users\\\\mkowalski"),
        ("c:/Users/mkowalski", "c:/Users/mkowalski"),
        ("C:\\Users\\Maria Kowalski\\x y", "C:\\Users\\Maria Kowalski"),
        ("C:\\Users\\Maria is the home", "C:\\Users\\Maria"),
        ("file:///home/mkowalski/x", "/home/mkowalski"),
        ("cwd /home/mkowalski", "/home/mkowalski"),
    ],
)
def test_a_home_folder_is_found_up_to_the_name(text: str, home: str) -> None:
    assert homes(text) == [home]


@pytest.mark.parametrize(
    "text",
    [
        "/home/jovyan/work /Users/runner/x /home/ubuntu/x /home/ec2-user/x C:\\Users\\Public\\x",
        "/home/<user>/x /home/$USER/x /home/{name}/x /home/your-name/x /Users/username/x",
        "/content/drive /root/x /tmp/ipykernel_1234/55.py ~/x",
        "'/home/whats-cool.html', '/home/index.php' /home/paperspace/data",
        r"C:\Users\ContainerAdministrator\AppData /home/main/notebooks",
        r"C:\Users\LENOVO\x /home/oem/x /home/udf/1/x.py C:\Users\Usuario\x",
        "data/home/rates https://site.org/home/news my/Users/list",
    ],
)
def test_a_folder_of_nobody_is_no_home(text: str) -> None:
    assert homes(text) == []


def test_a_mask_covers_the_name_and_leaves_the_path() -> None:
    assert mask("open('/home/mkowalski/x')") == "open('/home/*********/x')"
    assert mask("to ada.l@ada-online.org!") == f"to {'*' * 20}!"
