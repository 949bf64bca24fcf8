"""What a notebook says about itself: `nb_mlops.metric()` measured this, `nb_mlops.model()` made this model.

Both show one readable line. During a checked run the line carries a private mime type that the runner reads, and the
base run's `model()` saves an MLflow model folder; anywhere else nothing is written.
"""

from __future__ import annotations

import hashlib
import math
import os
import shutil
import sys
from typing import Any

METRIC_MIME = "application/vnd.nb-mlops.metric+json"
MODEL_MIME = "application/vnd.nb-mlops.model+json"


def metric(name: str, value: Any, higher_is_better: bool | None = None) -> None:
    """Declare a measured number.

    `value` is anything that is one finite number (numpy scalars too). Raises TypeError or ValueError when it is not.
    """
    if not isinstance(name, str) or not name.strip():
        raise TypeError("nb_mlops.metric(name, value): name must be a non-empty text.")
    number = _number(name, value)
    direction = {None: "", True: " (higher is better)", False: " (lower is better)"}[higher_is_better]
    _show(
        METRIC_MIME,
        {"name": name, "value": number, "higher_is_better": higher_is_better},
        f"metric {name} = {number!r}{direction}",
    )


def _number(name: str, value: Any) -> float:
    if isinstance(value, (str, bytes, bool)):
        raise TypeError(f"nb_mlops.metric({name!r}): the value must be a number, not {type(value).__name__}.")
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        kind = type(value).__name__
        raise TypeError(f"nb_mlops.metric({name!r}): the value must be one number, not {kind}.") from error
    if not math.isfinite(number):
        raise ValueError(f"nb_mlops.metric({name!r}): the value is {number}; a metric must be a finite number.")
    return number


def model(estimator_or_path: Any, name: str = "", example: Any = None) -> None:
    """Declare the model that this notebook makes.

    Takes a fitted scikit-learn, XGBoost or LightGBM model, with `example` rows of its input (for the signature and for
    comparing predictions between runs), an ONNX model, or the path of an existing MLflow model folder, which is copied.
    One notebook declares one model. Raises ImportError, naming the extra, when the base run must save and MLflow or
    skops is missing, and TypeError for a model that no safe format is known for and an example that is no rows.
    """
    folder = os.environ.get("NB_MLOPS_MODEL_DIR", "") if os.environ.get("NB_MLOPS_RUN") else ""
    if folder and os.path.isdir(folder) and os.listdir(folder):
        raise ValueError(
            "nb_mlops.model() was called twice; a notebook hands over one model: keep the call for the one to register."
        )
    if isinstance(estimator_or_path, (str, os.PathLike)):
        source = os.fspath(estimator_or_path)
        kind, fingerprint = "MLflow model folder", _folder(source)
        if folder:
            shutil.copytree(source, folder, dirs_exist_ok=True)
    else:
        kind = f"{type(estimator_or_path).__module__}.{type(estimator_or_path).__qualname__}"
        fingerprint = _semantic(estimator_or_path, example)
        if folder:
            from .save import save

            save(estimator_or_path, example, folder)
    title = f"model {name}: {kind}" if name else f"model: {kind}"
    _show(MODEL_MIME, {"kind": kind, "name": name, "fingerprint": fingerprint, "saved": bool(folder)}, title)


def _folder(path: str) -> dict[str, str]:
    """Digests of the files of an MLflow model folder, but for MLmodel, which carries times and ids."""
    if not os.path.isfile(os.path.join(path, "MLmodel")):
        raise ValueError(f"nb_mlops.model({path!r}): there is no MLmodel file, so this is not an MLflow model folder.")
    found = {}
    for root, _, files in os.walk(path):
        for file in files:
            full = os.path.join(root, file)
            if file != "MLmodel":
                with open(full, "rb") as handle:
                    found[os.path.relpath(full, path).replace(os.sep, "/")] = hashlib.sha256(handle.read()).hexdigest()
    return dict(sorted(found.items()))


def _semantic(estimator: Any, example: Any) -> dict[str, Any]:
    """What the model is by value: class, parameters and fitted values, and its answers to the example."""
    from .fingerprint import fingerprint
    from .save import native_bytes, predictions, probabilities, require_rows

    require_rows(example)
    native = native_bytes(estimator)
    print_: dict[str, Any] = {"model": fingerprint(estimator)}
    if native is not None:
        print_["model"] = {"type": type(estimator).__name__, "sha256": hashlib.sha256(native).hexdigest()}
    if example is not None and hasattr(estimator, "predict"):
        print_["predictions"] = fingerprint(predictions(estimator, example))
        if native is not None:  # what it answers says more than how its trees are written down
            print_["model"] = {"type": type(estimator).__name__, "only": True}
            print_["probabilities"] = fingerprint(probabilities(estimator, example))
    return print_


def _show(mime: str, payload: dict[str, Any], line: str) -> None:
    """Display in a kernel, print elsewhere."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        print(line)
        return
    import IPython.display

    show: Any = IPython.display.display
    private = {mime: payload} if os.environ.get("NB_MLOPS_RUN") else {}  # nothing that a saved notebook would carry
    show({**private, "text/plain": line}, raw=True)
