"""What the runs did to the world around them, and so to each other: files, the network, the signing key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nb_mlops.checker import findings as say
from nb_mlops.checker.factors import Kind
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import RunRecord
from nb_mlops.core.value import replace

_OVERWRITTEN = (
    "is read and then written by the notebook, so each run starts from what the last one left. Write to another file."
)
_LEFT_BEHIND = (
    "was written by one run and read by the next, so the runs prove nothing about each other. Make it anew in each run."
)


def circumstances(notebook: Notebook, records: Sequence[RunRecord], key_path: str) -> Iterator[Finding]:
    """Findings about the runs' surroundings; `key_path` is the signing key as the records would show it."""
    base = records[0]
    if base.ok and not base.environment.python:
        words = "This kernel cannot be watched from inside, so what it read is not known. Run it with an ipykernel."
        yield say.finding(say.UNWATCHED, notebook, words)
    for path, words in _feeding(records).items():
        yield say.finding(say.RUNS_FEED_RUNS, notebook, f"`{path}` {words}")
    for path in _changing(records):
        words = f"`{path}` was read, and had other contents in another run: no evidence could say which. Keep it still."
        yield say.finding(say.DATA_CHANGED, notebook, words)
    if key_path and any(file.path == key_path for record in records for file in record.files_read):
        words = "The notebook opened the signing key: it could sign whatever it likes. Remove that, and make a new key."
        yield say.finding(say.KEY_OPENED, notebook, words)
    if base.network:
        hosts = ", ".join(say.safe(host) for host in base.network[:5])
        words = f"The notebook used the network ({hosts}): what it gets may be another thing tomorrow. Keep a copy."
        if base.isolation:
            words = (
                f"The notebook reached for the network ({hosts}), which was taken away: with it, it may do otherwise."
            )
        yield say.finding(say.NETWORK, notebook, words)
    for warning in dict.fromkeys(warning for record in records for warning in record.warnings):
        yield say.finding(say.RUN_WARNING, notebook, warning)


def settled(records: Sequence[RunRecord]) -> tuple[RunRecord, ...]:
    """The records without the files that only the watch on the folders saw, and not in every run: somebody else opened
    them there at that moment."""
    whole = [record for record in records if record.ok and Kind.FOLDER.value not in record.factors and record.seen_by]
    if len(whole) < 2:
        return tuple(records)
    always = frozenset.intersection(*(frozenset(record.seen_by) for record in whole))
    return tuple(_settled(record, always) for record in records)


def _settled(record: RunRecord, always: frozenset[str]) -> RunRecord:
    strange = {path for path, who in record.seen_by.items() if who == "system" and path not in always}
    if not strange:
        return record
    return replace(
        record,
        files_read=tuple(file for file in record.files_read if file.path not in strange),
        files_written=tuple(path for path in record.files_written if path not in strange),
        seen_by={path: who for path, who in record.seen_by.items() if path not in strange},
    )


def undeclared(notebook: Notebook, records: Sequence[RunRecord], patterns: Sequence[str]) -> Iterator[Finding]:
    """Data files that were read and that the settings do not name, where they name any; modules are no data."""
    if not patterns:
        return
    from pathspec import GitIgnoreSpec  # most checks declare nothing

    spec = GitIgnoreSpec.from_lines(patterns)
    read = sorted({file.path for record in records for file in record.files_read})
    found = [path for path in read if not path.endswith(".py") and not spec.match_file(path.lstrip("./"))]
    if found:
        names = ", ".join(f"`{say.safe(path)}`" for path in found[:5]) + (
            f" and {len(found) - 5} more" if found[5:] else ""
        )
        words = (
            f"The notebook read {names}, which `data` in [tool.nb-mlops.check] does not name: what the model is made "
            "of would not be what was agreed. Declare it there, or do not read it."
        )
        yield say.finding(say.UNDECLARED_DATA, notebook, words)


def _feeding(records: Sequence[RunRecord]) -> dict[str, str]:
    """Files by which one run would reach into the next; one in a copy of the project reaches nobody."""
    records = [record for record in records if Kind.FOLDER.value not in record.factors]
    found: dict[str, str] = {}
    written: set[str] = set()
    for record in records:
        read = {file.path for file in record.files_read}
        for path in sorted(read & set(record.files_written)):
            if not _is_log(path):
                found[path] = _OVERWRITTEN
        for path in sorted(read & written - found.keys()):
            if not _is_log(path):
                found[path] = _LEFT_BEHIND
        written |= set(record.files_written)
    return found


def _is_log(path: str) -> bool:
    """Whether a file is where experiments are logged, which every run adds to and none goes by."""
    parts = path.split("/")
    return parts[-1].startswith("mlflow.db") or not {"mlruns", "mlartifacts", "wandb", "lightning_logs"}.isdisjoint(
        parts
    )


def _changing(records: Sequence[RunRecord]) -> list[str]:
    digests: dict[str, set[str]] = {}
    for record in records:
        for file in record.files_read:
            digests.setdefault(file.path, set()).add(file.sha256)
    fed = _feeding(records)
    return sorted(path for path, seen in digests.items() if len(seen) > 1 and path not in fed and not _is_log(path))
