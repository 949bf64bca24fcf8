"""Names that are there although no cell binds them: Python's own, IPython's, and what hosted kernels put in.

Sources: Python's data model (module attributes), IPython's documentation (input and output caching, `display`), the
documentation of Databricks, Synapse, EMR and Glue notebooks for Spark's entry points.
"""

from __future__ import annotations

import builtins

from nb_mlops.core.lazy import pattern
from nb_mlops.knowledge import words

# Newer Pythons' built-ins are named too: the notebook's kernel need not be ours.
BUILTINS = frozenset(dir(builtins)) | words(
    "aiter anext BaseExceptionGroup ExceptionGroup EncodingWarning PythonFinalizationError"
)

# A notebook has no `__file__`, `__path__` or `__cached__`.
MODULE = words(
    "__name__ __doc__ __package__ __loader__ __spec__ __builtins__ __builtin__ __annotations__ __debug__ __dict__"
)

IPYTHON = words(
    "In Out get_ipython display exit quit _ __ ___ _i _ii _iii _ih _oh _dh _sh _exit_code _pwd __IPYTHON__"
    " __session__ __vsc_ipynb_file__"
)

# Spark-flavoured kernels and hosted notebooks.
HOSTED = words(
    "spark sc sqlContext sqlCtx dbutils displayHTML getArgument mssparkutils notebookutils glueContext"
    " knitr dbfs entry_point sqlc hiveContext"
)

# There too, but everyday words elsewhere: believed only where the notebook shows that it is at home there.
HOSTED_WORDS = words("sql table udf z")

PYTHON2 = words(
    "apply basestring buffer cmp coerce execfile file intern long raw_input reduce reload unichr unicode xrange"
    " StandardError"
)

_HISTORY = pattern(r"_i?\d+\Z|_{1,3}\Z|_i{1,3}\Z")

_ALWAYS = BUILTINS | MODULE | IPYTHON


def always_there(name: str) -> bool:
    """Whether a plain IPython kernel has this name before the first cell runs (history names `_12` included)."""
    return name in _ALWAYS or (name[:1] == "_" and _HISTORY.match(name) is not None)
