"""Where a notebook can hold a value: one function a place, which puts it there and says where it is."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from random import Random
from typing import Any

from planting.frame import Book, Plant, Put, Where

PLACES: dict[str, Put] = {}


def place(function: Put) -> Put:
    """Enters a function in PLACES under its name in words."""
    PLACES[function.__name__.replace("_", " ").strip()] = function
    return function


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    """Printed text."""
    return {"name": name, "output_type": "stream", "text": text.splitlines(True)}


def shown(data: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    """A displayed object."""
    return {"data": data, "metadata": metadata, "output_type": "display_data"}


def literal(text: str, chance: Random | None = None) -> str:
    """A string literal of Python."""
    if "\n" in text:
        return f'"""{text}"""'
    return f"'{text}'" if chance is not None and chance.random() < 0.5 and "'" not in text else json.dumps(text)


def _printed(book: Book, *outputs: dict[str, Any], source: str = "show_settings()") -> Where:
    return Where(book.add("code", source, list(outputs)), "outputs")


# Source


@place
def assignment(book: Book, plant: Plant, chance: Random) -> Where:
    """`NAME = "value"` between other statements."""
    name = plant.name.upper() if chance.random() < 0.5 else plant.name
    text = f"import requests\n{name} = {literal(plant.before + plant.value, chance)}\nlimit = 100"
    return Where(book.add("code", text), "source")


@place
def keyword_argument(book: Book, plant: Plant, chance: Random) -> Where:
    """`connect(name="value")`."""
    value = literal(plant.before + plant.value, chance)
    text = f"client = connect(\n    region='eu-west-1',\n    {plant.name}={value},\n)"
    return Where(book.add("code", text), "source")


@place
def dictionary_in_code(book: Book, plant: Plant, chance: Random) -> Where:
    """`{"name": "value"}`."""
    text = f'config = {{"retries": 3, "{plant.name}": {literal(plant.before + plant.value, chance)}, "debug": False}}'
    return Where(book.add("code", text), "source")


@place
def environment_in_code(book: Book, plant: Plant, chance: Random) -> Where:
    """`os.environ["NAME"] = "value"`."""
    text = f'import os\nos.environ["{plant.name.upper()}"] = {literal(plant.before + plant.value, chance)}'
    return Where(book.add("code", text), "source")


@place
def comment(book: Book, plant: Plant, chance: Random) -> Where:
    """A line that was commented out."""
    value = (plant.before + plant.value).replace("\n", "\n# ")
    return Where(book.add("code", f'x = 1\n# {plant.name} = "{value}"\ny = x + 1'), "source")


@place
def shell_line(book: Book, plant: Plant, chance: Random) -> Where:
    """`%env NAME=value`, or a shell command."""
    value = (plant.before + plant.value).replace("\n", "\\n")
    line = chance.choice(["%env {}={}", "!export {}='{}'", '!export {}="{}" && ./run.sh'])
    return Where(book.add("code", line.format(plant.name.upper(), value)), "source")


@place
def bash_cell(book: Book, plant: Plant, chance: Random) -> Where:
    """A `%%bash` cell."""
    value = (plant.before + plant.value).replace("\n", "\\n")
    return Where(book.add("code", f'%%bash\nset -e\nexport {plant.name.upper()}="{value}"\n./train.sh'), "source")


@place
def joined_literals(book: Book, plant: Plant, chance: Random) -> Where:
    """A value that the author cut in two so that no scanner sees it."""
    value = plant.before + plant.value
    cut = len(plant.before) + len(plant.value) // 2
    one, two = literal(value[:cut]), literal(value[cut:])
    form = chance.choice(["{} + {}", "({}\n    {})", 'f"{{{}}}{{{}}}"', '"".join([{}, {}])'])
    if form.startswith("f"):
        one, two = (
            piece if '"""' in piece else repr(value) for piece, value in ((one, value[:cut]), (two, value[cut:]))
        )
        form = form if '"' not in value and "\\" not in repr(value) else "{} + {}"
    return Where(book.add("code", f"{plant.name} = " + form.format(one, two)), "source")


@place
def base64_in_code(book: Book, plant: Plant, chance: Random) -> Where:
    """A value behind base64."""
    hidden = base64.b64encode(plant.line.encode()).decode()
    return Where(book.add("code", f'import base64\nblob = base64.b64decode("{hidden}").decode()'), "source")


# Text cells


@place
def markdown(book: Book, plant: Plant, chance: Random) -> Where:
    """A code block in the text."""
    text = f"## Access\n\nSet this first:\n\n```sh\nexport {plant.line}\n```\n"
    return Where(book.add("markdown", text), "source")


@place
def markdown_data_uri(book: Book, plant: Plant, chance: Random) -> Where:
    """A file linked as a data URI."""
    data = base64.b64encode(f"[default]\n{plant.line}\n".encode()).decode()
    return Where(book.add("markdown", f"Settings: [download](data:text/plain;base64,{data})"), "source")


@place
def raw_cell(book: Book, plant: Plant, chance: Random) -> Where:
    """YAML in a raw cell."""
    value = (plant.before + plant.value).replace("\n", "\n  ")
    return Where(book.add("raw", f"title: report\n{plant.name}: {value}\nauthor: me"), "source")


# Outputs


@place
def printed(book: Book, plant: Plant, chance: Random) -> Where:
    """A log line."""
    return _printed(book, stream(f"loading settings\n{plant.line}\ndone in 0.31 s\n"))


@place
def printed_in_chunks(book: Book, plant: Plant, chance: Random) -> Where:
    """A log line that the kernel sent in two messages."""
    whole = f"loading settings\n{plant.line}\ndone\n"
    cut = whole.index(plant.value) + len(plant.value) // 2
    return _printed(book, stream(whole[:cut]), stream(whole[cut:]))


@place
def printed_in_colour(book: Book, plant: Plant, chance: Random) -> Where:
    """A log line on stderr with terminal colours inside the value."""
    cut = min(5, len(plant.value) - 1)
    coloured = f"\x1b[1;32m{plant.value[:cut]}\x1b[0m\x1b[32m{plant.value[cut:]}\x1b[0m"
    return _printed(
        book, stream("\x1b[33mWARN\x1b[0m using " + plant.line.replace(plant.value, coloured) + "\n", "stderr")
    )


@place
def text_result(book: Book, plant: Plant, chance: Random) -> Where:
    """The repr of a dictionary."""
    text = f"{{'host': 'db-3.internal', '{plant.name}': {(plant.before + plant.value)!r}, 'port': 5432}}"
    output = {"data": {"text/plain": text}, "execution_count": 3, "metadata": {}, "output_type": "execute_result"}
    return _printed(book, output, source="settings")


@place
def html_table(book: Book, plant: Plant, chance: Random) -> Where:
    """A settings table, name and value in cells of their own."""
    rows = [("host", "db-3.internal"), (plant.name, plant.before + plant.value), ("port", "5432")]
    body = "".join(f"<tr><td>{key}</td><td>{_escaped(value)}</td></tr>\n" for key, value in rows)
    html = f'<table border="1" class="dataframe">\n<tbody>\n{body}</tbody>\n</table>'
    return _printed(book, shown({"text/html": html, "text/plain": "<table>"}))


@place
def html_across_tags(book: Book, plant: Plant, chance: Random) -> Where:
    """HTML that marks a part of the value."""
    cut = chance.randint(2, max(2, len(plant.value) - 2))
    start, rest = _escaped(plant.value[:cut]), _escaped(plant.value[cut:])
    name = _escaped(plant.before) or f"{plant.name} = "
    return _printed(
        book, shown({"text/html": f"<pre><b>{name}</b><span style='color:red'>{start}</span><i>{rest}</i></pre>"})
    )


@place
def html_attribute(book: Book, plant: Plant, chance: Random) -> Where:
    """A value in an attribute."""
    attribute = chance.choice(["title", "data-value", "value"])
    text = _escaped(plant.line).replace('"', "&quot;")
    return _printed(book, shown({"text/html": f'<div class="cell"><input {attribute}="{text}"/></div>'}))


@place
def html_script(book: Book, plant: Plant, chance: Random) -> Where:
    """A value in the script of a widget or a plot."""
    settings = json.dumps({plant.name: plant.before + plant.value, "n": 3})
    script = f"var settings = {settings}; render(settings);"
    return _printed(book, shown({"text/html": f'<div id="p1"></div><script>{script}</script>'}))


@place
def javascript(book: Book, plant: Plant, chance: Random) -> Where:
    """An output that is a script."""
    script = f"window.cfg = {{{plant.name}: {json.dumps(plant.before + plant.value)}}};"
    return _printed(book, shown({"application/javascript": script}))


@place
def json_output(book: Book, plant: Plant, chance: Random) -> Where:
    """`display(JSON(...))`."""
    value = {"services": [{"region": "eu", plant.name: plant.before + plant.value}], "version": 2}
    return _printed(book, shown({"application/json": value, "text/plain": "<IPython.core.display.JSON object>"}))


@place
def plot_payload(book: Book, plant: Plant, chance: Random) -> Where:
    """The data behind an interactive plot."""
    points = {"type": "scatter", "x": [1, 2, 3], "y": [0.1, 0.2, 0.4], "text": ["a", plant.line, "c"]}
    vega = {"data": {"values": [{"x": 1, plant.name: plant.before + plant.value}]}, "mark": "bar"}
    mime, value = chance.choice(
        [
            ("application/vnd.plotly.v1+json", {"data": [points], "layout": {"title": {"text": "calls"}}}),
            ("application/vnd.vegalite.v5+json", vega),
        ]
    )
    return _printed(book, shown({mime: value}))


@place
def latex(book: Book, plant: Plant, chance: Random) -> Where:
    """A LaTeX output."""
    return _printed(book, shown({"text/latex": f"\\begin{{verbatim}}\n{plant.line}\n\\end{{verbatim}}"}))


@place
def svg(book: Book, plant: Plant, chance: Random) -> Where:
    """Text in a drawing."""
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><g><text x="3" y="9">{_escaped(plant.line)}</text></g></svg>'
    return _printed(book, shown({"image/svg+xml": drawing}))


@place
def traceback(book: Book, plant: Plant, chance: Random) -> Where:
    """A line of code that a traceback quotes in colours."""
    value = _quoted(plant)
    line = (
        f"\x1b[0;32m----> 3\x1b[0;31m \x1b[0mclient\x1b[0m \x1b[0;34m=\x1b[0m connect\x1b[0;34m(\x1b[0m"
        f"{plant.name}\x1b[0;34m=\x1b[0m\x1b[0;34m{value}\x1b[0m\x1b[0;34m)\x1b[0m"
    )
    error = {"ename": "ConnectionError", "evalue": "timed out", "output_type": "error"}
    return _printed(
        book, {**error, "traceback": ["\x1b[0;31m-----\x1b[0m", line, "\x1b[0;31mConnectionError\x1b[0m: timed out"]}
    )


@place
def error_value(book: Book, plant: Plant, chance: Random) -> Where:
    """An exception that quotes what it was given."""
    text = f"401 Unauthorized for request with {plant.line}"
    return _printed(book, {"ename": "HTTPError", "evalue": text, "output_type": "error", "traceback": ["HTTPError"]})


@place
def output_metadata(book: Book, plant: Plant, chance: Random) -> Where:
    """The metadata of an output."""
    return _printed(book, shown({"text/plain": "<Figure>"}, settings={plant.name: plant.before + plant.value}))


@place
def png_text_chunk(book: Book, plant: Plant, chance: Random) -> Where:
    """A picture whose program wrote its settings into the file."""
    return _printed(book, shown({"image/png": base64.b64encode(png(tEXt=f"Comment\0{plant.line}")).decode()}))


# Beside the cells


@place
def cell_metadata(book: Book, plant: Plant, chance: Random) -> Where:
    """A cell's metadata."""
    meta = {"connection": {plant.name: plant.before + plant.value}}
    return Where(book.add("code", "run_query()", metadata=meta), "metadata")


@place
def notebook_metadata(book: Book, plant: Plant, chance: Random) -> Where:
    """What papermill keeps of a run."""
    book.metadata.setdefault("papermill", {}).setdefault("parameters", {})[plant.name] = plant.before + plant.value
    return Where(None, "metadata")


@place
def widget_state(book: Book, plant: Plant, chance: Random) -> Where:
    """The saved state of a text field."""
    mime = "application/vnd.jupyter.widget-state+json"
    saved = book.metadata.setdefault("widgets", {}).setdefault(mime, {"state": {}, "version_major": 2})
    model = {"description": plant.name, "value": plant.before + plant.value, "_model_name": "PasswordModel"}
    saved["state"][f"{chance.getrandbits(128):032x}"] = {"model_name": "PasswordModel", "state": model}
    return Where(None, "metadata")


@place
def attachment(book: Book, plant: Plant, chance: Random) -> Where:
    """A text file attached to a markdown cell."""
    data = base64.b64encode(f"[service]\n{plant.line}\nregion=eu\n".encode()).decode()
    cell = book.add("markdown", "See ![a](attachment:a.txt)", attachments={"a.txt": {"text/plain": data}})
    return Where(cell, "attachments")


def png(**chunks: str) -> bytes:
    """A one-pixel picture with these text chunks."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    texts = [(name.encode(), text.encode("latin-1", "replace")) for name, text in chunks.items()]
    parts = [(b"IHDR", header), *texts, (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + body


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(plant: Plant) -> str:
    return literal(plant.before + plant.value)


def of(names: tuple[str, ...], own: tuple[tuple[str, Put], ...]) -> dict[str, Put]:
    """The places of a kind: those it names, all of them when it names none, and its own."""
    chosen = names or (() if own else tuple(PLACES))
    return {name: PLACES[name] for name in chosen} | dict(own)
