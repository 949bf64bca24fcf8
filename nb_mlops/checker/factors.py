"""What should not matter to a notebook's answer, and is changed on purpose to see whether it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from nb_mlops.core.run import RunRecord
from nb_mlops.core.wording import listed


class Kind(str, Enum):
    """A kind of factor, by the name that evidence and reports give it."""

    HASH_SEED = "PYTHONHASHSEED"
    THREADS = "threads"
    TIME_ZONE = "TZ"
    LOCALE = "LC_ALL"
    FOLDER = "folder"
    SEEDS = "seeds"


_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "BLIS_NUM_THREADS",
    "POLARS_MAX_THREADS",
)
# Far from everybody, and a quarter of an hour off the full hours.
_ZONES = ("Asia/Kathmandu", "America/St_Johns")
# Languages whose sorting, decimal comma or capital letters differ from English, the commonest first.
_LANGUAGES = ("de_DE", "sv_SE", "fr_FR", "es_ES", "tr_TR", "cs_CZ", "da_DK", "et_EE", "en_DK")


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that is changed: its kind, the value it gets, and how: by environment variables, another folder to
    stand in, or another notebook to run."""

    kind: Kind
    value: str
    environ: Mapping[str, str] = field(default_factory=dict)
    workdir: str = ""
    notebook: str = ""


HASH_SEED = Factor(Kind.HASH_SEED, "1", {"PYTHONHASHSEED": "1"})


def usual(environ: Mapping[str, str], locales: Iterable[str], processors: int) -> tuple[Factor, ...]:
    """The factors that can be changed at no cost here, given the caller's environment, the locales that are installed
    and the number of processors: hash seed, threads, time zone, locale."""
    found = [HASH_SEED]
    threads = "1" if environ.get("OMP_NUM_THREADS", "") != "1" else "2"
    if processors > 1:
        found.append(Factor(Kind.THREADS, threads, dict.fromkeys(_THREADS, threads)))
    zone = next(zone for zone in _ZONES if zone != environ.get("TZ"))
    found.append(Factor(Kind.TIME_ZONE, zone, {"TZ": zone}))
    if other := other_locale(environ, locales):
        found.append(Factor(Kind.LOCALE, other, {"LC_ALL": other}))
    return tuple(found)


def other_locale(environ: Mapping[str, str], locales: Iterable[str]) -> str:
    """A locale that is installed, in UTF-8 as all the world, and not of the caller's language; "" if there is none."""
    own = (environ.get("LC_ALL") or environ.get("LANG") or "")[:2]
    installed = [name for name in locales if name.lower().replace("-", "").endswith(".utf8")]
    for language in _LANGUAGES:
        if language[:2] != own:
            for name in installed:
                if name.startswith(language):
                    return name
    return ""


def decides(record: RunRecord) -> bool:
    """Whether a run must agree with the first one; with other seeds the answer may be another one."""
    return Kind.SEEDS.value not in record.factors


def words(factors: Mapping[str, str]) -> str:
    """What was different in a run, for a person: `another PYTHONHASHSEED, 1 thread and TZ=Asia/Kathmandu`."""
    said = [_WORDS.get(kind, kind + "={value}").format(value=value) for kind, value in factors.items()]
    return listed(said) or "nothing"


_WORDS = {
    Kind.HASH_SEED.value: "another PYTHONHASHSEED",
    Kind.THREADS.value: "{value} thread(s)",
    Kind.TIME_ZONE.value: "TZ={value}",
    Kind.LOCALE.value: "LC_ALL={value}",
    Kind.FOLDER.value: "a copy of the project",
    Kind.SEEDS.value: "other seeds",
}
