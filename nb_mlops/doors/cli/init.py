"""`nb-mlops init`: shows what it would write, asks, writes."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.core.wording import many
from nb_mlops.doors.cli.choices import coloured
from nb_mlops.doors.cli.verb import Verb

if TYPE_CHECKING:
    from nb_mlops.commands.init import Survey

_MOST_RULES = 8


@click.command("init", cls=Verb)
@click.option("--yes", is_flag=True, help="Write everything that is proposed, without asking.")
@click.option(
    "--ci", type=click.Choice(["github", "gitlab", "none"]), help="The CI service.  [default: what is in use]"
)
@click.option("--no-baseline", is_flag=True, help="Propose no baseline: all findings are to be mended.")
@click.option("--source", metavar="URL", help="The repository that hooks and CI take nb-mlops from, such as a mirror.")
def command(yes: bool, ci: str | None, no_baseline: bool, source: str | None) -> int:
    """Look at this repository, and propose settings, a baseline of today's findings, a pre-commit hook and a CI file.

    Each is shown and asked about, nothing is written unasked, and files of yours are only added to. Run it as often as
    you like: what is there already is left alone.
    """
    from nb_mlops.adoption import SOURCE
    from nb_mlops.commands import init

    click.echo("looking at the notebooks ...", err=True)
    found = init.survey(ci or "", source or SOURCE)
    _tell(found)
    ask = _asker(yes)
    written = []
    for proposal in found.proposals:
        if proposal.is_done:
            click.echo(f"{proposal.path}: there already.")
        elif not proposal.after:
            click.echo(
                f"{proposal.path}: put these lines in yourself, this file has a form of its own:\n{proposal.lines}"
            )
        else:
            _show(proposal.path, proposal.before or "", proposal.after, proposal.why)
            if ask(f"Write {proposal.path}?"):
                init.write(proposal)
                written.append(proposal.path)
    if not no_baseline and found.baseline and found.findings:
        if found.has_baseline:
            click.echo(f"{found.baseline}: there already; `nb-mlops baseline write` brings it up to date.")
        else:
            count = many(sum(found.findings.values()), "finding")
            click.echo(f"{found.baseline} (takes today's {count} for known, so that `lint` shows what is new)")
            if ask(f"Write {found.baseline}?"):
                click.echo(f"{found.baseline}: {many(init.write_baseline(), 'known finding')}.")
                written.append(found.baseline)
    _next(written, init.ignored(written))
    return ExitCode.CLEAN


def _tell(found: Survey) -> None:
    total = sum(found.findings.values())
    click.echo(f"{many(found.notebooks, 'notebook')}, {many(total, 'finding')}.")
    rows = sorted(found.findings.items(), key=lambda row: (-row[1], row[0]))
    for rule, times in rows[:_MOST_RULES]:
        click.echo(f"{times:>6}  {rule}")
    if len(rows) > _MOST_RULES:
        click.echo(f"        and {len(rows) - _MOST_RULES} more rules")
    if found.secrets:
        count = many(found.secrets, "secret")
        click.echo(
            f"{count} among them: a baseline would only hide what is leaked. Revoke first; `nb-mlops lint --select SE`."
        )
    if not found.ci:
        click.echo("No CI service to be seen here; name one with --ci, or take the shell lines of docs/ci.md.")
    click.echo()


def _asker(yes: bool) -> Callable[[str], bool]:
    if yes:
        return lambda question: True
    if sys.stdin.isatty():
        return lambda question: click.confirm(question, default=True)
    click.echo("Nobody to ask here, so nothing is written; `nb-mlops init --yes` writes all of it.\n", err=True)
    return lambda question: False


def _show(path: str, before: str, after: str, why: str) -> None:
    click.echo(f"{path} ({why})")
    old, new = before.splitlines(), after.splitlines()
    for line in list(difflib.unified_diff(old, new, "", "", n=2, lineterm=""))[2:]:
        if not line.startswith("@@"):
            green = coloured() and line.startswith("+")
            click.echo(click.style(f"  {line}", fg="green") if green else f"  {line}")


def _next(written: list[str], ignored: Sequence[str]) -> None:
    if not written:
        click.echo("Nothing was written.")
        return
    force = "-f " if ignored else ""
    if ignored:
        click.echo(f"\n.gitignore leaves out {' and '.join(ignored)}, so `git add` takes -f.")
    click.echo("\nNext:")
    click.echo(f"  git add {force}{' '.join(written)} && git commit -m 'Lint notebooks'")
    if ".pre-commit-config.yaml" in written:
        click.echo("  pip install pre-commit && pre-commit install    # once per clone")
    click.echo(
        "  nb-mlops lint                                   # what is new; `nb-mlops baseline show` what is known"
    )
