"""The real presidio, asked about texts, where it is installed: with spaCy 400 MB, so that no ordinary set-up has it."""

from __future__ import annotations

import importlib.util
import json
import socket
from pathlib import Path

import pytest

from nb_mlops.commands.lint import lint
from nb_mlops.core.errors import MissingExtraError, SettingsError
from nb_mlops.core.settings import LintSettings, Settings
from nb_mlops.outside import presidio

HERE = importlib.util.find_spec("presidio_analyzer") is not None
installed = pytest.mark.skipif(not HERE, reason='presidio is not installed: pip install "nb-mlops[presidio]"')
CARD = "4012 8888 8888 " + "1881"


@pytest.mark.skipif(HERE, reason="presidio is installed")
def test_without_presidio_the_setting_is_an_error_that_names_the_extra() -> None:
    with pytest.raises(MissingExtraError) as caught:
        presidio.ask(("x",), "")
    assert "nb-mlops[presidio]" in caught.value.remedy


@pytest.mark.slow
@installed
def test_patterns_are_found_without_a_model_and_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*where: object) -> None:
        raise AssertionError(f"the network was asked for: {where}")

    monkeypatch.setattr(socket, "getaddrinfo", refused)
    (one,) = presidio.ask(("nothing", f"Adams ada.l@harbour.io paid with {CARD}"), "")
    assert (one.text, one.entity, one.start, one.score) == (1, "CREDIT_CARD", 33, 1.0)


@pytest.mark.slow
@installed
def test_a_model_that_is_not_there_is_an_error_and_none_is_fetched() -> None:
    with pytest.raises(SettingsError, match="no model `en_no_such_model`"):
        presidio.ask(("x",), "en_no_such_model")


@pytest.mark.slow
@installed
def test_lint_tells_the_names_that_a_model_finds(tmp_path: Path) -> None:
    import spacy

    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Ada Lovelace"}])
    pipeline.to_disk(tmp_path / "model")
    printed = {"output_type": "stream", "name": "stdout", "text": "asked by Ada Lovelace\n"}
    cell = {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": "x", "outputs": [printed]}
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    settings = LintSettings(select=("PI",), personal_engine="presidio", presidio_model=str(tmp_path / "model"))
    (one,) = lint((str(path),), Settings(lint=settings), cached=False).findings
    assert (one.code, one.data["engine"], one.span.start.column if one.span else 0) == ("PI011", "presidio", 9)
    assert "Lovelace" not in one.message
