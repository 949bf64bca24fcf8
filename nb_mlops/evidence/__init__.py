"""The paper: statements about a model, their predicates and digests. Pure.

statement.py is the sheet, kind.py what kinds there are, predicates/ one file a kind; strict.py reads JSON and refuses
what it does not know, schema.py says the same as JSON Schema. digest.py tells what makes two models the same; ledger.py
is the chain of what was done with them, order.py what somebody wants done.
"""
