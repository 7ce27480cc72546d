"""Lifetimes: from when to when a state existed, and of which state it was a part before.

`states.csv` has the years of states that began after 1945 or ended: years of independence and
of dissolution. Where the lists of the Correlates of War and of Gleditsch and Ward differ from them,
or from each other, the longer span counts. A number of COW is one state throughout, so that
RUS and SRB have no first year although SUN and YUG are states too. `one_number` says which ended
state has its number from a state that is still there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sim.data.state_codes import table


@dataclass(frozen=True)
class Lifetime:
    """First and last year of a state, where they are known, and the states that it was part of."""

    first: int | None = None
    last: int | None = None
    of: tuple[str, ...] = ()

    def covers(self, first: int, last: int) -> bool:
        """Return whether the state existed in all years of a span."""
        return (self.first or first) <= first and last <= (self.last or last)


ALWAYS = Lifetime()


@cache
def lifetimes() -> Mapping[str, Lifetime]:
    """Return the lifetime of every state that has not existed throughout, by code."""
    return {
        row["iso3"]: Lifetime(
            int(row["since"]) if row["since"] else None,
            int(row["until"]) if row["until"] else None,
            tuple(filter(None, row["of"].split(";"))),
        )
        for row in table()
        if row["since"] or row["until"] or row["of"]
    }


@cache
def one_number() -> Mapping[str, str]:
    """Return ended states whose number, of COW or of Gleditsch and Ward, is their successor's too.

    365 is SUN and RUS, 345 YUG and SRB, 260 FRG and (Gleditsch and Ward) DEU, 678 YAR and YEM.
    """
    own_of = {row["iso3"]: row["cow"] for row in table()}
    numbers = {row["iso3"]: {*filter(None, row["gw"].split(";"))} for row in table()}
    return {
        ended: heir
        for ended, own in lifetimes().items()
        if own.last is not None
        for heir in successors(ended)
        if lifetimes()[heir].first is None or own_of[ended] in numbers[heir]
    }


def successors(code: str) -> list[str]:
    """Return the states that a state became; first those that are counted as one with it."""
    after = [(own.first is not None, each) for each, own in lifetimes().items() if code in own.of]
    return [each for _, each in sorted(after)]
