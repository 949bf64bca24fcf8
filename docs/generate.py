"""Writes what follows from the code: tables of README.md and docs/*.md, schemas, the indexes of rules and of tokens.

Each table stands between `<!-- begin:NAME -->` and `<!-- end:NAME -->`; a test fails when one of them is stale.

    python docs/generate.py
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from nb_mlops.analysis.sensitive import filing
from nb_mlops.analysis.view import View
from nb_mlops.catalogue import members
from nb_mlops.core.errors import ExitCode
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import Settings, settings_rows
from nb_mlops.doors.cli import VERBS
from nb_mlops.evidence.schema import schema_of
from nb_mlops.gatekeeper.dossier import kinds
from nb_mlops.gatekeeper.proof import Proof
from nb_mlops.ipynb.read import read
from nb_mlops.knowledge.tokens import TokenFormat, formats
from nb_mlops.linter import index
from nb_mlops.linter.engine import lint
from nb_mlops.linter.rule import Rule
from nb_mlops.outside import samples
from nb_mlops.reporters.forms import FORMS

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))

SAMPLES = {
    "churn_clean.ipynb": "A classifier as it should be: parameters, baselines, a held-out split, metric and model.",
    "churn_messy.ipynb": "The same question, worked on between meetings. `nb-mlops demo` takes it to the registry.",
    "hidden_state.ipynb": "Cells run out of order: the claim in the text comes from another list of columns.",
    "customer_data.ipynb": "Customers and credentials in cells and outputs, put in when a test needs them.",
    "member_list.ipynb": "A club's members: accounts and dates of birth shown, every row printed, data in the code.",
    "diabetes_progression.ipynb": "A real-sized regression: plots, functions, late imports, in-place changes.",
}


def main() -> None:
    """Bring every page up to date."""
    for path, text in all_files().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(ROOT)} brought up to date")
    tables = all_tables()
    for page in PAGES:
        old = page.read_text(encoding="utf-8")
        new = filled(old, tables)
        if new != old:
            page.write_text(new, encoding="utf-8")
            print(f"{page.relative_to(ROOT)} brought up to date")


def all_files() -> dict[Path, str]:
    """The files of the package that follow from its code: schemas of statements, what is known of a rule before it is
    loaded, and where token formats are filed."""
    package = ROOT / "nb_mlops"
    filed, shipped = package / "knowledge" / "tokens" / "filed.py", package / "linter" / "shipped.py"
    return {**all_schemas(), filed: filing.written(filing.file(formats())), shipped: index.written(all_rules())}


def all_rules() -> tuple[Rule, ...]:
    """Our rules as they stand in their files."""
    return tuple(members("nb_mlops.rules", "RULE", Rule, "code").values())


def all_schemas() -> dict[Path, str]:
    """The schema of each kind of statement that is ours, by its file."""
    own = [kind for kind in kinds().values() if kind.predicate.__module__.startswith("nb_mlops.")]
    folder = ROOT / "nb_mlops" / "schemas"
    return {folder / f"{kind.name}-predicate.schema.json": json.dumps(schema_of(kind), indent=2) + "\n" for kind in own}


def filled(text: str, tables: dict[str, str]) -> str:
    """The page with its tables in place. Raises KeyError for a marker that no table has."""
    return re.sub(
        r"(<!-- begin:([\w-]+) -->\n).*?(<!-- end:\2 -->)",
        lambda found: f"{found[1]}{tables[found[2]]}\n{found[3]}",
        text,
        flags=re.DOTALL,
    )


def all_tables() -> dict[str, str]:
    """Every table by the name of its marker."""
    rules = members("nb_mlops.rules", "RULE", Rule, "code", "nb_mlops.rules")
    proofs = members("nb_mlops.proofs", "PROOF", Proof, "name")
    return {
        "commands": _table(("command", "what it does"), ((f"`nb-mlops {verb}`", says) for verb, says in VERBS.items())),
        "exit-codes": _table(("code", "meaning"), ((f"{code.value}", code.meaning) for code in ExitCode)),
        "settings": _table(
            ("section", "key", "default", "what it sets"),
            ((f"`{section}`", f"`{key}`", f"`{default}`", doc) for section, key, default, doc in settings_rows()),
        ),
        "rules": _table(("code", "name", "severity", "`fix`", "what it finds"), map(_rule_row, rules.values())),
        "tokens": _table(
            ("format", "shape", "needs", "form known from", "when it got out"), map(_token_row, formats())
        ),
        "proofs": _table(("proof", "its question", "refusals"), map(_proof_row, proofs.values())),
        "forms": _table(
            ("form", "for", "what is in it"), ((f"`{form.name}`", form.reader, form.about) for form in FORMS.values())
        ),
        "samples": _table(("notebook", "what it is", "cells", "what `lint` finds"), _sample_rows(rules)),
    }


def _rule_row(rule: Rule) -> tuple[str, ...]:
    severity = rule.severity.value + ("" if rule.default else ", off")
    return (rule.code, f"`{rule.slug}`", severity, _mends(rule), rule.summary)


def _proof_row(proof: Proof) -> tuple[str, ...]:
    return (f"`{proof.name}`", proof.question, ", ".join(f"{code} `{slug}`" for code, slug in proof.codes.items()))


def _token_row(form: TokenFormat) -> tuple[str, ...]:
    needs = [*(f"`{word}`" for word in form.near), *([f"check {form.check}"] if form.check else [])]
    known = ", ".join(form.seen) or "common knowledge"
    return (f"[{form.title}]({form.source})", f"`{form.shape}`", ", ".join(needs), known, form.leaked)


def _mends(rule: Rule) -> str:
    """Whether the rule's own examples come with a fix, and whether it needs consent."""
    safeties = {
        hit.fix.safety.value
        for bad in rule.bad()
        if rule.check and not bad.raw
        for hit in rule.check(View(bad.notebook, project=bad.project))
        if hit.fix
    }
    if safeties >= {"safe", "unsafe"}:
        return "yes, in part with `--unsafe`"
    return "yes" if "safe" in safeties else "with `--unsafe`" if "unsafe" in safeties else ""


def _sample_rows(rules: dict[str, Rule]) -> Iterable[tuple[str, ...]]:
    for name, about in SAMPLES.items():
        notebook = read(samples.plant((samples.folder() / name).read_bytes()), name)
        assert isinstance(notebook, Notebook), notebook
        found = sorted({finding.code for finding in lint(notebook, rules, Settings().lint).findings})
        link = f"[{name}](sample_notebooks/{name})"
        yield (link, about, str(len(notebook.cells)), ", ".join(found) or "nothing")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    main()
