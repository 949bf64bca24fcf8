"""A password in place of the question for it.

## What it does

A variable that is read by `getpass`, `input` or from where secrets are kept, in code or in a commented line,
and that gets a literal elsewhere in the notebook. Off by default.

## Why is this bad?

The question was in the way while somebody tried things out, so the answer was written down. That it was asked for says
that it is a secret, however plain it looks; whoever can read the file can use it.

## What it leaves alone

Empty values, placeholders, well-known defaults such as `postgres`, and variables whose name promises no secret.

## What to do

Change it wherever it lets somebody in, and ask again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from nb_mlops.analysis.sensitive.named import promised
from nb_mlops.analysis.sensitive.values import is_placeholder
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.knowledge.credentials import WEAK_PASSWORDS
from nb_mlops.linter.rule import Hit, Rule, code, example

_ASKED = pattern(
    r"(?m)^[ \t]*(?:#+[ \t]*)?(\w{1,60})[ \t]*=[^=\n]{0,80}\b(?P<by>getpass|raw_input|input|environ|getenv|userdata)\b"
)


def check(view: View) -> Iterable[Hit]:
    """One finding for each literal."""
    asked = {found[1]: found["by"] for cell in view.code_cells for found in _ASKED.finditer(cell.source)}
    asked = {name: by for name, by in asked.items() if promised(name) in ("password", "token")}
    known = {secret.value for secret in view.secrets} if asked else set()
    for cell in view.code_cells if asked else ():
        tree = view.python[cell.index].tree
        for node in ast.walk(tree) if tree else ():
            if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
                continue
            name, value = node.targets[0].id, node.value
            if name in asked and isinstance(value, ast.Constant) and _tells(value.value) and value.value not in known:
                message = (
                    f"`{name}` is a literal here, and asked for with `{asked[name]}` elsewhere: what was asked for is "
                    "a secret, and whoever can read this file can use it. Change it wherever it lets somebody in, "
                    "and ask again."
                )
                yield Hit(message, view.node_span(cell, value))


def _tells(value: object) -> bool:
    if not isinstance(value, str) or len(value) < 4 or " " in value:
        return False
    return value.lower() not in WEAK_PASSWORDS and not is_placeholder(value)


RULE = Rule(
    "SE011",
    "getpass-replaced",
    Severity.INFO,
    bad=lambda: (
        example(code("from getpass import getpass\n# db_password = getpass()\ndb_password = 'swordfish'")),
        example(
            code("import os\napi_token = os.environ['API_TOKEN']"), code("api_token = 'rosebud'\nprint(len(api_token))")
        ),
    ),
    good=lambda: (
        example(code("from getpass import getpass\npassword = ''\npassword = password or getpass()")),
        example(code("# password = input()\npassword = 'changeme'\n# name = input()\nname = 'Ada'")),
    ),
    check=check,
    confidence=Confidence.MEDIUM,
    default=False,
    sensitive=True,
)
