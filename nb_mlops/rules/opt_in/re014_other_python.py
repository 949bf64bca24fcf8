"""The notebook ran on a Python that the project rules out.

## What it does

Compares the version of Python that the file says it ran on with what the project asks for: `requires-python`,
`python_requires`, `.python-version`, the `python` of environment.yml, Poetry, Pipfile, pixi or runtime.txt, in the
folders from the notebook to the project's root.

## Why is this bad?

The saved outputs come from another Python than anybody gets who follows the project: what they show may not come
again, and what the code needs may be missing.

## What it leaves alone

Projects that ask for no version, files that say no version, and a version that one of several files allows.

## What to do

Run the notebook on the project's Python and save it, or let the project allow the version it needs. Off by default:
what it says holds, but a project that pins one version rarely runs all its notebooks again for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.project import Stated
from nb_mlops.linter.rule import THE_NOTEBOOK, Hit, Rule, code, example

_PART = pattern(r"\s*(===?|~=|!=|<=|>=|<|>)\s*v?(\d+)(?:\.(\d+|\*))?(?:\.(\d+|\*))?\S*\s*")


def check(view: View) -> Iterator[Hit]:
    """At most one hit."""
    version = view.python_version
    if version[0] == 0 or not view.notebook.is_python:
        return
    declared = view.project.declared
    asked = declared.pythons if declared is not None else ()
    if not asked or any(_allows(specifier, version) for specifier in asked):
        return
    wanted = " or ".join(f"`{specifier}`" for specifier in asked[:3])
    yield Hit(
        f"The notebook ran on Python {version[0]}.{version[1]}, and the project asks for {wanted}: nobody who follows "
        "the project gets these outputs from the same Python. Run it on the project's and save it, or let the project "
        "allow this one.",
        THE_NOTEBOOK,
    )


def _allows(specifier: str, version: tuple[int, int]) -> bool:
    """Whether some release of this Python fits a specifier of PEP 440; what is not understood allows all.

    Written out, as loading the library for it takes longer than linting a small notebook.
    """
    parts = [_PART.fullmatch(part) for part in specifier.split(",")]
    return all(part is None or _fits(part[1], part[2], part[3], part[4], version) for part in parts)


def _fits(sign: str, major: str, minor: str | None, micro: str | None, version: tuple[int, int]) -> bool:
    if minor in (None, "*"):
        limit, exact = (int(major), 0), version[0] == int(major)
    else:
        limit, exact = (int(major), int(minor or 0)), version == (int(major), int(minor or 0))
    patched = micro not in (None, "*", "0")
    return {
        ">=": version >= limit,
        ">": version > limit or (exact and patched),
        "<": version < limit or (exact and patched),
        "<=": version <= limit,
        "!=": not exact or patched,
        "~=": version[0] == limit[0] and version >= limit and (micro is None or exact),
    }.get(sign, exact)


_INFO = {"name": "python", "version": "3.7.4"}

RULE = Rule(
    "RE014",
    "other-python",
    Severity.WARNING,
    bad=lambda: (
        example(code("print(1)"), language_info=_INFO, around=Stated(pythons=(">=3.9,<3.13",))),
        example(code("print(1)"), language_info=_INFO, around=Stated(pythons=("==3.8.*", ">=3.10"))),
        example(code("print(1)"), language_info=_INFO, around=Stated(pythons=("~=3.9",))),
    ),
    good=lambda: (
        example(code("print(1)"), language_info=_INFO, around=Stated(pythons=(">=3.6",))),
        example(
            code("print(1)"), language_info=_INFO, around=Stated(pythons=("==3.11.*", "==3.7.*")), note="one of two"
        ),
        example(code("print(1)"), language_info=_INFO, around=Stated(pythons=("<=3.7", "whatever"))),
        example(code("print(1)"), language_info=_INFO, around=Stated()),
        example(code("print(1)"), around=Stated(pythons=(">=3.9",)), note="the file does not say"),
    ),
    check=check,
    default=False,
)
