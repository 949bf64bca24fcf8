from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import nb_mlops
from nb_mlops.core.finding import CellRef, Confidence, Finding, Fix, Related, Report, Safety, Severity
from nb_mlops.core.notebook import Position, Span
from nb_mlops.core.value import replace
from nb_mlops.reporters import json as json_report
from nb_mlops.reporters import text

SCHEMA = json.loads((Path(nb_mlops.__file__).parent / "schemas/lint-report.schema.json").read_text("utf-8"))
CELL = CellRef(3, "k1", 7)


def span(part: str = "source", line: int = 3, start: int = 4, end: int = 9, cell: int | None = 3) -> Span:
    return Span(cell, part, Position(line, start), Position(line, end))


STALE = Finding(
    "EX001",
    "stale-dependency",
    Severity.ERROR,
    "`rate` is read here as it was before cell 2 was run again.",
    "a/train.ipynb",
    Confidence.MEDIUM,
    span(),
    CELL,
    "0123456789abcdef",
    related=(Related("defined here", span(cell=1, line=1, start=0), CellRef(1, "", None)),),
    data={"excerpt": "    x = rate * 2", "caret": [8, 12]},
)
LARGE = Finding(
    "ED001", "large-output", Severity.WARNING, "Large.", "a/train.ipynb", span=span("outputs/1", 1, 0, 0), cell=CELL,
    fingerprint="0" * 16, fix=Fix("Clear it", ()),
)  # fmt: skip
BROKEN = Finding(
    "FM001", "not-a-notebook", Severity.ERROR, "This is a web page.", "b.ipynb", span=span("", 2, 0, 0, None),
    fingerprint="f" * 16, fix=Fix("Rename it", (), Safety.UNSAFE),
)  # fmt: skip
REPORT = Report((STALE, LARGE, BROKEN), 2, 5)


def test_json_is_valid_by_the_schema_that_is_shipped() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    crash = Finding("NB001", "rule-crashed", Severity.WARNING, "Crashed.", "c.ipynb", fingerprint="a" * 16)
    for report in (Report(), REPORT, Report((crash,), 0, 1)):
        jsonschema.validate(json.loads(json_report.render(report)), SCHEMA)


def test_json_counts_lines_and_columns_from_one() -> None:
    found = json.loads(json_report.render(REPORT))["findings"][0]
    assert (found["line"], found["column"], found["end_line"], found["end_column"]) == (3, 5, 3, 10)
    assert found["cell"] == {"index": 3, "id": "k1", "execution_count": 7}
    assert found["related"][0]["cell"]["index"] == 1


def test_json_holds_the_contract_and_nothing_of_the_line_that_text_shows() -> None:
    rendered = json_report.render(REPORT)
    document = json.loads(rendered)
    assert list(document) == ["version", "tool", "notebooks", "suppressed", "baselined", "findings"]
    assert (document["notebooks"], document["suppressed"]) == (5, 2)
    assert "rate * 2" not in rendered


@pytest.mark.parametrize(
    ("finding", "place"),
    [
        (STALE, "cell 4 [In 7] line 3"),
        (LARGE, "cell 4 [In 7] output 2"),
        (BROKEN, "line 2"),
        (replace(BROKEN, span=None), "notebook"),
    ],
)
def test_text_names_the_place_in_words_that_people_know(finding: Finding, place: str) -> None:
    headline = f"{place}  {finding.severity.value} {finding.code} {finding.rule}"
    assert f"{finding.path}\n  {headline}" in text.render(Report((finding,), 0, 1))


def test_quiet_lines_hold_the_whole_place() -> None:
    places = ["a/train.ipynb:cell 4 [In 7] line 3", "a/train.ipynb:cell 4 [In 7] output 2", "b.ipynb:line 2"]
    lines = text.render(REPORT, quiet=True).splitlines()
    assert [line.partition("  ")[0] for line in lines] == places


def test_text_names_each_notebook_once_above_its_findings() -> None:
    lines = text.render(REPORT).split("\n")
    assert [line for line in lines if line.endswith(".ipynb")] == ["a/train.ipynb", "b.ipynb"]


def test_text_marks_the_place_in_the_line_without_its_indentation() -> None:
    lines = text.render(REPORT).split("\n")
    shown = lines.index("      | x = rate * 2")
    assert lines[shown + 1] == "      |     ^^^^"


def test_text_tells_confidence_only_when_it_is_not_high_and_how_to_mend() -> None:
    rendered = text.render(REPORT)
    assert "stale-dependency (medium confidence)" in rendered
    assert "large-output (" not in rendered
    assert "fix: Clear it (nb-mlops fix)" in rendered
    assert "fix: Rename it (nb-mlops fix --unsafe)" in rendered
    assert "also: cell 2 line 3" not in rendered
    assert "also: cell 2 line 1: defined here" in rendered


def test_text_sums_up() -> None:
    last = text.render(REPORT).rstrip("\n").rpartition("\n")[2]
    assert last == (
        "2 errors, 1 warning in 2 of 5 notebooks, 2 suppressed. 1 fixable with `nb-mlops fix`, 1 more with `--unsafe`."
    )
    assert text.render(Report((), 0, 1)) == "No findings in 1 notebook.\n"


def test_colours_come_only_when_asked_for() -> None:
    assert "\x1b[" not in text.render(REPORT) + text.render(REPORT, quiet=True)
    assert "\x1b[31;1merror\x1b[0m" in text.render(REPORT, colour=True)


def test_quiet_is_one_line_a_finding() -> None:
    assert text.render(REPORT, quiet=True).count("\n") == 3


def test_statistics_count_each_rule() -> None:
    assert text.statistics(Report((LARGE, LARGE, STALE), 0, 1)) == (
        "     2  ED001  large-output\n     1  EX001  stale-dependency\n"
    )


def test_a_stale_result_is_drawn_as_a_clean_run_goes_and_as_it_was_run() -> None:
    data = {"names": ["columns", "rows"], "replays": [[4, 3, False], [6, 5, True], [15, 4, False]]}
    lines = text.render(Report((replace(STALE, data=data),), 0, 1)).split("\n")
    at = next(n for n, line in enumerate(lines) if "a clean run" in line)
    assert lines[at : at + 4] == [
        "      a clean run                             as it was run",
        "      cell 5   sets  columns and 1 more ─┐    In[3]  cell 5   sets  columns and 1 more",
        "      cell 7   reads columns and 1 more <┘    In[4]  cell 16  sets  columns and 1 more ─┐",
        "      cell 16  sets  columns and 1 more       In[5]  cell 7   reads columns and 1 more <┘",
    ]
    assert "also:" not in "\n".join(lines)
    assert max(map(len, lines)) <= 110


@pytest.mark.parametrize("data", [{}, {"names": ["a"]}, {"replays": [[1, 2, True]]}, {"names": [], "replays": []}])
def test_nothing_is_drawn_without_the_data_for_it(data: dict[str, object]) -> None:
    assert "a clean run" not in text.render(Report((replace(STALE, data=data),), 0, 1))


def test_all_cells_in_doubt_are_named_below_the_drawing_where_the_message_names_some() -> None:
    here = Position(1, 0)
    related = tuple(
        Related("builds on it", Span(n, "source", here, here), CellRef(n, f"c{n}", n + 1)) for n in range(30)
    )
    data = {"names": ["a"], "replays": [[0, 3, False], [1, 2, True]]}
    rendered = text.render(Report((replace(STALE, data=data, related=related),), 0, 1))
    assert "in doubt: cell 1 [In 1], cell 2 [In 2], " in rendered
    assert "and 6 more\n" in rendered
    assert max(map(len, rendered.split("\n"))) <= 112


def test_a_long_name_does_not_break_the_drawing() -> None:
    data = {"names": ["n" * 90], "replays": [[998, 1000, False], [999, 1002, True], [1000, 1001, False]]}
    lines = text.render(Report((replace(STALE, data=data),), 0, 1)).split("\n")
    assert max(map(len, lines)) <= 110


def test_what_ruff_finds_says_what_mends_it_and_where_to_read_more() -> None:
    data = {"tool": "ruff", "url": "https://docs/rule"}
    fix = Fix("Compare with `==`", ())
    rendered = text.render(Report((replace(STALE, code="F632", fix=fix, data=data),), 0, 1))
    assert "fix: Compare with `==` (nb-mlops fix)\n    see: https://docs/rule\n" in rendered
    advice = replace(fix, safety=Safety.DISPLAY)
    assert "(by hand)" in text.render(Report((replace(STALE, code="F632", fix=advice, data=data),), 0, 1))
