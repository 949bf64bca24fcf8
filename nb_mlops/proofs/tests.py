"""Do the notebook's packages pass their own tests, and are they made of this very code?

`convert` turns a notebook into a package whose tests prove that it computes what the notebook computed. What will be
run and maintained is the package, so a model whose package fails its tests, or was made of an earlier state of the
notebook, is a model that nobody can make again outside of the notebook.
"""

from __future__ import annotations

from shlex import quote

from nb_mlops.evidence.predicates.tests import PackageTested, PackageTestsPredicate
from nb_mlops.gatekeeper.proof import SKETCHED_NOTEBOOK, Case, Judgement, Proof, Refusal, sketch


def judge(case: Case) -> Judgement:
    """A tests statement of this very code with at least one package, all of whose tests passed."""
    tests, notebook = case.paper(PackageTestsPredicate), case.dossier.notebook
    typed = quote(case.dossier.typed)
    again = f"run `nb-mlops tests {typed}`"
    if tests is None or not tests.packages:
        text = f"No tests of a package of `{notebook}` are on file: nothing shows that its code works outside of it."
        remedy = f"Run `nb-mlops convert {typed}`, commit the package, and {again}."
        return Judgement("no tests statement", (Refusal("GA051", text, remedy),), missing=True)
    refusals = []
    for one in tests.packages:
        if one.stale:
            text = f"The package `{one.path}` was made of another state of `{notebook}`: {one.stale}."
            refusals.append(Refusal("GA052", text, f"Run `nb-mlops convert {typed}`, then {again}."))
        if one.failed or not one.passed:
            what = f"{one.failed} of its tests fail" if one.failed else "no test of it passed"
            text = f"The package `{one.path}` does not compute what the notebook does: {what}."
            refusals.append(Refusal("GA053", text, f"Mend it or convert again, then {again}."))
    passed = sum(one.passed for one in tests.packages)
    skipped = sum(one.skipped for one in tests.packages)
    looked = f"{', '.join(one.path for one in tests.packages)}: {passed} passed"
    return Judgement(looked + (f", {skipped} skipped" if skipped else ""), tuple(refusals))


def _tests(**changes: object) -> PackageTestsPredicate:
    values: dict[str, object] = {"passed": 12, "failed": 0, "skipped": 0, "stale": "", **changes}
    package = PackageTested("train_package", "7" * 64, **values)  # type: ignore[arg-type]
    return PackageTestsPredicate("0", SKETCHED_NOTEBOOK, (package,), "2026-01-31T11:00:00Z")


PROOF = Proof(
    name="tests",
    codes={"GA051": "package-tests-missing", "GA052": "package-out-of-date", "GA053": "package-tests-failed"},
    judge=judge,
    needs=(PackageTestsPredicate,),
    good=(sketch(papers=(_tests(),)), sketch(papers=(_tests(skipped=1),))),
    bad=(
        ("GA051", sketch()),
        ("GA051", sketch(papers=(PackageTestsPredicate("0", SKETCHED_NOTEBOOK, (), "2026-01-31T11:00:00Z"),))),
        ("GA052", sketch(papers=(_tests(stale="cell 3 was changed"),))),
        ("GA053", sketch(papers=(_tests(failed=1),))),
        ("GA053", sketch(papers=(_tests(passed=0, skipped=12),))),
    ),
)
