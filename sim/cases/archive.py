"""Archive: a user's public data, asked for series by state and for rows on two states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from sim.data.tidy_tables import Kind

BACK, AHEAD = 5, 2  # years that a figure may be older than asked for; younger, if none is older
Series = Mapping[int, float]  # year -> value
Pair = tuple[str, str]  # of codes, the first in the alphabet first


class TidyTables(Protocol):
    """Whatever gives tidy tables by kind, as a collection of downloads does."""

    def frame(self, kind: Kind) -> pd.DataFrame:
        """Return all rows of a kind."""


class Archive:
    """Tables of a collection, each read once."""

    def __init__(self, tables: TidyTables) -> None:
        """Start with nothing read."""
        self._tables = tables
        self._frames: dict[str, pd.DataFrame] = {}
        self._made: dict[str, pd.DataFrame] = {}

    def frame(self, kind: Kind) -> pd.DataFrame:
        """Return all rows of a kind."""
        if kind.name not in self._frames:
            self._frames[kind.name] = self._tables.frame(kind)
        return self._frames[kind.name]

    def one_file(self, kind: Kind) -> pd.DataFrame:
        """Return the rows of the longest file of a kind: those of several would be summed up."""
        frame = self.frame(kind)
        return frame[frame["file"] == frame["file"].mode().iloc[0]] if len(frame) else frame

    def once(self, name: str, make: Callable[[Archive], pd.DataFrame]) -> pd.DataFrame:
        """Return a table made of others, made once."""
        if name not in self._made:
            self._made[name] = make(self)
        return self._made[name]

    def has(self, *kinds: Kind) -> bool:
        """Return whether there is a row of one of some kinds."""
        return any(len(self.frame(each)) for each in kinds)

    def series(self, kind: Kind, state: str, column: str = "value", **only: str) -> Series:
        """Return the figures of a state by year, where other columns have the values of `only`."""
        frame = self.frame(kind)
        rows = frame["iso3"] == state
        for name, value in only.items():
            rows &= frame[name] == value
        own = frame[rows]
        known = own[own[column].notna()]
        return dict(zip(known["year"].astype(int), known[column].astype(float), strict=True))

    def in_force(self, kind: Kind, year: int) -> pd.DataFrame:
        """Return the rows of spells that a year lies in; those of the last year hold on after it.

        A table that ends before the year is asked for its end.
        """
        frame = self.frame(kind)
        if not len(frame):
            return frame
        until = min(year, int(frame["last"].max()))
        last = frame["last"].fillna(until)
        return frame[(frame["first"] <= until) & (last >= until)]

    @cached_property
    def codes(self) -> frozenset[str]:
        """Return the codes of all states of which the tables that were read know something."""
        named: set[str] = set()
        for frame in self._frames.values():
            for column in ("iso3", "iso3_1", "iso3_2"):
                if column in frame:
                    named |= {*frame[column].unique()}
        return frozenset(named - {""})


def latest(series: Series, year: int) -> tuple[int, float] | None:
    """Return the last figure up to a year, or else the first one soon after it."""
    before = [each for each in series if year - BACK <= each <= year]
    after = [each for each in series if year < each <= year + AHEAD]
    found = max(before, default=None) or min(after, default=None)
    return None if found is None else (found, series[found])


def pair(one: str, other: str) -> Pair:
    """Return a pair as tables have it."""
    return (one, other) if one < other else (other, one)


def pairs_in(frame: pd.DataFrame, states: Iterable[str]) -> pd.DataFrame:
    """Return the rows whose both states are among some."""
    own = [*states]
    return frame[frame["iso3_1"].isin(own) & frame["iso3_2"].isin(own)]


def matrix(frame: pd.DataFrame, states: list[str], column: str) -> np.ndarray:
    """Return means of a column by pair, symmetric; nan where there is no row."""
    index = {state: at for at, state in enumerate(states)}
    table = np.full((len(states), len(states)), np.nan)
    means = pairs_in(frame, states).groupby(["iso3_1", "iso3_2"], sort=True)[column].mean()
    for key, value in zip(means.index.to_list(), means.to_numpy(dtype=float), strict=True):
        i, j = (index[each] for each in key)
        table[i, j] = table[j, i] = value
    return table
