"""Settings: defaults < `[tool.nb-mlops]` in pyproject.toml (or nb-mlops.toml) < flags. A file a section."""

from nb_mlops.core.settings.build import Settings, settings_from, settings_rows
from nb_mlops.core.settings.check import CheckSettings
from nb_mlops.core.settings.clean import CleanSettings
from nb_mlops.core.settings.convert import ConvertSettings
from nb_mlops.core.settings.gate import PRESETS, Policy, Waiver
from nb_mlops.core.settings.lint import LintSettings
from nb_mlops.core.settings.models import ModelSettings

__all__ = [
    "PRESETS",
    "CheckSettings",
    "CleanSettings",
    "ConvertSettings",
    "LintSettings",
    "ModelSettings",
    "Policy",
    "Settings",
    "Waiver",
    "settings_from",
    "settings_rows",
]
