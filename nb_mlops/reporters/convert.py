"""A conversion as text: what is to say about it, the verdict, where the package lies, what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from shlex import quote
from typing import Any

from nb_mlops.core.finding import Finding, Report
from nb_mlops.core.wording import listed
from nb_mlops.reporters.text import painter, render


def render_conversion(
    notebook: str, report: Mapping[str, Any], findings: Sequence[Finding], colour: bool = False
) -> str:
    """The report that `commands.convert.report` makes, for people."""
    paint = painter(colour)
    word, style, meaning = _verdict(report)
    lines = [f"{notebook}: {paint(word, style, 'bold')}. {meaning}", ""]
    if findings:
        lines += [render(Report(tuple(findings), 0, 1), colour).rpartition("\n\n")[0], ""]
    if report["out"]:
        tried = report["mistakes"] or {"tried": 0}
        words = f"  {'tests':<9} notice {tried.get('noticed')} of {tried['tried']} deliberate mistakes in the code"
        noticed = [words] if tried["tried"] else []
        lines += [f"  {'package':<9} {report['out']}", f"  {'variables':<9} {_LEVELS[report['level']]}", *noticed, ""]
        lines.append(f"Next: python -m pytest {quote(report['out'])}")
    return "\n".join(lines) + "\n"


_LEVELS = {
    "functions": "handed from function to function",
    "module-state": "kept in one module, which the stages share",
}


def _verdict(report: Mapping[str, Any]) -> tuple[str, str, str]:
    if report["conflicts"]:
        return "conflicts", "red", "Solve what stands between conflict marks, then run the package's tests."
    rules = {finding["rule"] for finding in report["findings"]}
    if "expected-value-changes" in rules and not report["out"]:
        return "values change", "red", "The package is as it was: the notebook no longer gives what its tests expect."
    if "package-out-of-date" in rules:
        return "out of date", "red", "The notebook has changed since the package was made."
    if not report["out"]:
        return "not converted", "red", "There is no package that could be right."
    if not report["ran"]:
        return "unproven", "yellow", "There is a package, but nothing was run and nothing compared."
    whole = compared_in_words(report)
    if report["proven"]:
        return "equal", "green", whole
    return ("unproven", "yellow", whole) if "value-differs" not in rules else ("not equal", "red", whole)


def compared_in_words(report: Mapping[str, Any]) -> str:
    """What was compared and how much of it is the notebook's, in a sentence."""
    counts = f"{report['equal']} of {report['compared']} final values are the notebook's"
    if not report["compared"]:
        counts = "No final value can be compared"
    beside = [f"{_of(one['equal'], one['compared'])} {_counted(one)}" for one in report["beside"]]
    if beside:
        counts = (
            f"{counts}, and so are {listed(beside)}" if report["compared"] else f"{counts}, but {listed(beside)} are"
        )
    elif not report["compared"]:
        counts = "Nothing to compare: no final value, text, result or figure"
    more = []
    if report["nondeterministic"]:
        some = report["nondeterministic"]
        more.append(f"{some} {'differs' if some == 1 else 'differ'} between runs of the notebook itself")
    if report["type_only"]:
        more.append(f"{report['type_only']} can be compared by type only")
    return f"{counts}; {', '.join(more)}." if more else f"{counts}."


def _of(equal: int, compared: int) -> str:
    return str(compared) if equal == compared else f"{equal} of {compared}"


def _counted(one: Mapping[str, Any]) -> str:
    """ "values on the way", and "value on the way" where there is one."""
    words: str = one["what"]
    if one["compared"] != 1:
        return words
    return words.replace("s ", " ", 1) if "s " in words else words.removesuffix("s")
