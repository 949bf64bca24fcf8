"""A model as an MLflow model folder, in a format that nothing has to be executed for to be loaded.

scikit-learn through skops, XGBoost, LightGBM and ONNX in their own files; never a pickle.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

_REMEDY = 'nb_mlops.model() saves the model as an MLflow model and needs `{}` here: pip install "nb-mlops[register]"'


def save(model: Any, example: Any, folder: str) -> None:
    """Save the model into an empty folder.

    Raises ImportError where MLflow or skops is missing, TypeError for a kind of model that no safe format is known for.
    """
    try:
        import mlflow.models
    except ImportError as error:
        raise ImportError(_REMEDY.format(error.name or "mlflow")) from error
    family = _family(model)
    if family is None:
        raise TypeError(
            "nb_mlops.model(): no format that is safe to load is known for "
            f"{type(model).__module__}.{type(model).__qualname__}. Take scikit-learn, XGBoost, LightGBM or ONNX, or "
            "save an MLflow model folder and hand over its path."
        )
    options: dict[str, Any] = {}
    if example is not None and family != "onnx" and hasattr(model, "predict"):
        options["signature"] = mlflow.models.infer_signature(example, predictions(model, example))
        options["input_example"] = example
    _SAVERS[family](model, folder, options)


def require_rows(example: Any) -> None:
    """Raise TypeError for an example that is a pandas Series: MLflow cannot keep one beside the model."""
    if any(
        kind.__module__.partition(".")[0] == "pandas" and kind.__name__ == "Series" for kind in type(example).__mro__
    ):
        raise TypeError(
            "nb_mlops.model(): `example` is a pandas Series, one row or one column, and MLflow cannot keep one beside "
            "the model. Give rows of the table, `X.head(3)` or `X.iloc[[0]]`; for a model of plain texts an array, "
            "`texts.head(3).to_numpy()`."
        )


def _family(model: Any) -> str | None:
    """Which library the model is of, by the first of its classes that is one of theirs."""
    for kind in type(model).__mro__:
        family = _FAMILIES.get(str(kind.__module__).partition(".")[0] + "." + kind.__name__)
        if family:
            return family
    return None


_FAMILIES = {
    "xgboost.XGBModel": "xgboost",
    "xgboost.Booster": "xgboost",
    "lightgbm.LGBMModel": "lightgbm",
    "lightgbm.Booster": "lightgbm",
    "onnx.ModelProto": "onnx",
    "sklearn.BaseEstimator": "sklearn",
}


def predictions(model: Any, example: Any) -> Any:
    """The model's answers to the example: what it returns when it is served."""
    if type(model).__module__.startswith("xgboost") and type(model).__name__ == "Booster":
        return model.predict(sys.modules["xgboost"].DMatrix(example))
    return model.predict(example)


def probabilities(model: Any, example: Any) -> Any:
    """How sure the model is of its answers, where it can say so; None where it cannot."""
    return model.predict_proba(example) if hasattr(model, "predict_proba") else None


def native_bytes(model: Any) -> bytes | None:
    """What a model of XGBoost, LightGBM or ONNX is, as it writes it down; None for others."""
    family = _family(model)
    if family == "xgboost":
        booster = model if type(model).__name__ == "Booster" else model.get_booster()
        return bytes(booster.save_raw("json"))
    if family == "lightgbm":
        return str(_lightgbm_booster(model).model_to_string()).encode()
    return bytes(model.SerializeToString()) if family == "onnx" else None


def _lightgbm_booster(model: Any) -> Any:
    return model if type(model).__name__ == "Booster" else model.booster_


def _save_sklearn(model: Any, folder: str, options: dict[str, Any]) -> None:
    import mlflow.sklearn

    safe = hasattr(mlflow.sklearn, "SERIALIZATION_FORMAT_SKOPS")
    options["pip_requirements"] = _requirements("scikit-learn", *(["skops"] if safe else []))
    if safe:
        options.update(serialization_format="skops", skops_trusted_types=_library_types(model))
    mlflow.sklearn.save_model(model, folder, **options)


def _save_xgboost(model: Any, folder: str, options: dict[str, Any]) -> None:
    import mlflow.xgboost

    mlflow.xgboost.save_model(model, folder, model_format="json", pip_requirements=_requirements("xgboost"), **options)


def _save_lightgbm(model: Any, folder: str, options: dict[str, Any]) -> None:
    import mlflow.lightgbm

    # LightGBM's scikit-learn class would be pickled; the booster in it is a text file, and answers with probabilities.
    booster = _lightgbm_booster(model)
    if booster is not model and "input_example" in options:
        answers = booster.predict(options["input_example"])
        options["signature"] = sys.modules["mlflow.models"].infer_signature(options["input_example"], answers)
    mlflow.lightgbm.save_model(booster, folder, pip_requirements=_requirements("lightgbm"), **options)


def _save_onnx(model: Any, folder: str, options: dict[str, Any]) -> None:
    import mlflow.onnx

    mlflow.onnx.save_model(model, folder, pip_requirements=_requirements("onnx", "onnxruntime"), **options)


_SAVERS: dict[str, Callable[[Any, str, dict[str, Any]], None]] = {
    "sklearn": _save_sklearn,
    "xgboost": _save_xgboost,
    "lightgbm": _save_lightgbm,
    "onnx": _save_onnx,
}


def _library_types(estimator: Any) -> list[str]:
    """Types of this model that skops does not know but that come from the numerical libraries themselves."""
    try:
        import skops.io
    except ImportError as error:
        raise ImportError(_REMEDY.format("skops")) from error
    unknown = skops.io.get_untrusted_types(data=skops.io.dumps(estimator))
    return [name for name in unknown if name.split(".")[0] in ("sklearn", "numpy", "scipy", "pandas")]


def _requirements(*wanted: str) -> list[str]:
    """Pinned from what is installed, so that MLflow does not load the model again in a subprocess to infer it."""
    from importlib import metadata

    found = []
    for name in (*wanted, "numpy", "scipy", "pandas"):
        if name in wanted or name in sys.modules:
            try:
                found.append(f"{name}=={metadata.version(name)}")
            except metadata.PackageNotFoundError:
                continue
    return found
