"""Is the model good enough for every group, not only on the whole?

`evaluate --groups COLUMN` measures each group of the holdout by itself. Each must have `min-group-rows` rows, or its
number is luck, and its metric may be worse than that of all rows by the share `group-gap` at most. Rows whose group is
not known are measured too, but need not be many.
"""

from __future__ import annotations

from collections.abc import Sequence

from nb_mlops.core.settings import Policy
from nb_mlops.core.wording import listed, many
from nb_mlops.evidence.predicates.evaluation import EvaluationPredicate, GroupScore, Score
from nb_mlops.gatekeeper.evaluated import again, evaluated, none, number
from nb_mlops.gatekeeper.proof import Case, Judgement, Proof, Refusal, sketch

_UNKNOWN = "(missing)"
_NAMED = 6


def judge(case: Case) -> Judgement:
    """Groups were declared, each has enough rows, none falls far behind."""
    found = case.paper(EvaluationPredicate)
    if found is None:
        return none(case, "GA081", "whom it serves badly is not known")
    name, command = case.dossier.name, f"`{again(case, '--groups COLUMN')}`"
    if not found.groups:
        text = f"No group of rows was named for `{name}`: it may be good on the whole and bad for some."
        way = f"Name columns in `groups` of [tool.nb-mlops.models.{name}] or run {command}."
        return Judgement("no groups", (Refusal("GA082", text, way),), missing=True)
    columns = ", ".join(dict.fromkeys(f"`{group.column}`" for group in found.groups))
    looked = f"{len(found.groups)} groups by {columns}, the smallest with {min(g.rows for g in found.groups)} rows"
    refusals = []
    small: dict[str, list[GroupScore]] = {}
    for group in found.groups:
        few = group.rows < case.policy.min_group_rows and group.group != _UNKNOWN
        if few or (group.value is None and group.group != _UNKNOWN):
            small.setdefault(group.column, []).append(group)
        elif _behind(group, found.metric, case.policy):
            shown = f"`{group.column}` = {group.group}"
            text = f"`{name}` serves the group {shown} badly: {found.metric.name} {number(group.value)} against "
            text += f"{number(found.metric.value)} on all rows; the policy allows {case.policy.group_gap:.0%} less."
            way = f"Look at what sets the group apart, make the model better for it, check, then run {command}."
            refusals.append(Refusal("GA084", text, way))
    for column, groups in small.items():
        way = f"Take more rows of {'it' if len(groups) == 1 else 'them'} into the holdout, then run {command}."
        refusals.append(Refusal("GA083", _too_small(name, column, groups), way))
    return Judgement(looked, tuple(refusals))


def _too_small(name: str, column: str, groups: Sequence[GroupScore]) -> str:
    """One refusal for a column, however many of its groups are too small: the smallest are named."""
    if len(groups) == 1:
        only = f"The group `{column}` = {groups[0].group} has {many(groups[0].rows, 'row')} in the holdout"
        return f"{only}: what `{name}` is worth to it is not known."
    named = [f"{one.group} ({many(one.rows, 'row')})" for one in sorted(groups, key=lambda one: one.rows)]
    more = [f"{len(named) - _NAMED} more"] if len(named) > _NAMED else []
    return (
        f"{len(groups)} groups of `{column}` have too few rows in the holdout, or of one kind only, so what `{name}` "
        f"is worth to them is not known: {listed([*named[:_NAMED], *more])}."
    )


def _behind(group: GroupScore, whole: Score, policy: Policy) -> bool:
    if group.value is None or group.rows < policy.min_group_rows:
        return False
    worse = (whole.value - group.value) * (1 if whole.higher_is_better else -1)
    return not worse <= policy.group_gap * abs(whole.value)


_ERROR = Score("mean_absolute_error", 10.0, 9.0, 11.0, False)
PROOF = Proof(
    name="groups",
    codes={
        "GA081": "groups-not-measured",
        "GA082": "no-groups-named",
        "GA083": "group-too-small",
        "GA084": "group-served-badly",
    },
    judge=judge,
    needs=(EvaluationPredicate,),
    good=(
        evaluated(),
        evaluated(metric=_ERROR, groups=(GroupScore("region", "north", 100, 11.5),)),
        evaluated(groups=(GroupScore("region", "north", 100, 0.9), GroupScore("region", _UNKNOWN, 3, None))),
    ),
    bad=(
        ("GA081", sketch()),
        ("GA082", evaluated(groups=())),
        ("GA083", evaluated(groups=(GroupScore("region", "north", 29, 0.95),))),
        ("GA083", evaluated(groups=(GroupScore("region", "north", 40, None),))),
        ("GA083", evaluated(groups=tuple(GroupScore("visits", str(rows), rows, None) for rows in range(9)))),
        ("GA084", evaluated(groups=(GroupScore("region", "north", 40, 0.6),))),
        ("GA084", evaluated(groups=(GroupScore("region", "north", 40, float("nan")),))),
        ("GA084", evaluated(metric=_ERROR, groups=(GroupScore("region", "north", 40, 12.5),))),
    ),
)
