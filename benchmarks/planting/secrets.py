"""The kinds of secrets: every format of the table, and what no table of prefixes can know."""

from __future__ import annotations

from planting.frame import Kind
from planting.secrets_generic import GENERIC
from planting.secrets_records import RECORDS
from planting.secrets_table import TABLE

SECRETS: list[Kind] = [*TABLE, *GENERIC, *RECORDS]
