"""Where a notebook is cut, and what the pieces are called."""

from __future__ import annotations

import keyword

import pytest
from helpers_convert import code, notebook, planned, text
from hypothesis import given
from hypothesis import strategies as st

from nb_mlops.converter.labels import label_of
from nb_mlops.converter.titles import function_name, headings, package_name, slug


def test_prose_that_becomes_a_docstring_has_no_signs_that_nobody_sees() -> None:
    (heading,) = headings("# Read\x00 \u202efiles\n\nAll of\x1b them.")
    assert (heading.text, heading.prose) == ("Read files", "All of them.")


def stage_names(*cells: object) -> list[str]:
    return [stage.name for stage in planned(notebook(*cells)).stages]  # type: ignore[arg-type]


def test_the_shallowest_heading_level_that_occurs_twice_cuts() -> None:
    names = stage_names(
        text("# A study"), code("x = 1"), text("## Read files"), code("y = x"), text("### Deeper"), code("z = y"),
        text("## Fit it"), code("w = z"),
    )  # fmt: skip
    assert names == ["set_up", "read_files", "fit_it"]


def test_two_headings_of_the_first_level_cut_although_deeper_ones_are_many() -> None:
    names = stage_names(
        text("# One part"), text("## a"), code("x = 1"), text("## b"), code("y = x"), text("# Two parts"), code("z = y")
    )
    assert names == ["one_part", "two_parts"]


def test_setext_and_html_headings_count_and_code_fences_do_not() -> None:
    found = headings("First\n=====\n\n```\n# no heading\n```\n<h2 id='x'>Second <b>one</b></h2>\n\n#Third")
    assert [(h.level, h.text) for h in found] == [(1, "First"), (2, "Second one"), (1, "Third")]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("1. Load the data", "load_data"),
        ("Step 3: Clean & merge", "clean_merge"),
        ("🚀 Train", "train"),
        ("7", "stage_7"),
        ("**Évaluation** du modèle", "evaluation_du_modele"),
        ("for", "stage_for"),
        ("print", "stage_print"),
        ("random", "stage_random"),
        ("What's [this](http://x)?", "what_this"),
        ("数据", "stage"),
        ("A very long heading that goes on and on about the data and more", "very_long_heading_that_goes"),
    ],
)
def test_a_heading_becomes_a_name_that_hides_nothing(title: str, name: str) -> None:
    (heading,) = headings(f"# {title}")
    assert function_name(heading.text, "stage", set()) == name


@given(st.text(), st.sets(st.sampled_from(["load", "stage", "stage_2", "train"])))
def test_any_text_gives_a_name_that_can_be_used(title: str, taken: set[str]) -> None:
    name = function_name(title, "stage", taken)
    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert name not in taken


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("GridSearchCV", "grid_search_cv"),
        ("A NumPy array", "numpy_array"),
        ("McNemar", "mcnemar"),
        ("KMeans", "kmeans"),
    ],
)
def test_words_that_are_written_together_come_apart_unless_they_are_one(title: str, name: str) -> None:
    assert function_name(title, "stage", set()) == name


@pytest.mark.parametrize(
    ("markdown", "titles"),
    [
        ("## Load data ## Clean data", ["Load data", "Clean data"]),
        ("<h2>Load data</h2><h2>Clean data</h2>", ["Load data", "Clean data"]),
        ("Load data\n---\nClean data\n===", ["Load data", "Clean data"]),
        ("The end of a paragraph.\n---", []),
        (f"{'word ' * 30}\n---", []),
        ("## C # basics", ["C # basics"]),
    ],
)
def test_every_heading_of_a_cell_is_one_of_its_own(markdown: str, titles: list[str]) -> None:
    assert [heading.text for heading in headings(markdown)] == titles


def test_a_number_in_parentheses_is_no_part_of_a_name() -> None:
    assert function_name("(1) Remove outliers", "prepare", set()) == "remove_outliers"
    assert function_name("(Re)train a model", "train", set()) == "re_train_model"


def test_a_stage_without_a_heading_is_numbered_where_its_name_is_taken() -> None:
    assert function_name("", "train", {"train"}) == "train_2"
    assert function_name("", "train", {"train", "train_2"}) == "train_3"


def test_a_stage_that_fits_or_loads_is_not_called_after_the_plots_on_the_way() -> None:
    assert label_of("", ["scatter", "xlabel", "plot", "show", "plot", "plot", "fit_predict"]) == "train"
    assert label_of("", ["read_csv", "head", "head", "plot", "plot", "hist"]) == "load"
    assert label_of("", ["plot", "predict", "plot", "plot"]) == "plots"
    assert label_of("", ["fit", "predict", "accuracy_score", "predict", "accuracy_score"]) == "train"
    assert label_of("", ["StandardScaler", "fit", "transform", "transform", "transform"]) == "features"


def test_equal_headings_get_different_names() -> None:
    names = stage_names(text("## Fit"), code("x = 1"), text("## Fit"), code("y = x"), text("## Fit"), code("z = y"))
    assert len(set(names)) == 3


def test_a_stage_never_takes_a_name_of_the_notebook() -> None:
    names = stage_names(text("## Load data"), code("load_data = 1"), text("## Model"), code("model = load_data"))
    assert not {"load_data", "model"} & set(names)


def test_without_headings_the_cuts_fall_where_few_names_cross() -> None:
    first = [code(f"a{i} = {i}" + (f" + a{i - 1}" if i else "")) for i in range(6)]
    second = [code(f"b{i} = {'a5' if not i else f'b{i - 1}'} + 1") for i in range(6)]
    stages = planned(notebook(*first, *second)).stages
    assert len(stages) >= 2
    assert all(len(stage.inputs) <= 1 for stage in stages)


def test_directives_win_over_headings() -> None:
    plan = planned(
        notebook(
            text("## Reading"), code("x = 1"), text("<!-- nbm: stage=features -->"), code("y = x"),
            text("## Rest"), code("# nbm: stage=train\nz = y"), code("w = z", "stage:evaluate"), code("v = w", "skip"),
        )
    )  # fmt: skip
    assert [(s.name, s.module) for s in plan.stages][1:] == [
        ("features", "features"),
        ("train", "train"),
        ("evaluate", "evaluate"),
    ]
    assert "v" not in plan.names
    assert any("skip" in loss.message for loss in plan.losses)


def test_lifecycle_words_choose_the_module() -> None:
    plan = planned(
        notebook(
            text("## Data cleaning"), code("x = [1]"), text("## Results"), code("s = f1_score(x)"),
            text("## Some thoughts"), code("t = s"),
        )
    )  # fmt: skip
    assert [stage.module for stage in plan.stages] == ["prepare", "evaluate", "analysis"]


def test_a_package_name_hides_no_module() -> None:
    assert package_name("notebooks/01 - My Study.ipynb", ()) == "my_study"
    assert package_name("06_linear_regression.ipynb", ()) == "linear_regression"
    assert package_name("json.ipynb", ()) == "json_notebook"
    assert package_name("pandas.ipynb", {"pandas"}) == "pandas_notebook"
    assert package_name("2020.ipynb", ()) == "notebook_2020"
    assert package_name("日本.ipynb", ()) == "notebook"


def test_a_slug_ends_with_a_word_that_means_something() -> None:
    assert (
        slug("Split the columns that matter into two parts and the rest") == "split_columns_that_matter_into_two_parts"
    )
    assert (
        slug("Look at the columns that we are going to use with a model") == "look_at_columns_that_we_are_going_to_use"
    )


def test_a_stage_is_not_called_like_a_library_that_the_notebook_imports() -> None:
    names = stage_names(
        text("## Pandas"), code("import pandas as pd\nx = pd.Series([1])"), text("## Sums"), code("y = x.sum()")
    )
    assert names[0] != "pandas"
    assert names[1] == "sums"


def test_a_first_stage_under_the_notebooks_own_name_is_called_after_what_it_does() -> None:
    cells = (
        text("## Advertising Clicks"), code("import pandas as pd\nads = pd.read_csv('ads.csv')\nads.head()"),
        text("## Model"), code("model = Model()\nmodel.fit(ads)"),
    )  # fmt: skip
    plan = planned(notebook(*cells, path="04 - Advertising clicks.ipynb"))
    assert [(stage.module, stage.name) for stage in plan.stages] == [("load", "load_data"), ("train", "train_model")]
    assert plan.stages[0].title == "Advertising Clicks"
    assert planned(notebook(*cells, path="study.ipynb")).stages[0].name == "advertising_clicks"


def test_stages_without_headings_are_called_after_what_they_make_or_look_at() -> None:
    group = ["n = [1]\nn[0]", "n[0]", "n[0]", "n[0]", "n[0]"]
    looks = ["m = sum(n)\nm", "m", "m", "m", "m", "print(m)", "print(m)", "print(m)", "print(m)", "print(m)"]
    names = [stage.name for stage in planned(notebook(*map(code, [*group, *looks]))).stages]
    assert len(names) == len(set(names)) > 1
    assert {name.partition("_")[0] for name in names[1:]} <= {"compute", "analyse"}
    assert not any(name[-1].isdigit() for name in names)
