"""What IPython's magics (and the well-known extensions' ones) do to names. Written from their documentation.

Sources: IPython 8 and 9 magics reference, line_profiler, memory_profiler, ipython-sql / JupySQL, google-cloud-bigquery,
rpy2, sparkmagic, Databricks notebooks. An unknown magic is taken for one that binds nothing; an unknown *cell* magic
hides its body, which need not be Python.
"""

from __future__ import annotations

from nb_mlops.knowledge import words

# Cell magics whose body is Python that runs in the user's namespace.
PYTHON_BODY = words(
    "time timeit capture prun debug memit mprun lprun snakeviz heat scalene pyinstrument local wandb ipytest add_to"
    " expect_exception skip_exception notify chime perf"
)

# What these run does not bind names in the user's namespace.
DISCARDS_BINDINGS = frozenset({"timeit", "memit", "perf"})

# Magics whose arguments are a Python statement, with the options (getopt style) that stand before it.
STATEMENT = {
    "time": "",
    "timeit": "n:r:tcp:qov:",
    "prun": "D:l:rs:T:q",
    "memit": "r:t:i:coh:",
    "lprun": "rsf:m:D:T:u:zip",
    "mprun": "rf:T:c",
    "debug": "b:",
    "snakeviz": "nf:t",
    "pyinstrument": "",
}

# IPython does not expand `{x}` and `$x` in the arguments of these.
NOT_EXPANDED = frozenset({"time", "timeit", "prun", "capture", "debug"})

# After these, any name may be bound.
WILDCARD = words(
    "run load loadpy edit ed rerun recall rep cython cython_inline px autopx pxresult import_ipynb"
    " importnb aimport sage"
)

# These bind the names given as plain arguments.
BINDS_ARGUMENTS = frozenset({"Rpull", "octave_pull", "Rget"})

# Cell or line magics that bind the name given by an option.
BINDS_OPTION = {
    "bash": ("--out", "--err", "--proc"),
    "sh": ("--out", "--err", "--proc"),
    "script": ("--out", "--err", "--proc"),
    "python": ("--out", "--err", "--proc"),
    "python3": ("--out", "--err", "--proc"),
    "perl": ("--out", "--err", "--proc"),
    "ruby": ("--out", "--err", "--proc"),
    "R": ("-o", "--output"),
    "octave": ("-o", "--output"),
    "julia": ("-o", "--output"),
    "matlab": ("-o", "--output"),
    "spark": ("-o", "--output"),
    "sql": ("-o", "--output"),
    "bq": ("-n", "--name"),
    "gremlin": ("--store-to",),
    "opencypher": ("--store-to",),
    "oc": ("--store-to",),
    "sparql": ("--store-to",),
}

# Cell or line magics that read the names given by an option.
READS_OPTION = {
    "R": ("-i", "--input"),
    "octave": ("-i", "--input"),
    "julia": ("-i", "--input"),
    "matlab": ("-i", "--input"),
    "bigquery": ("--params", "--project"),
}

# Cell magics whose first plain argument is a name they bind.
BINDS_FIRST = frozenset({"capture", "bigquery", "macro"})

# Databricks and its like: one `%` at the top of a cell that is another language altogether.
WHOLE_CELL = words("sql md md-sandbox scala sh r R fs html javascript configure markdown bash ruby sparkr")

# Words that IPython takes for a magic without `%` when they are the whole cell.
AUTOMAGIC = words(
    "alias alias_magic autoawait autocall automagic autosave bookmark cat cd clear colors conda config cp debug dhist"
    " dirs doctest_mode ed edit env gui hist history killbgscripts ldir less lf lk ll load load_ext loadpy logoff logon"
    " logstart logstate logstop ls lsmagic lx macro magic mamba man matplotlib micromamba mkdir more mv notebook page"
    " pastebin pdb pdef pdoc pfile pinfo pinfo2 pip popd pprint precision prun psearch psource pushd pwd pycat pylab"
    " quickref recall rehashx reload_ext rep rerun reset reset_selective rm rmdir run save sc set_env store sx system"
    " tb time timeit unalias unload_ext uv who who_ls whos xdel xmode"
)
