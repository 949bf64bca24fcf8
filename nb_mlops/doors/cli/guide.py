"""What `--help` says of each verb beside its options: how people use it, and which options belong together.

Every line is parsed by a test, so an example cannot name an option that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping

Example = tuple[str, str]

EXAMPLES: Mapping[str, tuple[Example, ...]] = {
    "init": (
        ("nb-mlops init", "look, show, and ask before each file"),
        ("nb-mlops init --yes --ci gitlab", "write all of it, for GitLab"),
    ),
    "lint": (
        ("nb-mlops lint", "every notebook below this folder"),
        ("nb-mlops lint churn.ipynb --fail-on error", "one, where warnings do not fail"),
        ("nb-mlops lint --select EX,SE --statistics", "hidden state and secrets only, counted"),
        ("nb-mlops lint --diff-base main --report html=lint.html", "what this branch changes, as a page too"),
        ("nb-mlops lint --history", "secrets that any commit ever held"),
    ),
    "fix": (
        ("nb-mlops fix churn.ipynb --diff", "what would change; nothing is written"),
        ("nb-mlops fix --only SE,PI", "take out secrets and personal data, and nothing else"),
    ),
    "clean": (
        ("nb-mlops clean notebooks/", "in place"),
        ("nb-mlops clean --check", "only tell; 1 when there is something to take out"),
    ),
    "baseline write": (("nb-mlops baseline write", "what is found today is known from now on"),),
    "baseline show": (("nb-mlops baseline show", "what is known, and what of it is gone"),),
    "rules": (
        ("nb-mlops rules", "all of them"),
        ("nb-mlops rules EX001", "the page of one"),
        ("nb-mlops rules stale-dependency", "the same by its name"),
    ),
    "convert": (
        ("nb-mlops convert churn.ipynb", "run it and make churn_package, with tests"),
        ("nb-mlops convert churn.ipynb --no-run", "quickly, and nothing is proven"),
        ("nb-mlops convert churn.ipynb --check", "is the package still that of the notebook?"),
    ),
    "check": (
        ("nb-mlops check churn.ipynb", "three fresh runs, compared by value"),
        ("nb-mlops check churn.ipynb -p C 0.5 -p seed 7", "with other parameters"),
        ("nb-mlops check churn.ipynb --kernel env/bin/python", "in another environment"),
        ("nb-mlops check churn.ipynb --thorough --report html=check.html", "every factor alone, and a page"),
        ("nb-mlops check churn.ipynb --grid grid.yml --jobs 2", "once for each point of a grid"),
    ),
    "tests": (("nb-mlops tests churn.ipynb", "the tests of every package made from it"),),
    "evaluate": (
        ("nb-mlops evaluate churn.ipynb --holdout data/march.csv", "on rows that the notebook never opens"),
        ("nb-mlops evaluate churn.ipynb --groups region --groups age", "the holdout of the settings, group by group"),
    ),
    "card": (
        ("nb-mlops card churn.ipynb", "as Markdown"),
        ("nb-mlops card churn.ipynb -o card.html", "as a page that needs nothing else"),
    ),
    "approve": (('nb-mlops approve churn.ipynb --reason "Beats today\'s rule"', "with a key that is trusted for it"),),
    "gate": (
        ("nb-mlops gate churn.ipynb", "under the name that the notebook gives its model"),
        ("nb-mlops gate churn.ipynb --model churn --explain", "what each proof asks, and what makes it"),
        ("nb-mlops gate --policy", "what is asked here, beside the presets"),
    ),
    "register": (
        ("nb-mlops register churn.ipynb", "into the project's own registry, or the policy's"),
        ("nb-mlops register churn.ipynb --model churn --registry https://mlflow.example", "on a server"),
    ),
    "models list": (("nb-mlops models list", "every model"),),
    "models search": (('nb-mlops models search "churn north"', "models with both words"),),
    "models show": (("nb-mlops models show churn --alias champion", "the version in use; 5 where the gate shuts"),),
    "models card": (("nb-mlops models card churn --format html", "of the newest version"),),
    "models history": (("nb-mlops models history churn", "who allowed it, when, why, on which evidence"),),
    "models board": (("nb-mlops models board --format html", "what is in use, as a page"),),
    "models promote": (
        ('nb-mlops models promote churn --reason "Fewer false alarms"', "the newest version becomes champion"),
        ('nb-mlops models promote churn --version 3 --to challenger --reason "Trial"', "another version and alias"),
    ),
    "models rollback": (('nb-mlops models rollback churn --reason "Alarms on Mondays"', "back to what it was before"),),
    "models feedback": (('nb-mlops models feedback churn "Customers call"', "about the version in use"),),
    "monitor": (("nb-mlops monitor churn.ipynb --data data/april.csv", "1 when something rings"),),
    "ledger show": (("nb-mlops ledger show --model churn", "all that was done with one model"),),
    "ledger verify": (
        ("nb-mlops ledger verify", "ledger and registry"),
        ("nb-mlops ledger verify --root copy --key ci.pub.pem --offline", "a copy, with a public key alone"),
    ),
    "ledger countersign": (
        (
            'nb-mlops ledger countersign 5ec718a3 --reason "Same as in the log of CI"',
            "once the lines were looked through",
        ),
    ),
    "evidence verify": (
        ("nb-mlops evidence verify", "the project's own"),
        ("nb-mlops evidence verify papers/ --keys keys/", "anywhere, offline"),
    ),
    "evidence show": (("nb-mlops evidence show papers/check-1.dsse.json --keys keys/", "what one says, as JSON"),),
    "doctor": (("nb-mlops doctor --fail-on warning", "1 where a way round the gate stands open"),),
    "keys new": (("nb-mlops keys new --out ci.pem", "for CI; its public half is printed"),),
    "keys show": (("nb-mlops keys show", "your own, for others to trust"),),
    "keys list": (("nb-mlops keys list", "who may sign what"),),
    "keys trust": (
        ('nb-mlops keys trust ci.pub.pem --owner "CI" --assurance ci --until 2027-12-31', "CI signs evidence"),
        ("nb-mlops keys trust grace.pub.pem --owner Grace --for approval", "Grace approves"),
    ),
    "keys revoke": (('nb-mlops keys revoke 5ec718a3 --reason "Laptop lost"', "by the beginning of its id"),),
    "git install": (("nb-mlops git install", "in this clone"),),
    "git uninstall": (("nb-mlops git uninstall", "and nothing is left of it"),),
    "ci": (
        ("nb-mlops ci --base origin/main", "what a branch changes, as CI judges it"),
        ("nb-mlops ci --base origin/main --no-run --report junit=nb.xml", "read only, with a report for the service"),
        ("nb-mlops ci --all --shard 2/4", "every notebook, the second of four jobs"),
        ("nb-mlops ci --sign --all", "on the protected branch: evidence that lasts"),
    ),
    "demo": (("nb-mlops demo --dir /tmp/demo", "in a folder of your choice"),),
}

_RULES = ("select", "extend_select", "ignore", "fail_on")

KINDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "lint": {
        "Which rules": (*_RULES, "audit", "ruff"),
        "Which notebooks": ("diff_base", "history", "force_exclude"),
        "What is known": ("baseline", "no_baseline", "no_cache"),
        "What is shown": ("form", "wanted", "statistics", "explain", "why", "quiet", "exit_zero"),
    },
    "fix": {
        "Which rules": (*_RULES, "only", "unsafe", "ruff"),
        "What is done": ("diff", "force_exclude", "exit_zero"),
    },
    "check": {
        "The runs": ("parameters", "repeat", "thorough", "offline", "kernel", "memory_mb", "timeout"),
        "The environment": ("lock", "rebuild"),
        "Many runs": ("grid_file", "jobs"),
        "What is shown and kept": ("form", "wanted", "executed", "progress"),
    },
    "convert": {
        "The package": ("out", "name", "inline", "skeleton"),
        "The proof": ("no_run", "update_golden", "check"),
    },
    "ci": {
        "Which rules": (*_RULES, "audit"),
        "Which notebooks": ("base", "everything", "shard", "budget", "no_cache"),
        "What is run and signed": ("gate_only", "no_run", "sign", "pass_env"),
        "What is shown": ("summary", "form", "wanted"),
    },
    "evaluate": {
        "The rows": ("holdout", "target", "labels"),
        "What is measured": ("metric", "groups", "contract", "kernel"),
    },
}
