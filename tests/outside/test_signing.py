from __future__ import annotations

import base64
import copy
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from nb_mlops.core.errors import MissingExtraError, UsageError
from nb_mlops.outside.signing import (
    BadSignatureError,
    UnknownKeyError,
    key_path,
    load_key,
    load_or_create_key,
    public_key,
    sign,
    verify,
)

STATEMENT = b'{"_type":"https://in-toto.io/Statement/v1"}'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("NB_MLOPS_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def test_a_key_is_made_on_first_use_for_its_owner_alone_and_then_kept(home: Path) -> None:
    assert load_key() is None
    first = load_or_create_key()
    path = home / "nb-mlops" / "keys" / "ed25519.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert load_or_create_key().keyid == first.keyid
    assert [p.name for p in path.parent.iterdir()] == ["ed25519.pem"]


def test_the_variable_names_another_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NB_MLOPS_KEY", str(home / "elsewhere" / "ci.pem"))
    load_or_create_key()
    assert (home / "elsewhere" / "ci.pem").exists() and not (home / "nb-mlops").exists()


def test_without_a_variable_the_key_lives_in_the_home_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(home))
    assert key_path() == home / ".config" / "nb-mlops" / "keys" / "ed25519.pem"


def test_the_key_id_is_the_sha256_of_the_public_key(home: Path) -> None:
    signer = load_or_create_key()
    der = signer.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert signer.keyid == hashlib.sha256(der).hexdigest() == public_key(signer.public.pem).keyid


def test_nothing_private_shows_when_a_signer_is_printed(home: Path) -> None:
    signer = load_or_create_key()
    assert repr(signer) == f"Signer({signer.keyid[:12]}…)"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o606])
def test_a_key_that_others_can_use_is_an_error_that_says_what_to_do(home: Path, mode: int) -> None:
    load_or_create_key()
    key_path().chmod(mode)
    with pytest.raises(UsageError, match="can be used by others") as caught:
        load_or_create_key()
    assert "chmod 600" in caught.value.remedy


def broken() -> bytes:
    return b"not a key"


def elliptic() -> bytes:
    return generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def encrypted() -> bytes:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word"))


@pytest.mark.parametrize("make", [broken, elliptic, encrypted, bytes])
def test_a_file_that_holds_no_usable_key_is_an_error_and_stays_as_it_is(home: Path, make: Callable[[], bytes]) -> None:
    data = make()
    key_path().parent.mkdir(parents=True)
    key_path().write_bytes(data)
    key_path().chmod(0o600)
    with pytest.raises(UsageError, match="signing key"):
        load_or_create_key()
    assert key_path().read_bytes() == data


def test_processes_that_make_the_key_at_once_all_get_the_same_one(home: Path) -> None:
    script = "from nb_mlops.outside.signing import load_or_create_key as k; print(k().keyid)"
    started = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) for _ in range(4)]
    assert len({process.communicate()[0] for process in started}) == 1


def test_what_was_signed_verifies_and_comes_back(home: Path) -> None:
    signer = load_or_create_key()
    envelope = json.loads(json.dumps(sign(STATEMENT, signer)))
    before = copy.deepcopy(envelope)
    assert verify(envelope, [signer.public]) == (signer.keyid, STATEMENT)
    assert envelope == before
    assert envelope["payloadType"] == "application/vnd.in-toto+json"


def flipped(text: str) -> str:
    data = bytearray(base64.b64decode(text))
    data[0] ^= 1
    return base64.b64encode(bytes(data)).decode()


def changed_payload(envelope: dict[str, Any]) -> None:
    envelope["payload"] = flipped(envelope["payload"])


def changed_signature(envelope: dict[str, Any]) -> None:
    envelope["signatures"][0]["sig"] = flipped(envelope["signatures"][0]["sig"])


def other_type(envelope: dict[str, Any]) -> None:
    envelope["payloadType"] = "text/plain"


def no_signature(envelope: dict[str, Any]) -> None:
    envelope["signatures"] = []


def unknown_field(envelope: dict[str, Any]) -> None:
    envelope["note"] = "trust me"


def unknown_signature_field(envelope: dict[str, Any]) -> None:
    envelope["signatures"][0]["cert"] = "x"


def not_base64(envelope: dict[str, Any]) -> None:
    envelope["payload"] = "§§"


def number_as_signature(envelope: dict[str, Any]) -> None:
    envelope["signatures"][0]["sig"] = 3


@pytest.mark.parametrize(
    "edit",
    [
        changed_payload,
        changed_signature,
        other_type,
        no_signature,
        unknown_field,
        unknown_signature_field,
        not_base64,
        number_as_signature,
    ],
)
def test_an_envelope_that_was_edited_does_not_verify(home: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    signer = load_or_create_key()
    envelope = sign(STATEMENT, signer)
    edit(envelope)
    with pytest.raises(BadSignatureError):
        verify(envelope, [signer.public])


def test_a_signature_by_another_key_is_told_apart_from_an_edited_statement(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = load_or_create_key()
    monkeypatch.setenv("NB_MLOPS_KEY", str(home / "other.pem"))
    other = load_or_create_key()
    with pytest.raises(UnknownKeyError) as caught:
        verify(sign(STATEMENT, other), [mine.public])
    assert caught.value.keyid == other.keyid
    pretending = sign(STATEMENT, other)
    pretending["signatures"][0]["keyid"] = mine.keyid
    with pytest.raises(BadSignatureError):
        verify(pretending, [mine.public])


def test_text_that_is_no_ed25519_public_key_is_refused() -> None:
    curve = generate_private_key(SECP256R1()).public_key()
    for pem in (b"no", curve.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)):
        with pytest.raises(UsageError):
            public_key(pem)


def test_without_the_library_the_extra_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "securesystemslib.signer", None)
    with pytest.raises(MissingExtraError, match="`nb-mlops gate`") as caught:
        load_key("gate")
    assert caught.value.remedy == 'pip install "nb-mlops[check]"'
