"""The premises of a gate: where its registry, its keys and its files lie, and who can get at them."""

from __future__ import annotations

from typing import Any

from nb_mlops.core.value import Struct


class Place(Struct, frozen=True):
    """A file or folder, as people name it, with the bits of its mode that let others write."""

    path: str
    writable: str = ""


class OwnKey(Struct, frozen=True):
    """The private key at hand: its id, its place, whether that is inside the project, and what the project says of it
    ("" for nothing)."""

    key: str
    place: str
    in_project: bool
    assurance: str = ""


class Server(Struct, frozen=True):
    """A registry behind HTTP: whether it answered, whether it is gated, and whether it asks who is there. None: that
    could not be seen."""

    reached: bool
    gated: bool | None = None
    asks_who: bool | None = None


class Manifest(Struct, frozen=True):
    """A YAML document: the file it stands in, and what it holds."""

    path: str
    content: Any


class Autolog(Struct, frozen=True):
    """A call that registers what it logs: the file, and a line in it or in a cell."""

    path: str
    where: str


class Premises(Struct, frozen=True):
    """All that was seen. `registries` are the URIs that the settings and the environment name, with who names them;
    `places` what the gate relies on; `levels` the assurance of each key that is entered and counts today; `unentered`
    are files of keys that git does not track; `in_service`: a CI service runs us; `unread` could not be looked at."""

    registries: tuple[tuple[str, str], ...] = ()
    database: Place | None = None
    places: tuple[Place, ...] = ()
    own_key: OwnKey | None = None
    levels: tuple[str, ...] = ()
    approvers: int = 0
    untracked: tuple[str, ...] = ()
    server: Server | None = None
    manifests: tuple[Manifest, ...] = ()
    autologs: tuple[Autolog, ...] = ()
    in_service: bool = False
    unread: tuple[str, ...] = ()
