"""Keys, signatures and envelopes: ed25519 over DSSE. The private key stays in one file that only its owner can read.

A key id is the sha256 of the public key's DER form (what `openssl pkey -pubin -outform DER | sha256sum` prints).
"""

from __future__ import annotations

import base64
import copy
import hashlib
import importlib
import json
import os
import stat
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nb_mlops.core.errors import MissingExtraError, UsageError
from nb_mlops.core.hashing import is_sha256

PAYLOAD_TYPE = "application/vnd.in-toto+json"
KEY_VARIABLE = "NB_MLOPS_KEY"
_ANOTHER = f"Mend its permissions, or set {KEY_VARIABLE} to a file that you may read."
_PUBLIC = "`nb-mlops keys new --out NAME.pem` writes one beside the private key: `NAME.pub.pem`."


class BadSignatureError(Exception):
    """The envelope is broken, or what it holds is not what was signed."""


class UnknownKeyError(Exception):
    """None of the given keys made the envelope's signatures; `keyid` is the one it names."""

    def __init__(self, keyid: str) -> None:
        super().__init__(keyid)
        self.keyid = keyid


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What verifies: the key id and the key as PEM text."""

    keyid: str
    pem: bytes


@dataclass(frozen=True, slots=True)
class Signer:
    """What signs. `public` may be shown to anybody; the rest never leaves this process."""

    public: PublicKey
    private: Any

    @property
    def keyid(self) -> str:
        """The key id."""
        return self.public.keyid

    def __repr__(self) -> str:
        return f"Signer({self.keyid[:12]}…)"


def key_path() -> Path:
    """Where the private key is: `$NB_MLOPS_KEY`, else below the user's configuration folder."""
    if named := os.environ.get(KEY_VARIABLE):
        return Path(named).expanduser()
    config = os.environ.get("XDG_CONFIG_HOME")
    base = Path(config) if config else Path.home() / ".config"
    return base / "nb-mlops" / "keys" / "ed25519.pem"


def load_or_create_key(command: str = "check") -> Signer:
    """The user's own key, made on first use with mode 0600.

    Raises UsageError when the file is open to others or holds no ed25519 key, MissingExtraError without the library.
    """
    if (found := load_key(command)) is not None:
        return found
    path = key_path()
    make_key(path)
    return _parse(path)


def make_key(path: Path) -> PublicKey:
    """Write a new private key, readable by its owner alone; returns its public half. A key that is there already stays,
    and is the one. Raises UsageError where nothing can be written."""
    _library("keys new")
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_once(path, pem)
    except OSError as error:
        raise UsageError(
            f"No signing key could be made at {path}: {error.strerror}.", f"Set {KEY_VARIABLE} to a writable file."
        ) from error
    return _parse(path).public


def load_key(command: str = "check") -> Signer | None:
    """The user's own key, or None when there is none yet. Raises as `load_or_create_key` does."""
    _library(command)
    path = key_path()
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"The signing key {path} cannot be read: {error.strerror}.", _ANOTHER) from error
    if os.name == "posix" and mode & 0o077:
        raise UsageError(
            f"The signing key {path} can be used by others (mode {mode:04o}), so its signature proves nothing.",
            f"chmod 600 {path} if nobody has copied it; else delete it and check again with a new key.",
        )
    return _parse(path)


def sign(statement: bytes, key: Signer) -> dict[str, Any]:
    """A DSSE envelope around the bytes of a statement, signed."""
    from securesystemslib.dsse import Envelope

    library = _library("check")
    public = library.SSlibKey.from_crypto(key.private.public_key(), key.keyid)
    envelope = Envelope(statement, PAYLOAD_TYPE, {})
    envelope.sign(library.CryptoSigner(key.private, public))
    result: dict[str, Any] = envelope.to_dict()
    return result


def verify(envelope: Mapping[str, Any], keys: Iterable[PublicKey]) -> tuple[str, bytes]:
    """The id of the key that signed, and the payload it signed.

    Raises BadSignatureError when the envelope is malformed or was changed after it was signed, UnknownKeyError when
    none of `keys` is among those it names. The payload is never returned unverified.
    """
    from securesystemslib.dsse import Envelope
    from securesystemslib.exceptions import VerificationError

    named = _named_keys(envelope)
    known = [key for key in keys if key.keyid in named]
    if not known:
        raise UnknownKeyError(named[0])
    try:
        parsed = Envelope.from_dict(copy.deepcopy(dict(envelope)))
        accepted = parsed.verify([_sslib(key) for key in known], 1)
    except (VerificationError, ValueError, KeyError, TypeError) as error:
        raise BadSignatureError("the signature does not fit the content") from error
    payload: bytes = parsed.payload
    return next(iter(accepted)), payload


def open_envelope(data: bytes, keys: Iterable[PublicKey]) -> tuple[str, bytes]:
    """`verify` for an envelope as it lies in a file. Raises as `verify` does."""
    try:
        envelope = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadSignatureError("it is not JSON") from error
    if not isinstance(envelope, dict):
        raise BadSignatureError("it is not a DSSE envelope")
    return verify(envelope, keys)


def unverified(data: bytes) -> bytes:
    """What an envelope holds, whoever signed it: good enough to find one's way, never to be believed.

    Raises BadSignatureError for what is no envelope.
    """
    try:
        return base64.b64decode(json.loads(data)["payload"])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise BadSignatureError("it is not a DSSE envelope") from error


def named_keys(data: bytes) -> list[str]:
    """The ids of the keys that an envelope says it was signed with; nothing is verified, and [] for what is none."""
    try:
        return _named_keys(json.loads(data))
    except (BadSignatureError, ValueError, RecursionError):
        return []


def public_key(pem: bytes) -> PublicKey:
    """A public key from PEM text; its id is worked out, never taken on trust. Raises UsageError."""
    _library("gate")
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise UsageError("This is not a public key in PEM form.", _PUBLIC) from error
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError("This public key is not an ed25519 key.", _PUBLIC)
    return _public(key)


def _library(command: str) -> Any:
    """securesystemslib's signers (its re-exports are unknown to type checkers, hence Any)."""
    try:
        importlib.import_module("cryptography.hazmat.primitives.asymmetric.ed25519")
        return importlib.import_module("securesystemslib.signer")
    except ImportError as error:
        raise MissingExtraError(command, "check", "securesystemslib[crypto]") from error


def _parse(path: Path) -> Signer:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    remedy = f"Delete it and check again with a new key, or set {KEY_VARIABLE} to another file."
    try:
        private = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise UsageError(f"The signing key {path} cannot be read: {error.strerror}.", _ANOTHER) from error
    except (ValueError, TypeError) as error:
        raise UsageError(f"The signing key {path} is not an unencrypted private key in PEM form.", remedy) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise UsageError(f"The signing key {path} is not an ed25519 key.", remedy)
    return Signer(_public(private.public_key()), private)


def _public(key: Any) -> PublicKey:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(hashlib.sha256(der).hexdigest(), pem)


def _sslib(key: PublicKey) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    return _library("gate").SSlibKey.from_crypto(load_pem_public_key(key.pem), key.keyid)


def _named_keys(envelope: Mapping[str, Any]) -> list[str]:
    match envelope:
        case {"payload": str(), "payloadType": str(kind), "signatures": [_, *_] as signatures, **more}:
            if not more and kind == PAYLOAD_TYPE and all(_is_signature(s) for s in signatures):
                return [signature["keyid"] for signature in signatures]
    raise BadSignatureError("it is not a DSSE envelope around an in-toto statement")


def _is_signature(value: Any) -> bool:
    match value:
        case {"keyid": str(keyid), "sig": str(), **more}:
            return not more and is_sha256(keyid)  # ids are shown to people, so not just any text will do
    return False


def _write_once(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 whole or not at all; where two make it at once, the first one stays."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
