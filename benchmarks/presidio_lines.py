"""Asks presidio's pattern recognisers (no language model) about every line of the notebooks in a folder.

Runs in an environment that has presidio-analyzer, which `$PRESIDIO_PYTHON` names; prints findings as JSON lines.

    $PRESIDIO_PYTHON presidio_lines.py FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine

# Lower scores are guesses by form alone, which presidio's own documentation advises to cut off.
THRESHOLD = 0.4
LONGEST = 20_000


class Blank(SpacyNlpEngine):
    """A language engine that knows words and no names."""

    def __init__(self) -> None:
        super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
        self.nlp = {"en": spacy.blank("en")}

    def load(self) -> None:
        """Nothing to load."""


def main(folder: Path) -> None:
    """One JSON line for each line of a file in which something is found."""
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"])
    registry.remove_recognizer("SpacyRecognizer")
    engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])
    for path in sorted(folder.glob("*.ipynb")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if len(line) > 5 and len(line) < LONGEST:
                found = engine.analyze(line, "en", score_threshold=THRESHOLD)
                kinds = sorted({one.entity_type for one in found} - {"URL", "DATE_TIME"})
                if kinds:
                    print(json.dumps({"file": path.name, "line": number, "kinds": kinds}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
