"""Public IP addresses of clients in an output.

## What it does

IPv4 addresses on the public internet in lines of an access log, behind words such as `client` or `remote_addr`, and
in columns most of whose values are such addresses.

## Why is this bad?

Courts have held that the address a person surfs from is personal data: the provider knows who it was.

## What it leaves alone

Addresses of servers that something was fetched from (`Resolving …`, columns called `dest_ip` or `server`), private,
local and documentation networks, well-known resolvers, and versions (`1.2.3.4`).

## What to do

Do not show the column (`df.drop(columns=...)`), or let `nb-mlops fix` write `[ip address]` in the place of each
value. For an analysis keep the network only (`/24`).
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.personal import hits
from nb_mlops.linter.rule import Hit, Rule, code, example, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each column, and one for the texts of each output, that hold IP addresses of clients."""
    return hits(view, Kind.IP)


RULE = Rule(
    "PI008",
    "client-ip-address",
    Severity.WARNING,
    bad=lambda: (
        example(
            code(
                "print(open('note.txt').read())",
                stdout('81.173.44.19 - - [12/Mar/2024:10:00:01 +0100] "GET / HTTP/1.1" 200\n'),
            ),
            fixed=("print(open('note.txt').read())",),
            note="an access log",
        ),
        example(
            code("print(open('people.csv').read())", stdout("visit,ip\n1,81.173.44.19\n2,93.184.77.201\n")),
            fixed=("print(open('people.csv').read())",),
            note="a column",
        ),
    ),
    good=lambda: (
        example(
            code("!wget -q data", stdout("Resolving host... 151.101.0.133\nConnecting to host|151.101.0.133|:443\n"))
        ),
        example(
            code("print('x')", stdout("client 192.168.0.12, client 10.0.0.1, version 4.11.0.86, user 127.0.0.1\n"))
        ),
    ),
    check=check,
    needs="personal",
    every_language=True,
    sensitive=True,
)
