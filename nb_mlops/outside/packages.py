"""Generated packages on disk: written as one step, run by the notebook's own Python, never over anybody's work."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from nb_mlops.core.errors import UsageError
from nb_mlops.outside import processes
from nb_mlops.outside.environment import scrubbed

_PORTABLE = Path(__file__).resolve().parent.parent / "portable"
_TAIL = 4000
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of running a generated package: what it recorded, or in words why it did not."""

    found: Mapping[str, Any] | None
    problem: str = ""


def portable_texts() -> dict[str, str]:
    """The modules that travel with a package, by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in _PORTABLE.glob("*.py")}


def kernel_python(kernel: str, metadata: Mapping[str, Any]) -> str:
    """The interpreter of the kernel that runs a notebook; our own where that cannot be told."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    from nb_mlops.outside.kernel import choose_kernel

    try:
        name, _ = choose_kernel(kernel, metadata)
        command = KernelSpecManager().get_kernel_spec(name).argv
    except (LookupError, NoSuchKernel):
        return sys.executable
    first = command[0] if command else ""
    return shutil.which(first) or sys.executable if "python" in Path(first).name else sys.executable


def record(
    root: Path,
    package: str,
    expected: Mapping[str, Any],
    python: str,
    timeout: int,
    hash_seed: str = "0",
    how: str = "",
) -> Ran:
    """Run the package below `root` once, in a process of its own, and return what its stages did; `hasty`: up to the
    first stage that does not do what is expected; `lean`: without the stages that only look at data."""
    return _ask(root, "golden", package, expected, python, timeout, hash_seed, (how,) if how else ())


def record_alone(root: Path, package: str, expected: Mapping[str, Any], python: str, timeout: int) -> Ran:
    """What stages and functions of the package below `root` can be tested with by themselves (portable.alone), under
    either of two hash seeds."""
    first, second = (_ask(root, "alone", package, expected, python, timeout, seed) for seed in "01")
    if first.found is None or second.found is None:
        return first if first.found is None else second
    stages = {name: inputs for name, inputs in first.found["stages"].items() if name in second.found["stages"]}
    return Ran({"stages": stages, "calls": [one for one in first.found["calls"] if one in second.found["calls"]]})


def _ask(
    root: Path,
    what: str,
    package: str,
    expected: Mapping[str, Any],
    python: str,
    timeout: int,
    hash_seed: str,
    more: Sequence[str] = (),
) -> Ran:
    with tempfile.TemporaryDirectory(prefix="nbm-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        (scratch / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
        out = scratch / "found.json"
        data = str(root / "tests" / "data")
        command = [python, "-m", f"nbm_golden.{what}", package, "expected.json", data, str(out), *more]
        inherited = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
        path = os.pathsep.join([str(root / "src"), str(root / "tests"), *inherited])
        environ = scrubbed(os.environ, {"PYTHONPATH": path, "PYTHONHASHSEED": hash_seed, "MPLBACKEND": "agg"})
        code, log = _run(command, scratch, environ, timeout)
        if code == 0 and out.is_file():
            return Ran(json.loads(out.read_text(encoding="utf-8")))
        if code is None:
            return Ran(None, f"it ran longer than {timeout} s")
        return Ran(None, _last_line(log) or f"it ended with exit code {code}")


def record_twice(
    root: Path, package: str, expected: Mapping[str, Any], python: str, timeout: int, at_once: int
) -> tuple[Ran, ...]:
    """Run the package below `root` under two hash seeds, at the same time where that is possible; once where the first
    of two runs in turn fails."""
    run = partial(record, root, package, expected, python, timeout)
    if at_once < 2:
        first = run("0")
        return (first,) if first.found is None else (first, run("1"))
    return tuple(_each(run, ("0", "1"), 2))


def record_variants(
    root: Path,
    package: str,
    variants: Sequence[Mapping[str, str]],
    expected: Mapping[str, Any],
    python: str,
    timeout: int,
    at_once: int,
    closely: bool = False,
) -> list[Ran]:
    """Run variants of the package below `root`, each with some files replaced and up to its first difference, some at
    the same time; `closely`: to the end, noting everything that their functions hold (portable.closely)."""

    def one(changed: Mapping[str, str]) -> Ran:
        with _variant(root, changed) as place:
            if closely:
                return _ask(place, "closely", package, expected, python, timeout, "0")
            return record(place, package, expected, python, timeout, how="hasty")

    return _each(one, variants, at_once)


@contextlib.contextmanager
def _variant(root: Path, changed: Mapping[str, str]) -> Iterator[Path]:
    """A copy of the package below `root`, for a while, with some of its files replaced."""
    with tempfile.TemporaryDirectory(prefix="nbm-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        shutil.copytree(root / "src", place / "src", ignore=shutil.ignore_patterns("__pycache__"))
        (place / "tests").mkdir()
        for inner in (root / "tests").iterdir():
            (place / "tests" / inner.name).symlink_to(inner.resolve())
        write_tree(place, changed)
        yield place


def _each(work: Callable[[_Item], Ran], items: Sequence[_Item], at_once: int) -> list[Ran]:
    """What `work` gives for each of the items, some of them at the same time. On Ctrl-C (or SIGTERM) what is under way
    is ended."""
    with processes.heeding_terminate(), ThreadPoolExecutor(at_once) as threads:
        futures = [threads.submit(work, item) for item in items]
        try:
            return [future.result() for future in futures]
        except BaseException:
            left = {future for future in futures if not future.cancel()}
            while left:
                for process in tuple(_under_way):
                    _end(process)
                left = wait(left, timeout=0.1)[1]
            raise


_under_way: set[subprocess.Popen[bytes]] = set()


def _run(command: list[str], folder: Path, environ: dict[str, str], timeout: int) -> tuple[int | None, str]:
    """Exit code (None when it took too long) and what it wrote; nothing of it is left running."""
    with processes.heeding_terminate(), (folder / "log.txt").open("w+b") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        _under_way.add(process)
        code: int | None
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end(process)
            process.wait()
            _under_way.discard(process)
        log.seek(0)
        return code, log.read().decode("utf-8", "replace")[-_TAIL:]


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _last_line(log: str) -> str:
    lines = [line for line in log.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def write_tree(root: Path, files: Mapping[str, str]) -> None:
    """Write text files below a folder of our own making."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def copy_data(root: Path, files: Iterable[tuple[Path, str]], folders: Iterable[str] = ()) -> None:
    """Copy data files into the tests of the package below `root`, and make folders there, which git keeps."""
    for folder in folders:
        place = root / "tests" / "data" / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / ".gitkeep").touch()
    for source, name in files:
        target = root / "tests" / "data" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def zipped(root: Path) -> bytes:
    """The files of a package as a zip file, in a folder of the package's name; the same files give the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{root.name}/{path.relative_to(root).as_posix()}")
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return held.getvalue()


@dataclass(frozen=True, slots=True)
class Found:
    """A package that was made from the notebook before: its map, what was generated then, and how its files stand."""

    map: Mapping[str, Any]
    base: str
    files: Mapping[str, str]


def found_package(out: Path, mark: str, base: str, notebook: str) -> Found | None:
    """The package in `out`, None where the folder is free or empty. `mark` and `base` are the files by which it is
    known. Raises UsageError for a folder that holds anything else."""
    if not out.exists():
        return None
    if not out.is_dir():
        raise UsageError(f"`{out}` is a file.", "Name a folder with --out.")
    if not any(out.iterdir()):
        return None
    try:
        made = json.loads((out / mark).read_text(encoding="utf-8"))
        made_from, generated = made["notebook"], (out / base).read_text(encoding="utf-8")
    except (OSError, ValueError, KeyError, TypeError):
        made, made_from, generated = {}, None, ""
    if made_from != notebook:
        raise UsageError(
            f"`{out}` holds files that were not made from {notebook}; they would be lost.",
            "Name an empty folder with --out, or remove this one.",
        )
    return Found(made, generated, _texts(out))


_LARGEST = 20_000_000  # bytes; what is larger no converter wrote


def _texts(root: Path) -> dict[str, str]:
    """The text files where a package has its own: at the top, below src and below tests, data left out."""
    places = [*root.glob("*"), *root.glob("src/**/*"), *root.glob("tests/*"), *root.glob("tests/[gn]*/*")]
    texts = {}
    for path in places:
        if path.is_file() and "__pycache__" not in path.parts and path.stat().st_size < _LARGEST:
            with contextlib.suppress(OSError, UnicodeDecodeError):
                texts[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8")
    return texts


def publish_over(built: Path, out: Path, gone: Iterable[str]) -> None:
    """Write the files of the tree `built` over those in `out`, each as one step, and remove those in `gone`; all
    other files stay."""
    for path in sorted(path for path in built.rglob("*") if path.is_file()):
        target = out / path.relative_to(built)
        if target.is_file() and target.read_bytes() == path.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        staged = target.with_name(f".{target.name}-new")
        shutil.copyfile(path, staged)
        if target.exists():
            shutil.copymode(target, staged)
        staged.replace(target)
    for relative in gone:
        (out / relative).unlink(missing_ok=True)


def publish(built: Path, out: Path) -> None:
    """Put the finished tree at `out`, which is free or empty, as one step."""
    out.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        shutil.copytree(built, staged, dirs_exist_ok=True)
        staged.chmod(0o755)
        if out.exists():
            out.rmdir()
        staged.rename(out)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
