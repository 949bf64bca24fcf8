from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nb_mlops.analysis.lines import line_of, lines_of, offset_of, position
from nb_mlops.core.notebook import Position

texts = st.text("ab\n\r漢", max_size=60).flatmap(
    lambda some: st.sampled_from([some, some * 400])  # longer than a stretch that is counted through, too
)


@given(texts, st.data())
def test_a_place_is_the_line_and_column_of_its_offset(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    before = text[:offset]
    place = position(text, offset)
    assert place == Position(before.count("\n") + 1, len(before) - before.rfind("\n") - 1)
    assert offset_of(text, place) == offset
    assert line_of(text, place.line) == lines_of(text)[place.line - 1]


def test_there_is_no_line_beyond_the_last_and_none_before_the_first() -> None:
    assert (line_of("a\nb", 0), line_of("a\nb", 3), line_of("", 1)) == ("", "", "")
