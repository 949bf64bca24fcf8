from __future__ import annotations

from helpers_run import notebook, record

from nb_mlops.checker.declared import undeclared_packages
from nb_mlops.core.finding import Severity
from nb_mlops.core.run import Environment

NOTEBOOK = notebook("import numpy as np, json\nfrom sklearn.linear_model import Ridge", "import helpers, IPython")
AROUND = Environment(
    python="3.11.7",
    packages={"numpy": "2.1.0", "scikit-learn": "1.5.2", "scipy": "1.14", "ipython": "8"},
    modules={"numpy": "numpy", "sklearn": "scikit-learn", "scipy": "scipy", "IPython": "ipython"},
)
BASE = record("R0", (), environment=AROUND)


def test_what_is_imported_and_not_declared_is_named_with_its_version() -> None:
    (found,) = undeclared_packages(NOTEBOOK, BASE, {"numpy"})
    assert found.code == "CK026" and found.severity is Severity.WARNING
    assert "`scikit-learn` 1.5.2 is imported" in found.message
    assert "scipy" not in found.message, "the notebook itself does not import it"


def test_a_name_may_be_written_in_any_of_its_spellings() -> None:
    assert not list(undeclared_packages(NOTEBOOK, BASE, {"numpy", "scikit-learn"}))


def test_a_project_that_declares_nothing_is_told_for_information() -> None:
    (found,) = undeclared_packages(NOTEBOOK, BASE, None)
    assert found.severity is Severity.INFO and "--lock" in found.message and "`numpy` 2.1.0" in found.message


def test_a_kernel_that_nobody_watched_is_not_judged() -> None:
    assert not list(undeclared_packages(NOTEBOOK, record("R0", (), environment=Environment()), {"numpy"}))
