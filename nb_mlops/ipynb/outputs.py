"""The raw JSON of a cell's outputs to Output values, when somebody first looks."""

# Annotations are values here: msgspec reads them, and as text it would have to compile each first.

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import UNSET

from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import ErrorValue, Head, Output, OutputKind
from nb_mlops.ipynb.shape import output_oddities, whole_oddity
from nb_mlops.ipynb.values import count_of, is_json_mime, joined, parse

_KINDS = {kind.value: kind for kind in OutputKind if kind is not OutputKind.UNKNOWN}


class _Raw(msgspec.Struct):
    output_type: Any = UNSET
    name: Any = UNSET
    text: Any = UNSET
    data: Any = UNSET
    metadata: Any = UNSET
    execution_count: Any = UNSET
    ename: Any = UNSET
    evalue: Any = UNSET
    traceback: Any = UNSET


_NOTHING = msgspec.Raw(b"0")


class _RawHead(msgspec.Struct, gc=False):
    output_type: Any = None
    name: Any = None
    execution_count: Any = UNSET
    text: msgspec.Raw = _NOTHING
    data: dict[str, msgspec.Raw] | msgspec.UnsetType = UNSET
    metadata: msgspec.Raw = _NOTHING
    ename: msgspec.Raw = _NOTHING
    evalue: msgspec.Raw = _NOTHING
    traceback: msgspec.Raw = _NOTHING


_HEADS = msgspec.json.Decoder(list[_RawHead])
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_ITEM = msgspec.json.Decoder(_Raw)
_ANY = msgspec.json.Decoder(Any)
_STRING = msgspec.json.Decoder(str)
_STRINGS = msgspec.json.Decoder(list[str])
_FIELDS = _Raw.__struct_fields__


def decode_outputs(raw: bytes | memoryview) -> tuple[Output, ...]:
    """One Output for each item of the list `raw`, in order; what is not a list has none. Never raises."""
    try:
        return tuple(_decode(item) for item in _ITEMS.decode(raw))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        values = parse(bytes(raw).decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        return ()
    return outputs_of(values)


def decode_heads(raw: bytes | memoryview) -> tuple[Head, ...] | None:
    """What each item of the list `raw` is, in order, at the cost of skipping over it; None for what holds others than
    common outputs."""
    try:
        items = _HEADS.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    heads = []
    for one in items:
        kind = _kind(one.output_type)
        heads.append(Head(kind, _name(one.name), count_of(one.execution_count), _fits(kind, one)))
    return tuple(heads)


def _fits(kind: OutputKind, raw: _RawHead) -> bool:
    """Whether the output is surely as nbformat has it; shape.py knows what is odd about one that is not."""
    if kind is OutputKind.STREAM:
        return isinstance(raw.name, str) and _holds_text(raw.text)
    if kind is OutputKind.ERROR:
        return _begins(raw.ename, '"') and _begins(raw.evalue, '"') and _holds_lines(raw.traceback)
    if kind is OutputKind.EXECUTE_RESULT and raw.execution_count is not None and count_of(raw.execution_count) is None:
        return False
    if kind is OutputKind.UNKNOWN or raw.data is UNSET or not _begins(raw.metadata, "{"):
        return False
    return all(_holds_text(value) or is_json_mime(mime) for mime, value in raw.data.items())


def _begins(raw: msgspec.Raw, sign: str) -> bool:
    return memoryview(raw)[0] == ord(sign)


def _holds_text(raw: msgspec.Raw) -> bool:
    return _begins(raw, '"') or _holds_lines(raw)


def _holds_lines(raw: msgspec.Raw) -> bool:
    try:
        return _begins(raw, "[") and _STRINGS.decode(raw) is not None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False


def _kind(output_type: Any) -> OutputKind:
    return _KINDS.get(output_type, OutputKind.UNKNOWN) if isinstance(output_type, str) else OutputKind.UNKNOWN


def _name(value: Any) -> str:
    return value if isinstance(value, str) else ""


def outputs_of(values: Any) -> tuple[Output, ...]:
    """The same from values that JSON has already been decoded to."""
    if not isinstance(values, list):
        return ()
    return tuple(output_of(value, len(_dumped(value))) for value in values)


def output_of(value: Any, size: int) -> Output:
    """One output from its JSON value, whatever it is."""
    if not isinstance(value, dict):
        return Output(OutputKind.UNKNOWN, size=size, odd=whole_oddity(value))
    return _output(_Raw(**{name: value[name] for name in _FIELDS if name in value}), size)


def _decode(item: msgspec.Raw) -> Output:
    raw = memoryview(item)
    if len(raw) > _LARGE:
        try:
            return _output(_large(raw), len(raw))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass
    try:
        return _output(_ITEM.decode(raw), len(raw))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return output_of(parse(bytes(raw).decode("utf-8", "surrogateescape")), len(raw))
    except (ValueError, RecursionError):
        return Output(OutputKind.UNKNOWN, size=len(raw))


class _LargeItem(msgspec.Struct):
    output_type: Any = UNSET
    name: Any = UNSET
    text: msgspec.Raw = msgspec.Raw(b"null")
    data: dict[str, msgspec.Raw] = {}
    metadata: Any = UNSET
    execution_count: Any = UNSET
    ename: Any = UNSET
    evalue: Any = UNSET
    traceback: Any = UNSET


_LARGE_ITEM = msgspec.json.Decoder(_LargeItem)
# From this size on a text is put together from stretches of it: all its lines at once, each a value of its own, take
# several times what the text does, and a decoder copies a string with escapes once more.
_LARGE = 1 << 20
_BATCH = 1 << 20
# The end of one string and the beginning of the next. A quote right behind a letter or a digit is neither an
# opening nor an escaped one.
_BETWEEN = pattern(rb'(?<=[A-Za-z0-9])"(\s*,\s*)"')
_ESCAPE = pattern(rb"\\")
# Behind so many bytes without a backslash every escape has ended, and a character where no byte continues it.
_OUTSIDE = pattern(rb'[^\\"]{7}(?![\x80-\xbf"])')


def _large(raw: memoryview) -> _Raw:
    """An output of which much may be text. Raises as msgspec does where it is of no common form."""
    item = _LARGE_ITEM.decode(raw)
    data = {mime: _ANY.decode(part) if is_json_mime(mime) else _text(part) for mime, part in item.data.items()}
    fields = (item.metadata, item.execution_count, item.ename, item.evalue, item.traceback)
    return _Raw(item.output_type, item.name, _text(item.text), data, *fields)


def _text(raw: msgspec.Raw) -> Any:
    """A text that may be stored as a list of lines, joined; any other value as it is."""
    view = memoryview(raw)
    if len(view) < _LARGE or view[0] not in b'["' or not _ESCAPE.search(view):
        return _ANY.decode(raw)  # a string without escapes is decoded without another copy
    text = ""
    for part in _lines_of(view) if view[0] == ord("[") else _stretches(view):
        text += part  # in its place: the text is not copied
    return text


def _lines_of(view: memoryview) -> Iterator[str]:
    """A list of strings, joined, some of them at a time."""
    start = 1
    while cut := _BETWEEN.search(view, start + _BATCH):
        yield "".join(_STRINGS.decode(b"[" + view[start : cut.start() + 1] + b"]"))
        start = cut.end() - 1
    yield "".join(_STRINGS.decode(b"[" + view[start:]))


def _stretches(view: memoryview) -> Iterator[str]:
    """One string, a stretch at a time."""
    start = 1
    while cut := _OUTSIDE.search(view, start + _BATCH):
        yield _STRING.decode(b'"' + view[start : cut.end()] + b'"')
        start = cut.end()
    yield _STRING.decode(b'"' + view[start:])


def _output(raw: _Raw, size: int) -> Output:
    kind = _kind(raw.output_type)
    error = None
    if kind is OutputKind.ERROR or (kind is OutputKind.UNKNOWN and raw.traceback not in (UNSET, None)):
        error = ErrorValue(joined(raw.ename), joined(raw.evalue), _lines(raw.traceback))
    return Output(
        kind,
        {mime: _mime_value(mime, value) for mime, value in raw.data.items()} if isinstance(raw.data, dict) else {},
        joined(raw.text),
        _name(raw.name),
        error,
        count_of(raw.execution_count),
        raw.metadata if isinstance(raw.metadata, dict) else {},
        size,
        output_oddities(kind, raw),
    )


def _mime_value(mime: str, value: Any) -> Any:
    if isinstance(value, list) and not is_json_mime(mime):
        try:
            return "".join(value)
        except TypeError:  # not all of them are texts
            pass
    return value


def _lines(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(part for part in value if isinstance(part, str)) if isinstance(value, list) else ()


def _dumped(value: Any) -> str:
    import json  # few outputs are written again

    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return ""
