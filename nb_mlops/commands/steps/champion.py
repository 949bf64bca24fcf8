"""The version that is now in service: fetched by its alias, its digests compared, nothing of it loaded."""

from __future__ import annotations

from pathlib import Path

from nb_mlops.core.errors import RegistryRefusedError
from nb_mlops.evidence.digest import tree_digest
from nb_mlops.outside import registry
from nb_mlops.outside.artefacts import REGISTRY_NOTES, ArtefactError, hash_tree
from nb_mlops.outside.registry import Fetched

ALIAS = "champion"


def champion(name: str, uri: str, root: Path, folder: Path) -> Fetched | None:
    """The version of `name` at the alias `champion`, fetched into `folder`; None where there is none.

    Raises RegistryUnreachableError, and RegistryRefusedError when its files are not those that were registered.
    """
    if not uri and not registry.own_store(root).exists():
        return None  # nothing was ever registered here, so MLflow need not be asked
    found = registry.fetch(name, ALIAS, uri, root, folder)
    if found is None:
        return None
    what = f"The champion, version {found.version} of `{name}`,"
    try:
        files = hash_tree(found.folder)
    except (ArtefactError, OSError) as error:
        raise RegistryRefusedError(f"{what} cannot be read: {error}") from error
    plain = {path: sha256 for path, sha256 in files.items() if path != REGISTRY_NOTES}
    if found.digest not in (tree_digest(files), tree_digest(plain)):
        raise RegistryRefusedError(
            f"{what} does not have the files that were registered, so it was not loaded.",
            "Move the alias to a version whose files are intact, or register it again.",
        )
    return found
