"""The golden helper that travels with a package, and the sink its displays go through."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from helpers_convert import code, files_of, importable, notebook, planned, staged, text

from nb_mlops.outside.packages import write_tree
from nb_mlops.portable import golden, sink
from nb_mlops.portable.golden import (
    earlier_problem,
    order_problem,
    placeless,
    stage_problems,
    text_difference,
    value_problem,
)

BOOK = notebook(
    code("N = 2", "parameters"),
    text("## Load data"),
    code("rows = list(range(N))\nprint('rows', rows)\nrows"),
    text("## Train"),
    code("import nb_mlops\nrows.append(9)\nscore = 0.5\nnb_mlops.metric('score', score)"),
)


@pytest.fixture
def recorded(tmp_path: Path) -> dict[str, object]:
    plan = planned(BOOK)
    write_tree(tmp_path, files_of(plan))
    wanted = [{"stage": f"{s.module}.{s.name}", "names": ["rows", "score"]} for s in plan.stages]
    with importable(tmp_path / "src", plan.package):
        return golden.record(plan.package, {"stages": wanted, "final": ["rows", "score", "N"]}, tmp_path / "none")


def test_every_stage_is_recorded_with_values_text_displays_and_metrics(recorded: dict[str, object]) -> None:
    first, second = recorded["stages"]  # type: ignore[misc]
    assert (first["stage"], second["stage"]) == ("load.load_data", "train.train")
    assert first["names"]["rows"]["items"] == [0, 1]
    assert first["stdout"] == "rows [0, 1]\n"
    assert first["shown"][0]["value"]["items"] == [0, 1]
    assert second["names"]["rows"]["items"] == [0, 1, 9]
    assert second["metrics"] == [["score", 0.5]]
    assert recorded["final"]["N"] == 2  # type: ignore[index]
    assert recorded["final"]["rows"]["items"] == [0, 1, 9]  # type: ignore[index]


def test_a_watched_function_hands_over_its_variables_and_is_otherwise_the_same() -> None:
    seen: list[dict[str, object]] = []
    told = golden.telling(sample_stage, lambda names: seen.append(dict(names)))
    assert told(x=2) == sample_stage(x=2) == (4, [2, 4])
    assert told.__doc__ == sample_stage.__doc__
    assert told.__code__.co_filename == sample_stage.__code__.co_filename
    assert told.__code__.co_firstlineno == sample_stage.__code__.co_firstlineno
    with pytest.raises(TypeError):
        told(x=None)
    assert seen == [{"x": 2, "double": 4, "both": [2, 4]}, {"x": None}]


def sample_stage(*, x: int) -> tuple[int, list[int]]:
    """What a stage looks like."""
    double = x * 2
    both = [y + 0 for y in (x, double)]
    return double, both


def test_a_watched_function_can_be_followed_from_statement_to_statement() -> None:
    ended: list[dict[str, object]] = []
    passed: list[dict[str, object]] = []
    told = golden.telling(sample_stage, lambda names: ended.append(dict(names)), lambda n: passed.append(dict(n)))
    assert told(x=2) == (4, [2, 4])
    assert [sorted(names) for names in passed] == [["x"], ["double", "x"], ["both", "double", "x"]]
    assert ended == passed[-1:]


@pytest.mark.parametrize(
    ("expected", "taken", "right"),
    [
        ([1, 3], [1, 2, 3], True),
        ([], [], True),
        ([1.0], [1.0 + 1e-9], True),
        ([3, 1], [1, 2, 3], False),
        ([1, 1], [1], False),
        ([4], [1, 2], False),
    ],
)
def test_a_variable_takes_the_values_that_it_took_in_their_order(
    expected: list[float], taken: list[float], right: bool
) -> None:
    assert (earlier_problem(expected, taken, 1e-6) is None) is right


def test_a_value_that_a_stage_gives_up_again_is_held_too(tmp_path: Path) -> None:
    plan = planned(notebook(code("N = 2", "parameters"), code("before = N\nN = 5"), code("N = [N]\nN.append(1)")))
    write_tree(tmp_path, files_of(plan))
    (stage,) = plan.stages
    wanted = {"stage": f"{stage.module}.{stage.name}", "names": ["N"], "earlier": {"N": [2, 5]}}
    with importable(tmp_path / "src", plan.package):
        (found,) = golden.record(plan.package, {"stages": [wanted], "final": []}, tmp_path)["stages"]
    assert found["earlier"]["N"][:2] == [2, 5]
    assert stage_problems({**wanted, "names": {}}, found, 0.0) == []
    assert stage_problems({**wanted, "names": {}, "earlier": {"N": [2, 6]}}, found, 0.0) == [
        "`N` on the way: it never took the value number 2 that was expected"
    ]


def test_a_stage_that_did_not_run_is_named() -> None:
    expected = {"stages": [{"stage": "a"}, {"stage": "b"}]}
    assert order_problem(expected, {"stages": [{"stage": "a"}, {"stage": "b"}]}) is None
    assert "a, b; ran a" in str(order_problem(expected, {"stages": [{"stage": "a"}]}))


def test_problems_name_value_text_and_metric() -> None:
    expected = {"names": {"x": 1, "y": 2}, "stdout": "one 1.50\n", "shown": None, "metrics": [["m", 1.0]]}
    found = {"names": {"x": 3}, "stdout": "two 1.50\n", "shown": [1], "metrics": [["m", 2.0]]}
    said = stage_problems(expected, found, 1e-6)
    assert [part.split(":")[0] for part in said] == ["`x` 1 vs 3", "`y` is missing", "printed text", "metrics"]
    assert value_problem({"type": "str", "only": True}, {"n": "any"}, "n", 0.0) is None
    assert value_problem({"type": "str", "only": True}, {"n": 1}, "n", 0.0) == "`n`: type str vs int"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("loss 0.1234", "loss 0.1235", True),
        ("loss 0.1234", "loss 0.1239", False),
        ("n 12", "n 13", False),
        ("a 1.0", "b 1.0", False),
        ("a\nb", "a", False),
        ("1e-17", "1.0e-17", True),
    ],
)
def test_printed_numbers_may_differ_in_the_last_digit(one: str, other: str, same: bool) -> None:
    assert (text_difference(one, other, 1e-6) is None) is same


def test_the_sink_tells_only_those_who_listen() -> None:
    heard: list[tuple[str, object]] = []
    sink.display(1)
    with sink.listening(lambda kind, value: heard.append((kind, value))):
        sink.display(2, None)
        sink.metric("m", 3)
    sink.display(4)
    assert heard == [("display", 2), ("metric", {"name": "m", "value": 3.0, "higher_is_better": None})]


def test_figures_are_shown_once_and_closed() -> None:
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    heard: list[str] = []
    plt.figure()
    with sink.listening(lambda kind, value: heard.append(kind)):
        sink.show_figures()
        sink.show_figures()
    assert heard == ["figure"]
    assert plt.get_fignums() == []


def test_no_value_names_a_folder_of_one_machine() -> None:
    """A data set that a library brings lies elsewhere in the environment that tests the package."""
    place = "/somewhere/env/lib/python3.11/site-packages"
    held = {"value": f"{place}/lib/data.csv", "text": f"read '{place}' and /srv/work/a.csv"}
    assert placeless(held, "/srv/work") == {
        "value": "<packages>/lib/data.csv",
        "text": "read '<packages>' and <project>/a.csv",
    }
    assert placeless("C:\\env\\Lib\\site-packages\\lib", "/srv/work") == "<packages>\\lib"
    assert placeless("my-packages and site-packages", "/srv/work") == "my-packages and site-packages"


def test_the_working_folder_comes_back_even_after_an_error(tmp_path: Path) -> None:
    before = Path.cwd()
    with pytest.raises(KeyError), sink.working_in(tmp_path):
        assert Path.cwd() == tmp_path
        raise KeyError
    assert Path.cwd() == before


def test_shell_and_files_work_as_in_a_notebook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sink.lines_of("echo a; echo b") == ["a", "b"]
    assert sink.shell("echo c") == ["c"]
    assert capsys.readouterr().out == "c\n"
    sink.write_file(str(tmp_path / "f"), "1\n")
    sink.write_file(str(tmp_path / "f"), "2\n", append=True)
    assert (tmp_path / "f").read_text() == "1\n2\n"
    with sink.captured() as held:
        print("kept back")
    assert held.stdout == "kept back\n"
    namespace: dict[str, object] = {}
    sink.import_all("math", namespace)
    assert "sqrt" in namespace


def test_what_travels_parses_as_python_3_8() -> None:
    folder = Path(golden.__file__).parent
    for name in ("golden", "sink"):
        ast.parse((folder / f"{name}.py").read_text(), feature_version=(3, 8))


def test_a_hasty_run_ends_with_the_first_stage_that_is_not_as_expected(tmp_path: Path) -> None:
    plan = planned(staged("a = int(1)", "b = a + 1", "c = b / 0"))
    write_tree(tmp_path, files_of(plan))
    first, second, _ = (f"{stage.module}.{stage.name}" for stage in plan.stages)
    wanted = [{"stage": first, "names": {"a": 1}}, {"stage": second, "names": {"b": 3}}]
    with importable(tmp_path / "src", plan.package):
        found = golden.record(plan.package, {"stages": wanted, "final": [], "rtol": 1e-6}, hasty=True)
        assert [stage["stage"] for stage in found["stages"]] == [first, second]
        with pytest.raises(ZeroDivisionError):
            golden.record(plan.package, {"stages": wanted, "final": [], "rtol": 1e-6})
