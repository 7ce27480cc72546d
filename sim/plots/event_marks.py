"""Marks of events on an axis of years, numbered, with a key below the figure.

Events of the scenario stand at their date. One on a condition, and what became of an order, stands
at the date that is in the middle of those at which it came, if it came in half of the runs or more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from sim.plots.figure_data import FigureData, years
from sim.plots.style import GREY, short

KINDS = (
    "incident", "membership", "appeal", "order", "transfer", "request", "threat", "cancel",
    "divert", "suspend", "embargo", "sanction", "loan", "forgive",
)  # fmt: skip
STAGES = ("threatened", "cancelled", "diverted", "suspended")  # of orders
HALF = 0.5  # of the runs, from which on something that runs differ in is marked
_MOST = 6  # events that are marked


@dataclass(frozen=True)
class EventMarks:
    """Some dated events, in their order."""

    events: tuple[tuple[float, str], ...]  # the year in which one begins, and what it is

    @classmethod
    def of(cls, tables: FigureData, subject: str, rows: pd.DataFrame) -> EventMarks:
        """Return the events that name one of a subject's states or blocs, in the span of rows."""
        keys = {*re.split("[>: ]", subject)}
        start, end = rows["year"].min(), rows["year"].max()
        found = [
            (rank, year, words)
            for rank, year, names, words in (*_events(tables), *_in_runs(tables))
            if start <= year <= end and names & keys
        ]
        chosen = sorted(found)[:_MOST]
        return cls(tuple(sorted((year, words) for _, year, words in chosen)))

    def draw(self, ax: Axes) -> None:
        """Mark the events, those of one date by one line."""
        for year, numbers in self._numbers().items():
            ax.axvline(year, color=GREY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=0.5)
            ax.annotate(
                numbers, (year, 1), xycoords=("data", "axes fraction"), xytext=(1.5, -1),
                textcoords="offset points", size=5.5, color=GREY, va="top", ha="left",
            )  # fmt: skip

    @property
    def key(self) -> str:
        """Return what the numbers stand for; empty where there are none."""
        if not self.events:
            return ""
        named = [f"{at} {words}" for at, (_, words) in enumerate(self.events, start=1)]
        return f"Events: {'; '.join(named)}."

    def _numbers(self) -> dict[float, str]:
        dates: dict[float, list[str]] = {}
        for at, (year, _) in enumerate(self.events, start=1):
            dates.setdefault(year, []).append(str(at))
        return {year: ",".join(each) for year, each in dates.items()}


def _events(tables: FigureData) -> Iterator[tuple[int, float, set[str], str]]:
    """Yield the rank, year, names and words of each event that is not a mere change of a number."""
    for name, event in _written(tables).items():
        kind = _kind(event)
        if kind is not None and isinstance(event.get("at"), str | int):
            date = str(event["at"])
            words = f"{_words(name)} ({date})"
            yield KINDS.index(kind), years([date])[date], _names(event[kind]), words


def _in_runs(tables: FigureData) -> Iterator[tuple[int, float, set[str], str]]:
    """Yield the same of events on condition, and of stages of orders, that most runs have."""
    waiting = {name: event for name, event in _written(tables).items() if "when" in event}
    frame = tables["events"] if any(t.name == "events" for t in tables.kind.tables) else None
    if frame is None or "about" not in frame or frame.empty:
        return
    runs = frame.groupby("variant")["run"].nunique()
    frame = frame[frame["kind"].isin(STAGES) | (frame["kind"] == "imposed")]
    for (kind, about), rows in frame.groupby(["kind", "about"]):
        first = rows.sort_values("date").drop_duplicates(["variant", "run"])
        share = len(first) / runs[first["variant"].unique()].sum()
        event = waiting.get(about, {})
        known = _kind(event)
        if share < HALF or (kind == "imposed" and known is None):
            continue
        date = str(first["date"].sort_values().iloc[len(first) // 2])
        name = _words(about)
        if kind == "imposed":
            rank, names = KINDS.index(str(known)), _names(event[known])
        else:
            rank, names = len(KINDS), {*first[["actor", "against", "aided"]].to_numpy().ravel()}
            name = f"{name} {kind}"
        yield rank, years([date])[date], names, f"{name} ({date}, in {share:.0%} of the runs)"


def _written(tables: FigureData) -> dict[Any, dict[Any, Any]]:
    """Return the events that the scenario of a result has, those that are no mapping left out."""
    content = tables.document.get("events")
    events = content.items() if isinstance(content, dict) else ()
    return {name: event for name, event in events if isinstance(event, dict)}


def _kind(event: dict[Any, Any]) -> str | None:
    return next((kind for kind in KINDS if kind in event), None)


def _words(name: Any) -> str:
    return short(str(name).replace("_", " "), 40)


def _names(action: Any) -> set[str]:
    """Return every text that an event's action holds: among them the states and blocs it names."""
    if not isinstance(action, dict):
        return set()
    parts = [each if isinstance(each, list) else [each] for each in action.values()]
    return {str(each) for part in parts for each in part}
