"""The quiet test: how often does the default set cry error on curated clean notebooks?

Lints the notebooks of the folders with the default rules, counts findings per severity and code, and prints every
error-level finding with the lines around it, to be read and judged by a person. Judgements are kept in a JSON file
(`--judged`), `{"file code cell line": "right" | "wrong: why"}`, so that only new findings need reading; with them the
test gives the number that counts, wrong error-level findings per notebook.

Not measured: what is missed.

    python benchmarks/quiet.py FOLDER... --judged judged.json
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import scoring
from files import load
from scoring import Said


def main() -> None:
    """Lint, count, print what is to be read."""
    options = _options()
    judged = json.loads(options.judged.read_text()) if options.judged and options.judged.exists() else {}
    notebooks = {path.name: path for folder in options.folders for path in sorted(folder.rglob("*.ipynb"))}
    said = [finding for folder in options.folders for finding in scoring.nb_mlops(folder, options.lint)]
    print(f"{len(notebooks)} notebooks")
    for severity in ("error", "warning", "info"):
        codes = Counter(f.code for f in said if f.severity == severity)
        per = sum(codes.values()) / max(1, len(notebooks))
        print(f"{severity}: {sum(codes.values())} ({per:.3f} a notebook) {dict(codes.most_common())}")
    errors = [f for f in said if f.severity == "error"]
    unread = [f for f in errors if key(f) not in judged]
    wrong = sum(judged.get(key(f), "").startswith("wrong") for f in errors)
    print(f"error-level findings: {len(errors)}, wrong {wrong}, not judged yet {len(unread)}")
    print(f"wrong error-level findings per notebook: {wrong / max(1, len(notebooks)):.3f}")
    for finding in errors if options.all else unread:
        print(f"\n{key(finding)}\n  {finding.message}")
        print(_context(notebooks[finding.file], finding))


def key(finding: Said) -> str:
    """How a judgement names a finding."""
    return f"{finding.file} {finding.code} {finding.cell} {finding.line}"


def _context(path: Path, finding: Said, around: int = 4) -> str:
    if finding.cell is None:
        return ""
    lines = load(path)[finding.cell].source.split("\n")
    line = finding.line or 1
    shown = range(max(1, line - around), min(len(lines), line + around) + 1)
    return "\n".join(f"  {'>' if n == line else ' '} {n:3} {lines[n - 1][:140]}" for n in shown)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--judged", type=Path, help="judgements of findings that were read")
    parser.add_argument("--all", action="store_true", help="print the judged findings too")
    parser.add_argument("--lint", default=scoring.LINT, help="the command that lints a folder and prints JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
