"""Headings of markdown cells, their prose, and the names that functions and packages get from them."""

from __future__ import annotations

import builtins
import html
import keyword
import re
import sys
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from nb_mlops.knowledge import words

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_ATX_TIGHT = re.compile(r"(#{1,6})([^\s#!].*?)[ \t]*#*[ \t]*$")
_HTML = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.I | re.S)
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_DIRECTIVE = re.compile(r"<!--\s*nbm:\s*stage\s*=\s*([\w -]+?)\s*-->")
_NUMBERED = re.compile(
    r"^(?:(?:step|part|section|chapter|exercise|task|question)\s+)?"
    r"\(?(?:\d+|[ivx]+|[a-z])(?:[.\d]*[.):-]|[.\d]+|(?<=\d))\s+",
    re.I,
)
_LONGEST_ABOUT, _LONGEST_SETEXT = 260, 80
_STOP = {"a", "an", "the", "of", "our", "your", "let", "lets", "s", "us", "now"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level (1 to 6), its plain text and the first paragraph below it."""

    level: int
    text: str
    prose: str = ""


def directive(markdown: str) -> str:
    """The stage that a comment `<!-- nbm: stage=name -->` opens; "" without one."""
    found = _DIRECTIVE.search(markdown)
    return found[1].strip() if found else ""


def headings(markdown: str) -> tuple[Heading, ...]:
    """The headings of a markdown cell, in order."""
    found = []
    raw = list(_raw_headings(markdown))
    for i, (level, text, end) in enumerate(raw):
        stop = raw[i + 1][2] if i + 1 < len(raw) else len(markdown)
        title = plain(text)
        if title:
            found.append(Heading(level, title, _first_paragraph(markdown[end:stop])))
    return tuple(found)


def _raw_headings(markdown: str) -> Iterator[tuple[int, str, int]]:
    """(level, text, where its line ends) of each heading outside of code fences."""
    at, fenced, before = 0, False, ""
    for line in markdown.split("\n"):
        end = at + len(line) + 1
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            match = _ATX.match(line) or _ATX_TIGHT.match(line)
            if match:
                first, *others = re.split(r"\s(#{2,6})\s+(?=\S)", match[2])
                yield len(match[1]), first, end
                yield from ((len(signs), text, end) for signs, text in zip(others[::2], others[1::2], strict=True))
            elif inline := _HTML.findall(line):
                yield from ((int(level), text, end) for level, text in inline)
            elif _SETEXT.match(line) and _is_title(before):
                yield (1 if "=" in line else 2), before, end
        before = line
        at = end


def _is_title(line: str) -> bool:
    """Whether a line above a rule is a heading, and not the end of a paragraph, a table or a list."""
    text = line.strip()
    return 0 < len(text) <= _LONGEST_SETEXT and not text.startswith(("|", "-", "*", ">")) and text[-1] not in ".,;"


def plain(text: str) -> str:
    """Markdown or HTML as plain text on one line, without signs that nobody sees."""
    text = re.sub(r"<[^>]+>", " ", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\$[^$]*\$", " ", text)
    text = re.sub(r"(?<!\w)[*_`~]+|[*_`~]+(?!\w)", "", html.unescape(text))
    return "".join(filter(str.isprintable, " ".join(text.split())))


def _first_paragraph(markdown: str) -> str:
    for block in re.split(r"\n\s*\n", markdown):
        block = block.strip()
        if not block or block.startswith(("<", "|", "!", "```", "~~~", "#", "-", "*", "1.", ">", "$", "    ")):
            continue
        return _first_sentences(plain(block))
    return ""


def _first_sentences(text: str) -> str:
    """What of a paragraph may stand in a docstring: whole sentences, none that leads over to what follows it."""
    if re.search(r"[\\{}^]", text):
        return ""
    kept = ""
    for sentence in re.split(r"(?<=[.!?:])\s+(?=[A-Z0-9\"'(*])", text):
        if sentence.endswith(":") or len(kept) + len(sentence) > _LONGEST_ABOUT:
            break
        kept = f"{kept} {sentence}".strip()
    return kept


def without_number(text: str) -> str:
    """A heading without its numbering."""
    return _NUMBERED.sub("", text.strip()).strip()


def slug(text: str, longest: int = 40, filler: Collection[str] = _STOP) -> str:
    """Words of a heading joined by underscores, without numbering, accents, emoji and filler; may be empty."""
    text = _NUMBERED.sub("", text.strip())
    ascii_text = unicodedata.normalize("NFKD", re.sub("['\u2019](?:s(?= ))?", "", text))
    found = re.findall(r"[a-z0-9]+", ascii_text.encode("ascii", "ignore").decode().lower())
    kept = [word for word in found if word not in filler] or found
    name = ""
    for word in kept:
        if name and len(name) + 1 + len(word) > longest:
            break
        name = f"{name}_{word}" if name else word[:longest]
    while len(kept) > 1 and name.rpartition("_")[2] in {"and", "or", "with", "for", "to", "in", "on", "from", "by"}:
        name = name.rpartition("_")[0]
    return name


_HUMPS = re.compile(r"\b[A-Z][a-z]{2,}(?:[A-Z][a-z]+|[A-Z]+\b)+")
# Names of products, which are one word.
_ONE_WORD = words(
    "NumPy SciPy PyTorch TensorFlow DataFrame DataFrames GitHub JavaScript PyMC PySpark YouTube FastAI LightGBM"
    " CatBoost MovieLens ImageNet WordNet PyPlot LaTeX GraphViz MatLab PostGres MongoDB PowerPoint LinkedIn"
)


def _apart(found: re.Match[str]) -> str:
    """`GridSearchCV` as `Grid Search CV`."""
    word = found[0]
    return word if word in _ONE_WORD else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", word)


def function_name(text: str, fallback: str, taken: Collection[str]) -> str:
    """A function name from a heading, that hides no builtin, keyword or name of `taken`."""
    name = slug(_HUMPS.sub(_apart, text)) or fallback
    if name[0].isdigit():
        name = f"{fallback}_{name}"
    forbidden = set(dir(builtins)) | set(keyword.kwlist) | set(keyword.softkwlist) | set(sys.stdlib_module_names)
    if name not in forbidden and name not in taken:
        return name
    if name in forbidden or (name in taken and "_" not in name):
        longer = f"{fallback}_{name}" if fallback != name or name in forbidden else name
        if longer not in taken and longer not in forbidden:
            return longer
        name = longer
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def package_name(path: str, taken: Collection[str]) -> str:
    """An import name from a notebook's file name, that hides no module of `taken` or of the standard library."""
    stem = path.replace("\\", "/").rpartition("/")[2].removesuffix(".ipynb")
    stem = re.sub(r"^\d+[\s_.-]+(?=[^\W\d])", "", stem)
    name = slug(re.sub(r"([a-z])([A-Z])", r"\1_\2", stem), longest=50, filler=()) or "notebook"
    if name[0].isdigit():
        name = f"notebook_{name}"
    while name in sys.stdlib_module_names or keyword.iskeyword(name) or name in taken or name in {"test", "tests"}:
        name = f"{name}_notebook"
    return name


def is_package_name(name: str) -> bool:
    """Whether a package can have this import name."""
    return (
        name.isidentifier() and not keyword.iskeyword(name) and name not in {*sys.stdlib_module_names, "test", "tests"}
    )
