"""A project's registry after its folder was moved or copied: MLflow writes absolute paths, which lead to the old place.

What is registered is proven by digest wherever it lies, so that the paths may follow the folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nb_mlops.core.errors import NbMlopsError

_MARK = "/.nb-mlops/mlartifacts"
# Where MLflow's tables keep paths of artefacts.
_PLACES = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
)


def settle(database: str, root: Path) -> int:
    """Let every path below another project's `.nb-mlops/mlartifacts` lead below `root`; returns how many were changed.

    `database` is the URI of the project's own store. Does nothing where nothing was moved, which one look tells.
    """
    import sqlalchemy

    file = Path(database.removeprefix("sqlite:///"))
    if not file.is_file():
        return 0
    here = (root / ".nb-mlops" / "mlartifacts").as_uri()
    engine = sqlalchemy.create_engine(database)
    try:
        with engine.begin() as connection:
            known = set(sqlalchemy.inspect(connection).get_table_names())
            return sum(_moved(connection, *place, here) for place in _PLACES if place[0] in known)
    except sqlalchemy.exc.OperationalError as error:
        raise NbMlopsError(
            f"The project's registry cannot be opened: {error.orig}.",
            "See who has `.nb-mlops/registry.db` open, and whether you may write to it.",
        ) from error
    finally:
        engine.dispose()


def _moved(connection: Any, table: str, column: str, here: str) -> int:
    from sqlalchemy import text

    found = connection.execute(text(f"SELECT DISTINCT {column} FROM {table} WHERE {column} LIKE 'file:%{_MARK}%'"))
    changed = 0
    for (old,) in found.fetchall():
        new = here + old[old.rindex(_MARK) + len(_MARK) :]
        if new != old:
            change = text(f"UPDATE {table} SET {column} = :new WHERE {column} = :old")
            changed += connection.execute(change, {"new": new, "old": old}).rowcount
    return changed
