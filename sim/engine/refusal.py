"""Refusal: a period that cannot be traced, and the line of the law or step that is the reason."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from linecache import getline
from pathlib import Path
from traceback import walk_stack, walk_tb
from types import FrameType
from typing import NoReturn

from sim.kernel.errors import SimError

SILENT = ("numpy", "sim.engine", "sim.kernel.arrays", "sim.kernel.noise")  # who ask for others
FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class UntraceableError(SimError):
    """A period that cannot be traced: Python decides on a number that is not known yet."""


def untraceable(what: str) -> NoReturn:
    """Refuse what no graph can hold, and name the law or step that asks for it."""
    message = what + asked_by()
    _RAISED.append(message)
    raise UntraceableError(message)


def asked_by() -> str:
    """Return the law or step that asks for what is done now, and its line."""
    return _place(walk_stack(sys._getframe(1)))  # noqa: SLF001


_RAISED: list[str] = []  # in the trace that goes on: a law may have caught what it was told


@contextmanager
def refused() -> Iterator[None]:
    """Refuse what fails for another reason, such as a law that looks at how many runs there are.

    What was refused and caught by a law is refused all the same.
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
    """Return where the law, step or metric is that asked: the first caller with a mind of its own.

    None is named where the period itself is not among the callers.
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
    """Return function, file and line of a frame, and what stands there."""
    code = frame.f_code
    text = getline(code.co_filename, line).strip()
    return f"{code.co_qualname}, {Path(code.co_filename).name}:{line}" + (f": {text}" * bool(text))
