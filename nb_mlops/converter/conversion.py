"""What came of a conversion, as a value and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nb_mlops.converter.truth import Outcome, SelfCheck
from nb_mlops.core.finding import Finding
from nb_mlops.reporters.json import finding_json


@dataclass(frozen=True, slots=True)
class Conversion:
    """What came of a conversion. `out` is the folder as the user named it, "" when nothing was written; `outcome` is
    None for a conversion without a run; `level` is "" when there is no package. `conflicts` counts what was changed
    by hand and by the notebook, since the package was made last; `check` says how its tests took deliberate
    mistakes."""

    notebook: str
    out: str
    level: str
    outcome: Outcome | None
    findings: tuple[Finding, ...]
    conflicts: int = 0
    check: SelfCheck | None = None

    @property
    def equal(self) -> bool:
        """Whether there is a package that is proven, or of which no proof was asked."""
        return bool(self.out) and not self.conflicts and (self.outcome is None or self.outcome.proven)


def report(result: Conversion) -> dict[str, Any]:
    """The result as JSON values; see schemas/convert-report.schema.json."""
    check = result.check
    return {
        "version": 1,
        **counts_of(result.outcome),
        "level": result.level or None,
        "conflicts": result.conflicts,
        "mistakes": mistakes_of(check) if check else None,
        "out": result.out or None,
        "findings": [finding_json(finding) for finding in result.findings],
    }


def mistakes_of(check: SelfCheck) -> dict[str, int]:
    """How the package's tests took deliberate mistakes, as JSON values."""
    return {"tried": check.tried, "noticed": check.noticed, "alike": check.alike}


def counts_of(outcome: Outcome | None) -> dict[str, Any]:
    """What was compared, as JSON values; all of it none where nothing was run."""
    beside = outcome.beside if outcome else ()
    return {
        "ran": outcome is not None,
        "equal": outcome.equal if outcome else 0,
        "compared": outcome.compared if outcome else 0,
        "nondeterministic": outcome.nondeterministic if outcome else 0,
        "type_only": outcome.type_only if outcome else 0,
        "beside": [{"what": one.what, "equal": one.equal, "compared": one.compared} for one in beside],
        "proven": bool(outcome and outcome.proven),
    }
