"""Reviewed tables as data, with their licence and provenance."""


def words(text: str) -> frozenset[str]:
    """A set of names written as running text, as the tables here are."""
    return frozenset(text.split())


def star_names(module: str) -> frozenset[str] | None:
    """The names that a star import of the module binds; None when that is not known."""
    from nb_mlops.knowledge import stars  # large, and few notebooks have a star import

    return stars.NAMES.get(module)


# What `%pylab` binds even with `--no-import-all`.
PYLAB_MODULES = words("numpy np matplotlib pylab mlab pyplot plt display figsize getfigs")


def pylab_names(args: str) -> frozenset[str]:
    """The names that `%pylab args` binds."""
    from nb_mlops.knowledge import stars

    return PYLAB_MODULES if "--no-import-all" in args else PYLAB_MODULES | stars.NAMES["pylab"]
