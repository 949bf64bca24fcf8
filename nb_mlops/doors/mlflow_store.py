"""The registry's own store, gated: what no signed evidence speaks for does not become a version, whoever asks.

`nbgate+sqlite://…`, `nbgate+postgresql://…` and `nbgate+mysql://…` are MLflow registry URIs of this store. It stands
below the Python client, the REST routes and the UI alike, and asks the judge that `nb-mlops register` asks. The policy
and the known keys are those of one folder: `$NB_MLOPS_GATE_ROOT`, else the project that holds the sqlite file, else
the project of the working directory.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from mlflow.entities.model_registry import ModelVersionTag
from mlflow.exceptions import MlflowException
from mlflow.prompt.constants import _PROMPT_SOURCE_PLACEHOLDERS, IS_PROMPT_TAG_KEY
from mlflow.protos.databricks_pb2 import PERMISSION_DENIED
from mlflow.store.model_registry.dbmodels.models import SqlModelVersion
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

from nb_mlops.commands.gate import admit_version, policy_of, version_tags
from nb_mlops.core.errors import NbMlopsError
from nb_mlops.gatekeeper.decide import Verdict
from nb_mlops.outside.artefacts import ArtefactError
from nb_mlops.outside.files import project_root
from nb_mlops.outside.registry import GATED, REFUSES
from nb_mlops.outside.version_source import contents

ROOT_VARIABLE = "NB_MLOPS_GATE_ROOT"
OUR_TAGS = "nb_mlops."
# Stages that say nothing about use; every other one puts a model to work.
_IDLE_STAGES = ("none", "archived")


class GatedStore(SqlAlchemyStore):  # type: ignore[misc]  # MLflow ships no types
    """MLflow's database store with the gate in front of everything that puts a model into use.

    A refusal is an MlflowException with PERMISSION_DENIED (403 over REST) that names every missing proof.
    """

    def __init__(self, store_uri: str, tracking_uri: str | None = None) -> None:
        database = store_uri.removeprefix(GATED)
        super().__init__(database)
        self.gate_root = _root(database)

    def create_model_version(
        self,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: Sequence[Any] | None = None,
        run_link: str | None = None,
        description: str | None = None,
        local_model_path: str | None = None,
        model_id: str | None = None,
    ) -> Any:
        """Create a version when its files are proven; its `nb_mlops.` tags are what the evidence says."""
        given = [tag for tag in tags or () if not tag.key.startswith(OUR_TAGS)]
        try:
            if _is_prompt(given):
                self._prompt_or_refusal(name, source)
            else:
                self._no_prompt_or_refusal(name)
                verdict = self._judged(name, source)
                given += [ModelVersionTag(key, value) for key, value in version_tags(verdict).items()]
        except MlflowException:
            self._drop_shell(name)
            raise
        return super().create_model_version(
            name, source, run_id, given, run_link, description, local_model_path, model_id
        )

    def set_registered_model_alias(self, name: str, alias: str, version: str) -> None:
        """Point an alias at a version whose files are still the proven ones."""
        self._version_or_refusal(name, version)
        super().set_registered_model_alias(name, alias, version)

    def transition_model_version_stage(
        self, name: str, version: str, stage: str, archive_existing_versions: bool
    ) -> Any:
        """Put a version to work only while its files are the proven ones; archiving is free."""
        if stage.strip().lower() not in _IDLE_STAGES:
            self._version_or_refusal(name, version)
        return super().transition_model_version_stage(name, version, stage, archive_existing_versions)

    def rename_registered_model(self, name: str, new_name: str) -> Any:
        """Refused for a model with versions: what was proven was proven under its name."""
        if self._versions(name) and not self._is_prompt_model(name):
            raise _refusal(
                f"`{name}` has versions, and the evidence speaks for them under this name.",
                f"Register the model as `{new_name}`, and point what uses it there.",
            )
        return super().rename_registered_model(name, new_name)

    def delete_registered_model(self, name: str) -> None:
        """Delete a model without versions; others as `delete_model_version` allows."""
        if self._versions(name) and not self._is_prompt_model(name):
            self._deletion_or_refusal(name, "a model with versions")
        super().delete_registered_model(name)

    def delete_model_version(self, name: str, version: str) -> None:
        """Refused unless the policy allows it: who asks why a model was in use needs its version."""
        if not self._is_prompt_model(name):
            self._deletion_or_refusal(name, f"version {version}")
        super().delete_model_version(name, version)

    def set_model_version_tag(self, name: str, version: str, tag: Any) -> None:
        """Set a tag that neither speaks for the gate nor turns a model into a prompt."""
        self._tag_or_refusal(tag.key)
        super().set_model_version_tag(name, version, tag)

    def delete_model_version_tag(self, name: str, version: str, key: str) -> None:
        """Delete a tag that is not the gate's."""
        self._tag_or_refusal(key)
        super().delete_model_version_tag(name, version, key)

    def set_registered_model_tag(self, name: str, tag: Any) -> None:
        """Set a tag; a model with versions stays a model."""
        self._tag_or_refusal(tag.key, prompt_too=bool(self._versions(name)))
        super().set_registered_model_tag(name, tag)

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Delete a tag; a prompt with versions stays a prompt."""
        self._tag_or_refusal(key, prompt_too=bool(self._versions(name)))
        super().delete_registered_model_tag(name, key)

    def _judged(self, name: str, source: str) -> Verdict:
        """The verdict on the files behind `source`; a refusal is raised."""
        try:
            found = contents(source, self.get_model_version_download_uri)
            verdict = admit_version(name, found.files, found.envelopes, self.gate_root)
        except ArtefactError as error:
            raise _refusal(f"The model for `{name}` cannot be judged. {error}", error.remedy) from error
        except NbMlopsError as error:
            raise _refusal(f"`{name}` cannot be judged: {error}", error.remedy) from error
        if not verdict.passed:
            said = " ".join(f"{finding.code} {finding.message}" for finding in verdict.findings)
            raise _refusal(f"`{name}`: {said}")
        return verdict

    def _version_or_refusal(self, name: str, version: str) -> None:
        if not self._is_prompt_model(name):
            self._judged(name, self.get_model_version_download_uri(name, version))

    def _prompt_or_refusal(self, name: str, source: str) -> None:
        """A prompt is text under a name of its own: under a model's name it would hide the model's versions."""
        if not self._is_prompt_model(name):
            raise _refusal(f"`{name}` is a model, so it takes no prompt.", "Register the prompt under another name.")
        if source not in _PROMPT_SOURCE_PLACEHOLDERS:
            raise _refusal(f"The prompt `{name}` has a source, as only a model has.", "Leave out the prompt tag.")

    def _no_prompt_or_refusal(self, name: str) -> None:
        if self._is_prompt_model(name):
            raise _refusal(f"`{name}` is a prompt, so it takes no model.", "Register the model under another name.")

    def _is_prompt_model(self, name: str) -> bool:
        return bool(self.get_registered_model(name)._is_prompt())

    def _versions(self, name: str) -> bool:
        """Whether there is or was any version, a prompt's too."""
        with self.ManagedSessionMaker() as session:
            rows = self._get_query(session, SqlModelVersion).filter(SqlModelVersion.name == name)
            return rows.first() is not None

    def _tag_or_refusal(self, key: str, prompt_too: bool = True) -> None:
        if key.startswith(OUR_TAGS):
            raise _refusal(f"The tag `{key}` says what the evidence says, and is set by the gate alone.")
        if prompt_too and key == IS_PROMPT_TAG_KEY:
            raise _refusal("A model does not become a prompt, nor a prompt a model.", "Use another name.")

    def _deletion_or_refusal(self, name: str, what: str) -> None:
        if not policy_of(self.gate_root).allow_delete:
            raise _refusal(
                f"Without {what} of `{name}` nobody can tell any more why it was in use.",
                "Take its aliases away or archive it; the policy's `allow-delete = true` permits deleting.",
            )

    def _drop_shell(self, name: str) -> None:
        """MLflow creates the model before its first version: a refused first version leaves nothing behind."""
        try:
            if not self._versions(name):
                super().delete_registered_model(name)
        except MlflowException:
            pass  # it was never there


def _is_prompt(tags: Iterable[Any]) -> bool:
    return any(tag.key == IS_PROMPT_TAG_KEY for tag in tags)


def _root(database: str) -> Path:
    if named := os.environ.get(ROOT_VARIABLE):
        return Path(named)
    path = Path(database.removeprefix("sqlite:///")) if database.startswith("sqlite:///") else None
    if path is not None and path.parent.name == ".nb-mlops":
        return path.parent.parent.absolute()
    return project_root(".")


def _refusal(message: str, remedy: str = "") -> MlflowException:
    return MlflowException(f"{REFUSES} {message} {remedy}".strip(), error_code=PERMISSION_DENIED)
