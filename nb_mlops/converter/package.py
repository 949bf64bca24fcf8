"""From a plan to the files of a package: every path with its text. Nothing is written here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nb_mlops.converter.conversion import counts_of, mistakes_of
from nb_mlops.converter.dependencies import Dependency, dependencies, imported_modules
from nb_mlops.converter.hints import Seen, hints_of
from nb_mlops.converter.modules import LIBRARY, Module, cell_lines, code_modules, module_of
from nb_mlops.converter.pipeline import config_text, main_text, pipeline_text
from nb_mlops.converter.plan import Level, Plan, Refused
from nb_mlops.converter.regenerate import MAP, cell_digest
from nb_mlops.converter.scaffold import (
    HELPER,
    alone_test_text,
    constraints_text,
    golden_test_text,
    init_text,
    pyproject_text,
    readme_text,
    smoke_test_text,
)
from nb_mlops.converter.serving import Served, roots_of, serve_test_text, serve_text, served, stand_in
from nb_mlops.converter.shownotebook import show_notebook
from nb_mlops.converter.sinktext import sink_text
from nb_mlops.converter.source import Loss
from nb_mlops.converter.truth import NOTHING_ALONE, Alone, Outcome, SelfCheck, Truth, expected_json
from nb_mlops.converter.undefined import undefined_names
from nb_mlops.core.run import Environment, RunRecord

HELPERS = ("golden", "difference", "fingerprint", "fingerprint_libraries", "summary")
HELPERS_ALONE = ("alone", "snapshot")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the emitter is given besides the plan: texts of the portable modules by name, the environment of the run,
    local modules that travel along, where below the test data the pipeline stands, files that are absent there, and
    the types that names were seen to have, the runs themselves, whether data travels along, and the places of the cells
    in the document where they were arranged in another order; `asked` is kept for the next time."""

    portable: Mapping[str, str]
    environment: Environment = field(default_factory=Environment)
    local_modules: Mapping[str, str] = field(default_factory=dict)
    start: str = ""
    absent: tuple[str, ...] = ()
    types: Seen = field(default_factory=dict)
    records: tuple[RunRecord, ...] = ()
    data: bool = False
    order: tuple[int, ...] = ()
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """The code of a package, before anything is known of its values; `lean` where a run can be asked to go without the
    stages that only look at data."""

    plan: Plan
    modules: tuple[Module, ...]
    needs: tuple[Dependency, ...]
    served: Served | None = None
    lean: bool = False


def draft(plan: Plan, surroundings: Surroundings, skeleton: bool = False) -> Draft | Refused:
    """Emit the code; refused when a name in it is defined nowhere, which no package may have.

    With `skeleton` a package without a model gets a way in all the same, with a stand-in for one.
    """
    modules = code_modules(plan, hints_of(plan, surroundings.types))
    undefined = [(module, name) for module in modules for name in undefined_names(module.text, module.name)]
    if undefined:
        return Refused(plan.level, tuple(_undefined(plan, name) for _, name in undefined))
    local = {path.partition("/")[0].removesuffix(".py") for path in surroundings.local_modules}
    way_in = served(plan, surroundings.records) or (stand_in(plan, surroundings.records) if skeleton else None)
    roots = imported_modules(module.text for module in modules) - {plan.package} - local | set(roots_of(way_in))
    asked = [line for cell in plan.cells for line in cell.installs]
    return Draft(plan, modules, dependencies(roots, surroundings.environment.packages, asked), way_in)


def _undefined(plan: Plan, name: str) -> Loss:
    for cell in plan.cells:
        for statement in cell.statements:
            for use in statement.uses:
                if use.name == name:
                    words = f"`{name}` is read here, but no cell above defines it"
                    return Loss(cell.index, use.line, words)
    return Loss(plan.cells[0].index if plan.cells else 0, 1, f"`{name}` is defined nowhere")


def package_files(
    made: Draft,
    surroundings: Surroundings,
    truth: Truth | None,
    outcome: Outcome | None,
    rtol: float,
    check: SelfCheck | None = None,
    alone: Alone = NOTHING_ALONE,
) -> dict[str, str]:
    """Every file of the package but its test data, by its path; `check` is what its tests were found to notice, `alone`
    what parts of it are tested with by themselves."""
    plan = made.plan
    source = f"src/{plan.package}"
    local = sorted({path.partition("/")[0] for path in surroundings.local_modules})
    files = {
        "pyproject.toml": pyproject_text(plan, made.needs, surroundings.environment.python, local),
        "README.md": readme_text(plan, outcome, check, made.served, alone),
        "constraints.txt": constraints_text(made.needs, surroundings.environment.packages),
        f"{source}/__init__.py": init_text(plan),
        f"{source}/__main__.py": main_text(plan, made.lean),
        f"{source}/config.py": config_text(plan),
        f"{source}/pipeline.py": pipeline_text(plan, made.lean),
        "tests/test_smoke.py": smoke_test_text(plan),
    }
    home = f"tests/data/{surroundings.start}".rstrip("/") if surroundings.data else "."
    files["show.ipynb"] = show_notebook(plan, home)
    files |= {f"{source}/{module.name}.py": module.text for module in made.modules}
    if made.served is not None:
        files[f"{source}/serve.py"] = serve_text(plan, made.served, made.lean)
        files["tests/test_serve.py"] = serve_test_text(plan, made.served)
    code = [text for path, text in files.items() if path.endswith(".py")]
    files[f"{source}/report.py"] = sink_text(surroundings.portable["sink"], plan.sink, code)
    files |= {f"src/{path}": text for path, text in surroundings.local_modules.items()}
    if truth is not None:
        files |= _golden_files(plan, surroundings, truth, rtol)
        files |= _alone_files(plan, surroundings, alone)
    files[MAP] = _json(map_of(made, outcome, check, surroundings))
    return files


def _golden_files(plan: Plan, surroundings: Surroundings, truth: Truth, rtol: float) -> dict[str, str]:
    expected = expected_json(truth, surroundings.start, rtol)
    stages = expected.pop("stages")
    expected = {"absent": list(surroundings.absent), **expected}
    files = {"tests/test_golden.py": golden_test_text(plan)}
    files |= {f"tests/{HELPER}/{name}.py": surroundings.portable[name] for name in HELPERS}
    files[f"tests/{HELPER}/__init__.py"] = '"""Compares values with recorded ones; made by nb-mlops."""\n'
    files["tests/golden/final.json"] = _line_by_line(expected, "final")
    for number, stage in enumerate(stages, 1):
        files[f"tests/golden/{number:02d}_{stage['stage'].partition('.')[2]}.json"] = _line_by_line(stage, "names")
    return files


def _alone_files(plan: Plan, surroundings: Surroundings, alone: Alone) -> dict[str, str]:
    if not alone.stages and not alone.calls:
        return {}
    files = {f"tests/{HELPER}/{name}.py": surroundings.portable[name] for name in HELPERS_ALONE}
    calls = ",\n".join(f"  {_compact(call)}" for call in alone.calls)
    stages = ",\n".join(f"  {_compact(name)}: {_compact(inputs)}" for name, inputs in alone.stages.items())
    files["tests/alone.json"] = f'{{\n "stages": {{\n{stages}\n }},\n "calls": [\n{calls}\n ]\n}}\n'
    files["tests/test_alone.py"] = alone_test_text(plan)
    return files


def _line_by_line(value: Mapping[str, Any], names: str) -> str:
    """JSON in which every entry has a line, and below `names` every name: so that a diff names what changed."""
    lines = []
    for key, inner in value.items():
        if key == names and inner:
            entries = ",\n".join(f"  {_compact(name)}: {_compact(one)}" for name, one in inner.items())
            lines.append(f" {_compact(key)}: {{\n{entries}\n }}")
        else:
            lines.append(f" {_compact(key)}: {_compact(inner)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=False) + "\n"


def map_of(made: Draft, outcome: Outcome | None, check: SelfCheck | None, surroundings: Surroundings) -> dict[str, Any]:
    """Which cell became which lines, and what was proven."""
    plan = made.plan
    texts = {module.name: module.text for module in made.modules}
    stages = []
    for stage in plan.stages:
        module = module_of(stage, plan)
        lines = cell_lines(stage, texts[module])
        cells = [
            {
                "id": cell.id,
                "index": surroundings.order[cell.index] if surroundings.order else cell.index,
                "sha256": cell_digest(cell.original),
                "lines": list(lines[cell.id]) if cell.id in lines else None,
            }
            for cell in stage.cells
        ]
        stages.append({"function": stage.name, "file": f"src/{plan.package}/{module}.py", "cells": cells})
    verdict: dict[str, Any] | None = None
    if outcome is not None:
        verdict = {k: v for k, v in counts_of(outcome).items() if k != "ran"}
    if verdict is not None and check is not None:
        verdict |= {f"mistakes_{word}": count for word, count in mistakes_of(check).items()}
    home = LIBRARY if plan.level is Level.FUNCTIONS else "steps"
    return {
        "version": 1,
        "notebook": plan.path.rpartition("/")[2],
        "package": plan.package,
        "level": plan.level.value,
        "order": "recorded" if surroundings.order else "document",
        "asked": list(surroundings.asked),
        "verdict": verdict,
        "parameters": [p.name for p in plan.parameters],
        "cells": [{"id": cell.id, "sha256": cell_digest(cell.original)} for cell in plan.cells],
        "stages": stages,
        "definitions": dict.fromkeys(plan.hoisting.definitions, f"src/{plan.package}/{home}.py"),
    }
