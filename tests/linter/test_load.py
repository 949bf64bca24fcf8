from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from nb_mlops.analysis.view import View
from nb_mlops.catalogue import members
from nb_mlops.commands.steps.look import look
from nb_mlops.core.settings import LintSettings
from nb_mlops.ipynb.write import write
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.rule import Rule, code, example


def test_rules_that_are_off_stand_apart() -> None:
    for rule in load_rules().values():
        assert rule.default is not rule.module.startswith("nb_mlops.rules.opt_in."), rule.code


def test_a_rule_is_known_before_it_is_loaded_and_loaded_where_it_may_speak() -> None:
    asked = (
        "import sys\n"
        "from nb_mlops.analysis.view import View\n"
        "from nb_mlops.linter.load import load_rules\n"
        "from nb_mlops.linter.rule import code, example\n"
        "rule = load_rules()['RE002']\n"
        "loaded = lambda: any(name.startswith('nb_mlops.rules') for name in sys.modules)\n"
        "silent = tuple(rule.look(View(example(code('total = 1')).notebook)))\n"
        "print(rule.slug, silent, loaded())\n"
        "said = tuple(rule.look(View(example(code('!pip install pandas')).notebook)))\n"
        "print(len(said), loaded())\n"
    )
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["unpinned-install () False", "1 True"]


def test_where_a_rule_is_not_asked_it_would_have_said_nothing() -> None:
    """Each rule's examples, asked of every other rule: what words and needs leave out finds nothing."""
    rules = members("nb_mlops.rules", "RULE", Rule, "code").values()
    views = [
        View(shown.notebook, project=shown.project)
        for rule in rules
        for shown in (*rule.bad(), *rule.good())
        if rule.check and not shown.raw
    ]
    for rule in rules:
        for view in views if rule.check and (rule.says or rule.needs) else ():
            if rule.every_language or view.notebook.is_python:
                assert rule.check is not None
                assert len(tuple(rule.look(view))) == len(tuple(rule.check(view))), (rule.code, view.code)


def test_a_suppression_of_a_rule_that_is_off_is_not_called_unknown(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_bytes(write(example(code("total = 1  # nbm: ignore[EX002] meant", count=1)).notebook))
    (read,) = look((str(path),), LintSettings(ruff=False), "", lambda _: None)
    assert "FM010" not in {finding.code for finding in read.result.findings}
