"""From a parsed TOML table to Settings, strictly: an unknown key or a wrong type is an error that names the way out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from nb_mlops.core.errors import SettingsError
from nb_mlops.core.settings.check import CheckSettings
from nb_mlops.core.settings.clean import CleanSettings
from nb_mlops.core.settings.convert import ConvertSettings
from nb_mlops.core.settings.gate import PRESETS, Policy
from nb_mlops.core.settings.lint import LintSettings
from nb_mlops.core.settings.models import ModelSettings
from nb_mlops.core.value import Struct, field, replace

Section = TypeVar("Section")


class Settings(Struct, frozen=True):
    """All sections."""

    lint: LintSettings = LintSettings()
    clean: CleanSettings = CleanSettings()
    check: CheckSettings = CheckSettings()
    convert: ConvertSettings = ConvertSettings()
    gate: Policy = Policy()
    models: Mapping[str, ModelSettings] = field(default_factory=dict)


SECTIONS: Mapping[str, type] = {
    "lint": LintSettings,
    "clean": CleanSettings,
    "check": CheckSettings,
    "convert": ConvertSettings,
    "gate": Policy,
}
# Sections that hold a table for each thing that the user names.
NAMED: Mapping[str, type] = {"models": ModelSettings}


def settings_from(table: Mapping[str, Any], where: str) -> Settings:
    """Settings from the `tool.nb-mlops` table; `where` names the file in errors.

    Raises SettingsError for an unknown section or key (nearest name suggested), a wrong type or an unknown word.
    """
    parts: dict[str, Any] = {}
    for name, value in table.items():
        if name not in SECTIONS and name not in NAMED:
            raise _unknown(name, (*SECTIONS, *NAMED), f"{where} [tool.nb-mlops]")
        if name in SECTIONS:
            parts[name] = _section(SECTIONS[name], value, where, name)
            continue
        if not isinstance(value, Mapping):
            raise SettingsError(f"{where}: [tool.nb-mlops.{name}] must be a table.")
        parts[name] = {own: _section(NAMED[name], table, where, f"{name}.{own}") for own, table in value.items()}
    return Settings(**parts)


def _section(section: type[Section], value: Any, where: str, name: str) -> Section:
    if not isinstance(value, Mapping):
        raise SettingsError(f"{where}: [tool.nb-mlops.{name}] must be a table.")
    return build_section(section, value, f"{where} [tool.nb-mlops.{name}]")


def build_section(section: type[Section], table: Mapping[str, Any], where: str) -> Section:
    """One section from its table. Keys may be written with dashes or underscores."""
    hints = get_type_hints(section)
    values: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in hints:
            raise _unknown(key, [n.replace("_", "-") for n in hints], where)
        values[name] = _typed(value, hints[name], f"{where}: `{key}`")
    if lacking := [n for n in _needed(section) if n not in values]:
        raise SettingsError(f"{where}: `{lacking[0].replace('_', '-')}` is missing.")
    if section is Policy and "preset" in values:
        return replace(PRESETS[values["preset"]], **values)  # type: ignore[return-value]
    return section(**values)


def _needed(section: type) -> tuple[str, ...]:
    names: tuple[str, ...] = section.__struct_fields__  # type: ignore[attr-defined]
    return names[: len(names) - len(section.__struct_defaults__)]  # type: ignore[attr-defined]


def _typed(value: Any, hint: Any, where: str) -> Any:
    if get_origin(hint) is Mapping:
        if not isinstance(value, Mapping):
            raise SettingsError(f"{where} must be a table.")
        return {str(name): _typed(item, get_args(hint)[1], f"{where}, `{name}`,") for name, item in value.items()}
    if get_origin(hint) is Literal:
        words = get_args(hint)
        if value not in words:
            raise SettingsError(f"{where} must be one of {', '.join(words)}; it is {value!r}.")
        return value
    if get_origin(hint) is tuple:
        (item, _) = get_args(hint)
        if issubclass(item, Struct):
            if not isinstance(value, (list, tuple)) or not all(isinstance(each, Mapping) for each in value):
                raise SettingsError(f"{where} must be a list of tables.")
            return tuple(build_section(item, each, f"{where} {n}") for n, each in enumerate(value, 1))
        if not isinstance(value, (list, tuple)) or not all(isinstance(v, item) for v in value):
            raise SettingsError(f"{where} must be a list of {item.__name__} values.")
        return tuple(value)
    if hint is datetime.date:
        return _day(value, where)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise SettingsError(f"{where} must be of type {hint.__name__}, not {type(value).__name__}.")
    return value


def _day(value: Any, where: str) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = None
    if type(day) is not datetime.date:
        raise SettingsError(f"{where} must be a day, as in 2026-12-31.")
    return day


def _unknown(name: str, known: Any, where: str) -> SettingsError:
    import difflib  # most settings are right

    near = difflib.get_close_matches(name, list(known), n=1)
    hint = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(sorted(known))}."
    return SettingsError(f"{where}: unknown setting `{name}`.", hint)


def settings_rows() -> tuple[tuple[str, str, str, str], ...]:
    """(section, key, default as TOML, documentation) for every setting, in order: README's table."""
    rows = []
    for name, section in (*SECTIONS.items(), *((f"{name}.NAME", section) for name, section in NAMED.items())):
        defaults = section()
        for key, hint in get_type_hints(section, include_extras=True).items():
            assert get_origin(hint) is Annotated, f"{name}.{key} lacks its line of documentation"
            rows.append((name, key.replace("_", "-"), _toml(getattr(defaults, key)), str(get_args(hint)[1])))
    return tuple(rows)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    return repr(value)
