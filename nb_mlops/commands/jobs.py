"""`jobs`: the verbs that take long, run on their own so that somebody can go on working, look in, or stop them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from nb_mlops.checker.parameters import declared
from nb_mlops.core.errors import UsageError
from nb_mlops.core.job import Job
from nb_mlops.core.notebook import Notebook, Unreadable
from nb_mlops.evidence.digest import notebook_digest
from nb_mlops.ipynb.read import read
from nb_mlops.outside.files import read_bytes, unreadable
from nb_mlops.outside.jobs import Jobs

# By verb, which options a job may have, and what each is on the command line ("" for a switch).
VERBS: Mapping[str, Mapping[str, str]] = {
    "check": {"repeat": "--repeat", "thorough": "--thorough", "offline": "--offline", "rebuild": "--rebuild"},
    "convert": {"out": "--out", "no_run": "--no-run"},
    "evaluate": {"model": "--model", "holdout": "--holdout", "target": "--target", "metric": "--metric"},
    "gate": {"model": "--model"},
    "register": {"model": "--model"},
    "lint": {},
}
_WITH_PAGE = frozenset({"check"})
_SWITCHES = frozenset({"no_run", "thorough", "offline", "rebuild"})


def start(root: str, verb: str, notebook: str, options: Mapping[str, Any]) -> Job:
    """Start `nb-mlops VERB NOTEBOOK` in `root`. Raises UsageError for a verb or an option that jobs do not have."""
    if verb == "lint":  # of a whole folder, under the settings that hold there
        return Jobs(root).start(verb, arguments(verb, ".", options), notebook, folder=notebook)
    words, page = arguments(verb, notebook, options), verb in _WITH_PAGE
    return Jobs(root).start(verb, words, notebook, content(root, notebook), page=page)


def arguments(verb: str, notebook: str, options: Mapping[str, Any]) -> list[str]:
    """The words of the command line. Values come last in an option's own word, so that none is taken for an option."""
    if verb not in VERBS:
        raise UsageError(f"`{verb}` is not run as a job.", f"Jobs are {', '.join(VERBS)}.")
    known, words = VERBS[verb], ["--format", "json", *(["--progress", "json"] if verb == "check" else [])]
    for name, value in options.items():
        if name == "parameters" and verb == "check" and isinstance(value, Mapping):
            for key, text in value.items():
                words += ["-p", str(key), str(text)]
        elif name not in known:
            raise UsageError(f"`{verb}` has no option `{name}`.")
        elif name in _SWITCHES:
            words += [known[name]] if value else []
        else:
            words.append(f"{known[name]}={value}")
    return [*words, "--", notebook]


def content(root: str, notebook: str) -> str:
    """Which state of the notebook this is: the digest that evidence names it by; "" for what is no notebook."""
    found = _read(root, notebook)
    return notebook_digest(found) if isinstance(found, Notebook) else ""


def parameters(root: str, notebook: str) -> dict[str, Any] | None:
    """The names of the notebook's `parameters` cell with their defaults, null for one that is no plain value; None when
    there is no such cell, or it cannot be read."""
    found = _read(root, notebook)
    try:
        names = declared(found) if isinstance(found, Notebook) else None
    except UsageError:
        return None
    if names is None:
        return None
    return {name: value if isinstance(value, (str, int, float, bool)) else None for name, value in names.items()}


def _read(root: str, notebook: str) -> Notebook | Unreadable:
    try:
        return read(read_bytes(os.path.join(root, notebook)), notebook)  # noqa: PTH118 - one join is no path logic
    except OSError as error:
        return unreadable(notebook, error)


def get(root: str, id: str) -> Job:
    """A job as it is now. Raises UsageError for one that there is not."""
    return Jobs(root).get(id)


def every(root: str) -> tuple[Job, ...]:
    """The jobs of a folder, newest first."""
    return Jobs(root).all()


def cancel(root: str, id: str) -> Job:
    """Stop a job."""
    return Jobs(root).cancel(id)


def page(root: str, id: str) -> str:
    """The HTML report that a job made. Raises UsageError where there is none."""
    found = Jobs(root).page(id)
    if found is None:
        raise UsageError("This job made no page.", "Its result is in the journey.")
    return found


def report(job: Job, whole: bool = True) -> dict[str, Any]:
    """The job as JSON values; `result` is what the command printed, when that is JSON."""
    names = ("id", "verb", "notebook", "content", "started", "ended", "exit_code")
    found: dict[str, Any] = {name: getattr(job, name) for name in names}
    found |= {"state": job.state.value, "progress": list(job.progress)}
    if whole:
        found["result"] = _parsed(job.output)
    return found


def _parsed(output: str | None) -> Any:
    try:
        return json.loads(output) if output else None
    except ValueError:
        return None
