"""Asks presidio, another finder of personal data, about texts.

Only where the settings name it: it brings spaCy, weighs some 400 MB and takes seconds to load. Nothing goes over the
network: models are not fetched, and its recognisers of e-mail addresses and URLs, which would fetch the list of public
suffixes, are left out (PI001 knows addresses).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from nb_mlops.core.diagnostic import Guess
from nb_mlops.core.errors import MissingExtraError, SettingsError

# Lower scores are guesses by form alone, which presidio's own documentation advises to cut off.
LEAST = 0.4
# So much of a text is looked at: what a model reads it holds in memory many times over.
LONGEST = 100_000
_LEFT_OUT = ("EmailRecognizer", "UrlRecognizer", "DateRecognizer", "UuidRecognizer")


def version() -> str:
    """Which presidio and spaCy there are; "" for none."""
    from importlib import metadata

    try:
        return " ".join(metadata.version(name) for name in ("presidio-analyzer", "spacy"))
    except metadata.PackageNotFoundError:
        return ""


def ask(texts: Sequence[str], model: str) -> tuple[Guess, ...]:
    """What presidio takes for personal data in these texts, by its pattern recognisers, and by those of a language
    model for spaCy where one is named (its name, or a folder).

    Raises MissingExtraError without presidio and SettingsError for a model that is not there.
    """
    engine, language = _engine(model)
    found: list[Guess] = []
    for number, text in enumerate(texts):
        for one in engine.analyze(text[:LONGEST], language, score_threshold=LEAST):
            found.append(Guess(number, one.start, one.end, one.entity_type, float(one.score)))
    return tuple(found)


@lru_cache(maxsize=2)
def _engine(model: str) -> tuple[Any, str]:
    """Presidio with this model, or without any, and the language that it reads."""
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    try:
        import spacy
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer.nlp_engine import SpacyNlpEngine
    except ImportError as error:
        raise MissingExtraError("lint", "presidio", error.name or "presidio_analyzer") from error
    try:
        pipeline = spacy.load(model) if model else spacy.blank("en")
    except OSError as error:
        raise SettingsError(
            f"spaCy has no model `{model}` here, which `presidio-model` names.",
            f"`python -m spacy download {model}`, or leave the setting out: patterns need no model.",
        ) from error
    language = str(pipeline.lang)

    class Loaded(SpacyNlpEngine):  # type: ignore[misc]
        """A language engine that fetches nothing."""

        def load(self) -> None:
            self.nlp = {language: pipeline}

    words = Loaded(models=[{"lang_code": language, "model_name": model or "blank"}])
    words.load()
    registry = RecognizerRegistry(supported_languages=[language])
    registry.load_predefined_recognizers(languages=[language], nlp_engine=words)
    for name in _LEFT_OUT if model else (*_LEFT_OUT, "SpacyRecognizer"):
        registry.remove_recognizer(name, language=language)
    return AnalyzerEngine(registry=registry, nlp_engine=words, supported_languages=[language]), language
