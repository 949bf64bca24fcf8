"""Type hints of the stages, from the types that the notebook's values had when it ran."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nb_mlops.converter.plan import Plan
from nb_mlops.core.run import RunRecord
from nb_mlops.knowledge import words
from nb_mlops.portable.golden import type_of

Seen = Mapping[int, Mapping[str, str]]

# Libraries whose public classes stand where their private modules are left out.
_LIBRARIES = words("numpy pandas scipy sklearn matplotlib")
_PANDAS = words("DataFrame Series Index RangeIndex MultiIndex DatetimeIndex Timestamp Timedelta Categorical")
_PLAIN = words("bool int float complex str bytes list tuple dict set frozenset range")


def types_seen(records: Sequence[RunRecord]) -> dict[int, dict[str, str]]:
    """By cell, the types of the names that it bound or changed; left out where runs do not agree."""
    found: dict[int, dict[str, str]] = {}
    for record in records:
        for cell in record.cells:
            mine = {name: type_of(value) for name, value in cell.names.items() if value is not None}
            first = found.setdefault(cell.index, mine)
            for name in [name for name in first if mine.get(name) != first[name]]:
                first[name] = ""
    return found


@dataclass(slots=True)
class Hints:
    """Annotations by stage and name, and what must be imported for type checkers alone."""

    inputs: dict[str, dict[str, str]] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)

    def parameter(self, stage: str, name: str) -> str:
        """`name: type`, or the name alone."""
        kind = self.inputs.get(stage, {}).get(name)
        return f"{name}: {kind}" if kind else name

    def returns(self, stage: str, names: Sequence[str]) -> str:
        """` -> type` for what a stage returns; "" where nothing is known of it."""
        if stage not in self.outputs:
            return ""
        if not names:
            return " -> None"
        kinds = [self.outputs[stage].get(name, "") for name in names]
        if not all(kinds):
            return ""
        return f" -> {kinds[0]}" if len(kinds) == 1 else f" -> tuple[{', '.join(kinds)}]"


def hints_of(plan: Plan, seen: Seen) -> Hints:
    """The annotations of every stage; none without a run."""
    made = Hints()
    if not seen:
        return made
    known = {p.name: p.type for p in plan.parameters if p.type in _PLAIN}
    for stage in plan.stages:
        made.inputs[stage.name] = {name: known[name] for name in stage.inputs if known.get(name)}
        for cell in stage.cells:
            for name, kind in seen.get(cell.index, {}).items():
                known[name] = _annotation(kind, plan, made.modules)
        made.outputs[stage.name] = {name: known[name] for name in stage.outputs if known.get(name)}
    return made


def _annotation(kind: str, plan: Plan, modules: dict[str, str]) -> str:
    """A type's name as code of this package can say it; "" where it cannot."""
    if kind in _PLAIN:
        return kind if kind not in plan.names else ""
    module, _, name = kind.rpartition(".")
    parts = module.split(".")
    if parts[0] not in _LIBRARIES or not name.isidentifier() or name.startswith("_"):
        return ""
    public = _public(parts)
    if (parts[0] == "pandas" and name not in _PANDAS) or (parts[0] == "numpy" and public == "numpy" != module):
        return ""
    for alias, imports in plan.hoisting.imports.items():
        if any(one.target == f"{public}:{name}" for one in imports):
            return alias
        if parts[0] in {"numpy", "pandas"} and any(one.target == parts[0] for one in imports):
            return f"{alias}{public.removeprefix(parts[0])}.{name}"
    if name in plan.names or hasattr(builtins, name) or modules.get(name, public) != public:
        return ""
    modules[name] = public
    return f'"{name}"'


def _public(parts: Sequence[str]) -> str:
    """The module that shows what a private module defines."""
    if parts[0] == "pandas":
        return "pandas"
    if parts[0] == "numpy":
        return "numpy.random" if parts[1:2] == ["random"] else "numpy"
    shown = []
    for part in parts:
        if part.startswith("_"):
            break
        shown.append(part)
    return ".".join(shown)


def for_checkers(hints: Hints, text: str) -> Iterable[str]:
    """The lines that import what only annotations in the text name."""
    wanted: dict[str, list[str]] = {}
    for name, module in hints.modules.items():
        if f'"{name}"' in text:
            wanted.setdefault(module, []).append(name)
    if not wanted:
        return ()
    lines = [f"    from {module} import {', '.join(sorted(names))}" for module, names in sorted(wanted.items())]
    return ("if TYPE_CHECKING:", *lines)
