"""Whether a value looks like the name of a person. Only ever asked of values in a column that is called a name."""

from __future__ import annotations

from nb_mlops.analysis.sensitive.personal.labelled import plain
from nb_mlops.core.lazy import pattern
from nb_mlops.knowledge import words as listed
from nb_mlops.knowledge.personal_words import GIVEN_NAMES, NOT_NAMES, TITLES

_WORD = pattern(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*\.?")
_ASIDE = pattern(r"[(\[\"“][^)\]\"”]*[)\]\"”]?")
_IDEOGRAPHS = pattern(r"[\u3400-\u9fff\uac00-\ud7a3]{2,4}|[\u3040-\u30ff\u3400-\u9fff]{2,8}")
_PARTICLES = listed("de da do dos das del della di van von der den ten ter la le el al bin ibn y e af zu")


def is_full_name(value: str, known: bool = False) -> bool:
    """Whether the value is a given name and a family name; with `known`, one with a given name that many bear."""
    if _IDEOGRAPHS.fullmatch(value):
        return not known
    if value.islower():
        value, known = value.title(), True  # lower case tells nothing, so the given name must
    words = _words(value)
    if not 2 <= len(words) <= 5 or sum(len(word) > 1 for word in words) < 2:
        return False
    if not known:
        return True
    first = plain(value.partition(",")[2].strip() or value).split()
    candidates = {word.strip(".") for word in first if word.strip(".") not in TITLES}
    return bool(candidates & GIVEN_NAMES) if "," in value else bool(set(plain(words[0]).split("-")) & GIVEN_NAMES)


def is_name_part(value: str) -> bool:
    """Whether the value may be a given name or a family name."""
    return bool(_IDEOGRAPHS.fullmatch(value)) or 1 <= len(_words(value)) <= 3


def _words(value: str) -> list[str]:
    """The words of a name without titles and asides; none when the value has anything that no name has."""
    if len(value) > 70 or any(c.isdecimal() for c in value):
        return []
    words = []
    for word in _ASIDE.sub(" ", value).replace(",", " ").split():
        bare = plain(word).strip(".")
        if bare in TITLES or bare in _PARTICLES:
            continue
        if not _WORD.fullmatch(word) or bare in NOT_NAMES or not (word[0].isupper() or not word[0].isascii()):
            return []
        words.append(word)
    return words
