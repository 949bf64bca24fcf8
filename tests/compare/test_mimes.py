from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from nb_mlops.compare.mimes import compare_data
from nb_mlops.compare.tolerances import Tolerances

TOLERANCES = Tolerances()


def html(frame: pd.DataFrame) -> dict[str, Any]:
    return {"text/html": frame._repr_html_()}


def png(pixels: np.ndarray, kind: str = "png") -> dict[str, Any]:
    file = io.BytesIO()
    Image.fromarray(pixels.astype("uint8")).save(file, "PNG", compress_level=1 if kind == "png" else 9)
    return {"image/png": base64.b64encode(file.getvalue()).decode()}


FRAME = pd.DataFrame({"name": ["a", "b"], "price": [1.5, 2.5]})
GREY = np.full((20, 30, 3), 128)


def test_a_table_names_the_row_and_column_that_changed() -> None:
    other = FRAME.assign(price=[1.5, 2.75])
    assert compare_data(html(FRAME), html(other), TOLERANCES).difference == "row 2, column `price`: 2.5 became 2.75"


def test_a_table_with_more_rows_is_another_table() -> None:
    assert "3 rows became 2" in compare_data(html(FRAME), html(FRAME.head(1)), TOLERANCES).difference


def test_rounding_in_a_table_is_forgiven() -> None:
    other = FRAME.assign(price=[1.5, 2.5 + 1e-12])
    with pd.option_context("display.precision", 15):
        likeness = compare_data(html(FRAME), html(other), TOLERANCES)
    assert likeness.same and likeness.forgiven == {"rounding"}


def test_the_random_ids_of_a_styled_table_do_not_count() -> None:
    one, other = ({"text/html": FRAME.style.set_uuid(uuid).to_html()} for uuid in ("ab12", "cd34"))
    assert compare_data(one, other, TOLERANCES).same


def test_a_page_in_the_page_is_compared_but_for_its_random_ids() -> None:
    page = '<iframe srcdoc="&lt;div id=map_{0}&gt; L.marker([{1}, 8.5])"></iframe>'
    one, same, other = (
        {"text/html": page.format(*values)} for values in (("a" * 32, 47.1), ("b" * 32, 47.1), ("a" * 32, 47.2))
    )
    assert compare_data(one, same, TOLERANCES).forgiven == {"random id"}
    assert "47.1 became 47.2" in compare_data(one, other, TOLERANCES).difference


def test_an_order_of_columns_is_part_of_a_table() -> None:
    assert not compare_data(html(FRAME), html(FRAME[["price", "name"]]), TOLERANCES).same


def test_images_with_the_same_pixels_agree_whatever_their_bytes() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (40, 40, 3))
    one, other = png(noise), png(noise, "smaller")
    assert one != other
    likeness = compare_data(one, other, TOLERANCES)
    assert likeness.same and likeness.forgiven == {"image bytes"}


def test_a_faint_difference_of_pixels_is_within_the_tolerance_and_a_new_line_is_not() -> None:
    faint, drawn = GREY + 1, GREY.copy()
    drawn[10, :] = 0
    assert compare_data(png(GREY), png(faint), TOLERANCES).forgiven == {"pixels"}
    assert "of the pixels changed" in compare_data(png(GREY), png(drawn), TOLERANCES).difference


def test_an_image_of_another_size_is_another_image() -> None:
    assert "30x20 pixels and became 30x10" in compare_data(png(GREY), png(GREY[:10]), TOLERANCES).difference


def test_a_broken_image_is_a_difference_and_no_crash() -> None:
    assert not compare_data(png(GREY), {"image/png": "AAAA"}, TOLERANCES).same


def test_drawings_agree_when_only_their_ids_differ() -> None:
    drawing = '<svg><defs><path id="m{0}" d="M 0 {1}"/></defs><use xlink:href="#m{0}"/></svg>'
    one, same, other = ({"image/svg+xml": drawing.format(*values)} for values in (("1a", 5), ("2b", 5), ("1a", 9)))
    assert compare_data(one, same, TOLERANCES).same
    assert not compare_data(one, other, TOLERANCES).same


PLOT = {"data": [{"type": "bar", "x": ["a"], "y": [1.0, 2.0]}], "layout": {"title": "t"}}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"data": [{"type": "bar", "x": ["a"], "y": [1.0, 2.5]}], "layout": {"title": "t"}},
            "data[0].y[1]: 2.0 became",
        ),
        ({"data": [{"type": "bar", "x": ["a"], "y": [1.0]}], "layout": {"title": "t"}}, "2 entries became 1"),
        ({"data": PLOT["data"], "layout": {"name": "t"}}, "layout: its keys differ"),
        ({"data": PLOT["data"], "layout": None}, "layout: dict became nothing"),
    ],
)
def test_a_figure_is_compared_as_data(changed: dict[str, Any], words: str) -> None:
    mime = "application/vnd.plotly.v1+json"
    assert words in compare_data({mime: PLOT}, {mime: changed}, TOLERANCES).difference


def test_a_figure_drawn_again_with_another_random_id_is_the_same() -> None:
    mime = "application/vnd.plotly.v1+json"
    one, other = ({mime: {**PLOT, "uid": uid}} for uid in ("a1", "b2"))
    assert compare_data(one, other, TOLERANCES).same


def test_a_widget_is_known_by_a_random_id_only() -> None:
    mime = "application/vnd.jupyter.widget-view+json"
    one, other = ({mime: {"model_id": model, "version_major": 2}} for model in ("a", "b"))
    assert compare_data(one, other, TOLERANCES).same


def test_another_kind_of_output_is_a_difference() -> None:
    assert "of another kind" in compare_data({"text/plain": "1"}, {"image/png": ""}, TOLERANCES).difference
