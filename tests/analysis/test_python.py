"""read_python: what is a magic, what is Python, and that lines and columns stay where they are."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb_mlops.analysis.python import Magic, read_python


def magics(source: str) -> list[tuple[int, str, str, str, tuple[str, ...]]]:
    return [(m.line, m.kind, m.name, m.args, m.targets) for m in read_python(source).magics]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%matplotlib inline", (1, "line", "matplotlib", "inline", ())),
        ("x = 1\n    \n!ls {x}", (3, "shell", "", "ls {x}", ())),
        ("!!ls", (1, "shell", "", "ls", ())),
        ("files = !ls *.csv", (1, "shell", "", "ls *.csv", ("files",))),
        ("a, b = %unpack me", (1, "line", "unpack", "me", ("a", "b"))),
        ("frame['a'] = !ls", (1, "shell", "", "ls", ("frame",))),
        ("frame.head?", (1, "help", "frame.head", "", ())),
        ("x = frame.head??", (1, "help", "frame.head", "", ())),
        ("?frame", (1, "help", "frame", "", ())),
        ("%matplotlib?", (1, "help", "matplotlib", "", ())),
        ("np.*load*?", (1, "help", "np.*load*", "", ())),
        ("%timeit -n 3 \\\n  f(x)", (1, "line", "timeit", "-n 3    f(x)", ())),
        ("if x:\n    !ls", (2, "shell", "", "ls", ())),
        ("%%bash\necho $HOME", (1, "cell", "bash", "", ())),
        ("\n%%capture out --no-stderr\nprint(1)", (2, "cell", "capture", "out --no-stderr", ())),
        ("pip install pandas", (1, "line", "pip", "install pandas", ())),
        ("cd ../data", (1, "line", "cd", "../data", ())),
        ("%sql\nselect *\nfrom t", (1, "cell", "sql", "", ())),
    ],
)
def test_magics_are_told_from_python(source: str, expected: tuple[object, ...]) -> None:
    read = read_python(source)
    assert magics(source) == [expected]
    assert read.problem is None
    assert read.tree is not None
    assert read.code.count("\n") == source.count("\n")


@pytest.mark.parametrize(
    "source",
    [
        'text = """\n%d items\n!important\nwhy?\n"""',
        "ratio = (a\n  % b)",
        "x = 1  # is it?",
        "x = a != b",
        "f(x=1, y = 2)",
        "s = '%s' % x",
        "ls",
        "await f()\nasync with g() as h:\n    pass",
        "x = 1;",
        "\x0cx = 1",
    ],
)
def test_plain_python_holds_no_magic(source: str) -> None:
    read = read_python(source)
    assert read.magics == ()
    assert read.problem is None
    assert read.code == source


def test_a_string_that_looks_like_a_magic_stays_a_string_beside_a_real_one() -> None:
    read = read_python('text = """\n%d\n!x\n"""\n!ls\nother = "%%time"')
    assert [m.line for m in read.magics] == [5]
    assert read.tree is not None
    assigned = read.tree.body[0]
    assert isinstance(assigned, ast.Assign)
    assert ast.literal_eval(assigned.value) == "\n%d\n!x\n"


def test_a_python_body_below_a_cell_magic_is_read_and_keeps_its_lines() -> None:
    read = read_python("%%time\nx = 1\n!ls\ny = x")
    assert [m.name for m in read.magics] == ["time", ""]
    assert read.tree is not None
    assert [node.lineno for node in read.tree.body] == [2, 3, 4]


def test_one_cell_magic_may_wrap_another() -> None:
    read = read_python("%%capture out\n%%time\nx = 1")
    assert [(m.line, m.name) for m in read.magics] == [(1, "capture"), (2, "time")]
    assert read.tree is not None
    assert len(read.tree.body) == 1


def test_another_language_has_an_empty_tree_and_no_problem() -> None:
    read = read_python("%%R -i frame\nplot(frame$x)")
    assert read.tree is not None
    assert read.tree.body == []
    assert read.problem is None


def test_placeholders_keep_the_columns_of_what_stands_left_of_them() -> None:
    read = read_python("if x:\n    files = !ls")
    assert read.code == "if x:\n    files = ..."


def test_an_indented_cell_is_read_and_its_columns_are_those_of_the_source() -> None:
    read = read_python("    x = 1\n    y = é + x")
    assert read.tree is not None
    second = read.tree.body[1]
    assert (second.lineno, second.col_offset) == (2, 4)


def test_columns_count_characters_not_bytes() -> None:
    read = read_python("é = 1; y = x")
    assert read.tree is not None
    assign = read.tree.body[1]
    assert assign.col_offset == 8
    assert read.position(assign.lineno, assign.col_offset).column == 7


def test_pasted_prompts_are_stripped() -> None:
    assert read_python(">>> x = 1\n>>> for i in x:\n...     y = i").problem is None
    assert read_python("In [3]: x = 1\n   ...: y = 2").problem is None


@pytest.mark.parametrize(
    ("source", "word", "line"),
    [
        ("print 'x'", "print", 1),
        ("x = 1\nfor", "invalid syntax", 2),
        ("a\x00b", "null bytes", 1),
        ("x = '\ud800'", "surrogate", 1),
        ("(" * 3000, "nested", 1),
        ("x = <your project>", "invalid syntax", 1),
    ],
)
def test_what_python_cannot_read_is_a_problem_in_its_own_words(source: str, word: str, line: int) -> None:
    read = read_python(source)
    assert read.tree is None
    assert read.problem is not None
    assert word in read.problem.message
    assert read.problem.line == line


def test_a_chain_too_long_for_the_parser_is_a_problem_not_a_crash() -> None:
    assert read_python("x = " + "-" * 100_000 + "1").problem is not None


def test_python_3_12_type_aliases_bind_on_an_older_python() -> None:
    read = read_python("type Token = str\nx: Token = 'a'")
    assert read.problem is None


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_every_system_are_read(end: str) -> None:
    read = read_python(end.join(("x = 1", "!ls", "y = 2")))
    assert read.magics == (Magic(2, "shell", "", "ls"),)
    assert read.problem is None


FRAGMENTS = st.sampled_from(
    [
        "%",
        "!",
        "?",
        "%%",
        "time",
        "ls",
        "x",
        "=",
        " ",
        "\n",
        "\r",
        "    ",
        "'",
        '"""',
        "(",
        ")",
        "\\",
        "#",
        "{x}",
        "1",
        ":",
        "é",
    ]
)


@given(st.one_of(st.text(), st.lists(FRAGMENTS, max_size=30).map("".join)))
def test_any_text_is_read_without_a_crash_and_keeps_its_number_of_lines(source: str) -> None:
    read, lines = read_python(source), len(re.split("\r\n|\r|\n", source))
    assert read.code.count("\n") + 1 == lines
    assert (read.tree is None) == (read.problem is not None)
    assert all(1 <= m.line <= lines for m in read.magics)
    if read.problem:
        assert 1 <= read.problem.line <= lines
