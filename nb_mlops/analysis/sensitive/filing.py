"""Which formats may be meant at a long word: by how it begins, by what stands before it, by how long it is.

Worked out from the shapes of all formats. That takes as long as linting a small notebook, so the outcome stands in
`nb_mlops.knowledge.tokens.filed` as plain tables of formats' numbers; `python docs/generate.py` writes it again, and a
test fails when it is stale.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nb_mlops.analysis.sensitive.runs import LEAST, WORD
from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct, field
from nb_mlops.knowledge.tokens import Part, Run, TokenFormat, parts, words_of

# A literal is known by so many of its characters at most.
KEY = 4
_IN_WORD = pattern(r"[A-Za-z0-9_+/-]*\Z")


class Filed(Struct, frozen=True):
    """Formats by their numbers.

    `heads`: by how a long word begins, with what stands before it; `first`: the two characters that such words begin
    with; `tails`: by what stands before, with how long such a word is at least; `ends`: by the last two characters of
    what stands before, or the only one, how long; `sizes`: by how long it is, with the words one of which must be near;
    `signed`: those of them that have more than letters and digits; `alone`: the lengths of those that need no word near
    them; `near`: the words one of which must be near; `rare`: with the text that is looked for; `shapes`: of all.
    """

    heads: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    first: set[str] = field(default_factory=set)
    tails: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    sizes: dict[int, list[int]] = field(default_factory=dict)
    signed: dict[int, list[int]] = field(default_factory=dict)
    alone: set[int] = field(default_factory=set)
    near: dict[int, tuple[str, ...]] = field(default_factory=dict)
    rare: list[tuple[str, int]] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)


def file(forms: Sequence[TokenFormat]) -> Filed:
    """Every format where it will be looked for."""
    filed = Filed()
    for number, form in enumerate(forms):
        filed.shapes.append(form.shape)
        if form.near:
            filed.near[number] = form.near
        if form.find:
            filed.rare.append((form.find, number))
            continue
        some = parts(form.shape)
        at = anchor(some)
        for text in words_of(literals_before(some, at)):
            word = _IN_WORD.search(text)
            head = word[0] if word else ""
            if head:
                filed.heads.setdefault(head[:KEY], []).append((text[: len(text) - len(head)], number))
                filed.first.update([head[:2]] if len(head) > 1 else (head + sign for sign in WORD))
            elif text:
                least = _sizes(some[at:])[0]
                filed.tails.setdefault(text[-KEY:], []).append((least, number))
                filed.ends[text[-2:]] = min(least, filed.ends.get(text[-2:], least))
            else:
                _by_size(filed, form, number, some[at:])
    for tail, least in filed.ends.items():
        filed.ends[tail] = min(least, filed.ends.get(tail[-1], least))
    return filed


def _by_size(filed: Filed, form: TokenFormat, number: int, some: tuple[Part, ...]) -> None:
    for size in _sizes(some):
        filed.sizes.setdefault(size, []).append(number)
        if not form.near:
            filed.alone.add(size)
        if any(map(_has_sign, some)):
            filed.signed.setdefault(size, []).append(number)


def written(filed: Filed) -> str:
    """The module `nb_mlops.knowledge.tokens.filed`."""
    heads = {head: tuple(found) for head, found in sorted(filed.heads.items())}
    tails = {tail: tuple(found) for tail, found in sorted(filed.tails.items())}
    tables: dict[str, tuple[str, object]] = {
        "HEADS": ("dict[str, tuple[tuple[str, int], ...]]", heads),
        "FIRST": ("frozenset[str]", sorted(filed.first)),
        "TAILS": ("dict[str, tuple[tuple[int, int], ...]]", tails),
        "ENDS": ("dict[str, int]", dict(sorted(filed.ends.items()))),
        "SIZES": ("dict[int, tuple[int, ...]]", {size: tuple(found) for size, found in sorted(filed.sizes.items())}),
        "SIGNED": ("dict[int, tuple[int, ...]]", {size: tuple(found) for size, found in sorted(filed.signed.items())}),
        "ALONE": ("frozenset[int]", sorted(filed.alone)),
        "NEAR": ("dict[int, tuple[str, ...]]", dict(sorted(filed.near.items()))),
        "RARE": ("tuple[tuple[str, int], ...]", tuple(filed.rare)),
        "SHAPES": ("tuple[str, ...]", tuple(filed.shapes)),
    }
    lines = [f"{name}: {kind} = {_literal(kind, value)}" for name, (kind, value) in tables.items()]
    return "\n".join([_HEADER, *lines, "# fmt: on", ""])


_HEADER = '''"""Which of `formats()`, by number, may be meant at a long word. Written by docs/generate.py."""

# fmt: off
from __future__ import annotations
'''


def _literal(kind: str, value: object) -> str:
    if not kind.startswith("frozenset"):
        return repr(value)
    assert isinstance(value, list)
    return f"frozenset({{{', '.join(map(repr, value))}}})"


def anchor(some: tuple[Part, ...]) -> int:
    """The run that surely makes a long word, with the literals around it."""
    for at, part in enumerate(some):
        if isinstance(part, Run) and _least_word(some, at) >= LEAST:
            return at
    raise ValueError("a shape without a long word needs find=")


def _least_word(some: tuple[Part, ...], at: int) -> int:
    before = min(map(tail_length, words_of(literals_before(some, at))))
    return before + min(_sizes(some[at:]))


def _has_sign(part: Part) -> bool:
    """Whether a part may hold more than letters and digits."""
    if isinstance(part, Run):
        return re.search(r"[^\w-]|_|-$", part.alphabet) is not None
    return not all(word.isalnum() for word in ((part,) if isinstance(part, str) else part.words))


def tail_length(text: str) -> int:
    """How many characters of a long word stand at a text's end."""
    found = _IN_WORD.search(text)
    return len(found[0]) if found else 0


def literals_before(some: tuple[Part, ...], at: int) -> tuple[Part, ...]:
    """The literals and alternatives right before a part."""
    first = at
    while first > 0 and not isinstance(some[first - 1], Run):
        first -= 1
    return some[first:at]


def _sizes(some: tuple[Part, ...]) -> range:
    """How long a word can be that begins with these parts: up to the first character that no word has."""
    least = most = 0
    for part in some:
        if isinstance(part, Run):
            least, most = least + part.least, most + part.longest
            continue
        words = (part,) if isinstance(part, str) else part.words
        inside = [re.match(r"[A-Za-z0-9_+/-]*", word) for word in words]
        sizes = [len(found[0]) for found in inside if found]
        least, most = least + min(sizes), most + max(sizes)
        if any(size < len(word) for size, word in zip(sizes, words, strict=True)):
            break
    return range(least, most + 1)
