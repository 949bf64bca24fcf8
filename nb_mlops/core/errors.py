"""Errors that end a command: an exit code, what happened, and the way out.

Exit codes are an interface; README's table is printed from `ExitCode`.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells its caller."""

    def __new__(cls, value: int, meaning: str) -> ExitCode:
        """An int that carries its own sentence for the documentation."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code

    meaning: str

    CLEAN = 0, "clean"
    FINDINGS = 1, "findings at or above the threshold (or runs that disagree, or values that are not equal)"
    USAGE = 2, "usage or settings"
    NOTHING = 3, "nothing to look at"
    RUN_FAILED = 4, "a notebook failed to run"
    REFUSED = 5, "the gate refused"
    UNREACHABLE = 6, "the registry is not reachable"
    INTERNAL = 70, "our fault"


class NbMlopsError(Exception):
    """An error meant for a person: `str(error)` says what and why, `remedy` says what to do."""

    exit_code = ExitCode.INTERNAL

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class StoppedError(KeyboardInterrupt):
    """Somebody pressed Ctrl-C, and what was under way has been ended: `str(error)` says how far it came."""


class UsageError(NbMlopsError):
    """The call cannot be understood."""

    exit_code = ExitCode.USAGE


class SettingsError(UsageError):
    """The settings cannot be understood."""


class MissingExtraError(UsageError):
    """A command needs an extra that is not installed."""

    def __init__(self, command: str, extra: str, module: str) -> None:
        super().__init__(
            f"`nb-mlops {command}` needs `{module}`, which is not installed here.",
            f'pip install "nb-mlops[{extra}]"',
        )


class NothingToDoError(NbMlopsError):
    """No notebook was found where one was asked for."""

    exit_code = ExitCode.NOTHING


class RunFailedError(NbMlopsError):
    """A notebook did not run to its end."""

    exit_code = ExitCode.RUN_FAILED


class RegistryUnreachableError(NbMlopsError):
    """The model registry did not answer."""

    exit_code = ExitCode.UNREACHABLE


class RegistryRefusedError(NbMlopsError):
    """The registry's own gate did not let the model in."""

    exit_code = ExitCode.REFUSED
