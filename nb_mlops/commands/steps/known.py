"""What there is to say of notebooks: taken from what earlier runs remembered where it still holds, else found and
remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import nb_mlops
from nb_mlops import catalogue
from nb_mlops.core.settings import LintSettings
from nb_mlops.outside import cache
from nb_mlops.outside.cache import Said

Told = Callable[[int, int], None]


def tell_nobody(done: int, of: int) -> None:
    """For callers who do not want to hear of progress."""


def lint_files(
    found: Sequence[str], settings: LintSettings, salt: str = "", cached: bool = True, told: Told = tell_nobody
) -> Iterator[Said]:
    """What there is to say of each file, in order; `salt` keys the hashes of secrets, as a baseline has it."""
    store = cache.open_cache(basis_of(settings, salt)) if cached else None
    facts = _facts(found, settings) if store else {}
    said = {path: one for path in found if (one := store.get(path, facts[path]))} if store else {}
    if len(said) < len(found) or not found:
        from nb_mlops.commands.steps.look import look  # where all is known, nothing of the linter is needed

        missing = [path for path in found if path not in said]
        reads = look(missing, settings, salt, lambda done: told(len(said) + done, len(found)), store is not None)
        fresh = {read.path: Said(read.result.findings, read.result.suppressed) for read in reads}
        if store:
            for read in reads:
                store.put(read.path, facts[read.path], read.before, read.digest, fresh[read.path], read.facts)
            store.tidy()
        said.update(fresh)
    return (said[path] for path in found)


def basis_of(settings: LintSettings, salt: str) -> str:
    """What every answer depends on: the settings, and the code of the tool and of its plug-ins."""
    package = Path(nb_mlops.__file__).parent
    rooms = [str(package / room) for room in ("core", "ipynb", "knowledge", "analysis", "linter", "rules")]
    plug_ins = catalogue.code_of("nb_mlops.rules")
    return cache.basis(nb_mlops.__version__, settings, salt, code=[*rooms, *plug_ins])


def _facts(paths: Sequence[str], settings: LintSettings) -> Mapping[str, str]:
    """By path, what an answer depends on that lies around the notebook: the program ruff and its settings there, and
    which presidio there is, where it is asked."""
    engine = ""
    if settings.personal_engine:
        from nb_mlops.outside import presidio

        engine = presidio.version()
    if not settings.ruff:
        return dict.fromkeys(paths, engine)
    from nb_mlops.outside import ruff

    known = ruff.digests(paths, cache.digest_of)
    return {path: f"{said}\0{engine}" for path, said in known.items()} if engine else known
