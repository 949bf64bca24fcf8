from __future__ import annotations

import os
import resource
import signal
from pathlib import Path

import pytest

from nb_mlops.outside.pool import in_order, worth_spreading


def doubled(number: int) -> int:
    return number * 2


def process(_: int) -> int:
    return os.getpid()


def broken(number: int) -> int:
    if number == 5:
        raise ValueError("five")
    return number


def fatal(number: int) -> int:
    if number in (7, 90):
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("spread", [True, False])
def test_results_come_in_the_order_of_the_items(spread: bool) -> None:
    assert list(in_order(doubled, range(300), spread)) == [n * 2 for n in range(300)]


def test_work_that_is_spread_is_done_elsewhere() -> None:
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one processor")
    assert os.getpid() not in set(in_order(process, range(20), True))
    assert set(in_order(process, range(20), False)) == {os.getpid()}


@pytest.mark.parametrize("spread", [True, False])
def test_an_error_reaches_the_caller_and_stops_the_rest(spread: bool) -> None:
    with pytest.raises(ValueError, match="five"):
        list(in_order(broken, range(1000), spread))


def test_an_item_that_kills_its_process_is_told_and_the_others_are_done() -> None:
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one processor")
    found = list(in_order(fatal, range(100), True, lost=lambda number: -number))
    assert found == [-n if n in (7, 90) else n for n in range(100)]


def test_a_caller_may_stop_early() -> None:
    results = in_order(doubled, range(1000), True)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]


def test_few_small_files_are_not_worth_other_processes(tmp_path: Path) -> None:
    small, large = tmp_path / "a", tmp_path / "b"
    small.write_bytes(b"x")
    large.touch()
    os.truncate(large, 30_000_000)
    assert not worth_spreading([str(small)] * 10)
    assert not worth_spreading([str(large)])
    assert worth_spreading([str(small), str(large)])
    assert worth_spreading([str(small)] * 100)
    assert not worth_spreading([str(tmp_path / "missing")])


def leaf() -> None:
    """A call whose frame is larger than one of `deep`: at some depth it is the first that no longer fits."""


leaf.__code__ = leaf.__code__.replace(co_stacksize=200)


def deep(depth: int) -> int:
    """Pages asked of the system by 400 calls made `depth` calls down."""
    if depth:
        return deep(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(400):
        leaf()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_at_no_depth_of_calls_is_memory_asked_for_again_and_again() -> None:
    assert max(in_order(deep, range(200), False)) < 300
