"""Every secret in one text, by all searches; where two speak of the same place, the more telling one is kept."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from nb_mlops.analysis.sensitive.found import Kind, Match
from nb_mlops.analysis.sensitive.hidden import decoded
from nb_mlops.analysis.sensitive.named import find_named
from nb_mlops.analysis.sensitive.reading import Reading
from nb_mlops.analysis.sensitive.records import find_records
from nb_mlops.analysis.sensitive.secrets import Token, find_tokens
from nb_mlops.analysis.sensitive.sheets import Sheet, first_look
from nb_mlops.analysis.sensitive.structures import find_structures
from nb_mlops.analysis.sensitive.values import entropy, is_wordy, made_up
from nb_mlops.core.finding import Confidence
from nb_mlops.core.lazy import pattern

_PAIRED = pattern(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])")
# https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
_SIGNER = pattern(r"(?:[?&;]AWSAccessKeyId|X-Amz-Credential)=\Z")
_SIGNATURE = pattern(r"[?&;](?:X-Amz-)?(?:Signature|SignedHeaders)=")
# How far from a key's id its secret may stand.
_PAIR_REACH = 300
_ORDER = {
    kind: n
    for n, kind in enumerate(
        (Kind.ACCOUNT, Kind.PRIVATE_KEY, Kind.TOKEN, Kind.PAIR, Kind.WEB_TOKEN, Kind.HEADER, Kind.CONNECTION, Kind.URL)
    )
}


@first_look
def worth_a_search(sheet: Sheet) -> Iterator[int]:
    """The numbers of the texts in which `find_secrets`, or a look behind base64, may find something: few of many."""
    reading = Reading(sheet.text)
    yield from (sheet.number(token.start) for token in find_tokens(sheet.text, reading.words))
    yield from (sheet.number(match.start) for match in find_structures(reading))
    yield from (sheet.number(match.start) for match in find_records(reading))
    if reading.holds("private key"):  # whose end must be sought in its own text
        yield from sheet.holding("PRIVATE KEY")
    yield from (sheet.number(match.start) for match in find_named(reading, False))
    yield from (sheet.number(start) for start, _, _ in decoded(sheet.text, reading.words))


def find_secrets(text: str, is_code: bool = False, reading: Reading | None = None) -> tuple[Match, ...]:
    """The secrets in a text, left to right, none overlapping another; `reading` is of the text, if it was read."""
    reading = reading or Reading(text)
    tokens = [token for token in find_tokens(text, reading.words) if not _signs(text, token)]
    found = [*map(_of_token, tokens), *_pairs(text, tokens), *find_structures(reading)]
    found += [*find_records(reading), *find_named(reading, is_code)]
    return tuple(_apart(found)) if found else ()


def _signs(text: str, token: Token) -> bool:
    """Whether an AWS key id only says by whom a URL was signed."""
    return token.format.name == "aws-access-key-id" and bool(
        _SIGNER.search(text, max(0, token.start - 24), token.start)
        and _SIGNATURE.search(text, token.end, token.end + _PAIR_REACH)
    )


def _apart(found: Iterable[Match]) -> Iterator[Match]:
    """Without those that overlap a more telling one."""
    kept: dict[int, Match] = {}
    starts: list[int] = []
    for match in sorted(found, key=lambda m: (_ORDER.get(m.kind, len(_ORDER)), m.start)):
        at = bisect_left(starts, match.start)
        after = at < len(starts) and starts[at] < match.end
        before = at > 0 and kept[starts[at - 1]].end > match.start
        if not after and not before:
            kept[match.start] = match
            starts.insert(at, match.start)
    return (kept[start] for start in starts)


def _of_token(token: Token) -> Match:
    form = token.format
    why = [f"has the form of {form.issuer}'s {form.title.removeprefix(form.issuer).strip()} ({form.name})"]
    if form.near:
        why.append(f"its line speaks of {form.near[0]} and of a credential")
    if form.check:
        why.append(f"its check ({form.check}) {'holds' if token.confidence is Confidence.HIGH else 'does not hold'}")
    if form.has:
        why.append(f"the mark of the issuer is {'in it' if token.confidence is Confidence.HIGH else 'missing'}")
    return Match(
        Kind.TOKEN,
        token.start,
        token.end,
        token.confidence,
        form.title,
        form.leaked,
        form.env,
        tuple(why),
        form.name,
        form.source,
    )


def _pairs(text: str, tokens: Iterable[Token]) -> Iterator[Match]:
    """An AWS key id with its secret near it, whatever the secret is called."""
    for token in tokens:
        if token.format.name != "aws-access-key-id":
            continue
        for found in _PAIRED.finditer(text, token.end, token.end + _PAIR_REACH):
            value = found[0]
            if entropy(value) > 4.2 and not made_up(value) and not is_wordy(value) and not value.islower():
                why = ("stands beside an AWS access key id", "40 characters of base64, as AWS's secret keys are")
                yield Match(
                    Kind.PAIR,
                    found.start(),
                    found.end(),
                    Confidence.MEDIUM,
                    "AWS secret access key",
                    "deactivate the key pair in the IAM console",
                    "AWS_SECRET_ACCESS_KEY",
                    why,
                )
