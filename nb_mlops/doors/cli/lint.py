"""`nb-mlops lint`."""

from __future__ import annotations

from collections.abc import Iterable

import click

from nb_mlops.commands.lint import lint
from nb_mlops.core.errors import ExitCode
from nb_mlops.core.finding import Report, Severity
from nb_mlops.core.settings import Settings
from nb_mlops.core.value import replace
from nb_mlops.doors.cli.choices import (
    audited,
    coloured,
    force_exclude_option,
    lint_options,
    named,
    settings_with,
    width,
)
from nb_mlops.doors.cli.progress import progress
from nb_mlops.doors.cli.reports import format_option, forms_of, rendered, report_option, write_reports
from nb_mlops.doors.cli.verb import Verb
from nb_mlops.reporters import text
from nb_mlops.reporters.forms import FORMS


@click.command("lint", cls=Verb)
@lint_options
@click.option("--baseline", metavar="FILE", help="Findings in this file are known: counted, not shown.")
@click.option("--no-baseline", is_flag=True, help="Show known findings, too.")
@format_option(FORMS)
@report_option(FORMS)
@click.option("--statistics", is_flag=True, help="How often each rule spoke, instead of each finding.")
@click.option("--explain", metavar="CODE", help="Show the page of a rule, and look at no notebook.")
@click.option("--why", is_flag=True, help="Say of each secret what gave it away, without showing it.")
@click.option("-q", "--quiet", is_flag=True, help="One line a finding, no summary.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option("--ruff/--no-ruff", default=None, help="Ask ruff too.  [default: yes, or the project's setting]")
@click.option("--no-cache", is_flag=True, help="Read every notebook afresh and remember nothing.")
@click.option("--diff-base", metavar="REV", help="Only notebooks that have changed since HEAD and REV parted.")
@click.option("--history", is_flag=True, help="Look at every version in the git history, for what it keeps.")
@force_exclude_option
@click.option("--audit", is_flag=True, help="A suppression in a notebook without a reason is an error (FM015).")
def command(
    paths: tuple[str, ...],
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    baseline: str | None,
    no_baseline: bool,
    form: str,
    wanted: tuple[tuple[str, str], ...],
    statistics: bool,
    explain: str | None,
    why: bool,
    quiet: bool,
    exit_zero: bool,
    ruff: bool | None,
    no_cache: bool,
    diff_base: str | None,
    history: bool,
    force_exclude: bool,
    audit: bool,
) -> int:
    """Find what would go wrong in notebooks: hidden state, secrets, embedded data, leakage, what cannot be repeated.

    PATHS are notebooks or folders (walked for *.ipynb); the current folder by default. Reads every file, runs none.
    Exits with 1 when there are findings, with 3 when there is no notebook.
    """
    if explain is not None:
        return _explain(explain)
    settings = settings_with(select, extend_select, ignore, fail_on)
    if ruff is not None:
        settings = replace(settings, lint=replace(settings.lint, ruff=ruff))
    if audit:
        settings = audited(settings)
    if history:
        return _history(settings, diff_base, form, wanted, (quiet, why), not no_cache, exit_zero)
    looked = named(paths, settings, force_exclude)
    if diff_base is not None:
        from nb_mlops.commands.steps.changed import changed  # hooks name their files

        looked = changed(looked, settings.lint.exclude, diff_base)
    with progress("notebooks") as told:
        report = lint(looked, settings, "" if no_baseline else baseline, not no_cache, told)
    _tell(report, settings, form, wanted, (statistics, quiet, why))
    if not report.notebooks:
        return _nothing(paths, diff_base, force_exclude)
    failed = bool(report.at_or_above(Severity(settings.lint.fail_on)))
    return ExitCode.FINDINGS if failed and not exit_zero else ExitCode.CLEAN


def _tell(
    report: Report, settings: Settings, form: str, wanted: tuple[tuple[str, str], ...], style: tuple[bool, bool, bool]
) -> None:
    texts = rendered(report, forms_of(wanted, form), settings.lint)
    write_reports(texts, wanted)
    for piece in _text(report, *style) if form == "text" else (texts[form],):
        click.echo(piece, nl=False)


def _history(
    settings: Settings,
    since: str | None,
    form: str,
    wanted: tuple[tuple[str, str], ...],
    style: tuple[bool, bool],
    cached: bool,
    exit_zero: bool,
) -> int:
    from nb_mlops.commands.steps.history import history  # only who asks for it needs it

    with progress("versions") as told:
        report = history(settings.lint, since or "", told, cached)
    texts = rendered(report, forms_of(wanted, form), settings.lint, "nb-mlops lint --history")
    write_reports(texts, wanted)
    shown = texts[form] if form != "text" else text.render(report, coloured(), *style, width())
    click.echo(shown, nl=False)
    failed = bool(report.at_or_above(Severity(settings.lint.fail_on)))
    return ExitCode.FINDINGS if failed and not exit_zero else ExitCode.CLEAN


def _nothing(paths: tuple[str, ...], diff_base: str | None, force_exclude: bool) -> int:
    """Whoever asks for what has changed, or lets a hook name files, is not wrong when there is none."""
    if diff_base is not None:
        click.echo(f"nb-mlops: no notebook has changed since {diff_base}.", err=True)
        return ExitCode.CLEAN
    click.echo(f"nb-mlops: no notebooks in {', '.join(paths) or 'this folder'}.", err=True)
    return ExitCode.CLEAN if force_exclude else ExitCode.NOTHING


def _explain(code: str) -> int:
    from nb_mlops.commands.rules import page  # lint itself needs no pages
    from nb_mlops.doors.cli.rules import text_of

    click.echo(text_of(page(code)))
    return ExitCode.CLEAN


def _text(report: Report, statistics: bool, quiet: bool, why: bool) -> Iterable[str]:
    if not report.notebooks:
        return ()
    if statistics:
        return (text.statistics(report), "" if quiet else text.summary(report, coloured()))
    return text.pieces(report, coloured(), quiet, why, width())
