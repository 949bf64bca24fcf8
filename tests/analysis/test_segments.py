from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb_mlops.analysis.decode import ansi_text, html_text, strip_ansi
from nb_mlops.analysis.segment import Segment, SegmentKind
from nb_mlops.analysis.segments import segments
from nb_mlops.core.notebook import Cell, CellKind, Notebook, Output, OutputKind, Position, Span, StoredOutputs
from nb_mlops.linter.rule import code, example, markdown, raised, result, stdout

NEEDLE = "needle-in-here"


def of(*cells: Cell, **metadata: Any) -> tuple[Segment, ...]:
    return segments(example(*cells, **metadata).notebook)


def spans(found: tuple[Segment, ...], needle: str = NEEDLE) -> list[Span]:
    places = []
    for segment in found:
        assert (needle in segment.haystack) == (needle in segment.text)
        at = segment.text.find(needle)
        while at >= 0:
            places.extend(segment.spans(at, at + len(needle)))
            at = segment.text.find(needle, at + 1)
    return places


def at(cell: int | None, part: str, line: int, start: int, end: int) -> Span:
    return Span(cell, part, Position(line, start), Position(line, end))


WIDGETS = {"application/vnd.jupyter.widget-state+json": {"state": {"m1": {"state": {"value": f"a {NEEDLE}"}}}}}


@pytest.mark.parametrize(
    ("found", "place"),
    [
        (of(code(f"x = 1\ny = '{NEEDLE}'")), at(0, "source", 2, 5, 19)),
        (of(markdown(f"a {NEEDLE}")), at(0, "source", 1, 2, 16)),
        (of(Cell(0, CellKind.RAW, NEEDLE)), at(0, "source", 1, 0, 14)),
        (of(code("p", stdout(f"a\n{NEEDLE}\n"))), at(0, "outputs/0/text", 2, 0, 14)),
        (of(code("p", result(f"\x1b[31mb\x1b[0m {NEEDLE}"))), at(0, "outputs/0/data/text~1plain", 1, 11, 25)),
        (of(code("p", result("t", text_html=f"<td>{NEEDLE}</td>"))), at(0, "outputs/0/data/text~1html", 1, 4, 18)),
        (of(code("p", result("t", text_html=f'<a href="{NEEDLE}">'))), at(0, "outputs/0/data/text~1html", 1, 9, 23)),
        (of(code("p", result("t", text_html=f"<!--{NEEDLE}-->"))), at(0, "outputs/0/data/text~1html", 1, 4, 18)),
        (of(code("p", raised("E", NEEDLE, "tb"))), at(0, "outputs/0/evalue", 1, 0, 14)),
        (of(code("p", raised("E", "v", "a\nb", f"c\n{NEEDLE}"))), at(0, "outputs/0/traceback", 4, 0, 14)),
        (of(code("p", note=f"a {NEEDLE}")), at(0, "metadata/note", 1, 2, 16)),
        (of(code("p"), papermill={"input_path": NEEDLE}), at(None, "metadata/papermill/input_path", 1, 0, 14)),
        (
            of(code("p"), widgets=WIDGETS),
            at(None, "metadata/widgets/application~1vnd.jupyter.widget-state+json/state/m1/state/value", 1, 2, 16),
        ),
    ],
    ids=lambda value: value.part if isinstance(value, Span) else "",
)
def test_a_text_is_found_with_the_way_back_to_its_place(found: tuple[Segment, ...], place: Span) -> None:
    assert spans(found) == [place]


def output(data: dict[str, Any], **more: Any) -> Cell:
    return code("p", Output(OutputKind.DISPLAY_DATA, data, **more))


def test_strings_in_json_are_places_of_their_own_beside_their_key() -> None:
    found = of(output({"application/json": {"a": [1, {"api/key": NEEDLE}]}}))
    assert spans(found) == [at(0, "outputs/0/data/application~1json/a/1/api~1key", 1, 0, 14)]
    assert f"api/key = {NEEDLE}" in found[1].text


def test_the_metadata_of_an_output_goes_with_the_output() -> None:
    (segment,) = (s for s in of(output({}, metadata={"k": NEEDLE})) if NEEDLE in s.text)
    assert segment.in_output
    assert segment.output == 0


def test_an_attachment_that_is_text_is_decoded_and_a_picture_is_skipped() -> None:
    data = base64.b64encode(f"name,key\nada,{NEEDLE}".encode()).decode()
    cell = Cell(0, CellKind.MARKDOWN, "", attachments={"a.csv": {"text/csv": data}, "b.png": {"image/png": data}})
    assert [s.part for s in spans(of(cell))] == ["attachments/a.csv/text~1csv"]


def test_pictures_are_no_text() -> None:
    found = of(output({"image/png": NEEDLE, "image/jpeg": NEEDLE, "application/pdf": NEEDLE, "audio/wav": NEEDLE}))
    assert spans(found) == []
    assert spans(of(output({"image/svg+xml": f"<text>{NEEDLE}</text>"})))


def test_pictures_that_a_text_carries_are_left_out_of_its_haystack_and_nothing_else_is() -> None:
    picture = base64.b64encode(bytes(range(256)) * 3).decode()
    cells = (markdown(f"![a](data:image/png;base64,{picture}) {NEEDLE}"), code(f'x = "data:text/csv;base64,{picture}"'))
    drawn, data = (segment.haystack for segment in of(*cells) if segment.kind is not SegmentKind.METADATA)
    assert drawn == f"![a]() {NEEDLE}"
    assert picture in data


def test_what_a_kernel_split_in_chunks_is_one_text_with_a_place_in_each_chunk() -> None:
    found = of(code("p", stdout(f"a\n{NEEDLE[:6]}"), stdout(f"{NEEDLE[6:]}\nb"), result("x")))
    assert spans(found) == [at(0, "outputs/0/text", 2, 0, 6), at(0, "outputs/1/text", 1, 0, 8)]


def test_stdout_and_stderr_are_not_one_text() -> None:
    other = Output(OutputKind.STREAM, text=NEEDLE[6:], stream="stderr")
    assert spans(of(code("p", stdout(NEEDLE[:6]), other))) == []


def test_colours_and_tags_inside_a_word_do_not_hide_it_but_it_cannot_be_replaced_there() -> None:
    for cell in (
        code("p", stdout(f"{NEEDLE[:3]}\x1b[1m{NEEDLE[3:]}")),
        code("p", result("", text_html=f"x&#32;<b>{NEEDLE[:3]}</b>{NEEDLE[3:]}")),
    ):
        (segment,) = (s for s in of(cell) if NEEDLE in s.text)
        start = segment.text.index(NEEDLE)
        assert not segment.verbatim(start, start + len(NEEDLE))
        assert segment.verbatim(start, start + 3)


def test_a_deeply_nested_json_value_is_read_without_recursion() -> None:
    value: Any = NEEDLE
    for _ in range(5_000):
        value = [value]
    assert len(spans(of(output({"application/json": value})))) == 1


def test_segments_come_in_document_order_with_the_notebooks_metadata_last() -> None:
    found = of(markdown("title"), code("source", stdout("printed")), title="long enough")
    assert [(s.cell, s.kind) for s in found] == [
        (0, SegmentKind.MARKDOWN),
        (1, SegmentKind.SOURCE),
        (1, SegmentKind.STREAM),
        (None, SegmentKind.METADATA),
    ]


SNIPPETS = st.lists(
    st.sampled_from(
        [
            "a",
            "\x1b[0;31m",
            "\x1b[0m",
            "\n",
            "é",
            "<b>",
            "</b>",
            "<td x='1'>",
            "&lt;",
            "&amp",
            "<",
            ">",
            "&#65;",
            "\x1b]8;;u\x07",
        ]
    )
)


@given(SNIPPETS.map("".join))
def test_decoding_never_loses_the_way_back(source: str) -> None:
    assert strip_ansi(source).text == ansi_text(source)
    for decoded in (strip_ansi(source), html_text(source)):
        for start in range(len(decoded.text)):
            low, high, verbatim = decoded.source(start, start + 1)
            assert 0 <= low <= high <= len(source)
            if verbatim:
                assert source[low:high] == decoded.text[start]


@given(st.lists(st.text(max_size=5), min_size=1, max_size=4), st.data())
def test_every_stretch_of_a_joined_stream_maps_to_its_own_characters(chunks: list[str], data: st.DataObject) -> None:
    outputs = tuple(Output(OutputKind.STREAM, text=chunk, stream="stdout") for chunk in chunks)
    notebook = Notebook("a.ipynb", (Cell(0, CellKind.CODE, "", stored=StoredOutputs.of(outputs)),))
    (segment,) = segments(notebook)
    whole = "".join(chunks)
    if "\x1b" in whole or not whole:
        return
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start + 1, len(whole)))
    pieces = []
    for span in segment.spans(start, end):
        lines = chunks[int(span.part.split("/")[1])].split("\n")
        offsets = [sum(len(line) + 1 for line in lines[: p.line - 1]) + p.column for p in (span.start, span.end)]
        pieces.append("\n".join(lines)[offsets[0] : offsets[1]])
    assert "".join(pieces) == whole[start:end]
