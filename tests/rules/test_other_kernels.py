"""Notebooks of other languages than Python: text and format rules speak, no Python rule does, and nothing crashes."""

from __future__ import annotations

import pytest
from helpers_tokens import token

from nb_mlops.core.settings.lint import LintSettings
from nb_mlops.linter.engine import CRASHED, lint
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.rule import code, example, markdown, stdout

TOKEN = token("hugging-face-token")
KERNELS = {
    "R": 'x <- c(1, 2)\nprint(paste("a", x))',
    "julia": "f(x) = 2x\n@time f(3)",
    "C++": "#include <iostream>\nstd::cout << 1;",
    "C#": 'Console.WriteLine($"{1 + 1}");',
    "F#": "let f x = x + 1\nf 2",
    "PowerShell": "Get-ChildItem | Where-Object { $_.Length -gt 1 }",
    "scala": 'val xs = List(1, 2)\nprintln(s"${xs.sum}")',
    "java": "int x = 1;\nSystem.out.println(x);",
    "javascript": "const f = (x) => `${x}`;\nf(1)",
    "typescript": "let x: number = 1;",
    "go": 'fmt.Println("a")',
    "rust": 'let x = 1;\nprintln!("{}", x);',
    "ruby": "puts [1, 2].map { |x| x * 2 }",
    "bash": "for f in *; do echo $f; done",
    "sas": "proc print data=a; run;",
    "stata": "regress y x, robust",
    "octave": "A = [1 2; 3 4];\nA'",
    "haskell": "map (+1) [1, 2]",
    "clojure": "(map inc [1 2])",
    "lua": "for i = 1, 3 do print(i) end",
    "OCaml": "let rec f n = if n = 0 then 1 else n * f (n - 1)",
    "groovy": 'println "a ${1 + 1}"',
    "scheme": "(define (f x) (* x 2))",
    "sql": "select * from t where a = 'b';",
    "sos": "%use R\nx <- 1",
    "apl": "+/1 2 3",
}


@pytest.mark.parametrize("language", KERNELS)
def test_text_and_format_rules_speak_in_every_language(language: str) -> None:
    spec = {"name": language.lower(), "language": language, "display_name": language}
    cells = (code(KERNELS[language], stdout(f"key {TOKEN}\n"), count=2), code("", count=None), markdown(TOKEN))
    notebook = example(*cells, kernelspec=spec, language_info={"name": language}).notebook
    findings = lint(notebook, load_rules(), LintSettings(extend_select=("FM",))).findings
    assert {"SE001", "FM006"} <= {finding.code for finding in findings}
    assert not [finding for finding in findings if finding.code in (CRASHED, "EX001", "EX005", "EX006", "FM014")]
