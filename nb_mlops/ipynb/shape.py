"""What is otherwise than nbformat 4 has it, part by part, and what stands in the place of a part that is missing.

A test holds it against nbformat's own validator. Cell ids have a rule of their own, and an entry that nbformat does not
know harms nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from msgspec import UNSET

from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import CellKind, Oddity, OutputKind
from nb_mlops.core.value import Struct
from nb_mlops.ipynb.values import is_json_mime, json_name

# What a cell holds in the place of a part that is missing or null. Without a type it might be any.
EMPTY: Mapping[str, Any] = {"metadata": {}, "source": [], "outputs": [], "execution_count": None}

_STRINGS = frozenset({str})
_OBJECT, _LIST, _TEXT, _COUNT = "an object", "a list", "text", "a whole number or null"
_TYPES = ("cell_type", "output_type")
_SMALL = 100
_MIME_TYPE = pattern(r"[a-z]{1,20}/[a-z0-9.+-]{1,40}")
_WORD = pattern(r"[a-z_]{1,20}")
_CELL_TYPES = frozenset(kind.value for kind in CellKind if kind is not CellKind.UNKNOWN)


def _never(_: Any) -> bool:
    return False


def _always(_: Any) -> bool:
    return True


def _if_missing(value: Any) -> bool:
    return value is UNSET


def _if_nothing(value: Any) -> bool:
    return value is UNSET or value == {}


class _Part(Struct, frozen=True):
    """A part that nbformat asks for; `opens` tells of a value that does not fit, UNSET where there is none, whether
    Jupyter opens the file all the same."""

    name: str
    wanted: str
    fits: Callable[[Any], bool]
    opens: Callable[[Any], bool] = _always
    needed: bool = True


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_bundles(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(bundle, dict) for bundle in value.values())


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_string(value: Any) -> bool:
    return isinstance(value, str)


def is_lines(value: Any) -> bool:
    """Whether it is a list of strings."""
    return isinstance(value, list) and _STRINGS.issuperset(map(type, value))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or is_lines(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return value is None or _is_number(value)


_METADATA = _Part("metadata", _OBJECT, _is_object, _never)
_CELL = (
    _Part(
        "cell_type",
        "`code`, `markdown` or `raw`",
        lambda value: isinstance(value, str) and value in _CELL_TYPES,
        lambda value: value is UNSET or isinstance(value, str),
    ),
    _METADATA,
    _Part("source", _TEXT, _is_text, lambda value: not isinstance(value, list)),
    _Part("attachments", "an object of objects", _is_bundles, _never, needed=False),
)
_CODE = (
    *_CELL,
    _Part("outputs", _LIST, _is_list, _if_nothing),
    _Part("execution_count", _COUNT, _is_count),
)
_DATA = _Part("data", _OBJECT, _is_object, _if_missing)
_RICH = (
    _DATA,
    _Part("metadata", _OBJECT, _is_object),
)
_MIME = _Part("data", _TEXT, _is_text)
_OUTPUT = {
    OutputKind.STREAM: (
        _Part("name", _TEXT, _is_string),
        _Part("text", _TEXT, _is_text, lambda value: not isinstance(value, list)),
    ),
    OutputKind.DISPLAY_DATA: _RICH,
    OutputKind.EXECUTE_RESULT: (*_RICH, _Part("execution_count", _COUNT, _is_count)),
    OutputKind.ERROR: (
        _Part("ename", _TEXT, _is_string),
        _Part("evalue", _TEXT, _is_string),
        _Part("traceback", "a list of texts", is_lines),
    ),
    OutputKind.UNKNOWN: (
        _Part(
            "output_type",
            "a type that the format has",
            _never,
            lambda value: not isinstance(value, (list, dict)),
        ),
    ),
}
_TAGS = (_Part("tags", "a list of texts", is_lines, needed=False),)
_LANGUAGE = (
    _Part("kernelspec", _OBJECT, _is_object, needed=False),
    _Part("language_info", _OBJECT, _is_object, needed=False),
)
_NAME = _Part("name", _TEXT, _is_string)
_NAMES = {"kernelspec": (_NAME, _Part("display_name", _TEXT, _is_string)), "language_info": (_NAME,)}
_NOTEBOOK = (
    _METADATA,
    _Part("nbformat", "the number 4", lambda value: _is_number(value) and value == 4, _never),
    _Part("nbformat_minor", "a number", _is_number, _if_missing),
    _Part("cells", _LIST, _is_list, _never),
)


def whole_oddity(value: Any) -> tuple[Oddity, ...]:
    """What is odd about a cell or an output that is no object."""
    return (Oddity("", json_name(value), _OBJECT, opens=False),)


def cell_oddities(value: dict[str, Any]) -> tuple[Oddity, ...]:
    """What is odd about a cell, its outputs apart."""
    parts = _CODE if value.get("cell_type") == CellKind.CODE.value else _CELL
    return (*_oddities(parts, value.get), *_oddities(_TAGS, _below(value, "metadata").get, "metadata/"))


def output_oddities(kind: OutputKind, raw: object) -> tuple[Oddity, ...]:
    """What is odd about an output; its parts are attributes of `raw`, those that are missing UNSET."""
    parts = _OUTPUT[kind]
    found = _oddities(parts, partial(getattr, raw))
    if parts[0] is not _DATA:
        return found
    data = getattr(raw, _DATA.name)
    for mime, value in data.items() if isinstance(data, dict) else ():
        if not isinstance(value, str) and not is_json_mime(mime) and not _is_text(value):
            part = "data/" + mime.replace("/", "~1") if _MIME_TYPE.fullmatch(mime) else "data"
            found = (*found, Oddity(part, _found(_MIME, value), _MIME.wanted))
    return found


def notebook_oddities(value: dict[str, Any]) -> tuple[Oddity, ...]:
    """What is odd about a notebook, its cells apart."""
    return (*_oddities(_NOTEBOOK, value.get), *metadata_oddities(_below(value, "metadata")))


def metadata_oddities(metadata: dict[str, Any]) -> tuple[Oddity, ...]:
    """What is odd about what the notebook says of its language."""
    found = _oddities(_LANGUAGE, metadata.get, "metadata/")
    for section, parts in _NAMES.items():
        if section in metadata and isinstance(metadata[section], dict):
            found += _oddities(parts, metadata[section].get, f"metadata/{section}/")
    return found


def _below(value: dict[str, Any], name: str) -> dict[str, Any]:
    below = value.get(name)
    return below if isinstance(below, dict) else {}


def _oddities(parts: tuple[_Part, ...], get: Callable[[str, Any], Any], above: str = "") -> tuple[Oddity, ...]:
    found: tuple[Oddity, ...] = ()
    for part in parts:
        value = get(part.name, UNSET)
        if not part.fits(value) and (part.needed or value is not UNSET):
            found = (*found, Oddity(above + part.name, _found(part, value), part.wanted, part.opens(value)))
    return found


def _found(part: _Part, value: Any) -> str:
    """What stands there, in words that quote nothing but a type or a small number."""
    if value is UNSET:
        return "nothing"
    if part.name in _TYPES and isinstance(value, str) and _WORD.fullmatch(value):
        return f"`{value}`"
    if _is_number(value) and abs(value) < _SMALL:
        return f"the number {value}"
    return json_name(value) + (
        " that holds more than text" if isinstance(value, list) and "text" in part.wanted else ""
    )
