"""A package made before, made again: which files are merged, which golden values change, and what is out of date."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nb_mlops.converter.merge import Merged, merge_trees
from nb_mlops.converter.plan import NO_WISHES, Wishes
from nb_mlops.core.notebook import Cell
from nb_mlops.portable.difference import difference
from nb_mlops.portable.golden import text_difference, value_problem

BASE = "nb-mlops.base.json"
MAP = "nb-mlops.map.json"
_OURS = ("tests/golden/", "tests/nbm_golden/", "tests/alone.json", "constraints.txt", MAP, BASE)


@dataclass(frozen=True, slots=True)
class Previous:
    """A package as it stands: what was generated last (`base`), the text of each of these files now (`mine`), and what
    was asked for."""

    base: Mapping[str, str]
    mine: Mapping[str, str]
    wishes: Wishes = NO_WISHES


@dataclass(frozen=True, slots=True)
class Change:
    """A golden value that is another one now; `stage` is "" for the end of the pipeline."""

    stage: str
    words: str


def base_text(files: Mapping[str, str]) -> str:
    """What was generated, for the next time."""
    kept = {path: text for path, text in files.items() if _is_merged(path)}
    return json.dumps({"version": 1, "files": kept}, indent=1, ensure_ascii=False) + "\n"


def base_files(text: str) -> dict[str, str]:
    """Files by path from `base_text`. Raises ValueError for anything else."""
    found = json.loads(text)
    files = found.get("files") if isinstance(found, dict) else None
    if not isinstance(files, dict) or not all(isinstance(part, str) for pair in files.items() for part in pair):
        raise ValueError("not a record of generated files")
    return files


def _is_merged(path: str) -> bool:
    return not path.startswith(_OURS)


def merged(previous: Previous, files: Mapping[str, str]) -> Merged:
    """The files to write over a package that was worked on. Golden files, their helpers and the map are ours alone."""
    mergeable = {path: text for path, text in files.items() if _is_merged(path)}
    result = merge_trees(
        {path: text for path, text in previous.base.items() if _is_merged(path)},
        {path: text for path, text in previous.mine.items() if _is_merged(path)},
        mergeable,
    )
    ours = {path: text for path, text in files.items() if not _is_merged(path)}
    stale = tuple(path for path in previous.mine if path.startswith("tests/golden/") and path not in files)
    return Merged({**ours, **result.files}, (*result.gone, *stale), result.conflicts, result.kept)


def golden_changes(previous: Previous, files: Mapping[str, str], rtol: float) -> tuple[Change, ...]:
    """Values that were expected and that the notebook no longer gives."""
    old, new = _goldens(previous.mine), _goldens(files)
    changes: list[Change] = []
    for stage, was in old.items():
        now = new.get(stage)
        if now is None:
            continue
        for name, value in was["names"].items():
            problem = value_problem(value, now["names"], name, rtol) if name in now["names"] else None
            changes += [Change(stage, f"{problem} (before vs now)")] if problem else []
        printed = was.get("stdout"), now.get("stdout")
        part = text_difference(printed[0], printed[1], rtol) if None not in printed else None
        changes += [Change(stage, f"printed text: {part} (before vs now)")] if part else []
    return tuple(changes)


def _goldens(files: Mapping[str, str]) -> dict[str, Any]:
    """Expected values by stage; those of the end under ""."""
    found: dict[str, Any] = {}
    for path, text in files.items():
        if path.startswith("tests/golden/") and path.endswith(".json"):
            try:
                read = json.loads(text)
                found[read.get("stage", "")] = {**read, "names": read["names"] if "stage" in read else read["final"]}
            except (ValueError, KeyError, AttributeError):
                continue
    return found


def with_steady_goldens(previous: Previous, files: Mapping[str, str], rtol: float) -> dict[str, str]:
    """The files, with golden files left as they are where only digits below the tolerance moved, or where nothing was
    run: what was expected of the package before still tells whether it changed."""
    kept = dict(files)
    if not any(path.startswith("tests/golden/") for path in files):
        tests = (
            "tests/golden/",
            "tests/nbm_golden/",
            "tests/alone.json",
            "tests/test_golden.py",
            "tests/test_alone.py",
        )
        return kept | {path: text for path, text in previous.mine.items() if path.startswith(tests)}
    for path, text in files.items():
        own = previous.mine.get(path)
        if own is None or own == text or not path.startswith("tests/golden/"):
            continue
        before, now = _goldens({path: own}), _goldens({path: text})
        if before.keys() == now.keys() and all(_alike(before[k], now[k], rtol) for k in now):
            kept[path] = own
    return kept


def _alike(one: Mapping[str, Any], other: Mapping[str, Any], rtol: float) -> bool:
    names, others = one["names"], other["names"]
    apart = ("names", "final", "shown", "earlier")
    rest = [{k: v for k, v in whole.items() if k not in apart} for whole in (one, other)]
    if names.keys() != others.keys() or rest[0] != rest[1]:
        return False
    if difference(one.get("earlier"), other.get("earlier"), rtol):
        return False
    return not any(value_problem(value, others, name, rtol) for name, value in names.items())


def cell_digest(source: str) -> str:
    """What the map keeps of a cell's source."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def wishes_of(made_from: Mapping[str, Any]) -> Wishes:
    """What was asked for when a package was made, by the package's map."""
    asked = made_from.get("asked")
    parts = [part for part in asked if isinstance(part, str)] if isinstance(asked, list) else []
    return Wishes(str(made_from.get("package", "")), "settings" in parts, "skeleton" in parts)


def in_recorded_order(made_from: Mapping[str, Any]) -> bool:
    """Whether a package was made from the cells in the order in which they were run, by the package's map."""
    return made_from.get("order") == "recorded"


@dataclass(frozen=True, slots=True)
class Stale:
    """A cell that is not what the package was made from: its index in the notebook, -1 where it is gone."""

    index: int
    words: str


def out_of_date(made_from: Mapping[str, Any], cells: tuple[Cell, ...]) -> tuple[Stale, ...]:
    """How the code cells of a notebook differ from those a package was made from, by the package's map."""
    try:
        known = {
            one["id"]: (one["sha256"], stage["function"]) for stage in made_from["stages"] for one in stage["cells"]
        }
        order = [cell["id"] for cell in made_from["cells"]]
        digests = {cell["id"]: cell["sha256"] for cell in made_from["cells"]}
    except (KeyError, TypeError):
        return (Stale(-1, "the package's map cannot be read"),)
    found: list[Stale] = []
    here = {cell.id: cell for cell in cells}
    for cell in cells:
        if cell.id not in digests:
            found.append(Stale(cell.index, "the cell is new"))
        elif digests[cell.id] != cell_digest(cell.source):
            where = known.get(cell.id, ("", ""))[1]
            found.append(
                Stale(cell.index, "the cell was changed" + (f" (it became part of `{where}`)" if where else ""))
            )
    found += [Stale(-1, f"cell {name} is gone") for name in order if name not in here]
    if not found and [cell.id for cell in cells] != order:
        found.append(Stale(-1, "the cells stand in another order"))
    return tuple(found)
