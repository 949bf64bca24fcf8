"""What the rules about secrets find that a form does not give away."""

from __future__ import annotations

import base64
import string
from random import Random

from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import LintSettings
from nb_mlops.linter.engine import lint
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.rule import code, example, stdout


def found(notebook: Notebook, rule: str) -> list[str]:
    return [finding.code for finding in lint(notebook, load_rules(), LintSettings(select=(rule,))).findings]


def test_most_values_that_a_machine_drew_are_literals_of_high_entropy() -> None:
    chance = Random(5)
    drawn = ["".join(chance.choices(string.ascii_letters + string.digits, k=40)) for _ in range(200)]
    source = "\n".join(f"connect('{value}')" for value in drawn)
    assert len(found(example(code(source)).notebook, "SE007")) > 130


def test_a_value_that_another_rule_speaks_of_is_no_literal_of_high_entropy() -> None:
    value = "".join(Random(6).choices(string.ascii_letters + string.digits, k=40))
    assert found(example(code(f"api_key = '{value}'\nuse('{value}')")).notebook, "SE007") == []


def test_a_password_that_is_a_secret_by_its_form_is_told_of_once() -> None:
    cells = (code("# db_password = getpass()"), code("db_password = 'kT7" + "vQ2m!Xw9z'"))
    notebook = example(*cells).notebook
    assert found(notebook, "SE011") == [] and found(notebook, "SE006") == ["SE006"]


def test_the_answer_to_a_question_is_found_in_any_cell() -> None:
    cells = (code("db_password = 'swordfish'"), code("import getpass\ndb_password = getpass.getpass('password: ')"))
    assert found(example(*cells).notebook, "SE011") == ["SE011"]


def test_a_token_that_spells_out_what_it_holds_is_none_and_one_that_hides_a_drawn_value_is() -> None:
    def told(held: str) -> list[str]:
        token = base64.b64encode(held.encode()).decode()
        return found(example(code("show()", stdout(f'const e={{DEFAULT_TOKEN:"{token}"}}'))).notebook, "SE009")

    assert told('{"session_id": "default"}') == []
    drawn = "".join(Random(7).choices(string.ascii_letters + string.digits, k=24))
    assert told(f'{{"session_id": "{drawn}"}}') == ["SE009"]
    assert told('{"password": "swordfish"}') == ["SE009"]
