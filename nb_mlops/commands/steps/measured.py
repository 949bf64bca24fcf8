"""What came back from the clean process, read strictly and made fit to be signed: no value of a row, no name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.core.errors import NbMlopsError
from nb_mlops.core.run import FileRead
from nb_mlops.core.settings import ModelSettings
from nb_mlops.evidence.kind import ModelRef
from nb_mlops.evidence.predicates.check import CheckPredicate
from nb_mlops.evidence.predicates.evaluation import (
    About,
    ColumnFacts,
    Contract,
    EvaluationPredicate,
    GroupScore,
    Importance,
    ModelFile,
    Rival,
    Rows,
    Score,
    Sensitive,
    Serving,
)
from nb_mlops.evidence.strict import StatementError, read

T = TypeVar("T")
_SERVING = ("signature", "example", "problem", "load_seconds", "seconds_per_1000", "peak_mb")


def predicate_of(
    found: Mapping[str, Any],
    *,
    tool: str,
    check: CheckPredicate,
    name: str,
    digest: str,
    holdout: FileRead,
    champion: str,
    contract: Contract,
    sensitive: tuple[Sensitive, ...],
    about: ModelSettings,
    issued: str,
) -> EvaluationPredicate:
    """The evidence. Raises NbMlopsError when what came back is not what this version understands."""
    try:
        return EvaluationPredicate(
            tool=tool,
            notebook=check.notebook,
            model=ModelRef(name, digest),
            task=str(found["task"]),
            target=str(found["target"]),
            classes=tuple(mask(str(label)) for label in found["classes"]),
            holdout=holdout,
            rows=read(Rows, found["rows"], "rows"),
            metric=read(Score, found["metric"], "metric"),
            scores=_all(Score, found["scores"], "scores"),
            baselines=tuple(_rival(one) for one in found["baselines"]),
            champion=_champion(found["champion"], champion),
            groups=_all(GroupScore, [_masked(one, "group") for one in found["groups"]], "groups"),
            importances=_all(Importance, found["importances"], "importances"),
            serving=read(Serving, {key: found["serving"][key] for key in _SERVING}, "serving"),
            contract=contract,
            files=_all(ModelFile, found["files"], "files"),
            sensitive=sensitive,
            profile=_all(ColumnFacts, [_plain(one) for one in found["profile"]], "profile"),
            about=About(**{key: getattr(about, key) for key in About.__dataclass_fields__}),
            packages={str(key): str(version) for key, version in found["packages"].items()},
            cpu=str(found["cpu"]),
            isolation=str(found["isolation"]),
            issued=issued,
        )
    except (StatementError, KeyError, TypeError, AttributeError) as error:
        raise NbMlopsError(f"What the evaluation came back with is not understood: {error}.") from error


def _all(kind: type[T], values: list[Any], where: str) -> tuple[T, ...]:
    return tuple(read(kind, value, f"{where}[{i}]") for i, value in enumerate(values))


def _rival(found: Mapping[str, Any]) -> Rival:
    return read(Rival, {"version": "", "problem": "", **found}, "baselines")


def _champion(found: Mapping[str, Any] | None, version: str) -> Rival | None:
    if found is None:
        return None
    return read(Rival, {"name": "champion", "words": "the model in service", **found, "version": version}, "champion")


def _masked(found: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {**found, key: mask(str(found[key]))}


def _plain(column: Mapping[str, Any]) -> dict[str, Any]:
    """A column's facts without labels that look like somebody's: their shares stay."""
    labels = column["labels"]
    if all(mask(label) == label for label in labels):
        return dict(column)
    return {**column, "labels": {f"label {i}": share for i, share in enumerate(labels.values())}}
