"""Embedded data (ED)."""
