"""Options of every verb that makes a lint report: in which form it is printed, and what is written to files beside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

from nb_mlops.core.errors import UsageError
from nb_mlops.core.finding import Report
from nb_mlops.core.settings import LintSettings
from nb_mlops.reporters.forms import FORMS

Function = TypeVar("Function", bound=Callable[..., Any])
Wanted = tuple[str, str]


def _parsed(values: Sequence[str], forms: Collection[str]) -> tuple[Wanted, ...]:
    """What `--report FORM=FILE` asks for; `forms` are those there are."""
    found = []
    for value in values:
        form, _, file = value.partition("=")
        if form not in forms or not file:
            raise click.BadParameter(f"'{value}' is not FORM=FILE with a FORM of {', '.join(forms)}.")
        found.append((form, file))
    return tuple(found)


def link(target: str, page: str) -> str:
    """How the page in the file `page` links to another file."""
    import os
    from pathlib import PurePath
    from urllib.parse import quote

    return quote(PurePath(os.path.relpath(target, os.path.dirname(page) or ".")).as_posix())  # noqa: PTH120


def format_option(forms: Collection[str]) -> Callable[[Function], Function]:
    """`--format`, for a verb that reports in these forms."""
    return click.option(
        "--format", "form", type=click.Choice(list(forms)), default="text", show_default=True, help="What is printed."
    )


def report_option(forms: Collection[str]) -> Callable[[Function], Function]:
    """`--report`, likewise."""
    return click.option(
        "--report",
        "wanted",
        multiple=True,
        metavar="FORM=FILE",
        callback=lambda _context, _option, values: _parsed(values, forms),
        help=f"Write a report to a file as well; give it as often as you like. Forms: {', '.join(forms)}.",
    )


def rendered(
    report: Report,
    forms: Iterable[str],
    settings: LintSettings,
    title: str = "",
    notes: tuple[str, ...] = (),
) -> dict[str, str]:
    """The report in each of these forms; what they show beside the findings is looked up once for all of them."""
    wanted = [FORMS[form] for form in dict.fromkeys(forms)]
    needs = {need for form in wanted for need in form.needs}
    found = None
    if needs:
        from nb_mlops.commands.steps.exhibits import exhibits  # a terminal shows the findings alone

        found = exhibits(report, settings, needs, title, notes)
    return {form.name: form.render(report, found) for form in wanted}


def write_reports(texts: Mapping[str, str], wanted: Sequence[Wanted]) -> None:
    """Every report that was asked for, each replaced as one step. Raises UsageError where a file cannot be written."""
    from pathlib import Path

    from nb_mlops.outside.writing import write_atomic

    for form, file in wanted:
        folder = Path(file).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"The folder `{folder}` cannot be made: {error.strerror}.",
                "Name a file in a folder that you may write to.",
            ) from error
        write_atomic(file, texts[form].encode("utf-8", "replace"))


def forms_of(wanted: Sequence[Wanted], *others: str) -> tuple[str, ...]:
    """The forms that files want, and others; text is for the terminal, which paints it."""
    return (*(form for form, _ in wanted), *(form for form in others if form != "text"))
