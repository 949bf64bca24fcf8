"""A verb whose help shows how it is used, and whose words a shell can complete.

What it shows beside its options stands in `guide`, which is read only when somebody asks for help.
"""

from __future__ import annotations

import os
from typing import Any

import click

_COMPLETING = "_NB_MLOPS_COMPLETE" in os.environ
_FILES = frozenset(
    ["NOTEBOOK", "[PATHS]...", "FILE", "FOLDER", "DIR", "PEM", "KEY", "SCHEMA", "FORM=FILE", "NAME|PYTHON"]
)
_CODES = frozenset({"CODES", "CODE"})


class Verb(click.Command):
    """A command whose help groups its options by what they are for and ends with examples."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for param in self.params if _COMPLETING else ():
            word = param.metavar or param.name.upper() if isinstance(param, click.Argument) else param.metavar
            if word in _FILES and isinstance(param.type, click.types.StringParamType):
                param.type = click.Path(readable=False)
            elif word in _CODES:
                from nb_mlops.commands.rules import rows

                param.type = click.Choice([row.code for row in rows()])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, those of a kind together; without kinds as click has them."""
        from nb_mlops.doors.cli.guide import KINDS

        kinds = KINDS.get(path_of(ctx), {})
        kind_of = {name: kind for kind, names in kinds.items() for name in names}
        shown: dict[str, list[tuple[str, str]]] = {kind: [] for kind in (*kinds, "Options")}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record is not None:
                shown[kind_of.get(param.name or "", "Options")].append(record)
        for kind, records in shown.items():
            if records:
                with formatter.section(kind):
                    formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples, each with what it is for."""
        from nb_mlops.doors.cli.guide import EXAMPLES

        examples = EXAMPLES.get(path_of(ctx), ())
        if examples:
            with formatter.section("Examples"):
                for line, what in examples:
                    formatter.write_text(f"# {what}")
                    formatter.write(f"{'':{formatter.current_indent}}{line}\n")


class Verbs(click.Group):
    """A verb with verbs of its own."""

    command_class = Verb


def path_of(ctx: click.Context) -> str:
    """The words that call the command, without the program's name: `models promote`."""
    return ctx.command_path.partition(" ")[2]
