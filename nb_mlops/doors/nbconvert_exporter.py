"""`jupyter nbconvert --to nb_mlops_package NOTEBOOK`: the package that `nb-mlops convert` makes, as one zip file."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbconvert.utils.exceptions import ConversionException
from traitlets import Bool, Unicode, default

from nb_mlops.commands.convert import Conversion, Wishes, convert_to_zip, report
from nb_mlops.core.errors import NbMlopsError
from nb_mlops.reporters.convert import render_conversion


class PackageExporter(Exporter):
    """Writes `<notebook>.zip`: the modules, their tests, and what was compared."""

    export_from_notebook = "Package with tests"
    run = Bool(True, help="Run the notebook and compare; without it nothing is proven.").tag(config=True)
    name = Unicode("", help="Import name of the package; the notebook's where it is empty.").tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".zip"

    def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> tuple[Any, dict[str, Any]]:
        """The zip file's bytes. Raises ConversionException, with the report, where no package could be made."""
        resources = self._init_resources(resources)  # type: ignore[no-untyped-call]
        about = resources["metadata"]
        place = Path(about.get("path") or ".") / f"{about.get('name', 'notebook')}.ipynb"
        if place.is_file():
            return self._zip(place), resources
        with tempfile.TemporaryDirectory(prefix="nbm-") as folder:  # a notebook that only is in memory
            place = Path(folder) / place.name
            place.write_text(json.dumps(nb), encoding="utf-8")
            return self._zip(place), resources

    def _zip(self, place: Path) -> bytes:
        told = lambda words: self.log.info("nb-mlops: %s", words)  # noqa: E731
        try:
            made, data = convert_to_zip(str(place), self.run, told, Wishes(self.name))
        except NbMlopsError as error:
            raise ConversionException(str(error)) from error
        words = self._words(place, made)
        if not data:
            raise ConversionException(words)
        (self.log.info if made.equal else self.log.warning)("%s", words)
        return data

    def _words(self, place: Path, made: Conversion) -> str:
        return render_conversion(place.name, report(made), made.findings)
