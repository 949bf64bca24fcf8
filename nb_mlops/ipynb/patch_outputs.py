"""A cell's outputs into its old bytes."""

from __future__ import annotations

from nb_mlops.core.notebook import Cell, ErrorValue, Output
from nb_mlops.ipynb.fresh import data_json, output_json
from nb_mlops.ipynb.patch import Changes, Piece, align, patch_members, patch_text, patch_value, splice
from nb_mlops.ipynb.spans import Container, Item, elements, members
from nb_mlops.ipynb.style import Site
from nb_mlops.ipynb.values import is_json_mime, same


def same_outputs(old: Cell, new: Cell) -> bool:
    """Whether two cells have the same outputs; nothing is decoded where the bytes are the same."""
    if old.stored is new.stored or (old.stored.size and old.stored.raw == new.stored.raw):
        return True
    return len(old.outputs) == len(new.outputs) and all(map(_same_output, old.outputs, new.outputs))


def _same_output(old: Output, new: Output) -> bool:
    """Equal but for the weight, which is the file's business."""
    return (
        (old.kind, old.text, old.stream, old.error, old.execution_count)
        == (new.kind, new.text, new.stream, new.error, new.execution_count)
        and same(dict(old.data), dict(new.data))
        and same(dict(old.metadata), dict(new.metadata))
    )


def patch_outputs(site: Site, member: Item | None, old: Cell, new: Cell) -> bytes:
    """The list of outputs: removed ones go, a changed one changes where it was changed."""
    box = elements(site.data, member.value) if member else None
    if box is None:
        return site.encode([output_json(output) for output in new.outputs])
    inside = site.inside(box)
    origins = align(old.outputs, new.outputs, _same_output, lambda one, other: one.kind is other.kind)
    pieces = []
    for origin, output in zip(origins, new.outputs, strict=True):
        if origin is None:
            pieces.append(Piece(None, inside.encode(output_json(output))))
        else:
            pieces.append(Piece(origin, _patch_output(inside, box.items[origin], old.outputs[origin], output)))
    return splice(site, box, pieces)


def _patch_output(site: Site, item: Item, old: Output, new: Output) -> bytes:
    if _same_output(old, new):
        return site.data[item.start : item.end]
    box = members(site.data, item.value)
    if box is None:
        return site.encode(output_json(new))
    inside = site.inside(box)
    changes: Changes = {}
    if old.text != new.text:
        changes["text"] = patch_text(inside, box.find("text"), new.text)
    if old.stream != new.stream:
        changes["name"] = inside.encode(new.stream)
    if old.execution_count != new.execution_count:
        changes["execution_count"] = inside.encode(new.execution_count)
    if not same(dict(old.metadata), dict(new.metadata)):
        changes["metadata"] = patch_value(inside, box.find("metadata"), dict(new.metadata))
    if not same(dict(old.data), dict(new.data)):
        changes["data"] = _patch_data(inside, box.find("data"), old, new)
    if new.error is not None and old.error != new.error:
        changes |= _error_changes(inside, box, old.error or ErrorValue("", "", ()), new.error)
    return patch_members(site, box, changes)


def _patch_data(site: Site, member: Item | None, old: Output, new: Output) -> bytes:
    """A bundle of mime types: texts line by line, JSON value by value."""
    fresh = data_json(new.data)
    box = members(site.data, member.value) if member else None
    if box is None:
        return site.encode(fresh)
    inside = site.inside(box)
    changes: Changes = {mime: None for mime in old.data if mime not in new.data}
    for mime, value in new.data.items():
        part = box.find(mime)
        if part is None:
            changes[mime] = inside.encode(fresh[mime])
        elif mime in old.data and same(old.data[mime], value):
            continue
        elif isinstance(value, str) and not is_json_mime(mime):
            changes[mime] = patch_text(inside, part, value)
        else:
            changes[mime] = patch_value(inside, part, value)
    return patch_members(site, box, changes)


def _error_changes(site: Site, box: Container, old: ErrorValue, new: ErrorValue) -> Changes:
    changes: Changes = {}
    if old.name != new.name:
        changes["ename"] = patch_text(site, box.find("ename"), new.name)
    if old.value != new.value:
        changes["evalue"] = patch_text(site, box.find("evalue"), new.value)
    if old.traceback != new.traceback:
        changes["traceback"] = patch_value(site, box.find("traceback"), list(new.traceback))
    return changes
