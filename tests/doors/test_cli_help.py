"""`--help` of every verb: examples that are right, options by what they are for; and what a shell is offered."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli import VERBS, cli
from nb_mlops.doors.cli.guide import EXAMPLES, KINDS

ROOT = Path(__file__).parent.parent.parent
# What each verb prints with `--format json`, by the schema in nb_mlops/schemas.
SCHEMA_OF = {
    "lint": "lint-report",
    "ci": "lint-report",
    "rules": "rules-report",
    "convert": "convert-report",
    "check": "check-report",
    "tests": "tests-report",
    "evaluate": "evaluate-report",
    "card": "card-report",
    "gate": "gate-report",
    "register": "gate-report",
    "models list": "models-report",
    "models search": "models-report",
    "models show": "models-report",
    "models history": "models-report",
    "models board": "models-report",
    "models card": "card-report",
    "models promote": "decision-report",
    "models rollback": "decision-report",
    "models feedback": "decision-report",
    "monitor": "monitor-report",
    "ledger show": "ledger-report",
    "ledger verify": "ledger-report",
    "evidence verify": "evidence-report",
    "doctor": "doctor-report",
    "keys new": "keys-report",
    "keys show": "keys-report",
    "keys list": "keys-report",
}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by the words that call it; git's own two are for git."""
    context = click.Context(cli)
    for name in VERBS:
        verb = cli.get_command(context, name)
        assert verb is not None
        if isinstance(verb, click.Group):
            yield from ((f"{name} {sub}", one) for sub, one in verb.commands.items() if not one.hidden)
        else:
            yield name, verb


ALL = dict(commands())


def help_of(words: str) -> str:
    command = ALL[words]
    parent = click.Context(cli, info_name="nb-mlops")
    *above, name = words.split()
    for word in above:
        parent = click.Context(click.Group(word), info_name=word, parent=parent)
    return command.get_help(click.Context(command, info_name=name, parent=parent))


@pytest.mark.parametrize("words", list(ALL))
def test_help_ends_with_examples_that_are_what_the_verb_takes(words: str) -> None:
    text = help_of(words)
    assert "\nExamples:\n" in text
    for line, what in EXAMPLES[words]:
        assert f"  {line}\n" in text + "\n", "an example is printed as it is typed, in one line"
        assert f"# {what}" in " ".join(text.split())
        given = shlex.split(line)[1:]
        assert " ".join(given[: len(words.split())]) == words
        ALL[words].make_context(words, given[len(words.split()) :])  # names no option that is not there


def test_every_example_is_of_a_verb() -> None:
    assert set(EXAMPLES) == set(ALL)


@pytest.mark.parametrize("words", list(KINDS))
def test_options_that_are_sorted_are_all_sorted(words: str) -> None:
    options = {param.name for param in ALL[words].params if isinstance(param, click.Option)}
    named = [name for names in KINDS[words].values() for name in names]
    assert len(named) == len(set(named))
    assert set(named) <= options
    assert options - set(named) <= {"model", "form"}, "what stands under no heading"


def test_the_first_help_says_where_to_begin_and_what_exit_codes_mean() -> None:
    text = " ".join(cli.get_help(click.Context(cli, info_name="nb-mlops")).split())
    assert all(f"{int(code)} {code.meaning}" in text for code in ExitCode)
    assert "nb-mlops demo" in text


def test_whatever_prints_json_has_a_published_schema() -> None:
    printing = {
        words
        for words, command in ALL.items()
        for param in command.params
        if isinstance(param.type, click.Choice) and "json" in param.type.choices and param.name == "form"
    }
    assert printing == set(SCHEMA_OF)
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    for name in (*SCHEMA_OF.values(), "policy-report", "grid-report"):
        assert json.loads((ROOT / "nb_mlops" / "schemas" / f"{name}.schema.json").read_text("utf-8"))["title"]
        assert f"{name}.schema.json" in page


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("li", "plain,lint"),
        ("models pro", "plain,promote"),
        ("check ch", "file,ch"),
        ("lint no", "file,no"),
        ("lint --select EX00", "plain,EX001"),
        ("lint --format js", "plain,json"),
        ("keys trust ci", "file,ci"),
        ("convert --out p", "file,p"),
    ],
)
def test_a_shell_completes_verbs_files_and_codes(typed: str, offered: str) -> None:
    words = f"nb-mlops {typed}"
    asked = {"_NB_MLOPS_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    program = "import sys; sys.argv[0] = 'nb-mlops'; from nb_mlops.doors.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **asked}, capture_output=True, text=True, check=False
    )
    assert offered in done.stdout.splitlines(), done.stderr
