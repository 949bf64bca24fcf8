"""What a value is, as JSON, and where two such descriptions part.

Semantic, not byte-wise: numbers stay numbers, so that they can be compared with a tolerance; large data is summarised;
an object that cannot be described says its type only. Never pickle, never a repr that carries an address, never an
exception, never a change to the value: this runs on a user's variables between the cells of a notebook.

JSON scalars stand for themselves. Everything else is an object with `type`, and `only: true` where the type is all
that is known.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from . import fingerprint_libraries as libraries
from .difference import difference, is_type_only
from .summary import exact_summary, number_summary, spread

__all__ = ["difference", "fingerprint", "is_type_only"]

MAX_ITEMS = 100
MAX_TEXT = 400
MAX_NODES = 8000
MAX_SCAN = 200_000
_FUNCTIONS = {"function", "builtin_function_or_method", "method", "method-wrapper", "method_descriptor", "ufunc"}


def fingerprint(value: Any, depth: int = 8, home: Sequence[str] = ("__main__",)) -> Any:
    """Describe `value` as a JSON value, in bounded time and space; never raises and never changes it.

    `depth` is how many containers deep it looks. `home` are the modules (with all below them) whose own classes are
    named without their module, so that a class of a notebook equals the same class in a package made from it.
    """
    return Walk(depth, tuple(home)).of(value)


class Walk:
    """One fingerprint in the making: how deep it is, how many values it may still visit, which ones it is inside."""

    def __init__(self, depth: int, home: tuple[str, ...]) -> None:
        self.depth = depth
        self.home = home
        self.nodes = MAX_NODES
        self.inside: set[int] = set()

    def of(self, value: Any) -> Any:
        """The description of one value, deeper by one than the one it stands in."""
        if value is None or type(value) in (bool, int, float, str):
            return scalar(value)
        self.nodes -= 1
        if self.nodes < 0 or self.depth <= 0 or id(value) in self.inside:
            return self.type_only(value)
        self.depth -= 1
        self.inside.add(id(value))
        try:
            return self._described(value)
        except Exception as problem:  # a user's class may do anything when it is asked
            return dict(self.type_only(value), problem=type(problem).__name__)
        finally:
            self.depth += 1
            self.inside.discard(id(value))

    def items(self, values: Sequence[Any]) -> list[Any]:
        """Descriptions of at most MAX_ITEMS of the values, evenly spread."""
        return [self.of(values[i]) for i in spread(len(values), MAX_ITEMS)]

    def type_name(self, value: Any) -> str:
        """The type's name; classes of the user's own modules carry no module."""
        kind = type(value)
        module = str(getattr(kind, "__module__", ""))
        name = str(getattr(kind, "__qualname__", kind.__name__)).rpartition("<locals>.")[2]
        own = any(module == h or module.startswith(h + ".") for h in self.home)
        return name if own or module == "builtins" else module + "." + name

    def is_own(self, value: Any) -> bool:
        """Whether the value's class is the user's own."""
        module = str(getattr(type(value), "__module__", ""))
        return any(module == h or module.startswith(h + ".") for h in self.home)

    def type_only(self, value: Any) -> dict[str, Any]:
        """What is said of a value that cannot be described."""
        return {"type": self.type_name(value), "only": True}

    def _described(self, value: Any) -> Any:
        if isinstance(value, (ModuleType, type)):
            return {"type": "module" if isinstance(value, ModuleType) else "class", "only": True}
        if type(value).__name__ in _FUNCTIONS:
            return {"type": "function", "only": True}
        for kind in type(value).__mro__:
            name = str(kind.__module__).partition(".")[0] + "." + kind.__name__
            describe = _BUILTIN.get(name) or libraries.DESCRIBERS.get(name)
            if describe is not None:
                body = describe(value, self)
                return self.type_only(value) if body is None else dict({"type": self.type_name(value)}, **body)
        if self.is_own(value) and hasattr(value, "__dict__"):
            return {"type": self.type_name(value), "attributes": self.attributes(vars(value))}
        return self.type_only(value)

    def attributes(self, mapping: Mapping[str, Any]) -> dict[str, Any]:
        """Named parts, in their order."""
        names = [name for name in mapping if isinstance(name, str)]
        return {names[i]: self.of(mapping[names[i]]) for i in spread(len(names), MAX_ITEMS)}


def scalar(value: Any) -> Any:
    """None, bool, int, float and str: themselves, but for what JSON cannot hold and for long text."""
    if type(value) is float and not math.isfinite(value):
        return {"type": "float", "value": repr(value)}
    if type(value) is str and len(value) > MAX_TEXT:
        digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
        return {"type": "str", "length": len(value), "sha256": digest}
    if type(value) is str:
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if type(value) is int and value.bit_length() > 256:
        return {"type": "int", "bits": value.bit_length(), "sha256": hashlib.sha256(hex(value).encode()).hexdigest()}
    return value


def sequence_body(values: Sequence[Any], walk: Walk) -> dict[str, Any]:
    """A list or tuple: every item when there are few; else a summary of numbers or texts, or a spread of items."""
    if len(values) <= MAX_ITEMS:
        return {"length": len(values), "items": walk.items(values)}
    kinds = {type(v) for v in (values if len(values) <= MAX_SCAN else values[:: len(values) // MAX_SCAN])}
    if kinds <= {int, float, bool} and float in kinds:
        return {"length": len(values), "summary": number_summary(_floats(values))}
    if kinds <= {int, bool, str, type(None)}:
        shown = [values[i] for i in spread(len(values), MAX_SCAN)]
        sample = [scalar(values[i]) for i in spread(len(values), 8)]
        return {"length": len(values), "summary": exact_summary((repr(v).encode() for v in shown), sample)}
    return {"length": len(values), "items": walk.items(values)}


def _floats(values: Sequence[Any]) -> list[float]:
    return [float(values[i]) for i in spread(len(values), MAX_SCAN)]


def _list(value: Any, walk: Walk) -> dict[str, Any]:
    return sequence_body(list(list.__iter__(value)), walk)


def _tuple(value: Any, walk: Walk) -> dict[str, Any]:
    fields = getattr(type(value), "_fields", None)
    body = sequence_body(list(tuple.__iter__(value)), walk)
    return dict(body, fields=list(fields)) if isinstance(fields, tuple) else body


def _dict(value: Any, walk: Walk) -> dict[str, Any]:
    keys = list(dict.keys(value))
    chosen = [keys[i] for i in spread(len(keys), MAX_ITEMS)]
    return {"length": len(keys), "pairs": [[walk.of(key), walk.of(dict.__getitem__(value, key))] for key in chosen]}


def _set(value: Any, walk: Walk) -> dict[str, Any]:
    if len(value) > MAX_SCAN:
        return {"length": len(value)}
    if len(value) > MAX_ITEMS:
        texts = sorted(repr(v).encode() for v in value if type(v) in (int, float, str, bool))
        return {"length": len(value), "summary": exact_summary(texts, [])}
    items = [walk.of(v) for v in value]
    return {"length": len(value), "items": sorted(items, key=lambda item: json.dumps(item, sort_keys=True))}


def _bytes(value: Any, walk: Walk) -> dict[str, Any]:
    return {"length": len(value), "sha256": hashlib.sha256(bytes(value)).hexdigest()}


def _complex(value: Any, walk: Walk) -> dict[str, Any]:
    return {"real": scalar(float(value.real)), "imag": scalar(float(value.imag))}


def _iso(value: Any, walk: Walk) -> dict[str, Any]:
    return {"value": value.isoformat()}


def _text(value: Any, walk: Walk) -> dict[str, Any]:
    return {"value": scalar(str(value))}


def _repr(value: Any, walk: Walk) -> dict[str, Any]:
    return {"value": scalar(repr(value))}


def _enum(value: Any, walk: Walk) -> dict[str, Any]:
    return {"value": value.name}


def _subclassed(base: type) -> Callable[[Any, Walk], dict[str, Any]]:
    """A subclass of int, float or str: the plain value beside the type's name."""
    plain: Callable[[Any], Any] = str.__str__ if base is str else base
    return lambda value, walk: {"value": scalar(plain(value))}


def _random(value: Any, walk: Walk) -> dict[str, Any]:
    return {"state": exact_summary([repr(value.getstate()).encode()], [])}


def _queue(value: Any, walk: Walk) -> dict[str, Any]:
    return sequence_body(list(value), walk)


_BUILTIN: dict[str, Callable[[Any, Walk], dict[str, Any] | None]] = {
    "enum.Enum": _enum,
    "builtins.list": _list,
    "builtins.tuple": _tuple,
    "builtins.dict": _dict,
    "builtins.set": _set,
    "builtins.frozenset": _set,
    "collections.deque": _queue,
    "builtins.bytes": _bytes,
    "builtins.bytearray": _bytes,
    "builtins.complex": _complex,
    "builtins.range": _repr,
    "builtins.slice": _repr,
    "builtins.int": _subclassed(int),
    "builtins.float": _subclassed(float),
    "builtins.str": _subclassed(str),
    "datetime.datetime": _iso,
    "datetime.date": _iso,
    "datetime.time": _iso,
    "datetime.timedelta": _text,
    "decimal.Decimal": _text,
    "fractions.Fraction": _text,
    "uuid.UUID": _text,
    "pathlib.PurePath": _text,
    "random.Random": _random,
}
