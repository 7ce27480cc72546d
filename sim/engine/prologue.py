"""Prologue: values that are equal in all runs of a block, computed by numpy for the kernel.

Calls that depend on numbers of the period are made once for each period, the others once for a
block.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.engine.calls import Call, Reference, mapped, references


def needed(calls: Sequence[Call | str], wanted: Iterable[int]) -> list[int]:
    """Return the wanted calls and those on which they depend, in order."""
    found: set[int] = set()
    todo = list(wanted)
    while todo:
        number = todo.pop()
        if number in found:
            continue
        found.add(number)
        call = calls[number]
        if isinstance(call, Call):
            todo += references((call.args, call.keywords))
    return sorted(found)


@dataclass(frozen=True, eq=False)
class PreparedCall:
    """A call with its arguments; those that are results of other calls are references."""

    number: int
    function: Callable[..., Any]
    args: Sequence[Any]
    keywords: Mapping[str, Any]
    simple: bool  # whether references are whole arguments, never parts of one

    def done(self, results: Mapping[int, Any]) -> Any:
        """Return the result of the call."""
        if self.simple:
            given = [results[a.number] if type(a) is Reference else a for a in self.args]
            return self.function(*given, **self.keywords)
        return self.function(*_filled(self.args, results), **_filled(self.keywords, results))


def _filled(value: Any, results: Mapping[int, Any]) -> Any:
    """Return arguments with references replaced by results."""
    return mapped(value, lambda each: results[each.number] if type(each) is Reference else each)


@dataclass(frozen=True, eq=False)
class Prologue:
    """The calls that a kernel needs, by the numbers on which they depend."""

    calls: Mapping[int, Call | str]
    by_block: Sequence[int]  # on numbers of the case only
    by_period: Sequence[int]  # also on events of the period
    by_number: Sequence[int]  # also on the number of the period

    def of_block(self, sources: Mapping[str, Any]) -> dict[int, Any]:
        """Return the results that are valid in all periods, by number of the call."""
        return self._done(self.by_block, sources, {})

    def of_period(self, sources: Mapping[str, Any], known: Mapping[int, Any]) -> dict[int, Any]:
        """Return the results that are valid in all periods with the same events."""
        return self._done(self.by_period, sources, known)

    def of_number(self, sources: Mapping[str, Any], known: Mapping[int, Any]) -> dict[int, Any]:
        """Return the results that are valid in one period."""
        return self._done(self.by_number, sources, known)

    @cached_property
    def _steps(self) -> Mapping[int, PreparedCall]:
        steps = {}
        for number in (*self.by_block, *self.by_period, *self.by_number):
            call = self.calls[number]
            if isinstance(call, Call):
                deep = [a for a in call.args if not isinstance(a, Reference)]
                simple = not references((deep, call.keywords))
                steps[number] = PreparedCall(
                    number, call.function, call.args, call.keywords, simple
                )
        return steps

    def _done(
        self, numbers: Sequence[int], sources: Mapping[str, Any], known: Mapping[int, Any]
    ) -> dict[int, Any]:
        steps, results = self._steps, dict(known)
        with np.errstate(all="ignore"):
            for number in numbers:
                step = steps.get(number)
                if step is None:
                    results[number] = sources[self.calls[number]]  # type: ignore[index]
                else:
                    results[number] = step.done(results)
        return results


def prologue(
    calls: Sequence[Call | str], pins: Iterable[int], of_period: Collection[str], number: str
) -> Prologue:
    """Return the prologue that computes the pins.

    `of_period` are the sources that may change from period to period; `number` always does.
    """
    block: list[int] = []
    period: set[int] = set()
    counted: set[int] = set()
    wanted = needed(calls, pins)
    for each in wanted:
        call = calls[each]
        if isinstance(call, str):
            early, late = call in of_period, call == number
        else:
            on = references((call.args, call.keywords))
            early, late = any(n in period for n in on), any(n in counted for n in on)
        if late:
            counted.add(each)
        elif early:
            period.add(each)
        else:
            block.append(each)
    known = {each: calls[each] for each in wanted}
    return Prologue(known, block, sorted(period), sorted(counted))
