"""`init`: look at a repository, and propose what it takes to lint its notebooks at every commit and change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from nb_mlops import __version__, adoption
from nb_mlops.adoption import Proposal
from nb_mlops.commands import baseline
from nb_mlops.commands.lint import lint
from nb_mlops.core.errors import UsageError
from nb_mlops.core.settings import Settings
from nb_mlops.core.value import Struct, replace
from nb_mlops.outside import discovery, files, git, settings_file
from nb_mlops.outside.writing import write_atomic


class Survey(Struct, frozen=True):
    """What was found in a repository, and what is proposed. `secrets` counts what a baseline would only hide."""

    root: str
    notebooks: int
    findings: Mapping[str, int]
    secrets: int
    proposals: tuple[Proposal, ...]
    baseline: str
    has_baseline: bool
    ci: str


def survey(ci: str = "", source: str = adoption.SOURCE) -> Survey:
    """Look, and write nothing. `ci` names the service (`github`, `gitlab`, `none`); "" goes by what is there.

    Raises UsageError outside of a git repository, or below its root: these files belong there.
    """
    here = Path.cwd()
    root = git.repository(here)
    if root != here.resolve():
        raise UsageError(
            "`init` sets up a whole repository, and this is a folder in one.", f"cd {root} and run it there."
        )
    known, _ = settings_file.load_settings(".")
    found = discovery.discover((".",), known.lint.exclude)
    exclude = adoption.abandoned(found)
    service = ci or _service(root)
    proposals = [
        _settings(root, exclude),
        adoption.hook(_text(root / ".pre-commit-config.yaml"), __version__, source),
    ]
    if service == "github":
        proposals.append(
            adoption.github(_text(root / ".github/workflows/nb-mlops.yml"), __version__, git.main_branch(root), source)
        )
    if service == "gitlab":
        proposals.append(adoption.gitlab(_text(root / ".gitlab-ci.yml"), __version__, source))
    report = lint((".",), _excluding(known, exclude), baseline="")
    counted = Counter(f"{finding.code} {finding.rule}" for finding in report.findings)
    secrets = sum(finding.code.startswith("SE") for finding in report.findings)
    name = known.lint.baseline
    return Survey(
        str(root),
        report.notebooks,
        counted,
        secrets,
        tuple(proposals),
        name,
        bool(name) and (root / name).exists(),
        service,
    )


def write(proposal: Proposal) -> None:
    """Put a proposed file in place, as one step. Raises UsageError where that fails, or it changed meanwhile."""
    path = Path(proposal.path)
    if _text(path) != proposal.before:
        raise UsageError(f"`{proposal.path}` has changed since it was looked at.", "Run `nb-mlops init` again.")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, proposal.after.encode("utf-8"))


def write_baseline() -> int:
    """Take today's findings for known; how many they are."""
    return sum(row.known + row.new for row in baseline.write((".",)).rows)


def ignored(paths: Sequence[str]) -> tuple[str, ...]:
    """Those of the written files that git ignores: nobody else would get them."""
    return tuple(path for path in paths if git.ignores(Path.cwd(), path))


def _excluding(known: Settings, exclude: tuple[str, ...]) -> Settings:
    return replace(known, lint=replace(known.lint, exclude=(*known.lint.exclude, *exclude)))


def _settings(root: Path, exclude: tuple[str, ...]) -> Proposal:
    pyproject, own = _text(root / "pyproject.toml"), _text(root / "nb-mlops.toml")
    if own is None and pyproject is not None:
        return adoption.settings("pyproject.toml", pyproject, exclude)
    return adoption.settings("nb-mlops.toml", own, exclude)


def _service(root: Path) -> str:
    if (root / ".gitlab-ci.yml").exists():
        return "gitlab"
    if (root / ".github").exists():
        return "github"
    remotes = git.remotes(root)
    return "github" if "github." in remotes else "gitlab" if "gitlab" in remotes else ""


def _text(path: Path) -> str | None:
    try:
        return files.read_bytes(path).decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"`{path.name}` cannot be read as text.", "Mend it, or set up by hand: docs/ci.md.") from error
