"""Personal values are told from numbers that only look like them, by checksum, plan, label, and vote."""

from __future__ import annotations

import time
from random import Random

import phonenumbers
import pytest

from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.analysis.sensitive.personal import Kind, find_personal, phones
from nb_mlops.analysis.sensitive.personal.columns import called, votes
from nb_mlops.analysis.sensitive.personal.names import is_full_name
from nb_mlops.analysis.tables.text import text_tables
from nb_mlops.knowledge import personal_words as say

CARD = "5367 6425 9130 8700"
IBAN = "DE53500105173826719275"


def kinds(text: str) -> list[tuple[Kind, str]]:
    return [(value.kind, text[value.start : value.end]) for value in find_personal(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("call +1 212-736-5000 now", Kind.PHONE, "+1 212-736-5000"),
        ("(212) 736-5000", Kind.PHONE, "(212) 736-5000"),
        ("Tel.: 030/901820", Kind.PHONE, "030/901820"),
        ("móvil 612 345 981", Kind.PHONE, "612 345 981"),
        ("{'phone': '2127365000'}", Kind.PHONE, "2127365000"),
        ("é phone=2127365000", Kind.PHONE, "2127365000"),
        (f"VISA {CARD}.", Kind.CARD, CARD),
        ("card number: 5367642591308700", Kind.CARD, "5367642591308700"),
        (f"to {IBAN}", Kind.IBAN, IBAN),
        ("to DE53 5001 0517 3826 7192 75 today", Kind.IBAN, "DE53 5001 0517 3826 7192 75"),
        ("Social Security Number: 536 22 8726", Kind.SSN, "536 22 8726"),
        ("passport number is X48210937", Kind.DOCUMENT, "X48210937"),
        ("Driver's License: D1234568", Kind.DOCUMENT, "D1234568"),
        ("Accepted publickey from 81.173.44.19 port 22", Kind.IP, "81.173.44.19"),
        ("her SSN is 536-22-8726", Kind.SSN, "536-22-8726"),
        ("CPF 390.533.447-05", Kind.NATIONAL_ID, "390.533.447-05"),
        ("PESEL: 92051412347", Kind.NATIONAL_ID, "92051412347"),
        ("Passport No. X48210937", Kind.DOCUMENT, "X48210937"),
        ("Date of birth: 23.07.1984", Kind.BIRTH, "23.07.1984"),
        ("née le 23/07/1984", Kind.BIRTH, "23/07/1984"),
        ("DOB July 23, 1984", Kind.BIRTH, "July 23, 1984"),
        ("ether f0:18:98:3b:a2:7c", Kind.MAC, "f0:18:98:3b:a2:7c"),
        ("login from 81.173.44.19", Kind.IP, "81.173.44.19"),
        ("<dob>1984-07-23</dob>", Kind.BIRTH, "1984-07-23"),
        ("birthday: 23.07.1984", Kind.BIRTH, "23.07.1984"),
        ("телефон: 8 903 214-45-67", Kind.PHONE, "8 903 214-45-67"),
        ("手机号: 13812345698", Kind.PHONE, "13812345698"),
        ("휴대폰 번호: 010-2345-6798", Kind.PHONE, "010-2345-6798"),
        ("дата рождения 23.07.1984", Kind.BIRTH, "23.07.1984"),
    ],
)
def test_a_value_is_found_and_nothing_around_it(text: str, kind: Kind, value: str) -> None:
    assert kinds(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "x = [2127365000, 4915112345678, 1700000000000]",
        "loss 0.5367642591308700 0.4539578763621486",
        "step 5367 6425 9130 8700 1200 1300",
        "M 2531 2678 2651 2914 Q 3559 1806 3559 1356",
        "id 5367642591308700",
        "uuid 01956698-b6d3-7ab0-9add-776f1a77b212",
        "2024-07-11 10:23:45,123 epoch 12/120",
        "pandas 2.1.4.1 numpy 1.26.0.0 build 10.0.22621.3007",
        "sha 3f786850e387550fdab836ed7e6dc881de23001b",
        "a+1234567890b +12 +0.5 1e+15 c+49",
        "part 536-22-8726",
        "phone 0000000000, tel. 1111111111, phone 123-456-7890",
        "Accuracy: 92051412347",
        "passport to success 12345",
        "born to run 1975",
        "Connecting to a (b)|151.101.0.133|:443... connected.",
        "call 408-555-1234, (212) 555-1234 or +1 555 736 5000",
        "orders: (800) 487-1626, 1-877-736-5000, +44 800 328 2021",
        "127.0.0.1 - - [12/Mar/2024:10:00:01 +0100]",
        "Camera for free! Call your mobile shop on 08002986030, tel. 0900 1234 567",
        "Donor: Michael Marshall (MARSHALL%PLU@io.arc.nasa.gov)",
        "phone_number VARCHAR(16777216)",
        "WHERE birth_date > '1995-01-01' AND points > 1000",
        "we went there for my birthday on March 22, 2021",
        "[call us](tel:+18888403252)",
        "Her phone number is (999)253-9876.",
        "Order by phone: 888.682.3557",
        "hep-ph/0303204 and hep-ph/0106313",
        "Kate's social security number is 078-05-1126, her credit card number 4095 2609 9393 4932",
        "membership|100320003b5602fc@live.com",
        "A fake SSN looks like 323-22-9980, mock phone: +1 212-736-5000",
        "A sample SSN number looks like this 536-22-8726.",
    ],
)
def test_what_only_looks_like_a_value_is_none(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('{"IPAddress":["81.173.44.19","93.184.77.201", "81.173.44.20"]}', 3),
        ('{"dob": ["1984-07-23", "1990-01-02"], "since": ["2020-01-02"]}', 2),
        ("phone: ['030 901820', '040 428280'], total: ['030 901820']", 2),
        ("visitor 81.173.44.19 -> 93.184.77.201", 1),
        ("Tel. 030 901820 / 7412569", 1),
    ],
)
def test_a_list_behind_a_label_is_told_whole_and_once_masked_it_labels_nothing(text: str, values: int) -> None:
    found = find_personal(text)
    assert len(found) == values
    for value in reversed(found):
        text = text[: value.start] + value.kind.mask + text[value.end :]
    assert kinds(text) == []


def test_a_text_is_shown_with_every_value_covered() -> None:
    text = f"a@ada-online.org {CARD} {IBAN} +49 30 901820, DOB: 1984-07-23"
    assert not any(char.isdecimal() for char in mask(text))
    assert len(mask(text)) == len(text)


@pytest.mark.parametrize(
    "name", ["Date of birth", "date_of_birth", "dateOfBirth", "DOB", "Fecha de Nacimiento", "geburtsdatum"]
)
def test_a_column_is_recognised_however_its_name_is_written(name: str) -> None:
    assert called(name, say.BIRTH)


@pytest.mark.parametrize(
    "region",
    ["US", "GB", "DE", "FR", "ES", "IT", "BR", "IN", "NL", "AU", "PL", "MX", "CH", "AT", "SE", "ZA", "JP", "CN", "ID"],
)
def test_no_number_that_is_valid_somewhere_is_implausible_there(region: str) -> None:
    chance, right = Random(region), 0
    example = str(getattr(phonenumbers.example_number(region), "national_number", ""))
    drawn = ["".join(chance.choices("0123456789", k=chance.randint(7, 13))) for _ in range(150)]
    for digits in [example, f"0{example}", *drawn, *(f"0{one}" for one in drawn)]:
        if phones.valid(digits, region):
            right += 1
            assert phones.plausible(digits, region), digits
    assert right


@pytest.mark.parametrize(
    "name", ["phone_count", "PhoneService", "n_phones", "phone model", "has_phone", "telephone_calls", ""]
)
def test_a_column_about_phones_is_not_one_of_phone_numbers(name: str) -> None:
    assert not called(name, say.PHONE)


def voted(text: str) -> dict[str, str]:
    return {v.column.name: v.kind.name for table in text_tables(text, 0, 0, "p", "text/plain") for v in votes(table)}


def test_most_values_of_a_column_have_to_agree() -> None:
    good, wrong = "92051412347", "92051412348"
    assert voted(f"id,pesel\n1,{good}\n2,{good}\n3,{wrong}\n") == {"pesel": "NATIONAL_ID"}
    assert voted(f"id,pesel\n1,{good}\n2,{wrong}\n3,{wrong}\n") == {}
    assert voted(f"id,total\n1,{good}\n2,{good}\n3,{good}\n") == {}


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("birth_dt", ("12-Apr-1987", "02-Jan-1990"), "BIRTH"),
        ("dob", ("19870412", "19900102"), "BIRTH"),
        ("remote_addr", ("81.173.44.19", "93.184.77.201"), "IP"),
        ("phone1", ("504-621-8927", "810-292-9388"), "PHONE"),
        ("respondent_name", ("anna keller", "tomas lind"), "NAME"),
        ("passport", ("X48210937", "C01X00T47"), "DOCUMENT"),
        ("ФИО", ("Иванова Анна", "Петров Олег"), "NAME"),
        ("患者姓名", ("张伟", "李秀英"), "NAME"),
        ("생년월일", ("1987-04-12", "1990-01-02"), "BIRTH"),
        ("номер телефона", ("8 903 214-45-67", "8 916 731-10-32"), "PHONE"),
        ("rut", ("10732404-6", "12345678-5"), "NATIONAL_ID"),
        ("Home Address", ("12 Main St, Dover", "3 Oak Ave, Salem"), "ADDRESS"),
    ],
)
def test_a_column_is_told_by_its_name_and_most_of_its_values(name: str, values: tuple[str, str], kind: str) -> None:
    text = f"id;{name}\n" + "".join(f"{n};{value}\n" for n, value in enumerate(values))
    assert voted(text) == {name: kind}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fecha", "2020-03-06"),
        ("fecha_inicio", "1998-08-21"),
        ("date", "2020-03-06"),
        ("Datum", "05.08.2020"),
        ("naissances", "1998-08-21"),
        ("adresse", "81.173.44.19"),
        ("birth_date", "1982-06-08 10:32:40.923318784"),
        ("dest_ip", "81.173.44.19"),
    ],
)
def test_a_column_of_any_dates_is_not_one_of_birthdays(name: str, value: str) -> None:
    assert not {"BIRTH", "IP"} & set(voted(f"id;{name}\n1;{value}\n2;{value}\n").values())


def test_places_with_a_phone_are_no_persons_locations() -> None:
    rows = "id;lat;lon;{}\n1;-34.577526;-58.435809;{}\n2;-34.612001;-58.381592;{}\n"
    assert "LOCATION" not in voted(rows.format("phone1", "504-621-8927", "810-292-9388")).values()
    assert "LOCATION" in voted(rows.format("dob", "12-04-1987", "02-01-1990")).values()


def test_where_a_book_was_printed_is_not_where_its_author_lives() -> None:
    names = "title;author_first_name;author_last_name;lat;lon"
    rows = f"{names}\nA;Anna;Keller;51.507336;-0.127650\nB;Tomas;Lind;48.137108;11.575382\n"
    assert set(voted(rows).values()) == {"NAME"}


def test_numbers_of_companies_are_nobodys() -> None:
    assert voted("id;rut\n1;77197578-K\n2;76300596-8\n") == {}


def test_names_of_places_products_and_models_are_not_those_of_persons() -> None:
    for text in (
        "Random Forest",
        "New York",
        "San Francisco",
        "iPhone 12",
        "Ada",
        "lorem ipsum",
        "LSTM",
        "Toyota Corolla",
    ):
        assert not is_full_name(text, known=True), text
    for text in ("Ada Lovelace", "Braund, Mr. Owen Harris", "José García", "Anne-Marie O'Neill", "Dr. Maria van Dyk"):
        assert is_full_name(text), text


@pytest.mark.parametrize(
    "unit",
    [
        "+4",
        "0000000",
        "1.",
        "4111 ",
        "AA00",
        "a: 0",
        "tel 0",
        "12:",
        "000-",
        "DE00 0000 ",
        "@a.b",
        "00/00/",
        "phone " + "1" * 40,
    ],
)
def test_near_matches_cost_time_in_proportion_to_their_length(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        begun = time.process_time()
        find_personal(text)
        return time.process_time() - begun

    seconds(1000)
    assert seconds(200_000) < 16 * max(seconds(20_000), 0.01)


@pytest.mark.parametrize(
    "piece",
    ["Tel. 030 12 ", "phone: 000-00-", "born 1 Jan ", "0000 0000 ", "1.2.3.", "a@b.", "AB00 ", "00:00:00:", "+1 "],
)
def test_a_hostile_text_takes_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        times = []
        for _ in range(3):
            start = time.process_time()
            find_personal(text)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(80_000) < 10 * max(seconds(20_000), 0.002)
