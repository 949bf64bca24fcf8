"""`nb-mlops ci`: one command for a change: one summary, one exit code."""

from __future__ import annotations

import os
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nb_mlops.doors.cli.choices import audited, coloured, lint_options, settings_with
from nb_mlops.doors.cli.reports import format_option, forms_of, rendered, report_option, write_reports
from nb_mlops.doors.cli.verb import Verb
from nb_mlops.outside import ci_place
from nb_mlops.reporters.forms import FORMS

if TYPE_CHECKING:
    from nb_mlops.commands.ci import CiResult
    from nb_mlops.core.settings import Settings

_TITLE = "nb-mlops ci"


def _shard(context: click.Context, option: click.Parameter, value: str | None) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,4})/(\d{1,4})", value or "1/1")
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise click.BadParameter("it is a number of a count, such as 2/4.")
    return int(match[1]), int(match[2])


@click.command("ci", cls=Verb)
@lint_options
@click.option("--base", metavar="REV", help="What the change is to join.  [default: what the CI service says]")
@click.option("--all", "everything", is_flag=True, help="Every notebook, not only what has changed.")
@click.option("--shard", metavar="I/N", callback=_shard, help="Only this part of the notebooks: for jobs side by side.")
@click.option(
    "--budget", type=click.FloatRange(min=0), default=0.0, metavar="MINUTES", help="Time for all; 0: no limit."
)
@click.option("--gate-only", is_flag=True, help="Only ask the gate, from the evidence at hand: for hooks.")
@click.option("--no-run", is_flag=True, help="Only read: run no notebook and no test of the change.")
@click.option(
    "--sign", is_flag=True, help="Sign with your key, for what has been accepted; never for a proposed change."
)
@click.option("--audit", is_flag=True, help="A suppression in a notebook without a reason is an error (FM015).")
@click.option("--no-cache", is_flag=True, help="Run again what has passed before.")
@click.option(
    "--pass-env", multiple=True, metavar="NAME", help="A variable that notebooks may see, besides the usual ones."
)
@click.option("--summary", metavar="FILE", help="Append a Markdown summary.  [default: the page of a GitHub job]")
@format_option(FORMS)
@report_option(FORMS)
def command(
    paths: tuple[str, ...],
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    base: str | None,
    everything: bool,
    shard: tuple[int, int],
    budget: float,
    gate_only: bool,
    no_run: bool,
    sign: bool,
    audit: bool,
    no_cache: bool,
    pass_env: tuple[str, ...],
    summary: str | None,
    form: str,
    wanted: tuple[tuple[str, str], ...],
) -> int:
    """Judge a change: lint what it touches against the baseline, search its commits for secrets, and prove the models.

    For a notebook that hands a named model to nb_mlops.model(), the tests of its package, the check and the gate
    follow. In CI these run without any signing key, and the verdict counts for this job alone; `--sign` on the
    protected branch makes evidence that lasts. Exits with 0 when nothing stands against the change, with 1 for
    findings, 4 when a notebook does not run or does not give the same answer, 5 when the gate refuses.
    """
    from nb_mlops.commands.ci import Wishes, ci, on_paper

    settings = settings_with(select, extend_select, ignore, fail_on)
    if audit:
        settings = audited(settings)
    wishes = Wishes(
        paths or (".",), "" if everything else base, shard, budget, not no_run, sign, not no_cache, pass_env
    )
    told = partial(click.echo, err=True)
    result = on_paper(wishes.paths, settings) if gate_only else ci(wishes, settings, told)
    _tell(result, settings, form, wanted, summary)
    return int(result.code)


def _tell(
    result: CiResult, settings: Settings, form: str, wanted: tuple[tuple[str, str], ...], summary: str | None
) -> None:
    """What stands against the change, on the screen, in the reports that are wanted, and on the job's page."""
    report, notes = result.report, result.notes
    page = summary or ci_place.place(os.environ).summary
    forms = forms_of(wanted, form, *(["markdown"] if page else []))
    texts = rendered(report, forms, settings.lint, _TITLE, notes)
    write_reports(texts, wanted)
    if page:
        with Path(page).open("a", encoding="utf-8", errors="replace") as file:
            file.write(texts["markdown"])
    if form != "text":
        click.echo(texts[form], nl=False)
        return
    from nb_mlops.reporters import text

    click.echo(text.render(report, coloured()), nl=False)
    click.echo("".join(f"{note}\n" for note in notes), nl=False)
