"""Prologue: what all runs of a block agree on, computed by numpy before the kernel reads it.

Calls that rest on the period's own numbers are made once a period, the rest once a block.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.symbols import Call, Reference


def references(value: Any) -> list[int]:
    """Return the calls to which arguments refer."""
    if isinstance(value, Reference):
        return [value.number]
    if isinstance(value, (tuple, list)):
        return [n for each in value for n in references(each)]
    if isinstance(value, Mapping):
        return references(list(value.values()))
    if isinstance(value, slice):
        return references([value.start, value.stop, value.step])
    return []


def needed(calls: Sequence[Call | str], wanted: Iterable[int]) -> list[int]:
    """Return the calls on which some rest, themselves included, in order."""
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
class Prologue:
    """The calls that a kernel needs."""

    calls: Sequence[Call | str]
    by_block: Sequence[int]
    by_period: Sequence[int]

    def of_block(self, sources: Mapping[str, Any]) -> dict[int, Any]:
        """Return the results that hold in all periods, by number of the call."""
        return self._done(self.by_block, sources, {})

    def of_period(self, sources: Mapping[str, Any], known: Mapping[int, Any]) -> dict[int, Any]:
        """Return the results that hold in one period."""
        return self._done(self.by_period, sources, known)

    def _done(
        self, numbers: Sequence[int], sources: Mapping[str, Any], known: Mapping[int, Any]
    ) -> dict[int, Any]:
        results: dict[int, Any] = {}

        def value(each: Any) -> Any:
            if isinstance(each, Reference):
                return results[each.number] if each.number in results else known[each.number]
            if isinstance(each, (tuple, list)):
                return type(each)([value(part) for part in each])
            if isinstance(each, dict):
                return {name: value(part) for name, part in each.items()}
            if isinstance(each, slice):
                return slice(value(each.start), value(each.stop), value(each.step))
            return each

        with np.errstate(all="ignore"):
            for number in numbers:
                call = self.calls[number]
                if isinstance(call, str):
                    results[number] = sources[call]
                else:
                    results[number] = call.function(*value(call.args), **value(call.keywords))
        return results


def prologue(
    calls: Sequence[Call | str], pins: Iterable[int], of_period: Collection[str]
) -> Prologue:
    """Return the prologue that gives the pins; `of_period` are sources that change by period."""
    numbers, late = needed(calls, pins), set()
    for number in numbers:
        call = calls[number]
        if isinstance(call, str):
            changes = call in of_period
        else:
            changes = any(n in late for n in references((call.args, call.keywords)))
        if changes:
            late.add(number)
    early = [n for n in numbers if n not in late]
    return Prologue(calls, early, sorted(late))
