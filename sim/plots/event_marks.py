"""Marks of events on an axis of years, numbered, with a key below the figure.

Events of the scenario are at their date. Events on a condition, and turns of orders and
memberships, are at the median of their dates in the runs, if they happen in half of the runs or
more. Of more events than fit, and of those that happen in both variants of a panel or name others,
the key says the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from sim.kernel.words import together
from sim.plots.figure_data import FigureData, years
from sim.plots.style import GREY, short
from sim.seeing.running_text import possessives

KINDS = (
    "incident", "membership", "appeal", "order", "transfer", "request", "threat", "cancel",
    "divert", "suspend", "exclude", "embargo", "sanction", "sponsor", "loan", "forgive", "rivalry",
    "affinity", "contribution", "budget", "set",
)  # fmt: skip
WITHHELD = "withheld"  # kind of event: a state carries leverage out
STAGES = ("threatened", "cancelled", "diverted", "suspended")  # stages of orders
TURNS = {  # turns of a membership, on which members and blocs decide
    "shut_out": "{actor} excluded from {bloc}",
    "readmitted": "{actor} readmitted to {bloc}",
    "expelled": "{actor} expelled from {bloc}",
    "joined": "{actor} joins {bloc}",
    "exit": "{actor} leaves {bloc}",
}
WORDS = {  # an event in words, by kind, since its name in the scenario is only a key
    "sanction": "{by} cut{s} trade with {against}",
    "opening": "{by} open{s} trade with {against}",
    "sponsor": "{sponsor} willing to sponsor {client}",
    "exclude": "{state} excluded from {bloc}",
    "lift": "{state} readmitted to {bloc}",
    "membership": "{state} joins {bloc}",
    "leave": "{state} leaves {bloc}",
    "forgive": "{creditor} cancels debts of {debtor}",
    "rivalry": "rivalry of {state} with {toward} changes",
    "affinity": "regard of {state} for {toward} changes",
}
_MOVES = ("rivalry", "affinity")  # kinds whose events of one date and target are one mark
HALF = 0.5  # share of the runs from which on an event that differs by run is marked
_MOST = 6  # events that are marked
_CLOSE = 0.05  # distance of two marks, as a share of the axis, at which their numbers overlap
_FEW = 2  # states that are named, of several


Panel = tuple[str, ...]  # the variant of a panel, or the two that it compares


@dataclass(frozen=True)
class EventMark:
    """An event at a date, in some variants."""

    rank: int
    year: float
    words: str
    names: frozenset[str]
    variants: frozenset[str]

    def concerns(self, panel: Panel) -> bool:
        """Return whether it happens in the variant of a panel, or in only one of two."""
        return sum(name in self.variants for name in panel) == 1


@dataclass(frozen=True)
class EventMarks:
    """Some dated events, in their order, and how many others there are."""

    events: tuple[EventMark, ...]
    others: int = 0  # that tell two variants apart, or name the subject, and are not marked
    alike: tuple[str, ...] = ()  # at a date, in both variants of each panel, or of other subjects
    paired: bool = False  # whether panels compare two variants
    subject: str = ""

    @classmethod
    def of(
        cls, tables: FigureData, subject: str, rows: pd.DataFrame, panels: Sequence[Panel]
    ) -> EventMarks:
        """Return the events to mark, within the dates of the rows.

        A panel of one variant marks the events in it that name states or blocs of a subject, or
        members of a bloc that is itself a subject, and those that not all variants have. A panel
        of two marks the events in only one of them, those that name the subject first.
        """
        keys = {*re.split("[>: ]", subject)}
        keys |= {member for each in subject.split() for member in tables.members(each)}
        start, end = rows["year"].min(), rows["year"].max()
        shown = {name for panel in panels for name in panel}
        paired = any(len(panel) > 1 for panel in panels)
        dated = [each for each in _events(tables, shown) if start <= each.year <= end]
        turns = [each for each in _in_runs(tables, shown) if start <= each.year <= end]
        found = [
            each
            for each, given in (*((one, paired) for one in dated), *((one, False) for one in turns))
            if (given or each.names & keys or each.variants & shown < shown)
            and any(map(each.concerns, panels))
        ]
        chosen = sorted(
            found, key=lambda each: (not each.names & keys, each.rank, each.year, each.words)
        )[:_MOST]
        return cls(
            tuple(sorted(chosen, key=lambda each: (each.year, each.words))),
            others=len(found) - len(chosen),
            alike=tuple(each.words for each in dated if each not in found),
            paired=paired,
            subject=subject,
        )

    def draw(self, ax: Axes, panel: Panel) -> None:
        """Mark the events of a panel, with one line for each date.

        Numbers that would overlap are written one line lower.
        """
        low, high = ax.get_xlim()
        last, down = -np.inf, 0
        for year, numbers in self._numbers(panel).items():
            down = down + 1 if year - last < _CLOSE * (high - low) else 0
            last = year
            ax.axvline(year, color=GREY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=0.5)
            ax.annotate(
                numbers, (year, 1), xycoords=("data", "axes fraction"), xytext=(1.5, -1 - 6 * down),
                textcoords="offset points", size=5.5, color=GREY, va="top", ha="left",
                path_effects=[withStroke(linewidth=1.5, foreground="white")],
            )  # fmt: skip

    @property
    def key(self) -> str:
        """Return the key to the numbers, and how many events are not marked; empty without any."""
        named = [f"{at} {each.words}" for at, each in enumerate(self.events, start=1)]
        text = f"Events: {'; '.join(named)}." if named else ""
        alike = len(self.alike)
        where = " in both" if self.paired else f" not about {self.subject.split()[0]}"
        if alike == 1:
            words, _, date = self.alike[0].removesuffix(")").rpartition(" (")
            where += f" ({words}, {date})"
        rest = ((self.others, ""), (alike, where))
        more = " and ".join(
            f"{count} {'more ' if named else ''}event{'s' * (count > 1)}{where}"
            for count, where in rest
            if count
        )
        return f"{text} Not marked: {more}.".strip() if more else text

    def _numbers(self, panel: Panel) -> dict[float, str]:
        dates: dict[float, list[str]] = {}
        for at, each in enumerate(self.events, start=1):
            if each.concerns(panel):
                dates.setdefault(each.year, []).append(str(at))
        return {year: ",".join(each) for year, each in dates.items()}


def _events(tables: FigureData, shown: set[str]) -> Iterator[EventMark]:
    """Yield each event at a date, with its variants."""
    having: dict[tuple[int, float, str, frozenset[str]], set[str]] = {}
    for variant in shown:
        for name, event in _joined(_written(tables, variant)).items():
            kind = _kind(event)
            if kind is None or not isinstance(event.get("at"), str | int):
                continue
            date, words = str(event["at"]), _effect(tables, name, kind, event[kind])
            if words:
                mark = KINDS.index(kind), years([date])[date], f"{words} ({date})"
                having.setdefault((*mark, frozenset(_names(event[kind]))), set()).add(variant)
    for (rank, year, words, names), variants in having.items():
        yield EventMark(rank, year, words, names, frozenset(variants))


def _joined(events: dict[Any, dict[Any, Any]]) -> dict[Any, dict[Any, Any]]:
    """Return events, those that move relations to one state at one date as one of several states.

    A list of states in a scenario is an event for each.
    """
    joined: dict[Any, dict[Any, Any]] = {}
    for name, event in events.items():
        kind = _kind(event)
        action = event[kind] if kind in _MOVES else None
        if not isinstance(action, dict) or "at" not in event:
            joined[name] = event
            continue
        place = (kind, str(event["at"]), str(action.get("toward")))
        other = joined.get(place, {kind: {"state": []}})[kind]["state"]
        states = action.get("state")
        own = states if isinstance(states, list) else [states]
        joined[place] = {**event, kind: {**action, "state": [*other, *own]}}
    return joined


def _in_runs(tables: FigureData, shown: set[str]) -> Iterator[EventMark]:
    """Yield the events that differ by run, with the variants in which most runs have them.

    These are events on a condition, stages of orders, leverage, and turns of memberships.
    """
    waiting = {
        name: event
        for variant in shown
        for name, event in _written(tables, variant).items()
        if "when" in event
    }
    frame = tables["events"] if any(t.name == "events" for t in tables.kind.tables) else None
    if frame is None or "about" not in frame or frame.empty:
        return
    frame = frame[
        frame["kind"].isin((*STAGES, *TURNS, WITHHELD, "imposed")) & frame["variant"].isin(shown)
    ]
    turns = frame["kind"].isin(TURNS)
    place = (frame["actor"] + ":" + frame["bloc"]).where(turns, frame["about"])
    for (kind, about), rows in frame.groupby(["kind", place]):
        first = rows.sort_values("date").drop_duplicates(["variant", "run"])
        counts = first["variant"].value_counts()
        most = [name for name, count in counts.items() if count >= HALF * tables.event_runs]
        first = first[first["variant"].isin(most)]
        event = waiting.get(about, {})
        known = _kind(event)
        if not most or (kind == "imposed" and known is None):
            continue
        date = str(first["date"].sort_values().iloc[len(first) // 2])
        if kind == "imposed":
            rank, names = KINDS.index(str(known)), _names(event[known])
            what = _effect(tables, about, str(known), event[known])
        else:
            names = {*first[["actor", "against", "aided", "bloc"]].to_numpy().ravel()}
            rank, what = len(KINDS), _turn(tables, str(kind), str(about), first)
        share = len(first) / (tables.event_runs * len(most))
        words = f"{what} ({date}, in {share:.0%} of the runs)"
        yield EventMark(
            rank, years([date])[date], words, frozenset(names), frozenset(map(str, most))
        )


def _effect(tables: FigureData, name: Any, kind: str, action: Any) -> str:
    """Return an event in words, if there are some for its kind; else its name.

    The text is empty for an event without an effect.
    """
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
        return ""
    try:
        return possessives(WORDS[form].format(**given, s="" if many else "s"))
    except KeyError:
        return _words(name)


def _called(tables: FigureData, value: Any) -> str:
    """Return the names of the states of an action, shortened if they are many."""
    names = [
        tables.called("states", str(each))
        for each in (value if isinstance(value, list) else [value])
    ]
    more = [f"{len(names) - _FEW} more"] if len(names) > _FEW + 1 else []
    return together([*names[: _FEW if more else None], *more])


def _turn(tables: FigureData, kind: str, about: str, rows: pd.DataFrame) -> str:
    """Return a turn of an order or membership, or an act of leverage, in words."""
    if kind == WITHHELD:
        holder, buyer = rows[["actor", "against"]].iloc[0]
        return f"{tables.called('states', holder)} withholds from {tables.called('states', buyer)}"
    if kind in TURNS:
        actor, _, bloc = about.partition(":")
        return possessives(TURNS[kind].format(actor=tables.called("states", actor), bloc=bloc))
    system = str(tables.entry("offers", about).get("system", about))
    buyer = tables.called("states", str(rows["actor"].iloc[0]))
    return possessives(f"{buyer}'s {tables.called('systems', system)} {kind}")


def _written(tables: FigureData, variant: str) -> dict[Any, dict[Any, Any]]:
    """Return the events of a variant of a result, without those that are not a mapping."""
    patch = tables.patch(variant).get("events")
    content = _merged(tables.document.get("events"), patch if isinstance(patch, dict) else {})
    return {name: event for name, event in content.items() if isinstance(event, dict)}


def _merged(base: Any, patch: dict[Any, Any]) -> dict[Any, Any]:
    """Return a mapping with a patch applied; null removes a key."""
    base = base if isinstance(base, dict) else {}
    changed = {
        key: _merged(base.get(key), each) if isinstance(each, dict) else each
        for key, each in patch.items()
    }
    return {key: each for key, each in {**base, **changed}.items() if each is not None}


def _kind(event: dict[Any, Any]) -> str | None:
    return next((kind for kind in KINDS if kind in event), None)


def _words(name: Any) -> str:
    return short(str(name).replace("_", " "), 40)


def _names(action: Any) -> set[str]:
    """Return all texts of an event's action, among them the states and blocs that it names."""
    if not isinstance(action, dict):
        return set()
    parts = [each if isinstance(each, list) else [each] for each in action.values()]
    path = str(action.get("path", "")).split(".")  # of a number that is set
    return {str(each) for part in (*parts, path) for each in part}
