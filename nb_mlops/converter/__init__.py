"""Notebook and what its run showed to a package with tests. Pure.

- the notebook as code: source, history, awaits, order, scopes, undefined
- the plan: stages and titles cut it, stage says what each takes and gives, hoist and parameters what stands outside;
  plan.py puts it together, obstacles.py says what is in the way
- the text: edits and rewrite change the author's code; modules, pipeline, serving, scaffold write the rest; package.py
  has every file
- the truth: truth and shows say what must come out, judge how far it does, mutants whether the tests would notice
- made again: regenerate, merge, lines
- what is said: findings, outline, conversion
"""
