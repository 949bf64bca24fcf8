"""The way in for an application: which of the pipeline's values is the model, and what rows it was made for."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nb_mlops.converter.plan import Level, Plan
from nb_mlops.converter.stage import ASKING
from nb_mlops.converter.trees import nodes
from nb_mlops.core.run import RunRecord
from nb_mlops.core.value import replace
from nb_mlops.portable.golden import type_of

_MOST_COLUMNS = 200  # of more, a fingerprint keeps a sample


@dataclass(frozen=True, slots=True)
class Served:
    """The model's name among what `run` returns ("": there is none yet), and its rows: named columns with their types,
    or the width and type of an array."""

    model: str
    columns: tuple[tuple[str, str], ...] = ()
    width: int = 0
    dtype: str = ""


def served(plan: Plan, records: Sequence[RunRecord]) -> Served | None:
    """The model that the notebook makes and asks for predictions; None where a run did not show one."""
    if not records:
        return None
    given = {name for stage in plan.stages for name in stage.outputs}
    if plan.level is Level.MODULE_STATE:
        given = {name for stage in plan.stages for name in stage.bound}
    asked = [(name, rows) for name, rows in _predictions(plan) if name in given]
    declared = [name for name in _declared(plan) if name in given]
    names = declared or [name for name, _ in asked]
    if not names:
        return None
    rows_of = [rows for name, rows in asked if name == names[-1]]
    for rows in reversed(rows_of):
        schema = _schema(names[-1], _value(records, rows))
        if schema is not None and all(schema == _schema(names[-1], _value([one], rows)) for one in records):
            return schema
    return None


def stand_in(plan: Plan, records: Sequence[RunRecord]) -> Served:
    """A way in before there is a model, for the rows that it is likely to get: those of the table that the notebook
    calls its features, or else reads, without the column that it takes out as the target."""
    names = {} if not records else {**dict.fromkeys(records[0].tables), **dict.fromkeys(_FEATURES)}
    schemas = (_schema("", _value(records, name)) for name in reversed(names))
    found = next((schema for schema in schemas if schema and schema.columns), Served(""))
    out = set(_taken_out(plan))
    return replace(found, columns=tuple(column for column in found.columns if column[0] not in out))


_FEATURES = ("X_train", "features", "X")
_TARGETS = frozenset({"y", "target", "targets", "label", "labels", "Y", "y_true"})


def _taken_out(plan: Plan) -> Iterator[str]:
    """Columns in `y = df["column"]` and `df.drop(columns="column")`."""
    for statement in (statement for cell in plan.cells for statement in cell.statements):
        value = getattr(statement.node, "value", None)
        if isinstance(value, ast.Subscript) and _TARGETS & set(statement.bound):
            yield from _texts(value.slice)
    for call in _calls(plan):
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("drop", "pop"):
            for part in [*call.args[:1], *(k.value for k in call.keywords if k.arg == "columns")]:
                yield from _texts(part)


def _texts(node: ast.expr) -> Iterator[str]:
    parts = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
    yield from (part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def _calls(plan: Plan) -> Iterator[ast.Call]:
    for statement in (statement for cell in plan.cells for statement in cell.statements):
        yield from (node for node in nodes(statement.node) if isinstance(node, ast.Call))


def _predictions(plan: Plan) -> Iterator[tuple[str, str]]:
    """`model` and `X` of every `model.predict(X)`."""
    for call in _calls(plan):
        func, first = call.func, call.args[0] if call.args else None
        asks = isinstance(func, ast.Attribute) and func.attr in ASKING
        model = func.value if asks and isinstance(func, ast.Attribute) else None
        if isinstance(model, ast.Name) and isinstance(first, ast.Name):
            yield model.id, first.id


def _declared(plan: Plan) -> Iterator[str]:
    """`model` of every `nb_mlops.model(model)`."""
    for call in _calls(plan):
        first = call.args[0] if call.args else None
        root = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr == "model" else call.func
        imports = plan.hoisting.imports.get(root.id, ()) if isinstance(root, ast.Name) else ()
        if isinstance(first, ast.Name) and any(one.target in {"nb_mlops", "nb_mlops:model"} for one in imports):
            yield first.id


def _value(records: Sequence[RunRecord], name: str) -> Any:
    return records[0].names.get(name)


def _schema(model: str, value: Any) -> Served | None:
    """What rows a fingerprint describes."""
    if not isinstance(value, Mapping):
        return None
    kind, shape = type_of(value), value.get("shape", ())
    if kind.endswith(".DataFrame") and len(shape) == 2 and 0 < shape[1] <= _MOST_COLUMNS:
        pairs = [(label, body.get("dtype", "")) for label, body in value.get("pairs", ()) if isinstance(body, Mapping)]
        named = tuple((label, str(kind)) for label, kind in pairs if isinstance(label, str) and kind)
        return Served(model, columns=named) if len({label for label, _ in named}) == shape[1] else None
    if kind == "numpy.ndarray" and len(shape) == 2 and value.get("dtype") in {"float64", "float32", "int64"}:
        return Served(model, width=int(shape[1]), dtype=str(value["dtype"]))
    return None


def roots_of(made: Served | None) -> Iterable[str]:
    """Modules that the way in imports."""
    return () if made is None else ("pandas",) if made.columns else ("numpy",)


def serve_text(plan: Plan, made: Served, lean: bool = False) -> str:
    """`serve.py`."""
    listed = "".join(f"    {_text(name)}: {_text(kind)},\n" for name, kind in made.columns)
    if not made.model:
        return _stand_in_text(plan, listed)
    template = _FRAME if made.columns else _ARRAY
    if lean:
        template = template.replace("run(config, data_root)[", "run(config, data_root, with_exploration=False)[")
    return template.format(
        package=plan.package, model=_text(made.model), columns=listed, width=made.width, dtype=_text(made.dtype)
    )


def _stand_in_text(plan: Plan, columns: str) -> str:
    if not columns:
        return _STAND_IN_OF_ANYTHING.format(package=plan.package)
    return _STAND_IN.format(package=plan.package, columns=columns) + _CHECKED


def serve_test_text(plan: Plan, made: Served) -> str:
    """`tests/test_serve.py`."""
    if not made.model:
        return (_STAND_IN_TEST if made.columns else _STAND_IN_OF_ANYTHING_TEST).format(package=plan.package)
    return (_FRAME_TEST if made.columns else _ARRAY_TEST).format(package=plan.package)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_HEAD = '''"""The way in for an application: the model that the pipeline makes, and its answers for new rows."""

from __future__ import annotations

import os
from typing import Any

import {module}

from {{package}}.config import Config
from {{package}}.pipeline import run

'''
_TRAIN = '''

def train(config: Config = Config(), data_root: str | os.PathLike[str] | None = None) -> Any:
    """Run the pipeline and return the model that it makes; see `pipeline.run`."""
    return run(config, data_root)[{model}]


def predict(model: Any, rows: {kind}) -> Any:
    """The model's answers, one a row. Raises ValueError for rows that it was not made for."""
    return model.predict(checked(rows))


def checked(rows: {kind}) -> {kind}:
'''
_CHECKED = '''    """The rows with these columns, in this order and of these types; other columns are left out."""
    missing = [name for name in COLUMNS if name not in rows.columns]
    if missing:
        raise ValueError(f"columns that the model needs are missing: {', '.join(missing)}")
    wrong = [name for name, kind in COLUMNS.items() if not _fits(rows[name], kind)]
    if wrong:
        kinds = ", ".join(f"{name} ({COLUMNS[name]})" for name in wrong)
        raise ValueError(f"columns hold values of another type: {kinds}")
    return rows[list(COLUMNS)].astype(COLUMNS)


def _fits(values: pd.Series, kind: str) -> bool:
    try:
        values.astype(kind)
    except (TypeError, ValueError):
        return False
    return True
'''
_FRAME = (
    _HEAD.format(module="pandas as pd")
    + """# The columns that the model was asked with in the notebook, and their types.
COLUMNS = {{
{columns}}}
"""
    + _TRAIN.replace("{kind}", "pd.DataFrame")
    + _CHECKED.replace("{", "{{").replace("}", "}}")
)
_ARRAY = (
    _HEAD.format(module="numpy as np")
    + """# How many values a row has, and their type, as the model was asked with in the notebook.
WIDTH, DTYPE = {width}, {dtype}
"""
    + _TRAIN.replace("{kind}", "np.ndarray")
    + '''    """The rows as a table of that width and type."""
    table = np.asarray(rows, dtype=DTYPE)
    if table.ndim != 2 or table.shape[1] != WIDTH:
        raise ValueError(f"the model needs rows of {{WIDTH}} values, not a shape of {{table.shape}}")
    return table
'''
)
_FRAME_TEST = '''"""The way in takes rows as the model knows them and refuses others."""

import pandas as pd
import pytest

from {package}.serve import COLUMNS, checked


def rows():
    return pd.DataFrame({{name: pd.Series([], dtype=kind) for name, kind in reversed(COLUMNS.items())}})


def test_rows_are_put_in_the_models_order():
    assert list(checked(rows().assign(more_than_needed=1)).columns) == list(COLUMNS)


@pytest.mark.parametrize("name", list(COLUMNS)[:5])
def test_a_missing_column_is_named(name):
    with pytest.raises(ValueError, match="missing"):
        checked(rows().drop(columns=name))
'''
_ARRAY_TEST = '''"""The way in takes rows as the model knows them and refuses others."""

import numpy as np
import pytest

from {package}.serve import DTYPE, WIDTH, checked


def test_rows_of_the_right_width_pass():
    assert checked([[0] * WIDTH]).dtype == np.dtype(DTYPE)


@pytest.mark.parametrize("shape", [(2, WIDTH + 1), (WIDTH,)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="rows of"):
        checked(np.zeros(shape))
'''

_STAND_IN_CLASS = '''

class StandIn:
    """Answers in place of a model, the same for every row."""

    def predict(self, rows: {kind}) -> list[float]:
        """One answer a row."""
        return [0.0] * len(rows)


def train({ignored}) -> StandIn:
    """The stand-in: nothing is trained yet."""
    return StandIn()


def predict(model: Any, rows: {kind}) -> Any:
    """The answers, one a row.{raises}"""
    return model.predict({rows})
'''
_STAND_IN_HEAD = '''"""The way in for an application, with a stand-in for the model that the notebook does not make yet.

Build on `train` and `predict` now; when the notebook makes a model, convert it again, and they answer with that.
"""

from __future__ import annotations

import os
from typing import Any
{imports}
from {{package}}.config import Config
'''
_IGNORED = "config: Config = Config(), data_root: str | os.PathLike[str] | None = None"
_STAND_IN = (
    _STAND_IN_HEAD.format(imports="\nimport pandas as pd\n")
    + """
# The columns of the table that the notebook works with, and their types.
COLUMNS = {{
{columns}}}
"""
    + _STAND_IN_CLASS.format(
        kind="pd.DataFrame",
        ignored=_IGNORED,
        raises=" Raises ValueError for rows that lack a column.",
        rows="checked(rows)",
    )
    + """

def checked(rows: pd.DataFrame) -> pd.DataFrame:
"""
)
_STAND_IN_OF_ANYTHING = _STAND_IN_HEAD.format(imports="") + _STAND_IN_CLASS.format(
    kind="Any", ignored=_IGNORED, raises="", rows="rows"
)
_STAND_IN_TEST = (
    _FRAME_TEST
    + """

def test_every_row_gets_an_answer():
    table = pd.DataFrame({{name: pd.Series([0, 0]).astype(kind) for name, kind in COLUMNS.items()}})
    assert len(predict(train(), table)) == 2
"""
)
_STAND_IN_TEST = _STAND_IN_TEST.replace("import COLUMNS, checked\n", "import COLUMNS, checked, predict, train\n")
_STAND_IN_OF_ANYTHING_TEST = '''"""The way in answers."""

from {package}.serve import predict, train


def test_every_row_gets_an_answer():
    assert len(predict(train(), [1, 2])) == 2
'''
