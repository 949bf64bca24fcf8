"""Numbers and tables that only look like personal data: whoever speaks up here is wrong."""

from __future__ import annotations

from random import Random

from planting.frame import Kind, Plant
from planting.personal import Make, _outputs_only, columns, digits


def _plain(name: str, make: Make, *names: str) -> Kind:
    return Kind(name, "", lambda chance: Plant(make(chance), chance.choice(names)), "not personal")


def _column(name: str, make: Make, *headers: str) -> Kind:
    return Kind(name, "", lambda c: Plant("", ""), "not personal", (), _outputs_only(columns(headers, make)))


def _test_card(chance: Random) -> str:
    return chance.choice(["4242 4242 4242 4242", "4111-1111-1111-1111", "5555555555554444", "378282246310005"])


def _fictional(chance: Random) -> str:
    return chance.choice(["555-0100", "(212) 555-0143", "+1 212 555 0199", "123-456-7890", "000-000-0000"])


def _role(chance: Random) -> str:
    name = chance.choice(["info", "support", "noreply", "sales", "admin"])
    return f"{name}@{chance.choice(['acme-tools.com', 'norderlog.de'])}"


PERSONAL_NEGATIVES = [
    _plain("order number", lambda c: digits(c, 10), "order_id", "invoice", "ticket"),
    _plain("time stamp", lambda c: str(c.randint(1_500_000_000, 1_750_000_000)), "timestamp", "created_at", "epoch"),
    _plain("time stamp, milliseconds", lambda c: str(c.randint(1_500_000_000_000, 1_750_000_000_000)), "ts", "time_ms"),
    _plain("16 digits", lambda c: digits(c, 16), "post_id", "tweet_id", "object_id"),
    _plain("9 digits", lambda c: digits(c, 9), "item", "sku", "build_number"),
    _plain("float with 16 digits", lambda c: repr(c.random()), "auc", "loss", "weight"),
    _plain("dotted version", lambda c: ".".join(str(c.randint(0, 30)) for _ in range(4)), "version", "driver"),
    _plain("private IP", lambda c: f"192.168.{c.randint(0, 9)}.{c.randint(1, 250)}", "host", "client_ip", "server"),
    _plain("server's IP", lambda c: f"151.101.{c.randint(1, 250)}.{c.randint(1, 250)}", "resolved", "server", "mirror"),
    _plain("container's MAC", lambda c: f"02:42:ac:11:00:{c.randint(16, 99)}", "mac", "eth0"),
    _plain("date", lambda c: f"{c.randint(1990, 2024)}-{c.randint(1, 12):02}-{c.randint(1, 28):02}", "date", "updated"),
    _plain("test card", _test_card, "card", "card_number"),
    _plain("number of films", _fictional, "phone", "tel"),
    _plain("part number", lambda c: f"{digits(c, 3)}-{digits(c, 2)}-{digits(c, 4)}", "part", "article"),
    _plain(
        "package", lambda c: f"left-pad@{c.randint(1, 9)}.{c.randint(0, 9)}.{c.randint(0, 9)}", "package", "dependency"
    ),
    _plain("mailbox of a role", _role, "contact", "reply_to"),
    _plain("documentation's address", lambda c: f"user{c.randint(1, 99)}@example.com", "email", "to"),
    _plain("numbers in a row", lambda c: " ".join(str(c.randint(1000, 9999)) for _ in range(9)), "row", "values"),
    _column("column of floats", lambda c: f"{c.gauss(0, 90):.6f}", "latitude_error", "price", "phone_rate"),
    _column("column of counts", lambda c: str(c.randint(1_000_000, 9_999_999)), "phone_calls", "population", "views"),
    _column("column of ids", lambda c: digits(c, 11), "order_id", "transaction", "account_no"),
    _column(
        "column of cities", lambda c: c.choice(["New York", "San Jose", "Los Angeles", "Cape Town"]), "name", "city"
    ),
    _column(
        "column of models", lambda c: c.choice(["Random Forest", "Naive Bayes", "Gradient Boosting"]), "name", "model"
    ),
    _column("column of versions", lambda c: ".".join(str(c.randint(0, 9)) for _ in range(4)), "version", "release"),
    _column("column of flags", lambda c: c.choice(["Yes", "No"]), "PhoneService", "has_email", "passport"),
    _column("column of dates", lambda c: f"2023-{c.randint(1, 12):02}-{c.randint(1, 28):02}", "order_date", "joined"),
    _column("column of time stamps", lambda c: str(c.randint(1_500_000_000, 1_700_000_000)), "ts", "time"),
]
