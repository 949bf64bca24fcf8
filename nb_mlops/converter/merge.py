"""A package that was worked on by hand, made again: what came from the notebook changes, what a person wrote stays.

Three trees meet: `base`, as it was generated last, `mine`, as it stands, and `theirs`, as it is generated now. Python
files are merged definition by definition, and a stage is followed to another name or module by the ids of its cells.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nb_mlops.converter.lines import merge_lines

KEEP = "# nbm: keep"
_CELLS = re.compile(r"^# nbm: cells=\[(.*)\]$", re.M)
Tree = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What both sides changed: in which file, in which definition ("" for the rest of the file), in what words."""

    path: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The tree to write; `gone` are files that are no longer generated and that nobody touched; `kept` names what a
    person changed and the merge left as it is."""

    files: dict[str, str]
    gone: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    kept: tuple[str, ...] = ()


def merge_trees(base: Tree, mine: Tree, theirs: Tree) -> Merged:
    """Merge whole packages. `mine` may lack files that were deleted; files in none of the other two are nobody's
    business here."""
    work = _Work(base, mine, theirs)
    followed = _follow(base, mine, theirs)
    for path in sorted(set(base) | set(theirs)):
        work.file(path, followed)
    return Merged(work.files, tuple(work.gone), tuple(work.conflicts), tuple(work.kept))


@dataclass(slots=True)
class _Work:
    base: Tree
    mine: Tree
    theirs: Tree
    files: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def conflict(self, path: str, name: str, words: str) -> None:
        self.conflicts.append(Conflict(path, name, words))

    def file(self, path: str, followed: Mapping[tuple[str, str], tuple[str, str]]) -> None:
        """Merge one file, with the definitions that moved into it and without those that moved away."""
        was, own, new = self.base.get(path), self.mine.get(path), self.theirs.get(path)
        if own is not None and own.lstrip().startswith(KEEP):
            self.files[path] = own
            self.kept.append(path)
        elif own is None and was is None and new is not None and path.endswith(".py"):
            self._python(path, "", "", new, followed)
        elif own is None:
            self._deleted(path, was, new)
        elif new is None:
            self._no_longer_made(path, was, own, followed)
        elif was is None:
            self.files[path] = own if own == new else new
            if own != new:
                self.conflict(path, "", "a file of this name was here already; it is now beside it")
                self.files[f"{path}.yours"] = own
        elif path.endswith(".py") and _parses(was, own, new):
            self._python(path, was, own, new, followed)
        else:
            self._lines(path, "", was, own, new)

    def _deleted(self, path: str, was: str | None, new: str | None) -> None:
        if new is None:
            return
        if was is None:
            self.files[path] = new
        elif new == was:
            self.kept.append(f"{path} (deleted)")
        else:
            self.files[path] = new
            self.conflict(path, "", "it was deleted by hand, and the notebook changed it; it is back")

    def _no_longer_made(
        self, path: str, was: str | None, own: str, followed: Mapping[tuple[str, str], tuple[str, str]]
    ) -> None:
        if was == own:
            self.gone.append(path)
            return
        parts = _Blocks.of(own) if path.endswith(".py") and _parses(own) else None
        before = _Blocks.of(was) if parts and was is not None and _parses(was) else None
        if parts and before and all((path, n) in followed or text == before.named.get(n) for n, text in parts.pairs()):
            self.gone.append(path)  # what was changed in it has moved with its cells
            return
        self.files[path] = own
        self.conflict(path, "", "the notebook no longer makes this file, and it was changed by hand; it was left")

    def _lines(self, path: str, name: str, was: str, own: str, new: str) -> None:
        merged = merge_lines(was, own, new)
        self.files[path] = merged.text
        if merged.conflicts:
            self.conflict(path, name, "changed by hand and by the notebook; both stand between conflict marks")
        if own != was:
            self.kept.append(path)

    def _python(
        self, path: str, was: str, own: str, new: str, followed: Mapping[tuple[str, str], tuple[str, str]]
    ) -> None:
        old, mine, fresh = _Blocks.of(was), _Blocks.of(own), _Blocks.of(new)
        arrives = {target[1]: source for source, target in followed.items() if target[0] == path}
        out = [self._block(path, "", old.head, mine.head, fresh.head)]
        for name, text in fresh.pairs():
            home, former = arrives.get(name, (path, name))
            before = _Blocks.of(self.base[home]).named.get(former) if home in self.base else None
            current = _Blocks.of(self.mine[home]).named.get(former) if home in self.mine else None
            out.append(self._definition(path, name, before, current, text))
        for name, text in mine.pairs():
            if name in fresh.named or (path, name) in followed:
                continue
            if name not in old.named:
                out.append(text)  # the person's own
                self.kept.append(f"{path}: {name}")
            elif text != old.named[name]:
                out.append(text)
                self.conflict(path, name, "the notebook no longer makes it, and it was changed by hand; it was left")
        self.files[path] = "\n\n".join(part for part in out if part.strip())

    def _definition(self, path: str, name: str, was: str | None, own: str | None, new: str) -> str:
        if own is not None and KEEP in own:
            self.kept.append(f"{path}: {name}")
            return own
        if own is None:
            if was is None:
                return new
            if was == new:
                self.kept.append(f"{path}: {name} (deleted)")
                return ""
            self.conflict(path, name, "it was deleted by hand, and the notebook changed it; it is back")
            return new
        return self._block(path, name, was or "", own, new)

    def _block(self, path: str, name: str, was: str, own: str, new: str) -> str:
        merged = merge_lines(was, own, new)
        if merged.conflicts and not name:
            return _imports_of_both(was, own, new)
        if merged.conflicts:
            self.conflict(path, name, "changed by hand and by the notebook; both stand between conflict marks")
        if own != was:
            self.kept.append(f"{path}: {name}" if name else path)
        return merged.text


def _imports_of_both(was: str, own: str, new: str) -> str:
    """Where the heads of a module conflict: the new one, with what a person added to the old one below it."""
    known = {line.strip() for line in (*was.splitlines(), *new.splitlines())}
    added = [line for line in own.splitlines() if line.strip() and line.strip() not in known]
    return new.rstrip("\n") + "\n" + "".join(f"{line}\n" for line in added)


def _parses(*texts: str) -> bool:
    try:
        for text in texts:
            ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Blocks:
    """A module cut at its functions and classes; what stands above one, or behind it, belongs to it."""

    head: str
    named: dict[str, str]

    @classmethod
    def of(cls, text: str) -> _Blocks:
        lines = text.splitlines(keepends=True)
        starts: list[tuple[int, str]] = []
        for node in ast.parse(text).body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)]) - 1
                while first and lines[first - 1].startswith("#"):
                    first -= 1
                starts.append((first, node.name))
        if not starts:
            return cls(text, {})
        named: dict[str, str] = {}
        for (first, name), (after, _) in zip(starts, [*starts[1:], (len(lines), "")], strict=True):
            named[name] = named.get(name, "") + "".join(lines[first:after])
        trimmed = {name: part.rstrip("\n") + "\n" for name, part in named.items()}
        return cls("".join(lines[: starts[0][0]]).rstrip("\n") + "\n", trimmed)

    def pairs(self) -> Iterable[tuple[str, str]]:
        """Names and texts, in their order."""
        return self.named.items()


def _follow(base: Tree, mine: Tree, theirs: Tree) -> dict[tuple[str, str], tuple[str, str]]:
    """Where definitions went that are no longer where they were: (path, name) to (path, name)."""
    old, new = _definitions(base), _definitions(theirs)
    here = _definitions(mine)
    lost = [place for place in old if place not in new and place in here]
    free = {place for place in new if place not in old}
    followed = {}
    for place in lost:
        target = _best(place, old[place], free, new)
        if target is not None:
            followed[place] = target
            free.discard(target)
    return followed


def _definitions(tree: Tree) -> dict[tuple[str, str], str]:
    return {
        (path, name): text
        for path, whole in tree.items()
        if path.startswith("src/") and path.endswith(".py") and _parses(whole)
        for name, text in _Blocks.of(whole).pairs()
    }


def _best(
    place: tuple[str, str], text: str, free: Iterable[tuple[str, str]], new: Mapping[tuple[str, str], str]
) -> tuple[str, str] | None:
    """The definition that has most of the cells, else the one of the same name."""
    cells = _cells(text)
    shared = sorted(((len(cells & _cells(new[other])), other) for other in free), reverse=True)
    if shared and shared[0][0]:
        return shared[0][1]
    return next((other for other in sorted(free) if other[1] == place[1]), None)


def _cells(text: str) -> frozenset[str]:
    return frozenset(part.strip() for found in _CELLS.findall(text) for part in found.split(","))
