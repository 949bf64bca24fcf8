"""load_model: a registered model, ready to predict, after it was proven to be the one that was checked."""

from __future__ import annotations

import tempfile
import weakref
from pathlib import Path
from typing import Any

from nb_mlops.commands.gate import admit_version
from nb_mlops.commands.steps.champion import CHAMPION
from nb_mlops.commands.steps.here import named_root, policy_of, registry_of
from nb_mlops.core.errors import RegistryRefusedError, UsageError
from nb_mlops.outside.registry import shelf
from nb_mlops.outside.registry.shelf import Held, Shelf
from nb_mlops.portable.pickles import pickles


def load_model(
    name_or_uri: str, alias: str = "", *, version: int = 0, registry: str = "", allow_pickle: bool = False
) -> Any:
    """The model at an alias (default `champion`) or of a version, as an MLflow pyfunc model: `.predict(rows)`.

    `name_or_uri` is a registered name, `models:/NAME@ALIAS` or `models:/NAME/VERSION`. Its files are copied, hashed and
    compared with signed evidence before anything of them is loaded; the policy and the keys are those of the project
    here, or of `$NB_MLOPS_GATE_ROOT`. Evidence counts as fresh that was so when the version was registered.

    Raises RegistryRefusedError when the files are not the proven ones or the evidence is not trusted, and when a file
    is a pickle, unless both `allow_pickle` and the policy's `allow-pickle` say that it may be: to unpickle is to run
    what it holds. Raises UsageError for what is not there, RegistryUnreachableError when nobody answers.
    """
    name, alias, version = _named(name_or_uri, alias, version)
    root, uri = registry_of(registry)
    root = named_root() or root
    uri = uri or policy_of(root).registry
    with shelf.opened(uri, root) as opened:
        held = opened.one(name, alias, version)
        place = tempfile.TemporaryDirectory(prefix="nb-mlops-model-")
        try:
            model = _loaded(opened, held, Path(place.name), allow_pickle, root)
        except BaseException:
            place.cleanup()
            raise
    weakref.finalize(model, place.cleanup)  # some flavours read their files when they predict
    return model


def _loaded(opened: Shelf, held: Held, folder: Path, allow_pickle: bool, root: Path) -> Any:
    what = f"Version {held.version} of `{held.name}`"
    copy = opened.copy(held, folder)
    verdict = admit_version(held.name, copy.contents.files, copy.contents.envelopes, root, held.created)
    if not verdict.passed:
        said = " ".join(f"{finding.code} {finding.message}" for finding in verdict.findings)
        raise RegistryRefusedError(f"{what} was not loaded. {said}")
    found = pickles(str(copy.model))
    if found and not (allow_pickle and policy_of(root).allow_pickle):
        raise RegistryRefusedError(
            f"{what} was not loaded: `{found[0]}` is a pickle, and loading it runs whatever it holds.",
            "Save the model with nb_mlops.model(), which writes no pickles. Otherwise the policy's "
            "`allow-pickle = true` and load_model(…, allow_pickle=True) permit it together.",
        )
    return opened.load(copy)


def _named(name_or_uri: str, alias: str, version: int) -> tuple[str, str, int]:
    given = name_or_uri.removeprefix("models:/")
    if given != name_or_uri:
        name, at, in_uri = given.rpartition("@")
        number = "" if at else given.rpartition("/")[2]
        name = name if at else given.rpartition("/")[0]
        if not name or not (at or number.isdigit()):
            raise UsageError(
                f"`{name_or_uri}` names no version of a model.", "Write models:/NAME@ALIAS or models:/NAME/VERSION."
            )
        if alias or version:
            raise UsageError(f"`{name_or_uri}` names a version already.", "Leave out `alias` and `version`.")
        return name, in_uri, int(number or 0)
    return name_or_uri, alias or ("" if version else CHAMPION), version
