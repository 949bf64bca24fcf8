"""Personal values in a text: e-mail addresses of people, and home folders that carry a user name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nb_mlops.analysis.sensitive.runs import run_before
from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct
from nb_mlops.knowledge.people import (
    COUNTRY_DOMAINS,
    FILE_ENDINGS,
    GENERIC_DOMAINS,
    GENERIC_USERS,
    GLUED_ENDINGS,
    LIST_ENDINGS,
    MACHINE_DOMAINS,
    NOBODYS_DOMAINS,
    ROLE_ENDINGS,
    ROLES,
)

# Found from the `@`, so that a long text without one costs nothing; RFC 5321's lengths bound both sides.
_LOCAL = pattern(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_FIRST = pattern(r"[A-Za-z0-9]")
_HOST = pattern(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}([A-Za-z]{2,24})(?![A-Za-z0-9_(\[=-])")
_HOME = pattern(
    r"""(?<![A-Za-z0-9_.~-])(?:
        (?P<posix>/(?:home|Users)/)(?P<name>[^\s/\\:;,'"<>|*?(){}\[\]$&=`!#%]{1,40})(?=[/\s:;,'"<>)\]]|\\n|\Z)
      | [A-Za-z]:(?P<slash>\\{1,4}|/)(?:Users|Documents\ and\ Settings)(?P=slash)
        (?P<account>
            [^\s/\\:;,'"<>|*?(){}\[\]$&=`!#%]{1,40}
            (?:(?:\ [^\s/\\:;,'"<>|*?(){}\[\]$&=`!#%]{1,30}){1,2}(?=[\\/]))?
        )(?=[\\/\s:;,'"<>)\]]|\Z)
    )""",
    re.VERBOSE,
)
# Hexadecimal digits, some of them letters.
_SERIAL = pattern(r"(?=\d*[a-f])(?=.*\d.*\d.*\d.*\d)[0-9a-f]{12,}")
_SIGNS = pattern(r"(?:^|\n)(?:author|maintainer)-email: [^\n]{0,150}\Z", re.IGNORECASE)
# What stands under `/home/` on a web server, and is no folder.
_FILES = (".html", ".htm", ".php", ".txt", ".md", ".py", ".sh", ".csv", ".json", ".ipynb")
# `user%host@gateway`: mail by way of a second machine, until the nineties. `%3D` is only escaped.
_ROUTED = pattern("%(?![0-9A-Fa-f]{2})")
# A text without one of these names no home folder.
_HOME_WORDS = ("/home/", "Users", "Documents and Settings")
_LIST_HOSTS = frozenset({"lists", "mailman", "listserv", "googlegroups"})


class Home(Struct, frozen=True):
    """A home folder in a text: where it stands (`/home/name`), and where the name in it stands."""

    start: int
    end: int
    name_start: int


def find_emails(text: str) -> Iterator[tuple[int, int]]:
    """The e-mail addresses of people: start and end of each. Roles, documentation, machines and code are none."""
    for start, at, end in _addresses(text):
        signs = _SIGNS.search(text, max(0, start - 200), start)  # as `pip show` has it
        if _is_person(text[start:at], text[at + 1 : end]) and not signs and not _in_url(text, start):
            yield start, end


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Whatever has the form of an e-mail address, whosever it is."""
    return ((start, end) for start, _, end in _addresses(text))


def _addresses(text: str) -> Iterator[tuple[int, int, int]]:
    """Start, place of the `@` and end of each."""
    behind = 0
    at = text.find("@")
    while at >= 0:
        host = _HOST.match(text, at + 1)
        run = run_before(text, at, max(at - 64, behind), _LOCAL) if host is not None else at
        local = _FIRST.search(text, run, at)
        if host is not None and local is not None:
            start = _trimmed(text, local.start(), at)
            if start < at:
                yield start, at, host.end()
                behind = host.end()
        at = text.find("@", at + 1)


def _trimmed(text: str, start: int, at: int) -> int:
    """Where the local part begins, without what is only glued to it (`mailto:`, `\\n`, quotes, `x=`)."""
    local = text[start:at]
    for mark in ("=", "'", "`", "{", "|", "&", "/", "?", "!", "*", "#", "$"):
        start += len(local) - len(local.rpartition(mark)[2]) if mark in local else 0
        local = text[start:at]
    if start > 0 and text[start - 1] == "\\" and local[0] in "nrt":
        start += 1
    while start < at and text[start] in ".-_+~^":
        start += 1
    return start


def _is_person(local: str, host: str) -> bool:
    host, name = host.lower(), local.lower()
    top = host.rpartition(".")[2]
    if top not in COUNTRY_DOMAINS and top not in GENERIC_DOMAINS:
        return False
    if top in FILE_ENDINGS and host.count(".") == 1:
        return False
    if host in NOBODYS_DOMAINS or host.endswith(MACHINE_DOMAINS) or host.startswith("example."):
        return False
    if host.partition(".")[0] in _LIST_HOSTS:
        return False
    name = name.partition("+")[0]
    if _ROUTED.search(name) or "noreply" in name or "no-reply" in name or _is_role(name):
        return False
    # `A@B.T`, `x@w.ne`: a matrix product; a hash or a serial number before the @: a machine's address.
    if _SERIAL.fullmatch(name) or (len(name) > 20 and sum(c.isdigit() for c in name) > len(name) // 3):
        return False
    return len(host.split(".")[-2]) > 1


def _is_role(name: str) -> bool:
    """Whether several read a mailbox: `press@`, `events.news@`, `numerics-dev@`, `shopsupport@`."""
    if name in ROLES or name.endswith(("[bot]", *GLUED_ENDINGS)):
        return True
    before, dash, last = name.rpartition("-")
    if dash and before and (last in ROLE_ENDINGS or last in LIST_ENDINGS):
        return True
    return any(name.rpartition(mark)[0] and name.rpartition(mark)[2] in ROLE_ENDINGS for mark in "._")


def _in_url(text: str, start: int) -> bool:
    """Whether the address is the user part of a URL (`s3://key@bucket.com`, `git+ssh://git@…`), not in its query."""
    head = text[max(0, start - 80) : start]
    if "://" not in head:
        return False
    return not any(c.isspace() or c in "\"'<>?&" for c in head[head.rfind("://") :])


def find_homes(text: str) -> Iterator[Home]:
    """Home folders that carry somebody's user name; accounts of images, services and documentation are nobody's."""
    if not any(word in text for word in _HOME_WORDS):
        return
    for match in _HOME.finditer(text):
        group = "name" if match.group("posix") else "account"
        name = match.group(group).strip(".").lower()
        if name and name not in GENERIC_USERS and not _is_placeholder(name):
            yield Home(match.start(), match.end(), match.start(group))


def _is_placeholder(name: str) -> bool:
    return (
        name.startswith(("your", "my_", "my-", "user", "xxx", "test", "example", "jupyter", "ec2", "sagemaker", "…"))
        or name.endswith(("user", "username", *_FILES))
        or not any(c.isalpha() for c in name)
    )
