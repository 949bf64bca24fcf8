"""What `from module import *` brings, for modules that notebooks star-import: a union over versions.

Facts read off the modules themselves. A name that only some version has is listed, so that a read of it is never called
missing.
"""

from __future__ import annotations

from nb_mlops.knowledge import words

# What `%pylab` binds even with `--no-import-all`.
PYLAB_MODULES = words("numpy np matplotlib pylab mlab pyplot plt display figsize getfigs")


def star_names(module: str) -> frozenset[str] | None:
    """The names that a star import of the module binds; None when that is not known."""
    from nb_mlops.knowledge.stars import libraries, standard  # large, and few notebooks have a star import

    return libraries.NAMES.get(module) or standard.NAMES.get(module)


def pylab_names(args: str) -> frozenset[str]:
    """The names that `%pylab args` binds."""
    return PYLAB_MODULES if "--no-import-all" in args else PYLAB_MODULES | (star_names("pylab") or frozenset())
