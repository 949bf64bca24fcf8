"""What presidio guesses, as Findings; presidio itself is not needed for that."""

from __future__ import annotations

import pytest

from nb_mlops.core.diagnostic import Guess
from nb_mlops.core.finding import Confidence, Finding, Severity
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import LintSettings
from nb_mlops.linter import engine
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.rule import code, example, markdown, result, stdout
from nb_mlops.linter.second import findings, texts

PLAIN = LintSettings(personal_engine="presidio")
PHONE = "0171 5558" + " 231"


def book(text: str) -> Notebook:
    return example(code("x = 1\nprint(x)", stdout(text), count=1)).notebook


def guess(notebook: Notebook, value: str, entity: str, score: float = 1.0) -> Guess:
    number, start = next((n, t.text.find(value)) for n, t in enumerate(texts(notebook)) if value in t.text)
    return Guess(number, start, start + len(value), entity, score)


def told(notebook: Notebook, *said: Guess, settings: LintSettings = PLAIN) -> tuple[Finding, ...]:
    return findings(notebook, said, load_rules(), settings)


def test_texts_that_people_read_are_handed_over_and_code_is_not() -> None:
    table = "<table><tr><td>Ada Lovelace</td></tr></table>"
    cells = (markdown("by Ada"), code("ada = 1", stdout("printed"), result("Ada Lovelace", text_html=table)))
    assert [text.text.strip() for text in texts(example(*cells).notebook)] == ["by Ada", "printed", "Ada Lovelace"]


def test_guesses_of_a_kind_about_a_text_are_one_finding_under_our_rules_code() -> None:
    notebook = book(f"call {PHONE} or {PHONE[:-1]}9")
    (one,) = told(
        notebook, guess(notebook, PHONE, "PHONE_NUMBER", 0.75), guess(notebook, f"{PHONE[:-1]}9", "PHONE_NUMBER")
    )
    assert (one.code, one.rule, one.severity) == ("PI002", "phone-number", Severity.WARNING)
    assert one.message.startswith("Presidio takes 2 values in the printed output for phone numbers")
    assert one.data["engine"] == "presidio"
    assert PHONE not in str(one)


@pytest.mark.parametrize(
    ("score", "severity", "confidence"),
    [
        (0.4, Severity.INFO, Confidence.LOW),
        (0.6, Severity.WARNING, Confidence.LOW),
        (0.85, Severity.WARNING, Confidence.MEDIUM),
    ],
)
def test_a_score_says_how_sure_a_finding_is_and_never_makes_an_error(
    score: float, severity: Severity, confidence: Confidence
) -> None:
    notebook = book("account 4012888888881 here")
    (one,) = told(notebook, guess(notebook, "4012888888881", "US_BANK_NUMBER", score))
    assert (one.code, one.severity, one.confidence) == ("PI004", severity, confidence)


@pytest.mark.parametrize(
    ("entity", "rule"),
    [
        ("FI_PERSONAL_IDENTITY_CODE", "PI006"),
        ("SE_PERSONNUMMER", "PI006"),
        ("PERSON", "PI011"),
        ("US_DRIVER_LICENSE", "PI007"),
        ("ES_PASSPORT", "PI007"),
    ],
)
def test_every_kind_of_presidios_has_its_rule(entity: str, rule: str) -> None:
    notebook = book("Ada Lovelace")
    assert [one.code for one in told(notebook, guess(notebook, "Ada Lovelace", entity))] == [rule]


def test_what_no_selected_rule_is_about_is_left_out() -> None:
    notebook = book("Ada Lovelace")
    said = [guess(notebook, "Ada", entity) for entity in ("URL", "DATE_TIME", "NRP", "LOCATION", "TR_LICENSE_PLATE")]
    assert told(notebook, *said) == ()
    more = LintSettings(personal_engine="presidio", extend_select=("PI013",), ignore=("PI011",))
    said.append(guess(notebook, "Ada", "PERSON"))
    assert [one.code for one in told(notebook, *said, settings=more)] == ["PI013"]


def test_what_our_rules_have_told_of_is_not_told_again() -> None:
    notebook = book("mail ada.lovelace@harbour.io now")
    assert engine.lint(notebook, load_rules(), PLAIN).findings
    assert told(notebook, guess(notebook, "ada.lovelace", "PERSON")) == ()


def test_a_finding_of_presidios_and_one_of_ours_at_one_cell_are_two() -> None:
    notebook = book(f"mail ada.lovelace@harbour.io or +4930901820 or {PHONE}")
    (ours,) = (one for one in engine.lint(notebook, load_rules(), PLAIN).findings if one.code == "PI002")
    (theirs,) = told(notebook, guess(notebook, PHONE, "PHONE_NUMBER"))
    assert theirs.code == "PI002"
    assert theirs.fingerprint != ours.fingerprint
    assert theirs.baseline_key != ours.baseline_key
