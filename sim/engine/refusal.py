"""Refusal: errors for a period that cannot be traced, with the line of the law or step at fault."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from linecache import getline
from pathlib import Path
from traceback import walk_stack, walk_tb
from types import FrameType
from typing import NoReturn

from sim.kernel.errors import SimError

SILENT = (
    "numpy",
    "sim.engine",
    "sim.kernel.arrays",
    "sim.kernel.noise",
)  # modules that act for a caller
FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class UntraceableError(SimError):
    """A period cannot be traced: for instance, Python branches on a number not known yet."""


def untraceable(what: str) -> NoReturn:
    """Raise an error for an operation that a graph cannot hold, and name the law or step."""
    message = what + asked_by()
    _RAISED.append(message)
    raise UntraceableError(message)


def asked_by() -> str:
    """Return the law or step that called for the current operation, and its line."""
    return _place(walk_stack(sys._getframe(1)))  # noqa: SLF001


_RAISED: list[str] = []  # in the current trace, since a law may have caught the error


@contextmanager
def refused() -> Iterator[None]:
    """Turn other errors within the block into refusals, such as of a law that counts the runs.

    A refusal that a law has caught is raised again.
    """
    _RAISED.clear()
    try:
        yield
        if _RAISED:
            raise UntraceableError(_RAISED[0])
    except FAULTS as error:
        callers = reversed(list(walk_tb(error.__traceback__)))
        reason = str(error).partition("\n")[0]
        message = f"{type(error).__name__}: {reason}{_place(callers)}"
        raise UntraceableError(message) from error


def _place(callers: Iterable[tuple[FrameType, int]]) -> str:
    """Return the place of the law, step or metric: the first caller that is not in `SILENT`.

    The text is empty if the period itself is not among the callers.
    """
    asker = ""
    for frame, line in callers:
        module = str(frame.f_globals.get("__name__", ""))
        if module == "sim.engine.trace" and frame.f_code.co_name == "trace":
            return asker
        if not asker and not any(f"{module}.".startswith(f"{each}.") for each in SILENT):
            asker = f", in {_named(frame, line)}"
    return ""


def _named(frame: FrameType, line: int) -> str:
    """Return function, file and line of a frame, and the source of that line."""
    code = frame.f_code
    text = getline(code.co_filename, line).strip()
    return f"{code.co_qualname}, {Path(code.co_filename).name}:{line}" + (f": {text}" * bool(text))
