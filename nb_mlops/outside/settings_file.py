"""The settings in force for a place: the nearest file that holds any."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nb_mlops.core.errors import SettingsError
from nb_mlops.core.settings import Settings, settings_from
from nb_mlops.outside.files import as_shown, folder_of


def load_settings(start: str | os.PathLike[str]) -> tuple[Settings, dict[str, str]]:
    """The settings in force for `start`, and for each one that is set (`section.key`) the file that sets it.

    The nearest nb-mlops.toml, or pyproject.toml with a table [tool.nb-mlops], upwards; defaults when there is none.
    Raises SettingsError, naming file and line, for TOML or settings that cannot be understood.
    """
    here = folder_of(start)
    for folder in (here, *here.parents):
        for name in ("nb-mlops.toml", "pyproject.toml"):
            file = folder / name
            if not file.is_file():
                continue
            table = _table(file)
            if table is not None:
                shown = as_shown(file, Path.cwd())
                return settings_from(table, shown), _origins(table, shown)
    return Settings(), {}


def _table(file: Path) -> Mapping[str, Any] | None:
    """The tool's own table, None for a pyproject.toml that has none."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    shown = as_shown(file, Path.cwd())
    try:
        whole = tomllib.loads(file.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{shown} is not valid TOML: {error}.", "Mend the line that is named.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{shown} is not UTF-8 (byte {error.start + 1}).", "Save it as UTF-8.") from error
    except OSError as error:
        raise SettingsError(f"{shown} cannot be read: {error.strerror}.", "Mend its permissions.") from error
    if file.name == "nb-mlops.toml":
        return whole
    tool = whole.get("tool")
    table = tool.get("nb-mlops") if isinstance(tool, Mapping) else None
    if table is not None and not isinstance(table, Mapping):
        raise SettingsError(f"{shown}: [tool.nb-mlops] must be a table.")
    return table


def differing_settings(old: bytes | None, new: bytes | None, name: str) -> tuple[str, ...]:
    """Our settings that differ between two texts of the file `name`, as `section.key`; what is no TOML has none."""
    one, other = _flat(old, name), _flat(new, name)
    return tuple(sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key)))


def _flat(text: bytes | None, name: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        whole: Any = tomllib.loads((text or b"").decode("utf-8-sig"))
    except ValueError:
        return {}
    table = whole if name == "nb-mlops.toml" else whole.get("tool", {}).get("nb-mlops", {})
    return {
        f"{section}.{key}": value
        for section, values in table.items()
        if isinstance(values, dict)
        for key, value in values.items()
    }


def _origins(table: Mapping[str, Any], shown: str) -> dict[str, str]:
    return {
        f"{section}.{key.replace('_', '-')}": shown
        for section, values in table.items()
        if isinstance(values, Mapping)
        for key in values
    }
