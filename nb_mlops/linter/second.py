"""A second engine's words as our Findings: which texts presidio is to read, and what of its guesses is passed on.

What it takes for personal data is told under the code of our own rule for that kind, never as surely as our own
findings, and only where our rules have not spoken of the same value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from nb_mlops.analysis.segment import Segment, SegmentKind
from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.diagnostic import Guess
from nb_mlops.core.finding import Confidence, Finding, Severity
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.value import replace
from nb_mlops.linter.engine import choose, findings_of
from nb_mlops.linter.identity import Identity, digest
from nb_mlops.linter.rule import Hit, Rule

# Parts of presidio's names for kinds, first come, first served; what has none of these is no kind of ours.
_KINDS: tuple[tuple[str, str, Kind], ...] = (
    ("PASSPORT", "PI007", Kind.DOCUMENT),
    ("LICENSE_PLATE", "", Kind.DOCUMENT),
    ("LICENSE", "PI007", Kind.DOCUMENT),
    ("LICENCE", "PI007", Kind.DOCUMENT),
    ("FUEHRERSCHEIN", "PI007", Kind.DOCUMENT),
    ("PHONE", "PI002", Kind.PHONE),
    ("CREDIT_CARD", "PI003", Kind.CARD),
    ("IBAN", "PI004", Kind.IBAN),
    ("US_BANK_NUMBER", "PI004", Kind.IBAN),
    ("US_SSN", "PI005", Kind.SSN),
    ("IP_ADDRESS", "PI008", Kind.IP),
    ("MAC_ADDRESS", "PI009", Kind.MAC),
    ("LOCATION", "PI013", Kind.ADDRESS),
    *(
        (name, "PI006", Kind.NATIONAL_ID)
        for name in (
            *("US_ITIN", "UK_NHS", "UK_NINO", "ES_NIF", "ES_NIE", "IT_FISCAL", "IT_IDENTITY", "PL_PESEL", "SG_NRIC"),
            *("AU_TFN", "AU_MEDICARE", "IN_PAN", "IN_AADHAAR", "IN_VOTER", "FI_PERSONAL", "KR_RRN", "TH_TNIN"),
            *("CA_SIN", "DE_TAX_ID", "DE_ID_CARD", "DE_SOCIAL", "NG_NIN", "SE_PERSON", "TR_NATIONAL", "ZA_ID"),
        )
    ),
    ("PERSON", "PI011", Kind.NAME),
)
_READ = (SegmentKind.STREAM, SegmentKind.PLAIN, SegmentKind.HTML, SegmentKind.MARKDOWN, SegmentKind.RAW)
# By presidio's score: from where on it is told as a warning, and from where on it is more than a guess.
_WARN, _LIKELY = 0.6, 0.85


def texts(notebook: Notebook) -> tuple[Segment, ...]:
    """What presidio is to read: printed and shown texts, markdown and raw cells. Of an output that is both HTML and
    text, which say the same, the HTML."""
    return _texts(View(notebook))


def _texts(view: View) -> tuple[Segment, ...]:
    html = {(s.cell, s.output) for s in view.segments if s.kind is SegmentKind.HTML}
    return tuple(
        segment
        for segment in view.segments
        if segment.kind in _READ and not (segment.kind is SegmentKind.PLAIN and (segment.cell, segment.output) in html)
    )


def findings(
    notebook: Notebook, said: Iterable[Guess], rules: Mapping[str, Rule], settings: LintSettings, salt: str = ""
) -> tuple[Finding, ...]:
    """What presidio said of `texts(notebook)`, as Findings of those rules that may speak."""
    view = View(notebook, settings)
    chosen = choose(rules, settings)
    hits: dict[str, list[Hit]] = {}
    for code, kind, group in _grouped(view, said):
        if code in chosen:
            hits.setdefault(code, []).append(_hit(kind, group))
    identity = Identity(notebook, salt, view)
    found = (one for code, some in hits.items() for one in findings_of(notebook, identity, chosen[code], some))
    # Ours of the same place is another finding, so it must not be taken for this one.
    return tuple(
        replace(one, fingerprint=digest("presidio", one.fingerprint), baseline_key=digest("presidio", one.baseline_key))
        for one in found
    )


_Group = list[tuple[Segment, Guess]]


def _grouped(view: View, said: Iterable[Guess]) -> Iterator[tuple[str, Kind, _Group]]:
    """The guesses of one kind about one text together, without those of which our own rules have spoken."""
    segments = _texts(view)
    known = _known(view)
    groups: dict[tuple[int, str], tuple[Kind, _Group]] = {}
    for one in said:
        code, kind = _kind(one.entity)
        if code and not _is_known(segments[one.text].text[one.start : one.end], known):
            groups.setdefault((one.text, code), (kind, []))[1].append((segments[one.text], one))
    for (_, code), (kind, group) in groups.items():
        yield code, kind, group


def _kind(entity: str) -> tuple[str, Kind]:
    return next(((code, kind) for name, code, kind in _KINDS if name in entity), ("", Kind.NAME))


def _known(view: View) -> frozenset[str]:
    """Every value that our own rules have told of."""
    columns = (item.value for place in view.personal for _, vote in place.columns for item in vote.matched)
    return frozenset((*columns, *(text.shown for place in view.personal for text in place.texts)))


def _is_known(value: str, known: frozenset[str]) -> bool:
    return value in known or any(value in one or one in value for one in known)


def _hit(kind: Kind, group: Sequence[tuple[Segment, Guess]]) -> Hit:
    segment, first = min(group, key=lambda pair: pair[1].start)
    score = max(guess.score for _, guess in group)
    values = {segment.text[guess.start : guess.end].lower() for segment, guess in group}
    many = len(values) > 1
    message = (
        f"Presidio takes {f'{len(values)} values' if many else 'a value'} in the {segment.place} for "
        f"{kind.many if many else kind.one}: if it is right, everyone who gets the notebook gets "
        f"{'them' if many else 'it'} too. Look at {'them' if many else 'it'}, and do not show what is a person's."
    )
    entities = sorted({guess.entity for _, guess in group})
    data = {"kind": kind.value, "count": len(values), "engine": "presidio", "entities": entities, "score": score}
    return Hit(
        message,
        segment.span(first.start, first.end),
        severity=Severity.WARNING if score >= _WARN else Severity.INFO,
        confidence=Confidence.MEDIUM if score >= _LIKELY else Confidence.LOW,
        data=data,
    )
