from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nb_mlops.evidence.digest import tree_digest
from nb_mlops.outside.artefacts import (
    ArtefactError,
    current_evidence,
    hash_data,
    hash_tree,
    model_path,
    record_public_key,
    recorded_keys,
    save_evidence,
    state_dir,
    store_model,
    stored_files,
)
from nb_mlops.outside.signing import load_or_create_key

SUBJECT = "d" * 64


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    model = tmp_path / "saved"
    (model / "deep").mkdir(parents=True)
    (model / "MLmodel").write_text("flavors: {}\n")
    (model / "deep" / "weights.bin").write_bytes(b"\0\1")
    return model


def test_a_tree_is_each_file_with_its_sha256(folder: Path) -> None:
    assert hash_tree(folder) == {
        "MLmodel": hashlib.sha256(b"flavors: {}\n").hexdigest(),
        "deep/weights.bin": hashlib.sha256(b"\0\1").hexdigest(),
    }


def linked_file(folder: Path) -> None:
    (folder / "link").symlink_to(folder / "MLmodel")


def linked_folder(folder: Path) -> None:
    (folder / "link").symlink_to(folder / "deep")


def dangling_link(folder: Path) -> None:
    (folder / "link").symlink_to("nowhere")


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe")


def no_marker(folder: Path) -> None:
    (folder / "MLmodel").rename(folder / "deep" / "MLmodel")


def emptied(folder: Path) -> None:
    (folder / "MLmodel").unlink()
    (folder / "deep" / "weights.bin").unlink()


def not_utf8(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff")).write_bytes(b"")


@pytest.mark.parametrize("spoil", [linked_file, linked_folder, dangling_link, pipe, no_marker, emptied, not_utf8])
def test_a_tree_that_cannot_stand_as_a_model_is_refused_and_nothing_is_stored(
    folder: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    before = hash_tree(folder)
    spoil(folder)
    with pytest.raises(ArtefactError):
        hash_tree(folder)
    with pytest.raises(ArtefactError):
        store_model(tmp_path, folder, before, tree_digest(before))
    assert not (tmp_path / ".nb-mlops").exists()


def test_a_link_to_a_model_is_not_a_model(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(ArtefactError):
        hash_tree(tmp_path / "link")


def test_the_store_keeps_a_model_under_its_digest(folder: Path, tmp_path: Path) -> None:
    files = hash_tree(folder)
    digest = tree_digest(files)
    path = store_model(tmp_path, folder, files, digest)
    assert path == model_path(tmp_path, digest)
    assert stored_files(tmp_path, digest) == (files, "")
    assert [p.name for p in path.parent.iterdir()] == [digest]


def test_storing_again_mends_a_copy_that_was_spoilt(folder: Path, tmp_path: Path) -> None:
    files = hash_tree(folder)
    path = store_model(tmp_path, folder, files, tree_digest(files))
    (path / "deep" / "weights.bin").write_bytes(b"other")
    (path / "more").write_bytes(b"")
    assert stored_files(tmp_path, path.name)[0] != files
    store_model(tmp_path, folder, files, tree_digest(files))
    assert stored_files(tmp_path, path.name) == (files, "")


def test_what_is_wrong_with_a_stored_model_is_said(folder: Path, tmp_path: Path) -> None:
    assert "not in the store any more" in stored_files(tmp_path, SUBJECT)[1]
    files = hash_tree(folder)
    path = store_model(tmp_path, folder, files, SUBJECT)
    (path / "MLmodel").unlink()
    assert stored_files(tmp_path, SUBJECT)[0].keys() == {"deep/weights.bin"}
    (path / "link").symlink_to("deep")
    assert "symbolic link, `link`" in stored_files(tmp_path, SUBJECT)[1]


def test_a_data_file_that_is_gone_or_is_no_file_has_no_digest(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"1\n")
    found = hash_data(tmp_path, ["a.csv", "b.csv", ".", "odd\0name"])
    assert found == {"a.csv": hashlib.sha256(b"1\n").hexdigest(), "b.csv": None, ".": None, "odd\0name": None}


def test_data_beside_the_project_and_at_home_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, home = tmp_path / "project", tmp_path / "home"
    for folder in (root, home):
        folder.mkdir()
    (home / "a.csv").write_bytes(b"1")
    (tmp_path / "b.csv").write_bytes(b"2")
    monkeypatch.setenv("HOME", str(home))
    one, two = hashlib.sha256(b"1").hexdigest(), hashlib.sha256(b"2").hexdigest()
    assert hash_data(root, ["~/a.csv", "../b.csv"]) == {"~/a.csv": one, "../b.csv": two}


def test_the_newest_envelope_of_each_kind_is_found_by_the_notebook(tmp_path: Path) -> None:
    assert current_evidence(tmp_path, "nb/train.ipynb") is None
    save_evidence(tmp_path, "nb/train.ipynb", SUBJECT, {"check": {"n": 1}, "lint": {"n": 1}})
    for n in range(2, 12):
        save_evidence(tmp_path, "nb/train.ipynb", SUBJECT, {"check": {"n": n}})
    filed = current_evidence(tmp_path, "nb/train.ipynb")
    assert filed is not None and filed.subject == SUBJECT
    base = f".nb-mlops/evidence/{SUBJECT}"
    assert [e.path for e in filed.envelopes] == [f"{base}/check-11.dsse.json", f"{base}/lint-1.dsse.json"]
    assert filed.envelopes[0].data == b'{\n "n": 11\n}\n'
    assert current_evidence(tmp_path, "other.ipynb") is None


def test_notebooks_whose_names_look_alike_do_not_share_evidence(tmp_path: Path) -> None:
    save_evidence(tmp_path, "a b.ipynb", "a" * 64, {"check": {}})
    save_evidence(tmp_path, "a-b.ipynb", "b" * 64, {"check": {}})
    save_evidence(tmp_path, "日本.ipynb", "c" * 64, {"check": {}})
    save_evidence(tmp_path, "中国.ipynb", "d" * 64, {"check": {}})
    found = [current_evidence(tmp_path, n) for n in ("a b.ipynb", "a-b.ipynb", "日本.ipynb", "中国.ipynb")]
    assert [f.subject for f in found if f] == ["a" * 64, "b" * 64, "c" * 64, "d" * 64]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"subject": "../../etc"}', b'{"subject": 3}', b"\xff"])
def test_a_pointer_that_is_broken_points_at_nothing(tmp_path: Path, content: bytes) -> None:
    save_evidence(tmp_path, "train.ipynb", SUBJECT, {"check": {}})
    (pointer,) = (tmp_path / ".nb-mlops" / "evidence" / "current").iterdir()
    pointer.write_bytes(content)
    assert current_evidence(tmp_path, "train.ipynb") is None


def test_evidence_that_was_removed_is_not_found(tmp_path: Path) -> None:
    (path,) = save_evidence(tmp_path, "train.ipynb", SUBJECT, {"check": {}})
    path.unlink()
    assert current_evidence(tmp_path, "train.ipynb") is None


def test_only_public_keys_reach_git(tmp_path: Path) -> None:
    assert (state_dir(tmp_path) / ".gitignore").read_text() == "/*\n!/.gitignore\n!/keys/\n"


def test_a_recorded_key_is_trusted_only_under_its_own_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NB_MLOPS_KEY", str(tmp_path / "key.pem"))
    key = load_or_create_key().public
    path = record_public_key(tmp_path, key)
    assert recorded_keys(tmp_path) == (key,)
    path.rename(path.with_name("0" * 64 + ".pub.pem"))
    (path.parent / "broken.pub.pem").write_text("no")
    assert recorded_keys(tmp_path) == ()
