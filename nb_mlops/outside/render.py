"""An executed notebook as a page, by nbconvert; nothing on it is loaded from elsewhere."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

from nb_mlops.core.errors import UsageError

_FROM_ELSEWHERE = re.compile(
    r"<script\b[^>]*\bsrc=[\"'](?:https?:)?//[^>]*>\s*</script>|<link\b[^>]*\bhref=[\"'](?:https?:)?//[^>]*>", re.I
)
_FORBIDDEN = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data: blob:; font-src data:; '
    "style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'\">"
)


def is_page(path: str) -> bool:
    """Whether the name of a file asks for a page rather than a notebook."""
    return path.lower().endswith((".html", ".htm"))


def require() -> None:
    """Raise UsageError where nbconvert is missing."""
    if importlib.util.find_spec("nbconvert") is None:
        raise UsageError("An HTML page of the executed notebook needs nbconvert.", "pip install nbconvert")


def as_page(notebook: bytes, title: str) -> bytes:
    """The notebook as one HTML file. What a library drew with scripts of its own stays; what it would fetch does not.

    Raises UsageError where nbconvert is missing, or cannot make it.
    """
    require()
    import nbconvert
    import nbformat

    tools: Any = nbformat  # both ship types for half of their functions
    pages: Any = nbconvert
    # Beside nbconvert itself, wherever that is; by itself it looks below the running interpreter alone.
    beside = [str(folder / "share/jupyter/nbconvert/templates") for folder in Path(nbconvert.__file__).parents[3:5]]
    read = tools.reads(notebook.decode("utf-8"), as_version=4)
    try:
        exporter = pages.HTMLExporter(
            embed_images=True, theme="light", extra_template_basedirs=beside, extra_template_paths=beside
        )
        text, _ = exporter.from_notebook_node(read, {"metadata": {"name": title}})
    except Exception as error:  # of templates, filters, widgets: whatever is in it
        words = str(error).partition("\n")[0]
        raise UsageError(f"nbconvert could not make a page of the executed notebook: {words}.") from error
    text = _FROM_ELSEWHERE.sub("", text)
    return text.replace("<head>", f"<head>{_FORBIDDEN}", 1).encode()
