"""What only looks like a secret or a personal value (family ""): whoever speaks up here is wrong."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Callable
from random import Random

from planting.frame import Kind, Plant

_LIST = "amber basin cedar delta ember fjord grove haven ivory jetty kelp lemon maple north ocean pearl quartz river"
_WORDS = _LIST.split()
LOWER, UPPER, DIGITS = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"


def text(chance: Random, alphabet: str, size: int) -> str:
    """`size` characters of an alphabet."""
    return "".join(chance.choice(alphabet) for _ in range(size))


def hexadecimal(size: int) -> Callable[[Random], str]:
    """Makes hexadecimal texts."""
    return lambda chance: text(chance, "0123456789abcdef", size)


def _plain(name: str, make: Callable[[Random], str], *names: str) -> Kind:
    return Kind(name, "", lambda chance: Plant(make(chance), chance.choice(names)), "not a secret")


def _placeholder(chance: Random) -> str:
    prefix = chance.choice(["sk" + "-", "hf" + "_", "gh" + "p_", "AK" + "IA", "", "", "glpat" + "-"])
    return chance.choice(
        [
            prefix + "x" * 32,
            prefix + "X" * 20,
            "YOUR_API_KEY_HERE",
            "your-secret-token",
            "<your token here>",
            "changeme",
            "${API_KEY}",
            "{{ api_key }}",
            "INSERT-KEY-HERE",
            "*" * 24,
            prefix + "...",
            "replace_me_with_your_key",
            "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            "ENTER YOUR PASSWORD",
            "my-secret-key",
            "abcdefghijklmnopqrstuvwxyz123456",
            "1234567890abcdef1234567890abcdef",
            "example-token-123",
        ]
    )


def _sri(chance: Random) -> str:
    return "sha384-" + base64.b64encode(chance.randbytes(48)).decode()


def _cell_id(chance: Random) -> str:
    return text(chance, LOWER + UPPER + DIGITS + "-_", 12)


def _floats(chance: Random) -> str:
    return " ".join(f"{chance.gauss(0, 1):.16f}" for _ in range(8))


def _version(chance: Random) -> str:
    return f"{chance.randint(0, 9)}.{chance.randint(0, 30)}.{chance.randint(0, 20)}.post{chance.randint(1, 99999999)}"


def _path(chance: Random) -> str:
    return "/data/" + "/".join(chance.sample(_WORDS, 4)) + ".parquet"


def _url(chance: Random) -> str:
    return (
        f"https://{chance.choice(_WORDS)}.example.org/{'/'.join(chance.sample(_WORDS, 3))}?page={chance.randint(1, 99)}"
    )


def _local_url(chance: Random) -> str:
    return chance.choice(
        [
            "postgresql://postgres:postgres@localhost:5432/test",
            "postgresql://user:password@host:5432/dbname",
            "mysql://<user>:<password>@<host>/db",
            "redis://:${REDIS_PASSWORD}@cache:6379/0",
            "https://USERNAME:PASSWORD@example.com/",
        ]
    )


def _identifier(chance: Random) -> str:
    return "_".join(chance.sample(_WORDS, 5))


def _camel(chance: Random) -> str:
    return "".join(word.title() for word in chance.sample(_WORDS, 5)) + "Tokenizer"


def _public_key(chance: Random) -> str:
    return "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ" + base64.b64encode(chance.randbytes(180)).decode() + " me@laptop"


def _words_only(chance: Random) -> str:
    return " ".join(chance.sample(_WORDS, 6))


def _column_names(chance: Random) -> str:
    return chance.choice(["password_length", "token_count", "api_key_id", "secret_santa", "n_tokens", "auth_method"])


def _digest(chance: Random) -> str:
    return hashlib.sha256(chance.randbytes(8)).hexdigest()


NEGATIVES = [
    _plain("placeholder", _placeholder, "api_key", "token", "password", "openai_api_key", "secret"),
    _plain("md5", hexadecimal(32), "md5", "checksum", "file_hash", "etag"),
    _plain("git commit", hexadecimal(40), "commit", "revision", "sha1", "git_sha"),
    _plain("sha256", _digest, "sha256", "digest", "checksum", "expected_hash"),
    _plain("SRI hash", _sri, "integrity"),
    _plain("UUID", lambda chance: str(uuid.UUID(int=chance.getrandbits(128))), "id", "model_id", "run_id", "trace_id"),
    _plain("cell id", _cell_id, "id", "cell_id", "anchor"),
    _plain("version", _version, "version", "build"),
    _plain("floats", _floats, "weights", "row"),
    _plain("path", _path, "token_file", "path", "key_file", "secret_path"),
    _plain("URL", _url, "url", "endpoint", "auth_url", "token_url"),
    _plain("local URL", _local_url, "dsn", "url", "conn"),
    _plain("identifier", _identifier, "key", "primary_key", "token_type", "sort_key"),
    _plain("class name", _camel, "tokenizer", "token_class", "key_type"),
    _plain("public key", _public_key, "public_key", "authorized_key", "ssh_key"),
    _plain("words", _words_only, "secret_question", "password_hint", "key", "token"),
    _plain("column name", _column_names, "key", "column", "password_field", "token_column"),
    _plain(
        "base64 of data", lambda chance: base64.b64encode(chance.randbytes(120)).decode(), "image", "payload", "blob"
    ),
    _plain("widget model id", hexadecimal(32), "model", "layout", "IPY_MODEL"),
    _plain("big number", lambda chance: text(chance, DIGITS, 30), "seed", "n", "primary_key"),
]
