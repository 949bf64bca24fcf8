"""The kinds of personal values (family `PI`), and the tables that hold columns of them.

Values are made when the benchmark runs: random, with right checksums where a number has one, and of nobody as far as
anybody can know. What a number is called goes with it, as it does where people print one.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from random import Random

import phonenumbers
from stdnum import luhn, verhoeff
from stdnum.gb import nhs
from stdnum.iso7064 import mod_11_2, mod_97_10

from planting.frame import Book, Kind, Plant, Put, Where
from planting.places import shown, stream

Make = Callable[[Random], str]

TYPED = (
    *("assignment", "keyword argument", "dictionary in code", "environment in code", "comment", "shell line"),
    *("bash cell", "markdown", "raw cell"),
)
SHOWN = (
    *("printed", "printed in chunks", "printed in colour", "text result", "html table", "html across tags"),
    *("html attribute", "html script", "javascript", "json output", "plot payload", "latex", "svg", "traceback"),
    *(
        "error value",
        "output metadata",
        "png text chunk",
        "cell metadata",
        "notebook metadata",
        "widget state",
        "attachment",
    ),
)
FIRST = [
    "Ada",
    "Alan",
    "Grace",
    "Maria",
    "Jonas",
    "Fatima",
    "Omar",
    "Priya",
    "Chen",
    "Elena",
    "Pedro",
    "Anna",
    "Kofi",
    "Ingrid",
    "Tomas",
    "Laura",
    "Ahmed",
    "Julia",
]
LAST = [
    "Okafor",
    "Keller",
    "Brandt",
    "Nowak",
    "Duarte",
    "Lind",
    "Haddad",
    "Sharma",
    "Petrov",
    "Costa",
    "Jansen",
    "Moreau",
    "Rossi",
    "Novak",
    "Silva",
    "Weber",
]
COMPANIES = [
    "musterwerk",
    "beispielbau",
    "norderlog",
    "quartzline",
    "fjordtek",
    "sandpiper",
    "lumenhaus",
    "vaterra",
    "ostwind",
]
COUNTRIES = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "BR", "IN", "AU", "PL", "SE", "MX", "JP", "ZA")


def digits(chance: Random, size: int) -> str:
    """So many digits, the first of them no zero."""
    return chance.choice("123456789") + "".join(chance.choice(string.digits) for _ in range(size - 1))


def email(chance: Random) -> str:
    """An address of a person at a company."""
    name = f"{chance.choice(FIRST)}.{chance.choice(LAST)}".lower()
    name += chance.choice(["", "", str(chance.randint(2, 99))])
    return f"{name}@{chance.choice(COMPANIES)}.{chance.choice(['de', 'com', 'org', 'eu', 'co.uk'])}"


def full_name(chance: Random) -> str:
    """A first and a last name."""
    return f"{chance.choice(FIRST)} {chance.choice(LAST)}"


def _phone(form: int) -> Make:
    def make(chance: Random) -> str:
        while True:
            country = chance.choice(COUNTRIES)
            number = phonenumbers.parse(
                phonenumbers.format_number(phonenumbers.example_number(country), phonenumbers.PhoneNumberFormat.E164),
                None,
            )
            national = str(number.national_number)
            keep = len(national) - 5
            number.national_number = int(national[:keep] + "".join(chance.choice(string.digits) for _ in range(5)))
            if phonenumbers.is_valid_number(number):
                return phonenumbers.format_number(number, form)

    return make


def american(chance: Random) -> str:
    """A number as North America writes it."""
    area = chance.choice(["212", "312", "415", "617", "206", "303"])
    form = chance.choice(["({}) {}-{}", "{}-{}-{}"])
    return form.format(area, f"{chance.randint(2, 4)}{digits(chance, 2)}", digits(chance, 4))


def card(chance: Random) -> str:
    """A card's number with its check digit."""
    start, size = chance.choice([("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("34", 15), ("37", 15), ("6011", 16)])
    body = start + "".join(chance.choice(string.digits) for _ in range(size - 1 - len(start)))
    return body + luhn.calc_check_digit(body)


def grouped_card(chance: Random) -> str:
    """A card's number as it is printed on the card."""
    number, mark = card(chance), chance.choice(" -")
    if len(number) == 15:
        return mark.join((number[:4], number[4:10], number[10:]))
    return mark.join(number[at : at + 4] for at in range(0, 16, 4))


def iban(chance: Random) -> str:
    """An account's number with its check digits."""
    country, size = chance.choice([("DE", 18), ("AT", 16), ("ES", 20), ("CH", 17), ("PL", 24), ("NL", 0), ("GB", 0)])
    body = (
        digits(chance, size)
        if size
        else {"NL": "ABNA" + digits(chance, 10), "GB": "NWBK" + digits(chance, 14)}[country]
    )
    number = country + mod_97_10.calc_check_digits(body + country) + body
    return number if chance.random() < 0.6 else " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def ssn(chance: Random) -> str:
    """A US social security number."""
    return f"{chance.randint(101, 660):03}-{chance.randint(10, 99):02}-{chance.randint(1000, 9999):04}"


def _weighted(weights: Sequence[int], modulus: int, chance: Random, complement: bool = False) -> str:
    while True:
        body = digits(chance, len(weights))
        total = sum(w * int(d) for w, d in zip(weights, body, strict=True)) % modulus
        check = (modulus - total) % modulus if complement else total
        if check < 10:
            return body + str(check)


def cpf(chance: Random) -> str:
    """A Brazilian tax number."""
    number = digits(chance, 9)
    for size in (10, 11):
        total = sum((size - n) * int(d) for n, d in enumerate(number)) * 10 % 11 % 10
        number += str(total)
    return number if chance.random() < 0.5 else f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}"


def _date(chance: Random, form: str) -> str:
    year, month, day = chance.randint(1950, 1999), chance.randint(1, 12), chance.randint(1, 28)
    return form.format(y=year, m=month, d=day, yy=year % 100)


def pesel(chance: Random) -> str:
    """A Polish number: date of birth, serial, checksum."""
    body = _date(chance, "{yy:02}{m:02}{d:02}") + digits(chance, 4)
    total = sum(w * int(d) for w, d in zip((1, 3, 7, 9, 1, 3, 7, 9, 1, 3), body, strict=True))
    return body + str((10 - total % 10) % 10)


def nhs_number(chance: Random) -> str:
    """A British health service number."""
    while True:
        body = digits(chance, 9)
        check = nhs.checksum(body + "0")
        number = body + str((11 - check) % 11)
        if len(number) == 10 and nhs.is_valid(number):
            return f"{number[:3]} {number[3:6]} {number[6:]}" if chance.random() < 0.5 else number


def bsn(chance: Random) -> str:
    """A Dutch citizen's number."""
    return _weighted((9, 8, 7, 6, 5, 4, 3, 2), 11, chance)


def dni(chance: Random) -> str:
    """A Spanish identity number."""
    body = digits(chance, 8)
    return body + "TRWAGMYFPDXBNJZSQVHLCKE"[int(body) % 23]


def nir(chance: Random) -> str:
    """A French social security number."""
    body = chance.choice("12") + _date(chance, "{yy:02}{m:02}") + f"{chance.randint(1, 95):02}" + digits(chance, 6)
    return f"{body}{97 - int(body) % 97:02}"


def aadhaar(chance: Random) -> str:
    """An Indian identity number."""
    body = chance.choice("23456789") + digits(chance, 10)
    number = body + verhoeff.calc_check_digit(body)
    return f"{number[:4]} {number[4:8]} {number[8:]}" if chance.random() < 0.5 else number


def personnummer(chance: Random) -> str:
    """A Swedish identity number."""
    body = _date(chance, "{yy:02}{m:02}{d:02}") + digits(chance, 3)
    return f"{body[:6]}-{body[6:]}{luhn.calc_check_digit(body)}"


def chinese(chance: Random) -> str:
    """A Chinese resident's number."""
    body = (
        chance.choice(["110101", "310115", "440305"])
        + _date(chance, "{y}{m:02}{d:02}")
        + f"{chance.randint(1, 999):03}"
    )
    return body + mod_11_2.calc_check_digit(body)


def document(chance: Random) -> str:
    """A passport's number."""
    return chance.choice("CFGHJKLX") + digits(chance, 8)


def public_ip(chance: Random) -> str:
    """A client's address."""
    return ".".join(map(str, [chance.choice([81, 84, 91, 109, 178]), *(chance.randint(10, 250) for _ in range(3))]))


def mac(chance: Random) -> str:
    """A device's address with a maker's prefix."""
    prefix = chance.choice(["f0:18:98", "3c:22:fb", "00:1b:63", "a4:83:e7"])
    return prefix + "".join(f":{chance.randint(16, 255):02x}" for _ in range(3))


def birth(chance: Random) -> str:
    """A date of birth in one of the usual forms."""
    form = chance.choice(["{y}-{m:02}-{d:02}", "{d:02}.{m:02}.{y}", "{m:02}/{d:02}/{y}", "{d:02}/{m:02}/{y}"])
    return _date(chance, form)


# Tables


def _rows(
    header: str, make: Make, chance: Random, beside: Sequence[tuple[str, Make]]
) -> tuple[list[str], list[list[str]]]:
    count = chance.randint(3, 8)
    others: list[tuple[str, Make]] = [
        ("score", lambda c: f"{c.gauss(50, 9):.4f}"),
        ("units", lambda c: str(c.randint(1, 900))),
    ]
    columns = [("id", lambda c: str(c.randint(1, 9999))), *beside, (header, make), *chance.sample(others, 1)]
    return [name for name, _ in columns], [[one(chance) for _, one in columns] for _ in range(count)]


def _frame(names: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, str]:
    """The table as pandas shows it, in HTML and in text."""
    head = "".join(f"<th>{name}</th>" for name in names)
    body = "".join(
        f"    <tr>\n      <th>{n}</th>\n" + "".join(f"      <td>{v}</td>\n" for v in row) + "    </tr>\n"
        for n, row in enumerate(rows)
    )
    html = (
        '<div>\n<table border="1" class="dataframe">\n  <thead>\n    <tr style="text-align: right;">'
        f"<th></th>{head}</tr>\n  </thead>\n  <tbody>\n{body}  </tbody>\n</table>\n</div>"
    )
    widths = [max(len(name), *(len(row[n]) for row in rows)) for n, name in enumerate(names)]
    lines = [["", *names], *([str(n), *row] for n, row in enumerate(rows))]
    text = "\n".join(
        line[0].ljust(2) + "".join("  " + v.rjust(w) for v, w in zip(line[1:], widths, strict=True)) for line in lines
    )
    return html, text


def columns(
    header: str | Sequence[str], make: Make, beside: Sequence[tuple[str, Make]] = ()
) -> tuple[tuple[str, Put], ...]:
    """The tables that hold a column of such values under one of these names."""
    headers = [header] if isinstance(header, str) else list(header)

    def table(chance: Random) -> tuple[list[str], list[list[str]]]:
        return _rows(chance.choice(headers), make, chance, beside)

    def data_frame(book: Book, plant: Plant, chance: Random) -> Where:
        html, text = _frame(*table(chance))
        return Where(book.add("code", "people.head()", [shown({"text/html": html, "text/plain": text})]), "outputs")

    def printed_frame(book: Book, plant: Plant, chance: Random) -> Where:
        return Where(book.add("code", "print(people)", [stream(_frame(*table(chance))[1] + "\n")]), "outputs")

    def printed_csv(book: Book, plant: Plant, chance: Random) -> Where:
        names, rows = table(chance)
        text = "\n".join(",".join(f'"{v}"' if "," in v else v for v in row) for row in [names, *rows])
        return Where(book.add("code", "!head people.csv", [stream(text + "\n")]), "outputs")

    def spark_table(book: Book, plant: Plant, chance: Random) -> Where:
        names, rows = table(chance)
        widths = [max(len(line[n]) for line in [names, *rows]) for n in range(len(names))]
        rule = "+" + "+".join("-" * w for w in widths) + "+"
        lines = ["|" + "|".join(v.rjust(w) for v, w in zip(line, widths, strict=True)) + "|" for line in [names, *rows]]
        return Where(
            book.add("code", "people.show()", [stream("\n".join([rule, lines[0], rule, *lines[1:], rule]) + "\n")]),
            "outputs",
        )

    def viewer(book: Book, plant: Plant, chance: Random) -> Where:
        names, rows = table(chance)
        value = [dict(zip(names, row, strict=True)) for row in rows]
        return Where(book.add("code", "show(people)", [shown({"application/json": value})]), "outputs")

    def vega_data(book: Book, plant: Plant, chance: Random) -> Where:
        names, rows = table(chance)
        spec = {"datasets": {"d1": [dict(zip(names, row, strict=True)) for row in rows]}, "mark": "point"}
        return Where(book.add("code", "chart", [shown({"application/vnd.vegalite.v5+json": spec})]), "outputs")

    def table_in_markdown(book: Book, plant: Plant, chance: Random) -> Where:
        names, rows = table(chance)
        lines = ["| " + " | ".join(line) + " |" for line in [names, ["---"] * len(names), *rows]]
        return Where(book.add("markdown", "## Participants\n\n" + "\n".join(lines)), "source")

    def table_in_code(book: Book, plant: Plant, chance: Random) -> Where:
        names, rows = table(chance)
        held = {name: [row[n] for row in rows] for n, name in enumerate(names)}
        return Where(book.add("code", f"import pandas as pd\npeople = pd.DataFrame({held!r})"), "source")

    made = (data_frame, printed_frame, printed_csv, spark_table, viewer, vega_data, table_in_code, table_in_markdown)
    return tuple((function.__name__.replace("_", " "), function) for function in made)


def _outputs_only(own: tuple[tuple[str, Put], ...]) -> tuple[tuple[str, Put], ...]:
    return tuple(pair for pair in own if not pair[0].startswith("table in"))


def _kind(
    name: str, make: Make, names: Sequence[str], places: tuple[str, ...], *, typed: bool = True, before: str = ""
) -> Kind:
    own = columns(names, make)
    return Kind(
        name,
        "PI",
        lambda chance: Plant(make(chance), chance.choice(list(names)), before),
        "number" if any(c.isdigit() for c in make(Random(1))) else "words",
        places,
        own if typed else _outputs_only(own),
    )


_ALL = (*TYPED, *SHOWN)
_INTERNATIONAL = _phone(phonenumbers.PhoneNumberFormat.INTERNATIONAL)
_NATIONAL = _phone(phonenumbers.PhoneNumberFormat.NATIONAL)

PERSONAL: list[Kind] = [
    _kind("e-mail address", email, ("email", "e_mail", "contact", "correo"), SHOWN, typed=False),
    _kind(
        "e-mail list", lambda c: ", ".join(email(c) for _ in range(3)), ("recipients", "mailing"), (*TYPED, "printed")
    ),
    _kind("phone, international", _INTERNATIONAL, ("phone", "mobile", "note", "reach"), _ALL),
    _kind("phone, national", _NATIONAL, ("phone", "telefon", "mobile_number", "telephone"), _ALL),
    _kind("phone, American", american, ("phone", "cell_phone", "fax"), _ALL),
    _kind("card, grouped", grouped_card, ("card", "payment", "value"), _ALL),
    _kind("card, plain", card, ("card_number", "credit_card", "kreditkartennummer"), _ALL),
    _kind("IBAN", iban, ("iban", "account", "value"), _ALL),
    _kind("US SSN", ssn, ("ssn", "SSN", "social_security_number"), _ALL),
    _kind("Brazilian CPF", cpf, ("cpf",), _ALL),
    _kind("Polish PESEL", pesel, ("pesel", "PESEL"), _ALL),
    _kind("British NHS number", nhs_number, ("nhs_number", "nhs"), _ALL),
    _kind("Dutch BSN", bsn, ("bsn", "burgerservicenummer"), _ALL),
    _kind("Spanish DNI", dni, ("dni", "DNI"), _ALL),
    _kind("French NIR", nir, ("nir", "securite_sociale"), _ALL),
    _kind("Indian Aadhaar", aadhaar, ("aadhaar", "aadhaar_number"), _ALL),
    _kind("Swedish personnummer", personnummer, ("personnummer",), _ALL),
    _kind("Chinese resident number", chinese, ("id_card", "value", "resident_id"), _ALL),
    _kind("passport", document, ("passport_no", "passport_number", "pasaporte", "reisepass"), _ALL),
    _kind("driving licence", document, ("driver_license", "driving_licence", "licence_number"), _ALL),
    _kind("client IP", public_ip, ("client_ip", "remote_addr", "user_ip"), SHOWN, typed=False),
    _kind("MAC address", mac, ("mac", "mac_address", "hwaddr"), SHOWN, typed=False),
    _kind("date of birth", birth, ("dob", "date_of_birth", "birth_date", "geburtsdatum"), _ALL),
    Kind(
        "name",
        "PI",
        lambda c: Plant(full_name(c), "full_name"),
        "words",
        (),
        _outputs_only(columns(("full_name", "customer_name", "Name", "patient_name"), full_name)),
    ),
    Kind(
        "location",
        "PI",
        lambda c: Plant("", "lat"),
        "words",
        (),
        _outputs_only(
            columns(
                "lat",
                lambda c: f"{c.uniform(48, 53):.6f}",
                [("user_id", lambda c: digits(c, 5)), ("lon", lambda c: f"{c.uniform(8, 13):.6f}")],
            )
        ),
    ),
]
