"""A kernel for one run: which one, started how, and told apart when it dies."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from nb_mlops.core.errors import UsageError

LAUNCHER = Path(__file__).resolve().parent.parent / "portable" / "launch.py"
_IPYKERNEL = {"ipykernel_launcher", "ipykernel"}
_SOCKET_PATH_LIMIT = 100  # bytes the path of a unix socket may have, with a margin
_NAME_ONE = "Name one of these, or the path of a Python that has ipykernel."


class NoKernelError(UsageError, LookupError):
    """There is no kernel that could run the notebook, or not the one that was asked for."""


class SameGroupProvisioner(LocalProvisioner):
    """Starts the kernel in the runner's own process group, so that killing the group leaves nothing running.

    jupyter_client gives each kernel a session of its own, which outlives a runner that is killed.
    """

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the process; signals go to the process alone, never to the group that is also ours."""
        environ = dict(kwargs.get("env") or os.environ)
        environ["JPY_PARENT_PID"] = str(os.getpid())
        self.process = subprocess.Popen(cmd, stdin=subprocess.DEVNULL, cwd=kwargs.get("cwd"), env=environ)
        self.pid = self.process.pid
        self.pgid = None
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info


class RunKernelManager(AsyncKernelManager):
    """A kernel manager for one run: our launcher around ipykernel, our process group, ipc where it fits."""

    def prepare(self, scratch: Path, launch_config: Path, interpreter: str = "") -> None:
        """Set where the connection lives, with what the launcher is told to watch, and whose Python it is."""
        self._launch_config = launch_config
        self._interpreter = interpreter
        self.connection_file = str(scratch / "kernel.json")
        longest = len(os.fsencode(str(scratch))) + len("/kernel-ipc-9")
        if os.name == "posix" and longest < _SOCKET_PATH_LIMIT:
            self.transport = "ipc"

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """The kernel's command, with ipykernel's launcher replaced by ours; other kernels start unwatched."""
        if self._interpreter:
            return [self._interpreter, str(LAUNCHER), str(self._launch_config), "-f", self.connection_file]
        command: list[str] = super().format_kernel_cmd(extra_arguments)
        return watched_command(command, str(self._launch_config))

    async def _async_pre_start_kernel(self, **kwargs: Any) -> Any:
        special = "kernel_provisioner" in (self.kernel_spec.metadata if self.kernel_spec else {})
        if self.provisioner is None and not special and os.name == "posix":
            self.provisioner = SameGroupProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**kwargs)

    def exit_code(self) -> int | None:
        """The exit code of a kernel that is no longer there; negative for a signal."""
        process = getattr(self.provisioner, "process", None)
        return None if process is None else process.poll()


def watched_command(command: list[str], config: str) -> list[str]:
    """`python … -m ipykernel_launcher …` becomes `python … launch.py CONFIG …`; anything else stays."""
    for i in range(len(command) - 1):
        if command[i] == "-m" and command[i + 1] in _IPYKERNEL:
            return [*command[:i], str(LAUNCHER), config, *command[i + 2 :]]
    return command


def write_launch_config(path: Path, journal: Path, probe: str, exclude: tuple[str, ...], offline: bool) -> None:
    """What the launcher reads before it starts the kernel; `offline`: nothing but the kernel itself keeps it from the
    network."""
    config = {"journal": str(journal), "probe": probe, "exclude": list(exclude), "offline": offline}
    path.write_text(json.dumps(config), encoding="utf-8")


def interpreter_of(wanted: str) -> str:
    """The Python interpreter that a wanted kernel is, by its path; "" for the name of a kernel.

    Raises NoKernelError when it is a path at which no interpreter with ipykernel is.
    """
    if not _is_path(wanted):
        return ""
    python = os.path.abspath(wanted)  # noqa: PTH100 - links stay: an environment's Python is one
    if not os.access(python, os.X_OK) or Path(python).is_dir():
        raise NoKernelError(
            f"There is no Python interpreter at `{wanted}`.",
            "Name a kernel, or the path of a Python that has ipykernel.",
        )
    asked = subprocess.run([python, "-c", "import ipykernel"], capture_output=True, timeout=120, check=False)
    if asked.returncode:
        raise NoKernelError(f"The Python at `{wanted}` has no ipykernel.", f"Run `{wanted} -m pip install ipykernel`.")
    return python


def refuse_unknown(wanted: str) -> None:
    """Raise NoKernelError where somebody named a kernel that is not here."""
    if wanted and not interpreter_of(wanted):
        choose_kernel(wanted, {})


def choose_kernel(wanted: str, metadata: Mapping[str, Any]) -> tuple[str, str]:
    """(kernel name, warning): the one asked for, else the notebook's own, else python3 for a Python notebook.

    Raises NoKernelError when there is no kernel that could run the notebook.
    """
    known = KernelSpecManager().find_kernel_specs()
    spec, info = (_object(metadata.get(part)) for part in ("kernelspec", "language_info"))
    named = str(spec.get("name") or "")
    if wanted:
        if _is_path(wanted):
            return "python3", ""
        if wanted not in known:
            raise NoKernelError(f"There is no kernel named `{wanted}` here; there are: {_names(known)}.", _NAME_ONE)
        return wanted, ""
    if named in known:
        return named, ""
    language = str(info.get("name") or spec.get("language") or "python").lower()
    if language in {"python", "ipython"} and "python3" in known:
        missing = f"The notebook's kernel `{named}` is not installed here; it ran with `python3`." if named else ""
        return "python3", missing
    raise NoKernelError(
        f"No kernel for {language} is installed here (the notebook asks for `{named or 'none'}`; there are: "
        f"{_names(known)}).",
        "Install one beside these, or name another with --kernel.",
    )


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _names(known: Iterable[str]) -> str:
    return ", ".join(sorted(known)) or "none"


def python_of(wanted: str, metadata: Mapping[str, Any]) -> str:
    """The Python that would run the notebook, "" for a kernel that is none. Raises NoKernelError for no kernel."""
    if _is_path(wanted):
        return wanted
    command = KernelSpecManager().get_kernel_spec(choose_kernel(wanted, metadata)[0]).argv
    if not command or "python" not in Path(command[0]).name.lower():
        return ""
    return sys.executable if command[0] in ("python", "python3") else str(command[0])


def _is_path(wanted: str) -> bool:
    return "/" in wanted or os.sep in wanted


def death(code: int | None) -> str:
    """Why a kernel died, in words, from its exit code."""
    if code is None:
        return "it stopped without a word"
    if code == -int(getattr(signal, "SIGKILL", 9)):
        return "it was killed (SIGKILL) from outside, which is what a system does when memory runs out"
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        crash = " inside a library written in C" if name in {"SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE"} else ""
        return f"it crashed with {name}{crash}"
    return f"the process ended itself with exit code {code}"


def settle_event_loop() -> None:
    """pyzmq needs a selector loop on Windows."""
    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
