"""The files of a set-up, as texts: what to write so that a repository lints its notebooks at every commit and change.

Pure: what stands in a file comes in, what should stand there goes out. A file of somebody else's is added to and never
written anew; where that cannot be done surely, the lines are there to be put in by hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nb_mlops.core.value import Struct

_GITHUB = "https://github.com/"
SOURCE = f"{_GITHUB}nb-mlops/nb-mlops"
_ITEM = re.compile(r"(?m)^( *)- +(?:repo|id|hooks):")
_KEY = re.compile(r"(?m)^[A-Za-z_][\w-]*:")


class Proposal(Struct, frozen=True):
    """A file to write. `before` is None where there is none yet; `after` is "" where only a person can put the lines
    in, which then are `lines`. Nothing is to be done where `before` and `after` are the same."""

    path: str
    why: str
    before: str | None
    after: str
    lines: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the file already is as proposed."""
        return self.before is not None and self.before == self.after


def settings(path: str, text: str | None, exclude: Sequence[str]) -> Proposal:
    """The section of settings, at the end of pyproject.toml, or nb-mlops.toml as a whole."""
    own = path == "nb-mlops.toml"
    why = "settings: from which severity on a commit is stopped, and what is left out"
    if text is not None and (own or re.search(r"(?m)^\s*\[tool\.nb-mlops[.\]]", text)):
        return Proposal(path, why, text, text)
    quoted = ", ".join(f'"{_toml(folder)}"' for folder in exclude)
    section = (
        f"[{'' if own else 'tool.nb-mlops.'}lint]\n"
        '# A finding of this severity or above stops a commit: "info", "warning" or "error".\n'
        'fail-on = "warning"\n'
        f"exclude = [{quoted}]\n"
    )
    return Proposal(path, why, text, _appended(text, section))


def _toml(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _appended(text: str | None, section: str) -> str:
    if not text:
        return section
    newline = "\r\n" if "\r\n" in text else "\n"
    end = "" if text.endswith("\n") else newline
    return text + end + newline + section.replace("\n", newline)


def hook(text: str | None, version: str, source: str = SOURCE) -> Proposal:
    """pre-commit's file with our hooks in it."""
    path, why = ".pre-commit-config.yaml", "a hook: notebooks are linted when they are committed"
    rows = (f"- repo: {source}", f"  rev: v{version}", "  hooks:", "    - id: nb-mlops")
    if text is None or not text.strip():
        return Proposal(path, why, text, "repos:\n" + "".join(f"  {row}\n" for row in rows))
    if re.search(r"(?m)^\s*- +id: +['\"]?nb-mlops\b", text):
        return Proposal(path, why, text, text)
    lines = "".join(f"{row}\n" for row in rows)
    start = re.search(r"(?m)^repos:[ \t]*(?:#.*)?$", text)
    item = _ITEM.search(text, start.end()) if start else None
    if start is None or item is None:
        return Proposal(path, why, text, "", lines)
    after = _KEY.search(text, start.end())  # the next key of the file's own
    head, tail = (text[: after.start()], text[after.start() :]) if after else (text, "")
    head = head if head.endswith("\n") else head + "\n"
    return Proposal(path, why, text, head + "".join(f"{item[1]}{row}\n" for row in rows) + tail)


def github(text: str | None, version: str, branch: str, source: str = SOURCE) -> Proposal:
    """A workflow of its own."""
    path, why = ".github/workflows/nb-mlops.yml", "CI: every pull request is judged by what it changes"
    if text is not None:
        return Proposal(path, why, text, text)
    steps = _ACTION if source.startswith(_GITHUB) else _INSTALLED
    origin = source if "://" in source else f"file://{source}"
    words = {"branch": branch, "action": source.removeprefix(_GITHUB), "origin": origin, "version": version}
    return Proposal(path, why, None, (_WORKFLOW + steps).format(**words))


_WORKFLOW = """\
name: notebooks
on:
  pull_request:
  push:
    branches: ["{branch}"]
permissions:
  contents: read
  security-events: write
jobs:
  nb-mlops:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
"""
_ACTION = """\
      - uses: {action}@v{version}
"""
# GitHub takes an action from GitHub alone; from elsewhere the program is installed and run.
_INSTALLED = """\
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: python -m pip install --quiet "nb-mlops @ git+{origin}@v{version}"
        env:
          NB_MLOPS_SKIP_FRONTEND: "1"
      - run: python -m nb_mlops ci --no-run --format github
"""


def gitlab(text: str | None, version: str, source: str = SOURCE) -> Proposal:
    """GitLab's file with our template included."""
    path, why = ".gitlab-ci.yml", "CI: every merge request is judged by what it changes"
    raw = source.replace(_GITHUB, "https://raw.githubusercontent.com/") if _GITHUB in source else f"{source}/-/raw"
    line = f"  - remote: {raw}/v{version}/templates/gitlab.yml\n"
    if text is None or not text.strip():
        return Proposal(path, why, text, f"include:\n{line}")
    if re.search(r"/nb-mlops/[^\s]*templates/gitlab\.yml", text):
        return Proposal(path, why, text, text)
    if not re.search(r"(?m)^include:", text):
        return Proposal(path, why, text, _appended(text, f"include:\n{line}"))
    found = re.search(r"(?m)^include:[ \t]*\n((?:[ ]*(?:- .*|  +\S.*)\n)+)", text)
    item = re.match(r"( *)- ", found[1]) if found else None
    if found is None or item is None:
        return Proposal(path, why, text, "", f"include:\n{line}")
    at = found.end()
    return Proposal(path, why, text, text[:at] + item[1] + line.strip() + "\n" + text[at:])


def abandoned(paths: Sequence[str]) -> tuple[str, ...]:
    """Folders of notebooks that, by their names, nobody works on any more; outermost ones only."""
    found: dict[str, None] = {}
    for path in sorted(paths):
        parts = path.split("/")[:-1]
        for depth, part in enumerate(parts):
            if part.lower().strip("_-. ") in _ABANDONED:
                found["/".join(parts[: depth + 1]) + "/"] = None
                break
    return tuple(found)


_ABANDONED = frozenset(
    {
        "archive",
        "archived",
        "archives",
        "old",
        "deprecated",
        "legacy",
        "obsolete",
        "backup",
        "backups",
        "attic",
        "trash",
    }
)
