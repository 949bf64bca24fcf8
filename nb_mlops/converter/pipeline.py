"""The modules of a package that are not the author's code: pipeline, config, command line, and their texts."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from nb_mlops.converter.modules import STATE, from_import, module_of, result_class
from nb_mlops.converter.plan import Level, Plan
from nb_mlops.converter.stage import Stage, only_looks

_WIDTH = 100


def aside(plan: Plan) -> frozenset[str]:
    """Names of the stages that a run may go without."""
    if plan.level is not Level.FUNCTIONS or "with_exploration" in plan.names:
        return frozenset()
    return frozenset(stage.name for stage in plan.stages if only_looks(stage))


def pipeline_text(plan: Plan, lean: bool = False) -> str:
    """`pipeline.py`: the stages in their order, in one function that returns what they hand on; with `lean` it can be
    asked to go without the stages that only look at data."""
    state = plan.level is Level.MODULE_STATE
    by_module: dict[str, list[str]] = {"config": ["Config"]}
    for stage in plan.stages:
        by_module.setdefault(module_of(stage, plan), []).append(stage.name)
    imports = [f"from {plan.package} import {', '.join([_sink(plan), *([STATE] if state else [])])}"]
    for module in sorted(by_module):
        imports += from_import(f"{plan.package}.{module}", sorted(by_module[module]))
    stages = "".join(f"    {stage.name},\n" for stage in plan.stages)
    constants = f"# The stages, in the order in which `run` calls them.\nSTAGES = (\n{stages})\n"
    if state:
        constants += f"# The module whose globals are the notebook's variables.\nSTATE = {STATE}\n"
    return "\n".join(
        [
            f'"""The pipeline: what the notebook {_base(plan.path)} computes, stage by stage."""',
            "",
            "from __future__ import annotations",
            "",
            "import os",
            "from typing import Any",
            "",
            *imports,
            "",
            constants,
            "",
            *(_run_with_state(plan) if state else _run_with_functions(plan, lean)),
            "",
        ]
    )


def _sink(plan: Plan) -> str:
    return "report" if plan.sink == "report" else f"report as {plan.sink}"


def _base(path: str) -> str:
    return path.rpartition("/")[2]


_SIGNATURE = "def run(config: Config = Config(), data_root: str | os.PathLike[str] | None = None) -> dict[str, Any]:"


def _doc(what: str) -> list[str]:
    return [
        '    """Compute what the notebook computed.',
        "",
        "    `data_root` is the folder that relative paths in the code start from (default: where you stand).",
        f"    Returns {what}.",
        '    """',
    ]


_LEAN_SIGNATURE = [
    "def run(",
    "    config: Config = Config(),",
    "    data_root: str | os.PathLike[str] | None = None,",
    "    with_exploration: bool = True,",
    ") -> dict[str, Any]:",
]
_LEAN_DOC = ["    Without exploration, stages that only look at data are left out; the values are the same."]


def _run_with_functions(plan: Plan, lean: bool) -> list[str]:
    known = {p.name: f"config.{p.name}" for p in plan.parameters}
    doc = _doc("the values that the stages hand on, by their names in the notebook")
    lines = [*_LEAN_SIGNATURE, *doc[:-1], *_LEAN_DOC, doc[-1]] if lean else [_SIGNATURE, *doc]
    left_out = aside(plan) if lean else frozenset()
    local: dict[str, None] = {}
    handed = {name for stage in plan.stages for name in stage.outputs}
    if "config" in handed:
        lines.append("    settings = config")
        known = {name: f"settings.{name}" for name in known}
    lines.append(f"    with {plan.sink}.working_in(data_root):")
    for stage in plan.stages:
        calls = _call(stage, known)
        lines += (
            ["        if with_exploration:", *(f"    {line}" for line in calls)] if stage.name in left_out else calls
        )
        for name in stage.outputs:
            known[name] = name
            local[name] = None
    if not plan.stages:
        lines.append("        pass")
    pairs = [f'"{name}": {name}' for name in local]
    whole = f"    return {{{', '.join(pairs)}}}"
    lines += [whole] if len(whole) <= _WIDTH else ["    return {", *(f"        {pair}," for pair in pairs), "    }"]
    return lines


def _call(stage: Stage, known: dict[str, str]) -> list[str]:
    """`a, b = stage(x=x)`, on one line where it fits."""
    arguments = [f"{name}={known[name]}" for name in stage.inputs]
    left = f"{', '.join(stage.outputs)} = " if stage.outputs else ""
    line = f"        {left}{stage.name}({', '.join(arguments)})"
    if len(line) <= _WIDTH:
        return [line]
    start = f"        {left}{stage.name}("
    if len(start) > _WIDTH:
        return [
            "        (",
            *(f"            {name}," for name in stage.outputs),
            f"        ) = {stage.name}({', '.join(arguments)})",
        ]
    inner = f"            {', '.join(arguments)}"
    body = [inner] if len(inner) <= _WIDTH else [f"            {argument}," for argument in arguments]
    return [start, *body, "        )"]


def _run_with_state(plan: Plan) -> list[str]:
    names = sorted({name for stage in plan.stages for name in stage.bound} | {p.name for p in plan.parameters})
    listed = textwrap.wrap(", ".join(f'"{name}"' for name in names), _WIDTH - 6)
    lines = [
        "# Every variable of the notebook.",
        *(["NAMES = [", *(f"    {line.rstrip(',')}," for line in listed), "]"] if names else ["NAMES: list[str] = []"]),
        "",
        "",
        _SIGNATURE,
        *_doc("the notebook's variables by name"),
        f"    with {plan.sink}.working_in(data_root):",
    ]
    if plan.parameters:
        lines.append(f"        {STATE}.set_parameters(config)")
    lines += [f"        {stage.name}()" for stage in plan.stages] or ["        pass"]
    lines.append(f"    return {{name: getattr({STATE}, name) for name in NAMES if hasattr({STATE}, name)}}")
    return lines


def config_text(plan: Plan) -> str:
    """`config.py`: the parameters as a frozen dataclass."""
    uses_any = any("Any" in p.type for p in plan.parameters)
    lines = ['"""The parameters of the pipeline, with the values that the notebook gives them."""', ""]
    lines += ["from __future__ import annotations", ""]
    mutable = [p for p in plan.parameters if isinstance(p.value, (list, dict, set))]
    lines.append("from dataclasses import dataclass" + (", field" if mutable else ""))
    lines += ["from typing import Any"] if uses_any else []
    lines += ["", "", "@dataclass(frozen=True)", "class Config:"]
    if not plan.parameters:
        return "\n".join(
            [
                *lines,
                '    """No parameters: no cell is tagged `parameters`, and no constant is read by several cells."""',
                "",
            ]
        )
    lines += ['    """What a run may change."""', ""]
    for p in plan.parameters:
        text = p.text if "\n" not in p.text else repr(p.value)
        value = f"field(default_factory=lambda: {text})" if p in mutable else text
        lines.append(f"    {p.name}: {p.type} = {value}" + (f"  # {p.comment}" if p.comment else ""))
    return "\n".join([*lines, ""])


_OPTION = {"int": "type=int", "float": "type=float", "str": "type=str", "bool": "action=argparse.BooleanOptionalAction"}


def main_text(plan: Plan, lean: bool = False) -> str:
    """`__main__.py`: the pipeline on a command line, its parameters as options."""
    options = []
    flags = _flags([p.name for p in plan.parameters])
    for p in plan.parameters:
        flag = flags[p.name]
        kind = _OPTION.get(p.type, "type=json.loads")
        about = (p.comment or "").replace("%", "%%").replace("\\", "\\\\").replace('"', "'")
        text = f"{about} (default: %(default)s)" if about else "default: %(default)s"
        line = f'    parser.add_argument("{flag}", dest="{p.name}", {kind}, default=defaults.{p.name}, help="{text}")'
        options += [line] if len(line) <= _WIDTH + 20 else _long_option(flag, p.name, kind, text)
    if lean:
        options.append(_EXPLORE)
    needs_json = any(p.type not in _OPTION for p in plan.parameters)
    names = [f"{p.name}=chosen.{p.name}" for p in plan.parameters]
    made = f"Config({', '.join(names)})"
    if len(made) > _WIDTH - 15:
        made = "Config(\n" + "".join(f"        {name},\n" for name in names) + "    )"
    return _MAIN.format(
        package=plan.package,
        json="import json\n" if needs_json else "",
        defaults="    defaults = Config()\n" if plan.parameters else "",
        options="".join(f"{line}\n" for line in options),
        made=made,
        explore=", chosen.with_exploration" if lean else "",
    )


_EXPLORE = """    parser.add_argument(
        "--no-exploration",
        dest="with_exploration",
        action="store_false",
        help="leave out stages that only look at data",
    )"""


def _flags(names: Sequence[str]) -> dict[str, str]:
    """An option for every parameter, none of them twice: `N` and `n` may both be there."""
    flags: dict[str, str] = {}
    taken = {"--data-root", "--help", "--no-exploration"}
    for name in names:
        plain = "--" + name.strip("_").replace("_", "-")
        tries = (plain.lower(), plain, *(f"{plain}-{number}" for number in range(2, 99)))
        flags[name] = next(flag for flag in tries if flag not in taken)
        taken.add(flags[name])
    return flags


def _long_option(flag: str, name: str, kind: str, text: str) -> list[str]:
    return [
        "    parser.add_argument(",
        f'        "{flag}",',
        f'        dest="{name}",',
        f"        {kind},",
        f"        default=defaults.{name},",
        f'        help="{text}",',
        "    )",
    ]


_MAIN = '''"""Run the pipeline from a command line: `python -m {package} --help`."""

from __future__ import annotations

import argparse
{json}import os
import sys

# Figures are drawn for whoever listens to the report module, never on a screen.
os.environ.setdefault("MPLBACKEND", "agg")

from {package} import report  # noqa: E402
from {package}.config import Config  # noqa: E402
from {package}.pipeline import run  # noqa: E402


def main() -> int:
    """Run the pipeline, and say what it made."""
{defaults}    parser = argparse.ArgumentParser(
        prog="python -m {package}", description="Run the pipeline, and say what it made."
    )
    parser.add_argument("--data-root", help="folder that relative paths start from (default: here)")
{options}    chosen = parser.parse_args()
    config = {made}
    account = report.Account()
    sys.addaudithook(account.audited)
    with report.listening(account.heard):
        values = run(config, chosen.data_root{explore})
    print(*account.lines(values, chosen.data_root), sep="\\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
'''

__all__ = ["config_text", "main_text", "pipeline_text", "result_class"]
