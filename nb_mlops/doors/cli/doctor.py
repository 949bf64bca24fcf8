"""`nb-mlops doctor`."""

from __future__ import annotations

import json

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.core.finding import Severity
from nb_mlops.doors.cli.verb import Verb


@click.command("doctor", cls=Verb)
@click.argument("folder", default=".")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--fail-on",
    type=click.Choice(["info", "warning", "error"]),
    default="error",
    show_default=True,
    help="Lowest severity that makes the exit code 1.",
)
def command(folder: str, form: str, fail_on: str) -> int:
    """Say how far the gate can be relied on as things stand in FOLDER, and name every way round it with its cure.

    L0 advisory, L1 local, L2 server, L3 isolated. Looks at the registry, keys, modes of files, notebooks that register
    by themselves, and Compose, Kubernetes and serving files. Changes nothing.
    """
    from nb_mlops.commands.doctor import doctor, report
    from nb_mlops.reporters.doctor import render_doctor

    diagnosis, seen = doctor(folder)
    values = report(diagnosis, seen)
    click.echo(json.dumps(values, indent=2) if form == "json" else render_doctor(values))
    bad = any(hole.severity.rank >= Severity(fail_on).rank for hole in diagnosis.holes)
    return ExitCode.FINDINGS if bad else ExitCode.CLEAN
