"""The files around the code: pyproject.toml, README, constraints, and the tests' text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from nb_mlops.converter.conversion import counts_of
from nb_mlops.converter.dependencies import Dependency
from nb_mlops.converter.modules import module_of, safe
from nb_mlops.converter.plan import Level, Plan
from nb_mlops.converter.serving import Served
from nb_mlops.converter.truth import NOTHING_ALONE, Alone, Outcome, SelfCheck
from nb_mlops.core.wording import many
from nb_mlops.reporters.convert import compared_in_words

HELPER = "nbm_golden"


def pyproject_text(plan: Plan, needs: Sequence[Dependency], python: str, local: Sequence[str] = ()) -> str:
    """`pyproject.toml`: PEP 621, src layout, pytest set up so that the tests run without installing."""
    version = ".".join(python.split(".")[:2]) or "3.10"
    listed = "".join(f'  "{d.requirement}",\n' for d in needs if d.sure)
    doubtful = "".join(f"  # not verified, nothing of this name ran: {d.name}\n" for d in needs if not d.sure)
    base = plan.path.rpartition("/")[2]
    shipped = ", ".join(json.dumps(f"src/{name}") for name in (plan.package, *local))
    return f"""[build-system]
requires = ["hatchling>=1.26"]
build-backend = "hatchling.build"

[project]
name = "{plan.package.replace("_", "-")}"
version = "0.1.0"
description = {json.dumps(f"What the notebook {base} computes, as a package.", ensure_ascii=False)}
readme = "README.md"
requires-python = ">={version}"
dependencies = [
{listed}{doubtful}]

[project.optional-dependencies]
test = ["pytest>=7"]

[project.scripts]
{plan.package.replace("_", "-")} = "{plan.package}.__main__:main"

[tool.hatch.build]
dev-mode-dirs = ["src"]

[tool.hatch.build.targets.wheel]
only-include = [{shipped}]
sources = ["src"]

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["src", "tests"]
"""


_NUMERIC = frozenset({"numpy", "scipy", "pandas", "scikit-learn", "joblib", "threadpoolctl"})


def constraints_text(needs: Sequence[Dependency], packages: Mapping[str, str]) -> str:
    """`constraints.txt`: exactly the versions that ran, of what the code imports and of what decides its numbers."""
    versions = {d.name: d.version for d in needs if d.version}
    versions |= {name: version for name, version in packages.items() if name.lower() in _NUMERIC}
    lines = [f"{name}=={versions[name]}" for name in sorted(versions, key=str.lower)]
    return "".join(f"{line}\n" for line in ["# The versions with which the golden values were made.", *lines])


def readme_text(
    plan: Plan,
    outcome: Outcome | None,
    check: SelfCheck | None,
    served: Served | None,
    alone: Alone = NOTHING_ALONE,
) -> str:
    """`README.md`: what this is, how to run it, which stage does what, and what is proven."""
    base = plan.path.rpartition("/")[2]
    rows = "".join(
        f"| {i} | [`{module_of(stage, plan)}.{stage.name}`](src/{plan.package}/{module_of(stage, plan)}.py) | "
        f"{_cell(stage.title or '')} | "
        f"{_names(stage.inputs) if plan.level is Level.FUNCTIONS else ''} | "
        f"{_names(stage.outputs if plan.level is Level.FUNCTIONS else sorted(stage.bound))} |\n"
        for i, stage in enumerate(plan.stages, 1)
    )
    title = f"**{_cell(plan.title.rstrip('.'))}.** " if plan.title else ""
    return f"""# {plan.package}

{title}What the notebook `{base}` computes, as a package. Made by `nb-mlops convert`.

```console
pip install -e ".[test]"        # the versions that ran: pip install -c constraints.txt -e ".[test]"
python -m {plan.package}        # run it and say what it made; --help lists what can be changed
pytest
```

In Python: `from {plan.package} import Config, run; values = run(Config())`.{_way_in(plan, served)}

{_proof(outcome)}{_noticed(check)}{_alone(alone)}

{graph(plan)}| | stage | heading | takes | gives |
|--:|---|---|---|---|
{rows}
`nb-mlops.map.json` says which cell became which lines. Displays, figures, metrics and models go through
`{plan.package}.report`: whoever wants them listens with `report.listening(function)`.
"""


def graph(plan: Plan) -> str:
    """The stages and what goes from one to another, as a Mermaid graph; "" where nothing is handed over."""
    makers: dict[str, int] = {}
    edges: dict[tuple[int, int], list[str]] = {}
    for number, stage in enumerate(plan.stages, 1):
        for name in stage.inputs:
            if name in makers:
                edges.setdefault((makers[name], number), []).append(name)
        makers |= dict.fromkeys(stage.outputs, number)
        makers |= dict.fromkeys(stage.flow.mutates & set(stage.inputs), number)
    if plan.level is not Level.FUNCTIONS or not edges:
        return ""
    nodes = [f'    s{number}["{stage.name}"]' for number, stage in enumerate(plan.stages, 1)]
    arrows = [f'    s{a} -->|"{_edge(names)}"| s{b}' for (a, b), names in edges.items()]
    return "\n".join(["```mermaid", "flowchart TD", *nodes, *arrows, "```", "", ""])


def _edge(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" + {len(names) - 3}" if len(names) > 3 else "")


def _proof(outcome: Outcome | None) -> str:
    if outcome is None:
        return "**Unproven**: converted without running the notebook; nobody has compared any value yet."
    words = compared_in_words(counts_of(outcome))
    if outcome.contradicted:
        return f"**Not equal**: {words}"
    return f"Proven: {words} The tests hold it to that." if outcome.proven else f"**Unproven**: {words}"


def _way_in(plan: Plan, served: Served | None) -> str:
    if served is None:
        return ""
    if not served.model:
        return f"\nNo model yet: `{plan.package}.serve` answers with a stand-in; convert again when there is one."
    return (
        f"\nThe model: `from {plan.package}.serve import predict, train; predict(train(), rows)`, which refuses rows "
        "that it was not made for."
    )


def _noticed(check: SelfCheck | None) -> str:
    if check is None or not check.tried:
        return ""
    alike = f"; {check.alike} more made no difference to any value" if check.alike else ""
    return f" Of {many(check.tried, 'deliberate mistake')} in the code, they noticed {check.noticed}{alike}."


def _alone(alone: Alone) -> str:
    parts = [f"`{name}`" for name in (*alone.stages, *(f"lib.{name}" for name in alone.functions))]
    return f" Also tested by themselves: {', '.join(parts)}." if parts else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def init_text(plan: Plan) -> str:
    """`__init__.py`."""
    what = f"what the notebook {plan.path.rpartition('/')[2]} computes."
    title = safe(plan.title).rstrip(".")
    return f'''"""{f"{title}: {what}" if title else what[:1].upper() + what[1:]}"""

from {plan.package}.config import Config
from {plan.package}.pipeline import run

__all__ = ["Config", "run"]
'''


def smoke_test_text(plan: Plan) -> str:
    """`tests/test_smoke.py`."""
    return f'''"""The package can be imported, configured and called."""

import subprocess
import sys

from {plan.package} import Config, run
from {plan.package}.pipeline import STAGES


def test_every_stage_is_a_function():
    assert [stage.__name__ for stage in STAGES if not callable(stage)] == []


def test_the_defaults_make_a_config():
    assert Config() == Config()
    assert callable(run)


def test_the_command_line_explains_itself():
    command = [sys.executable, "-m", "{plan.package}", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_with_this_path())
    assert done.returncode == 0, done.stderr
    assert "--data-root" in done.stdout


def _with_this_path():
    import os

    return {{**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}}
'''


def golden_test_text(plan: Plan) -> str:
    """`tests/test_golden.py`."""
    return f'''"""The package computes what the notebook computed: every stage, and every value at the end.

The values in golden/ were recorded from runs of the notebook itself.
"""

from pathlib import Path

import pytest
from {HELPER} import golden

HERE = Path(__file__).parent
EXPECTED = golden.load(HERE / "golden")


@pytest.fixture(scope="session")
def found():
    """One run of the whole pipeline, with what each stage did."""
    for name in EXPECTED["absent"]:
        if not (HERE / "data" / name).exists():
            pytest.skip(f"tests/data/{{name}} is needed and was too large to travel with the package")
    return golden.record("{plan.package}", EXPECTED, HERE / "data")


def test_the_stages_run_in_their_order(found):
    problem = golden.order_problem(EXPECTED, found)
    assert problem is None, problem


@pytest.mark.parametrize("stage", EXPECTED["stages"], ids=lambda stage: stage["stage"])
def test_a_stage_does_what_its_cells_did(found, stage):
    ran = [one for one in found["stages"] if one["stage"] == stage["stage"]]
    assert ran, "the stage did not run"
    problems = golden.stage_problems(stage, ran[-1], EXPECTED["rtol"])
    assert not problems, "; ".join(problems)


@pytest.mark.parametrize("name", EXPECTED["final"])
def test_a_final_value_is_the_notebooks(found, name):
    problem = golden.value_problem(EXPECTED["final"][name], found["final"], name, EXPECTED["rtol"])
    assert problem is None, problem
'''


def alone_test_text(plan: Plan) -> str:
    """`tests/test_alone.py`."""
    return f'''"""Parts of the package by themselves: stages with their inputs, functions with recorded calls.

What they are called with was noted in a run of the pipeline, and lies in alone.json.
"""

from pathlib import Path

import pytest
from {HELPER} import alone, golden

HERE = Path(__file__).parent
EXPECTED = golden.load(HERE / "golden")
PARTS = golden.read(HERE / "alone.json")
STAGES = [stage for stage in EXPECTED["stages"] if stage["stage"] in PARTS["stages"]]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage["stage"])
def test_a_stage_alone_does_what_its_cells_did(stage):
    inputs = PARTS["stages"][stage["stage"]]
    found = alone.stage_alone("{plan.package}", stage, inputs, HERE / "data", EXPECTED["start"])
    problems = golden.stage_problems(stage, found, EXPECTED["rtol"])
    assert not problems, "; ".join(problems)


@pytest.mark.parametrize("call", PARTS["calls"], ids=lambda call: call["function"])
def test_a_function_gives_what_it_gave(call):
    found = alone.call("{plan.package}", call, HERE / "data", EXPECTED["start"])
    problem = golden.difference(call["result"], found, EXPECTED["rtol"])
    assert problem is None, problem
'''
