"""What silences a finding is read by what reads suppressions: written here, linted again, gone and counted."""

from __future__ import annotations

import pytest
from helpers_tokens import token

from nb_mlops import fixer
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import LintSettings
from nb_mlops.linter import engine
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.rule import code, example, markdown, stdout
from nb_mlops.linter.silence import silence

SETTINGS = LintSettings(ruff=False)


def found(notebook: Notebook) -> tuple[Finding, ...]:
    return engine.lint(notebook, load_rules(), SETTINGS).findings


def silenced(notebook: Notebook, whole_cell: bool = False, reason: str = "known") -> Notebook:
    (finding,) = found(notebook)
    changed, applied = fixer.apply(notebook, [silence(notebook, [finding], reason, whole_cell)])
    assert applied
    after = engine.lint(changed, load_rules(), SETTINGS)
    assert (after.findings, after.suppressed) == ((), 1)
    return changed


def test_a_line_of_code_gets_a_comment_with_the_reason() -> None:
    notebook = example(code("import os\nprint(missing)\nos.name", count=1)).notebook
    assert silenced(notebook).cells[0].source == "import os\nprint(missing)  # nbm: ignore[EX005] known\nos.name"


def test_a_whole_cell_gets_it_in_its_first_line() -> None:
    notebook = example(code("%%time\nprint(missing)", count=1)).notebook
    assert silenced(notebook, whole_cell=True).cells[0].source == "%%time\n# nbm: ignore[EX005] known\nprint(missing)"


@pytest.mark.parametrize(
    "source",
    [
        "print(missing)",  # a comment in the first line would speak for the whole cell
        "import os\n!echo $missing; pip install pandas",  # the shell would get it
        'x = 1\ny = f"""\n{missing}\n"""',  # it would be part of the text
        "x = 1\nprint(missing + \\\n 1)",  # nothing may stand after a backslash
    ],
)
def test_where_a_comment_would_change_something_the_metadata_name_the_finding(source: str) -> None:
    after = silenced(example(code(source, count=1)).notebook)
    assert after.cells[0].source == source
    (entry,) = after.metadata["nbm"]["ignore"]
    assert entry["reason"] == "known"


def test_an_output_is_silenced_by_its_fingerprint() -> None:
    notebook = example(code("print('x' * 200_000)", stdout("x" * 200_000), count=1)).notebook
    (entry,) = silenced(notebook).metadata["nbm"]["ignore"]
    assert entry["rule"] == "ED001"


def test_entries_that_stood_there_before_stay() -> None:
    kept = {"rule": "SE001", "fingerprint": "other", "reason": "r"}
    notebook = example(code("print(missing)", count=1), nbm={"ignore": [kept]}).notebook
    (finding,) = (one for one in found(notebook) if one.code == "EX005")
    changed, _ = fixer.apply(notebook, [silence(notebook, [finding], "known")])
    assert changed.metadata["nbm"]["ignore"][0] == kept
    assert len(changed.metadata["nbm"]["ignore"]) == 2


def test_markdown_gets_a_comment_that_nobody_sees() -> None:
    notebook = example(markdown(f"Use {token('github-token')} for now.")).notebook
    assert silenced(notebook).cells[0].source.endswith("\n<!-- nbm: ignore[SE001] known -->")


def test_a_reason_cannot_end_the_comment_it_stands_in() -> None:
    notebook = example(code("import os\nprint(missing)\nos.name", count=1)).notebook
    assert silenced(notebook, reason="a\nimport sys -->").cells[0].source.count("\n") == 2
