"""What calls do to rows: read them, split them, learn from them, score on them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from nb_mlops.analysis.learning.expressions import NOTHING, Expressions, Function, column, without
from nb_mlops.analysis.learning.story import Columns, Fit, Learner, Role, Split, Value
from nb_mlops.core.value import replace
from nb_mlops.knowledge import learning

# Functions are followed into each other this deep.
_DEEPEST = 4
_READERS = ("read_", "load_", "fetch_", "make_", "from_")


class Calls(Expressions):
    """Calls: of functions of the notebook, of libraries that are known, of methods, of what nobody knows."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__(names)
        # What the dotted names of imported things begin with.
        self._packages = frozenset(name.partition(".")[0] for name in names.values())
        self._last: dict[int, int] = {}

    def call(self, node: ast.Call) -> Value:
        """What a call gives, after what it does has been noted."""
        args = tuple([self.value(one.value if isinstance(one, ast.Starred) else one) for one in node.args])
        named = {one.arg or "**": self.value(one.value) for one in node.keywords}
        func = node.func
        if isinstance(func, ast.Name) and func.id in self.functions:
            return self.own(node, func.id, args, named)
        name = self.dotted(func)
        home, _, last = name.rpartition(".")
        package = home.partition(".")[0]
        if package in learning.ESTIMATORS and last[:1].isupper():
            return self.constructed(node, home, last, (*args, *named.values()))
        if last in learning.SPLITS:
            return self.split(node, args)
        if last in learning.FOLDS and len(args) > 1:
            return self.folds(node, args)
        if isinstance(func, ast.Attribute) and package not in self._packages:
            return self.method(node, func, self.value(func.value), args, named)
        return self.function(node, last, (*args, *named.values()))

    def own(self, node: ast.Call, name: str, args: tuple[Value, ...], named: Mapping[str, Value]) -> Value:
        """A function of the notebook, followed where it is called; deep inside others it is like an unknown one."""
        cell, function = self.functions[name]
        if self.depth >= _DEEPEST or any(isinstance(one, ast.Starred) for one in node.args) or "**" in named:
            return self.function(node, name, (*args, *named.values()))
        spec = function.args
        taken = [one.arg for one in (*spec.posonlyargs, *spec.args)]
        given = {**dict(zip(taken, args, strict=False)), **named}
        return self.inside(node, cell, function, given)

    def inside(self, node: ast.Call, cell: int, function: Function, given: Mapping[str, Value]) -> Value:
        """What a function of the notebook returns for these arguments; it is followed as if it stood there."""
        here = self.env, self.cell, self.returned, self.may_return, self.caller
        self.caller = self.caller or self.step(node)
        defaults = dict.fromkeys(one.arg for one in (*function.args.args, *function.args.kwonlyargs))
        self.env = {**self.env, **dict.fromkeys(defaults, NOTHING), **given}
        self.cell, self.returned, self.may_return = cell, None, []
        self.depth += 1
        try:
            self.body(function.body)
            returned = [*self.may_return, *((self.returned,) if self.returned is not None else ())]
            return returned[0] if len(returned) == 1 else self.mixed(returned)
        finally:
            self.depth -= 1
            self.env, self.cell, self.returned, self.may_return, self.caller = here

    def body(self, statements: Iterable[ast.stmt]) -> None:
        """Statements one after another; see follow.py."""
        raise NotImplementedError

    def constructed(self, node: ast.Call, home: str, kind: str, args: Iterable[Value]) -> Value:
        """A new learner: what it is made with learns with it."""
        transforms = not learning.TRANSFORMING.isdisjoint(home.split("."))
        early = any("early" in (one.arg or "") for one in node.keywords) or "EarlyStopping" in kind
        flat = [item for one in args for item in (one, *(one.items or ()))]
        return self.learner(node, kind, transforms, flat, early)

    def split(self, node: ast.Call, args: tuple[Value, ...]) -> Value:
        """Two parts of each argument, the same rows of all."""
        whole = self.mixed(args)
        train = self.rows(node, whole.rows, Role.TRAIN)
        test = self.rows(node, whole.rows, Role.TEST)
        self.story.splits.append(Split(self.step(node), whole, train, test))
        items = tuple(replace(one, rows=frozenset((number,)), items=None) for one in args for number in (train, test))
        return replace(self.plain(whole), items=items)

    def folds(self, node: ast.Call, args: tuple[Value, ...]) -> Value:
        """A function that fits and scores part by part of the same rows."""
        before = dict(self._last)
        fit = self.fit(node, args[0], args[1:], {})
        self._last = before  # copies of it were fitted, not the learner itself
        if fit is not None:
            self.scored(node, frozenset((fit.number,)), args[1], folds=True)
        return Value(rows=args[1].rows)

    def function(self, node: ast.Call, last: str, args: tuple[Value, ...]) -> Value:
        """Something that reads rows, scores what was predicted, or makes a value of its arguments."""
        made = self.mixed((self.value(node.func) if isinstance(node.func, ast.Call) else NOTHING, *args))
        if learning.is_metric(last):
            self.compared(node, args)
        if "early" in last:
            return self.learner(node, last, False, (), True)
        if last in ("resample", "shuffle") and args:
            return args[0] if last == "shuffle" or _is_given(node, "replace", False) else self.copies(node, args[0])
        if not made.rows and not made.learners:
            number = self.rows(node)
            table = last.startswith(_READERS) or last == "DataFrame"
            return Value(frozenset((number,)), columns=Columns(number) if table else None)
        return self.plain(made)

    def copies(self, node: ast.Call, of: Value) -> Value:
        """Rows that are copies of others, or lie between them."""
        return replace(self.plain(of), rows=frozenset((self.rows(node, of.rows, Role.COPIES),)))

    def method(
        self, node: ast.Call, func: ast.Attribute, of: Value, args: tuple[Value, ...], named: Mapping[str, Value]
    ) -> Value:
        """A method of a learner, a table, an array, or of something unknown."""
        what = func.attr
        if what in learning.LEARNING and (args or named):
            return self.learned(node, func, of, args, named)
        if what in learning.TRANSFORMS and args and of.learners:
            return replace(self.plain(args[0]), learned=args[0].shaped_by | self.last_fits(of))
        if what in learning.PREDICTING and args:
            return Value(args[0].rows, args[0].shaped_by, self.last_fits(of))
        if what in learning.SCORING and args:
            if fits := self.last_fits(of):
                self.scored(node, fits, self.mixed(args))
            return Value(rows=args[0].rows)
        return self.of_table(node, func, of, args, named)

    def of_table(
        self, node: ast.Call, func: ast.Attribute, of: Value, args: tuple[Value, ...], named: Mapping[str, Value]
    ) -> Value:
        """A method of a table or array: other columns, fewer rows, or the same in another form."""
        what, made = func.attr, self.mixed((of, *args, *named.values()))
        inplace = _is_given(node, "inplace", True)
        if what == "pop" and args:
            gone = self.texts(args[0])
            self.drop(func.value, gone)
            return column(of, *gone) if gone else self.plain(of)
        if what == "drop":
            gone = self.texts(named.get("columns", args[0] if args else NOTHING))
            if inplace:
                self.drop(func.value, gone)
            return without(of, gone)
        if what in learning.KEEPS_SOME_ROWS and of.rows:
            return replace(of, rows=frozenset((self.part(node, of.rows, ast.unparse(node)),)), items=None)
        if what in learning.KEEPS_COLUMNS:
            return replace(made, columns=of.columns)
        if inplace:
            self.drop(func.value, ())
        if not made.rows and not made.learners:
            return self.function(node, what, ())
        return self.plain(made)

    def learned(
        self, node: ast.Call, func: ast.Attribute, of: Value, args: tuple[Value, ...], named: Mapping[str, Value]
    ) -> Value:
        """A learner learns; `fit` gives the learner, the others what it makes of the rows."""
        what = func.attr
        if not of.learners:
            of = self.learner(func.value, "", False, (), False)
            if isinstance(func.value, ast.Name):
                self.env[func.value.id] = of
        data = args[0] if args else named.get("X", named.get("x", NOTHING))
        fit = self.fit(node, of, args or (data,), named)
        if what in ("fit_resample", "fit_sample"):
            kinds = {one.kind for one in self.learners(of)}
            made = self.copies(node, self.mixed(args)) if kinds & learning.COPIES_ROWS else self.plain(self.mixed(args))
            return replace(made, items=tuple(replace(made, items=None) for _ in args))
        fits = frozenset((fit.number,)) if fit is not None else frozenset[int]()
        if what == "fit_transform":
            return replace(self.plain(data), learned=data.shaped_by | fits)
        if what == "fit_predict":
            return Value(data.rows, data.shaped_by, fits)
        return of

    def fit(self, node: ast.Call, of: Value, args: tuple[Value, ...], named: Mapping[str, Value]) -> Fit | None:
        """Notes that a learner learns from the first of these, with the second as target."""
        learners = self.learners(of)
        if not learners or not args:
            return None
        watched = [named[key] for key in ("eval_set", "validation_data", "evals", "eval_data") if key in named]
        judged = frozenset[int]().union(*(self._watched(one) for one in watched))
        target = args[1] if len(args) > 1 else named.get("y", NOTHING)
        supervised = len(args) > 1 or "y" in named
        early = any("early" in key for key in named) or any(one.stops_early for one in self._all(named.values()))
        early = early or any(one.stops_early for one in learners)
        number = len(self.story.fits)
        judged = judged if early else frozenset()
        made = Fit(number, self.step(node), tuple(learners), args[0], target, judged, supervised)
        self.story.fits.append(made)
        for one in learners:
            self._last[one.number] = number
            for held in one.holds:
                self._last[held] = number
        return made

    def _watched(self, value: Value) -> frozenset[int]:
        """The rows of the last pair of `eval_set=[(X, y), ...]`, by which XGBoost stops, or of `(X, y)`."""
        items = value.items or ()
        if items and items[-1].items is not None:
            return self._watched(items[-1])
        return items[0].rows if items else value.rows

    def _all(self, values: Iterable[Value]) -> Iterable[Learner]:
        return [one for value in values for one in self.learners(value)]

    def learners(self, value: Value) -> list[Learner]:
        """What a value may be that can learn."""
        return [self.story.learners[number] for number in sorted(value.learners)]

    def last_fits(self, of: Value) -> frozenset[int]:
        """The fits by which a learner knows what it knows now."""
        return frozenset(self._last[one] for one in of.learners if one in self._last)


def _is_given(node: ast.Call, keyword: str, value: bool) -> bool:
    """Whether a call says `keyword=True`, or `keyword=False`."""
    given = (one.value for one in node.keywords if one.arg == keyword)
    return any(isinstance(one, ast.Constant) and one.value is value for one in given)
