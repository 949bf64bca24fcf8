"""A text in an output, found by its place, and put back changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nb_mlops.core.notebook import Cell, Output, OutputKind
from nb_mlops.core.value import Struct, replace


class OutputText(Struct, frozen=True):
    """A text in an output of a cell, and how a new one is put in its place."""

    output: int
    text: str
    put: Callable[[str], Output]

    @classmethod
    def find(cls, cell: Cell, part: str) -> OutputText | None:
        """The text that a span's part names, e.g. `outputs/2/data/text~1html`; None when there is none."""
        steps = [step.replace("~1", "/").replace("~0", "~") for step in part.split("/")]
        if len(steps) < 3 or steps[0] != "outputs" or not steps[1].isdecimal():
            return None
        number = int(steps[1])
        if number >= len(cell.outputs):
            return None
        output = cell.outputs[number]
        name, keys = steps[2], tuple(steps[3:])
        if name == "text" and not keys and (output.text or output.kind is OutputKind.STREAM):
            return cls(number, output.text, lambda text: replace(output, text=text))
        if name in ("data", "metadata") and keys:
            whole = output.data if name == "data" else output.metadata
            value = _get(whole, keys)
            if not isinstance(value, str):
                return None
            if name == "data":
                return cls(number, value, lambda text: replace(output, data=_put(whole, keys, text)))
            return cls(number, value, lambda text: replace(output, metadata=_put(whole, keys, text)))
        return cls._in_error(number, output, name, keys)

    @classmethod
    def _in_error(cls, number: int, output: Output, name: str, keys: tuple[str, ...]) -> OutputText | None:
        error = output.error
        if error is None:
            return None
        if name == "ename" and not keys:
            return cls(number, error.name, lambda text: replace(output, error=replace(error, name=text)))
        if name == "evalue" and not keys:
            return cls(number, error.value, lambda text: replace(output, error=replace(error, value=text)))
        if name != "traceback" or len(keys) > 1:
            return None
        if not keys:
            joined = "\n".join(error.traceback)
            return cls(
                number,
                joined,
                lambda text: replace(output, error=replace(error, traceback=_lines(error.traceback, text))),
            )
        line = _get(error.traceback, keys)
        if not isinstance(line, str):
            return None
        return cls(
            number,
            line,
            lambda text: replace(output, error=replace(error, traceback=tuple(_put(error.traceback, keys, text)))),
        )


def _lines(old: Sequence[str], text: str) -> tuple[str, ...]:
    """A joined traceback in pieces again: as many lines in each piece as the old one had, while they last."""
    lines = text.split("\n")
    pieces = []
    for piece in old[:-1]:
        height = piece.count("\n") + 1
        if height >= len(lines):
            break
        pieces.append("\n".join(lines[:height]))
        lines = lines[height:]
    return (*pieces, "\n".join(lines))


def _get(value: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, (list, tuple)) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def _put(value: Any, keys: Sequence[str], new: Any) -> Any:
    """A copy with one leaf replaced, which is known to be there."""
    if not keys:
        return new
    if isinstance(value, Mapping):
        return {**value, keys[0]: _put(value[keys[0]], keys[1:], new)}
    place = int(keys[0])
    return [*value[:place], _put(value[place], keys[1:], new), *value[place + 1 :]]
