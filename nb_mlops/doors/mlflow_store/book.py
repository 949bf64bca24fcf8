"""The ledger beside a registry's tables, the two kept in step."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

from mlflow.entities.model_registry import ModelVersionTag
from mlflow.exceptions import MlflowException

from nb_mlops.commands import record
from nb_mlops.commands.steps.here import user
from nb_mlops.doors.mlflow_store.judge import judged
from nb_mlops.doors.mlflow_store.place import asking
from nb_mlops.doors.mlflow_store.refusal import refusing
from nb_mlops.doors.mlflow_store.tables import digest_in, present
from nb_mlops.evidence.ledger import NOTHING, Act, Deed, Grounds
from nb_mlops.gatekeeper.decide import Verdict
from nb_mlops.outside.ledger_file import line_digest
from nb_mlops.outside.registry.words import LINE_TAG

_NO_GROUNDS = Grounds()


class Book:
    """What is done to a store, entered; each line is kept beside its version as a tag, so that any client can read it.

    `set_tag` writes a version's tag past the gate, which lets nobody write these.
    """

    def __init__(self, store: Any, set_tag: Callable[[str, str, Any], None]) -> None:
        self._store, self._root, self._set_tag = store, store.gate_root, set_tag
        self._settled = False
        if record.interrupted(self._root):
            with contextlib.suppress(MlflowException):  # reading goes on; who writes is told
                self._reconcile()

    def deed(
        self,
        act: Act,
        name: str,
        version: str = "0",
        alias: str = "",
        digest: str = "",
        grounds: Grounds = _NO_GROUNDS,
    ) -> Deed:
        """What is about to be done, and by whom."""
        if not digest:
            digest = digest_in(self._store.get_model_version(name, version).tags) if version != "0" else NOTHING
        who = asking() or user(self._root)
        shown = self._store.store_shown
        return Deed(act.value, name, int(version), digest, alias, who=who, store=shown, grounds=grounds)

    @contextlib.contextmanager
    def doing(self, deed: Deed) -> Iterator[Callable[[Deed], None]]:
        """Alone with registry and ledger, the two in step; see `record.recording`."""
        with refusing():
            try:
                with record.ledger(self._root).held():
                    if not self._settled or record.interrupted(self._root):
                        self._reconcile()
                        self._settled = True
                    with record.recording(self._root, deed) as enter:
                        yield lambda done: self._mirror(done, enter(done))
            except MlflowException:
                self.forget()  # refused by MLflow's own rules, so nothing was written
                raise

    def forget(self) -> None:
        """What was announced is not going to be done."""
        record.forget(self._root)

    def grounds(self, verdict: Verdict) -> Grounds:
        """Why the gate was open, in the ledger's words."""
        return record.grounds(verdict, self._root)

    def _mirror(self, deed: Deed, line: bytes) -> None:
        """Keep a line beside its version, where every client can read it."""
        if deed.version and deed.act != Act.DELETED:
            tag = ModelVersionTag(LINE_TAG + line_digest(line)[:16], line.decode("ascii"))
            self._set_tag(deed.model, str(deed.version), tag)

    def _reconcile(self) -> None:
        shown = self._store.store_shown
        with refusing():
            lines = record.reconcile(self._root, lambda: present(self._store), self._grounds_of, shown)
        for deed, line in lines:
            self._mirror(deed, line)

    def _grounds_of(self, name: str, version: int) -> Grounds | None:
        """Why a version that nobody entered may stand, judged as of when it was created; None when it may not."""
        found = self._store.get_model_version(name, str(version))
        then = datetime.fromtimestamp(found.creation_timestamp / 1000, timezone.utc)
        try:
            return self.grounds(judged(self._store, name, found.source, then))
        except MlflowException:
            return None
