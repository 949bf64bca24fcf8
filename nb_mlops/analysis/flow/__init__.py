"""What each code cell does to names, told from the text alone.

`notebook_flow` walks the cells in document order (cell.py), statement by statement (statements.py where paths part and
meet, bindings.py where names are bound), expression by expression (expressions.py), over a state of two sets
(state.py): names bound on every path, names bound on some. A function's body is walked once, like a cell whose locals
are hidden, and its free names are needed where it is called or handed around (calls.py, names.py). Python's `symtable`
would not do: it knows scopes but not order.

To add a binding form: its statement in bindings.py (or its expression in expressions.py), and, where it binds
inside functions, `names_bound_by` in scope.py.
"""

from nb_mlops.analysis.flow.cell import notebook_flow
from nb_mlops.analysis.flow.facts import CellFlow, Certainty, Function, Use

__all__ = ["CellFlow", "Certainty", "Function", "Use", "notebook_flow"]
