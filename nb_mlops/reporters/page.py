"""A page that needs nothing else: no script, no network, light and dark. It forbids itself to load or run anything."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from nb_mlops import __version__
from nb_mlops.reporters.style import CSS


def page(title: str, lead: str, body: Iterable[str], more_css: str = "") -> str:
    """The whole page. `title` is text; `lead` and `body` are HTML that is escaped already."""
    lines = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f'<meta name="color-scheme" content="light dark"><title>{escape(title)}</title>',
        f"<style>{CSS}{more_css}</style></head><body>",
        f"<header><h1>{escape(title)}</h1>{lead}</header>",
        "<main>",
        *body,
        "</main>",
        f"<footer>nb-mlops {escape(__version__)}</footer>",
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"
