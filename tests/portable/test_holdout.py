from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nb_mlops.portable.assess import RefusedError, _refuse_seen, _refuse_unsafe, _table
from nb_mlops.portable.holdout import RowsError, inputs_of, read_table, seen_rows

FRAME = pd.DataFrame({"age": [31, 42, 53, 64], "town": ["a", "b", "a", "c"], "churn": [0, 1, 0, 1]})


@pytest.mark.parametrize(("name", "separator"), [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t"), ("a.csv.gz", ",")])
def test_a_table_is_read_whatever_parts_its_columns(tmp_path: Path, name: str, separator: str) -> None:
    FRAME.to_csv(tmp_path / name, sep=separator, index=False)
    assert read_table(str(tmp_path / name)).equals(FRAME)


@pytest.mark.parametrize("name", ["a.png", "a.pkl", "a.parquet"])
def test_what_is_no_table_is_told_in_words_and_a_pickle_is_never_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(RowsError, match=name):
        read_table(str(tmp_path / name))


def test_rows_that_the_notebook_read_are_found_in_any_order_and_spelling(tmp_path: Path) -> None:
    seen = FRAME.assign(age=FRAME.age.astype(float))[["churn", "town", "age"]].iloc[[2, 0]]
    seen.to_csv(tmp_path / "train.csv")  # with the numbers of the rows as a column
    found = seen_rows(FRAME, [(str(tmp_path / "train.csv"), "train.csv"), (str(tmp_path / "gone.csv"), "gone.csv")])
    assert found.known.tolist() == [True, False, True, False] and (found.files, found.compared) == (2, 1)


def test_a_file_with_few_of_the_columns_is_not_called_compared(tmp_path: Path) -> None:
    FRAME[["churn"]].to_csv(tmp_path / "answers.csv", index=False)
    found = seen_rows(FRAME, [(str(tmp_path / "answers.csv"), "answers.csv")])
    assert found.compared == 0 and not found.known.any()


def test_how_many_rows_have_a_twin_is_counted(tmp_path: Path) -> None:
    pd.concat([FRAME, FRAME.head(1)]).to_csv(tmp_path / "train.csv", index=False)
    assert seen_rows(FRAME, [(str(tmp_path / "train.csv"), "train.csv")]).twins == 0.4


def test_rows_alike_by_chance_are_left_out_and_more_are_refused() -> None:
    _refuse_seen(1, 100, 0.0)
    _refuse_seen(14, 100, 0.1)  # one row in ten of what was read has a twin there
    with pytest.raises(RefusedError, match="2 of the 100 rows"):
        _refuse_seen(2, 100, 0.0)


def test_the_holdout_is_brought_into_the_types_that_the_model_declares() -> None:
    columns = [
        {"name": "town", "type": "string"},
        {"name": "age", "type": "double"},
        {"name": "note", "type": "string", "required": False},
    ]
    found = inputs_of(FRAME, columns, "churn")
    assert list(found.columns) == ["town", "age"] and found.age.dtype == np.float64


def test_a_column_that_the_model_needs_and_the_holdout_lacks_is_named_with_the_way_out() -> None:
    with pytest.raises(RowsError, match="lacks 1 of the 2 columns that the model takes: `town_b`") as raised:
        inputs_of(FRAME, [{"name": "age", "type": "long"}, {"name": "town_b", "type": "long"}], "churn")
    assert "Pipeline" in raised.value.remedy


def test_a_model_of_bare_numbers_takes_the_columns_beside_the_target() -> None:
    spec = [{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 1]}}]
    assert inputs_of(FRAME[["age", "churn"]], spec, "churn").tolist() == [[31.0], [42.0], [53.0], [64.0]]
    with pytest.raises(RowsError, match="takes 1 numbers a row; beside the target the holdout has 2"):
        inputs_of(FRAME, spec, "churn")


def request_for(folder: Path, columns: str, target: str = "") -> dict[str, object]:
    (folder / "MLmodel").write_text(f"signature:\n  inputs: '{columns}'\n")
    FRAME.to_csv(folder / "rows.csv", index=False)
    place = str(folder / "rows.csv")
    return {"model": str(folder), "holdout": place, "holdout_name": "rows.csv", "target": target, "groups": []}


def test_the_target_is_the_column_that_the_model_does_not_take(tmp_path: Path) -> None:
    both = '[{"name": "age", "type": "long"}, {"name": "town", "type": "string"}]'
    table, target = _table(request_for(tmp_path, both))
    assert target == "churn" and len(table) == 4
    with pytest.raises(RefusedError, match="is not known"):
        _table(request_for(tmp_path, '[{"name": "age", "type": "long"}]'))
    with pytest.raises(RefusedError, match="has no column `left`; it has `age`"):
        _table(request_for(tmp_path, both, "left"))


def test_a_model_whose_files_could_run_code_is_not_loaded_unless_the_policy_says_so() -> None:
    files = [{"path": "model.pkl", "format": "pickle", "unsafe": []}]
    with pytest.raises(RefusedError, match=r"`model\.pkl` \(pickle\) could run code"):
        _refuse_unsafe(files, False, "The model")
    _refuse_unsafe(files, True, "The model")
