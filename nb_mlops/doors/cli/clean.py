"""`nb-mlops clean`."""

from __future__ import annotations

import sys

import click

from nb_mlops.commands.clean import CleanedFile, clean, clean_bytes
from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli.choices import force_exclude_option, named
from nb_mlops.doors.cli.verb import Verb
from nb_mlops.outside.settings_file import load_settings
from nb_mlops.reporters.places import finding_place


@click.command("clean", cls=Verb)
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when something would be taken out.")
@force_exclude_option
def command(paths: tuple[str, ...], check: bool, force_exclude: bool) -> int:
    """Take out of notebooks what must not travel with them: secrets, personal data and bulk in outputs and metadata.

    Applies the safe fixes of the SE, PI and ED rules that are on, and leaves every other byte as it is: what the
    notebook computes does not change, and cleaning twice is the same as cleaning once. PATHS are notebooks or folders;
    the current folder by default. `-` reads one notebook from standard input and writes it to standard output, as a
    git filter needs it. What `clean` cannot mend without asking, such as a secret in code, is for `nb-mlops lint` to
    tell.
    """
    if paths == ("-",):
        return _filter(check)
    done = clean(named(paths, load_settings(".")[0], force_exclude), dry=check)
    for file in done:
        _tell(file, err=False)
    removed = sum(len(file.removed) for file in done)
    touched = sum(bool(file.removed) for file in done)
    if removed:
        would = "would be taken out of" if check else "taken out of"
        click.echo(f"{removed} thing{'s' * (removed > 1)} {would} {touched} of {len(done)} notebooks.", err=True)
    return ExitCode.FINDINGS if check and removed else ExitCode.CLEAN


def _filter(check: bool) -> int:
    """Standard input to standard output; whatever is no notebook passes unchanged, so that no commit is lost."""
    cleaned = clean_bytes(sys.stdin.buffer.read(), "<stdin>", load_settings(".")[0])
    _tell(cleaned, err=True)
    if not check:
        sys.stdout.buffer.write(cleaned.data)
    return ExitCode.FINDINGS if check and cleaned.removed else ExitCode.CLEAN


def _tell(file: CleanedFile, err: bool) -> None:
    if file.skipped:
        click.echo(f"{file.path}: skipped: {file.skipped}", err=True)
    for finding in file.removed:
        title = finding.fix.title if finding.fix else ""
        click.echo(f"{finding_place(finding)}: {finding.code} {finding.rule}: {title}", err=err)
