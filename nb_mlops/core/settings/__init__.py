"""Settings: defaults < `[tool.nb-mlops]` in pyproject.toml (or nb-mlops.toml) < flags. A file a section."""

from nb_mlops.core.settings.build import Settings, settings_from, settings_rows
from nb_mlops.core.settings.check import CheckSettings
from nb_mlops.core.settings.clean import CleanSettings
from nb_mlops.core.settings.convert import ConvertSettings
from nb_mlops.core.settings.gate import Policy
from nb_mlops.core.settings.lint import LintSettings

__all__ = [
    "CheckSettings",
    "CleanSettings",
    "ConvertSettings",
    "LintSettings",
    "Policy",
    "Settings",
    "settings_from",
    "settings_rows",
]
