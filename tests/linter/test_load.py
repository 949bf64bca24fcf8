from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from nb_mlops.commands.steps.look import look
from nb_mlops.core.settings import LintSettings
from nb_mlops.ipynb.write import write
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.rule import Rule, code, example


def module_of(rule: Rule) -> str:
    function = rule.check or rule.check_file or rule.check_suppressions
    return str(getattr(function, "__module__", ""))


def test_rules_that_are_off_stand_where_they_are_not_loaded() -> None:
    for rule in load_rules().values():
        assert rule.default is not module_of(rule).startswith("nb_mlops.rules.opt_in."), rule.code


def test_settings_that_name_no_rule_load_the_default_set_and_others_load_all() -> None:
    assert all(rule.default for rule in load_rules(LintSettings()).values())
    for settings in (LintSettings(extend_select=("EX002",)), LintSettings(ignore=("EX002",)), None):
        assert "EX002" in load_rules(settings)


def test_what_is_off_is_not_imported() -> None:
    asked = "from nb_mlops.core.settings import LintSettings; from nb_mlops.linter.load import load_rules"
    told = "import sys; load_rules(LintSettings()); print('nb_mlops.rules.opt_in' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", f"{asked}; {told}"], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_a_suppression_of_a_rule_that_is_off_is_not_called_unknown(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_bytes(write(example(code("total = 1  # nbm: ignore[EX002] meant", count=1)).notebook))
    (read,) = look((str(path),), LintSettings(ruff=False), "", lambda _: None)
    assert "FM010" not in {finding.code for finding in read.result.findings}
