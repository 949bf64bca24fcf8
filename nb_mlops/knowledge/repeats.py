"""What means something else, or fails, when it is done twice to the same object. Reviewed by hand.

Sources: the documentation of Python's containers, numpy, pandas and PyTorch. What is not listed need not be harmless:
it is not known.
"""

from __future__ import annotations

from nb_mlops.knowledge import words

# receiver.method(...) in place: a list is longer, shorter or turned round, a key is gone the second time.
IN_PLACE = words("append appendleft extend extendleft insert remove popleft popitem reverse pop")

# `x = x.method(...)` and `x.method(..., inplace=True)`: the column is gone, or moved, or there twice the second time.
METHODS = words(
    "drop pop set_index reset_index merge join append shift diff pct_change cumsum cumprod sample transpose melt pivot"
    " pivot_table stack unstack unsqueeze expand_dims repeat split encode add sub mul div truediv floordiv pow"
    " radd rsub rmul rdiv square log exp sqrt log1p expm1 inverse_transform transform"
)

# `x = module.function(x, ...)` and `x = module.function([x, ...])`.
FUNCTIONS = words(
    "append concat concatenate vstack hstack dstack column_stack row_stack cat insert delete merge expand_dims"
    " unsqueeze transpose cumsum cumprod diff log log2 log10 log1p exp expm1 sqrt square power repeat tile flip fliplr"
    " flipud roll to_categorical"
)

# Of these, the second time fails, and the exception would be stored.
FAILS = words("drop set_index pivot pivot_table melt remove encode split join")
