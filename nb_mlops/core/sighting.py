"""A fault as one version of a notebook shows it: what is known of it without the notebook."""

from __future__ import annotations

from nb_mlops.core.finding import CellRef, Confidence, Severity
from nb_mlops.core.notebook import Span
from nb_mlops.core.value import Struct


class Sighting(Struct, frozen=True):
    """`key` is the same for the same fault in other versions; of a secret it is a keyed hash. `silenced`: the notebook
    itself says that it is known and meant."""

    key: str
    code: str
    rule: str
    severity: Severity
    confidence: Confidence
    message: str
    span: Span | None = None
    cell: CellRef | None = None
    silenced: bool = False


class Version(Struct, frozen=True):
    """A content that a notebook had: `blob` is what git calls it, `commit` the first one that has it, of a `date`."""

    blob: str
    path: str
    commit: str
    date: str
