"""Secrets without a row in the table: what only their name, their structure or their neighbourhood gives away.

`issuer`: real services whose documentation says what a credential looks like but whose format has no telling mark (or
whose mark is left out of the table on purpose), so that this measures generic detection alone.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable
from random import Random

from planting.frame import Kind, Plant
from planting.negatives import DIGITS, LOWER, UPPER, hexadecimal, text

BASE62 = UPPER + LOWER + DIGITS
HEX = DIGITS + "abcdef"
_LIST = "copper walrus meadow rocket velvet lantern thunder saffron orbit pepper canyon tulip"
_WORDS = _LIST.split()


def _base62(size: int) -> Callable[[Random], str]:
    return lambda chance: text(chance, BASE62, size)


def _lower(size: int) -> Callable[[Random], str]:
    return lambda chance: text(chance, LOWER + DIGITS, size)


def _word_chars(size: int) -> Callable[[Random], str]:
    return lambda chance: text(chance, BASE62 + "-_", size)


def _uuid(chance: Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def password(chance: Random) -> str:
    """What people think of: words, a few digits, a sign."""
    form = chance.randrange(3)
    if form == 0:
        return (
            f"{chance.choice(_WORDS).title()}{chance.choice(_WORDS)}{chance.randint(10, 9999)}{chance.choice('!#$&?')}"
        )
    if form == 1:
        return text(chance, BASE62, 5) + chance.choice("!#%&*?+") + text(chance, BASE62, 6)
    return (
        f"{chance.choice(_WORDS)[:3].upper()}{chance.choice('!#$%&')}{chance.choice(_WORDS)}{chance.randint(100, 999)}"
    )


# service, the name that its documentation gives the credential, what it looks like
_ISSUERS: list[tuple[str, str, Callable[[Random], str]]] = [
    ("OpenWeather", "openweather_api_key", hexadecimal(32)),
    ("NewsAPI", "news_api_key", hexadecimal(32)),
    ("Alpha Vantage", "alphavantage_api_key", lambda c: text(c, UPPER + DIGITS, 16)),
    ("TMDB", "tmdb_api_key", hexadecimal(32)),
    ("Spotify", "spotify_client_secret", hexadecimal(32)),
    ("Reddit", "reddit_client_secret", _word_chars(30)),
    ("Twitter", "twitter_consumer_secret", _base62(50)),
    ("Twitter access", "twitter_access_token_secret", _base62(45)),
    ("Kafka SASL", "sasl_password", password),
    ("Snowflake", "snowflake_password", password),
    ("Datadog application", "datadog_app_key", hexadecimal(40)),
    ("Mailchimp transactional", "mandrill_api_key", _word_chars(22)),
    ("Stability via proxy", "stability_secret", _base62(36)),
    ("Azure AI Search", "search_admin_key", _base62(52)),
    ("Elasticsearch", "elastic_password", _base62(24)),
    ("Intercom", "intercom_access_token", lambda c: base64.b64encode(c.randbytes(45)).decode()),
    ("Pusher", "pusher_app_secret", hexadecimal(20)),
    ("The Guardian", "guardian_api_key", _uuid),
    ("Finnhub", "finnhub_api_key", _lower(20)),
    ("Polygon", "polygon_api_key", _base62(32)),
    ("Tiingo", "tiingo_api_token", hexadecimal(40)),
    ("Giphy", "giphy_api_key", _base62(32)),
    ("Pexels", "pexels_api_key", _base62(56)),
    ("Unsplash", "unsplash_access_key", _word_chars(43)),
    ("HERE", "here_api_key", _word_chars(43)),
    ("TomTom", "tomtom_api_key", _base62(32)),
    ("OpenCage", "opencage_api_key", hexadecimal(32)),
]


def _named(service: str, name: str, make: Callable[[Random], str], origin: str) -> Kind:
    return Kind(service, "SE", lambda chance: Plant(make(chance), name), origin)


def _url(scheme: str, host: str) -> Kind:
    def make(chance: Random) -> Plant:
        word = text(chance, BASE62, chance.randint(10, 20))
        user = chance.choice(_WORDS)
        return Plant(f"{scheme}://{user}:{word}@{host}", chance.choice(["database_url", "engine_url", "broker", "uri"]))

    return Kind(f"{scheme} URL", "SE", make, "generic")


def _jwt(chance: Random) -> Plant:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    claims = {"sub": str(chance.randint(1, 10**6)), "iss": "https://login.harbour.io", "exp": 1_999_999_999}
    head = part({"alg": chance.choice(["HS256", "RS256"]), "typ": "JWT"})
    signature = base64.urlsafe_b64encode(chance.randbytes(32)).decode().rstrip("=")
    return Plant(f"{head}.{part(claims)}.{signature}", "jwt")


def _private_key(chance: Random) -> Plant:
    word = chance.choice(["RSA ", "EC ", "OPENSSH ", ""])
    # What a parser wants to see of DER: a sequence of the right length, version 0, a number.
    inner = (
        b"\x02\x01\x00\x02\x82\x01\x01\x00" + chance.randbytes(256) + b"\x02\x03\x01\x00\x01" + chance.randbytes(600)
    )
    data = b"\x30\x82" + len(inner).to_bytes(2, "big") + inner
    if word == "OPENSSH ":
        data = b"openssh-key-v1\0" + b"\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01" + chance.randbytes(300)
    body = base64.b64encode(data).decode()
    lines = "\n".join(body[n : n + 64] for n in range(0, len(body), 64))
    return Plant(f"-----BEGIN {word}PRIVATE KEY-----\n{lines}\n-----END {word}PRIVATE KEY-----", "key")


def _bearer(chance: Random) -> Plant:
    return Plant(text(chance, BASE62 + "-_", chance.randint(28, 60)), "Authorization", "Authorization: Bearer ")


def _basic(chance: Random) -> Plant:
    pair = f"{chance.choice(_WORDS)}:{text(chance, BASE62, 14)}"
    return Plant(base64.b64encode(pair.encode()).decode(), "Authorization", "Authorization: Basic ")


def _connection_string(chance: Random) -> Plant:
    word = text(chance, BASE62, 16)
    value = f"Server=tcp:sales.database.windows.net,1433;Database=crm;User ID=app;Password={word};Encrypt=True;"
    return Plant(value, "connection_string")


def _aws_secret(chance: Random) -> Plant:
    return Plant(text(chance, BASE62 + "/+", 40), "aws_secret_access_key")


_NAMED = [
    ("password", "db_password", password),
    ("password in a config", "PGPASSWORD", password),
    ("client secret", "client_secret", _word_chars(34)),
    ("secret key", "secret_key", _base62(50)),
    ("access token", "access_token", _base62(40)),
    ("API key, UUID", "api_key", _uuid),
    ("API key, hexadecimal", "x_api_key", hexadecimal(32)),
    ("signing secret", "signing_secret", hexadecimal(32)),
    ("encryption key", "encryption_key", lambda c: base64.b64encode(c.randbytes(32)).decode()),
    ("auth token", "auth_token", _lower(40)),
]

GENERIC: list[Kind] = [
    *(_named(service, name, make, "issuer") for service, name, make in _ISSUERS),
    *(_named(service, name, make, "generic") for service, name, make in _NAMED),
    *(
        _url(scheme, host)
        for scheme, host in (
            ("postgresql", "db-3.harbour.io:5432/crm"),
            ("mysql+pymysql", "10.3.7.21/shop"),
            ("mongodb+srv", "cluster0.k3f9a.mongodb.net/prod"),
            ("redis", "cache-1.harbour.io:6379/0"),
            ("amqp", "mq.harbour.io:5672"),
            ("https", "artifacts.harbour.io/simple"),
        )
    ),
    Kind("JSON web token", "SE", _jwt, "generic"),
    Kind("private key", "SE", _private_key, "generic"),
    Kind("bearer header", "SE", _bearer, "generic"),
    Kind("basic header", "SE", _basic, "generic"),
    Kind("connection string", "SE", _connection_string, "generic"),
    Kind("AWS secret access key", "SE", _aws_secret, "generic"),
]
