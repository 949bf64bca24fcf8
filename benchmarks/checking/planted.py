"""Planted causes: notebooks of which it is known by construction whether they are reproducible, and why not.

`python benchmarks/checking/planted.py [NAME …]` writes each into a project of its own, checks it as a user would, and
prints what was expected beside what was said. A case counts as right when the verdict, and the cause or culprit where
there is one, are. What depends on the locale needs a second one: where none is installed, one is compiled (by Debian's
`localedef` from its package `locales`) for the time of the measurement, or these cases are left out, and that is said.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nb_mlops.checker.factors import other_locale
from nb_mlops.outside.environment import locales

OK, DIFFERS, FAILED = "reproducible", "not-reproducible", "failed"


@dataclass(frozen=True)
class Case:
    """`expected` is a verdict; `named` a cause, a culprit, a code or a word that one finding's message must hold."""

    name: str
    cells: tuple[Any, ...]
    expected: str
    named: str = ""
    files: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()


DATA = (
    "import numpy as np\nrng = np.random.default_rng(0)\nX = rng.normal(size=(120, 4))\ny = (X[:, 0] > 0).astype(int)"
)
FOREST = "from sklearn.ensemble import RandomForestClassifier\nm = RandomForestClassifier(10{seed}).fit(X, y)"
SCORE = "print(round(m.predict_proba(X)[:, 1].mean(), 6), m.feature_importances_)"
WORDS = "names = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta']"
CSV = {"a.csv": "k,v\n" + "".join(f"{i % 5},{i * i}\n" for i in range(50))}


def shown(source: str, *texts: str) -> dict[str, Any]:
    """A cell that was run, in order, and printed this."""
    out = [{"output_type": "stream", "name": "stdout", "text": text} for text in texts]
    return {"source": source, "outputs": out}


CASES = (
    # what must pass
    Case("seeded-model", (DATA, FOREST.format(seed=", random_state=0"), SCORE), OK),
    Case("prints-timing", ("import time; t = time.time()", "print(f'took {time.time() - t:.4f} s')"), OK),
    Case("prints-clock", ("import datetime", "print(datetime.datetime.now())"), OK),
    Case("prints-time-of-day", ("import time", "print(time.strftime('%H:%M:%S'))"), OK),
    Case("prints-address", ("class A: pass", "A()"), OK),
    Case("prints-uuid-of-a-part", ("from IPython.display import HTML", "import uuid\nHTML(f'<div id=\"{uuid.uuid4()}\">x</div>')"), OK),
    Case("sorted-set", (WORDS, "print(sorted(set(names)))"), OK),
    Case("writes-and-reads-back", ("open('o.txt', 'w').write('1')", "print(open('o.txt').read())"), OK),
    Case("temporary-path", ("import tempfile", "print(tempfile.mkdtemp())"), OK),
    Case("table", ("import pandas as pd", "pd.read_csv('a.csv').groupby('k').v.sum().to_frame()"), OK, "", CSV),
    Case("plot", ("import matplotlib.pyplot as plt", "plt.plot([1, 3, 2]); plt.show()"), OK),
    Case("plot-in-the-browser", ("%matplotlib nbagg\nimport numpy as np, matplotlib.pyplot as plt", "x = np.random.default_rng(0).random(20)", "plt.plot(x); plt.show()"), OK),
    Case("unused-draw", ("import random", "x = random.random()", "print('done')"), OK),
    Case("progress-on-stderr", ("import sys, random", "print(random.random(), file=sys.stderr)"), OK),
    Case("seeded-global", ("import random; random.seed(3)", "print(random.random())"), OK),
    Case("dict-order", (WORDS, "d = {n: len(n) for n in names}\nprint(d)"), OK),
    Case("set-repr-of-numbers", ("s = {3, 1, 2}", "print(s)"), OK),
    Case("utc-time", ("from datetime import datetime, timezone", "print(datetime.fromtimestamp(1700000000, timezone.utc))"), OK),
    # what differs by chance
    Case("unseeded-model", (DATA, FOREST.format(seed=""), SCORE), DIFFERS, "draws random numbers"),
    Case("unseeded-numpy", ("import numpy as np", "x = np.random.rand(3)", "print(x)"), DIFFERS, "`x`"),
    Case("unseeded-random", ("import random", "v = [random.random() for _ in range(3)]", "w = sum(v)", "print(w)"), DIFFERS, "`v`"),
    Case("unseeded-split", (DATA, "from sklearn.model_selection import train_test_split\na, b = train_test_split(X)", "print(a[0])"), DIFFERS, "draws random"),
    Case("unseeded-sample", ("import pandas as pd\nd = pd.DataFrame({'a': range(100)})", "d.sample(5)"), DIFFERS, "draws random"),
    Case("unseeded-in-function", ("import random\ndef play():\n    return random.random()", "print(play())"), DIFFERS, "`play`"),
    Case("unseeded-plot", ("import numpy as np, matplotlib.pyplot as plt", "plt.plot(np.random.rand(20)); plt.show()"), DIFFERS, "pixels"),
    Case("unseeded-plot-in-the-browser", ("%matplotlib nbagg\nimport numpy as np, matplotlib.pyplot as plt", "x = np.random.rand(20)", "plt.plot(x); plt.show()"), DIFFERS, "draws random"),
    Case("uuid-in-text", ("import uuid", "key = uuid.uuid4().int % 100000", "print(key)"), DIFFERS, "ids at random"),
    Case("clock-in-result", ("import time", "n = time.time_ns() % 1000003", "print(n)"), DIFFERS, "clock"),
    Case("unseeded-metric", ("import random, nb_mlops", "nb_mlops.metric('auc', random.random())"), DIFFERS, "CK003"),
    Case("pid", ("import os", "print('pid', os.getpid())"), DIFFERS, "CK002"),
    # what depends on the surroundings
    Case("set-order", (WORDS, "cols = list(set(names))", "print(cols)"), DIFFERS, "PYTHONHASHSEED"),
    Case("set-ordered-columns", (DATA + "\nnames = list({'one', 'two', 'three', 'four'})", "import pandas as pd\nd = pd.DataFrame(X, columns=['one', 'two', 'three', 'four'])[names]", "from sklearn.tree import DecisionTreeClassifier\nm = DecisionTreeClassifier(max_features=1, random_state=0).fit(d, y)", "print(dict(zip(d.columns, m.feature_importances_.round(3))))"), DIFFERS, "PYTHONHASHSEED"),
    Case("hash-of-text", ("k = hash('abc') % 1000", "print(k)"), DIFFERS, "PYTHONHASHSEED"),
    Case("local-time", ("import time", "print(time.strftime('%Y-%m-%d %H:%M', time.localtime(1700000000)))"), DIFFERS, "TZ"),
    Case("local-dates", ("from datetime import datetime", "d = datetime.fromtimestamp(1700000000)", "print(d.date(), d.hour)"), DIFFERS, "TZ"),
    Case("thread-count", ("import os", "n = int(os.environ.get('OMP_NUM_THREADS', 4))", "print(sum(range(n)))"), DIFFERS, "threads"),
    Case("thread-dependent-sum", ("import os, numpy as np\nparts = int(os.environ.get('OMP_NUM_THREADS', 3))", "x = np.random.default_rng(0).normal(size=9999).astype('float32')\ns = sum(np.float32(p.sum()) for p in np.array_split(x, parts))", "print(f'{s:.9f}')"), DIFFERS, "threads"),
    Case("locale-dependent-sort", ("import locale\nlocale.setlocale(locale.LC_ALL, '')\nnames = ['Zeder', 'ahorn', 'Ulme', 'eiche']", "order = sorted(names, key=locale.strxfrm)", "print(order)"), DIFFERS, "LC_ALL"),
    Case("locale-dependent-number", ("import locale\nlocale.setlocale(locale.LC_ALL, '')", "print(locale.format_string('%.2f', 1234.5))"), DIFFERS, "LC_ALL"),
    Case("folder", ("import os", "print(len(os.getcwd()), os.path.basename(os.path.dirname(os.getcwd())))"), DIFFERS, "folder", {}, ("--thorough",)),
    Case("cached-result", ("import os\nif not os.path.exists('c.txt'):\n    open('c.txt', 'w').write('5')", "print(open('c.txt').read())"), DIFFERS, "CK006"),
    Case("appends", ("open('log.txt', 'a').write('x')", "print(len(open('log.txt').read()))"), DIFFERS, "CK0"),
    Case("data-changes", ("t = open('a.csv').read()", "open('a.csv', 'w').write(t + '1,1\\n')", "print(len(t))"), DIFFERS, "CK006", CSV),
    Case("undeclared-data", ("print(len(open('a.csv').read()))",), DIFFERS, "CK022", {**CSV, "nb-mlops.toml": "[check]\ndata = ['b.csv']\n"}),
    # what does not run
    Case("missing-module", ("import no_such_module_here",), FAILED, "missing-module"),
    Case("moved-module", ("from sklearn.cross_validation import KFold",), FAILED, "changed-api"),
    Case("removed-name", ("import numpy as np", "np.infty"), FAILED, "changed-api"),
    Case("removed-method", ("import pandas as pd\nd = pd.DataFrame({'a': [1]})", shown("print(len(d.append(d)))", "2\n")), FAILED, "changed-api"),
    Case("removed-style", ("import matplotlib.pyplot as plt", "plt.style.use('seaborn-whitegrid')"), FAILED, "changed-api"),
    Case("removed-argument", ("from sklearn.model_selection import ShuffleSplit", shown("print(ShuffleSplit(n_iter=3))", "x\n")), FAILED, "changed-api"),
    Case("missing-file", ("import pandas as pd", "pd.read_csv('gone.csv')"), FAILED, "missing-file"),
    Case("deleted-cell", ("x = 1", shown("print(total)", "42\n")), FAILED, "hidden-state"),
    Case("defined-below", ("print(later)", "later = 3"), FAILED, "hidden-state"),
    Case("python-2", ("print 'hello'",), FAILED, "python-2"),
    Case("asks", ("n = input('how many? ')",), FAILED, "asks-for-input"),
    Case("network", ("import urllib.request", "urllib.request.urlopen('http://data.example.org/a.csv')"), FAILED, "network", {}, ("--offline",)),
    Case("memory", ("x = []", "import time\nwhile True:\n    x.append(bytearray(20_000_000)); time.sleep(0.01)"), FAILED, "memory", {}, ("--memory", "400")),
    Case("crash", ("import ctypes", "ctypes.string_at(0)"), FAILED, "kernel-crash"),
    Case("endless", ("import time", "time.sleep(600)"), FAILED, "time-limit", {}, ("--timeout", "8")),
    Case("exits", ("import os", "os._exit(1)"), FAILED, "kernel-crash"),
    Case("on-purpose", ({"source": "1 / 0", "outputs": [{"output_type": "error", "ename": "ZeroDivisionError", "evalue": "division by zero", "traceback": []}]},), FAILED, "error-on-purpose"),
    Case("on-purpose-tagged", ({"source": "1 / 0", "tags": ["raises-exception"]}, "print('after')"), OK),
    Case("own-mistake", ("x = {}", "x['a']"), FAILED, "code"),
    # what is saved and no longer comes out
    Case("saved-by-chance", ("import random", shown("print(random.random())", "0.1234\n")), DIFFERS, "chance"),
    Case("saved-hidden-state", ({"source": "x = 1", "count": 1}, {"source": "x = 2", "count": 3}, {**shown("print(x)", "1\n"), "count": 2}), OK, "hidden-state"),
    Case("saved-libraries", (shown("import sys\nprint(type(1).__mro__)", "(<type 'int'>,)\n"),), OK, "libraries"),
    Case("saved-data", (shown("print(len(open('a.csv').read()))", "7\n"),), OK, "data", CSV),
)  # fmt: skip


def write(case: Case, folder: Path) -> None:
    """The case's project."""
    (folder / "nb-mlops.toml").touch()
    for name, text in case.files.items():
        (folder / name).write_text(text)
    cells = []
    for i, cell in enumerate(case.cells):
        given = cell if isinstance(cell, dict) else {"source": cell}
        outputs = given.get("outputs", [])
        count = given.get("count", i + 1 if outputs else None)
        metadata = {"tags": given["tags"]} if "tags" in given else {}
        cells.append({"cell_type": "code", "id": f"c{i}", "metadata": metadata, "source": given["source"], "outputs": outputs, "execution_count": count})  # fmt: skip
    spec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    content = {"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "n.ipynb").write_text(json.dumps(content))


def said(case: Case, report: dict[str, Any]) -> str:
    """All that the report names: cause, culprits, causes of saved outputs, codes and messages."""
    parts = [report["cause"] or "", *report["culprit"], *(one["cause"] for one in report["saved"])]
    parts += [f"{finding['code']} {finding['message']}" for finding in report["findings"]]
    return " | ".join(parts)


def second_locale(place: str) -> bool:
    """Whether there is a locale beside the caller's, if need be one of our own below `place`."""
    if other_locale(os.environ, locales()):
        return True
    made = shutil.which("localedef") and subprocess.run(
        ["localedef", "--no-archive", "-i", "de_DE", "-f", "UTF-8", f"{place}/de_DE.utf8"],
        capture_output=True,
        check=False,
    )
    os.environ["LOCPATH"] = place
    return bool(made) and bool(other_locale(os.environ, locales()))


def main(names: list[str]) -> int:
    """Check every case; how many were wrong."""
    with tempfile.TemporaryDirectory() as place:
        known = second_locale(place)
        if not known:
            print("There is no second locale here, and none could be made: its cases are left out.")
        chosen = [case for case in CASES if not names or case.name in names]
        return measured([case for case in chosen if known or case.named != "LC_ALL"])


def measured(chosen: list[Case]) -> int:
    """Check these cases; how many were wrong."""
    wrong = 0
    for case in chosen:
        with tempfile.TemporaryDirectory() as place:
            write(case, Path(place))
            command = [sys.executable, "-m", "nb_mlops", "check", "n.ipynb", "--format", "json", "--progress", "none"]
            done = subprocess.run([*command, *case.words], cwd=place, capture_output=True, text=True, check=False)
        try:
            report = json.loads(done.stdout)
        except ValueError:
            report = {"verdict": f"no report: {done.stderr[-300:]}", "cause": "", "culprit": [], "saved": [], "findings": []}  # fmt: skip
        right = report["verdict"] == case.expected and case.named in said(case, report)
        wrong += not right
        print(f"{'right' if right else 'WRONG'}  {case.name:<24} {report['verdict']}", flush=True)
        if not right:
            print(f"       expected {case.expected}, {case.named!r}; said: {said(case, report)[:600]}", flush=True)
    print(f"{len(chosen) - wrong} of {len(chosen)} right")
    return wrong


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1:])))
