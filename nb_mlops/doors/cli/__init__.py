"""The command line: a file a verb, loaded when it is called."""

from __future__ import annotations

import errno
import importlib
import io
import os
import sys
from typing import Any

import click

from nb_mlops import __version__
from nb_mlops.core.errors import ExitCode, NbMlopsError, UsageError

ISSUES = "https://github.com/nb-mlops/nb-mlops/issues"

VERBS = {
    "init": "Set a repository up: settings, a baseline, a pre-commit hook and a CI file; shows, asks, writes.",
    "lint": "Find what would go wrong: hidden state, secrets, embedded data, leakage, what breaks reproducibility.",
    "fix": "Mend what can be mended; the rest stays the same to the byte.",
    "clean": "Take out what must not travel (secrets, personal and bulky data in outputs); made for hooks.",
    "baseline": "Take today's findings for known, so that `lint` shows what is new.",
    "rules": "List the rules, or show the page of one.",
    "convert": "Turn a notebook into a package whose tests prove that it computes the same.",
    "check": "Run a notebook again, several times, and compare its answers by value.",
    "tests": "Run the tests of a notebook's packages; writes signed evidence.",
    "evaluate": "Measure the model on rows that it has not seen, and sign what was found.",
    "card": "Show what a model is, how good, for whom and at what cost, from the evidence.",
    "approve": "Say yes to a model under a name, where the gate asks for that.",
    "gate": "Decide from the evidence whether a model may be registered; runs nothing.",
    "register": "Put the proven model into the MLflow registry, if the gate lets it pass.",
    "models": "What is registered and in use, and why it was allowed; promote, roll back, note.",
    "monitor": "Hold new rows against those that the model was measured on.",
    "ledger": "Verify or show what was ever done with a model: chained, signed, never shortened.",
    "evidence": "Read signed statements and verify them, offline: verify, show.",
    "doctor": "How far the gate can be relied on here, and every way round it.",
    "keys": "Whose signature counts here, and for what: new, show, list, trust, revoke.",
    "git": "Clean notebooks on their way into git, and show them by cells in `git diff`.",
    "ci": "Judge a change: lint, package tests, check and gate, with one summary and one exit code.",
    "demo": "The whole journey on a shipped notebook, in a folder of its own.",
}


class _Verbs(click.Group):
    """Imports a verb's module when it is called, so that `lint` never pays for `register`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"nb_mlops.doors.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """The verbs, without loading any; options as click has them."""
        from click.shell_completion import CompletionItem

        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [CompletionItem(name, help=text) for name, text in VERBS.items() if name.startswith(incomplete)]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Where to begin, and what the exit codes mean."""
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(int(code)), code.meaning) for code in ExitCode])
        formatter.write_paragraph()
        formatter.write_text(
            "Begin with `nb-mlops lint` in a folder of notebooks, or `nb-mlops demo` for the whole journey; "
            "`nb-mlops VERB --help` shows examples."
        )

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[Any, Any, list[str]]:
        if args and args[0] not in VERBS:
            import difflib

            near = difflib.get_close_matches(args[0], list(VERBS), n=1)
            ctx.fail(f"No such command '{args[0]}'." + (f" Did you mean '{near[0]}'?" if near else ""))
        return super().resolve_command(ctx, args)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="nb-mlops")
def cli() -> None:
    """The road from notebook to registered model on which nothing unproven passes."""


def main() -> None:
    """Run the command line; an NbMlopsError becomes its message, its remedy and its exit code, a full or forbidden disk
    becomes one, and what nobody expected is our fault and says so."""
    for stream in (sys.stdout, sys.stderr):  # a sign that this terminal does not know is no reason to stop
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            code = cli.main(standalone_mode=False)
        except OSError as error:
            raise _for_people(error) from error
        sys.exit(code if isinstance(code, int) else ExitCode.CLEAN)
    except NbMlopsError as error:
        click.echo(f"nb-mlops: {error}", err=True)
        if error.remedy:
            click.echo(f"  → {error.remedy}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(ExitCode.USAGE)
    except (click.Abort, KeyboardInterrupt) as stopped:
        said = stopped.__cause__ or stopped  # click puts one around the other
        click.echo(f"nb-mlops: stopped. {said}".rstrip(), err=True)
        sys.exit(130)
    except Exception as error:
        _tell_of_our_fault(error)
        sys.exit(ExitCode.INTERNAL)


def _for_people(error: OSError) -> Exception:
    """The error in words and with a way out, where the disk is why; else the error itself."""
    from nb_mlops.outside.writing import told_when_unwritable  # disks mostly do as they are told

    if error.errno == errno.ENOENT and error.filename is None:  # what tempfile says where it can write nowhere
        return UsageError(
            "Stopped on the way: no folder for temporary files may be written.",
            "Free some space there, or name another one: TMPDIR=FOLDER.",
        )
    try:
        with told_when_unwritable("Stopped on the way"):
            raise error
    except (NbMlopsError, OSError) as told:
        return told


def _tell_of_our_fault(error: Exception) -> None:
    """Where it happened. What an exception says may hold what stands in a notebook, so that is only told when asked."""
    import traceback

    told = error if os.environ.get("NB_MLOPS_DEBUG") else type(error).__name__
    click.echo("".join(traceback.format_tb(error.__traceback__)), err=True, nl=False)
    click.echo(f"nb-mlops: This is a fault of nb-mlops, not yours: {told!s}.", err=True)
    click.echo(
        f"  → Report it with the lines above: {ISSUES}. NB_MLOPS_DEBUG=1 adds what the error says, which may hold what "
        "stands in your notebook.",
        err=True,
    )
