"""Are the files that the model was made of still the ones that the notebook read?

The check recorded every file that the notebook opened, with its sha256. If one of them is another file today, the
model cannot be made again, and its metrics are about data that nobody has. What a notebook fetches from the network
or a database is not covered by this proof.
"""

from __future__ import annotations

from nb_mlops.gatekeeper.proof import Case, Judgement, Proof, Refusal, check_command, sketch


def judge(case: Case) -> Judgement:
    """Each file is there, with the bytes that were read."""
    files = case.check.data
    again = f"Run `{check_command(case.dossier.typed, case.check.parameters)}`."
    refusals = []
    for file in files:
        now = case.dossier.data.get(file.path)
        if now is None:
            text = f"The data file `{file.path}`, which the notebook read when it was checked, is missing."
            refusals.append(Refusal("GA041", text, f"Restore it, or check again without it. {again}"))
        elif now != file.sha256:
            text = f"The data file `{file.path}` changed after the check: the model was made of other data."
            refusals.append(Refusal("GA042", text, f"Restore it, or check again with it. {again}"))
    size = sum(file.size for file in files)
    looked = f"{len(files)} file{'s' if len(files) != 1 else ''}, {_bytes(size)}" if files else "no file was read"
    if case.dossier.at_registry:
        looked += ", as they were read; not at hand in the registry"
    return Judgement(looked, tuple(refusals))


def _bytes(size: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


PROOF = Proof(
    name="data",
    codes={"GA041": "data-missing", "GA042": "data-changed"},
    judge=judge,
    good=(sketch(), sketch(data=(), held={})),
    bad=(
        ("GA041", sketch(held={})),
        ("GA041", sketch(held={"train.csv": None})),
        ("GA042", sketch(held={"train.csv": "4" * 64})),
    ),
)
