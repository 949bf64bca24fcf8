"""Tables are read from every form a notebook shows them in, and each value is found where it stands."""

from __future__ import annotations

import json

import pytest

from nb_mlops.analysis.tables import Table
from nb_mlops.analysis.tables.html import html_tables
from nb_mlops.analysis.tables.payload import payload_tables
from nb_mlops.analysis.tables.table import MOST_ROWS
from nb_mlops.analysis.tables.text import text_tables

FRAME = """<div><table border="1" class="dataframe">
  <thead><tr style="text-align: right;"><th></th><th>name</th><th>e&amp;mail</th></tr></thead>
  <tbody>
    <tr><th>0</th><td>Ada</td><td><a href="x">a@b</a></td></tr>
    <tr><th>1</th><td>NaN</td><td> c@d </td></tr>
  </tbody></table></div>"""
SPANS = """<table><thead><tr><th></th><th colspan="2">who</th></tr><tr><th>id</th><th></th><th></th></tr></thead>
<tr><th rowspan="2">1</th><th>x</th><td>Ada</td><td>7</td></tr><tr><th>y</th><td>Alan</td><td>8</td></tr></table>"""
PANDAS = """     name                   email    n
0     Ada    ada.l@ada-online.org    1
1  Alan T  alan@turing-mail.co.uk  NaN

[2 rows x 3 columns]"""
SPARK = "+---+-----+\n| id| name|\n+---+-----+\n|  1|  Ada|\n|  2| Alan|\n+---+-----+\nonly showing top 2 rows\n"
POLARS = """shape: (2, 2)
┌─────┬──────┐
│ id  ┆ name │
│ --- ┆ ---  │
│ i64 ┆ str  │
╞═════╪══════╡
│ 1   ┆ Ada  │
│ 2   ┆ Alan │
└─────┴──────┘"""
MARKDOWN = "| id | name |\n|----|------|\n| 1 | Ada |\n| 2 | Alan |\n"
CSV = 'id,name,city\n1,"Lovelace, Ada",London\n2,Alan,Cheshire\n'


def columns(table: Table) -> dict[str, list[str]]:
    return {column.name: [item.value for item in column.items] for column in table.columns}


def stand_where_they_say(table: Table, text: str) -> bool:
    return all(item.value in text[item.start : item.end] for column in table.columns for item in column.items)


def test_a_data_frame_in_html_gives_its_columns_and_their_places() -> None:
    (table,) = html_tables(FRAME, 0, 0, "p", "text/html")
    assert columns(table) == {"": ["0", "1"], "name": ["Ada"], "e&mail": ["a@b", "c@d"]}
    assert table.rows == 2
    assert stand_where_they_say(table, FRAME)
    assert [FRAME[low:high][:8] for low, high in table.lines.first] == ["<tr><th>", "<tr><th>"]


def test_columns_are_told_apart_from_the_right_when_an_index_spans_rows() -> None:
    (table,) = html_tables(SPANS, 0, 0, "p", "text/html")
    assert [[item.value for item in column.items] for column in table.columns][-2:] == [["Ada", "Alan"], ["7", "8"]]


@pytest.mark.parametrize(
    "text", ["<table><tr><td>1", "<table></table>", "<td>1</td>", "<tr></tr></table>", "<table" * 99]
)
def test_broken_html_is_no_table_and_no_error(text: str) -> None:
    assert all(table.rows <= 1 for table in html_tables(text, 0, 0, "p", "text/html"))


@pytest.mark.parametrize("text", [SPARK, POLARS, MARKDOWN], ids=["spark", "polars", "markdown"])
def test_boxes_are_tables(text: str) -> None:
    (table,) = text_tables(text, 0, 0, "p", "text/plain")
    assert columns(table) == {"id": ["1", "2"], "name": ["Ada", "Alan"]}
    assert stand_where_they_say(table, text)


def test_aligned_columns_are_parted_where_every_line_is_blank() -> None:
    text = f"Loading …\n{PANDAS}"
    (table,) = text_tables(text, 0, 0, "p", "text/plain")
    assert columns(table)["name"] == ["Ada", "Alan T"]
    assert columns(table)["email"] == ["ada.l@ada-online.org", "alan@turing-mail.co.uk"]
    assert stand_where_they_say(table, text)
    assert table.rows == 2


def test_csv_is_a_table_where_its_first_line_is_names() -> None:
    (table,) = text_tables(f"reading\n{CSV}done", 0, 0, "p", "text/plain")
    assert columns(table)["name"] == ["Lovelace, Ada", "Alan"]
    assert stand_where_they_say(table, f"reading\n{CSV}done")
    assert not list(text_tables("1,2,3\n4,5,6\n7,8,9\n", 0, 0, "p", "text/plain"))
    log = "Fitting 6 folds for each of 19 candidates, totalling 114 fits\n" + "[CV 1/6] END n=1;, score=0.7\n" * 9
    assert not list(text_tables(log, 0, 0, "p", "text/plain"))
    assert not list(text_tables("Copenhagen,\nEvangeline,\nCarruthers,\nGodset,\n", 0, 0, "p", "text/plain"))


@pytest.mark.parametrize(
    "value",
    [
        [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Alan"}],
        {"id": [1, 2], "name": ["Ada", "Alan"]},
        {"columns": ["id", "name"], "rows": [[1, "Ada"], [2, "Alan"]]},
        {"columns": [{"name": "id"}, {"name": "name"}], "data": [[1, "Ada"], [2, "Alan"]]},
        {"datasets": {"d/1": [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Alan"}]}},
    ],
    ids=["records", "lists", "rows", "fields", "vega"],
)
def test_json_is_read_in_all_its_layouts(value: object) -> None:
    (table,) = payload_tables(json.loads(json.dumps(value)), 0, 0, "outputs/0/data/m", "m")
    assert columns(table) == {"id": ["1", "2"], "name": ["Ada", "Alan"]}
    for item in table.columns[1].items:
        found: object = value
        for key in item.part.split("/")[4:]:
            found = found[int(key)] if isinstance(found, list) else found[key.replace("~1", "/")]  # type: ignore[index]
        assert found == item.value
    assert all(item.start == -1 for item in table.columns[0].items), "a number cannot be replaced by text"


LONG = 5000


def long_html(late: str = "") -> str:
    rows = "".join(f"<tr><th>{n}</th><td>{n % 7}.5</td></tr>\n" for n in range(LONG))
    return f"<table><tr><th></th><th>rain</th></tr>\n{rows}{late}</table>"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (long_html(), LONG),
        (long_html("<tr><th>...</th><td>...</td></tr>\n"), LONG),
        (long_html("<tr><th>sum</th><th>all</th></tr>\n"), LONG),
        ("day,rain\n" + "".join(f"{n},{n % 7}.5\n" for n in range(LONG)), LONG),
        ("      day  rain\n" + "".join(f"{n:<4} {n:>4}   {n % 7}.5\n" for n in range(LONG)) + "...\n", LONG),
        ("| day | rain |\n|---|---|\n" + "".join(f"| {n} | {n % 7}.5 |\n" for n in range(LONG)), LONG),
    ],
    ids=["html", "with dots at its end", "with a foot", "csv", "aligned", "piped"],
)
def test_of_a_long_table_all_rows_are_counted_and_the_first_are_read(text: str, rows: int) -> None:
    found = html_tables(text, 0, 0, "p", "text/html") if "<" in text else text_tables(text, 0, 0, "p", "text/plain")
    (table,) = found
    assert table.rows == rows
    assert max(len(column.items) for column in table.columns) == MOST_ROWS
    assert stand_where_they_say(table, text)
    assert table.lines.count >= rows
    assert len(table.lines.first) == MOST_ROWS
    assert text[: table.lines.end].rstrip().endswith(("4999</th><td>1.5</td></tr>", "1.5", "...</td></tr>", "...", "|"))
