"""`[tool.nb-mlops.gate]`: the policy, kept in git beside the notebooks it judges."""

from __future__ import annotations

from typing import Annotated

from nb_mlops.core.value import Struct


class Policy(Struct, frozen=True):
    """What must be proven before a model may enter the registry."""

    require: Annotated[tuple[str, ...], "names of the proofs that must hold"] = ("lint", "reproducible", "data")
    max_age_days: Annotated[int, "evidence older than this many days counts for nothing"] = 30
    min_runs: Annotated[int, "runs that must agree before a notebook counts as reproducible"] = 3
    trusted_keys: Annotated[tuple[str, ...], "key ids whose signatures count; empty: only your own key"] = ()
    registry: Annotated[str, "MLflow registry URI; empty: a sqlite store in the project's `.nb-mlops` folder"] = ""
    allow_delete: Annotated[
        bool, "whether the gated registry lets versions be deleted, and their history with them"
    ] = False
    allow_pickle: Annotated[bool, "whether a model may be a pickle, which can run code when it is loaded"] = False
