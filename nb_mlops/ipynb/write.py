"""Notebook to bytes: those it was read from, changed only where the notebook was changed."""

from __future__ import annotations

import shlex

from nb_mlops.core.errors import NbMlopsError
from nb_mlops.core.notebook import Cell, Notebook, Oddity
from nb_mlops.ipynb.fresh import cell_json, metadata_of, new_id, notebook_json
from nb_mlops.ipynb.patch import Changes, Piece, patch_members, patch_text, patch_value, splice
from nb_mlops.ipynb.patch_outputs import patch_outputs, same_outputs
from nb_mlops.ipynb.read import read
from nb_mlops.ipynb.shape import EMPTY
from nb_mlops.ipynb.spans import Container, Item, document, elements, members
from nb_mlops.ipynb.style import Site, Style, style_of
from nb_mlops.ipynb.values import same


def write(notebook: Notebook) -> bytes:
    """The bytes of the file. A notebook that nothing was changed in gives the bytes it was read from.

    Without such bytes the notebook is laid out as nbformat does. Raises NbMlopsError for a changed notebook whose file
    is in an old format, which nothing but an upgrade of the file can express.
    """
    if not notebook.raw:
        return Style().encode(notebook_json(notebook), in_order=True) + b"\n"
    before = read(notebook.raw, notebook.path)
    if not isinstance(before, Notebook):
        raise NbMlopsError(f"`{notebook.path}` cannot be written: the bytes it was read from are no notebook.")
    if before.upgraded_from is None:
        return _patched(before, notebook)
    if _unchanged(before, notebook):
        return notebook.raw
    raise NbMlopsError(
        f"`{notebook.path}` is in nbformat {before.upgraded_from}, which is read but not changed in place.",
        f"Upgrade the file first: jupyter nbconvert --to notebook --inplace {shlex.quote(notebook.path)}",
    )


def write_checked(notebook: Notebook) -> bytes:
    """The bytes of the file, which read back as a notebook. Raises NbMlopsError where they would not."""
    data = write(notebook)
    if not isinstance(read(data, notebook.path), Notebook):
        raise NbMlopsError(
            f"`{notebook.path}` would not read back once mended, so it was left as it is.",
            "Mend it in Jupyter, and report this: it is our fault.",
        )
    return data


def _unchanged(before: Notebook, after: Notebook) -> bool:
    return (
        len(before.cells) == len(after.cells)
        and before.odd == after.odd
        and all(map(_same_cell, before.cells, after.cells))
        and same(dict(before.metadata), dict(after.metadata))
    )


def _same_cell(old: Cell, new: Cell) -> bool:
    return (
        (old.kind, old.source, old.id, old.execution_count, old.odd)
        == (new.kind, new.source, new.id, new.execution_count, new.odd)
        and same(metadata_of(old), metadata_of(new))
        and same(dict(old.attachments), dict(new.attachments))
        and same_outputs(old, new)
    )


def _patched(before: Notebook, after: Notebook) -> bytes:
    raw = before.raw
    top = members(raw, document(raw))
    if top is None:
        raise NbMlopsError(f"`{before.path}` cannot be written: it is no JSON object.")
    site = Site(raw, style_of(raw, top))
    inside = site.inside(top)
    changes = _parts(inside, before.odd, after.odd)
    if not same(dict(before.metadata), dict(after.metadata)):
        changes["metadata"] = patch_value(inside, top.find("metadata"), dict(after.metadata))
    for key, old, new in zip(("nbformat", "nbformat_minor"), before.nbformat, after.nbformat, strict=True):
        if old != new:
            changes[key] = inside.encode(new)
    cells = _patch_cells(inside, top.find("cells"), before, after)
    if cells is not None:
        changes["cells"] = cells
    return raw[: top.start] + patch_members(site, top, changes) + raw[top.end :] if changes else raw


def _patch_cells(site: Site, member: Item | None, before: Notebook, after: Notebook) -> bytes | None:
    """The list of cells; None when it stays as it is."""
    box = elements(site.data, member.value) if member else None
    fresh = _Fresh(site.data, box, after)
    if box is None:
        return site.encode([fresh.cell(cell) for cell in after.cells]) if after.cells else None
    inside = site.inside(box)
    pieces = []
    for cell in after.cells:
        if cell.origin is None or not 0 <= cell.origin < len(before.cells):
            pieces.append(Piece(None, inside.encode(fresh.cell(cell))))
        elif _same_cell(before.cells[cell.origin], cell):
            item = box.items[cell.origin]
            pieces.append(Piece(cell.origin, site.data[item.start : item.end]))
        else:
            text = _patch_cell(inside, box.items[cell.origin], before.cells[cell.origin], cell, fresh)
            pieces.append(Piece(cell.origin, text))
    if [piece.text for piece in pieces] == [site.data[item.start : item.end] for item in box.items]:
        return None
    return splice(site, box, pieces)


def _patch_cell(site: Site, item: Item, old: Cell, new: Cell, fresh: _Fresh) -> bytes:
    box = members(site.data, item.value)
    if box is None:
        return site.encode(fresh.cell(new))
    inside = site.inside(box)
    changes = _parts(inside, old.odd, new.odd)
    if not same(metadata_of(old), metadata_of(new)):
        changes["metadata"] = patch_value(inside, box.find("metadata"), metadata_of(new))
    if not same(dict(old.attachments), dict(new.attachments)):
        changes["attachments"] = patch_value(inside, box.find("attachments"), dict(new.attachments))
    if old.kind is not new.kind:
        changes["cell_type"] = inside.encode(new.kind.value)
    if old.id != new.id:
        changes["id"] = inside.encode(new.id) if new.id else None
    if old.execution_count != new.execution_count:
        changes["execution_count"] = inside.encode(new.execution_count)
    if old.source != new.source:
        changes["source"] = patch_text(inside, box.find("source"), new.source)
    if not same_outputs(old, new):
        changes["outputs"] = patch_outputs(inside, box.find("outputs"), old, new)
    return patch_members(site, box, changes)


def _parts(site: Site, before: tuple[Oddity, ...], after: tuple[Oddity, ...]) -> Changes:
    """The parts that are no longer odd, empty."""
    return {odd.part: site.encode(EMPTY[odd.part]) for odd in before if odd not in after and odd.part in EMPTY}


class _Fresh:
    """New cells in the manner of the file: ids where its version has them, sources in the form its others have."""

    def __init__(self, data: bytes, box: Container | None, after: Notebook) -> None:
        self._with_ids = after.nbformat >= (4, 5)
        self._taken = {cell.id for cell in after.cells if cell.id}
        self._as_list = _sources_are_lists(data, box)

    def cell(self, cell: Cell) -> dict[str, object]:
        """A new cell as a JSON value."""
        return cell_json(cell, new_id(cell, self._taken) if self._with_ids else cell.id, self._as_list)


def _sources_are_lists(data: bytes, box: Container | None) -> bool:
    for item in box.items if box else ():
        cell = members(data, item.value)
        source = cell.find("source") if cell else None
        if source:
            return data[source.value] == 0x5B
    return True
