"""Notebook to Findings. Pure.

rule.py is what an author imports, load.py finds the rules, engine.py runs them. What several rules share: secrets,
personal, redact, mend. What people decided: suppress, silence, baseline, identity (how a finding is known again). Other
engines' words: foreign (ruff), second (presidio). What mends: repair, patch, difference. history.py is about versions.
"""
