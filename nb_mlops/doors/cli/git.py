"""`nb-mlops git`."""

from __future__ import annotations

import sys

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli.verb import Verbs


@click.group("git", cls=Verbs)
def command() -> None:
    """Clean notebooks on their way into git, and show them by cells in `git diff`. For this clone alone."""


@command.command("install")
def install() -> int:
    """Set both up in this clone; nothing is written to the working tree.

    The filter takes out of what is staged what `nb-mlops clean` takes out; your own file stays as it is. What cannot be
    cleaned is not staged.
    """
    from nb_mlops.commands import git

    done = git.install()
    click.echo("Notebooks are cleaned when they are staged." if done else "That is so already.")
    if done:
        click.echo(
            "`git add --renormalize .` cleans those that are tracked; `nb-mlops git uninstall` undoes all of this."
        )
    return ExitCode.CLEAN


@command.command("uninstall")
def uninstall() -> int:
    """Take both out of this clone, without a trace."""
    from nb_mlops.commands import git

    click.echo("Taken out." if git.uninstall() else "There was nothing of it here.")
    return ExitCode.CLEAN


@command.command("process", hidden=True)
def process() -> int:
    """What git starts to clean notebooks: it speaks git's filter protocol."""
    from nb_mlops.commands import git

    git.serve(sys.stdin.buffer, sys.stdout.buffer)
    return ExitCode.CLEAN


@command.command("textconv", hidden=True)
@click.argument("path")
def textconv(path: str) -> int:
    """What git starts to show a notebook."""
    from nb_mlops.commands import git

    click.echo(git.textconv(path), nl=False)
    return ExitCode.CLEAN
