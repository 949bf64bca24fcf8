"""Reviewed tables as data, with their licence and provenance."""


def words(text: str) -> frozenset[str]:
    """A set of names written as running text, as the tables here are."""
    return frozenset(text.split())
