"""What stands in the tables of a registry, read as MLflow's own store reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlflow.prompt.constants import IS_PROMPT_TAG_KEY
from mlflow.store.model_registry.dbmodels.models import SqlModelVersion, SqlRegisteredModelAlias

from nb_mlops.commands.record import Present
from nb_mlops.core.hashing import is_sha256
from nb_mlops.evidence.ledger import NOTHING
from nb_mlops.outside.registry.words import DIGEST_TAG, LINE_TAG

_DELETED = "Deleted_Internal"


def present(store: Any, name: str = "") -> Present:
    """What stands there, of all models or of one: versions that are neither deleted nor prompts, and aliases."""
    versions: dict[tuple[str, int], str] = {}
    aliases: dict[tuple[str, str], int] = {}
    mirrored: list[str] = []
    with store.ManagedSessionMaker() as session:
        rows = store._get_query(session, SqlModelVersion).filter(SqlModelVersion.current_stage != _DELETED)
        for row in rows.filter(SqlModelVersion.name == name) if name else rows:
            tags = {tag.key: tag.value for tag in row.model_version_tags}
            if IS_PROMPT_TAG_KEY in tags:
                continue
            versions[row.name, int(row.version)] = digest_in(tags)
            mirrored += [value for key, value in tags.items() if key.startswith(LINE_TAG)]
        for row in store._get_query(session, SqlRegisteredModelAlias):
            if (row.name, int(row.version)) in versions:
                aliases[row.name, row.alias] = int(row.version)
    return Present(versions, aliases, tuple(mirrored))


def held(store: Any, name: str, alias: str) -> int:
    """The version that an alias names now; 0 for none."""
    with store.ManagedSessionMaker() as session:
        row = store._get_registered_model_alias(session, name, alias)
        return int(row.version) if row is not None else 0


def has_versions(store: Any, name: str) -> bool:
    """Whether there is or was any version, a prompt's too."""
    with store.ManagedSessionMaker() as session:
        rows = store._get_query(session, SqlModelVersion).filter(SqlModelVersion.name == name)
        return rows.first() is not None


def digest_in(tags: Mapping[str, str]) -> str:
    """The tree digest that a version is tagged with; the digest of nothing where it has none."""
    digest = tags.get(DIGEST_TAG, "")
    return digest if is_sha256(digest) else NOTHING
