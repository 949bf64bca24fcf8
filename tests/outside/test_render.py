from __future__ import annotations

import json

import pytest

from nb_mlops.core.errors import UsageError
from nb_mlops.outside.render import as_page


def test_an_executed_notebook_becomes_a_page_that_loads_nothing() -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "so it is"}
    cell = {
        "cell_type": "code",
        "source": "print('so it is')",
        "metadata": {},
        "execution_count": 1,
        "outputs": [output],
    }
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    page = as_page(text.encode(), "train").decode()
    assert "so it is" in page and "<title>train</title>" in page
    assert "default-src 'none'" in page and 'src="http' not in page and 'href="http' not in page


def test_what_nbconvert_cannot_render_is_an_error_for_people() -> None:
    cell = {
        "cell_type": "code",
        "source": "x",
        "metadata": {},
        "execution_count": 1,
        "outputs": [{"output_type": "odd"}],
    }
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    with pytest.raises(UsageError, match="nbconvert could not"):
        as_page(text.encode(), "train")
