"""Private tables are read once for all notebooks of a run, however many files they are."""

from __future__ import annotations

from pathlib import Path

from nb_mlops.core.rows import row_marks
from nb_mlops.outside.private import rows

ROW = ("Ada Lovelace", "1815-12-10", "London")


def test_many_private_files_are_read_once_and_again_when_one_of_them_changes(tmp_path: Path) -> None:
    for number in range(80):
        (tmp_path / f"{number}.csv").write_text(f"name,born,city\nPerson number {number},1900-01-01,Paris\n")
    first = rows(str(tmp_path), "*.csv").value
    assert rows(str(tmp_path), "*.csv").value is first
    (tmp_path / "7.csv").write_text("name,born,city\n" + ",".join(ROW) + "\n")
    again = rows(str(tmp_path), "*.csv").value
    assert isinstance(again, frozenset)
    assert again.issuperset(row_marks(ROW))
