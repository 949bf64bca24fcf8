from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import pickle
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers_model import saved_model
from sklearn.linear_model import LinearRegression

from nb_mlops.portable.pickles import imported, pickles
from nb_mlops.portable.scan import scan


def looked(folder: Path, name: str, data: bytes) -> tuple[str, list[str]]:
    (folder / name).write_bytes(data)
    (found,) = scan(str(folder))
    assert found["path"] == name
    return found["format"], found["unsafe"]


class Runs:
    def __reduce__(self) -> object:
        return (os.system, ("touch /nowhere/at/all",))


class Calls:
    def __reduce__(self) -> object:
        return (subprocess.check_call, (["true"],))


@pytest.mark.parametrize("protocol", range(2, 6))
@pytest.mark.parametrize("value", [Runs(), Calls(), [1, {"a": Runs()}]])
def test_what_a_pickle_would_run_is_named_and_not_run(tmp_path: Path, protocol: int, value: object) -> None:
    kind, unsafe = looked(tmp_path, "model.pkl", pickle.dumps(value, protocol))
    assert kind == "pickle" and any(name.endswith((".system", ".check_call")) for name in unsafe)


def test_a_pickle_under_a_harmless_name_is_one(tmp_path: Path) -> None:
    assert looked(tmp_path, "weights.json", pickle.dumps(Runs()))[0] == "pickle"


@pytest.mark.parametrize("name", ["weights.bin", "notes.txt", "model.onnx"])
def test_a_pickle_of_the_oldest_kind_is_not_taken_for_what_its_name_says(tmp_path: Path, name: str) -> None:
    assert looked(tmp_path, name, pickle.dumps(Runs(), 0))[1]
    assert pickles(str(tmp_path)) == [name]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zlib.compress])
def test_a_packed_pickle_is_one_and_is_not_looked_into(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    kind, unsafe = looked(tmp_path, "weights", pack(pickle.dumps([1, 2])))
    assert (kind, len(unsafe)) == ("packed or old pickle", 1)
    assert pickles(str(tmp_path)) == ["weights"]


def test_what_is_no_pickle_is_not_taken_for_one(tmp_path: Path) -> None:
    texts = {"conda.yaml": "channels:\n- conda-forge\ndependencies: []\n", "requirements.txt": "scipy\nnumpy\npandas\n"}
    for name, text in {**texts, "a.json": '{"c": 1}', "x.txt": "x marks the spot"}.items():
        (tmp_path / name).write_text(text)
    assert pickles(str(tmp_path)) == []
    assert [file["unsafe"] for file in scan(str(tmp_path))] == [[], [], [], []]


def test_a_second_pickle_behind_a_harmless_one_is_seen(tmp_path: Path) -> None:
    data = pickle.dumps([1, 2]) + pickle.dumps(Runs())
    assert looked(tmp_path, "model.pkl", data)[1] == ["posix.system"]


def test_names_that_are_worked_out_while_loading_are_unknown() -> None:
    # The text below the top is taken off before the name is looked up: what is imported is not what is on top.
    tricky = b"\x80\x04\x8c\x02os\x8c\x06system\x8c\x05numpy\x8c\x05array00\x93."
    assert list(imported(io.BytesIO(tricky))) == ["?"]


def test_a_fitted_model_imports_nothing_strange_and_is_a_pickle_still(tmp_path: Path) -> None:
    model = LinearRegression().fit(np.arange(6).reshape(3, 2), [1, 2, 3])
    assert looked(tmp_path, "model.pkl", pickle.dumps(model)) == ("pickle", [])


def test_an_array_of_objects_is_a_pickle_in_disguise(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([Runs()], dtype=object))
    (found,) = scan(str(tmp_path))
    assert found["format"] == "numpy" and found["unsafe"]


@pytest.mark.parametrize(
    ("name", "data"),
    [("code/hook.py", b"import os"), ("lib.so", b"\x7fELF"), ("m.bin2", b"\x00\x01"), ("old.pkl", b"(S'")],
)
def test_code_and_what_nobody_knows_is_not_harmless(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    assert looked(tmp_path, name, data)[1]


def test_a_pickle_inside_an_archive_is_looked_into(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "model.pt", "w") as archive:
        archive.writestr("model/data.pkl", pickle.dumps(Runs()))
    (found,) = scan(str(tmp_path))
    assert found["format"] == "pt" and found["unsafe"] == ["posix.system"]


@pytest.mark.slow
def test_a_model_as_the_check_saves_it_is_harmless() -> None:
    found = {file["path"]: file for file in scan(str(saved_model()))}
    assert found["model.skops"]["format"] == "skops" and not any(file["unsafe"] for file in found.values())
