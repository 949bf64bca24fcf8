"""MAC addresses of devices in an output.

## What it does

Six pairs of hexadecimal digits (`ether f0:18:98:…`) whose first says that a maker gave them to one device, in texts
and in columns.

## Why is this bad?

The address names one laptop or phone wherever it is seen again, and through it the person who carries it.

## What it leaves alone

Addresses that machines make up for themselves (containers, virtual machines), broadcast, and longer chains of pairs
such as the fingerprints of keys.

## What to do

Do not show the column (`df.drop(columns=...)`), or let `nb-mlops fix` write `[mac address]` in the place of each
value.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.personal import hits
from nb_mlops.linter.rule import Hit, Rule, code, example, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each column, and one for the texts of each output, that hold MAC addresses."""
    return hits(view, Kind.MAC)


RULE = Rule(
    "PI009",
    "mac-address",
    Severity.WARNING,
    bad=lambda: (
        example(
            code("!ifconfig en0", stdout("en0: ether f0:18:98:3b:a2:7c txqueuelen 1000\n")), fixed=("!ifconfig en0",)
        ),
    ),
    good=lambda: (
        example(code("!ifconfig", stdout("eth0: ether 02:42:ac:11:00:02, ff:ff:ff:ff:ff:ff, 00:00:00:00:00:00\n"))),
        example(
            code("!ssh-keygen -l", stdout("MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48\n")),
            note="a fingerprint",
        ),
    ),
    check=check,
    needs="personal",
    every_language=True,
    sensitive=True,
)
