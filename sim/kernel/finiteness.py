"""Finiteness: a number that is not finite stops the run; the error names law, date and states."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from traceback import walk_tb
from types import FrameType
from typing import Any

import numpy as np

from sim.kernel.array_fields import arrays_of
from sim.kernel.collect import PERIODIC
from sim.kernel.errors import RunError
from sim.kernel.layout.layout import Layout
from sim.kernel.world import World

MOST = 5  # names that a message lists
_KINDS = {  # of rows, by their axis
    "states": "state", "trades": "trade", "levers": "lever", "civils": "civil",
}  # fmt: skip


@contextmanager
def defined(world: World, number: int) -> Iterator[list[str]]:
    """Turn an undefined operation, such as 0 / 0, into a RunError, and silence numpy's warnings.

    `number` is that of the period that comes next, by date. The list names what else has gone
    beyond finite numbers: it stays empty as long as none overflowed or was divided by zero.
    """
    beyond: list[str] = []
    with np.errstate(
        all="ignore", invalid="raise", over="call", divide="call",
        call=lambda kind, _: beyond.append(kind),
    ):  # fmt: skip
        try:
            yield beyond
        except FloatingPointError as error:
            check(world.but(period=number))
            date = _date(world.layout, number)
            frames = [frame for frame, _ in walk_tb(error.__traceback__)]
            raise _error(date, _culprit(frames, world.layout)) from error


def check(world: World) -> None:
    """Raise a RunError that names date, array and states if anything is not finite."""
    layout = world.layout
    for name, about in arrays_of(World).items():
        array = getattr(world, name)
        if about.moves and not about.endless and not np.isfinite(array.sum()):
            kind = _KINDS.get(about.axes[0], "dyad")
            where = _named(array, layout.subjects[kind])
            raise _error(_date(layout, world.period), f"{name} is not finite for {where}")


def check_metric(layout: Layout, name: str, series: np.ndarray) -> None:
    """Raise a RunError that names date and subjects if a series is not finite."""
    if not np.isfinite(series.sum()):
        period = int(np.nonzero(~np.isfinite(series))[0][0])
        where = _named(series[period], layout.subjects[PERIODIC[name].kind])
        raise _error(layout.calendar.label(period), f"{name} is not finite for {where}")


def _date(layout: Layout, number: int) -> str:
    return layout.calendar.label(number - layout.calendar.first)


def _error(date: str, fault: str) -> RunError:
    return RunError(f"{date}: {fault}; look at its inputs and bounds")


def _named(array: np.ndarray, names: Sequence[str]) -> str:
    """Return the names of the first rows that hold a number that is not finite."""
    rows = np.unique(np.nonzero(~np.isfinite(array))[0])
    return ", ".join(names[row] for row in rows[:MOST])


def _culprit(frames: list[FrameType], layout: Layout) -> str:
    """Return which law, or else which step, fails, and for which states or dyads."""
    modules = [str(frame.f_globals.get("__name__", "")) for frame in frames]
    for module, frame in zip(modules, frames, strict=True):
        if module.startswith("sim.laws."):
            name = frame.f_code.co_name
            return f"{name} is not a number{_of(frame, layout)} (law of {_last(module)})"
    for module, frame in zip(modules, frames, strict=True):
        if module == "sim.kernel.inputs" and (edit := frame.f_locals.get("edit")) is not None:
            return f"the value of {_key(edit, layout)} after an event is not a number"
    within = [m for m in modules if m.startswith(("sim.steps.", "sim.metrics.", "sim.kernel."))]
    return f"a result of {_last(within[-1]) if within else 'the period'} is not a number"


def _key(edit: Any, layout: Layout) -> str:
    """Return the key of a scenario, or the array, whose number an event changes, with names."""
    about = arrays_of(World)[edit.field]
    names = [
        getattr(layout, axis)[at]
        for axis, at in zip(about.axes, edit.cell, strict=False)
        if axis in ("states", "blocs", "offers")
    ]
    what = about.set_by.rpartition(".")[2] if about.set_by else edit.field
    return f"{what} of {', '.join(names)}" if names else what


def _last(module: str) -> str:
    return module.rpartition(".")[2].replace("_", " ")


def _of(frame: FrameType, layout: Layout) -> str:
    """Return for which states or dyads the method of a law fails, if these are its rows."""
    given: dict[str, Any] = dict(frame.f_locals)
    code = frame.f_code
    named = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    law, *names = named
    extra = next((v for k, v in given.items() if k in {"_", "case"} and isinstance(v, dict)), {})
    with np.errstate(all="ignore"):
        method = getattr(given[law], code.co_name)
        terms = method(**{name: given[name] for name in names}, **extra)
        answer = np.asarray(sum(terms.values()) if isinstance(terms, Mapping) else terms)
    rows = [each for each in (layout.states, layout.subjects["dyad"]) if len(each) == len(answer)]
    where = _named(answer, rows[0]) if len(rows) == 1 and answer.ndim > 1 else ""
    return f" for {where}" if where else ""
