from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from helpers_project import (
    ACTS,
    SOURCES,
    Project,
    edit_notebook,
    notebook_bytes,
    policy,
    resign,
    with_a_key,
)
from helpers_schema import fits

import nb_mlops
from nb_mlops.commands.gate import (
    admit,
    findings_report,
    gate,
    load_proofs,
    policy_rows,
    rehearsal,
    report,
    version_tags,
)
from nb_mlops.core.errors import SettingsError, UsageError
from nb_mlops.core.settings import PRESETS, Policy
from nb_mlops.core.value import replace
from nb_mlops.doors.cli import cli
from nb_mlops.outside import artefacts
from nb_mlops.reporters import sarif
from nb_mlops.reporters.gate import render_gate
from nb_mlops.reporters.gate_html import render_gate_html

SCHEMA = json.loads((files("nb_mlops") / "schemas" / "gate-report.schema.json").read_text())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project that was checked; its model is a folder that looks like one."""
    made = with_a_key(tmp_path, monkeypatch)
    (made.model / "model.skops").write_bytes(b"weights")
    made.check()
    return made


def codes(project: Project, name: str = "churn") -> list[str]:
    return [finding.code for finding in gate(str(project.notebook), name).findings]


def listing(root: Path) -> list[tuple[str, float]]:
    return sorted((p.relative_to(root).as_posix(), p.stat().st_mtime_ns) for p in root.rglob("*"))


def test_a_checked_notebook_passes_and_nothing_is_written(project: Project) -> None:
    before = listing(project.root)
    assert gate(str(project.notebook), "churn").passed
    assert listing(project.root) == before


@pytest.mark.parametrize(("act", "code", "words"), ACTS, ids=[act.__name__ for act, _, _ in ACTS])
def test_whatever_is_done_after_the_check_is_refused_and_said(
    project: Project, act: Callable[[Project], None], code: str, words: str
) -> None:
    act(project)
    verdict = gate(str(project.notebook), "churn")
    assert not verdict.passed
    assert {finding.code for finding in verdict.findings} == {code}
    assert words in verdict.findings[0].message
    jsonschema.validate(report(verdict), SCHEMA)
    assert "refused, for" in render_gate(report(verdict), "train.ipynb")


def test_the_report_fits_its_schema_and_holds_no_absolute_path(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    values = report(gate(str(project.notebook), "churn"))
    jsonschema.validate(values, SCHEMA)
    assert str(project.root) not in json.dumps(values)
    assert values["notebook"] == "nb/train.ipynb" and values["digest"] == project.stored.name


def test_running_the_notebook_or_adding_words_does_not_shut_the_gate(project: Project) -> None:
    content = json.loads(project.notebook.read_bytes())
    content["cells"][0]["execution_count"] = 9
    content["cells"].append({"cell_type": "markdown", "id": "m", "metadata": {}, "source": "# The end"})
    project.notebook.write_text(json.dumps(content))
    assert not codes(project)


def test_checking_again_opens_the_gate_again(project: Project) -> None:
    edit_notebook(project)
    assert codes(project) == ["GA005"]
    project.check()
    assert not codes(project)


def test_a_colleague_without_the_key_needs_it_in_the_policy(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    (author,) = artefacts.recorded_keys(project.root)
    monkeypatch.setenv("NB_MLOPS_KEY", str(project.root / "colleague.pem"))
    (finding,) = gate(str(project.notebook), "churn").findings
    assert finding.code == "GA003" and "no key of your own" in finding.message
    policy(project, f'trusted-keys = ["{author.keyid}"]')
    assert not codes(project)
    assert not (project.root / "colleague.pem").exists()


def test_a_policy_that_names_keys_does_not_trust_ones_own_beside_them(project: Project) -> None:
    policy(project, f'trusted-keys = ["{"0" * 64}"]')
    (finding,) = gate(str(project.notebook), "churn").findings
    assert finding.code == "GA003" and "does not name it" in finding.message


def test_a_trusted_key_must_be_on_record_under_its_own_id(project: Project) -> None:
    (author,) = artefacts.recorded_keys(project.root)
    policy(project, f'trusted-keys = ["{author.keyid}"]')
    resign(project)  # the other key's public half is on record now
    own = project.root / ".nb-mlops" / "keys" / f"{author.keyid}.pub.pem"
    (other,) = (p for p in own.parent.iterdir() if p != own)
    shutil.copy(other, own)
    assert codes(project) == ["GA003"]


def test_a_key_id_that_is_none_is_a_settings_error(project: Project) -> None:
    policy(project, 'trusted-keys = ["../../key"]')
    with pytest.raises(SettingsError, match="not a key id"):
        gate(str(project.notebook), "churn")


@pytest.mark.parametrize("name", [" ", "a/b", "a:1", "it's", '"', "x\n", " churn", "..", "x" * 201, "\x1b[31m"])
def test_a_name_that_no_registry_takes_is_a_usage_error(project: Project, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name"):
        gate(str(project.notebook), name)


@pytest.mark.parametrize("content", [None, b"", b"{}", b"print('no notebook')"])
def test_a_file_that_is_no_notebook_is_a_usage_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.ipynb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match="is not a notebook" if content is not None else "does not exist"):
        gate(str(path), "churn")


def test_without_a_name_it_is_the_one_that_the_notebook_gives(project: Project) -> None:
    def write(*calls: str) -> None:
        project.notebook.write_bytes(notebook_bytes(*SOURCES, "import nb_mlops", *calls))

    write('nb_mlops.model(model, name="churn")')
    assert gate(str(project.notebook)).dossier.name == "churn"
    write("nb_mlops.model(model)")
    with pytest.raises(UsageError, match="names no model") as caught:
        gate(str(project.notebook))
    assert "--model NAME" in caught.value.remedy
    write('nb_mlops.model(model, name="churn")', 'nb_mlops.model(model, name="upsell")')
    with pytest.raises(UsageError, match="several models: `churn`, `upsell`"):
        gate(str(project.notebook))


def test_the_moment_of_the_decision_counts(project: Project) -> None:
    later = datetime.now(timezone.utc) + timedelta(days=31)
    verdict = admit(str(project.notebook), "churn", Policy(), later)
    assert [f.code for f in verdict.findings] == ["GA009"]


PLUGIN = """
from nb_mlops.gatekeeper.proof import Judgement, Proof, sketch
PROOF = Proof({name!r}, {{}}, lambda case: Judgement("waved through"), (sketch(),), ())
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str, group: str = "proofs") -> None:
    """A distribution with an entry point, as pip would leave it."""
    (folder / "waver.py").write_text(code)
    info = folder / "waver-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: waver\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[nb_mlops.{group}]\nwaver = waver:PROOF\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "waver", raising=False)


@pytest.mark.parametrize("code", [PLUGIN.format(name="lint"), "import sys; sys.exit(0)", "PROOF = 1", "no python"])
def test_a_plug_in_that_shadows_or_breaks_a_proof_shuts_the_gate(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    install(site, monkeypatch, code)
    assert codes(project) == ["GA010"] * 3


@pytest.mark.parametrize("code", ["raise KeyError('x')", "import sys; sys.exit(0)", "PROOF = 1", "no python", "x = 1"])
def test_a_broken_kind_of_statement_shuts_the_gate_and_is_named(project: Project, tmp_path: Path, code: str) -> None:
    site = tmp_path / "site"
    site.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        install(site, patch, code, "statements")
        patch.setenv("PYTHONPATH", os.pathsep.join((str(site), str(Path(nb_mlops.__file__).parent.parent))))
        command = [sys.executable, "-m", "nb_mlops", "gate", "nb/train.ipynb", "--model", "churn"]
        said = subprocess.run(command, capture_output=True, text=True, cwd=project.root, check=False)
    assert said.returncode == 5 and "Traceback" not in said.stderr
    assert "`waver:PROOF` (nb_mlops.statements)" in said.stderr and "Mend or uninstall it" in said.stderr


def test_a_plug_in_with_a_name_of_its_own_is_asked_when_the_policy_says_so(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(project, 'require = ["waver", "nobody"]')
    site = tmp_path / "site"
    site.mkdir()
    install(site, monkeypatch, PLUGIN.format(name="waver"))
    verdict = gate(str(project.notebook), "churn")
    assert [(p.name, p.status.value) for p in verdict.proofs[6:]] == [("waver", "ok"), ("nobody", "failed")]
    assert [f.code for f in verdict.findings] == ["GA010"]


def test_a_rehearsal_asks_for_what_one_check_makes_and_takes_any_key_but_keeps_unknown_proofs() -> None:
    asked = rehearsal(replace(PRESETS["team"], require=(*PRESETS["team"].require, "nobody"), trusted_keys=("5" * 64,)))
    # A proof that is not installed stays, so that a misspelt policy is refused before it is merged.
    assert asked.require == ("lint", "reproducible", "data", "nobody")
    assert (asked.own_key, asked.trusted_keys, asked.assurance, dict(asked.assurance_of)) == (True, (), "self", {})
    assert asked.min_runs == PRESETS["team"].min_runs and asked.require_name


def test_what_passed_a_rehearsal_passes_no_gate(project: Project) -> None:
    project.check("churn")
    team = PRESETS["team"]
    assert admit(str(project.notebook), "churn", rehearsal(team)).passed
    (finding,) = admit(str(project.notebook), "churn", team).findings
    assert finding.code == "GA003"
    assert "--owner NAME --assurance ci`, if CI alone holds it." in finding.message, "entered as `self` it would not do"


def test_the_shipped_proofs_are_found() -> None:
    assert not load_proofs().problem and {"lint", "reproducible", "data"} <= set(load_proofs().by_name)


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(nb_mlops.__file__).parent.parent)}
    command = [sys.executable, "-m", "nb_mlops", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False)


def test_the_command_line_exits_with_0_or_5_and_prints_what_to_run(project: Project) -> None:
    good = run("gate", "nb/train.ipynb", "--model", "churn", "--explain", cwd=project.root)
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.endswith("\nNext: nb-mlops register nb/train.ipynb --model churn\n")
    assert "Did the notebook give the same answer each time it was run?" in good.stdout
    edit_notebook(project)
    bad = run("gate", "train.ipynb", "--model", "churn", cwd=project.notebook.parent)
    assert bad.returncode == 5 and "-> Run `nb-mlops check train.ipynb" in bad.stdout
    values = run("gate", "nb/train.ipynb", "--model", "churn", "--format", "json", cwd=project.root)
    assert values.returncode == 5 and json.loads(values.stdout)["passed"] is False


def test_the_gate_decides_without_mlflow_and_the_numeric_libraries(project: Project) -> None:
    code = (
        "import sys; from nb_mlops.commands.gate import gate;"
        f"print(gate({str(project.notebook)!r}, 'churn').passed,"
        " [m for m in ('mlflow', 'pandas', 'numpy', 'sqlalchemy', 'nbformat') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "[]"]


def waive(project: Project) -> None:
    words = 'reason = "<b>re-encoded</b>"\napprover = "Grace"\nuntil = 2999-12-31'
    waiver = f'[[tool.nb-mlops.gate.waivers]]\nproof = "data"\nmodel = "churn"\ncodes = ["GA042"]\n{words}\n'
    until = (datetime.now(timezone.utc) + timedelta(days=9)).date().isoformat()
    with (project.root / "pyproject.toml").open("a") as file:
        file.write(waiver.replace("2999-12-31", until))
    (project.root / "data" / "train.csv").write_text("a,b\n1,3\n")


def test_every_form_of_the_report_shows_the_waivers_that_were_used(project: Project) -> None:
    waive(project)
    verdict = gate(str(project.notebook), "churn")
    values = report(verdict)
    jsonschema.validate(values, SCHEMA)
    assert verdict.passed and [w["proof"] for w in values["waivers"]] == ["data"]
    text = render_gate(values, "train.ipynb")
    assert "WAIVED  data" in text and "by Grace: <b>re-encoded</b>" in text and "what does not hold is waived" in text
    page = render_gate_html(values)
    assert "&lt;b&gt;re-encoded" in page and "<b>re-encoded" not in page and "What does not hold is waived." in page
    assert version_tags(verdict)["nb_mlops.waivers"].startswith("data (GA042) until ")


def test_explain_names_each_statement_its_signer_and_what_makes_it(project: Project) -> None:
    values = report(gate(str(project.notebook), "churn"))
    text = render_gate(values, "train.ipynb", explain=True)
    (check,) = [s for s in values["statements"] if s["kind"] == "check"]
    assert f"check statement {check['digest'][:12]}, signed by key {check['key'][:12]} as `self`" in text
    assert "made by: nb-mlops check " in text


def test_what_stands_against_several_proofs_is_told_once_and_names_them(project: Project) -> None:
    policy(project, 'assurance = "ci"')
    values = report(gate(str(project.notebook), "churn"))
    assert [finding["code"] for finding in values["findings"]] == ["GA011"] * 3
    text = render_gate(values, "train.ipynb")
    assert "refused, for 2 reasons:" in text and text.count("The check statement is signed by") == 1
    assert "GA011 assurance-too-low (for reproducible, data)" in text


def test_sarif_holds_each_refusal_with_the_page_of_its_proof(project: Project) -> None:
    edit_notebook(project)
    (project.root / "data" / "train.csv").unlink()
    made = json.loads(sarif.render(*findings_report(gate(str(project.notebook), "churn"))))
    schema = json.loads((Path(__file__).parent.parent / "data" / "sarif-2.1.0.schema.json").read_text())
    jsonschema.validate(made, schema)
    (run,) = made["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["GA005", "GA041"]
    assert "sha256" in run["tool"]["driver"]["rules"][1]["help"]["text"]


def test_the_policy_is_shown_beside_the_presets(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    policy(project, 'preset = "team"\nmin-runs = 7\nassurance-of = { lint = "self" }')
    rows = {row[0]: row[1:] for row in policy_rows(str(project.root))}
    assert rows["key"] == ("here (team)", "solo", "team", "regulated")
    assert rows["min-runs"] == ("7", "3", "3", "4") and rows["proof approval"][:2] == ("required", "-")
    assert rows["assurance-of"][0] == "lint self"
    cli.main(["gate", str(project.notebook), "--policy", "--format", "json"], standalone_mode=False)
    printed = fits("policy-report", capsys.readouterr().out)
    assert printed["columns"][0] == "here (team)" and printed["keys"]["min-runs"]["regulated"] == "4"
