"""Which language a notebook's cells are in."""

from __future__ import annotations

from typing import Any

import pytest

from nb_mlops.core.notebook import Notebook

PYTHON = {"codemirror_mode": {"name": "python", "version": 3}, "mimetype": "text/x-python"}


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        {"kernelspec": {"name": "my-env", "language": "python"}},
        {"language_info": {"name": "ipython", "version": "3.9"}},
        {"language_info": {"name": "pyspark", "pygments_lexer": "python3", **PYTHON}},
        {"kernelspec": {"name": "pysparkkernel", "language": ""}},
        {
            "kernelspec": {"name": "glue_pyspark", "language": "python"},
            "language_info": {"name": "Python_Glue_Session", "pygments_lexer": "python3", **PYTHON},
        },
        {"application/vnd.databricks.v1+notebook": {"language": "python", "notebookName": "n"}},
        {"language_info": {"name": "python", "pygments_lexer": {"name": "python"}}},
    ],
)
def test_python_is_known_by_whatever_name_a_kernel_gives_it(metadata: dict[str, Any]) -> None:
    assert Notebook("n.ipynb", (), metadata).is_python


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "ir", "language": "R"}},
        {"kernelspec": {"name": "ir"}},
        {"kernelspec": {"name": "calysto_scheme", "display_name": "Calysto Scheme (Python)", "language": "scheme"}},
        {"language_info": {"name": "coconut", "pygments_lexer": "coconut", **PYTHON, "mimetype": "text/x-python3"}},
        {"language_info": {"name": "sos", "pygments_lexer": "sos"}},
        {"application/vnd.databricks.v1+notebook": {"language": "scala"}},
    ],
)
def test_other_languages_are_not_python(metadata: dict[str, Any]) -> None:
    assert not Notebook("n.ipynb", (), metadata).is_python
