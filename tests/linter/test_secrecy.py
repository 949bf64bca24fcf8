"""No value that must not travel is said again: planted everywhere, then looked for in everything that is printed."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from helpers_tokens import FORMATS, token

from nb_mlops.core.finding import Severity
from nb_mlops.core.notebook import Cell, CellKind, Output, OutputKind
from nb_mlops.core.value import replace
from nb_mlops.doors.cli import main
from nb_mlops.ipynb.write import write
from nb_mlops.linter import load
from nb_mlops.linter.rule import Hit, Rule, code, example, markdown, raised, result, stdout

NAMES = sorted(name for name, form in FORMATS.items() if not form.near)
PERSON, USER = "grace.h@harbour-mail.org", "ghopperly"
WIDGET = "application/vnd.jupyter.widget-state+json"


def placements(value: str) -> dict[str, tuple[tuple[Cell, ...], dict[str, Any]]]:
    """One notebook for each part of a notebook that can hold a value."""
    data = base64.b64encode(f"key,{value}".encode()).decode()
    html = f"<table><td>{value}</td></table>"
    half = len(value) // 2
    bokeh = Output(OutputKind.DISPLAY_DATA, {"application/vnd.plotly.v1+json": {"data": [{"text": [value]}]}})
    return {
        "source": ((code(f"x = 1\ny = '{value}'\nz = 3"),), {}),
        "magic": ((code(f"!curl https://host/?key={value}"),), {}),
        "markdown": ((markdown(f"Use {value} here"),), {}),
        "raw": ((Cell(0, CellKind.RAW, value),), {}),
        "stream": ((code("p", stdout(f"got {value}\n")),), {}),
        "stream in chunks": ((code("p", stdout(f"got {value[:half]}"), stdout(f"{value[half:]}\n")),), {}),
        "stderr in colour": ((code("p", stdout(f"\x1b[31m{value[:9]}\x1b[0m{value[9:]}")),), {}),
        "result": ((code("p", result(f"'{value}'")),), {}),
        "html": ((code("p", result("t", text_html=html)),), {}),
        "html attribute": ((code("p", result("t", text_html=f'<a href="https://h/?k={value}">x</a>')),), {}),
        "html split by tags": ((code("p", result("t", text_html=f"<b>{value[:12]}</b><i>{value[12:]}</i>")),), {}),
        "json mime": ((code("p", bokeh),), {}),
        "traceback": (
            (code("p", raised("E", "bad", f"\x1b[0;32m 1\x1b[0m k = '\x1b[34m{value[:7]}\x1b[0m{value[7:]}'")),),
            {},
        ),
        "error value": ((code("p", raised("E", f"401 for {value}")),), {}),
        "output metadata": ((code("p", Output(OutputKind.DISPLAY_DATA, {}, metadata={"k": value})),), {}),
        "cell metadata": ((code("p", note={"list": [value]}),), {}),
        "notebook metadata": ((code("p"),), {"papermill": {"parameters": {"key": value}}}),
        "widget state": ((code("p"),), {"widgets": {WIDGET: {"state": {"m": {"state": {"value": value}}}}}}),
        "attachment": ((Cell(0, CellKind.MARKDOWN, "a", attachments={"a.csv": {"text/csv": data}}),), {}),
    }


PLACES = list(placements("value-of-some-length"))


@pytest.fixture
def everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Everything that lint and fix print about the notebooks of a folder, and what they leave in the cache.

    Ruff says everything that it can think of.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "ruff.toml").write_text('[lint]\nselect = ["ALL"]\n')

    def shout(view: Any) -> Iterable[Hit]:
        for cell in view.notebook.cells:
            if cell.source:
                yield Hit("a finding on every line", view.line_span(cell, 2 if "\n" in cell.source else 1))

    def crash(view: Any) -> Iterable[Hit]:
        raise ValueError(repr(view.notebook))

    loud = Rule("ZZ001", "loud", Severity.INFO, tuple, tuple, check=shout, every_language=True)
    rules = {**load.load_rules(), "ZZ001": loud, "ZZ002": replace(loud, code="ZZ002", slug="crash", check=crash)}
    for module in ("steps.look", "fix"):
        monkeypatch.setattr(f"nb_mlops.commands.{module}.load_rules", lambda *_: rules)

    def call(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["nb-mlops", *words])
        with pytest.raises(SystemExit):
            main()
        return "".join(capsys.readouterr())

    def all_words() -> str:
        ways = ((), ("--why",), ("--format", "json"), ("-q",), ("--select", "EX,ZZ,RE,FM,ED001"))
        lints = [call("lint", *more) for more in ways]
        fixes = [call("fix", "--diff"), call("fix", "--diff", "--unsafe"), call("fix", "--diff", "--select", "ED,PI")]
        forms = ("sarif", "github", "gitlab", "junit", "markdown", "html")
        lints.append(call("lint", *(word for form in forms for word in ("--report", f"{form}=out/{form}"))))
        lints += [(tmp_path / "out" / form).read_text("utf-8") for form in forms]
        kept = [file.read_text("utf-8") for file in (tmp_path / "cache" / "nb-mlops" / "lint").iterdir()]
        assert kept
        call("baseline", "write", "--file", "known.json")
        kept.append((tmp_path / "known.json").read_text("utf-8"))
        return "".join((*lints, *fixes, call("fix"), call("fix", "--unsafe"), *kept))

    return all_words


def save(name: str, cells: tuple[Cell, ...], metadata: dict[str, Any]) -> None:
    Path(f"{name}.ipynb").write_bytes(write(example(*cells, **metadata).notebook))


def fragments(value: str) -> list[str]:
    """Long pieces of a value, so that half of one that leaks is noticed too."""
    return [value[at : at + 12] for at in range(0, max(1, len(value) - 12), 6)]


@pytest.mark.parametrize("place", PLACES)
def test_a_token_in_any_part_is_found_and_never_said_again(everything: Any, place: str) -> None:
    values = {name: token(name) for name in NAMES[:: len(NAMES) // 6]} | {"hf": token("hugging-face-token")}
    for name, value in values.items():
        save(name, *placements(value)[place])
    said = everything()
    for name, value in values.items():
        assert f"{name}.ipynb" in said
        body = value[value.rfind("_") + 1 :] if name == "hf" else value
        assert not [piece for piece in fragments(body) if piece in said], (name, place)
    assert said.count("error SE0") >= len(values)


@pytest.mark.parametrize("place", PLACES)
def test_an_address_and_a_user_name_are_never_said_again(everything: Any, place: str) -> None:
    save("address", *placements(PERSON)[place])
    save("home", *placements(f"/home/{USER}/data.csv")[place])
    said = everything()
    assert "grace.h" not in said
    assert "harbour-mail" not in said
    assert USER not in said


def signed(claims: str) -> str:
    """A web token with these claims."""
    parts = (b'{"alg":"HS256","typ":"JWT"}', claims.encode(), bytes(range(90, 122)))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


KEY = "9c41e7d05b8a4f36" + "a1d2f07c935e6b82"
WORD = "kT7" + "vQ2mXw9z!Rd"
JWT = signed('{"sub":"app-7","exp":1999999999}')
STRUCTURED = {
    "named password": (f"db_password = '{WORD}'", WORD),
    "named key": (f'{{"retries": 3, "apiKey": "{KEY}"}}', KEY),
    "url": (f"postgresql://app:{WORD}@db-3.harbour.io/crm", WORD),
    "connection": (f"Server=db-3.harbour.io;User ID=app;Password={WORD};Encrypt=True", WORD),
    "header": (f"Authorization: Bearer {KEY}", KEY),
    "cookie": (f"Set-Cookie: session_id={KEY}; Path=/", KEY),
    "web token": (f"jwt {JWT}", JWT),
    "joined": (f"db_password = ('{WORD[:6]}'\n    '{WORD[6:]}')", WORD),
    "private key": (
        f"-----BEGIN PRIVATE KEY-----\n{base64.b64encode(bytes((0x30, 46, *range(60, 106)))).decode()}\n"
        "-----END PRIVATE KEY-----",
        base64.b64encode(bytes((0x30, 46, *range(60, 106)))).decode(),
    ),
}


@pytest.mark.parametrize("name", STRUCTURED)
def test_a_secret_that_has_no_format_of_its_own_is_never_said_again(everything: Any, name: str) -> None:
    text, value = STRUCTURED[name]
    last = 2 if name == "joined" else 6  # literals are put together in code alone
    for number, cell in enumerate(
        (
            code(text if text.startswith("db_") else f"text = {text!r}"),
            code(f"# {text}" if "\n" not in text else f'text = """{text}"""' if "db_" not in text else f"1\n{text}"),
            code("p", stdout(f"{text}\n")),
            code("p", result("t", text_html=f"<pre>{text}</pre>")),
            code("p", raised("E", text)),
            markdown(f"Write {text}"),
        )[:last]
    ):
        save(f"{name}-{number}", (cell,), {})
    said = everything()
    assert all(f"{name}-{number}.ipynb" in said for number in range(last))
    assert not [piece for piece in (*fragments(value), WORD[6:]) if piece in said]
