from __future__ import annotations

import re
from typing import Any

import pytest

from nb_mlops.commands.steps.card import NoCardError, card_values
from nb_mlops.core.errors import ExitCode
from nb_mlops.core.finding import Finding, Severity
from nb_mlops.evidence.predicates.evaluation import About, Importance, Rows
from nb_mlops.gatekeeper.decide import Verdict
from nb_mlops.gatekeeper.dossier import Dossier, Papers
from nb_mlops.gatekeeper.evaluated import evaluated, rival
from nb_mlops.gatekeeper.proof import sketch
from nb_mlops.reporters.card import render_html, render_markdown
from nb_mlops.reporters.evaluate import render_evaluation

HOSTILE = "<script>alert(1)</script> | **bold** [x](javascript:y)"


def values(version: str = "", findings: tuple[Finding, ...] = (), **changes: Any) -> dict[str, Any]:
    return card_values(Verdict(not findings, findings, (), evaluated(**changes).dossier), version)


def test_a_card_tells_purpose_quality_groups_drivers_data_and_needs() -> None:
    text = render_markdown(values("4"))
    quoted = "\N{LEFT DOUBLE QUOTATION MARK}churn\N{RIGHT DOUBLE QUOTATION MARK}"
    assert text.startswith(f"# model, version 4\n\nPredicts {quoted}: 0, 1. All that the policy asks for is proven.")
    heads = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert heads == [
        *("What it is for", "How good it is", "For whom", "What it listens to"),
        *("The data", "How it was made", "What it needs"),
    ]
    assert "| Who answers for it | Ann's team |" in text
    assert "500 rows that it had never seen: roc auc 0.9 \\(95 %: 0.87 to 0.93\\), how often it ranks" in text
    assert "| version 3, in service | 0.89 |" in text and "| region: south | 0.89 | 260 |" in text


def test_what_is_not_said_and_what_is_not_proven_stands_on_the_card() -> None:
    problem = Finding("GA062", "x", Severity.ERROR, "", "train.ipynb", data={"problem": "`model` is not needed."})
    text = render_markdown(values(findings=(problem,), about=About("Ann", "", "", "", "", "")))
    assert "Not all that the policy asks for is proven." in text and text.count("| not said |") == 5
    assert (
        "## What is not proven\n\n\N{LEFT DOUBLE QUOTATION MARK}model\N{RIGHT DOUBLE QUOTATION MARK} is not needed."
        in text
    )


@pytest.mark.parametrize("render", [render_markdown, render_html])
def test_nothing_that_people_or_data_say_becomes_markup(render: Any) -> None:
    about = About(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    rivals = (rival(name="simple rule", words=f"asks for `{HOSTILE}`"),)
    shown = values(about=about, importances=(Importance(HOSTILE, 0.1, 0.0),), baselines=rivals, target=HOSTILE)
    text = render(shown)
    assert "<script>" not in text
    if render is render_markdown:
        assert (
            "](javascript" not in text
            and "**bold**" not in text
            and all(line.count(" | ") < 6 for line in text.splitlines())
        )


def test_the_page_needs_nothing_else_and_forbids_itself_to_load_anything() -> None:
    page = render_html(values())
    assert "default-src 'none'" in page and not re.search(r"(?:src|href)=|url\(|@import", page)
    assert page.count("<h1>") == 1 and page.count("<h2>") == 7
    widths = [float(width) for width in re.findall(r"width:([\d.]+)%\"", page)]
    assert widths and max(widths) == 100.0


def test_a_champion_that_could_not_be_asked_and_numbers_without_names_leave_the_card_whole() -> None:
    mute = rival(problem="it takes other columns", version="2", value=None, gain=None, low=None, high=None)
    text = render_markdown(values(champion=mute, importances=(), groups=()))
    assert "could not be compared: it takes other columns" in text
    assert "For whom" not in text and "listens" not in text


def test_without_an_evaluation_there_is_no_card_and_the_way_to_one_is_told() -> None:
    with pytest.raises(NoCardError, match="was not evaluated") as raised:
        card_values(Verdict(True, (), (), sketch().dossier))
    assert raised.value.exit_code is ExitCode.REFUSED and "nb-mlops evaluate train.ipynb" in raised.value.remedy


def test_where_the_papers_are_gone_the_registrys_word_names_the_notebook_and_never_the_model() -> None:
    bare = Dossier("churn", "churn", "", Papers(), {}, {}, sketch().dossier.now, at_registry=True)
    for known, named in (("nb/train.ipynb", "nb/train.ipynb"), ("", "NOTEBOOK")):
        with pytest.raises(NoCardError, match="`churn` was not checked") as raised:
            card_values(Verdict(True, (), (), bare), "1", known)
        assert f"nb-mlops check {named}`" in raised.value.remedy
        assert f"evaluate {named} --model churn" in raised.value.remedy


def test_an_evaluation_in_words_says_what_the_gate_will_say() -> None:
    shown = values()
    proofs = [
        {"name": "baseline", "status": "failed", "looked_at": "x"},
        {"name": "card", "status": "ok", "looked_at": "y"},
    ]
    found = {"code": "GA062", "data": {"proof": "baseline", "problem": "It is not needed."}}
    report = {"evaluation": shown["evaluation"], "evidence": "e.json", "gate": {"proofs": proofs, "findings": [found]}}
    text = render_evaluation(report | {"asked": ["baseline"]}, "my train.ipynb")
    assert "GA062 It is not needed." in text and "failed   baseline\n" in text and "version 3" in text
    assert "ok       card (not asked for): y" in text and "Next: nb-mlops card 'my train.ipynb' --model model" in text
    assert "the policy asks for none of it\n" in render_evaluation(report | {"asked": []}, "train.ipynb")


def test_that_rows_were_never_seen_is_said_only_where_it_is_known() -> None:
    words = {
        Rows(500, 500, 0, 2, 2): "500 rows that it had never seen: roc",
        Rows(500, 500, 0, 3, 2): "500 rows that are in none of the 2 files that could be compared, of 3 it read: roc",
        Rows(
            500, 500, 0, 1, 0
        ): "500 rows that could not be compared with what it was made of, so it may have seen them",
        Rows(
            500, 500, 0, 0, 0
        ): "500 rows that could not be compared with what it was made of, so it may have seen them",
    }
    for rows, said in words.items():
        shown = values(rows=rows)
        assert said in render_markdown(shown)
        report = {
            "evaluation": shown["evaluation"],
            "evidence": "",
            "gate": {"proofs": [], "findings": []},
            "asked": [],
        }
        assert ("overlap with what was read" in render_evaluation(report, "train.ipynb")) == bool(rows.compared)
