"""The raw JSON of a cell's outputs to Output values, when somebody first looks."""

# Annotations are values here: msgspec reads them, and as text it would have to compile each first.

from typing import Any

import msgspec

from nb_mlops.core.notebook import ErrorValue, Output, OutputKind
from nb_mlops.ipynb.values import count_of, joined, parse

_KINDS = {kind.value: kind for kind in OutputKind if kind is not OutputKind.UNKNOWN}


class _Raw(msgspec.Struct):
    output_type: Any = None
    name: Any = None
    text: Any = None
    data: Any = None
    metadata: Any = None
    execution_count: Any = None
    ename: Any = None
    evalue: Any = None
    traceback: Any = None


_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_ITEM = msgspec.json.Decoder(_Raw)
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


def outputs_of(values: Any) -> tuple[Output, ...]:
    """The same from values that JSON has already been decoded to."""
    if not isinstance(values, list):
        return ()
    return tuple(output_of(value, len(_dumped(value))) for value in values)


def output_of(value: Any, size: int) -> Output:
    """One output from its JSON value, whatever it is."""
    if not isinstance(value, dict):
        return Output(OutputKind.UNKNOWN, size=size)
    return _output(_Raw(**{name: value[name] for name in _FIELDS if name in value}), size)


def _decode(item: msgspec.Raw) -> Output:
    raw = memoryview(item)
    try:
        return _output(_ITEM.decode(raw), len(raw))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return output_of(parse(bytes(raw).decode("utf-8", "surrogateescape")), len(raw))
    except (ValueError, RecursionError):
        return Output(OutputKind.UNKNOWN, size=len(raw))


def _output(raw: _Raw, size: int) -> Output:
    kind = _KINDS.get(raw.output_type, OutputKind.UNKNOWN) if isinstance(raw.output_type, str) else OutputKind.UNKNOWN
    error = None
    if kind is OutputKind.ERROR or (kind is OutputKind.UNKNOWN and raw.traceback is not None):
        error = ErrorValue(joined(raw.ename), joined(raw.evalue), _lines(raw.traceback))
    return Output(
        kind,
        {mime: _mime_value(mime, value) for mime, value in raw.data.items()} if isinstance(raw.data, dict) else {},
        joined(raw.text),
        raw.name if isinstance(raw.name, str) else "",
        error,
        count_of(raw.execution_count),
        raw.metadata if isinstance(raw.metadata, dict) else {},
        size,
    )


def is_json_mime(mime: str) -> bool:
    """Whether a mime type's value is JSON and not text that may be split into lines."""
    return mime == "application/json" or (mime.startswith("application/") and mime.endswith("+json"))


def _mime_value(mime: str, value: Any) -> Any:
    if isinstance(value, list) and not is_json_mime(mime) and all(isinstance(part, str) for part in value):
        return "".join(value)
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
