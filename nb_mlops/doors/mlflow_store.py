"""The registry's own store, gated: what no signed evidence speaks for does not become a version, whoever asks.

Whatever is done is entered in the ledger of the same folder, and the line is kept beside the version as a tag, so that
it can be read from anywhere.

`nbgate+sqlite://…`, `nbgate+postgresql://…` and `nbgate+mysql://…` are MLflow registry URIs of this store. It stands
below the Python client, the REST routes and the UI alike, and asks the judge that `nb-mlops register` asks. The policy
and the known keys are those of one folder: `$NB_MLOPS_GATE_ROOT`, else the project that holds the sqlite file, else
the project of the working directory.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from mlflow.entities.model_registry import ModelVersionTag
from mlflow.exceptions import MlflowException
from mlflow.prompt.constants import _PROMPT_SOURCE_PLACEHOLDERS, IS_PROMPT_TAG_KEY
from mlflow.protos.databricks_pb2 import PERMISSION_DENIED
from mlflow.store.model_registry.dbmodels.models import SqlModelVersion, SqlRegisteredModelAlias
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

from nb_mlops.commands import record
from nb_mlops.commands.gate import admit_version, policy_of, version_tags
from nb_mlops.commands.record import Present
from nb_mlops.core.errors import NbMlopsError
from nb_mlops.core.value import replace
from nb_mlops.evidence.ledger import NOTHING, Act, Deed, Grounds
from nb_mlops.evidence.statement import is_sha256
from nb_mlops.gatekeeper.decide import Verdict
from nb_mlops.outside.artefacts import ArtefactError
from nb_mlops.outside.files import project_root
from nb_mlops.outside.ledger_file import line_digest
from nb_mlops.outside.registry.address import GATED, OWN, shown
from nb_mlops.outside.registry.moved import settle
from nb_mlops.outside.registry.source import contents
from nb_mlops.outside.registry.words import DIGEST_TAG, LINE_TAG, ONCE_TAG, ORDER_TAG, OUR_TAGS, REFUSES

# Stages that say nothing about use; every other one puts a model to work.
_IDLE_STAGES = ("none", "archived")
_DELETED = "Deleted_Internal"
_NO_GROUNDS = Grounds()


class GatedStore(SqlAlchemyStore):  # type: ignore[misc]  # MLflow ships no types
    """MLflow's database store with the gate in front of everything that puts a model into use.

    A refusal is an MlflowException with PERMISSION_DENIED (403 over REST) that names every missing proof.
    """

    def __init__(self, store_uri: str, tracking_uri: str | None = None) -> None:
        database = store_uri.removeprefix(GATED)
        super().__init__(database)
        self.gate_root = _root(database)
        self.store_shown = shown(store_uri)
        self._settled = False
        if embedded := _project_of(database):
            self.store_shown = OWN  # wherever the project lies
            settle(database, embedded)
        if record.interrupted(self.gate_root):
            with contextlib.suppress(MlflowException):  # reading goes on; who writes is told
                self._reconcile()

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
                verdict = self._judged(name, source)
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
        verdict = self._judged(name, self.get_model_version_download_uri(name, version))
        deed = self._deed(Act.ALIASED, name, version, alias, grounds=record.grounds(verdict, self.gate_root))
        if self._held(name, alias) == int(version):
            super().set_registered_model_alias(name, alias, version)
            return
        with self._doing(deed) as done:
            deed = replace(deed, held=self._held(name, alias))
            super().set_registered_model_alias(name, alias, version)
            done(deed)

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Take an alias away; what it named is remembered."""
        held = self._held(name, alias)
        if not held or self._is_prompt_model(name):
            super().delete_registered_model_alias(name, alias)
            return
        with self._doing(self._deed(Act.UNALIASED, name, str(held), alias)) as done:
            super().delete_registered_model_alias(name, alias)
            done(replace(self._deed(Act.UNALIASED, name, str(held), alias), held=held))

    def transition_model_version_stage(
        self, name: str, version: str, stage: str, archive_existing_versions: bool
    ) -> Any:
        """Put a version to work only while its files are the proven ones; archiving is free."""
        if stage.strip().lower() not in _IDLE_STAGES:
            self._version_or_refusal(name, version)
        if self._is_prompt_model(name):
            return super().transition_model_version_stage(name, version, stage, archive_existing_versions)
        deed = self._deed(Act.STAGED, name, version)
        with self._doing(deed) as done:
            changed = super().transition_model_version_stage(name, version, stage, archive_existing_versions)
            done(replace(deed, reason=f"stage `{changed.current_stage}`"))
        return changed

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
            with self._doing(self._deed(Act.DELETED, name)) as done:
                super().delete_registered_model(name)
                done(self._deed(Act.DELETED, name))
            return
        super().delete_registered_model(name)

    def delete_model_version(self, name: str, version: str) -> None:
        """Refused unless the policy allows it: who asks why a model was in use needs its version."""
        if self._is_prompt_model(name):
            super().delete_model_version(name, version)
            return
        self._deletion_or_refusal(name, f"version {version}")
        deed = self._deed(Act.DELETED, name, version)
        with self._doing(deed) as done:
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
        self._tag_or_refusal(tag.key, prompt_too=bool(self._versions(name)))
        super().set_registered_model_tag(name, tag)

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Delete a tag; a prompt with versions stays a prompt."""
        self._tag_or_refusal(key, prompt_too=bool(self._versions(name)))
        super().delete_registered_model_tag(name, key)

    def _entered(self, name: str, verdict: Verdict, create: Callable[[], Any], once: bool) -> Any:
        """A new version with its entry; with `once`, the version that holds these files already where there is one."""
        digest = verdict.dossier.papers.subject
        deed = self._deed(Act.REGISTERED, name, digest=digest, grounds=record.grounds(verdict, self.gate_root))
        with self._doing(deed) as done:
            if once and (same := self._same(name, verdict)) is not None:
                record.forget(self.gate_root)
                return same
            created = create()
            done(replace(deed, version=int(created.version)))
        return self.get_model_version(name, str(created.version))

    def _same(self, name: str, verdict: Verdict) -> Any:
        """The newest version of these very files. Its tag says so, but only its files are believed."""
        present = self._present(name).versions
        for (_, version), digest in sorted(present.items(), reverse=True):
            if digest != verdict.dossier.papers.subject:
                continue
            try:
                self._judged(name, self.get_model_version_download_uri(name, str(version)))
            except MlflowException:
                continue
            return self.get_model_version(name, str(version))
        return None

    def _carry_out(self, name: str, version: str, text: str) -> None:
        """Do what a signed order asks for, if the gate lets the version pass as it is today."""
        try:
            order, key, digest = record.open_order(text, self.gate_root)
        except NbMlopsError as error:
            raise _refusal(str(error), error.remedy) from error
        held = self.get_model_version(name, version).tags.get(DIGEST_TAG, "")
        if (order.model, order.version, order.digest) != (name, int(version), held):
            raise _refusal(f"The order is not about version {version} of `{name}` as it stands here.")
        deed = self._deed(Act(order.act), name, version, order.alias)
        deed = replace(deed, who=order.who, key=key, reason=order.reason, order=digest)
        if order.act == Act.NOTED:
            with self._doing(deed) as done:
                done(deed)
            return
        verdict = self._judged(name, self.get_model_version_download_uri(name, version))
        deed = replace(deed, held=order.held, grounds=record.grounds(verdict, self.gate_root))
        with self._doing(deed) as done:
            if (now := self._held(name, order.alias)) != order.held:
                record.forget(self.gate_root)
                raise _refusal(
                    f"The alias `{order.alias}` of `{name}` names version {now or 'none'}, not {order.held or 'none'} "
                    "as when the order was given: somebody else moved it."
                )
            super().set_registered_model_alias(name, order.alias, version)
            done(deed)

    @contextlib.contextmanager
    def _doing(self, deed: Deed) -> Iterator[Callable[[Deed], None]]:
        """Alone with registry and ledger, the two in step; see `record.recording`."""
        try:
            with record.ledger(self.gate_root).held():
                if not self._settled or record.interrupted(self.gate_root):
                    self._reconcile()
                    self._settled = True
                with record.recording(self.gate_root, deed) as enter:
                    yield lambda done: self._mirror(done, enter(done))
        except MlflowException:
            record.forget(self.gate_root)  # refused by MLflow's own rules, so nothing was written
            raise
        except NbMlopsError as error:
            raise _refusal(str(error), error.remedy) from error

    def _mirror(self, deed: Deed, line: bytes) -> None:
        """Keep a line beside its version, where every client can read it."""
        if deed.version and deed.act != Act.DELETED:
            tag = ModelVersionTag(LINE_TAG + line_digest(line)[:16], line.decode("ascii"))
            super().set_model_version_tag(deed.model, str(deed.version), tag)

    def _reconcile(self) -> None:
        try:
            lines = record.reconcile(self.gate_root, self._present, self._grounds_of, self.store_shown)
        except NbMlopsError as error:
            raise _refusal(str(error), error.remedy) from error
        for deed, line in lines:
            self._mirror(deed, line)

    def _grounds_of(self, name: str, version: int) -> Grounds | None:
        """Why a version that nobody entered may stand, judged as of when it was created; None when it may not."""
        found = self.get_model_version(name, str(version))
        then = datetime.fromtimestamp(found.creation_timestamp / 1000, timezone.utc)
        try:
            return record.grounds(self._judged(name, found.source, then), self.gate_root)
        except MlflowException:
            return None

    def _present(self, name: str = "") -> Present:
        """What stands here: versions that are neither deleted nor prompts, and aliases."""
        versions: dict[tuple[str, int], str] = {}
        aliases: dict[tuple[str, str], int] = {}
        mirrored: list[str] = []
        with self.ManagedSessionMaker() as session:
            rows = self._get_query(session, SqlModelVersion).filter(SqlModelVersion.current_stage != _DELETED)
            for row in rows.filter(SqlModelVersion.name == name) if name else rows:
                tags = {tag.key: tag.value for tag in row.model_version_tags}
                if IS_PROMPT_TAG_KEY in tags:
                    continue
                versions[row.name, int(row.version)] = _digest(tags)
                mirrored += [value for key, value in tags.items() if key.startswith(LINE_TAG)]
            for row in self._get_query(session, SqlRegisteredModelAlias):
                if (row.name, int(row.version)) in versions:
                    aliases[row.name, row.alias] = int(row.version)
        return Present(versions, aliases, tuple(mirrored))

    def _held(self, name: str, alias: str) -> int:
        """The version that an alias names now; 0 for none."""
        with self.ManagedSessionMaker() as session:
            row = self._get_registered_model_alias(session, name, alias)
            return int(row.version) if row is not None else 0

    def _deed(
        self,
        act: Act,
        name: str,
        version: str = "0",
        alias: str = "",
        digest: str = "",
        grounds: Grounds = _NO_GROUNDS,
    ) -> Deed:
        digest = digest or (_digest(self.get_model_version(name, version).tags) if version != "0" else NOTHING)
        who = _asking() or record.user(self.gate_root)
        return Deed(act.value, name, int(version), digest, alias, who=who, store=self.store_shown, grounds=grounds)

    def _judged(self, name: str, source: str, now: datetime | None = None) -> Verdict:
        """The verdict on the files behind `source`; a refusal is raised."""
        try:
            found = contents(source, self.get_model_version_download_uri)
            verdict = admit_version(name, found.files, found.envelopes, self.gate_root, now)
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


def _digest(tags: Mapping[str, str]) -> str:
    """The tree digest that a version is tagged with; the digest of nothing where it has none."""
    digest = tags.get(DIGEST_TAG, "")
    return digest if is_sha256(digest) else NOTHING


def _asking() -> str:
    """Who asks a server, as far as it knows; "" where this is no server."""
    flask = sys.modules.get("flask")
    if flask is None or not flask.has_request_context():
        return ""
    known = flask.request.authorization
    return str(known.username) if known and known.username else "a client of the server"


def _is_prompt(tags: Iterable[Any]) -> bool:
    return any(tag.key == IS_PROMPT_TAG_KEY for tag in tags)


def _root(database: str) -> Path:
    return record.named_root() or _project_of(database) or project_root(".").absolute()


def _project_of(database: str) -> Path | None:
    """The project whose own registry this is."""
    path = Path(database.removeprefix("sqlite:///")) if database.startswith("sqlite:///") else None
    return path.parent.parent.absolute() if path is not None and path.parent.name == ".nb-mlops" else None


def _refusal(message: str, remedy: str = "") -> MlflowException:
    return MlflowException(f"{REFUSES} {message} {remedy}".strip(), error_code=PERMISSION_DENIED)
