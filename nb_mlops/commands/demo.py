"""`demo`: the whole journey on a shipped notebook, told by running the public commands one after another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from nb_mlops.core.errors import ExitCode, MissingExtraError, NbMlopsError
from nb_mlops.outside import samples, shell

NOTEBOOK = "churn.ipynb"
PACKAGE = "churn_package"
SAMPLE = "churn_messy.ipynb"

# Modules that the story needs beyond the base installation.
_NEEDED = ("papermill", "ipykernel", "mlflow", "skops", "sklearn", "pandas")


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the story: a heading, a word about it, edits made by hand, commands and the codes they end with."""

    title: str
    text: str
    commands: tuple[tuple[str, ExitCode], ...]
    edits: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why a command was not run after all."""

    why: str


# The tests of a package need pytest, which belongs to whoever develops the package.
_TESTS = f"python -m pytest -q {PACKAGE}"

STORY = (
    Step(
        "Look at it",
        "The notebook says AUC 0.8446, and that number is on the slides. What else is in it?",
        ((f"nb-mlops lint {NOTEBOOK}", ExitCode.FINDINGS),),
    ),
    Step(
        "Ask for the registry at once",
        "The gate runs nothing: it reads evidence, and says what is missing and which command yields it.",
        ((f"nb-mlops gate {NOTEBOOK} --model churn", ExitCode.REFUSED),),
    ),
    Step(
        "Mend what a machine can mend",
        "Only what keeps the exact meaning; the rest of the file stays the same to the byte.",
        ((f"nb-mlops fix {NOTEBOOK}", ExitCode.FINDINGS),),
    ),
    Step(
        "Mend the rest by hand",
        "What only the author can know. You would do it in Jupyter; here the demo does, and runs all cells afresh.",
        (
            (f"jupyter execute --inplace {NOTEBOOK}", ExitCode.CLEAN),
            (f"nb-mlops lint {NOTEBOOK}", ExitCode.CLEAN),
        ),
        edits="churn_messy.edits.json",
    ),
    Step(
        "Make a package of it",
        "Functions from its sections, a typed config, a command line, and tests that hold it to the notebook's values.",
        (
            (f"nb-mlops convert {NOTEBOOK} --out {PACKAGE}", ExitCode.CLEAN),
            (_TESTS, ExitCode.CLEAN),
        ),
    ),
    Step(
        "Prove it",
        "Fresh kernels, the last with another hash seed; answers, metrics and model compared by value, and signed for.",
        ((f"nb-mlops check {NOTEBOOK}", ExitCode.CLEAN),),
    ),
    Step(
        "Ask again, and register",
        "Registered is the very model that the checked run made, not one that was fitted again.",
        (
            (f"nb-mlops gate {NOTEBOOK} --model churn", ExitCode.CLEAN),
            (f"nb-mlops register {NOTEBOOK} --model churn", ExitCode.CLEAN),
        ),
    ),
    Step(
        "Change your mind afterwards",
        "One number, quickly. It is no longer the notebook that was proven.",
        ((f"nb-mlops register {NOTEBOOK} --model churn", ExitCode.REFUSED),),
        edits="churn_messy.afterthought.json",
    ),
)

WHERE_TO_LOOK = (
    (NOTEBOOK, "the notebook, with your last change in it"),
    (PACKAGE + "/", "the package: stages, config, tests, and the map back to the cells"),
    (".nb-mlops/evidence/", "what was seen, signed (in-toto statements in DSSE envelopes)"),
    (".nb-mlops/models/", "the model as the checked run saved it"),
    (".nb-mlops/registry.db", "the registry: MLflow on sqlite, made for this folder"),
    ("nb-mlops.toml", "the policy that the gate went by"),
)

WHAT_TO_TRY = (
    (f"nb-mlops check {NOTEBOOK}", "prove the changed notebook; then register makes version 2"),
    (f"nb-mlops check {NOTEBOOK} -p C 0.5", "the same with another parameter"),
    ("nb-mlops rules EX001", "the page of a rule"),
)


def demo(folder: str, tell: Callable[[Step | samples.Change | Skipped | str], None]) -> None:
    """Tell the journey in `folder`: `tell` gets each step, each edit, and each command line before it is run.

    Raises MissingExtraError before anything is written, UsageError when the folder holds something else, and
    NbMlopsError when a command ends otherwise than the story says.
    """
    for module in _NEEDED:
        if find_spec(module) is None:
            raise MissingExtraError("demo", "all", module)
    place = Path(folder)
    samples.make_demo_folder(place, SAMPLE, NOTEBOOK, PACKAGE)
    for step in STORY:
        tell(step)
        for change in samples.edit(place / NOTEBOOK, step.edits) if step.edits else ():
            tell(change)
        for command, expected in step.commands:
            tell(command)
            if command == _TESTS and find_spec("pytest") is None:
                tell(Skipped("pytest is not installed here; `pip install pytest`, then the line above runs the tests"))
            else:
                _run(command, expected, place)


def _run(command: str, expected: ExitCode, place: Path) -> None:
    code = shell.run(command, place)
    if code != expected:
        raise NbMlopsError(
            f"`{command}` ended with exit code {code}; the story goes on with {expected.value} only.",
            f"Everything so far is in {place}: run the command there to look closer.",
        )
