"""What a search for secrets in a text comes back with."""

from __future__ import annotations

from enum import Enum

from nb_mlops.core.finding import Confidence
from nb_mlops.core.value import Struct


class Kind(str, Enum):
    """What gave a secret away."""

    TOKEN = "provider token"
    PRIVATE_KEY = "private key"
    WEB_TOKEN = "JSON web token"
    URL = "password in a URL"
    CONNECTION = "connection string"
    NAMED = "named value"
    PAIR = "key pair"
    ACCOUNT = "service account"
    HEADER = "header"
    HASH = "password hash"


class Match(Struct, frozen=True):
    """One secret in a text: where its value stands, what it is called, what to do now, and what told so.

    `env` is the environment variable it belongs in; `source` the issuer's page, where there is one.
    """

    kind: Kind
    start: int
    end: int
    confidence: Confidence
    title: str
    leaked: str
    env: str
    why: tuple[str, ...]
    name: str = ""
    source: str = ""
