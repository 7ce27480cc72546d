"""Marks of events on an axis of years, numbered, with a key below the figure.

Events of the scenario stand at their date. One on a condition, and what became of an order, stands
at the date that is in the middle of those at which it came, if it came in half of the runs or more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.kernel.words import together
from sim.plots.figure_data import FigureData, years
from sim.plots.style import GREY, short

KINDS = (
    "incident", "membership", "appeal", "order", "transfer", "request", "threat", "cancel",
    "divert", "suspend", "exclude", "embargo", "sanction", "sponsor", "loan", "forgive",
)  # fmt: skip
STAGES = ("threatened", "cancelled", "diverted", "suspended")  # of orders
TURNS = {  # of a place in a bloc, which members and blocs decide
    "shut_out": "{actor} shut out of {bloc}",
    "readmitted": "{actor} let in again to {bloc}",
    "expelled": "{actor} expelled from {bloc}",
    "joined": "{actor} joins {bloc}",
    "exit": "{actor} leaves {bloc}",
}
WORDS = {  # of what an event does, where its name in the scenario is a key that tells little
    "sanction": "{by} cut{s} trade with {against}",
    "opening": "{by} open{s} trade with {against}",
    "sponsor": "{sponsor} willing to sponsor {client}",
    "exclude": "{state} shut out of {bloc}",
    "lift": "{state} let in again to {bloc}",
    "membership": "{state} joins {bloc}",
    "leave": "{state} leaves {bloc}",
    "forgive": "{creditor} cancels debts of {debtor}",
}
HALF = 0.5  # of the runs, from which on something that runs differ in is marked
_MOST = 6  # events that are marked
_CLOSE = 0.05  # of an axis, below which two numbers would run into each other
_FEW = 2  # states that are named of several


@dataclass(frozen=True)
class EventMarks:
    """Some dated events, in their order."""

    events: tuple[tuple[float, str], ...]  # the year in which one begins, and what it is

    @classmethod
    def of(cls, tables: FigureData, subject: str, rows: pd.DataFrame) -> EventMarks:
        """Return the events that name one of a subject's states or blocs, in the span of rows.

        What differs by run is that of the variants in the rows.
        """
        keys = {*re.split("[>: ]", subject)}
        columns = [name for name in ("variant", "versus") if name in rows]
        shown = {*rows[columns].to_numpy().ravel()} or {*tables.variants}
        start, end = rows["year"].min(), rows["year"].max()
        found = [
            (rank, year, words)
            for rank, year, names, words in (*_events(tables), *_in_runs(tables, shown))
            if start <= year <= end and names & keys
        ]
        chosen = sorted(found)[:_MOST]
        return cls(tuple(sorted((year, words) for _, year, words in chosen)))

    def draw(self, ax: Axes) -> None:
        """Mark the events, those of one date by one line; numbers that come close one lower."""
        low, high = ax.get_xlim()
        last, down = -np.inf, 0
        for year, numbers in self._numbers().items():
            down = down + 1 if year - last < _CLOSE * (high - low) else 0
            last = year
            ax.axvline(year, color=GREY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=0.5)
            ax.annotate(
                numbers, (year, 1), xycoords=("data", "axes fraction"), xytext=(1.5, -1 - 6 * down),
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
            words = f"{_told(tables, name, kind, event[kind])} ({date})"
            yield KINDS.index(kind), years([date])[date], _names(event[kind]), words


def _in_runs(tables: FigureData, shown: set[str]) -> Iterator[tuple[int, float, set[str], str]]:
    """Yield the same of what differs by run and most runs have, of the variants that have it.

    Events on condition, stages of orders, and turns of a place in a bloc.
    """
    waiting = {name: event for name, event in _written(tables).items() if "when" in event}
    frame = tables["events"] if any(t.name == "events" for t in tables.kind.tables) else None
    if frame is None or "about" not in frame or frame.empty:
        return
    frame = frame[frame["kind"].isin((*STAGES, *TURNS, "imposed")) & frame["variant"].isin(shown)]
    turns = frame["kind"].isin(TURNS)
    place = (frame["actor"] + ":" + frame["bloc"]).where(turns, frame["about"])
    for (kind, about), rows in frame.groupby(["kind", place]):
        first = rows.sort_values("date").drop_duplicates(["variant", "run"])
        share = len(first) / (tables.event_runs * first["variant"].nunique())
        event = waiting.get(about, {})
        known = _kind(event)
        if share < HALF or (kind == "imposed" and known is None):
            continue
        date = str(first["date"].sort_values().iloc[len(first) // 2])
        if kind == "imposed":
            rank, names = KINDS.index(str(known)), _names(event[known])
            what = _told(tables, about, str(known), event[known])
        else:
            names = {*first[["actor", "against", "aided", "bloc"]].to_numpy().ravel()}
            rank, what = len(KINDS), _turn(tables, str(kind), str(about), first)
        yield rank, years([date])[date], names, f"{what} ({date}, in {share:.0%} of the runs)"


def _told(tables: FigureData, name: Any, kind: str, action: Any) -> str:
    """Return what an event does, if its kind says so in few words; else its name."""
    if not isinstance(action, dict):
        return _words(name)
    given = {key: _called(tables, each) for key, each in action.items()}
    many = isinstance(action.get("by"), list) and len(action["by"]) > 1
    form = kind
    if kind == "sanction" and action.get("cut") == 0:
        form = "opening"
    elif kind == "exclude" and action.get("lift") is True:
        form = "lift"
    elif kind == "membership" and action.get("member") is not True:
        form = "leave"
    elif kind == "sponsor" and action.get("willing") == 0:
        form = ""
    try:
        return WORDS[form].format(**given, s="" if many else "s")
    except KeyError:
        return _words(name)


def _called(tables: FigureData, value: Any) -> str:
    """Return the states that an action names, few of many."""
    names = [
        tables.called("states", str(each))
        for each in (value if isinstance(value, list) else [value])
    ]
    more = [f"{len(names) - _FEW} more"] if len(names) > _FEW + 1 else []
    return together([*names[: _FEW if more else None], *more])


def _turn(tables: FigureData, kind: str, about: str, rows: pd.DataFrame) -> str:
    """Return what became of an order, or of a place in a bloc, in the names of the scenario."""
    if kind in TURNS:
        actor, _, bloc = about.partition(":")
        return TURNS[kind].format(actor=tables.called("states", actor), bloc=bloc)
    system = str(tables.entry("offers", about).get("system", about))
    buyer = tables.called("states", str(rows["actor"].iloc[0]))
    return f"{buyer}'s {tables.called('systems', system)} {kind}"


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
