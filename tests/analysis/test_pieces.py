from __future__ import annotations

import pytest

from nb_mlops.analysis.pieces import pieces
from nb_mlops.analysis.sensitive.personal.shape import shape_of
from nb_mlops.analysis.sensitive.runs import LEAST, long_words, lower

LINES = "\n".join(f"{n} {'Wort' * (n % 9)} a/b_c-{n * 7919:x}é" for n in range(6_000))


@pytest.mark.parametrize("text", [LINES, LINES.replace("\n", " "), "short", "", "\n" * 200_000], ids=len)
def test_pieces_make_the_text_and_are_cut_before_their_sign_only(text: str) -> None:
    found = list(pieces(text, "\n"))
    assert "".join(piece for _, piece in found) == text
    assert all(text.startswith(piece, start) for start, piece in found)
    assert all(text[start] == "\n" for start, _ in found[1:])
    assert len(found) > 1 or len(text) < 100_000 or "\n" not in text


@pytest.mark.parametrize("text", [LINES, LINES.replace("\n", " ")], ids=["lines", "one line"])
def test_what_is_made_of_a_long_text_piece_by_piece_is_what_is_made_of_it_whole(text: str) -> None:
    assert lower(text) == text.encode("latin-1").lower().decode("latin-1")
    assert len(shape_of(text)) == len(text)
    assert shape_of(text) == b"".join(shape_of(sign) for sign in text)
    words = [text[start:end] for start, end in long_words(text)]
    assert words == [word for word in text.replace("é", " ").split() if len(word) >= LEAST]
