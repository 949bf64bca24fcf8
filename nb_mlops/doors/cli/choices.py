"""Options that several verbs share: which rules run, and from where on a finding fails the run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from nb_mlops.core.finding import Severity
from nb_mlops.core.settings import Settings
from nb_mlops.core.value import replace
from nb_mlops.outside.discovery import discover
from nb_mlops.outside.settings_file import load_settings
from nb_mlops.reporters.text import WIDTH

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.argument("paths", nargs=-1, metavar="[PATHS]..."),
    click.option("--select", multiple=True, metavar="CODES", help="Run only these rules: codes or their beginnings."),
    click.option("--extend-select", multiple=True, metavar="CODES", help="Run these beside the default ones."),
    click.option("--ignore", multiple=True, metavar="CODES", help="Do not run these."),
    click.option(
        "--fail-on",
        type=click.Choice([severity.value for severity in (Severity.INFO, Severity.WARNING, Severity.ERROR)]),
        help="Lowest severity that makes the exit code 1.  [default: warning, or the project's setting]",
    ),
)


def lint_options(function: Function) -> Function:
    """PATHS and the options that choose rules."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def settings_with(
    select: Sequence[str], extend_select: Sequence[str], ignore: Sequence[str], fail_on: str | None
) -> Settings:
    """The project's settings with what the command line says laid over them."""
    settings = load_settings(".")[0]
    lint = replace(
        settings.lint,
        select=codes(select) or settings.lint.select,
        extend_select=(*settings.lint.extend_select, *codes(extend_select)),
        ignore=(*settings.lint.ignore, *codes(ignore)),
        fail_on=fail_on or settings.lint.fail_on,
    )
    return replace(settings, lint=lint)


force_exclude_option = click.option(
    "--force-exclude", is_flag=True, help="Leave out what the project excludes even where it is named: for hooks."
)


def named(paths: Sequence[str], settings: Settings, force_exclude: bool) -> Sequence[str]:
    """The paths that were named, the current folder by default; with `force_exclude` less what the project excludes."""
    return discover(paths or (".",), settings.lint.exclude, True) if force_exclude else paths or (".",)


def audited(settings: Settings) -> Settings:
    """The settings under which nothing is silenced in a notebook without a reason."""
    lint = settings.lint
    ignore = tuple(spec for spec in lint.ignore if not spec.upper().startswith("FM015"))
    return replace(settings, lint=replace(lint, ignore=ignore, extend_select=(*lint.extend_select, "FM015")))


def coloured() -> bool:
    """Whether a person looks at a terminal that shows colours and wants them."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def width() -> int:
    """How many columns a report may take: the terminal's where it is narrower than a report needs."""
    import shutil

    wide = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
    return max(50, min(WIDTH, wide))


def codes(words: Sequence[str]) -> tuple[str, ...]:
    """`--select EX,SE001 --select PI` as codes."""
    return tuple(code for word in words for code in word.replace(",", " ").split())
