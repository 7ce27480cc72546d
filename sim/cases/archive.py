"""Archive: a user's public data as series by state and as rows on two states."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeVar

import numpy as np
import pandas as pd

from sim.cases.shared_numbers import renamed_in, renumbered
from sim.data.flows import flows_of_all
from sim.data.tidy_tables import Kind

BACK, AHEAD = 5, 2  # years by which a figure may precede the year asked for; else follow it
Series = Mapping[int, float]  # year -> value
Pair = tuple[str, str]  # of codes, the first in the alphabet first
Made = TypeVar("Made")


class TidyTables(Protocol):
    """A source of tidy tables by kind, such as a collection of downloads."""

    def frame(self, kind: Kind) -> pd.DataFrame:
        """Return all rows of a kind."""


class Archive:
    """Tables of a collection, each read once."""

    def __init__(self, tables: TidyTables) -> None:
        """Keep the source; a table is read when it is first used."""
        self._tables = tables
        self._frames: dict[str, pd.DataFrame] = {}
        self._by_state: dict[str, dict[str, pd.DataFrame]] = {}
        self._made: dict[str, Any] = {}
        self._cases: dict[tuple[tuple[str, str], ...], Archive] = {}

    def frame(self, kind: Kind) -> pd.DataFrame:
        """Return all rows of a kind."""
        if kind.name not in self._frames:
            self._frames[kind.name] = self._tables.frame(kind)
        return self._frames[kind.name]

    def of_case(self, states: Collection[str]) -> Archive:
        """Return the archive as a case with some states reads it; see `shared_numbers`."""
        codes = renamed_in(states)
        if not codes:
            return self
        key = tuple(sorted(codes.items()))
        if key not in self._cases:
            self._cases[key] = Archive(RenumberedTables(self, codes))
        return self._cases[key]

    def once(self, name: str, make: Callable[[Archive], Made]) -> Made:
        """Return what is derived from tables; it is made at the first call with this name."""
        if name not in self._made:
            self._made[name] = make(self)
        made: Made = self._made[name]
        return made

    def has(self, *kinds: Kind) -> bool:
        """Return whether any of some kinds has a row."""
        return any(len(self.frame(each)) for each in kinds)

    def series(self, kind: Kind, state: str, column: str = "value", **only: str) -> Series:
        """Return a state's figures in a column by year, from rows in which columns equal `only`."""
        own = self._of_state(kind, state)
        for name, value in only.items():
            own = own[own[name] == value]
        known = own[own[column].notna()]
        return dict(zip(known["year"].astype(int), known[column].astype(float), strict=True))

    def _of_state(self, kind: Kind, state: str) -> pd.DataFrame:
        """Return the rows of a kind on a state; each kind is divided once."""
        frame = self.frame(kind)
        if kind.name not in self._by_state:
            self._by_state[kind.name] = {
                str(state): own for state, own in frame.groupby("iso3", sort=False)
            }
        return self._by_state[kind.name].get(state, frame.iloc[:0])

    def in_force(self, kind: Kind, year: int) -> pd.DataFrame:
        """Return the rows whose spell, `first` to `last`, includes a year.

        If the table ends before the year, its last year is taken. A spell without an end goes on.
        """
        frame = self.frame(kind)
        if not len(frame):
            return frame
        until = min(year, int(frame["last"].max()))
        last = frame["last"].fillna(until)
        return frame[(frame["first"] <= until) & (last >= until)]

    @cached_property
    def codes(self) -> frozenset[str]:
        """Return the codes of all states in the tables that have been read."""
        named: set[str] = set()
        for frame in self._frames.values():
            for column in ("iso3", "iso3_1", "iso3_2"):
                if column in frame:
                    named |= {*frame[column].unique()}
        return frozenset(named - {""})


@dataclass(frozen=True)
class RenumberedTables:
    """The tables of an archive with the codes of a case."""

    archive: Archive
    codes: Mapping[str, str]  # see `renamed_in`

    def frame(self, kind: Kind) -> pd.DataFrame:
        """Return all rows of a kind."""
        return renumbered(self.archive.frame(kind), kind, self.codes)


def flows(archive: Archive) -> pd.DataFrame:
    """Return flows by supplier, recipient and year, each from the most exact table that has it."""
    return archive.once("flows", lambda own: flows_of_all(own.frame))


def sold(archive: Archive, years: range) -> pd.DataFrame:
    """Return the flows of some years in which something was delivered."""
    whole = flows(archive)
    return whole[whole["year"].isin(years) & (whole["tiv"] > 0)]


def latest(series: Series, year: int) -> tuple[int, float] | None:
    """Return (year, value) of the last figure up to a year, or else of the first soon after it.

    None if there is none from BACK years before to AHEAD years after.
    """
    before = [each for each in series if year - BACK <= each <= year]
    after = [each for each in series if year < each <= year + AHEAD]
    found = max(before, default=None) or min(after, default=None)
    return None if found is None else (found, series[found])


def pair(one: str, other: str) -> Pair:
    """Return two codes in alphabetical order, as tables have them."""
    return (one, other) if one < other else (other, one)


def pairs_in(frame: pd.DataFrame, states: Iterable[str]) -> pd.DataFrame:
    """Return the rows in which both states are among `states`."""
    own = [*states]
    return frame[frame["iso3_1"].isin(own) & frame["iso3_2"].isin(own)]


def matrix(frame: pd.DataFrame, states: list[str], column: str) -> np.ndarray:
    """Return the mean of a column by pair: (states, states), symmetric; nan without a row."""
    index = {state: at for at, state in enumerate(states)}
    table = np.full((len(states), len(states)), np.nan)
    means = pairs_in(frame, states).groupby(["iso3_1", "iso3_2"], sort=True)[column].mean()
    for key, value in zip(means.index.to_list(), means.to_numpy(dtype=float), strict=True):
        i, j = (index[each] for each in key)
        table[i, j] = table[j, i] = value
    return table
