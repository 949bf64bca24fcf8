"""Statements and Policy to a Verdict. Pure.

dossier.py is all that lies on the table, admissible.py what must hold before any proof is asked, proof.py what its
author imports, decide.py the judge, waive.py what a named person lets pass. premises.py and serving.py judge where a
gate stands (`doctor`), change.py what the models of a change came to (`ci`).
"""
