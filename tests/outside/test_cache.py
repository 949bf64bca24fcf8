from __future__ import annotations

import multiprocessing
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nb_mlops.core.finding import CellRef, Confidence, Finding, Fix, Related, Safety, Severity
from nb_mlops.core.notebook import Position, Span
from nb_mlops.outside import cache
from nb_mlops.outside.cache import Cache, Said, State

SPAN = Span(2, "source", Position(3, 1), Position(3, 5))
WHOLE = Finding(
    "EX001",
    "stale-dependency",
    Severity.ERROR,
    "é",
    "a.ipynb",
    Confidence.MEDIUM,
    SPAN,
    CellRef(2, "id", 7),
    "0" * 16,
    Fix("do this", (), Safety.UNSAFE),
    (Related("there", SPAN, CellRef(0, "", None)), Related("notebook", Span(None, "metadata", *[Position(1, 0)] * 2))),
    {"names": ["a"], "n": {"x": None, "y": 1.5}},
)
BARE = Finding("FM001", "not-a-notebook", Severity.INFO, "m", "a.ipynb")
SAID = Said((WHOLE, BARE), 3)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str, data: bytes, age: float = 60) -> None:
    """A file that was last changed some time ago."""
    Path(path).write_bytes(data)
    then = time.time() - age
    os.utime(path, (then, then))


def made(folder: Path, basis: str = "b") -> Cache:
    (folder / "c").mkdir(exist_ok=True)
    return Cache(folder / "c", basis)


def put(store: Cache, path: str, data: bytes, said: Said = SAID, facts: str = "") -> None:
    store.put(path, facts, cache.state(path), cache.content(data), said)


def entries(folder: Path) -> list[Path]:
    return sorted((folder / "c").iterdir())


def test_what_was_said_is_said_again_word_for_word(here: Path) -> None:
    write("a.ipynb", b"one")
    put(made(here), "a.ipynb", b"one")
    assert made(here).get("a.ipynb") == SAID


def test_another_content_path_basis_or_other_facts_are_unknown(here: Path) -> None:
    write("a.ipynb", b"one")
    write("b.ipynb", b"one")
    put(made(here), "a.ipynb", b"one", facts="f")
    assert made(here).get("a.ipynb", "f") == SAID
    assert made(here).get("b.ipynb", "f") is None
    assert made(here).get("a.ipynb", "g") is None
    assert made(here, "other").get("a.ipynb", "f") is None
    write("a.ipynb", b"two")
    assert made(here).get("a.ipynb", "f") is None


def test_the_same_content_with_other_times_is_known(here: Path) -> None:
    write("a.ipynb", b"one", age=100)
    put(made(here), "a.ipynb", b"one")
    write("a.ipynb", b"one", age=50)
    assert made(here).get("a.ipynb") == SAID


def test_a_file_changed_within_the_grain_of_its_times_is_noticed(here: Path) -> None:
    """Same size, same times, same inode: only a hash can tell, so a fresh file is always hashed."""
    Path("a.ipynb").write_bytes(b"one")
    before = cache.state("a.ipynb")
    assert before is not None
    Path("a.ipynb").write_bytes(b"two")
    now = cache.state("a.ipynb")
    assert now is not None
    made(here).put("a.ipynb", "", State(now.stat, before.seen), cache.content(b"one"), SAID)
    assert made(here).get("a.ipynb") is None


def test_an_untouched_file_is_not_even_opened(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.ipynb", b"one")
    before = cache.state("a.ipynb")
    assert before is not None
    made(here).put("a.ipynb", "", State(before.stat, before.seen + 10**10), cache.content(b"one"), SAID)
    monkeypatch.setattr(cache.files, "read_bytes", lambda path: pytest.fail("opened"))
    assert made(here).get("a.ipynb") == SAID


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"stale", b"fresh"),
        lambda data: b"not hex!" + data[8:],
        lambda data: b"\xff" * 40,
    ],
)
def test_a_corrupt_entry_counts_as_missing_and_is_replaced(here: Path, spoil: object) -> None:
    assert callable(spoil)
    write("a.ipynb", b"one")
    put(made(here), "a.ipynb", b"one")
    (entry,) = entries(here)
    entry.write_bytes(spoil(entry.read_bytes()))
    assert made(here).get("a.ipynb") is None
    put(made(here), "a.ipynb", b"one")
    assert made(here).get("a.ipynb") == SAID


def test_a_file_that_is_gone_or_could_not_be_read_is_unknown(here: Path) -> None:
    write("a.ipynb", b"one")
    put(made(here), "a.ipynb", b"one")
    Path("a.ipynb").unlink()
    assert made(here).get("a.ipynb") is None
    made(here).put("gone.ipynb", "", None, "", SAID)
    assert len(entries(here)) == 1


def test_what_was_not_asked_for_longest_goes_first_when_there_is_too_much(here: Path) -> None:
    store = made(here)
    for number in range(8):
        write(f"{number}.ipynb", b"x")
        put(store, f"{number}.ipynb", b"x")
        newest = max(entries(here), key=lambda entry: entry.stat().st_mtime_ns)
        os.utime(newest, (number * 1000, number * 1000))
    size = entries(here)[0].stat().st_size
    store.tidy(limit=8 * size)
    assert len(entries(here)) == 8
    store.tidy(limit=4 * size)
    left = [number for number in range(8) if store.get(f"{number}.ipynb") is not None]
    assert left == [5, 6, 7]


def test_a_run_that_wrote_nothing_does_not_tidy(here: Path) -> None:
    write("a.ipynb", b"x")
    put(made(here), "a.ipynb", b"x")
    made(here).tidy(limit=0)
    assert len(entries(here)) == 1


def _hammer(folder: str, seed: int, rounds: int) -> None:
    """Read, write and tidy like many runs at once; whatever is read must be whole and belong to its file."""
    store = Cache(Path(folder), "b")
    for turn in range(rounds):
        path = f"{(seed + turn) % 5}.ipynb"
        known = store.get(path)
        assert known is None or known == _said(path)
        put(store, path, path.encode(), _said(path))
        if turn % 10 == seed:
            store.tidy(limit=2000)


def _said(path: str) -> Said:
    long = Finding("EX001", "stale-dependency", Severity.ERROR, path * 200, path)
    return Said((long,), int(path[0]))


def test_any_number_of_runs_may_share_a_cache(here: Path) -> None:
    made(here)
    for number in range(5):
        write(f"{number}.ipynb", f"{number}.ipynb".encode())
    spawn = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")
    runs = [spawn.Process(target=_hammer, args=(str(here / "c"), seed, 60)) for seed in range(4)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert [run.exitcode for run in runs] == [0, 0, 0, 0]
    assert not [entry for entry in entries(here) if entry.name.endswith(".tmp")]


@pytest.fixture
def home(here: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(here / "home"))
    yield here / "home" / "nb-mlops" / "lint"


def where(store: Cache | None) -> str:
    assert store is not None
    return str(store._folder)


def test_the_cache_is_the_users_so_that_no_repository_can_bring_its_own(here: Path, home: Path) -> None:
    Path("pyproject.toml").touch()
    assert where(cache.open_cache("b")) == str(home)
    assert not (here / ".nb-mlops").exists()


def test_where_nothing_can_be_written_there_is_no_cache(here: Path, home: Path) -> None:
    home.parent.mkdir(parents=True)
    home.write_text("")
    assert cache.open_cache("b") is None


def test_a_cache_that_stops_taking_writes_is_no_harm(here: Path) -> None:
    write("a.ipynb", b"x")
    store = Cache(here / "nowhere", "b")
    put(store, "a.ipynb", b"x")
    assert store.get("a.ipynb") is None


def test_the_basis_changes_with_a_value_or_a_line_of_code(here: Path) -> None:
    code = here / "code"
    (code / "deep").mkdir(parents=True)
    (code / "deep" / "rule.py").write_text("a = 1")
    one = cache.basis("1.0", code=[str(code)])
    assert one == cache.basis("1.0", code=[str(code)])
    assert one != cache.basis("1.1", code=[str(code)])
    (code / "deep" / "rule.py").write_text("a = 2")
    assert one != cache.basis("1.0", code=[str(code)])
    assert cache.basis(code=[str(code / "deep" / "rule.py")]) != cache.basis()


def test_code_that_changes_is_noticed_although_its_digest_is_noted(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(here))
    monkeypatch.setattr(cache, "_SURE_AFTER_NS", -1_000_000_000)
    (here / "nb-mlops").mkdir()
    code = here / "rule.py"
    code.write_text("a = 1")
    one = cache.basis(code=[str(code)])
    note = (here / "nb-mlops" / "code").read_bytes()
    assert note
    assert cache.basis(code=[str(code)]) == one
    assert (here / "nb-mlops" / "code").read_bytes() == note
    code.unlink()
    code.write_text("a = 2")
    os.utime(code, (1, 1))
    assert cache.basis(code=[str(code)]) != one
    (here / "nb-mlops" / "code").write_bytes(b"\xff nonsense")
    code.write_text("a = 1")
    assert cache.basis(code=[str(code)]) == one


def test_entries_are_for_their_owner_to_change(here: Path) -> None:
    write("a.ipynb", b"x")
    put(made(here), "a.ipynb", b"x")
    assert not entries(here)[0].stat().st_mode & stat.S_IWOTH
