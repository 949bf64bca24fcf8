"""One output against another, each representation in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nb_mlops.compare.images import compare_image, compare_svg
from nb_mlops.compare.tables import compare_html
from nb_mlops.compare.text import compare_text
from nb_mlops.compare.tolerances import SAME, Likeness, Tolerances, together
from nb_mlops.compare.trees import compare_tree

_BY_MIME: Mapping[str, Callable[[str, str, Tolerances], Likeness]] = {
    "text/html": compare_html,
    "image/png": compare_image,
    "image/jpeg": compare_image,
    "image/svg+xml": compare_svg,
}
_WIDGET = "application/vnd.jupyter.widget-view+json"


def compare_data(a: Mapping[str, Any], b: Mapping[str, Any], tolerances: Tolerances) -> Likeness:
    """Whether two mime bundles agree in every representation they have."""
    if a == b:
        return SAME
    if a.keys() != b.keys():
        return Likeness("the output is of another kind: " + _kinds(a) + " became " + _kinds(b))
    return together(*(_representation(mime, a[mime], b[mime], tolerances) for mime in a))


def _representation(mime: str, a: Any, b: Any, tolerances: Tolerances) -> Likeness:
    if a == b:
        return SAME
    if mime == _WIDGET:
        return Likeness(forgiven=frozenset({"random id"}))
    if not (isinstance(a, str) and isinstance(b, str)):
        return compare_tree(a, b, tolerances)
    if mime in _BY_MIME:
        return _BY_MIME[mime](a, b, tolerances)
    if mime.startswith(("image/", "application/pdf", "audio/", "video/")):
        return Likeness(f"the bytes of {mime} differ")
    return compare_text(a, b, tolerances)


def _kinds(data: Mapping[str, Any]) -> str:
    return ", ".join(sorted(data)) or "nothing"
