"""`[tool.nb-mlops.gate]`: the policy, kept in git beside the notebooks it judges.

A preset is a whole policy; every other key that is written beside it goes before what the preset says.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal

from nb_mlops.core.assurance import Level
from nb_mlops.core.value import Struct


class Waiver(Struct, frozen=True):
    """`[[tool.nb-mlops.gate.waivers]]`: for one model, refusals of one proof that do not close the gate until a day.

    It names the refusals that were known when it was given; a new one is not waived.
    """

    proof: Annotated[str, "the proof"]
    model: Annotated[str, "the one registered model"]
    codes: Annotated[tuple[str, ...], "codes of the refusals, as the gate prints them"]
    approver: Annotated[str, "who allows it"]
    reason: Annotated[str, "why"]
    until: Annotated[datetime.date, "the last day on which it holds"]


class Policy(Struct, frozen=True):
    """What must be proven before a model may enter the registry."""

    preset: Annotated[
        Literal["solo", "team", "regulated"],
        "the policy that the other keys of this section change: `nb-mlops gate --policy` shows all three",
    ] = "solo"
    require: Annotated[tuple[str, ...], "names of the proofs that must hold"] = ("lint", "reproducible", "data")
    max_age_days: Annotated[int, "evidence older than this many days counts for nothing"] = 30
    min_runs: Annotated[int, "runs that must agree before a notebook counts as reproducible"] = 3
    own_key: Annotated[
        bool, "whether your own key counts without having been trusted, where `trusted-keys` is empty"
    ] = True
    trusted_keys: Annotated[
        tuple[str, ...], "key ids whose evidence counts, beside those of `nb-mlops keys trust`"
    ] = ()
    assurance: Annotated[Level, "what the keys that sign evidence must reach: `self`, `ci` or `isolated`"] = "self"
    assurance_of: Annotated[Mapping[str, Level], 'the same for single proofs, as in `{ reproducible = "ci" }`'] = {}
    require_name: Annotated[bool, "whether evidence must name the model, or may serve for any name"] = False
    four_eyes: Annotated[bool, "whether approvals and waivers must come from somebody else, with a key for it"] = False
    waivable: Annotated[tuple[str, ...], "proofs that may be waived"] = ("lint", "tests", "reproducible", "data")
    waivers: Annotated[tuple[Waiver, ...], "refusals that do not close the gate for a while"] = ()
    data_max_age_days: Annotated[int, "data files that were last written longer ago are refused; 0: any age"] = 0
    min_rows_per_class: Annotated[int, "rows that the smallest class of a declared target must have; 0: any"] = 0
    max_contradicting_share: Annotated[
        float, "share of a table's rows that may agree with another in all but the target; 1: any"
    ] = 1.0
    registry: Annotated[str, "MLflow registry URI; empty: a sqlite store in the project's `.nb-mlops` folder"] = ""
    allow_delete: Annotated[
        bool, "whether the gated registry lets versions be deleted, and their history with them"
    ] = False
    allow_pickle: Annotated[bool, "whether a model may be a pickle, which can run code when it is loaded"] = False
    baseline_margin: Annotated[float, "share by which a model must surely beat the best of the simple baselines"] = 0.0
    compare_holdout: Annotated[
        bool, "whether the holdout's rows must have been compared with those of a file that the notebook read"
    ] = False
    champion_tolerance: Annotated[float, "share by which a model may be worse than the one that is in service"] = 0.02
    min_group_rows: Annotated[int, "rows of the holdout that each declared group must have"] = 30
    group_gap: Annotated[float, "share by which the metric of a group may be worse than that of all rows"] = 0.2


PRESETS: Mapping[str, Policy] = {
    "solo": Policy(),
    "team": Policy(
        preset="team",
        require=(
            *("lint", "tests", "reproducible", "data", "approval"),
            *("baseline", "champion", "contract", "security", "card"),
        ),
        own_key=False,
        assurance="ci",
        require_name=True,
        four_eyes=True,
        waivable=("lint", "tests", "data", "contract", "card"),
        max_contradicting_share=0.05,
        compare_holdout=True,
    ),
    "regulated": Policy(
        preset="regulated",
        require=(
            *("lint", "tests", "reproducible", "data", "approval"),
            *("baseline", "champion", "groups", "contract", "security", "card"),
        ),
        max_age_days=14,
        min_runs=4,
        own_key=False,
        assurance="isolated",
        require_name=True,
        four_eyes=True,
        waivable=(),
        max_contradicting_share=0.01,
        compare_holdout=True,
    ),
}
