"""How many secrets and personal values stand in a text, by kind: for what may be said of a file, and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from nb_mlops.analysis.sensitive.detect import find_secrets
from nb_mlops.analysis.sensitive.personal import find_personal
from nb_mlops.core.finding import Confidence

SECRET = "secret"


def counted(text: str) -> Mapping[str, int]:
    """`secret` and the kinds of personal values, with their numbers; what is unsure is left out."""
    secrets = [match for match in find_secrets(text) if match.confidence is not Confidence.LOW]
    found = Counter(value.kind.value for value in find_personal(text))
    if secrets:
        found[SECRET] = len(secrets)
    return dict(found)
