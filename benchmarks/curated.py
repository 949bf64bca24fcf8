"""Pick curated clean notebooks out of checkouts, for the quiet test.

Clean means: nbformat 4, Python, at least five code cells, every code cell that is not empty bears a count, the counts
are 1 to n in document order, no stored error and no cell tagged to raise one. Of notebooks with the same code one is
kept; of one checkout at most `--most`, spread over its folders.

    python benchmarks/curated.py CHECKOUT... --out FOLDER --most 25
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any


def main() -> None:
    """Copy what is clean, named checkout__folder__file."""
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    known: set[str] = set()
    for checkout in options.checkouts:
        clean = []
        for path in sorted(checkout.rglob("*.ipynb")):
            code = clean_code(path)
            if code is not None and code not in known:
                known.add(code)
                clean.append(path)
        step = max(1, -(-len(clean) // options.most))
        for path in clean[::step]:
            name = "__".join([checkout.name, *path.relative_to(checkout).parts]).replace(" ", "-")
            shutil.copy(path, options.out / name)
        print(f"{checkout.name}: {len(clean[::step])} of {len(clean)} clean")
    print(f"{len(list(options.out.glob('*.ipynb')))} notebooks in the folder")


def clean_code(path: Path) -> str | None:
    """A digest of the code of a clean notebook; None when it is not one."""
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        cells = [c for c in raw["cells"] if c["cell_type"] == "code" and "".join(c["source"]).strip()]
        language = raw["metadata"].get("language_info", {}).get("name") or raw["metadata"]["kernelspec"]["name"]
        if "python" not in language or raw["nbformat"] != 4 or len(cells) < 5:
            return None
        if [c["execution_count"] for c in cells] != list(range(1, len(cells) + 1)):
            return None
        outputs = [output for c in cells for output in c["outputs"]]
        if any(output["output_type"] == "error" for output in outputs):
            return None
        if any("raises-exception" in c["metadata"].get("tags", []) for c in cells):
            return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return hashlib.sha256("\n".join("".join(c["source"]) for c in cells).encode()).hexdigest()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkouts", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--most", type=int, default=25, help="notebooks of one checkout")
    return parser.parse_args()


if __name__ == "__main__":
    main()
