"""Instructions: what LLVM does for a function of numbers of one type."""

from typing import Any

import numpy as np

from sim.engine.assembly import Function

FLOATS = {
    "add": "fadd", "subtract": "fsub", "multiply": "fmul", "divide": "fdiv",
    "less": "fcmp olt", "less_equal": "fcmp ole",
    "greater": "fcmp ogt", "greater_equal": "fcmp oge",
    "equal": "fcmp oeq", "not_equal": "fcmp une",
}  # fmt: skip
INTEGERS = {
    "add": "add", "subtract": "sub", "multiply": "mul", "less": "icmp {s}lt",
    "less_equal": "icmp {s}le", "greater": "icmp {s}gt", "greater_equal": "icmp {s}ge",
    "equal": "icmp eq", "not_equal": "icmp ne", "logical_and": "and", "logical_or": "or",
    "logical_xor": "xor", "bitwise_and": "and", "bitwise_or": "or", "bitwise_xor": "xor",
    "left_shift": "shl", "right_shift": "{shift}shr",
}  # fmt: skip
CALLED = {  # functions of the library, or LLVM's own
    "exp": "exp", "log": "log", "cos": "cos", "tanh": "tanh", "expm1": "expm1", "log1p": "log1p",
    "power": "power", "sqrt": "llvm.sqrt", "floor": "llvm.floor", "rint": "llvm.rint",
    "absolute": "llvm.fabs",
}  # fmt: skip


def instruction(name: str, f: Function, dtype: Any, args: list[str]) -> str:
    """Return the instruction for a function of numbers of one type."""
    vector, is_float = f.vector(dtype), dtype.kind == "f"
    if name == "negative":
        return (
            f"fneg {vector} {args[0]}" if is_float else f"sub {vector} zeroinitializer, {args[0]}"
        )
    if name == "logical_not":
        return f"xor {vector} {args[0]}, {f.all_lanes(np.bool_, 1)}"
    if is_float and name in CALLED:
        called = CALLED[name] + (f".v{f.lanes}f64" if "." in CALLED[name] else "")
        return f"call {vector} @{called}({', '.join(f'{vector} {each}' for each in args)})"
    sign = "u" if dtype.kind in "ub" else "s"
    shift = "a" if sign == "s" else "l"
    what = FLOATS[name] if is_float else INTEGERS[name].format(s=sign, shift=shift)
    return f"{what} {vector} {args[0]}, {args[1]}"


def divided(f: Function, name: str, dtype: Any, whole: str, by: str) -> str:
    """Return an integer quotient, rounded down, or its remainder; both are 0 for a divisor of 0."""
    vector, mask, zero = f.vector(dtype), f.vector(np.bool_), "zeroinitializer"
    nothing = f.do(f"icmp eq {vector} {by}, {zero}")
    some = f.do(f"select {mask} {nothing}, {vector} {f.all_lanes(dtype, 1)}, {vector} {by}")
    sign = "s" if dtype.kind == "i" else "u"
    rest = f.do(f"{sign}rem {vector} {whole}, {some}")
    low = f.do(f"icmp slt {vector} {f.do(f'xor {vector} {rest}, {some}')}, {zero}")
    low = f.do(f"and {mask} {low}, {f.do(f'icmp ne {vector} {rest}, {zero}')}")
    if name == "remainder":
        above = f.do(f"select {mask} {low}, {vector} {some}, {vector} {zero}")
        made = f.do(f"add {vector} {rest}, {above}") if sign == "s" else rest
    else:
        made = f.do(f"{sign}div {vector} {whole}, {some}")
        if sign == "s":
            made = f.do(f"add {vector} {made}, {f.do(f'sext {mask} {low} to {vector}')}")
    return f.do(f"select {mask} {nothing}, {vector} {zero}, {vector} {made}")
