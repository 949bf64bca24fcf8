"""Reviewed tables as data, with their licence and provenance."""
