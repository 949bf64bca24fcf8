"""`[tool.nb-mlops.gate]`: the policy, kept in git beside the notebooks it judges."""

from __future__ import annotations

from dataclasses import dataclass

from nb_mlops.core.settings.field import setting


@dataclass(frozen=True, slots=True)
class Policy:
    """What must be proven before a model may enter the registry."""

    require: tuple[str, ...] = setting(("lint", "reproducible", "data"), "names of the proofs that must hold")
    max_age_days: int = setting(30, "evidence older than this many days counts for nothing")
    min_runs: int = setting(3, "runs that must agree before a notebook counts as reproducible")
    trusted_keys: tuple[str, ...] = setting((), "key ids whose signatures count; empty: only your own key")
    registry: str = setting("", "MLflow registry URI; empty: a sqlite store in the project's `.nb-mlops` folder")
    allow_delete: bool = setting(
        False, "whether the gated registry lets versions be deleted, and with them their history"
    )
