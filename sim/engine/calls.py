"""Calls of numpy on values that are equal in all runs, and access to their arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Call:
    """A call of numpy on values that are equal in all runs; arguments may be references."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    keywords: Mapping[str, Any]


@dataclass(frozen=True)
class Reference:
    """The result of an earlier call."""

    number: int


def parts_of(value: Any) -> list[Any]:
    """Return all parts of nested arguments as a flat list."""
    if isinstance(value, (tuple, list)):
        return [each for part in value for each in parts_of(part)]
    if isinstance(value, Mapping):
        return parts_of(list(value.values()))
    if isinstance(value, slice):
        return [value.start, value.stop, value.step]
    return [value]


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return nested arguments with `change` applied to every part."""
    if isinstance(value, (tuple, list)):
        return type(value)([mapped(each, change) for each in value])
    if isinstance(value, Mapping):
        return {name: mapped(each, change) for name, each in value.items()}
    if isinstance(value, slice):
        return slice(*(mapped(e, change) for e in (value.start, value.stop, value.step)))
    return change(value)


def references(value: Any) -> list[int]:
    """Return the numbers of the calls to which nested arguments refer."""
    return [each.number for each in parts_of(value) if isinstance(each, Reference)]
