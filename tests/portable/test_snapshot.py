"""What is packed comes back the same, of the same type; what would not is refused."""

from __future__ import annotations

import datetime
import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nb_mlops.portable.difference import difference
from nb_mlops.portable.fingerprint import fingerprint
from nb_mlops.portable.snapshot import LossyError, pack, unpack

FRAME = pd.DataFrame({"a": [1, 2], "b": [0.1, math.nan], "c": ["x", "y"], "d": [True, False]})
WHOLE = [
    None,
    True,
    10**30,
    0.1 + 0.2,
    math.inf,
    "é\n",
    [1, (2.5, "x")],
    {"k": [1], 2: {"deep": ()}},
    {1, 2},
    datetime.date(2026, 11, 21),
    datetime.datetime(2026, 11, 21, 7, 30),
    np.float32(0.1),
    np.int64(3),
    np.arange(6, dtype="int16").reshape(2, 3),
    np.asfortranarray(np.random.default_rng(0).normal(size=(3, 2))),
    np.array(["a", "bcd"]),
    np.zeros((0, 3)),
    FRAME,
    FRAME.set_index("c"),
    FRAME["b"],
    FRAME.columns,
    FRAME[["a", "a"]],
]


@pytest.mark.parametrize("value", WHOLE, ids=lambda value: type(value).__name__)
def test_what_is_packed_comes_back_whole(value: Any) -> None:
    again = unpack(json.loads(json.dumps(pack(value))))
    assert type(again) is type(value)
    assert difference(fingerprint(value), fingerprint(again), 0.0, 0.0) is None
    if isinstance(value, np.ndarray):
        assert again.flags.c_contiguous == value.flags.c_contiguous


class Own(list):  # type: ignore[type-arg]
    """A list that may do more than a list."""


@pytest.mark.parametrize(
    "value",
    [
        object(),
        len,
        Own(),
        np.array([object()]),
        np.arange(300_000),
        pd.DataFrame({"when": pd.to_datetime(["2026-01-01"])}),
        FRAME.groupby(["a", "c"]).size(),
        (i for i in range(3)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_would_not_come_back_is_refused(value: Any) -> None:
    with pytest.raises(LossyError):
        pack([value])


def test_every_unpacking_gives_a_new_object() -> None:
    packed = pack([[1]])
    first = unpack(packed)
    first[0].append(2)
    assert unpack(packed) == [[1]]
