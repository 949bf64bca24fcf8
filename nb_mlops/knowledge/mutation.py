"""What changes an object in place: by method name, by keyword, by function. Reviewed by hand.

Sources: the documentation of Python's containers, numpy, pandas, scikit-learn, Keras, PyTorch and Matplotlib. Where a
name means both (`sort` of a list, `sort` of numpy) the table tells the two apart by what stands left of the dot: a
name bound by an import is never a receiver.
"""

from __future__ import annotations

from functools import lru_cache

from nb_mlops.core.lazy import pattern
from nb_mlops.knowledge import words

# receiver.method(...) changes the receiver.
METHODS = words(
    # containers
    "append appendleft extend extendleft insert remove pop popleft popitem clear sort reverse rotate update setdefault"
    " add discard difference_update intersection_update symmetric_difference_update subtract"
    # arrays
    " fill resize itemset setflags"
    # estimators
    " fit fit_transform fit_predict partial_fit set_params fit_resample fit_generator fit_on_texts adapt"
    # neural networks
    " compile load_weights set_weights load_state_dict train zero_grad backward step requires_grad_ build"
    " train_on_batch"
    # random generators
    " seed shuffle set_state manual_seed"
    # streams, writers, connections
    " write writelines writerow writerows close seek truncate commit execute executemany flush send put put_nowait"
    " read readline readlines"
    # figures and axes
    " tick_params invert_yaxis invert_xaxis legend axhline axvline annotate"
    # builders
    " register subscribe connect set"
)

# Methods of containers that change the receiver every time they are called.
SURE_METHODS = words(
    "append appendleft extend extendleft insert remove pop popleft popitem clear sort reverse add discard update"
    " setdefault"
)

# Attributes of a table that speak of all of it, not of one column.
OF_THE_WHOLE = words("shape columns dtypes values T iloc loc at iat size ndim empty axes style plot str dt cat")

# Whole families, minus what they wrongly catch.
PREFIXES = ("set_", "add_")
NOT_MUTATING = words(
    "set_index set_axis set_flags set_crs set_geometry add_prefix add_suffix add_column add_categories set_categories"
    " set_names set_levels set_codes"
)

# torch's in-place operations end in one underscore: `x.add_(1)`.
_IN_PLACE = pattern(r"[a-z0-9]_\Z")

# `name: (positions of the arguments changed)`, by the last part of the function's dotted name.
FUNCTIONS = {
    "fill_diagonal": (0,),
    "put": (0,),
    "place": (0,),
    "putmask": (0,),
    "copyto": (0,),
    "put_along_axis": (0,),
    "shuffle": (0,),
    "heappush": (0,),
    "heappop": (0,),
    "heapify": (0,),
    "heapreplace": (0,),
    "heappushpop": (0,),
    "insort": (0,),
    "insort_left": (0,),
    "insort_right": (0,),
    "setattr": (0,),
    "delattr": (0,),
    "next": (0,),
    "clip_grad_norm_": (0,),
}

# Calls that make a random generator: every method call on it changes its state.
GENERATORS = frozenset({"default_rng", "RandomState", "Generator", "Random", "SystemRandom", "PRNGKey"})

# Methods whose result shares the receiver's memory (or hands out its members).
VIEWS = words(
    "items values keys reshape ravel view transpose swapaxes squeeze diagonal get setdefault groupby iterrows"
    " itertuples parameters named_parameters children modules layers flat iter to_numpy"
)

# Functions that hand out the members of what they are given.
PASSES_ON = frozenset(
    {"enumerate", "zip", "reversed", "sorted", "list", "tuple", "iter", "filter", "islice", "chain", "tqdm"}
)


@lru_cache(maxsize=4096)
def method_mutates(name: str) -> bool:
    """Whether `receiver.name(...)` changes its receiver, as far as the name alone can tell."""
    if name in METHODS:
        return True
    if name in NOT_MUTATING or name.startswith("__"):
        return False
    return name.startswith(PREFIXES) or _IN_PLACE.search(name) is not None
