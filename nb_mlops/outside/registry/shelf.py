"""What stands in a model registry: found, fetched, and pointed at."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from nb_mlops.core.errors import NothingToDoError, RegistryRefusedError, UsageError
from nb_mlops.core.value import Struct
from nb_mlops.outside.artefacts import ArtefactError
from nb_mlops.outside.registry.address import GATED, is_server, own_database, own_store, place
from nb_mlops.outside.registry.client import reached
from nb_mlops.outside.registry.source import Contents, fetched
from nb_mlops.outside.registry.words import DIGEST_TAG, LINE_TAG, ORDER_TAG

_PAGE = 1000


class Held(Struct, frozen=True):
    """A registered version. `lines` are the entries of the registry's own ledger that are about it; `gated` registries
    have one."""

    name: str
    version: int
    digest: str
    aliases: tuple[str, ...]
    created: datetime
    run: str
    stage: str
    tags: dict[str, str]
    lines: tuple[str, ...] = ()

    @property
    def gated(self) -> bool:
        """Whether a gate let it in that keeps a ledger of its own."""
        return bool(self.lines)


class Copy(Struct, frozen=True):
    """A version's files as they were fetched: nobody changes them any more."""

    model: Path
    contents: Contents


class Shelf:
    """A registry, opened by `opened`."""

    def __init__(self, client: Any, tracking: str, place: str) -> None:
        self._client = client
        self._tracking = tracking
        self.place = place

    def versions(self, name: str = "") -> tuple[Held, ...]:
        """Every version, or those of one model, by name and number. Prompts are none."""
        aliases = self._aliases(name)
        found = [self._held(item, aliases) for item in self._pages("search_model_versions", name)]
        return tuple(sorted(found, key=lambda held: (held.name, held.version)))

    def one(self, name: str, alias: str = "", version: int = 0) -> Held:
        """The version at an alias, or of a number. Raises UsageError that says what there is instead."""
        held = self.versions(name)
        if not held:
            known = sorted({other.name for other in self.versions()})
            raise UsageError(f"There is no model `{name}` in {self.place}.", f"It has: {', '.join(known) or 'none'}.")
        for one in held:
            if one.version == version or (not version and alias in one.aliases):
                return one
        aliases = [f"@{alias} (version {one.version})" for one in held for alias in one.aliases]
        what = f"version {version}" if version else f"alias `{alias}`"
        there = f"versions {', '.join(str(one.version) for one in held)}; aliases {', '.join(aliases) or 'none'}"
        raise UsageError(f"`{name}` has no {what} in {self.place}.", f"It has {there}.")

    def at(self, name: str, alias: str) -> Held | None:
        """The version that an alias names; None where it names none."""
        return next((held for held in self.versions(name) if alias in held.aliases), None)

    @contextlib.contextmanager
    def copied(self, held: Held) -> Iterator[Copy]:
        """A version's files in a folder that goes when the block is left."""
        with tempfile.TemporaryDirectory(prefix="nb-mlops-") as folder:
            yield self.copy(held, Path(folder))

    def copy(self, held: Held, folder: Path) -> Copy:
        """A version's files below `folder`, which may be new. Raises RegistryRefusedError when they are not one plain
        tree any more."""
        place = self._client.get_model_version_download_uri(held.name, str(held.version))
        folder.mkdir(exist_ok=True)
        try:
            found = fetched(place, self._client.get_model_version_download_uri, self._tracking, folder)
        except ArtefactError as error:
            raise RegistryRefusedError(
                f"Version {held.version} of `{held.name}` cannot be judged. {error}",
                "Somebody changed its files where the registry keeps them. Register the model again.",
            ) from error
        return Copy(folder / "model", found)

    def load(self, copy: Copy) -> Any:
        """The model in a folder. Only for files that are proven: loading may run code that they hold."""
        import mlflow.pyfunc

        return mlflow.pyfunc.load_model(str(copy.model))

    def hand(self, held: Held, order: str, alias: str) -> bool:
        """Hand an order, which may be to move an alias, to the registry.

        False when it has no gate that could act on it: then nothing was done.
        """
        self._client.set_model_version_tag(held.name, str(held.version), ORDER_TAG, order)
        tags = self._client.get_model_version(held.name, str(held.version)).tags
        if ORDER_TAG not in tags:
            if alias and is_server(self._tracking):
                self.point(held, alias)  # it is there already: this is what a server's webhooks listen for
            return True
        self._client.delete_model_version_tag(held.name, str(held.version), ORDER_TAG)
        return False

    def point(self, held: Held, alias: str) -> None:
        """Let an alias name this version."""
        self._client.set_registered_model_alias(held.name, alias, str(held.version))

    def _aliases(self, name: str) -> dict[tuple[str, int], tuple[str, ...]]:
        found: dict[tuple[str, int], tuple[str, ...]] = {}
        for model in self._pages("search_registered_models", name):
            for alias, version in sorted(model.aliases.items()):
                key = (model.name, int(version))
                found[key] = (*found.get(key, ()), alias)
        return found

    def _pages(self, what: str, name: str) -> Iterator[Any]:
        token = None
        wanted = f"name = '{name}'" if name else None
        while True:
            page = getattr(self._client, what)(filter_string=wanted, max_results=_PAGE, page_token=token)
            yield from page
            token = page.token
            if not token:
                return

    def _held(self, item: Any, aliases: dict[tuple[str, int], tuple[str, ...]]) -> Held:
        version = int(item.version)
        return Held(
            name=item.name,
            version=version,
            digest=item.tags.get(DIGEST_TAG, ""),
            aliases=aliases.get((item.name, version), ()),
            created=datetime.fromtimestamp(item.creation_timestamp / 1000, timezone.utc),
            run=item.run_id or "",
            stage=str(item.current_stage),
            tags={key: value for key, value in item.tags.items() if not key.startswith(LINE_TAG)},
            lines=tuple(value for key, value in item.tags.items() if key.startswith(LINE_TAG)),
        )


@contextlib.contextmanager
def opened(uri: str, root: Path) -> Iterator[Shelf]:
    """The registry at `uri` (empty: the project's own below `root`). Raises as `reached`, and NothingToDoError where
    the project has none yet."""
    if not uri and not own_store(root).is_file():
        raise NothingToDoError("Nothing was registered in this project yet.", "nb-mlops register NOTEBOOK")
    with reached(uri, root) as client:
        yield Shelf(client, uri.removeprefix(GATED) or own_database(root), place(uri, root))
