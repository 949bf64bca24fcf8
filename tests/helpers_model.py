"""A real model, made once per test process."""

from __future__ import annotations

import atexit
import functools
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_SCRIPT = """
import sys
import mlflow.sklearn
from mlflow.models import infer_signature
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

rows, kinds = load_iris(return_X_y=True, as_frame=True)
model = LogisticRegression(max_iter=500).fit(rows, kinds)
mlflow.sklearn.save_model(
    model,
    sys.argv[1],
    serialization_format="skops",
    signature=infer_signature(rows, model.predict(rows)),
    input_example=rows.head(2),
    pip_requirements=["scikit-learn"],
)
"""


@functools.cache
def saved_model() -> Path:
    """A fitted classifier as an MLflow model folder, saved by another process as a kernel would."""
    home = Path(tempfile.mkdtemp(prefix="nb-mlops-model-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    subprocess.run([sys.executable, "-c", _SCRIPT, str(home / "saved")], check=True, capture_output=True)
    return home / "saved"
