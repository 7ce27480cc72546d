"""Timeline of a bloc: the stage of each member's disengagement, and events, over time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.plots.event_marks import EventMarks
from sim.plots.figure_data import FigureData, first, length, second, years
from sim.plots.panels import Margins, dated, explained, named_rows, page
from sim.plots.style import COLOURS, GREY, counted, fitted, footed, headed, inches, titled
from sim.seeing.running_text import possessives

NOTHING = "no outcome names a bloc whose members' stage is in series.csv"
_ROW, _PANEL, _BAR = 0.26, 3.0, 0.95  # inches
_NAMES, _SIZE = (1.2, 3.2), 7.5  # names of rows: least and most inches, points
_KINDS = {  # kinds of events that are drawn, with the names of their rows
    "war": "war of {actor} on {against}",
    "appeal": "appeal of {actor}",
    "rescue": "rescue loan, {actor} to {aided}",
    "shut_out": "{actor} excluded",
    "expelled": "expulsion of {actor}",
    "joined": "{actor} joins",
    "exit": "exit of {actor}",
}
_OF_BLOC = ("shut_out", "expelled", "joined", "exit")  # kinds that concern one bloc only
_COLOURS, _MARKERS = (3, 2, 4, 1, 5, 6, 0), "o^svDPX"
_LOOKS = dict(zip(_KINDS, zip(_COLOURS, _MARKERS, strict=True), strict=True))
_MOST = 9  # rows of events
_ACROSS = 0.45  # inches between panels
_AREA = 60.0  # square points of the mark of the most frequent event


def subjects(tables: FigureData) -> list[str]:
    """Return the blocs that outcomes name and whose members have stages."""
    return tables.blocs("stage")


def build(tables: FigureData, bloc: str) -> Figure:
    """Return the figure of one bloc, in the two variants of the first contrast, or in the first."""
    stages = _stages(tables, bloc)
    variants = [name for name in _variants(tables) if name in set(stages["variant"])]
    members = list(dict.fromkeys(stages["member"]))
    events = _events(tables, {*members, bloc}, variants)
    rows = list(dict.fromkeys(events["row"]))
    names = [tables.called("states", name) for name in members]
    wide = 0.15 + max(inches(text, _SIZE) for text in (*names, *rows))
    wide = float(np.clip(wide, *_NAMES))
    heights = [len(members), *([len(rows)] if rows else [])]
    size = (
        wide + _PANEL * len(variants) + _ACROSS * (len(variants) - 1) + _BAR,
        1.9 + _ROW * sum(heights) + 0.25 * (len(heights) - 1),
    )
    margins = Margins(left=wide, right=_BAR, top=0.8, bottom=1.0, across=_ACROSS, down=0.25)
    figure, panels = page(
        len(heights), len(variants), size, margins, sharex=True, height_ratios=heights
    )
    stages = stages[stages["variant"].isin(variants)]
    shown = [(name,) for name in variants]
    marks = EventMarks.of(tables, f"{bloc} {' '.join(members)}", stages, shown)
    most = max(1.0, float(stages["mean"].max()))
    top = float(events["share"].max()) if rows else 1.0
    for column, variant in enumerate(variants):
        ladder = panels[0, column]
        mesh = _ladder(ladder, stages[stages["variant"] == variant], members, most)
        titled(ladder, variant)
        marks.draw(ladder, (variant,))
        if rows:
            own = events[events["variant"] == variant]
            _happened(panels[1, column], own, rows, top, length(stages))
        for ax in panels[:, column]:
            ax.tick_params(axis="y", length=0, labelleft=column == 0)
        dated(panels[-1, column], stages)
        panels[-1, column].set_xlim(stages["year"].min(), stages["year"].max() + length(stages))
    _named(panels, names, rows, wide - 0.1)
    place = figure.add_axes(
        (1 - 0.75 / size[0], 1 - (0.85 + _ROW * len(members)) / size[1], 0.12 / size[0],
         _ROW * len(members) / size[1])
    )  # fmt: skip
    figure.colorbar(mesh, cax=place).set_label("mean stage", size=7)
    runs = counted(tables.series_runs)
    below = f"Stage of each member's disengagement, 0 to 5, mean over {runs}, while it is a member"
    if rows:
        listed = counted(tables.event_runs)
        below += f"; below: share of the first {listed} with the event in the period"
    if (events["kind"] == "shut_out").any():
        below += "; excluded members take no part, which counts as stage 5"
    if len(variants) < len(tables.variants):
        below += f"; {len(variants)} of {len(tables.variants)} variants"
    headed(figure, f"Disengagement of members from {bloc}, and events", below)
    if rows:
        explained(figure, _handles(events, top))
    footed(figure, tables, marks.key)
    return figure


def _variants(tables: FigureData) -> list[str]:
    """Return the variants that the user asks for, else of the first contrast, else the first."""
    if tables.shown:
        return list(tables.shown)
    pair = next(iter(tables.contrasts), None)
    return [pair[0], pair[1]] if pair else tables.variants[:1]


def _stages(tables: FigureData, bloc: str) -> pd.DataFrame:
    """Return the mean stages of the members of a bloc, over the runs in which they are members."""
    keys = ["variant", "date", "subject"]
    rows, inside = tables.rows("stage"), tables.rows("membership")[[*keys, "mean"]]
    rows = rows[second(rows["subject"]) == bloc]
    rows = rows.merge(inside, "left", keys, suffixes=("", "_inside"))
    share = rows["mean_inside"].fillna(1.0)  # of a table of a stranger
    rows = rows.assign(mean=(rows["mean"] / share).where(share > 0))
    rows = rows[rows.groupby("subject")["mean"].transform("count") > 0]  # never a member
    rows = rows.assign(member=first(rows["subject"]))
    leader = tables.entry("blocs", bloc).get("leader")
    return rows[rows["member"] != leader] if (rows["member"] != leader).any() else rows


def _events(tables: FigureData, names: set[str], variants: list[str]) -> pd.DataFrame:
    """Return the share of runs with each event of a bloc by variant, date and row (few rows).

    The most frequent events come first, wars before the others.
    """
    events = tables["events"]
    events = events[events["variant"].isin(variants) & events["kind"].isin(_KINDS)]
    parties = events[["actor", "against", "aided", "bloc"]]
    mine = parties.isin(names).any(axis=1)
    events = events[mine & ~(events["kind"].isin(_OF_BLOC) & ~events["bloc"].isin(names))]
    if events.empty:
        return pd.DataFrame(columns=["variant", "year", "kind", "row", "share"])
    called = {
        name: tables.called("states", name)
        for column in ("actor", "against", "aided")
        for name in events[column].unique()
    }
    columns = zip(*(events[name] for name in ("kind", "actor", "against", "aided")), strict=True)
    rows = [
        possessives(_KINDS[kind].format(actor=called[a], against=called[b], aided=called[c]))
        for kind, a, b, c in columns
    ]
    events = events.assign(row=rows, year=events["date"].map(years(events["date"].unique())))
    order = {kind: place for place, kind in enumerate(_KINDS)}
    often = events.groupby(["kind", "row"])["run"].count().sort_values(kind="stable")
    most = sorted(often.index[: -_MOST - 1 : -1], key=lambda each: order[each[0]])
    kept = {row: place for place, (_, row) in enumerate(most)}
    events = events[events["row"].isin(kept)].drop_duplicates(["variant", "run", "year", "row"])
    keys = ["variant", "year", "kind", "row"]
    shares = events.groupby(keys, as_index=False).agg(share=("run", "count"))
    shares["share"] /= max(1, tables.event_runs)
    return shares.sort_values("row", key=lambda names: names.map(kept), kind="stable")


def _ladder(ax: Axes, rows: pd.DataFrame, members: list[str], most: float) -> Any:
    step = length(rows)
    first_year, last_year = rows["year"].min(), rows["year"].max()
    starts = first_year + step * np.arange(round((last_year - first_year) / step) + 1)
    wide = _in_periods(rows, starts, step).reindex(members)
    edges = np.append(starts, starts[-1] + step)
    mesh = ax.pcolormesh(
        edges,
        np.arange(len(members) + 1) - 0.5,
        wide.to_numpy(),
        cmap="Oranges",
        vmin=0,
        vmax=most,
        zorder=0,
    )
    ax.set_ylim(len(members) - 0.5, -0.5)
    ax.hlines(np.arange(1, len(members)) - 0.5, edges[0], edges[-1], color="white", linewidth=1.2)
    ax.grid(visible=False)
    return mesh


def _in_periods(rows: pd.DataFrame, starts: np.ndarray, step: float) -> pd.DataFrame:
    """Return the stages by member and period, empty where there is none."""
    period = ((rows["year"] - starts[0]) / step).round().astype(int)
    wide = rows.assign(period=period).pivot_table("mean", "member", "period")
    return wide.reindex(columns=range(len(starts)))


def _happened(ax: Axes, rows: pd.DataFrame, names: list[str], top: float, step: float) -> None:
    """Draw events in the middle of their periods, as marks whose areas are shares of the runs."""
    place = {name: at for at, name in enumerate(names)}
    for kind, part in rows.groupby("kind", sort=False):
        colour, marker = _LOOKS[str(kind)]
        areas = _AREA * part["share"].to_numpy(dtype=float) / top
        ax.scatter(
            part["year"] + step / 2, part["row"].map(place), areas, COLOURS[colour], marker=marker,
            alpha=0.75, linewidths=0, clip_on=False, zorder=3,
        )  # fmt: skip
    across: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "zorder": 0}
    ax.hlines(range(len(names)), 0, 1, color="#E4E4E4", linewidth=0.5, **across)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(visible=False)


def _named(panels: np.ndarray, names: list[str], rows: list[str], wide: float) -> None:
    """Name the rows of the panels on the left; the other panels have the same rows."""
    for line, texts in ((0, names), (1, rows)):
        if texts:
            for ax in panels[line]:
                named_rows(ax, [fitted(text, wide, _SIZE) for text in texts])
                ax.tick_params(axis="y", labelleft=ax is panels[line, 0])


def _handles(events: pd.DataFrame, top: float) -> list[Line2D]:
    looks = {kind: _LOOKS[kind] for kind in _KINDS if kind in set(events["kind"])}
    marks = [
        Line2D(
            [], [], linestyle="", marker=marker, color=COLOURS[colour], label=kind.replace("_", " ")
        )
        for kind, (colour, marker) in looks.items()
    ]
    least = float(events["share"].min()) / top
    sizes = [
        Line2D(
            [],
            [],
            linestyle="",
            marker="o",
            color=GREY,
            markeredgewidth=0,
            markersize=(_AREA * part) ** 0.5,
            label=f"{100 * part * top:.2g} % of runs",
        )
        for part in ((least, 1.0) if least < 1 else (1.0,))
    ]
    return [*marks, *sizes]
