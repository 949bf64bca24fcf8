"""The guards of the house: what would spoil it slowly fails here at once."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import nb_mlops

PACKAGE = Path(nb_mlops.__file__).parent
ROOT = PACKAGE.parent
STDLIB = sys.stdlib_module_names

PURE_BELOW = ("ipynb", "knowledge", "compare", "evidence", "reporters", "analysis", "gatekeeper")
THINKING = (*PURE_BELOW, "linter", "converter", "checker", "rules", "proofs")
# What `lint` must never load: each would cost more start-up than linting a small notebook takes.
HEAVY = [
    "libcst",
    "rich",
    "nbformat",
    "papermill",
    "nbclient",
    "mlflow",
    "numpy",
    "pandas",
    "tornado",
    "IPython",
    "PIL",
    "hashlib",
    "pkgutil",
    "subprocess",
    "typing_extensions",
]


def sources(room: str) -> list[Path]:
    return sorted((PACKAGE / room).rglob("*.py"))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]


def fresh(code: str) -> str:
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_imports_go_down_only_and_siblings_never_meet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename="pyproject.toml", cache_dir=None)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("path", sources("commands"), ids=lambda p: p.name)
def test_a_command_is_a_short_story_told_in_calls(path: Path) -> None:
    tree = tree_of(path)
    long = [f.name for f in functions(tree) if (f.end_lineno or 0) - f.lineno + 1 > 50]
    assert not long, f"functions over 50 lines: {long}"
    imported = {
        name
        for node in ast.walk(tree)
        for name in (
            [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not imported & {"ast", "re"}, "parsing and matching belong in a room below"
    anatomy = [
        n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in {"cells", "source", "outputs"}
    ]
    assert not anatomy, f"a command does not look inside a notebook: {anatomy}"


@pytest.mark.parametrize("path", sources("portable"), ids=lambda p: p.name)
def test_portable_code_needs_only_the_standard_library_and_an_old_python(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 8))
    for node in tree.body:
        if isinstance(node, ast.Import):
            assert all(a.name.partition(".")[0] in STDLIB for a in node.names), ast.unparse(node)
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            assert (node.module or "").partition(".")[0] in STDLIB, ast.unparse(node)
    anywhere = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("nb_mlops")]
    assert not anywhere, "portable code reaches its own kind by relative imports only"


@pytest.mark.parametrize("path", sources("core"), ids=lambda p: p.name)
def test_core_speaks_the_standard_library_alone_and_makes_its_values_of_msgspec(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        names = []
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            known = name.partition(".")[0] in STDLIB or name.startswith("nb_mlops.core")
            assert known or (name == "msgspec" and path.name == "value.py"), name


@pytest.mark.parametrize(
    "path",
    [p for room in THINKING for p in sources(room)],
    ids=lambda p: str(p.relative_to(PACKAGE)),
)
def test_a_room_that_thinks_reads_no_disk_no_clock_and_no_chance(path: Path) -> None:
    """Only calls are looked for: these rooms take what they need as arguments."""
    refused = {"open", "input", "read_text", "read_bytes", "write_text", "write_bytes", "getenv", "utcnow", "urandom"}
    modules = {"os", "random", "time", "secrets", "tempfile", "shutil", "subprocess", "socket", "uuid"}
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            in_memory = ast.unparse(node).startswith("Image.open(io.BytesIO(")
            assert name not in refused or in_memory, f"line {node.lineno}: {name}()"
        if isinstance(node, ast.Import):
            assert not {a.name.partition(".")[0] for a in node.names} & modules, ast.unparse(node)
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            assert (node.module or "").partition(".")[0] not in modules, ast.unparse(node)


ON_THE_WAY = ("core", "ipynb", "knowledge", "analysis", "linter", "rules")


@pytest.mark.parametrize(
    "path", [p for room in ON_THE_WAY for p in sources(room)], ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_what_lint_passes_through_is_quick_to_load(path: Path) -> None:
    """Every hook pays for a dataclass (1 ms) and for a pattern (0.1 ms), used or not; see core/value.py and lazy.py."""
    tree = tree_of(path)
    compiled = [
        call.lineno
        for node in tree.body
        if not isinstance(node, ast.FunctionDef | ast.ClassDef)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "re.compile"
    ]
    assert not compiled, "core.lazy.pattern compiles when it is first asked"
    made = [n.name for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and "dataclass" in ast.dump(n)]
    assert not made or path.name in ("run.py", "event.py"), "core.value.Struct"


def test_importing_the_package_loads_nothing_else_of_ours() -> None:
    loaded = fresh("import nb_mlops, sys; print([m for m in sys.modules if m.startswith('nb_mlops.')])")
    assert loaded == "[]"


def test_no_public_name_is_also_a_module_that_would_shadow_it() -> None:
    modules = {p.stem for p in PACKAGE.glob("*.py")} | {p.name for p in PACKAGE.iterdir() if p.is_dir()}
    assert not modules & set(nb_mlops._PUBLIC)


@pytest.mark.parametrize("name", sorted(nb_mlops._PUBLIC))
def test_every_public_name_resolves_to_something_callable(name: str) -> None:
    assert callable(getattr(nb_mlops, name))


def test_a_run_that_finds_everything_known_loads_nothing_of_the_linter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    notebook = tmp_path / "a.ipynb"
    notebook.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}')
    lint = f"cli.main(['lint', {str(notebook)!r}, '--exit-zero', '-q'], standalone_mode=False)"
    rooms = ("nb_mlops.linter", "nb_mlops.analysis", "nb_mlops.rules", "nb_mlops.ipynb")
    told = f"print(*[m for m in sys.modules if m.startswith({rooms!r})])"
    assert "nb_mlops.linter.engine" in fresh(f"import sys; from nb_mlops.doors.cli import cli; {lint}; {told}")
    assert fresh(f"import sys; from nb_mlops.doors.cli import cli; {lint}; {told}") == ""


def test_lint_loads_none_of_the_heavy_modules(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["x = 1\n", "x"]}]
    notebook = tmp_path / "a.ipynb"
    notebook.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from nb_mlops.doors.cli import cli;"
            f"code = cli.main(['lint', {str(notebook)!r}, '--format', 'json'], standalone_mode=False);"
            f"print(code, *[m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(run.stdout)["notebooks"] == 1
    assert run.stderr.strip() == "0"
