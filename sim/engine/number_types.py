"""Types of numbers: of a result and of its arguments, by numpy's rules, and unsupported types.

Compiled numbers are float64, integers or booleans. Where numpy returns another type, such as
float16 for the exponential of a boolean, the period is not compiled.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from sim.engine.refusal import untraceable

KINDS = {"f8": "double", "i8": "i64", "i4": "i32", "u4": "i32", "i2": "i16", "i1": "i8", "b1": "i1"}
SPELLED = {"true_divide": "divide", "mod": "remainder", "abs": "absolute", "invert": "logical_not"}
FLOATING = {
    "exp", "expm1", "log", "log1p", "sqrt", "cos", "tanh", "floor", "rint", "power", "divide",
}  # fmt: skip
COMPARED = {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"}
LOGICAL = {
    "bitwise_and": "logical_and", "bitwise_or": "logical_or", "bitwise_xor": "logical_xor",
    "add": "logical_or", "multiply": "logical_and",
}  # fmt: skip
FRACTION = 1.5  # represents every Python float; it equals no integer
WHOLE = {"floor_divide", "remainder", "left_shift", "right_shift"}  # for integers only


@lru_cache(maxsize=10_000)
def types_of(name: str, kinds: tuple[Any, ...]) -> tuple[np.dtype[Any], tuple[np.dtype[Any], ...]]:
    """Return the type of a result and those of the arguments, by numpy's rules."""
    samples = [kind if weak else np.ones(1, kind) for kind, weak in kinds]
    if name == "where":
        dtype = np.result_type(*samples[1:])
        return dtype, (np.dtype(bool), dtype, dtype)
    with np.errstate(all="ignore"):
        dtype = np.asarray(getattr(np, name)(*samples)).dtype
    if dtype == np.int8 or (name == "absolute" and dtype.kind in "ub"):
        untraceable(f"numpy's {name} that returns {dtype}")
    if name in COMPARED:
        common = np.result_type(*samples)
        for kind, weak in kinds:
            if weak:
                np.array(kind, common)  # OverflowError: outside the range of the type
        return dtype, (common,) * len(samples)
    if name in FLOATING if dtype != np.float64 else name in WHOLE:
        untraceable(f"numpy's {name} that returns {dtype}")
    return dtype, (dtype,) * len(samples)


def kind_of(value: Any) -> tuple[Any, bool]:
    """Return what numpy's rules for types depend on: a Python number itself, or a type.

    Unlike 1, 1.0 and True, no two results of different types are equal, since `types_of` caches by
    them.
    """
    if isinstance(value, np.generic) or not isinstance(value, (bool, int, float)):
        return np.dtype(value.dtype) if hasattr(value, "dtype") else np.asarray(value).dtype, False
    if isinstance(value, bool):
        return np.dtype(bool), False
    return (FRACTION if isinstance(value, float) else value), True


def compiled(dtype: Any) -> np.dtype[Any]:
    """Return the type in which numbers of a type are compiled, or refuse it."""
    known: np.dtype[Any] = np.dtype(dtype)
    if f"{known.kind}{known.itemsize}" not in KINDS:
        untraceable(f"numbers of type {known}")
    return known
