"""Where the code of a notebook shows its displays, figures, metrics and models once it is a package.

To whoever listens, and to nobody otherwise: a pipeline in production draws and prints no tables.
"""

from __future__ import annotations

import importlib
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

_listeners: list[Callable[[str, Any], None]] = []
_last: list[Any] = []


@contextmanager
def listening(listener: Callable[[str, Any], None]) -> Iterator[None]:
    """While inside, `listener(kind, value)` hears every `display`, `figure`, `metric` and `model`."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def _tell(kind: str, value: Any) -> None:
    for listener in list(_listeners):
        listener(kind, value)


def display(*values: Any, **options: Any) -> None:
    """Show values, as a cell shows its last one."""
    for value in values:
        if value is not None:
            _last[:] = [value]
            _tell("display", value)


def last_shown() -> Any:
    """What was shown last: `_` in a notebook."""
    return _last[0] if _last else ""


def metric(name: str, value: Any, higher_is_better: bool | None = None) -> None:
    """Declare a measured number."""
    _tell("metric", {"name": name, "value": float(value), "higher_is_better": higher_is_better})


def model(estimator_or_path: Any, name: str = "", example: Any = None) -> None:
    """Declare the model that the pipeline makes."""
    _tell("model", {"name": name, "model": estimator_or_path, "example": example})


def show_figures(*args: Any, **options: Any) -> None:
    """Show the open figures and close them, as a notebook does at the end of a cell."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    for number in pyplot.get_fignums():
        _tell("figure", pyplot.figure(number))
    pyplot.close("all")


def shell(command: str) -> list[str]:
    """Run a shell command that stood in a cell (`!command`), print what it prints, and return its lines."""
    done = subprocess.run(command, shell=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    sys.stdout.write(done.stdout)
    return done.stdout.splitlines()


def lines_of(command: str) -> list[str]:
    """The lines that a shell command prints: `x = !command`."""
    done = subprocess.run(command, shell=True, text=True, stdout=subprocess.PIPE, check=False)
    return done.stdout.splitlines()


_asked: list[Callable[[Any], Any]] = []


def awaited(wanted: Any) -> Any:
    """What `await` gives at the top of a cell. All stages share one task of one event loop, which turns in a thread of
    its own: in a notebook, another one already turns here. `wanted` is awaitable, or makes it when called inside the
    loop."""
    if not _asked:
        _asked.append(_started())
    return _asked[0](wanted)


def _started() -> Callable[[Any], Any]:
    """A way to ask a task, which waits for one thing after another as the cells of a notebook do."""
    import asyncio
    import inspect
    import threading
    from concurrent.futures import Future

    loop = asyncio.new_event_loop()
    queue: asyncio.Queue[tuple[Any, Future[Any]]] = asyncio.Queue()

    async def work() -> None:
        while True:
            wanted, done = await queue.get()
            try:
                done.set_result(await (wanted if inspect.isawaitable(wanted) else wanted()))
            except BaseException as error:
                done.set_exception(error)

    def ask(wanted: Any) -> Any:
        done: Future[Any] = Future()
        loop.call_soon_threadsafe(queue.put_nowait, (wanted, done))
        return done.result()

    threading.Thread(target=loop.run_until_complete, args=(work(),), daemon=True).start()
    return ask


async def _made(wanted: Any, method: str) -> Any:
    return wanted if hasattr(wanted, method) else wanted()


def each(wanted: Any) -> Iterator[Any]:
    """What `async for` goes through at the top of a cell; `wanted` is that, or makes it when called inside the loop."""
    source = awaited(lambda: _made(wanted, "__aiter__")).__aiter__()

    async def step() -> tuple[Any, ...]:
        try:
            return (await source.__anext__(),)
        except StopAsyncIteration:
            return ()

    while found := awaited(step):
        yield found[0]


@contextmanager
def entered(wanted: Any) -> Iterator[Any]:
    """What `async with` holds at the top of a cell; `wanted` is that, or makes it when called inside the loop."""
    manager = awaited(lambda: _made(wanted, "__aenter__"))
    value = awaited(manager.__aenter__)
    try:
        yield value
    except BaseException as error:
        trouble = error
        if not awaited(lambda: manager.__aexit__(type(trouble), trouble, trouble.__traceback__)):
            raise
    else:
        awaited(lambda: manager.__aexit__(None, None, None))


class Undefined:
    """Its attributes stand where the notebook reads names that none of its cells defines."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in {"__file__", "__IPYTHON__", "__builtin__", "__", "___"}:
            raise AttributeError(name)
        raise NameError(f"name '{name}' is not defined: no cell of the notebook defines it")


undefined = Undefined()


def get_ipython() -> None:
    """There is no IPython here: what a notebook asks in order to learn where it runs."""


class Captured:
    """What was printed while it listened."""

    def __init__(self) -> None:
        self._out, self._err = io.StringIO(), io.StringIO()

    @property
    def stdout(self) -> str:
        """The text printed to standard output."""
        return self._out.getvalue()

    @property
    def stderr(self) -> str:
        """The text printed to standard error."""
        return self._err.getvalue()

    def show(self) -> None:
        """Print it after all."""
        sys.stdout.write(self.stdout)
        sys.stderr.write(self.stderr)

    __call__ = show

    def __str__(self) -> str:
        return self.stdout


@contextmanager
def captured() -> Iterator[Captured]:
    """Hold back what is printed (`%%capture`)."""
    held = Captured()
    with redirect_stdout(held._out), redirect_stderr(held._err):
        yield held


def write_file(path: str, text: str, append: bool = False) -> None:
    """Write a file that a cell held (`%%writefile`)."""
    with open(path, "a" if append else "w", encoding="utf-8") as file:
        file.write(text)


def import_all(module: str, namespace: MutableMapping[str, Any]) -> None:
    """What `from module import *` binds, at the moment of the call."""
    found = importlib.import_module(module)
    public = getattr(found, "__all__", None) or [name for name in vars(found) if not name.startswith("_")]
    namespace.update({name: getattr(found, name) for name in public})


class Account:
    """What a run makes, for whoever started it from a terminal. `heard` listens, `audited` is an audit hook."""

    def __init__(self) -> None:
        self._shown = {"display": 0, "figure": 0}
        self._metrics: set[str] = set()
        self._opened: dict[str, None] = {}

    def heard(self, kind: str, value: Any) -> None:
        """Print a metric, count what is shown."""
        if kind == "metric":
            print(f"metric {value['name']} = {value['value']!r}")
            self._metrics.add(value["name"])
        elif kind in self._shown:
            self._shown[kind] += 1

    def audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note files that are opened in order to write."""
        if event == "open" and isinstance(arguments[0], str) and set(arguments[1] or "") & set("wax+"):
            self._opened[os.path.abspath(arguments[0])] = None

    def lines(self, values: Mapping[str, Any], folder: str | os.PathLike[str] | None) -> Iterator[str]:
        """A line for each of the values, the first dozen of them, for the files below `folder`, and for what was
        shown to nobody."""
        names = [name for name in values if name not in self._metrics]
        for name in names[:12]:
            yield f"{name}{_in_words(values[name])}"
        if len(names) > 12:
            yield f"{len(names) - 12} more values: run() returns all of them"
        home = os.path.abspath(folder or ".") + os.sep
        for path in self._opened:
            if path.startswith(home) and os.path.isfile(path):
                yield f"wrote {path[len(home) :]}"
        results, figures = self._shown["display"], self._shown["figure"]
        if results or figures:
            yield f"not shown here: {results} results, {figures} figures (show.ipynb shows them)"
        elif not values:
            yield "the pipeline ran to its end"


def _in_words(value: Any) -> str:
    """A number as it is; of anything else the type and the size."""
    shape = getattr(value, "shape", None)
    if value is None or isinstance(value, (bool, int, float, complex)) or shape == ():
        return f" = {value}"
    size = ""
    if isinstance(shape, tuple) and all(isinstance(one, int) for one in shape):
        size = f" {' x '.join(map(str, shape))}"
    elif isinstance(value, (str, bytes, list, tuple, dict, set, frozenset)):
        size = f" of {len(value)}"
    return f": {type(value).__name__}{size}"


@contextmanager
def working_in(folder: str | os.PathLike[str] | None) -> Iterator[None]:
    """Stand in `folder` while inside, so that relative paths in the code start there; None changes nothing."""
    before = os.getcwd()
    if folder is not None:
        os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
