"""What the generated files look like: the author's text, the parameters, the map, and nothing undefined."""

from __future__ import annotations

import ast
import importlib
import io
import json
import os
import runpy
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from helpers_convert import (
    SURROUNDINGS,
    code,
    files_of,
    importable,
    notebook,
    planned,
    run_package,
    staged,
    text,
)

from nb_mlops.converter.dependencies import Dependency, dependencies, imported_modules
from nb_mlops.converter.package import Draft, draft, package_files
from nb_mlops.converter.pipeline import aside
from nb_mlops.converter.plan import Level, Refused, shown_in
from nb_mlops.converter.regenerate import MAP
from nb_mlops.converter.rewrite import Shows
from nb_mlops.converter.undefined import undefined_names
from nb_mlops.core.notebook import Notebook, Output, OutputKind
from nb_mlops.core.run import CellRun, RunRecord, RunStatus
from nb_mlops.core.value import replace
from nb_mlops.ipynb.read import read
from nb_mlops.outside.packages import write_tree
from nb_mlops.portable import golden

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DRAWN = Output(OutputKind.DISPLAY_DATA, {"image/png": "", "text/plain": "<Figure size 640x480 with 1 Axes>"})
HANDLE = Output(OutputKind.EXECUTE_RESULT, {"text/plain": "[Text(0.5, 0.8, 'x'),\n Text(1, 1, 'y')]"})
PARAMETERS = code(
    'DATA = "a.csv"  # where the rows are\nRATE: float = 0.5\nDEEP = {"n": [1, 2]}\nFLAG = True\nother = len(DATA)',
    "parameters",
)


def source_of(files: dict[str, str], module: str) -> str:
    return next(text for path, text in files.items() if path.endswith(f"/{module}.py") and path.startswith("src/"))


def test_the_authors_text_stays_as_it_was_written() -> None:
    cell = (
        "# why this is so\nrows = [ 1,2,\n          3 ]   # odd\n\n\ntext = '''a\n  b'''\nif rows :\n  n = len( rows )"
    )
    files = files_of(planned(notebook(text("## Load data"), code(cell), text("## Use"), code("m = n"))))
    made = source_of(files, "load")
    for part in (
        "# why this is so",
        "rows = [ 1,2,\n",
        "3 ]   # odd",
        "'''a\n  b'''",
        "if rows :",
        "n = len( rows )",
    ):
        assert part in made
    assert "text = '''a\n  b'''" in made
    assert not any(line != line.rstrip() for line in made.splitlines())


def test_a_function_of_the_notebook_keeps_comment_and_docstring_and_gets_what_it_reads() -> None:
    book = staged("K = int('2')", '# doubles\ndef f(x, *rest):\n    """Twice."""\n    return x * K', "out = f(3)")
    files = files_of(planned(book))
    assert '# doubles\ndef f(x, *rest, K):\n    """Twice."""\n    return x * K' in source_of(files, "lib")
    assert "out = f(3, K=K)" in "".join(files.values())


def test_constants_and_types_that_functions_read_stand_beside_them() -> None:
    book = staged(
        "Key = str\nLIMIT = 2 * 3  # at most\nfree = 9", "def f(x: Key):\n    return x[:LIMIT]", "out = f('abcdefgh')"
    )
    files = files_of(planned(book))
    assert "\nKey = str\nLIMIT = 2 * 3  # at most\n\n\ndef f(x: Key):\n" in source_of(files, "lib")
    assert "    free = 9" in source_of(files, "analysis")


def test_imports_stand_once_at_the_top_of_the_module_that_uses_them() -> None:
    book = staged(
        "import math\nimport json, os\nfrom math import pi", "import math\nx = math.sqrt(pi)", "y = json.dumps(x)"
    )
    files = files_of(planned(book))
    code_text = "\n".join(text for path, text in files.items() if path.startswith("src/case/") and "report" not in path)
    assert code_text.count("import math\n") == 1
    assert "    import" not in source_of(files, "analysis")


def test_the_parameters_cell_becomes_a_typed_frozen_config_and_options(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = notebook(
        PARAMETERS,
        text("## One"),
        code("size = other * RATE"),
        text("## Two"),
        code("import nb_mlops\nnb_mlops.metric('size', size)"),
    )
    plan = planned(book)
    files = files_of(plan)
    config = source_of(files, "config")
    assert '    DATA: str = "a.csv"  # where the rows are\n    RATE: float = 0.5\n' in config
    assert '    DEEP: dict[str, Any] = field(default_factory=lambda: {"n": [1, 2]})\n    FLAG: bool = True\n' in config
    assert "other" not in config
    write_tree(tmp_path, files)
    with importable(tmp_path / "src", plan.package):
        sys.argv, before = ["case", "--rate", "2", "--data", "longer.csv", "--no-flag"], sys.argv
        try:
            with pytest.raises(SystemExit) as ended:
                runpy.run_module(plan.package, run_name="__main__")
        finally:
            sys.argv = before
    assert ended.value.code == 0
    assert capsys.readouterr().out == "metric size = 20.0\nother = 10\n"


def test_a_run_from_a_terminal_says_what_it_made(tmp_path: Path) -> None:
    book = staged(
        "import numpy as np\nX = np.ones((3, 2))\nword = 'not for every eye'.upper()",
        "n = X.sum()\nn",
        "out = [n, word]\nwith open('made.txt', 'w') as f:\n    f.write(word)",
        "total = float(n) + len(out)\nX.shape",
    )
    plan = planned(book)
    write_tree(tmp_path / "made", files_of(plan))
    environ = {**os.environ, "PYTHONPATH": str(tmp_path / "made" / "src")}
    command = [sys.executable, "-m", plan.package, "--data-root", str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, env=environ, check=True, cwd=tmp_path / "made")
    assert said.stdout.splitlines() == [
        "X: ndarray 3 x 2",
        "word: str of 17",
        "n = 6.0",
        "out: list of 2",
        "total = 8.0",
        "wrote made.txt",
        "not shown here: 2 results, 0 figures (show.ipynb shows them)",
    ]


def test_more_than_six_outputs_come_back_under_their_names() -> None:
    files = files_of(planned(staged("a, b, c, d, e, f, g = range(7)", "out = a + b + c + d + e + f + g")))
    assert "(NamedTuple):" in source_of(files, "analysis")
    assert "a, b, c, d, e, f, g = " in source_of(files, "pipeline")


def test_displays_and_declarations_go_through_the_report_module() -> None:
    book = staged(
        "import nb_mlops as nbm\nfrom nb_mlops import model\nx = 3\nx",
        "display(x)\nnbm.metric('m', x)\nmodel(x)",
        "x.real;",
        "print(x)",
    )
    made = "".join(text for path, text in files_of(planned(book)).items() if path.startswith("src/"))
    assert "report.display(x)" in made
    assert "report.metric('m', x)" in made
    assert "report.model(x)" in made
    assert "import nb_mlops" not in made
    assert "    x.real\n" in made
    assert "    print(x)\n" in made


@pytest.mark.parametrize("level", Level, ids=lambda level: level.value)
def test_a_name_that_is_never_defined_is_told_with_its_cell_and_raises_where_it_is_read(
    level: Level, tmp_path: Path
) -> None:
    plan = planned(staged("x = 1\nif x > 1:\n    print(f'{missing}')", "if 'y' not in globals():\n    y = x"), level)
    assert [(loss.cell, "`missing`" in loss.message) for loss in plan.losses] == [(1, True)]
    assert all(undefined_names(text, path) == () for path, text in files_of(plan).items() if path.startswith("src/"))
    assert run_package(plan, tmp_path, ["y"])["final"] == {"y": 1}
    fails = planned(staged("x = 1", "y = x + missing", path="fails.ipynb"), level)
    with pytest.raises(NameError, match="'missing' is not defined"):
        run_package(fails, tmp_path / "fails", ["y"])


def test_a_name_that_only_text_may_define_needs_a_module_and_is_told_with_the_cell() -> None:
    book = staged("x = 1", "def f():\n    return globals()\ny = x + missing")
    made = draft(planned(book), SURROUNDINGS)
    assert isinstance(made, Refused)
    assert [(loss.cell, "`missing`" in loss.message) for loss in made.reasons] == [(3, True)]
    told = planned(book, Level.MODULE_STATE).losses
    assert [(loss.cell, "`missing`" in loss.message) for loss in told] == [(3, True)]


def test_a_cell_shows_what_it_was_seen_to_show() -> None:
    book = staged("s = {1}\ns.add(2)", "s.union({3})", "print(len(s))\ns")
    made = planned(book, shown={1: Shows(True), 3: Shows(False)})
    text = "".join(text for path, text in files_of(made).items() if path.startswith("src/"))
    assert "report.display(s.add(2))" in text
    assert "report.display(s.union" not in text
    assert "report.display(s)" in text


def test_what_a_function_of_the_notebook_gives_is_shown_whatever_its_name() -> None:
    book = staged("def display(x):\n    return x", "display(1)", "display(2)")
    made = "".join(files_of(planned(book, shown={3: Shows(True), 5: Shows(False)})).values())
    assert "report.display(display(1))" in made
    assert "report.display(display(2))" not in made


def test_a_cell_that_was_seen_to_draw_hands_its_figure_over_by_whatever_it_drew() -> None:
    book = staged("from sklearn.tree import plot_tree\ntree = 1", "plot_tree(tree)", "x = tree")
    run = RunRecord("R0", RunStatus.OK, (CellRun(3, (DRAWN, HANDLE)), CellRun(5, ())))
    made = "".join(files_of(planned(book, shown=shown_in(run))).values())
    assert "    plot_tree(tree)\n    report.show_figures()\n" in made
    assert "report.display(plot_tree" not in made


def test_undefined_names_are_found_in_every_scope() -> None:
    source = (
        "import os\ndef f(a):\n    global g\n    g = b\n    return [c for x in a] + [os, g, len]\nclass K:\n    d = e\n"
    )
    assert undefined_names(source, "x") == ("b", "c", "e")
    assert undefined_names("def top(a, n=2):\n    b = a\n    return b + n + missing", "x") == ("missing",)


def test_the_map_says_which_lines_came_from_which_cell() -> None:
    book = notebook(
        text("## Load data"),
        code("x = 1\ny = [\n  2]"),
        code("import os"),
        code("z = x\n\n# end"),
        text("## Use it"),
        code("w = z"),
    )
    files = files_of(planned(book))
    stage = json.loads(files[MAP])["stages"][0]
    lines = files[stage["file"]].splitlines()
    spans = {cell["id"]: cell["lines"] for cell in stage["cells"]}
    first, last = spans["c1"]
    assert [line.strip() for line in lines[first - 1 : last]] == ["x = 1", "y = [", "2]"]
    assert spans["c2"] is None
    assert lines[spans["c3"][0] - 1].strip() == "z = x"


def test_a_cell_in_another_language_stands_as_a_comment_and_is_a_loss() -> None:
    plan = planned(staged("%%bash\necho $HOME", "x = 1", "%foo bar\ny = x"))
    assert [loss.cell for loss in plan.losses] == [1, 5]
    assert "#     echo $HOME" in "".join(files_of(plan).values())


def test_the_files_are_python_and_toml_and_the_same_every_time() -> None:
    book = staged("import pandas as pd\ndf = pd.DataFrame({'a': [1]})", "df['b'] = 2\ndf", "print(df)")
    for level in Level:
        compile(files_of(planned(staged("import math", "print(math.pi)"), level))["src/case/pipeline.py"], "", "exec")
        files = files_of(planned(book, level))
        assert files == files_of(planned(book, level))
        for path, content in files.items():
            if path.endswith(".py"):
                ast.parse(content)
        project = tomllib.loads(files["pyproject.toml"])["project"]
        assert project["name"] == "case"


def test_versions_that_ran_become_ranges_and_guesses_are_marked() -> None:
    modules = imported_modules(["import sklearn.svm\nimport json\nfrom cv2 import x\nimport strange"])
    found = dependencies(modules, {"scikit-learn": "1.4.2", "numpy": "2.0"}, ())
    assert [d.requirement for d in found] == ["opencv-python", "scikit-learn>=1.4.2,<2", "strange"]
    assert [d.sure for d in found] == [True, True, False]
    assert Dependency("x", "0.3.1").requirement == "x>=0.3.1,<0.4"
    assert dependencies(["strange"], {}, ["strange==2"])[0].sure


def test_files_that_travel_are_laid_out_as_the_notebook_finds_them() -> None:
    from nb_mlops.converter.data import makes_folders, test_data
    from nb_mlops.core.run import FileRead

    near = test_data(
        [FileRead("nbs/data/a.csv", "", 5), FileRead("nbs/util.py", "", 5), FileRead("nbs/n.ipynb", "", 5)], "nbs", 100
    )
    assert (near.files, near.modules, near.start) == ({"nbs/data/a.csv": "data/a.csv"}, {"nbs/util.py": "util.py"}, "")
    far = test_data(
        [FileRead("data/a.csv", "", 5), FileRead("big.bin", "", 500), FileRead("../x.csv", "", 1)], "nbs", 100
    )
    assert (far.files, far.start) == ({"data/a.csv": "data/a.csv"}, "nbs")
    assert (far.missing, far.outside) == ({"big.bin": "big.bin"}, ("../x.csv",))
    written = test_data([], "nbs", 100, ["nbs/made/a.png", "nbs/b.csv", "out/c.csv", "/tmp/d.txt"])
    assert written.folders == ("made",)
    assert makes_folders(staged("import os\nos.mkdir('made')"))


def test_an_expected_error_does_not_stop_the_pipeline(tmp_path: Path) -> None:
    broken = code("x = 2\n1 / 0\nx = 3", "raises-exception")
    book = notebook(text("## One"), code("x = 1"), text("## Two"), broken, text("## Three"), code("y = x"))
    found = run_package(planned(book), tmp_path, ["x", "y"])
    assert found["final"] == {"x": 2, "y": 2}


def test_many_variables_of_a_stage_do_not_make_one_long_line() -> None:
    source = "\n".join(f"a_rather_long_name_{i} = {i}" for i in range(20))
    made = source_of(files_of(planned(staged(source, "y = a_rather_long_name_1"), Level.MODULE_STATE)), "steps")
    assert max(map(len, made.splitlines())) <= 120
    assert made.count("    global ") > 2


def test_a_run_gives_the_stages_types_that_can_be_said() -> None:
    book = staged(
        "import pandas as pd\ndf = pd.DataFrame()\nn = 3\nodd = object()", "m = df\nk = odd", "print(n, m, k)"
    )
    types = {
        1: {"df": "pandas.DataFrame", "n": "int", "odd": "here.Odd"},
        3: {"m": "sklearn.ensemble._forest.Forest", "k": ""},
    }
    made = draft(planned(book), replace(SURROUNDINGS, types=types))
    assert not isinstance(made, Refused)
    whole = "".join(module.text for module in made.modules)
    assert "(*, df: pd.DataFrame, odd):" in whole
    assert '(*, k, m: "Forest", n: int) -> None:' in whole
    assert "if TYPE_CHECKING:\n    from sklearn.ensemble import Forest\n" in whole
    assert all(undefined_names(module.text, module.name) == () for module in made.modules)


def test_the_readme_draws_what_goes_from_stage_to_stage() -> None:
    files = files_of(planned(staged("rows = [2, 1]", "rows.sort()", "first = rows[0]", "print(first)")))
    drawn = files["README.md"].partition("```mermaid\n")[2].partition("```")[0]
    assert drawn.startswith("flowchart TD\n")
    assert [line.strip() for line in drawn.splitlines() if "-->" in line] == [
        's1 -->|"rows"| s2',
        's2 -->|"rows"| s3',
        's3 -->|"first"| s4',
    ]


def test_the_short_notebook_shows_what_the_long_one_showed(tmp_path: Path) -> None:
    first, second = "from nb_mlops import metric\nx = [1, 2]\nx", "metric('size', len(x))\ntotal = sum(x)"
    book = staged(first, second, path="long.ipynb")
    files = files_of(planned(book))
    write_tree(tmp_path, files)
    short = read(files["show.ipynb"].encode(), "show.ipynb")
    assert isinstance(short, Notebook)
    with importable(tmp_path / "src", "long"), redirect_stdout(io.StringIO()) as printed:
        namespace: dict[str, Any] = {"__name__": "__main__"}
        for cell in short.code_cells:
            exec(compile(cell.source, "<cell>", "exec", dont_inherit=True), namespace)
    assert printed.getvalue().split("\n")[:2] == ["[1, 2]", "size = 2.0"]
    assert namespace["values"] == {"x": [1, 2], "total": 3}


def test_a_pipeline_can_be_asked_to_go_without_what_only_looks(tmp_path: Path) -> None:
    book = notebook(
        text("## Load data"),
        code("rows = [3, 1, 2]"),
        text("## Explore"),
        code("looked = sorted(rows)\nlooked"),
        text("## Plot in place"),
        code("rows.sort()"),
        text("## Train"),
        code("best = rows[-1]\nbest"),
        path="lean.ipynb",
    )
    plan = planned(book)
    assert aside(plan) == {stage.name for stage in plan.stages if stage.title == "Explore"}
    made = draft(plan, SURROUNDINGS)
    assert isinstance(made, Draft)
    write_tree(tmp_path, package_files(replace(made, lean=True), SURROUNDINGS, None, None, 1e-6))
    with importable(tmp_path / "src", "lean"):
        pipeline = importlib.import_module("lean.pipeline")
        whole, short = pipeline.run(), pipeline.run(with_exploration=False)
        assert whole == short == {"rows": [1, 2, 3], "best": 3}
        found = golden.record("lean", {"stages": [], "final": ["best"]}, with_exploration=False)
        assert [stage["stage"].partition(".")[2] for stage in found["stages"]] == [
            "load_data",
            "plot_in_place",
            "train",
        ]
    command = [sys.executable, "-m", "lean", "--no-exploration"]
    environ = {**os.environ, "PYTHONPATH": str(tmp_path / "src")}
    assert subprocess.run(command, env=environ, check=False).returncode == 0


def test_a_stage_of_many_cells_names_them_all_in_lines_of_bearable_length() -> None:
    book = notebook(text("## Train"), *(code(f"a{n} = {n}") for n in range(60)), text("## Look"), code("a1"))
    module = files_of(planned(book))["src/case/train.py"]
    heads = [line for line in module.splitlines() if line.startswith("# nbm: cells=[")]
    named = [cell for line in heads for cell in line.partition("[")[2].rstrip("]").split(", ")]
    assert named == [f"c{n}" for n in range(1, 61)]
    assert max(map(len, heads)) <= 100


def test_a_model_that_is_only_fitted_and_looked_at_comes_back_all_the_same() -> None:
    plan = planned(
        staged(
            "import numpy as np\nX = np.ones((4, 2))",
            "grid = Search()\ngrid.fit(X)\nscores = list(grid.results)\nscores",
            "print('done')",
            "for one in [1, 2]:\n    one.fit(X)",
        )
    )
    assert "grid" in plan.handed_on
    assert "one" not in plan.handed_on
