"""Are the files that the model was made of still the ones that the notebook read?

The check recorded every file that the notebook opened, with its sha256. If one of them is another file today, the
model cannot be made again, and its metrics are about data that nobody has. What a notebook fetches from the network
or a database is not covered by this proof. That only declared files were read is part of the check's verdict (`data`
in its settings), and so of the proof `reproducible`.

The policy may ask more of the tables that the check saw: that they are recent (`data-max-age-days`, by the day a file
was written and by the latest moment in a column of times), that the rarest label has enough rows
(`min-rows-per-class`), and that few rows agree in everything but the label (`max-contradicting-share`). What it asks
for and the check could not see is refused, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from nb_mlops.core.run import FileRead
from nb_mlops.core.settings import Policy
from nb_mlops.core.value import replace
from nb_mlops.core.wording import many, size
from nb_mlops.evidence.predicates.check import TableFacts
from nb_mlops.evidence.statement import timestamp
from nb_mlops.gatekeeper.proof import Case, Judgement, Proof, Refusal, check_command, sketch


def judge(case: Case) -> Judgement:
    """Each file is there, with the bytes that were read; the tables are what the policy asks for."""
    files = case.check.data
    again = f"Run `{check_command(case.dossier.typed, case.check.parameters)}`."
    refusals = [*_too_old(case, again), *_classes(case, again), *_contradictions(case, again)]
    for file in files:
        now = case.dossier.data.get(file.path)
        if now is None:
            text = f"The data file `{file.path}`, which the notebook read when it was checked, is missing."
            refusals.append(Refusal("GA041", text, f"Restore it, or check again without it. {again}"))
        elif now != file.sha256:
            text = f"The data file `{file.path}` changed after the check: the model was made of other data."
            refusals.append(Refusal("GA042", text, f"Restore it, or check again with it. {again}"))
    weight = sum(file.size for file in files)
    looked = f"{many(len(files), 'file')}, {size(weight)}" if files else "no file was read"
    if case.dossier.at_registry:
        looked += ", as they were read; not at hand in the registry"
    return Judgement(looked, tuple(refusals))


def _too_old(case: Case, again: str) -> Iterator[Refusal]:
    limit = case.policy.data_max_age_days
    if not limit or not case.check.data:
        return
    new = f"Get newer data, then {again[0].lower()}{again[1:]}"
    oldest = timestamp(case.dossier.now - timedelta(days=limit))
    for file in case.check.data:
        if not file.modified:
            text = f"Nobody saw how old the data file `{file.path}` is; the policy allows {limit} days."
            yield Refusal("GA043", text, again)
        elif file.modified < oldest:
            text = (
                f"The data file `{file.path}` was last written on {file.modified[:10]}; the policy allows {limit} days."
            )
            yield Refusal("GA043", text, new)
    seen = [table.newest for table in case.check.tables if table.newest]
    if seen and max(seen)[:10] < oldest[:10]:
        text = f"The latest moment in the data is {max(seen)[:10]}; the policy allows {limit} days."
        yield Refusal("GA043", text, new)


def _classes(case: Case, again: str) -> Iterator[Refusal]:
    least = case.policy.min_rows_per_class
    if not least:
        return
    tables = [table for table in case.check.tables if table.target]  # what has no labels has no rarest one
    if not tables:
        text = f"The check saw no table with a column to predict; the policy asks for {least} rows of each label."
        yield Refusal("GA044", text, f"Keep the data in a table that the notebook names. {again}")
    for table in tables:
        if table.smallest is not None and table.smallest < least:
            rows = many(table.smallest, "row")
            text = f"The rarest label in `{table.target}` of `{table.name}` has {rows}; the policy asks for {least}."
            yield Refusal("GA044", f"{text} So few are little to learn from or to measure by.", f"Get more. {again}")


def _contradictions(case: Case, again: str) -> Iterator[Refusal]:
    most = case.policy.max_contradicting_share
    for table in case.check.tables if most < 1 else ():
        if table.contradicting and table.rows and table.contradicting / table.rows > most:
            rows = f"{many(table.contradicting, 'row')} of {table.rows}"
            text = f"In `{table.name}`, {rows} agree with another in everything but "
            text += f"`{table.target}`: no model can get both right, and the policy allows a share of {most:g}."
            yield Refusal("GA045", text, f"Decide which are right, then {again[0].lower()}{again[1:]}")


_READ = FileRead("train.csv", "2" * 64, 100, "2026-01-01T00:00:00Z")
_TABLE = TableFacts("rows", 200, 4, "churned", 12, 0, 10, 0, "2026-01-15T00:00:00Z", False)
_FRESH, _LABELS, _AGREE = (
    Policy(data_max_age_days=60), Policy(min_rows_per_class=10), Policy(max_contradicting_share=0.1),
)  # fmt: skip
PROOF = Proof(
    name="data",
    codes={
        "GA041": "data-missing",
        "GA042": "data-changed",
        "GA043": "data-too-old",
        "GA044": "too-few-rows-of-a-class",
        "GA045": "contradicting-rows",
    },
    judge=judge,
    good=(
        sketch(),
        sketch(data=(), held={}),
        *(sketch(policy, data=(_READ,), tables=(_TABLE,)) for policy in (_FRESH, _LABELS, _AGREE)),
    ),
    bad=(
        ("GA041", sketch(held={})),
        ("GA041", sketch(held={"train.csv": None})),
        ("GA042", sketch(held={"train.csv": "4" * 64})),
        ("GA043", sketch(_FRESH)),
        ("GA043", sketch(_FRESH, data=(replace(_READ, modified="2025-06-01T00:00:00Z"),))),
        ("GA043", sketch(_FRESH, data=(_READ,), tables=(replace(_TABLE, newest="2025-06-01"),))),
        ("GA044", sketch(_LABELS)),
        ("GA044", sketch(_LABELS, tables=(replace(_TABLE, smallest=9),))),
        ("GA045", sketch(_AGREE, tables=(replace(_TABLE, contradicting=21),))),
    ),
)
