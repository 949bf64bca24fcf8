"""`nb-mlops convert NB`: the words of the command line for a conversion."""

from __future__ import annotations

import json

import click

from nb_mlops.commands.convert import Conversion, convert, report
from nb_mlops.core.errors import ExitCode
from nb_mlops.core.finding import Finding


@click.command()
@click.argument("notebook", type=click.Path())
@click.option("--out", type=click.Path(), default="", help="Folder for the package (default: NOTEBOOK_package).")
@click.option("--no-run", is_flag=True, help="Convert without running the notebook; nothing is proven then.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to report.")
def command(notebook: str, out: str, no_run: bool, form: str) -> int:
    """Turn a notebook into a package whose tests prove that it computes the same.

    The notebook is run three times; its final values, and what every stage computes, become the package's golden
    tests. Exit codes: 0 equal, 1 not equal or no package, 2 usage, 4 the notebook does not run.
    """
    result = convert(notebook, out, run=not no_run, told=lambda words: click.echo(f"{words} …", err=True))
    click.echo(json.dumps(report(result), indent=2) if form == "json" else _text(result))
    return ExitCode.CLEAN if result.equal else ExitCode.FINDINGS


def _text(result: Conversion) -> str:
    lines = [_finding(finding) for finding in result.findings]
    lines += [""] if lines else []
    if not result.out:
        return "\n".join([*lines, f"{result.notebook}: no package was made."])
    return "\n".join([*lines, _verdict(result), *_next(result)])


def _finding(finding: Finding) -> str:
    place = f" cell {finding.cell.index}" if finding.cell else ""
    return f"{finding.path}{place}: {finding.severity.value} {finding.code} {finding.message}"


def _verdict(result: Conversion) -> str:
    outcome = result.outcome
    if outcome is None:
        return f"UNPROVEN  {result.out}: converted without a run (level {result.level})."
    word = "EQUAL" if outcome.proven else "NOT EQUAL"
    parts = [f"{outcome.equal}/{outcome.compared} values as in the notebook"]
    if outcome.nondeterministic:
        parts.append(f"{outcome.nondeterministic} not deterministic")
    if outcome.type_only:
        parts.append(f"{outcome.type_only} compared by type only")
    return f"{word}  {', '.join(parts)} (level {result.level})."


def _next(result: Conversion) -> list[str]:
    return [f"Package  {result.out}", f"Its tests  python -m pytest {result.out}"]
