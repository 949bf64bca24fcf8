"""What we make of ruff's rules: which look for faults rather than for style, and which cannot run whatever happens.

Read on real notebooks (200 for E, F, B, PLE, NPY and PD; 2,000 for what is kept): of what is selected here nearly every
finding was a fault. Left out because they cry wolf there: F401 and F811 (imports are repeated so that a section can be
run by itself), E402 and E7 (taste), F404 (counts over all cells, while each is compiled alone), B018 and B015 (a value
that is looked at), B006, B023 and B905 (true, and hardly ever harmful), NPY002 (taste).
"""

from __future__ import annotations

from nb_mlops.core.lazy import pattern
from nb_mlops.knowledge import words

# What is asked where the project has no settings for ruff. Beginnings of codes, as ruff takes them.
FAULTS = (
    *("E9", "F50", "F52", "F62", "F63", "F70", "F82", "PLE"),
    *("B002", "B003", "B005", "B016", "B025", "B029", "B030"),
    *("NPY001", "NPY003", "NPY201", "PD007"),
)
# What is not asked all the same: `return super().__init__()` is all that it finds.
HARMLESS = ("PLE0100", "PLE0101")
# Python refuses to compile such a cell.
UNCOMPILABLE = words("E999 F621 F622 F701 F702 F704 F706 F707 PLE0115 PLE0117 PLE0118 PLE1142")
# The code under which we report a syntax error, to which ruff gives none.
SYNTAX = "E999"

_FAMILIES = words(
    "A AIR ANN ARG ASYNC B BLE C COM CPY D DJ DOC DTZ E EM ERA EXE F FA FAST FBT FIX FLY FURB G I ICN INP INT ISC LOG "
    "N NPY PD PERF PGH PIE PL PLC PLE PLR PLW PT PTH PYI Q RET RSE RUF S SIM SLF SLOT T TC TCH TD TID TRY UP W "
    "YTT"
)
_CODE = pattern(r"([A-Z]{1,5})(\d{0,4})")


def is_ruffs(spec: str) -> bool:
    """Whether this is the code of a rule of ruff's, or the beginning of one."""
    match = _CODE.fullmatch(spec)
    return match is not None and match[1] in _FAMILIES


def names(spec: str, code: str) -> bool:
    """Whether `spec` is this code or the beginning of it; letters count as one, so that `E` does not name `EM101`.

    Families with a common stem go together as they do in ruff: `PL` names `PLE0101`.
    """
    given, whole = _CODE.fullmatch(spec), _CODE.fullmatch(code)
    if given is None or whole is None or given[1] not in _FAMILIES:
        return False
    return code.startswith(spec) and (given[1] == whole[1] or (given[1] == "PL" and not given[2]))


def is_fault(code: str) -> bool:
    """Whether a rule looks for what is wrong rather than for what is untidy."""
    return code in UNCOMPILABLE or (code not in HARMLESS and any(names(spec, code) for spec in FAULTS))
