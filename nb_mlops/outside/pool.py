"""Work spread over the machine's processors, when there is enough of it to pay for starting them."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Below this one process is done before others have started.
_MANY = 64
_MUCH = 20_000_000
# What is handed out ahead of what was taken back: bounds memory however many items there are.
_AHEAD = 64
_CHUNK = 4
# <malloc.h>, and what it says where nothing is set.
_MMAP_THRESHOLD = -3
_LARGE_TEXT = 128 * 1024


def in_order(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    spread: bool,
    lost: Callable[[Item], Result] | None = None,
) -> Iterator[Result]:
    """`function` of each item, in the items' order, on all processors when `spread`.

    Function, items and results travel between processes. When the caller stops early, so does the rest. Where the
    system ends a process, for want of memory as a rule, the items left are done one at a time, and the one that ends
    its process again gets what `lost` says of it.
    """
    workers = min(_processors(), len(items))
    if not spread or workers < 2:
        for item in items:
            yield from _each(function, (item,))
        return
    from concurrent.futures.process import BrokenProcessPool  # a few files never need it

    done = 0
    try:
        for result in _pooled(function, items, workers, _CHUNK):
            yield result
            done += 1
    except BrokenProcessPool:
        if lost is None:
            raise
        for item in items[done:]:
            try:
                yield from _pooled(function, (item,), 1, 1)
            except BrokenProcessPool:
                yield lost(item)


def _pooled(function: Callable[[Item], Result], items: Sequence[Item], workers: int, size: int) -> Iterator[Result]:
    from concurrent.futures import ProcessPoolExecutor

    chunks = iter([items[n : n + size] for n in range(0, len(items), size)])
    pool = ProcessPoolExecutor(workers, initializer=_prepare, initargs=(function,))
    try:
        waiting = [pool.submit(_work, chunk) for chunk in islice(chunks, _AHEAD)]
        while waiting:
            results = waiting.pop(0).result()
            waiting.extend(pool.submit(_work, chunk) for chunk in islice(chunks, 1))
            yield from results
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def worth_spreading(paths: Sequence[str]) -> bool:
    """Whether files are so many or so large that several processes read them sooner than one."""
    return len(paths) > _MANY or (len(paths) > 1 and sum(map(_size, paths)) > _MUCH)


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _each(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    return [function(item) for item in items]


# CPython keeps the frames of a thread in chunks of 16 kB and gives a chunk back to the system as soon as its last frame
# returns. A loop whose calls happen to cross the end of a chunk then asks the system for memory on every call: 800,000
# times on 2,000 notebooks, a third of the run. A frame that says it is large gets a chunk to match, and all calls below
# it fit into what is left of that: 264 kB of frame leave 248 of 512.
_each.__code__ = _each.__code__.replace(co_stacksize=33_000)


# What a worker does with each item it gets. It is told once: what travelled with every few items would be another
# object each time, and what was found out for its settings would be found out anew.
_task: Callable[[Any], Any] | None = None


def _work(items: Sequence[Any]) -> list[Any]:
    assert _task is not None
    return _each(_task, items)


def _prepare(task: Callable[[Any], Any]) -> None:
    """Make a process a worker.

    Ctrl-C goes to every process of the terminal; the one that asked for the work answers for all. Syntax trees are many
    small objects without cycles, which the collector would walk over and over for nothing: a tenth of the time.
    """
    import signal  # a few files need no worker

    global _task
    _task = task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    _give_back_memory()


def _give_back_memory() -> None:
    """Have the system get back at once what a large text took.

    glibc takes the first large text that is given back for a sign that there will be more, and keeps such among the
    small ones from then on, where they leave holes: a third of what a worker holds in the end.
    """
    with contextlib.suppress(Exception):  # another system has another way, or none
        import ctypes

        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE_TEXT)
