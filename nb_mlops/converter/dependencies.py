"""Which distributions the generated code needs, at the versions that ran."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nb_mlops.analysis.imports import normal
from nb_mlops.converter.trees import nodes, tree_of
from nb_mlops.knowledge.distributions import providers


@dataclass(frozen=True, slots=True)
class Dependency:
    """A distribution; `version` is the one that ran, "" when none did; `sure` unless the name was only guessed."""

    name: str
    version: str = ""
    sure: bool = True

    @property
    def requirement(self) -> str:
        """From the version that ran up to the next one that may break."""
        numbers = re.match(r"(\d+)(?:\.(\d+))?", self.version)
        if not numbers:
            return self.name
        major, minor = int(numbers[1]), int(numbers[2] or 0)
        limit = f"{major + 1}" if major else f"0.{minor + 1}"
        return f"{self.name}>={self.version.partition('+')[0]},<{limit}"


def imported_modules(texts: Iterable[str]) -> frozenset[str]:
    """Top-level modules that the code imports, the standard library left out."""
    found = set()
    for node in (node for text in texts for node in nodes(tree_of(text))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return frozenset(found - sys.stdlib_module_names - {"__future__"})


def dependencies(modules: Iterable[str], packages: Mapping[str, str], asked: Sequence[str]) -> tuple[Dependency, ...]:
    """Distributions for `modules`; `packages` are those the run imported, `asked` the ones pip lines name."""
    versions = {normal(name): (name, version) for name, version in packages.items()}
    wanted = {normal(re.split(r"[=<>~!\[]", line)[0]) for line in asked}
    found = {}
    for module in modules:
        name = next(iter(providers(module)), module)
        known = next((versions[each] for each in (*providers(module), normal(module)) if each in versions), None)
        sure = known is not None or bool(providers(module)) or normal(name) in wanted
        found[normal(name)] = Dependency(*known) if known else Dependency(name.replace("_", "-"), "", sure)
    return tuple(found[key] for key in sorted(found))
