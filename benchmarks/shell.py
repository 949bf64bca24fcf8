"""A real IPython shell in a process of its own, and a record of what every run in it read, bound and changed.

What is recorded comes from running, never from reading source: the shell's namespace is a dict that notes each name
looked up, stored and deleted while a cell runs (functions of the notebook look their globals up in it too), and after
every run all values are described again, so that a change in place shows. `lineage` of a name is the run that bound
it, then the runs after which its value was another one.

Not recorded: files, global random state, what happens inside iterators and inside objects that cannot be described.
"""

from __future__ import annotations

import builtins
import hashlib
import io
import json
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

_SKLEARN = ("datasets", "linear_model", "ensemble", "pipeline", "model_selection", "cluster")
PRELOADED = (
    *("IPython", "numpy", "pandas", "scipy.stats", "matplotlib.pyplot", "matplotlib_inline.backend_inline"),
    *(f"sklearn.{name}" for name in _SKLEARN),
    "nb_mlops.portable.fingerprint",
)
QUIET = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONWARNINGS": "ignore",
    # Whoever asks the network gets a refusal at once.
    **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9"),
}
# IPython's own names, which no cell of a notebook is asked about.
_OWN = re.compile(r"_|In\Z|Out\Z|exit\Z|quit\Z|get_ipython\Z|display\Z|open\Z")


class ShellDiedError(Exception):
    """The shell's process ended, or a cell ran for longer than it may."""


@dataclass
class Run:
    """One execution of one cell.

    `reads` maps each name that was looked up before the run had bound it to its lineage; `missing` are names that were
    looked up in vain; `bound`, `changed` and `deleted` are names; `foreign` are names that hold modules, or functions
    and classes of other modules (to import them again changes nothing); `values` maps every name of the notebook to the
    description of its value after the run. `error` is the exception's name, "" when none was raised.
    """

    label: str
    count: int | None
    outputs: list[dict[str, Any]]
    error: str = ""
    error_value: str = ""
    reads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    bound: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()
    values: dict[str, str] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()


class Shell:
    """A fresh shell. Runs cells one by one; `close` (or `with`) ends its process. `folder` is its working directory."""

    def __init__(self, folder: str | None = None, seconds: float = 30.0, record: bool = True) -> None:
        os.environ.update(QUIET)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(PRELOADED))
        self.seconds = seconds
        self._own_folder = None if folder else tempfile.mkdtemp(prefix="shell-")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, folder or self._own_folder, record), daemon=True)
        self._process.start()
        theirs.close()

    def run(self, source: str, label: str = "") -> Run:
        """Execute one cell as a notebook would; raises ShellDiedError after `seconds`."""
        try:
            self._pipe.send((source, label))
            if not self._pipe.poll(self.seconds):
                self.close()
                raise ShellDiedError(f"no answer within {self.seconds} s")
            run: Run = self._pipe.recv()
        except (EOFError, OSError) as problem:
            self.close()
            raise ShellDiedError(str(problem)) from problem
        return run

    def close(self) -> None:
        """End the process at once."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._pipe.close()
        if self._own_folder:
            shutil.rmtree(self._own_folder, ignore_errors=True)

    def __enter__(self) -> Shell:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()


class Namespace(dict[str, Any]):
    """The notebook's variables; notes what a running cell does to them."""

    def __init__(self) -> None:
        super().__init__()
        self.lineage: dict[str, tuple[str, ...]] = {}
        self.start("")
        self.noting = False

    def start(self, label: str) -> None:
        """Begin to note for a run."""
        self.label = label
        self.reads: dict[str, tuple[str, ...]] = {}
        self.missing: dict[str, None] = {}
        self.bound: set[str] = set()
        self.deleted: set[str] = set()
        self.noting = True

    def __getitem__(self, name: str) -> Any:
        try:
            value = super().__getitem__(name)
        except KeyError:
            if self.noting and not _OWN.match(name) and not hasattr(builtins, name):
                self.missing[name] = None
            raise
        if self.noting and name not in self.bound and not _OWN.match(name):
            self.reads.setdefault(name, self.lineage.get(name, ()))
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        self.note_bound(name)

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        if self.noting and not _OWN.match(name):
            self.bound.discard(name)
            self.deleted.add(name)
            self.lineage.pop(name, None)

    def note_bound(self, name: str) -> None:
        """`name` was bound by the running cell."""
        if self.noting and isinstance(name, str) and not _OWN.match(name):
            self.bound.add(name)
            self.deleted.discard(name)
            self.lineage[name] = (self.label,)

    def identities(self) -> dict[str, int]:
        """Which object every variable is."""
        return {name: id(value) for name, value in self.items() if not _OWN.match(name)}


class _Outputs:
    """What a running cell puts out, as nbformat writes it."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []

    def stream(self, name: str, text: str) -> None:
        if not text:
            return
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self.items.append({"output_type": "stream", "name": name, "text": text})

    def data(self, kind: str, data: Mapping[str, Any]) -> None:
        # An image stands for itself by its digest: its bytes would say no more and weigh a thousand times as much.
        slim = {m: hashlib.sha256(str(v).encode()).hexdigest() if "image/" in m else v for m, v in data.items()}
        self.items.append({"output_type": kind, "data": slim, "metadata": {}})

    def error(self, name: str, value: str, lines: list[str]) -> None:
        self.items.append({"output_type": "error", "ename": name, "evalue": value, "traceback": lines})


class _Stream(io.TextIOBase):
    def __init__(self, name: str, outputs: _Outputs) -> None:
        self.name = name
        self.outputs = outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.outputs.stream(self.name, text)
        return len(text)


def _serve(pipe: Connection, folder: str, record: bool) -> None:
    """The child: answer runs until the pipe closes."""
    os.environ.update(QUIET, IPYTHONDIR=tempfile.mkdtemp(dir=folder))
    os.chdir(folder)
    sys.stdin = io.StringIO()
    outputs, namespace = _Outputs(), Namespace()
    shell = _make_shell(outputs, namespace)
    sys.stdout, sys.stderr = _Stream("stdout", outputs), _Stream("stderr", outputs)
    before: dict[str, str] = {}
    while True:
        try:
            source, label = pipe.recv()
        except EOFError:
            os._exit(0)
        outputs.items.clear()
        run = _one(shell, namespace, outputs, source, label, before if record else None)
        before = run.values
        pipe.send(run)


def _make_shell(outputs: _Outputs, namespace: Namespace) -> Any:
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets import Type
    from traitlets.config import Config

    class Hook(DisplayHook):  # type: ignore[misc]
        def write_output_prompt(self) -> None:
            pass

        def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
            outputs.data("execute_result", format_dict)

    class Publisher(DisplayPublisher):  # type: ignore[misc]
        def publish(self, data: Any, *args: Any, **kwargs: Any) -> None:
            outputs.data("display_data", data)

        def clear_output(self, wait: bool = False) -> None:
            outputs.items.clear()

    class RecordedShell(InteractiveShell):  # type: ignore[misc]
        displayhook_class = Type(Hook)
        display_pub_class = Type(Publisher)
        system = InteractiveShell.system_piped

        def enable_gui(self, gui: Any = None) -> None:
            pass

        def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
            outputs.error(getattr(etype, "__name__", str(etype)), str(evalue), list(stb))

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    # The one instance: `display` looks for it.
    return RecordedShell.instance(config=config, user_ns=namespace)


def _one(
    shell: Any, namespace: Namespace, outputs: _Outputs, source: str, label: str, before: dict[str, str] | None
) -> Run:
    if not source.strip():
        return Run(label, None, [], values=before or {})
    identities = namespace.identities()
    count = shell.execution_count
    namespace.start(label)
    result = shell.run_cell(source, store_history=True)
    # `global x` in a function, `globals().update`: the dict was written past its own methods.
    for name, identity in namespace.identities().items():
        if identities.get(name) != identity and name not in namespace.bound:
            namespace.note_bound(name)
    namespace.noting = False
    run = Run(label, count, [_numbered(item, count) for item in outputs.items])
    problem = result.error_before_exec or result.error_in_exec
    if problem is not None:
        run.error, run.error_value = type(problem).__name__, str(problem)
    run.reads, run.missing = namespace.reads, tuple(n for n in namespace.missing if n not in namespace)
    run.bound, run.deleted = frozenset(namespace.bound), frozenset(namespace.deleted)
    if before is not None:
        run.values = {n: describe(v) for n, v in dict(namespace).items() if not _OWN.match(n)}
        run.foreign = frozenset(n for n, v in dict(namespace).items() if _foreign(v))
        changed = {n for n, v in run.values.items() if n not in run.bound and n in before and before[n] != v}
        run.changed = frozenset(changed)
        for name in changed:
            namespace.lineage[name] = (*namespace.lineage.get(name, ()), label)
    return run


def _foreign(value: Any) -> bool:
    if isinstance(value, ModuleType):
        return True
    return isinstance(value, type | FunctionType | BuiltinFunctionType) and value.__module__ != "__main__"


def _numbered(output: dict[str, Any], count: int) -> dict[str, Any]:
    return {**output, "execution_count": count} if output["output_type"] == "execute_result" else dict(output)


def describe(value: Any) -> str:
    """A digest of a value; functions and classes by their code, so that an edited one is another value."""
    from nb_mlops.portable.fingerprint import fingerprint

    if isinstance(value, ModuleType):
        return f"module {value.__name__}"
    if isinstance(value, FunctionType):
        return _digest([_code(value.__code__), repr(fingerprint(value.__defaults__))])
    if isinstance(value, type):
        parts = {n: _code(f.__code__) for n, f in vars(value).items() if isinstance(f, FunctionType)}
        plain = {n: fingerprint(v) for n, v in vars(value).items() if isinstance(v, int | float | str | tuple | list)}
        plain = {n: v for n, v in plain.items() if not n.startswith("__")}
        return _digest([value.__name__, parts, plain])
    return _digest(fingerprint(value))


def _code(code: CodeType) -> list[Any]:
    constants = [_code(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
    return [code.co_code.hex(), constants, code.co_names]


def _digest(described: Any) -> str:
    text = json.dumps(described, sort_keys=True, default=str)
    return text if len(text) <= 60 else hashlib.sha256(text.encode()).hexdigest()[:24]
