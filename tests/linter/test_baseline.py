"""Known findings stay known whatever happens to the notebook around them, and new ones show."""

from __future__ import annotations

import hashlib
import json

import pytest
from helpers_tokens import token
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nb_mlops.core.errors import SettingsError
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Cell, Notebook, StoredOutputs
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.value import replace
from nb_mlops.linter.baseline import Baseline, Row, parse, render, rows, updated
from nb_mlops.linter.engine import LintResult, asked, lint
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.rule import code, example, markdown, raised, stdout

RULES = load_rules()
SETTINGS = LintSettings()
ASKED = asked(RULES, SETTINGS)
SALT = "pepper"
PATH = "a.ipynb"

INSTALL = code("!pip install pandas", count=1)
ADDRESS = code("show(customers)", stdout("ada.l@ada-online.org\n"), count=2)
HOME = code("rates = open('/home/mkowalski/data/rates.csv').read( )", count=3)
ERROR = code("1 / 0", raised("ZeroDivisionError", "division by zero"), count=4)
BROKEN = code("for x in", count=5)
TOKEN = code(f"login('{token('hugging-face-token')}')", count=6)
NOTES = markdown("# Notes")
FAULTS = (INSTALL, ADDRESS, HOME, ERROR, BROKEN, TOKEN)


def book(*cells: Cell) -> Notebook:
    return example(*(code("from shop import login, show, customers"), *cells)).notebook


def result(*cells: Cell, salt: str = SALT) -> LintResult:
    return lint(book(*cells), RULES, SETTINGS, salt)


def baseline(*cells: Cell) -> Baseline:
    return updated(Baseline(SALT), {PATH: result(*cells)}, ASKED, ())


def new(known: Baseline, *cells: Cell) -> list[str]:
    """The codes of the findings that the baseline does not know."""
    return [finding.code for finding in known.split(PATH, result(*cells).findings)[0]]


def test_every_fault_of_the_notebook_is_known_once_it_is_written_down() -> None:
    known = baseline(*FAULTS)
    assert {f.code for f in result(*FAULTS).findings} == {"RE002", "PI001", "ED013", "EX009", "FM014", "SE001"}
    assert new(known, *FAULTS) == []
    assert new(Baseline(SALT), *FAULTS) != []


# On a busy machine the first run, which loads the rules, takes longer than is asked of the others.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations((*FAULTS, NOTES)), st.lists(st.integers(0, 7), max_size=4), st.integers(0, 900))
def test_cells_that_move_are_inserted_and_run_again_change_nothing(
    cells: list[Cell], places: list[int], count: int
) -> None:
    known = baseline(*FAULTS)
    moved = [replace(c, execution_count=count + n if c.is_code else None, id=f"new-{n}") for n, c in enumerate(cells)]
    for number, place in enumerate(places):
        step = code(f"step_{number} = {number}", count=count + len(cells) + number)
        moved.insert(place, step if number % 2 else markdown(f"## Step {number}"))
    assert new(known, *moved) == []


def test_outputs_that_change_do_not_bring_back_what_is_known() -> None:
    known = baseline(ADDRESS, ERROR)
    again = replace(ADDRESS, stored=StoredOutputs.of((stdout("id  mail\n 7  grace.h@harbour-mail.org\n"),)))
    other = replace(ERROR, stored=StoredOutputs.of((raised("ZeroDivisionError", "integer division"),)))
    assert new(known, again, other) == []
    more = (stdout("grace.h@harbour-mail.org\n"), raised("E", "x"), stdout("ada.l@ada-online.org\n"))
    assert len(result(replace(ADDRESS, stored=StoredOutputs.of(more))).findings) == 3
    assert new(known, replace(ADDRESS, stored=StoredOutputs.of(more))) == ["EX009", "PI001"]


def test_code_in_another_layout_is_known() -> None:
    known = baseline(HOME, TOKEN)
    value = token("hugging-face-token")
    tidy = code('rates = open(\n    "/home/mkowalski/data/rates.csv",\n).read()  # all of them')
    assert new(known, tidy, code(f'login(\n    "{value}",\n)')) == []


def test_code_that_does_something_else_is_new() -> None:
    assert new(baseline(HOME), code("rates = open('/home/mkowalski/data/rates.csv').readlines()")) == ["ED013"]
    assert new(baseline(INSTALL), code("!pip install numpy")) == ["RE002"]


def test_two_equal_faults_count_as_two() -> None:
    known = baseline(INSTALL, INSTALL)
    assert new(known, INSTALL, NOTES, INSTALL) == []
    assert new(known, INSTALL) == []
    assert new(known, INSTALL, INSTALL, INSTALL) == ["RE002"]
    twice = code("!pip install pandas\n!pip install numpy")
    assert new(baseline(twice), twice) == []
    assert new(baseline(twice), code(twice.source + "\n!pip install scipy")) == ["RE002"] * 3


def test_another_name_in_the_same_cell_is_a_new_fault() -> None:
    use = code("print(first, second)", stdout("1 2"), count=9)
    known = baseline(code("second = 2", count=1), use)
    assert [f.code for f in result(code("second = 2", count=1), use).findings] == ["EX005"]
    assert new(known, code("first = 1", count=1), use) == ["EX005"]


def test_another_token_in_the_place_of_a_known_one_is_new() -> None:
    other = code(TOKEN.source.replace(token("hugging-face-token"), token("hugging-face-token", 1)))
    known = baseline(TOKEN)
    assert new(known, other) == ["SE001"]
    assert new(known, TOKEN, other) == ["SE001"]
    assert new(baseline(TOKEN, other), other, TOKEN) == []


def test_the_file_holds_no_secret_and_no_hash_of_one_that_its_salt_does_not_key() -> None:
    value = token("hugging-face-token")
    text = render(baseline(TOKEN, ADDRESS, HOME)).decode()
    for secret in (value, "ada.l@ada-online.org", "mkowalski"):
        assert secret not in text
        assert hashlib.sha256(secret.encode()).hexdigest()[:16] not in text
    keys = {salt: result(TOKEN, salt=salt).findings[0].baseline_key for salt in ("", "one", "other")}
    assert len(set(keys.values())) == 3
    assert value not in str(result(TOKEN).findings)


def test_a_notebook_under_another_path_is_not_known() -> None:
    assert len(baseline(INSTALL).split("b.ipynb", result(INSTALL).findings)[0]) == 1


def test_a_rule_that_crashed_is_never_known() -> None:
    def crash(_: object) -> tuple[()]:
        raise ValueError

    rules = {**RULES, "RE002": replace(RULES["RE002"], check=crash)}
    crashed = lint(book(INSTALL), rules, SETTINGS, SALT)
    assert [f.code for f in crashed.findings] == ["NB001"]
    assert updated(Baseline(SALT), {PATH: crashed}, ASKED | {"NB001"}, ()).notebooks == {}
    known = baseline(INSTALL)
    assert updated(known, {PATH: crashed}, ASKED, ()) == known
    assert rows(known, {PATH: crashed}, ASKED, ()) == (Row(PATH, "RE002", known=1),)


def test_what_matches_nothing_any_more_is_told_and_dropped() -> None:
    again = replace(INSTALL, execution_count=3)
    known, now = baseline(INSTALL, again, ADDRESS), {PATH: result(INSTALL, ERROR)}
    assert rows(known, now, ASKED, ()) == (
        Row(PATH, "EX009", new=1),
        Row(PATH, "PI001", gone=1),
        Row(PATH, "RE002", known=1, gone=1),
    )
    assert updated(known, now, ASKED, ()) == baseline(INSTALL, ERROR)
    assert updated(known, {PATH: result()}, ASKED, ()).notebooks == {}


def test_what_lint_was_not_asked_about_stays_and_a_missing_notebook_goes() -> None:
    entries = baseline(INSTALL).notebooks[PATH]
    known = Baseline(SALT, {PATH: entries, "elsewhere.ipynb": entries, "deleted.ipynb": entries})
    after = updated(known, {PATH: result()}, ASKED, {"deleted.ipynb"})
    assert after.notebooks == {"elsewhere.ipynb": entries}
    assert updated(known, {PATH: result()}, ASKED - {"RE002"}, ()).notebooks == known.notebooks
    assert rows(known, {PATH: result()}, ASKED, {"deleted.ipynb"}) == (
        Row(PATH, "RE002", gone=1),
        Row("deleted.ipynb", "RE002", gone=1),
        Row("elsewhere.ipynb", "RE002", known=1),
    )


keys = st.dictionaries(st.text("0123456789abcdef", min_size=16, max_size=16), st.integers(1, 9), min_size=1, max_size=3)
codes = st.dictionaries(st.sampled_from(["EX001", "SE001", "ED013"]), keys, min_size=1)
baselines = st.builds(
    Baseline, st.text(max_size=8), st.dictionaries(st.text(min_size=1, max_size=9), codes, max_size=3)
)


@given(baselines)
def test_a_baseline_reads_back_as_it_was_and_does_not_depend_on_the_order_of_anything(known: Baseline) -> None:
    data = render(known)
    assert parse(data, "b.json") == known
    backwards = {path: dict(reversed(entries.items())) for path, entries in reversed(known.notebooks.items())}
    assert render(Baseline(known.salt, backwards)) == data


@given(baselines)
def test_splitting_counts_every_finding_once(known: Baseline) -> None:
    findings = [
        replace(FINDING, code=code, baseline_key=key)
        for entries in known.notebooks.values()
        for code, keys in entries.items()
        for key, count in keys.items()
        for _ in range(count)
    ]
    for path in known.notebooks:
        fresh, old = known.split(path, findings)
        assert len(fresh) + len(old) == len(findings)
        assert len(old) == sum(sum(k.values()) for k in known.notebooks[path].values())


FINDING: Finding = result(INSTALL).findings[0]


def test_the_file_says_one_thing_a_line_and_no_time_or_place() -> None:
    text = render(baseline(*FAULTS)).decode()
    assert text.endswith("}\n")
    value = json.loads(text)
    assert set(value) == {"version", "salt", "notebooks"}
    assert all(count == 1 for entries in value["notebooks"][PATH].values() for count in entries.values())
    assert len(text.split("\n")) > 2 * len(FAULTS)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"version": 2, "salt": "", "notebooks": {}}',
        b'{"version": 1, "salt": "", "notebooks": {"a": {"EX001": ["x"]}}}',
        b'{"version": 1, "salt": "", "notebooks": {"a": {"EX001": {"x": "1"}}}}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_a_file_of_another_kind_is_refused_with_the_way_out(data: bytes) -> None:
    with pytest.raises(SettingsError, match=r"`b\.json` is no baseline") as caught:
        parse(data, "b.json")
    assert "nb-mlops baseline write" in caught.value.remedy


def test_a_merge_conflict_is_named() -> None:
    with pytest.raises(SettingsError) as caught:
        parse(b"{\n" + b"<" * 7 + b" HEAD\n}", "b.json")
    assert "merge conflict" in caught.value.remedy
