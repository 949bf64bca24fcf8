"""One verb a file: a short story told in calls.

Beside the verbs stand stories that a door begins otherwise: grid and lock (of `check`), load (`load_model`), live (an
open notebook in JupyterLab), promotion (of `models`), and what several of them enter and ask for: record (the ledger),
orders (to a registry). What several verbs do on their way is in steps/.
"""
