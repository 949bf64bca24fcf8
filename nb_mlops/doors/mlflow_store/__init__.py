"""The registry's own store, gated: what no signed evidence speaks for does not become a version, whoever asks.

Whatever is done is entered in the ledger of the same folder (book.py), and the line is kept beside the version as a
tag, so that it can be read from anywhere.

`nbgate+sqlite://…`, `nbgate+postgresql://…` and `nbgate+mysql://…` are MLflow registry URIs of this store. It stands
below the Python client, the REST routes and the UI alike, and asks the judge that `nb-mlops register` asks (judge.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mlflow.entities.model_registry import ModelVersionTag
from mlflow.exceptions import MlflowException
from mlflow.prompt.constants import _PROMPT_SOURCE_PLACEHOLDERS, IS_PROMPT_TAG_KEY
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

from nb_mlops.commands.gate import version_tags
from nb_mlops.commands.orders import open_order
from nb_mlops.commands.steps.here import policy_of
from nb_mlops.core.value import replace
from nb_mlops.doors.mlflow_store.book import Book
from nb_mlops.doors.mlflow_store.judge import judged
from nb_mlops.doors.mlflow_store.place import project_of, root_of
from nb_mlops.doors.mlflow_store.refusal import refusal, refusing
from nb_mlops.doors.mlflow_store.tables import has_versions, held, present
from nb_mlops.evidence.ledger import Act
from nb_mlops.gatekeeper.decide import Verdict
from nb_mlops.outside.registry.address import GATED, OWN, shown
from nb_mlops.outside.registry.moved import settle
from nb_mlops.outside.registry.words import DIGEST_TAG, ONCE_TAG, ORDER_TAG, OUR_TAGS

# Stages that say nothing about use; every other one puts a model to work.
_IDLE_STAGES = ("none", "archived")


class GatedStore(SqlAlchemyStore):  # type: ignore[misc]  # MLflow ships no types
    """MLflow's database store with the gate in front of everything that puts a model into use.

    A refusal is an MlflowException with PERMISSION_DENIED (403 over REST) that names every missing proof.
    """

    def __init__(self, store_uri: str, tracking_uri: str | None = None) -> None:
        database = store_uri.removeprefix(GATED)
        super().__init__(database)
        self.gate_root = root_of(database)
        self.store_shown = shown(store_uri)
        if embedded := project_of(database):
            self.store_shown = OWN  # wherever the project lies
            settle(database, embedded)
        self._book = Book(self, super().set_model_version_tag)

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
        once = any(tag.key == ONCE_TAG for tag in tags or ())
        given = [tag for tag in tags or () if not tag.key.startswith(OUR_TAGS)]
        verdict: Verdict | None = None
        try:
            if _is_prompt(given):
                self._prompt_or_refusal(name, source)
            else:
                self._no_prompt_or_refusal(name)
                verdict = judged(self, name, source)
                given += [ModelVersionTag(key, value) for key, value in version_tags(verdict).items()]
        except MlflowException:
            self._drop_shell(name)
            raise

        def create() -> Any:
            return super(GatedStore, self).create_model_version(
                name, source, run_id, given, run_link, description, local_model_path, model_id
            )

        return self._entered(name, verdict, create, once) if verdict else create()

    def set_registered_model_alias(self, name: str, alias: str, version: str) -> None:
        """Point an alias at a version whose files are still the proven ones."""
        if self._is_prompt_model(name):
            super().set_registered_model_alias(name, alias, version)
            return
        verdict = judged(self, name, self.get_model_version_download_uri(name, version))
        deed = self._book.deed(Act.ALIASED, name, version, alias, grounds=self._book.grounds(verdict))
        if held(self, name, alias) == int(version):
            super().set_registered_model_alias(name, alias, version)
            return
        with self._book.doing(deed) as done:
            deed = replace(deed, held=held(self, name, alias))
            super().set_registered_model_alias(name, alias, version)
            done(deed)

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Take an alias away; what it named is remembered."""
        before = held(self, name, alias)
        if not before or self._is_prompt_model(name):
            super().delete_registered_model_alias(name, alias)
            return
        with self._book.doing(self._book.deed(Act.UNALIASED, name, str(before), alias)) as done:
            super().delete_registered_model_alias(name, alias)
            done(replace(self._book.deed(Act.UNALIASED, name, str(before), alias), held=before))

    def transition_model_version_stage(
        self, name: str, version: str, stage: str, archive_existing_versions: bool
    ) -> Any:
        """Put a version to work only while its files are the proven ones; archiving is free."""
        if stage.strip().lower() not in _IDLE_STAGES:
            self._version_or_refusal(name, version)
        if self._is_prompt_model(name):
            return super().transition_model_version_stage(name, version, stage, archive_existing_versions)
        deed = self._book.deed(Act.STAGED, name, version)
        with self._book.doing(deed) as done:
            changed = super().transition_model_version_stage(name, version, stage, archive_existing_versions)
            done(replace(deed, reason=f"stage `{changed.current_stage}`"))
        return changed

    def rename_registered_model(self, name: str, new_name: str) -> Any:
        """Refused for a model with versions: what was proven was proven under its name."""
        if has_versions(self, name) and not self._is_prompt_model(name):
            raise refusal(
                f"`{name}` has versions, and the evidence speaks for them under this name.",
                f"Register the model as `{new_name}`, and point what uses it there.",
            )
        return super().rename_registered_model(name, new_name)

    def delete_registered_model(self, name: str) -> None:
        """Delete a model without versions; others as `delete_model_version` allows."""
        if has_versions(self, name) and not self._is_prompt_model(name):
            self._deletion_or_refusal(name, "a model with versions")
            with self._book.doing(self._book.deed(Act.DELETED, name)) as done:
                super().delete_registered_model(name)
                done(self._book.deed(Act.DELETED, name))
            return
        super().delete_registered_model(name)

    def delete_model_version(self, name: str, version: str) -> None:
        """Refused unless the policy allows it: who asks why a model was in use needs its version."""
        if self._is_prompt_model(name):
            super().delete_model_version(name, version)
            return
        self._deletion_or_refusal(name, f"version {version}")
        deed = self._book.deed(Act.DELETED, name, version)
        with self._book.doing(deed) as done:
            super().delete_model_version(name, version)
            done(deed)

    def set_model_version_tag(self, name: str, version: str, tag: Any) -> None:
        """Set a tag that neither speaks for the gate nor turns a model into a prompt; carry out an order."""
        if tag.key == ORDER_TAG:
            self._carry_out(name, version, tag.value)
            return
        self._tag_or_refusal(tag.key)
        super().set_model_version_tag(name, version, tag)

    def delete_model_version_tag(self, name: str, version: str, key: str) -> None:
        """Delete a tag that is not the gate's."""
        self._tag_or_refusal(key)
        super().delete_model_version_tag(name, version, key)

    def set_registered_model_tag(self, name: str, tag: Any) -> None:
        """Set a tag; a model with versions stays a model."""
        self._tag_or_refusal(tag.key, prompt_too=has_versions(self, name))
        super().set_registered_model_tag(name, tag)

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Delete a tag; a prompt with versions stays a prompt."""
        self._tag_or_refusal(key, prompt_too=has_versions(self, name))
        super().delete_registered_model_tag(name, key)

    def _entered(self, name: str, verdict: Verdict, create: Callable[[], Any], once: bool) -> Any:
        """A new version with its entry; with `once`, the version that holds these files already where there is one."""
        digest = verdict.dossier.papers.subject
        deed = self._book.deed(Act.REGISTERED, name, digest=digest, grounds=self._book.grounds(verdict))
        with self._book.doing(deed) as done:
            if once and (same := self._same(name, verdict)) is not None:
                self._book.forget()
                return same
            created = create()
            done(replace(deed, version=int(created.version)))
        return self.get_model_version(name, str(created.version))

    def _same(self, name: str, verdict: Verdict) -> Any:
        """The newest version of these very files. Its tag says so, but only its files are believed."""
        standing = present(self, name).versions
        for (_, version), digest in sorted(standing.items(), reverse=True):
            if digest != verdict.dossier.papers.subject:
                continue
            try:
                judged(self, name, self.get_model_version_download_uri(name, str(version)))
            except MlflowException:
                continue
            return self.get_model_version(name, str(version))
        return None

    def _carry_out(self, name: str, version: str, text: str) -> None:
        """Do what a signed order asks for, if the gate lets the version pass as it is today."""
        with refusing():
            order, key, digest = open_order(text, self.gate_root)
        tagged = self.get_model_version(name, version).tags.get(DIGEST_TAG, "")
        if (order.model, order.version, order.digest) != (name, int(version), tagged):
            raise refusal(f"The order is not about version {version} of `{name}` as it stands here.")
        deed = self._book.deed(Act(order.act), name, version, order.alias)
        deed = replace(deed, who=order.who, key=key, reason=order.reason, order=digest)
        if order.act == Act.NOTED:
            with self._book.doing(deed) as done:
                done(deed)
            return
        verdict = judged(self, name, self.get_model_version_download_uri(name, version))
        deed = replace(deed, held=order.held, grounds=self._book.grounds(verdict))
        with self._book.doing(deed) as done:
            if (now := held(self, name, order.alias)) != order.held:
                self._book.forget()
                raise refusal(
                    f"The alias `{order.alias}` of `{name}` names version {now or 'none'}, not {order.held or 'none'} "
                    "as when the order was given: somebody else moved it."
                )
            super().set_registered_model_alias(name, order.alias, version)
            done(deed)

    def _version_or_refusal(self, name: str, version: str) -> None:
        if not self._is_prompt_model(name):
            judged(self, name, self.get_model_version_download_uri(name, version))

    def _prompt_or_refusal(self, name: str, source: str) -> None:
        """A prompt is text under a name of its own: under a model's name it would hide the model's versions."""
        if not self._is_prompt_model(name):
            raise refusal(f"`{name}` is a model, so it takes no prompt.", "Register the prompt under another name.")
        if source not in _PROMPT_SOURCE_PLACEHOLDERS:
            raise refusal(f"The prompt `{name}` has a source, as only a model has.", "Leave out the prompt tag.")

    def _no_prompt_or_refusal(self, name: str) -> None:
        if self._is_prompt_model(name):
            raise refusal(f"`{name}` is a prompt, so it takes no model.", "Register the model under another name.")

    def _is_prompt_model(self, name: str) -> bool:
        return bool(self.get_registered_model(name)._is_prompt())

    def _tag_or_refusal(self, key: str, prompt_too: bool = True) -> None:
        if key.startswith(OUR_TAGS):
            raise refusal(f"The tag `{key}` says what the evidence says, and is set by the gate alone.")
        if prompt_too and key == IS_PROMPT_TAG_KEY:
            raise refusal("A model does not become a prompt, nor a prompt a model.", "Use another name.")

    def _deletion_or_refusal(self, name: str, what: str) -> None:
        if not policy_of(self.gate_root).allow_delete:
            raise refusal(
                f"Without {what} of `{name}` nobody can tell any more why it was in use.",
                "Take its aliases away or archive it; the policy's `allow-delete = true` permits deleting.",
            )

    def _drop_shell(self, name: str) -> None:
        """MLflow creates the model before its first version: a refused first version leaves nothing behind."""
        try:
            if not has_versions(self, name):
                super().delete_registered_model(name)
        except MlflowException:
            pass  # it was never there


def _is_prompt(tags: Iterable[Any]) -> bool:
    return any(tag.key == IS_PROMPT_TAG_KEY for tag in tags)
