from __future__ import annotations

from typing import Any

import pytest

from nb_mlops.core.notebook import Cell, CellKind, Notebook
from nb_mlops.core.settings.lint import LintSettings
from nb_mlops.linter.engine import lint
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.rule import code, example, markdown, stdout
from nb_mlops.linter.suppress import suppressions

INSTALL = "!pip install pandas"
ADDRESS = "ada.l@ada-online.org"
TOKEN = "".join(("hf", "_", "QzRvTmKpWxLbNcYd", "GhJfSaUeOiPqVtBwXr"))


def outcome(*cells: Cell, settings: LintSettings = LintSettings(), **metadata: Any) -> tuple[list[str], int]:
    """The codes that are left, and how many findings were silenced."""
    result = lint(example(*cells, **metadata).notebook, load_rules(), settings)
    return [f.code for f in result.findings], result.suppressed


@pytest.mark.parametrize(
    "source",
    [
        f"{INSTALL}  # nbm: ignore[RE002] the demo needs it",
        f"x = 1\n{INSTALL}  # nbm: ignore[RE002]",
        f"x = 1\n# nbm: ignore[RE002] the demo needs it\n{INSTALL}",
        f"x = 1\n# nbm: ignore[ED001,RE002]\n\n# and why\n{INSTALL}".replace("ED001,", ""),
        f"# nbm: ignore[RE002] whole cell\nx = 1\n{INSTALL}",
        f"\n#nbm:ignore[ RE002 ] spaces as you like\nx = 1\n{INSTALL}",
    ],
)
def test_a_comment_silences_its_line_the_next_one_or_from_the_first_line_the_cell(source: str) -> None:
    assert outcome(code(source)) == ([], 1)


def test_a_comment_below_the_cell_magic_counts_as_the_first_line() -> None:
    assert outcome(code(f"%%bash\n# nbm: ignore[RE002]\ncd x\n{INSTALL[1:]}")) == ([], 1)


def test_a_comment_on_another_line_silences_nothing_and_is_itself_a_finding() -> None:
    assert outcome(code(f"x = 1\ny = 2  # nbm: ignore[RE002]\n{INSTALL}")) == (["FM010", "RE002"], 0)


def test_a_comment_names_rules_one_by_one() -> None:
    source = f"{INSTALL} --token {TOKEN}  # nbm: ignore[RE002, SE001] both"
    assert outcome(code(source)) == ([], 2)
    assert outcome(code(source.replace(", SE001", ""))) == (["SE001"], 1)


def test_the_first_line_speaks_for_the_cells_outputs_and_other_lines_do_not() -> None:
    assert outcome(code("# nbm: ignore[PI001] public contact\nprint('mail')", stdout(ADDRESS))) == ([], 1)
    left, silenced = outcome(code("x = 1\nprint('mail')  # nbm: ignore[PI001]", stdout(ADDRESS)))
    assert (sorted(left), silenced) == (["FM010", "PI001"], 0)


def test_a_tag_silences_the_cell() -> None:
    assert outcome(code("print('mail')", stdout(ADDRESS), tags=("nbm-ignore-PI001",))) == ([], 1)


def test_a_comment_in_markdown_silences_the_cell_and_is_not_read_in_code() -> None:
    assert outcome(markdown(f"Log in with {TOKEN}\n\n<!-- nbm: ignore[SE001] revoked in May -->")) == ([], 1)
    assert outcome(code(f"x = '{TOKEN}'\n'<!-- nbm: ignore[SE001] -->'")) == (["SE001"], 0)


@pytest.mark.parametrize("sign", ["//", "--", "#", "%"])
def test_other_languages_use_their_own_comment_sign(sign: str) -> None:
    scala = {"name": "scala", "language": "scala"}
    assert outcome(code(f'val t = "{TOKEN}" {sign} nbm: ignore[SE001] revoked'), kernelspec=scala) == ([], 1)


def printed() -> Cell:
    return code("print('mail')", stdout(ADDRESS))


def fingerprint() -> str:
    return lint(example(printed()).notebook, load_rules(), LintSettings()).findings[0].fingerprint


@pytest.mark.parametrize("form", ["text", "entry", "entry with rule"])
def test_the_notebooks_metadata_silences_a_single_finding_by_its_fingerprint(form: str) -> None:
    entry: Any = {"fingerprint": fingerprint(), "reason": "public contact"}
    if form == "text":
        entry = fingerprint()
    elif form == "entry with rule":
        entry["rule"] = "PI001"
    assert outcome(printed(), nbm={"ignore": [entry]}) == ([], 1)


def test_an_entry_for_another_rule_or_finding_silences_nothing() -> None:
    wrong = {"fingerprint": fingerprint(), "rule": "SE001"}
    assert outcome(printed(), nbm={"ignore": [wrong]})[1] == 0
    left, _ = outcome(printed(), nbm={"ignore": ["0" * 16]})
    assert sorted(left) == ["FM010", "PI001"]


@pytest.mark.parametrize("metadata", [{"ignore": "PI001"}, {"ignore": [7, None]}, "text", [], {"ignore": {}}])
def test_metadata_of_another_shape_silences_nothing_and_ends_nothing(metadata: Any) -> None:
    assert "PI001" in outcome(printed(), nbm=metadata)[0]


def messages(*cells: Cell, settings: LintSettings = LintSettings()) -> list[str]:
    result = lint(example(*cells).notebook, load_rules(), settings)
    return [f.message for f in result.findings if f.code == "FM010"]


def test_an_unknown_code_is_said_to_be_one_with_the_nearest_that_exists() -> None:
    (message,) = messages(code("x = 1  # nbm: ignore[SE0O1]"))
    assert "`SE0O1`" in message
    assert "Did you mean SE0" in message


def test_a_suppression_of_everything_is_none() -> None:
    assert outcome(code(f"{INSTALL}  # nbm: ignore")) == (["RE002", "FM010"], 0)


def test_a_suppression_of_a_rule_that_did_not_run_is_left_alone() -> None:
    settings = LintSettings(select=("SE", "FM"))
    assert messages(code("x = 1  # nbm: ignore[RE001] known"), settings=settings) == []


def test_a_crashing_rule_does_not_make_its_suppressions_unused() -> None:
    rules = dict(load_rules())
    from nb_mlops.core.value import replace

    def crash(_: object) -> Any:
        raise RuntimeError

    rules["RE001"] = replace(rules["RE001"], check=crash)
    result = lint(example(code("x = 1  # nbm: ignore[RE001] known")).notebook, rules, LintSettings())
    assert [f.code for f in result.findings] == ["NB001"]


def test_suppressions_know_where_they_stand_and_why() -> None:
    (one,) = suppressions(
        Notebook("a", (Cell(0, CellKind.CODE, "y = 2\nx = 1  # nbm: ignore[ED001] the table counts"),))
    )
    assert (one.code, one.reason, one.span.start.line, one.span.start.column) == ("ED001", "the table counts", 2, 7)
    assert one.lines == (2, 2)
