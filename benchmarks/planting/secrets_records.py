"""Secrets in the lines that programs keep them in, in logins, and passwords as servers store them."""

from __future__ import annotations

import base64
import string
from collections.abc import Callable
from random import Random

from planting.frame import Book, Kind, Plant, Put, Where
from planting.negatives import text
from planting.places import stream
from planting.secrets_generic import BASE62, HEX, password

_CRYPT = "./" + BASE62
_SIGNS = "".join(sign for sign in string.printable[:94] if sign not in "'\"\\`<>") + " "
_HOSTS = ("db-3.harbour.io", "mail.harbour.io", "10.3.7.21")


def _printed(book: Book, plant: Plant, chance: Random) -> Where:
    file = f"# kept by hand\n{plant.value}\n"
    return Where(book.add("code", "!cat settings", [stream(file)]), "outputs")


def _written(book: Book, plant: Plant, chance: Random) -> Where:
    return Where(book.add("code", f"%%writefile settings\n{plant.value}\n"), "source")


def _in_markdown(book: Book, plant: Plant, chance: Random) -> Where:
    return Where(book.add("markdown", f"The file must say\n\n```\n{plant.value}\n```\n"), "source")


def _in_literal(book: Book, plant: Plant, chance: Random) -> Where:
    source = f"with open('settings', 'w') as file:\n    file.write('''\n{plant.value}\n''')"
    return Where(book.add("code", source), "source")


def _as_code(book: Book, plant: Plant, chance: Random) -> Where:
    return Where(book.add("code", f"import smtplib\n{plant.value}\nlimit = 100"), "source")


_FILES: tuple[tuple[str, Put], ...] = (
    ("file, printed", _printed),
    ("file, written by a cell", _written),
    ("file, in the text", _in_markdown),
)
_ANYWHERE = (*_FILES, ("file, in a literal", _in_literal))
_CODE: tuple[tuple[str, Put], ...] = (("line of code", _as_code),)


def _kind(name: str, own: tuple[tuple[str, Put], ...], form: str, word: Callable[[Random], str] = password) -> Kind:
    def make(chance: Random) -> Plant:
        return Plant(form.format(host=chance.choice(_HOSTS), word=word(chance)))

    return Kind(name, "SE", make, "record", own=own)


def _of_signs(chance: Random) -> str:
    return text(chance, _SIGNS, 64)


def _django(chance: Random) -> str:
    return text(chance, "abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)", 50)


def _app_password(chance: Random) -> str:
    return " ".join(text(chance, string.ascii_lowercase, 4) for _ in range(4))


def _bcrypt(chance: Random) -> str:
    return f"$2b$12${text(chance, _CRYPT, 53)}"


def _crypt(chance: Random) -> str:
    return f"$6${text(chance, _CRYPT, 16)}${text(chance, _CRYPT, 86)}"


def _argon2(chance: Random) -> str:
    salt, digest = (base64.b64encode(chance.randbytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m=65536,t=3,p=4${salt}${digest}"


def _jupyter(chance: Random) -> str:
    return f"sha1:{text(chance, HEX, 12)}:{text(chance, HEX, 40)}"


def _putty(chance: Random) -> str:
    public, private = (base64.b64encode(chance.randbytes(144)).decode() for _ in range(2))
    lines = [body[at : at + 64] for body in (public, private) for at in range(0, 192, 64)]
    head = "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: key\nPublic-Lines: 3"
    return "\n".join([head, *lines[:3], "Private-Lines: 3", *lines[3:], f"Private-MAC: {text(chance, HEX, 40)}"])


RECORDS: list[Kind] = [
    _kind("netrc", _ANYWHERE, "machine {host} login ada password {word}"),
    _kind("pgpass", _FILES, "{host}:5432:crm:app:{word}"),
    _kind("git credentials", _ANYWHERE, "https://ada@harbour.io:{word}@git.harbour.io"),
    _kind("variables", _ANYWHERE, "PORT=8080\nDB_PASSWORD={word}"),
    _kind("define()", _FILES, "define( 'DB_PASSWORD', '{word}' );"),
    _kind("XML element", _ANYWHERE, "<server><password>{word}</password></server>"),
    _kind("XML attribute", _FILES, '<server host="{host}" password="{word}"/>'),
    _kind("key of all signs", _FILES, "define('AUTH_KEY',   '{word}');", _of_signs),
    _kind("Django's key", _CODE, "SECRET_KEY = '{word}'", _django),
    _kind("login", _CODE, "server.login('ada@harbour.io', '{word}')"),
    _kind("login, app password", _CODE, "server.login('ada@harbour.io', '{word}')", _app_password),
    _kind("basic auth", _CODE, "reply = get(url, auth=('ada', '{word}'))"),
    _kind("PuTTY key", _ANYWHERE, "{word}", _putty),
    _kind("bcrypt", _ANYWHERE, "(7, 'ada', '{word}', 1)", _bcrypt),
    _kind("crypt", _ANYWHERE, "ada:{word}:17431:0:99999:7:::", _crypt),
    _kind("Argon2", _ANYWHERE, "ada,{word}", _argon2),
    _kind("Jupyter's password", _ANYWHERE, "c.NotebookApp.password = u'{word}'", _jupyter),
]
