"""Checks of the keywords of public functions, by the names and types in their signatures."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import wraps
from numbers import Integral, Real
from os import PathLike
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

import numpy as np

from sim.kernel.errors import InputError, Problem, need_flags, need_lists
from sim.kernel.words import meant, quoted

F = TypeVar("F", bound=Callable[..., Any])
KINDS: dict[Any, tuple[str, Any]] = {  # annotation -> its words in messages, classes
    bool: ("True or False", (bool, np.bool_)),
    int: ("a whole number", Integral),
    float: ("a number", Real),
    str: ("a text", str),
    Path: ("a path", PathLike),
    NoneType: ("None", NoneType),
    Mapping: ("a mapping", Mapping),
    Sequence: ("a list of texts", ()),
}


def by_keyword(function: F) -> F:
    """Decorate a function: InputError for unknown keywords and values of the wrong type."""
    signature = inspect.signature(function)
    takes = [name for name in signature.parameters if name != "self"]

    @wraps(function)
    def checked(*arguments: Any, **keywords: Any) -> Any:
        which = f": it takes {', '.join(takes)}"
        problems = [
            Problem(function.__name__, 0, 0, "", f"no keyword {quoted(name)}{hint}")
            for name in keywords
            for hint in [meant(name, takes) or which]
            if name not in takes
        ]
        if not problems:
            values = signature.bind(*arguments, **keywords).arguments
            hints = get_type_hints(function)
            problems = [
                Problem("--" + name.replace("_", "-"), 0, 0, "", fault)
                for name in takes
                if name in values and (fault := _fault(name, values[name], hints[name]))
            ]
        if problems:
            raise InputError(problems)
        return function(*arguments, **keywords)

    return cast("F", checked)


def _fault(name: str, value: Any, hint: Any) -> str:
    """Return the fault of a value; empty if it has none."""
    several = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    kinds = [get_origin(each) or each for each in several]
    if any(_fits(value, kind) for kind in kinds):
        return ""
    if Sequence in kinds:
        need_lists(**{name: value})  # raises an error with the remedy
    if bool in kinds:
        need_flags(**{name: value})
    words = [KINDS.get(kind, (getattr(kind, "__name__", ""), 0))[0] for kind in kinds]
    return f"must be {' or '.join(word for word in words if word != 'None')}, got {value!r}"


def _fits(value: Any, kind: Any) -> bool:
    """Return whether a value fits an annotation; protocols are not checked."""
    if kind is Callable:
        return callable(value)
    if kind is Sequence:
        several = isinstance(value, Collection) and not isinstance(value, (str, bytes, Mapping))
        return several and all(isinstance(each, (str, PathLike)) for each in value)
    if isinstance(value, bool):
        return kind is bool or kind is Any
    _, classes = KINDS.get(kind, ("", kind))
    unknown = not isinstance(classes, (type, tuple)) or getattr(classes, "_is_protocol", False)
    return unknown or isinstance(value, classes)
