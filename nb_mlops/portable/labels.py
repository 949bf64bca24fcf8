"""Classes by whatever name: what a file calls `1`, a model may call `1.0`, `True` or `yes`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .ask import Answers, Asked
from .measure import Given

_MOST_CLASSES = 200
_TRUTHS = {"True": "1", "False": "0"}


class LabelsError(Exception):
    """The model's classes are not those of the holdout; `remedy` is the way out."""

    def __init__(self, text: str, remedy: str) -> None:
        super().__init__(text)
        self.remedy = remedy


def name_of(value: Any) -> str:
    """The name of a class: the same for 1, 1.0 and "1"."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def is_of_classes(truth: Any, told: Answers, model: Asked, metric: str) -> bool:
    """Whether rows are put into classes: the model says so, or the answers and the right ones do."""
    if model.task:
        return model.task == "classification"
    numbers = getattr(truth.dtype, "kind", "O") in "iuf"
    if not numbers or model.classes:
        return True
    few = truth.nunique() <= 20 and all(float(value).is_integer() for value in truth.unique())
    flat = [value for value in told.values if not isinstance(value, list)]
    return few and (len(flat) < len(told.values) or len(set(flat)) <= 20 or all(0 <= value <= 1 for value in flat))


class Labels:
    """The classes of the holdout and of the model in one order: by number where they are numbers, else by name."""

    def __init__(self, truth: Any, told: Answers, classes: list[Any] | None, renamed: Mapping[str, str]) -> None:
        self._renamed = dict(renamed)
        right = {self._renamed.get(name_of(value), name_of(value)) for value in truth.tolist()}
        self._chances = not classes and _are_chances(told.values)
        said = {name_of(v) for v in (classes if classes else () if self._chances else told.values)}
        if said & _TRUTHS.keys() and not said & right:
            self._renamed.update({value: key for key, value in _TRUTHS.items()})
            right = {self._renamed.get(name, name) for name in right}
        if len(right) > _MOST_CLASSES:
            raise LabelsError(f"The target has {len(right)} different values: too many for classes.", "Name --target.")
        if said and not right & said:
            one, other = (", ".join(f"`{name}`" for name in sorted(names)[:4]) for names in (said, right))
            raise LabelsError(
                f"The model answers {one}; the holdout's target holds {other}.",
                "Say which is which, for example --label no=0 --label yes=1, or give the target as the model knows it.",
            )
        if len(right) < 2:
            raise LabelsError("All rows of the holdout are of one class.", "Give rows of each class.")
        self.names = _sorted(right | said)
        self._place = {name: i for i, name in enumerate(self.names)}
        self._classes = [name_of(value) for value in classes] if classes else self.names

    def numbers(self, values: list[Any], truth: bool = False) -> Any:
        """Each value as the number of its class."""
        import numpy

        names = (name_of(value) for value in values)
        known = ((self._renamed.get(name, name) if truth else name) for name in names)
        return numpy.asarray([self._place[name] for name in known], dtype="int64")

    def given(self, told: Answers) -> Given:
        """The model's answers as numbers of classes, and how sure it is of each class in that order."""
        import numpy

        sure = told.sure if told.sure is not None else told.values if self._chances else None
        if sure is None:
            return Given(self.numbers(told.values))
        chances = numpy.asarray(sure, dtype="float64")
        if chances.ndim == 1:
            chances = numpy.column_stack([1 - chances, chances])
        spread = numpy.zeros((len(chances), len(self.names)))
        spread[:, [self._place[name] for name in self._classes[: chances.shape[1]]]] = chances
        values = numpy.asarray(spread.argmax(axis=1)) if self._chances else self.numbers(told.values)
        return Given(values, spread)


def _are_chances(values: list[Any]) -> bool:
    """Whether answers are probabilities: several a row, or one between 0 and 1 that is not always one of them."""
    if any(isinstance(value, list) for value in values):
        return True
    numbers = all(isinstance(value, float) and 0 <= value <= 1 for value in values)
    return numbers and any(not value.is_integer() for value in values)


def _sorted(names: Any) -> list[str]:
    def rank(name: str) -> Any:
        try:
            return (0, float(name), name)
        except ValueError:
            return (1, 0.0, name)

    return sorted(names, key=rank)
