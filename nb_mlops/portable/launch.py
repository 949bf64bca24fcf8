"""Starts an ordinary ipykernel with our probe installed: `python launch.py CONFIG.json <arguments of ipykernel>`.

Run as a file by the kernel's own Python, where nb_mlops may not be installed. The user's namespace, `sys.path` and
`sys.argv` end up as ipykernel alone would have made them.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import signal
import sys
import types
from collections.abc import Sequence
from typing import Any

PACKAGE = "_nb_mlops_portable"


def load_portable() -> None:
    """Make this folder importable under a private name, without touching `sys.path`."""
    folder = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.util.spec_from_file_location(
        PACKAGE, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    if spec is None or spec.loader is None:
        raise ImportError(folder)
    module = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = module
    spec.loader.exec_module(module)


class Shim(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """The last finder: gives `import nb_mlops` its metric and model where the package is not installed."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Answer for `nb_mlops` alone, after every other finder had nothing."""
        return importlib.machinery.ModuleSpec(fullname, self) if fullname == "nb_mlops" else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        """An ordinary module."""
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        """Fill it."""
        declare = importlib.import_module(PACKAGE + ".declare")
        module.__dict__.update(metric=declare.metric, model=declare.model)


def die_with_parent() -> None:
    """On Linux, be killed when the runner is; elsewhere ipykernel's own poller sees it a second later."""
    if sys.platform != "linux":
        return
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)
    except Exception:
        return
    expected = os.environ.get("JPY_PARENT_PID")
    if expected and expected != str(os.getppid()):
        os._exit(1)


def offer_to_the_oom_killer() -> None:
    """When memory runs out, this process should go, not the session of whoever asked for the run."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("800")
    except OSError:
        return


def main() -> None:
    """Start the kernel; returns when it is shut down."""
    with open(sys.argv.pop(1), encoding="utf-8") as file:
        config: dict[str, Any] = json.load(file)
    if os.path.realpath(sys.path[0]) == os.path.dirname(os.path.realpath(__file__)):  # not so under PYTHONSAFEPATH
        del sys.path[0]  # ipykernel puts the working directory there itself
    die_with_parent()
    load_portable()
    probe = importlib.import_module(PACKAGE + ".probe")
    audit = importlib.import_module(PACKAGE + ".audit")

    from ipykernel import kernelapp

    sys.argv[0] = os.path.join(os.path.dirname(os.path.dirname(kernelapp.__file__)), "ipykernel_launcher.py")
    app: Any = kernelapp.IPKernelApp.instance()
    app.initialize()
    sys.meta_path.append(Shim())
    journal = probe.Journal(config["journal"])
    prefixes = audit.excluded_prefixes(os.getcwd(), tuple(config["exclude"]))
    probe.begin(journal)
    probe.start(app.shell, journal, config["probe"], prefixes)
    audit.Audit(
        lambda kind, what: journal.write(event=kind, what=what), prefixes, config.get("offline", False)
    ).install()
    offer_to_the_oom_killer()
    app.start()


if __name__ == "__main__":
    main()
