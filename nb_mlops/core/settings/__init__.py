"""Settings: defaults < `[tool.nb-mlops]` in pyproject.toml (or nb-mlops.toml) < flags. A file a section."""

from nb_mlops.core.settings.build import Settings, settings_from, settings_rows
from nb_mlops.core.settings.check import CheckSettings
from nb_mlops.core.settings.clean import CleanSettings
from nb_mlops.core.settings.convert import ConvertSettings
from nb_mlops.core.settings.gate import Policy
from nb_mlops.core.settings.lint import LintSettings
from nb_mlops.core.settings.models import ModelSettings

__all__ = [
    "CheckSettings",
    "CleanSettings",
    "ConvertSettings",
    "LintSettings",
    "ModelSettings",
    "Policy",
    "Settings",
    "settings_from",
    "settings_rows",
]
