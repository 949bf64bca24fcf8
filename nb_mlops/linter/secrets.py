"""What the rules about secrets have in common: which of them speaks of a secret, in which words, and how it is mended.

Each secret is spoken of once. What somebody wrote into code or text is named by what it is (SE001 to SE006, SE016,
SE017, SE019), what stands in no source and was only recorded by where it is (SE009, SE012, SE013), what does not
stand in the file as it is by how it is hidden (SE014, SE015).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from nb_mlops.analysis.segment import SegmentKind
from nb_mlops.analysis.sensitive.collect import Hiding, Place, Secret
from nb_mlops.analysis.sensitive.found import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import CellRef, Confidence, Related, Severity
from nb_mlops.core.wording import many
from nb_mlops.linter.rule import Hit

if TYPE_CHECKING:
    from nb_mlops.linter.redact import Mending

_WRITTEN = frozenset({SegmentKind.SOURCE, SegmentKind.MARKDOWN, SegmentKind.RAW})
_BESIDE = frozenset({SegmentKind.METADATA, SegmentKind.WIDGET, SegmentKind.ATTACHMENT})
_BY_KIND = {
    Kind.TOKEN: "SE001",
    Kind.PRIVATE_KEY: "SE002",
    Kind.WEB_TOKEN: "SE003",
    Kind.URL: "SE004",
    Kind.CONNECTION: "SE005",
    Kind.NAMED: "SE006",
    Kind.PAIR: "SE001",
    Kind.ACCOUNT: "SE016",
    Kind.HEADER: "SE017",
    Kind.HASH: "SE019",
}


def hits(view: View, code: str) -> Iterator[Hit]:
    """What the rule of that code has to say."""
    if view.secrets:
        by_code, mending = view.once(_shared)
        for secret in by_code.get(code, ()):
            yield _hit(view, secret, mending)


def _shared(view: View) -> tuple[Mapping[str, Sequence[Secret]], Mending]:
    """The secrets that each rule speaks of, and how they are mended."""
    from nb_mlops.linter.redact import Mending  # most notebooks hold no secret

    by_code: dict[str, list[Secret]] = {}
    for secret in view.secrets:
        by_code.setdefault(code_of(secret), []).append(secret)
    return by_code, Mending(view.secrets)


def code_of(secret: Secret) -> str:
    """The rule that speaks of a secret."""
    if secret.hiding is Hiding.JOINED:
        return "SE014"
    if secret.hiding is Hiding.BASE64:
        return "SE015"
    kinds = {place.kind for place in secret.places}
    if kinds & _WRITTEN or secret.match.kind in (Kind.HEADER, Kind.HASH):
        return _BY_KIND[secret.match.kind]
    if kinds <= {SegmentKind.TRACEBACK}:
        return "SE013"
    return "SE012" if kinds <= _BESIDE else "SE009"


def _hit(view: View, secret: Secret, mending: Mending) -> Hit:
    match, first = secret.match, secret.places[0]
    related = tuple(_related(view, secret.places))
    others = f" and in {many(len(related), 'other place')}" if related else ""
    hidden = "" if secret.hiding is Hiding.OPEN else f", {secret.hiding.value}"
    called = f" (`{match.name}`)" if match.kind is Kind.NAMED and match.name else ""
    clear = "; then take it out of the notebook" if any(p.kind in _WRITTEN for p in secret.places) else ", and clear it"
    harm = "guess at the password behind it" if match.kind is Kind.HASH else "use it"
    message = (
        f"{match.title}{called} in the {first.label}{others}{hidden}: whoever can read this file can {harm}. "
        f"Now {match.leaked}{clear}."
    )
    return Hit(
        message,
        first.spans[0],
        severity=_severity(secret),
        confidence=match.confidence,
        related=related,
        fix=mending.of(view, secret),
        data={"format": match.name if match.kind is Kind.TOKEN else match.kind.value, "why": list(_why(secret))},
        secret=secret.value if match.kind is not Kind.NAMED or len(secret.value) >= 20 else "",
    )


def _severity(secret: Secret) -> Severity:
    """An error is what is surely a secret; a name alone, or a host that is this machine, makes a warning of it."""
    if secret.match.kind is Kind.HASH:
        return Severity.WARNING
    if secret.match.kind is Kind.NAMED:
        return Severity.WARNING if secret.match.confidence is not Confidence.LOW else Severity.INFO
    return Severity.ERROR if secret.match.confidence is not Confidence.LOW else Severity.WARNING


def _why(secret: Secret) -> Iterable[str]:
    yield from secret.match.why
    if secret.match.source:
        yield f"the issuer says so at {secret.match.source}"


def _related(view: View, places: Sequence[Place]) -> Iterator[Related]:
    """Every place but the first one, each once; the further chunks of a split stream are places too."""
    seen = {places[0].spans[0]}
    for place in places:
        for span in place.spans:
            if span not in seen:
                seen.add(span)
                ref = None if span.cell is None else CellRef.of(view.cell(span.cell))
                yield Related(f"also in the {place.label}", span, ref)


def sample(*parts: str) -> str:
    """A value for a rule's example, put together when it is loaded so that none stands in the file."""
    return "".join(parts)
