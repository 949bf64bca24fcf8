"""`nb-mlops demo`."""

from __future__ import annotations

import os
import time

import click

from nb_mlops.commands import demo as command_demo
from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli.verb import Verb
from nb_mlops.outside.samples import Change

WIDTH = 100


@click.command("demo", cls=Verb)
@click.option(
    "--dir",
    "folder",
    default="nb-mlops-demo",
    show_default=True,
    help="Folder to tell it in; made anew if a demo made it.",
)
def command(folder: str) -> int:
    """The whole journey on a shipped notebook, in a folder of its own.

    Runs the public commands one after another and shows each command line before its result, so that you can type
    them yourself. Takes about a minute; changes nothing outside the folder but for a signing key of your own, which
    the first signature makes (~/.config/nb-mlops).
    """
    teller = _Teller(folder)
    begun = time.monotonic()
    command_demo.demo(folder, teller.tell)
    teller.close(time.monotonic() - begun)
    return ExitCode.CLEAN


class _Teller:
    """Prints the story as it happens."""

    def __init__(self, folder: str) -> None:
        self.folder = folder.rstrip("/" + os.sep)
        self.chapter = 0

    def tell(self, what: command_demo.Step | Change | command_demo.Skipped | str) -> None:
        """Print a heading, an edit, or a command line."""
        if isinstance(what, str):
            click.echo("\n" + click.style(f"$ {what}", bold=True))
        elif isinstance(what, command_demo.Skipped):
            click.echo(f"(not run: {what.why})")
        elif isinstance(what, Change):
            self._change(what)
        else:
            if self.chapter == 0:
                self._opening()
            self.chapter += 1
            heading = f"── {self.chapter}. {what.title} "
            click.echo("\n" + click.style(heading.ljust(WIDTH, "─"), fg="cyan") + f"\n{what.text}")

    def _opening(self) -> None:
        click.echo(f"A messy notebook on its way to a model registry. It lies in {self.folder}/, so:\n")
        click.echo(click.style(f"$ cd {self.folder}", bold=True))

    def _change(self, change: Change) -> None:
        click.echo(f"\n  # {change.why}")
        for line in change.removed:
            click.echo(click.style(f"  - {line}".rstrip(), fg="red"))
        for line in change.added:
            click.echo(click.style(f"  + {line}".rstrip(), fg="green"))
        for line in change.moved:
            click.echo(click.style(f"  ↑ {line}".rstrip(), fg="yellow"))

    def close(self, seconds: float) -> None:
        """Print where to look and what to try."""
        click.echo("\n" + click.style(f"── {seconds:.0f} seconds later ".ljust(WIDTH, "─"), fg="cyan"))
        click.echo("Where to look:")
        for path, says in command_demo.WHERE_TO_LOOK:
            click.echo(f"  {(self.folder + '/' + path).ljust(44)}  {says}")
        click.echo(f"\nWhat to try next in {self.folder}/:")
        for line, says in command_demo.WHAT_TO_TRY:
            click.echo(f"  {line.ljust(44)}  {says}")
        click.echo("\nThen `nb-mlops lint` in a folder of your own.")
