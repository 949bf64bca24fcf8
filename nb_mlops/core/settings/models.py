"""`[tool.nb-mlops.models.NAME]`: what people say of one model, and how it is measured."""

from __future__ import annotations

from typing import Annotated

from nb_mlops.core.value import Struct


class ModelSettings(Struct, frozen=True):
    """One model: what its card cannot find out by itself, and what `evaluate` need not be told again."""

    owner: Annotated[str, "who answers for the model"] = ""
    on_call: Annotated[str, "whom to call when it fails"] = ""
    decision: Annotated[str, "the decision that it serves"] = ""
    success_metric: Annotated[str, "how the business tells that it helps"] = ""
    intended_use: Annotated[str, "what it is for"] = ""
    limits: Annotated[str, "what it is not for, and where it fails"] = ""
    holdout: Annotated[str, "file of rows that the notebook never opens, from the project's root"] = ""
    target: Annotated[str, "column of the holdout that is to be predicted"] = ""
    metric: Annotated[str, "scikit-learn's name of the metric that counts; else the notebook's first, else by task"] = (
        ""
    )
    groups: Annotated[tuple[str, ...], "columns of the holdout whose groups are measured one by one"] = ()
    labels: Annotated[tuple[str, ...], "what the target calls a class and what the model calls it, e.g. `no=0`"] = ()
    contract: Annotated[str, "JSON Schema of the application that uses the answers, from the project's root"] = ""
