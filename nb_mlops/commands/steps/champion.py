"""The version that is now in service: fetched by its alias, its digests compared, nothing of it loaded."""

from __future__ import annotations

from pathlib import Path

from nb_mlops.core.errors import RegistryRefusedError
from nb_mlops.core.value import Struct
from nb_mlops.evidence.digest import tree_digest
from nb_mlops.outside.artefacts import REGISTRY_NOTES
from nb_mlops.outside.registry.address import own_store
from nb_mlops.outside.registry.shelf import opened

# The alias of the version that is in service, unless somebody says otherwise.
CHAMPION = "champion"


class Champion(Struct, frozen=True):
    """The number of the version that is in service, and a copy of its files."""

    version: str
    folder: Path


def champion(name: str, uri: str, root: Path, folder: Path) -> Champion | None:
    """The version of `name` at the alias `champion`, fetched into `folder`; None where there is none.

    Raises RegistryUnreachableError, and RegistryRefusedError when its files are not those that were registered.
    """
    if not uri and not own_store(root).exists():
        return None  # nothing was ever registered here, so MLflow need not be asked
    with opened(uri, root) as shelf:
        held = shelf.at(name, CHAMPION)
        if held is None:
            return None
        copy = shelf.copy(held, folder)
    files = copy.contents.files
    plain = {path: sha256 for path, sha256 in files.items() if path != REGISTRY_NOTES}
    if held.digest not in (tree_digest(files), tree_digest(plain)):
        raise RegistryRefusedError(
            f"The champion, version {held.version} of `{name}`, does not have the files that were registered, so it "
            "was not loaded.",
            "Move the alias to a version whose files are intact, or register it again.",
        )
    return Champion(str(held.version), copy.model)
