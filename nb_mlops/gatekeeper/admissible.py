"""What must hold before any proof is asked: the papers are there, genuine, fresh, and about the things at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from shlex import quote

from nb_mlops.core.assurance import ASSURANCES, Purpose
from nb_mlops.core.hashing import is_sha256
from nb_mlops.core.settings import Policy
from nb_mlops.core.wording import listed, many
from nb_mlops.evidence.digest import tree_digest
from nb_mlops.evidence.statement import issued_at, model_name, timestamp
from nb_mlops.gatekeeper.dossier import Dossier, Paper, Seal, kinds
from nb_mlops.gatekeeper.proof import Case, Judgement, Refusal, check_command

BASIC_CODES: Mapping[str, str] = {
    "GA001": "evidence-missing",
    "GA002": "evidence-edited",
    "GA003": "key-not-trusted",
    "GA004": "evidence-not-understood",
    "GA005": "notebook-changed",
    "GA006": "model-missing",
    "GA007": "model-changed",
    "GA008": "name-differs",
    "GA009": "evidence-expired",
    "GA010": "proof-unusable",
    "GA011": "assurance-too-low",
    "GA012": "key-barred",
    "GA013": "waiver-unusable",
    "GA014": "name-not-bound",
}
QUESTIONS: Mapping[str, str] = {
    "evidence": "Is there a check of this notebook on file?",
    "signature": "Is what is on file as it was signed, by somebody this project trusts?",
    "notebook": "Is the notebook the one that was checked?",
    "model": "Are the model's files the ones that the checked run made?",
    "name": "Is the model called what the notebook calls it?",
    "age": "Is the evidence fresh enough for the policy?",
}
# What somebody says of a key by entering it so.
_HELD = {"ci": "CI alone holds it", "isolated": "no notebook's code comes near it"}
# A clock that is a little ahead is no forgery.
_SKEW = timedelta(minutes=5)


def _evidence(dossier: Dossier, _policy: Policy) -> Judgement:
    names = [paper.kind for paper in dossier.papers.all]
    if "check" not in names and dossier.at_registry:
        text = f"No check evidence was filed with this model, so nothing shows what `{dossier.name}` would be made of."
        way = f"Run `nb-mlops check NOTEBOOK`, then `nb-mlops register NOTEBOOK --model {quote(dossier.name)}`."
        return Judgement("no statement beside the model's files", (Refusal("GA001", text, way),), missing=True)
    if "check" not in names:
        refusal = Refusal(
            "GA001",
            f"There is no check evidence for `{dossier.notebook}`: it was never checked, or its evidence was removed. "
            "Nothing shows what the model was made of, or that it would come out the same again.",
            f"Run `{check_command(dossier.typed)}`.",
        )
        return Judgement("no statement on file", (refusal,), missing=True)
    check = dossier.papers.check
    who = f", made by nb-mlops {check.tool}" if check else ""
    return Judgement(f"{listed(names)} statement{'s' if len(names) > 1 else ''}{who}")


def _signature(dossier: Dossier, policy: Policy) -> Judgement:
    refusals = [r for paper in dossier.papers.all if (r := _unusable(dossier, paper)) is not None]
    groups: dict[tuple[Seal, str, str], list[Paper]] = {}
    for paper in dossier.papers.all:
        if paper.seal in (Seal.STRANGER, Seal.BARRED):
            groups.setdefault((paper.seal, paper.keyid, paper.note), []).append(paper)
    refusals += [_untrusted(dossier, papers, policy) for papers in groups.values()]
    keys = dict.fromkeys(_key(paper) for paper in dossier.papers.all if paper.keyid)
    return Judgement(f"ed25519 key {', '.join(keys)}" if keys else "no signature that could be read", tuple(refusals))


def _key(paper: Paper) -> str:
    whose = ", ".join(filter(None, (paper.owner, f"assurance `{paper.assurance}`")))
    return f"{paper.keyid[:12]} ({whose})"


def _place(paper: Paper) -> str:
    """Where a paper lies; digests in it are shortened."""
    return "/".join(f"{part[:12]}…" if is_sha256(part) else part for part in paper.path.split("/"))


def _again(dossier: Dossier, paper: Paper) -> str:
    kind = kinds().get(paper.kind)
    return f"`{kind.command(quote(dossier.typed), quote(dossier.name))}`" if kind else f"what made the {paper.kind}"


def _unusable(dossier: Dossier, paper: Paper) -> Refusal | None:
    again = f"Run {_again(dossier, paper)} to make a new one."
    if paper.seal is Seal.BROKEN:
        text = f"The {paper.kind} statement `{_place(paper)}` was edited after it was signed: {paper.note}."
        return Refusal("GA002", f"{text} What it says is worth nothing.", again)
    if problem := dossier.papers.problems.get(paper.path):
        text = f"The {paper.kind} statement `{_place(paper)}` is genuine but is not understood: {problem}."
        return Refusal("GA004", text, again)
    return None


def _untrusted(dossier: Dossier, papers: list[Paper], policy: Policy) -> Refusal:
    """One key, one reason, however much it signed."""
    first, names = papers[0], listed([paper.kind for paper in papers])
    many = "statements are" if len(papers) > 1 else "statement is"
    key = f"key {first.keyid[:12]}" + (f" of {first.owner}" if first.owner else "")
    other = f"Run {' and '.join(dict.fromkeys(_again(dossier, paper) for paper in papers))} with a key that is"
    if first.seal is Seal.BARRED:
        text = f"The {names} {many} signed by {key}, which may not do so: {first.note}."
        return Refusal("GA012", text, f"{other} trusted for it.")
    kind = kinds().get(first.kind)
    purpose = f" --for {kind.purpose.value}" if kind and kind.purpose is Purpose.APPROVAL else ""
    text = f"The {names} {many} signed by {key}, which is not trusted here ({first.note}): anybody could have written "
    text += "them." if len(papers) > 1 else "it."
    reach = "" if purpose or policy.assurance == ASSURANCES[0] else f" --assurance {policy.assurance}"
    trust = f"{other}, or have it trusted: `nb-mlops keys trust {first.keyid[:12]} --owner NAME{purpose}{reach}`"
    return Refusal("GA003", text, f"{trust}, if {_HELD[policy.assurance]}." if reach else f"{trust}.")


def _notebook(case: Case) -> Judgement:
    check, dossier = case.check, case.dossier
    if dossier.at_registry:
        return Judgement(f"its code as it was checked ({check.notebook.digest[:12]}); not at hand in the registry")
    looked = f"its code now and as it was checked ({dossier.notebook_digest[:12]})"
    again = f"Run `{check_command(dossier.typed, check.parameters)}`."
    if check.notebook.path != dossier.notebook:
        text = f"The evidence is about `{check.notebook.path}`, not about `{dossier.notebook}`."
        return Judgement(looked, (Refusal("GA005", text, again),))
    if check.notebook.digest != dossier.notebook_digest:
        text = f"`{dossier.notebook}` was edited after it was checked: the code that made the model is not this code."
        looked = f"its code now ({dossier.notebook_digest[:12]}) and as it was checked ({check.notebook.digest[:12]})"
        return Judgement(looked, (Refusal("GA005", text, again),))
    return Judgement(looked)


def _model(case: Case) -> Judgement:
    check, dossier = case.check, case.dossier
    if check.verdict == "failed":
        text = f"`{dossier.notebook}` did not run to its end when it was last checked, so it made no model."
        remedy = (
            f"Run `{check_command(dossier.typed, check.parameters)}`: it names the cell that failed; mend it first."
        )
        return Judgement("no model", (Refusal("GA006", text, remedy),), True)
    if check.model is None:
        text = f"`{dossier.notebook}` declared no model when it was checked, so there is nothing to register."
        remedy = "Call `nb_mlops.model(estimator, example=X)` in it, then run "
        return Judgement("no model", (Refusal("GA006", text, f"{remedy}`{check_command(dossier.typed)}`."),), True)
    again = f"Run `{check_command(dossier.typed, check.parameters)}`: it stores the model anew."
    looked = f"{check.model.kind}, {len(check.model.files)} files, tree {dossier.papers.subject[:12]}"
    if dossier.model_problem:
        text = f"The model that the check stored cannot be used: {dossier.model_problem}"
        return Judgement(looked, (Refusal("GA006", text, again),), missing=True)
    if changes := _differences(check.model.files, dossier.model):
        text = f"The stored model is not the one that was checked: {changes}."
        return Judgement(looked, (Refusal("GA007", text, again),))
    if tree_digest(dossier.model) != dossier.papers.subject:
        return Judgement(looked, (Refusal("GA007", "The stored model is not the one that was checked.", again),))
    return Judgement(looked)


def _differences(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    edited = sorted(path for path in then.keys() & now.keys() if then[path] != now[path])
    groups = (
        ("edited", edited),
        ("added", sorted(now.keys() - then.keys())),
        ("removed", sorted(then.keys() - now.keys())),
    )
    return "; ".join(f"{word}: {_names(names)}" for word, names in groups if names)


def _names(names: list[str]) -> str:
    shown = ", ".join(f"`{_printable(name)}`" for name in names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown


def _printable(name: str) -> str:
    """A file's name as a terminal may show it: whoever added the file chose the name."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)


def _name(case: Case) -> Judgement:
    dossier, names = case.dossier, sorted(case.dossier.papers.names)
    declared = case.check.model.name if case.check.model else ""
    if declared and declared != dossier.name:
        text = f"The notebook calls its model `{declared}`; the evidence does not speak for a model `{dossier.name}`."
        remedy = f"Use `--model {quote(declared)}`, or change the name in `nb_mlops.model(...)` and check again."
        return Judgement(f"declared `{declared}`, asked for `{dossier.name}`", (Refusal("GA008", text, remedy),))
    for signed in dossier.papers.signed.values():
        name = model_name(signed.predicate.subject()[0])
        if name and name != dossier.name:
            text = f"The {signed.kind.name} statement speaks of this model as `{name}`, not as `{dossier.name}`."
            remedy = f"Use `--model {quote(name)}`, or run `{case.makes(signed.kind)}`."
            return Judgement(f"`{name}`, asked for `{dossier.name}`", (Refusal("GA008", text, remedy),))
    if names:
        return Judgement(f"`{dossier.name}`, as the {'notebook declares' if declared else 'evidence says'}")
    if case.policy.require_name:
        text = "Nothing that was signed names the model, so the evidence would do for any name as for this one."
        remedy = f'Write `nb_mlops.model(…, name="{dossier.name}")` in the notebook and run '
        return Judgement("no name", (Refusal("GA014", text, f"{remedy}`{check_command(dossier.typed)}`."),))
    return Judgement("nothing names the model, and the policy lets it have any name")


def _age(case: Case) -> Judgement:
    policy, now = case.policy, case.dossier.now
    papers = sorted(case.papers, key=lambda paper: paper.predicate.issued)
    oldest, newest = papers[0], issued_at(papers[-1].predicate.issued)
    age = now - issued_at(oldest.predicate.issued)
    looked = f"{span(age)} old, allowed are {policy.max_age_days} days"
    if newest > now + _SKEW:
        text = f"The evidence is dated in the future ({timestamp(newest)}), so its age cannot be judged."
        again = f"Set the clocks right. Run `{case.makes(papers[-1].kind)}`."
        return Judgement(looked, (Refusal("GA009", text, again),))
    if age > timedelta(days=policy.max_age_days):
        text = f"The {oldest.kind.name} evidence has expired: it is {span(age)} old and the policy allows "
        refusal = Refusal("GA009", f"{text}{policy.max_age_days} days.", f"Run `{case.makes(oldest.kind)}`.")
        return Judgement(looked, (refusal,))
    return Judgement(looked)


def span(age: timedelta) -> str:
    """A length of time in its largest whole unit."""
    seconds = max(age.total_seconds(), 0)
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            return many(int(seconds // size), unit)
    return "less than a minute"


# First the papers themselves, then the things they speak of: without valid papers there is nothing to compare.
PAPERS: Mapping[str, Callable[[Dossier, Policy], Judgement]] = {"evidence": _evidence, "signature": _signature}
THINGS: Mapping[str, Callable[[Case], Judgement]] = {"notebook": _notebook, "model": _model, "name": _name, "age": _age}
