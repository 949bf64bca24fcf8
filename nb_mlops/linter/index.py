"""What must be known of each of our rules before its module is loaded, as the source of `nb_mlops.linter.shipped`.

Loading all rules takes a quarter of the time that linting a small notebook takes, and most have nothing to say of it.
`python docs/generate.py` writes the index again, and a test fails when it is stale.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from nb_mlops.linter.rule import Rule

_PACKAGE = "nb_mlops.rules."
_PARTS = ("check", "check_file", "check_suppressions")
_REST = ("confidence", "default", "every_language", "sensitive", "needs", "says")
_HEADER = '''"""Our rules, of which each is loaded when it is first asked. Written by docs/generate.py."""

# fmt: off
from __future__ import annotations

from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.linter.rule import shipped

SHIPPED = (
'''


def written(rules: Iterable[Rule]) -> str:
    """The module `nb_mlops.linter.shipped`: a line for each rule, with what differs from the usual."""
    return "".join((_HEADER, *(f"    {_line(rule)},\n" for rule in rules), ")\n# fmt: on\n"))


def _line(rule: Rule) -> str:
    usual = dict(zip(Rule.__struct_fields__[-len(Rule.__struct_defaults__) :], Rule.__struct_defaults__, strict=True))
    given = [rule.module.removeprefix(_PACKAGE), rule.code, rule.slug]
    parts = [part for part in _PARTS if getattr(rule, part) is not None]
    rest = [(name, getattr(rule, name)) for name in _REST if getattr(rule, name) != usual[name]]
    said = [*map(_literal, (*given, rule.severity, *parts)), *(f"{name}={_literal(value)}" for name, value in rest)]
    return f"shipped({', '.join(said)})"


def _literal(value: object) -> str:
    return f"{type(value).__name__}.{value.name}" if isinstance(value, Enum) else repr(value).replace("'", '"')
