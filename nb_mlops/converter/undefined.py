"""The gate that no output passes with a name that nothing defines."""

from __future__ import annotations

import builtins
import symtable
from collections.abc import Iterator

from nb_mlops.converter.stars import star_module
from nb_mlops.converter.trees import nodes, tree_of
from nb_mlops.knowledge.stars import star_names

_ALWAYS = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__", "__builtins__", "__spec__", "__package__"}


def undefined_names(source: str, path: str) -> tuple[str, ...]:
    """Names that the module reads from its globals (or builtins) and nothing there defines, sorted.

    A star import of a module that nobody looked at is taken at its word.
    """
    stars = [module for node in nodes(tree_of(source)) if (module := star_module(node)) is not None]
    brought = [star_names(module) for module in stars]
    if None in brought:
        return ()
    top = symtable.symtable(source, path, "exec")
    tables = list(_tables(top))
    defined = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
    for table in tables:
        for symbol in table.get_symbols():
            written = symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
            if symbol.is_declared_global() and written:
                defined.add(symbol.get_name())
    read = set()
    for table in tables:
        for symbol in table.get_symbols():
            at_module = table is top and symbol.is_referenced()
            # symtable takes a function that is named `top` for the module: what it binds is called global as well.
            if at_module or (symbol.is_referenced() and symbol.is_global() and not symbol.is_local()):
                read.add(symbol.get_name())
    return tuple(sorted(read - defined - _ALWAYS - frozenset().union(*(names or () for names in brought))))


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)
