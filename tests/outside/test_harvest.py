from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from helpers_run import displayed, printed

from nb_mlops.core.notebook import Output, OutputKind
from nb_mlops.core.run import CellRun
from nb_mlops.outside.artefacts import hash_data, hash_file
from nb_mlops.outside.environment import scrubbed, shown_path, used_packages
from nb_mlops.outside.harvest import (
    Journal,
    files_of,
    joined,
    metrics_of,
    model_of,
    read_journal,
    without_private_paths,
)
from nb_mlops.outside.watch import Watch
from nb_mlops.portable.declare import METRIC_MIME, MODEL_MIME


def test_a_journal_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_text(
        '{"event": "begin", "python": "3.9"}\n{"event": "cell", "seconds": 1, "names": {}}\n[1]\n{"event": "ce'
    )
    journal = read_journal(path)
    assert journal.begin["python"] == "3.9" and len(journal.cells) == 1 and journal.final == {}
    assert read_journal(tmp_path / "none") == Journal()


def test_where_a_stream_was_cut_does_not_matter() -> None:
    pieces = (printed("a"), printed("b"), printed("x", "stderr"), printed("c"), displayed(text_plain="1"))
    assert [output.text for output in joined(pieces)] == ["ab", "x", "c", ""]


@pytest.mark.parametrize("payload", [{}, {"name": "m"}, {"name": "m", "value": "high"}, "m", None])
def test_a_metric_that_the_kernel_made_up_wrongly_is_left_out(payload: Any) -> None:
    assert metrics_of([CellRun(0, (displayed(**{METRIC_MIME.replace("/", "_", 1): payload}),))], Journal()) == ()


def test_a_model_counts_as_saved_only_where_its_folder_is(tmp_path: Path) -> None:
    said = {MODEL_MIME.replace("/", "_", 1): {"kind": "Ridge", "name": "r", "saved": True}}
    cells = [CellRun(3, (displayed(**said),))]
    model = model_of(cells, str(tmp_path))
    assert model is not None and (model.path, model.name, model.cell) == ("", "r", 3)
    (tmp_path / "MLmodel").write_text("")
    model = model_of(cells, str(tmp_path))
    assert model is not None and model.path == str(tmp_path)


def test_the_first_opening_tells_data_from_products(tmp_path: Path) -> None:
    for name in ("data.csv", "made.csv", "both.csv", "helper.py"):
        (tmp_path / name).write_text(name)
    opened = [
        ("read", "data.csv"),
        ("write", "made.csv"),
        ("read", "made.csv"),
        ("read", "both.csv"),
        ("write", "both.csv"),
    ]
    journal = Journal(
        opened=[(kind, str(tmp_path / name)) for kind, name in opened], final={"local": [str(tmp_path / "helper.py")]}
    )
    found = files_of(journal, tmp_path, Watch(()))
    read, written = found.read, found.written
    assert [file.path for file in read] == ["both.csv", "data.csv", "helper.py"]
    assert written == ("both.csv", "made.csv")


def test_a_temporary_file_outside_the_project_is_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    (tmp_path / "project").mkdir()
    journal = Journal(opened=[("write", str(tmp_path / "abc")), ("write", str(tmp_path / "project" / "out"))])
    assert files_of(journal, tmp_path / "project", Watch(())).written == ("out",)


def test_paths_are_stored_without_anybodys_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, project = tmp_path / "home", tmp_path / "home" / "work" / "project"
    project.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    assert shown_path(project / "data" / "a.csv", project) == "data/a.csv"
    assert shown_path(project.parent / "shared" / "a.csv", project) == "../shared/a.csv"
    assert shown_path(home / "elsewhere" / "a.csv", project) == "~/elsewhere/a.csv"
    assert shown_path(tmp_path / "mnt" / "a.csv", project) == "../../../mnt/a.csv"


def test_text_that_is_kept_names_no_folder_of_the_machine(tmp_path: Path) -> None:
    text = f"\x1b[31mError\x1b[0m in {tmp_path}/a.py and {Path.home()}/b.py"
    assert without_private_paths(text, str(tmp_path)) == "Error in ./a.py and ~/b.py"
    json.dumps(text)


def test_nothing_of_ours_and_no_seed_of_the_caller_reaches_the_kernel() -> None:
    caller = {"NB_MLOPS_KEY": "/k.pem", "NB_MLOPS_RUN": "1", "PYTHONHASHSEED": "5", "MPLBACKEND": "qt", "PATH": "/bin"}
    assert scrubbed(caller, {"TZ": "UTC"}) == {"PATH": "/bin", "TZ": "UTC"}


def test_packages_are_those_that_were_imported() -> None:
    import sys

    used, brought = used_packages(sys.path, frozenset({"pytest", "yaml"}))
    assert "pytest" in used and "nbformat" not in used
    assert brought["pytest"] == "pytest" and brought["yaml"] == "PyYAML"


def test_whoever_judges_later_finds_each_file_again_by_the_path_that_was_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, project = tmp_path / "home", tmp_path / "home" / "work" / "project"
    monkeypatch.setenv("HOME", str(home))
    files = [project / "a.csv", project.parent / "b.csv", home / "c.csv", tmp_path / "d.csv"]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(file.name)
    stored = [shown_path(file, project) for file in files]
    assert all(not path.startswith("/") for path in stored)
    assert list(hash_data(project, stored).values()) == [hash_file(file) for file in files]


def test_metrics_are_declared_glued_or_logged_and_a_logged_one_that_is_declared_counts_once() -> None:
    def shown(mime: str, payload: Any) -> Output:
        return Output(OutputKind.DISPLAY_DATA, data={mime: payload})

    cells = [
        CellRun(3, (shown(METRIC_MIME, {"name": "auc", "value": 0.9, "higher_is_better": True}),)),
        CellRun(4, (shown("application/scrapbook.scrap.json+json", {"name": "f1", "data": 0.8, "encoder": "json"}),)),
        CellRun(5, (shown("application/scrapbook.scrap.json+json", {"name": "rows", "data": [1, 2]}),)),
        CellRun(6, (shown("application/papermill.record+json", {"loss": 0.1, "name": "x", "done": True}),)),
    ]
    found = metrics_of(cells, Journal(logged={"auc": 0.9, "rmse": 2, "odd": "x", "bad": float("nan")}))
    assert [(m.name, m.value, m.cell) for m in found] == [
        ("auc", 0.9, 3),
        ("f1", 0.8, 4),
        ("loss", 0.1, 6),
        ("rmse", 2.0, None),
    ]


def test_what_others_open_does_not_count_where_the_run_could_not_read_past_python(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_text("1")
    watch = Watch(())
    watch.read[str(tmp_path / "x.parquet")] = None
    for journal, past in (
        (Journal(final={"native": ["numpy", "pandas"]}), False),
        (Journal(final={"native": ["numpy", "pyarrow"]}), True),
        (Journal(final={"native": []}, spawned=True), True),
        (Journal(final={"native": [], "children": False}), False),
        (Journal(final={"native": [], "children": True}), True),
        (Journal(), True),
    ):
        assert bool(files_of(journal, tmp_path, watch).read) is past
