"""An output that weighs more than the rest of a notebook should.

## What it does

One output of more than `max-output-kb` kilobytes (100 by default): printed data, a table of every row, a plot that
carries its data with it. Pictures (PNG, JPEG, SVG) are what people keep outputs for, so they may weigh ten times that.

## Why is this bad?

Every commit stores it again, a review cannot show it, and an output of that size is seldom a result: it is the data
itself, with whatever is in it.

## What to do

Show less (`df.head()`, a smaller figure), write the data to a file and name it, or let `nb-mlops fix` clear this one
output; the others stay.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import ClearOutput, Fix, Severity
from nb_mlops.core.notebook import Output, OutputKind, Position, Span
from nb_mlops.linter.rule import Hit, Rule, code, example, result, stdout

_PICTURES = 10
# Up to here it is weighed exactly what an output holds.
_MUCH = 1_000_000
_START = Position(1, 0)


def check(view: View) -> Iterable[Hit]:
    """One finding for each output over the limit."""
    limit = view.settings.max_output_kb * 1000
    for cell in view.notebook.cells:
        if 0 < cell.stored.size <= limit:
            continue
        for index, output in enumerate(cell.outputs):
            if output.size <= limit:
                continue
            pictures = sum(
                len(v) for mime, v in output.data.items() if mime.startswith("image/") and isinstance(v, str)
            )
            if output.size - pictures <= limit and pictures <= limit * _PICTURES:
                continue
            message = (
                f"This output weighs {_weight(output.size)} ({_kind(output)}); each commit stores it again and no "
                "review can show it. Show less of it, or write it to a file."
            )
            span = Span(cell.index, f"outputs/{index}", _START, _START)
            fix = Fix(f"Clear this output ({_weight(output.size)})", (ClearOutput(cell.index, index),))
            yield Hit(message, span, fix=fix, data={"bytes": output.size})


def _weight(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size // 1000} kB"


def _kind(output: Output) -> str:
    """What weighs most in it."""
    if output.kind is OutputKind.STREAM:
        return f"printed text, {output.text.count(chr(10)) + 1} lines"
    if not output.data:
        return str(output.kind.value).replace("_", " ")
    sizes = _sizes(output)
    return max(sizes, key=sizes.__getitem__)


def _sizes(output: Output) -> dict[str, int]:
    """How much each form of it weighs, roughly."""
    if output.size <= _MUCH:
        return {mime: len(str(value)) for mime, value in output.data.items()}
    # Of much that is no text, each has an equal share: to write it out would take its weight once more.
    texts = {mime: len(value) for mime, value in output.data.items() if isinstance(value, str)}
    rest = [mime for mime in output.data if mime not in texts]
    return texts | dict.fromkeys(rest, (output.size - sum(texts.values())) // max(len(rest), 1))


RULE = Rule(
    "ED001",
    "large-output",
    Severity.WARNING,
    bad=lambda: (
        example(code("print(*range(20_000))", stdout("row of data\n" * 20_000)), fixed=("print(*range(20_000))",)),
        example(
            code("[1] * 6_000", result("[1, ...]", text_html="<tr><td>1</td></tr>" * 6_000)), fixed=("[1] * 6_000",)
        ),
    ),
    good=lambda: (
        example(code("print(20_000)", stdout("20000\n"))),
        example(code("1", result("<Figure>", image_png="iVBORw0KGgo" * 20_000)), note="a picture of 220 kB"),
    ),
    check=check,
    every_language=True,
)
