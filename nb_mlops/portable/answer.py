"""The model's own process: loads one model folder and answers tables, one after the other.

It is told inputs only, never the right answers: whatever code a model brings along, it cannot look at what it is
measured by. Requests and replies are lines of JSON; a table travels as a file that the asking side wrote.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import sys
import time
from collections.abc import Sequence
from typing import Any


def main() -> int:
    """Answer until the input ends: `{"rows": file}` with a table's answers, `{"request": text}` as a server would."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no reply
    try:
        began = time.perf_counter()
        model = Model(sys.argv[1])
        hello: dict[str, Any] = {"seconds": time.perf_counter() - began, **model.describes()}
    except Exception as error:
        hello = {"error": said(error)}
    print(json.dumps(hello), file=replies, flush=True)
    if "error" in hello:
        return 0
    for line in sys.stdin:
        try:
            reply = _reply(model, json.loads(line))
        except Exception as error:
            reply = {"error": said(error, model.columns)}
        print(json.dumps(reply), file=replies, flush=True)
    return 0


def _reply(model: Model, asked: dict[str, Any]) -> dict[str, Any]:
    if "request" in asked:
        return {"response": model.serve(asked["request"])}
    with open(asked["rows"], "rb") as file:
        rows = pickle.load(file)  # written by the process that asks, in a folder of its own
    began = time.perf_counter()
    answers = model.answers(rows)
    return {**answers, "seconds": time.perf_counter() - began, "peak_mb": peak_mb()}


class Model:
    """A model as MLflow serves it."""

    def __init__(self, folder: str) -> None:
        import logging
        import warnings

        import mlflow.pyfunc

        logging.getLogger("mlflow").setLevel(logging.ERROR)
        warnings.simplefilter("ignore")
        self.served: Any = mlflow.pyfunc.load_model(folder)
        self.raw: Any = _raw(self.served)
        schema = self.served.metadata.get_input_schema()
        self.columns = [str(name) for name in schema.input_names()] if schema and schema.has_input_names() else []

    def describes(self) -> dict[str, Any]:
        """What the model says of itself: its classes, and whether it puts rows into classes."""
        classes = getattr(self.raw, "classes_", None)
        kind = ""
        if "sklearn" in sys.modules:
            from sklearn.base import BaseEstimator, is_classifier, is_regressor

            if not isinstance(self.raw, BaseEstimator):  # LightGBM's and XGBoost's boosters
                return {"classes": None, "task": ""}
            kind = "classification" if is_classifier(self.raw) else "regression" if is_regressor(self.raw) else ""
        return {"classes": None if classes is None else plain(classes), "task": kind}

    def answers(self, rows: Any) -> dict[str, Any]:
        """What the model answers to each row, and how sure it is of each class where it says so."""
        given = self.served.predict(rows)
        sure = self.raw.predict_proba(rows) if hasattr(self.raw, "predict_proba") else None
        return {"answers": plain(given), "sure": None if sure is None else plain(sure)}

    def serve(self, request: str) -> str:
        """The body with which a scoring server would answer this body. Raises what the server would report."""
        from mlflow.pyfunc import scoring_server

        schema = self.served.metadata.get_input_schema()
        reply = scoring_server.invocations(request, "application/json", self.served, schema)
        if reply.status != 200:
            raise ValueError(str(reply.response))
        return str(reply.response)


def _raw(served: Any) -> Any:
    try:
        return served.get_raw_model()
    except Exception:  # flavours without one
        return None


def plain(values: Any) -> list[Any]:
    """Answers as a list, of numbers and texts: from an array, a table of one or more columns, or a list."""
    if type(values).__name__ == "DataFrame":
        values = values.iloc[:, 0] if values.shape[1] == 1 else values.to_numpy()
    listed = values.tolist() if hasattr(values, "tolist") else list(values)
    return [item[0] if isinstance(item, list) and len(item) == 1 else item for item in listed]


def said(error: BaseException, names: Sequence[str] = ()) -> str:
    """An error in one line that may be kept: its kind and the first of its words, without what it quotes: that may be
    somebody's. Names of columns stay."""
    text = " ".join(str(error).split())[:300]
    quoted = re.compile("'([^']*)'?|\"([^\"]*)\"?")
    text = quoted.sub(lambda found: found[0] if (found[1] or found[2]) in names else "'…'", text)
    return f"{type(error).__name__}: {text}"


def peak_mb() -> float | None:
    """The most memory that this process has used, in megabytes; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(used) / (1e6 if sys.platform == "darwin" else 1e3)
