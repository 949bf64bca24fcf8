"""The kinds of personal values (family `PI`) and of embedded data (family `ED`)."""

from __future__ import annotations

from planting.frame import Kind

PERSONAL: list[Kind] = []
