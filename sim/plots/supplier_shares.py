"""Supplier shares of a recipient: over time in the first variant, at the end in every one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.metrics.catalogue import METRICS
from sim.plots.figure_data import FigureData, first, second
from sim.plots.panels import Margins, dated, page
from sim.plots.style import FILLS, GREY, HATCHES, PALE, counted, fitted, footed, headed, short
from sim.seeing.running_text import possessives

NOTHING = "no outcome names a state whose supplier shares are in series.csv"
OTHERS = "others"
_WHITE = "White: no remembered imports, or suppliers without an offer."
_NAMES = 7.5  # points of the names of suppliers
_MOST = 7  # suppliers that are named
_LEAST = 0.01  # share that a supplier must reach at some date to be named


def subjects(tables: FigureData) -> list[str]:
    """Return the recipients to draw: states that outcomes are about, or recipients of arms."""
    rows = tables.rows("supplier_share")
    present = set(second(rows[rows["mean"] > 0]["subject"]))
    named = [each.subject.rpartition(">")[2] for each in tables.of_kind("state", "supply", "sale")]
    return [name for name in dict.fromkeys(named) if name in present]


def build(tables: FigureData, recipient: str) -> Figure:
    """Return the figure of one recipient."""
    shares = _shares(tables, recipient)
    variants = list(dict.fromkeys(shares.index.get_level_values("variant")))
    fills = dict(zip(shares.columns, _fills(tables, list(shares.columns)), strict=True))
    figure, panels = page(
        1,
        2,
        (max(7.6, 6.5 + 0.25 * len(variants)), 4.5),
        Margins(right=1.75, bottom=1.15, across=0.2),
        sharey=True,
        width_ratios=[3.4, max(0.6, 0.35 * len(variants))],
    )
    course, ends = panels[0]
    _course(course, shares.loc[variants[0]], fills)
    dated(course, tables.rows("supplier_share", variant=variants[0]))
    course.set_ylim(0, 1)
    course.set_ylabel(f"share of remembered imports ({METRICS['supplier_share'].unit})")
    course.set_title(f"{short(variants[0], 36)}, over time")
    _ends(ends, shares.groupby(level="variant", sort=False).last(), fills)
    ends.set_title("at the end")
    handles = [
        Patch(linewidth=0.4, label=fitted(tables.called("states", name), 1.05, _NAMES), **fill)
        for name, fill in fills.items()
    ]
    whole = bool(np.all(shares.sum(axis=1) > 1 - _LEAST))
    _finish(tables, figure, recipient, handles, "" if whole else _WHITE)
    return figure


def _course(ax: Axes, shares: pd.DataFrame, fills: dict[str, dict[str, Any]]) -> None:
    """Draw the stacked shares over time; a single period is a broad bar."""
    years = shares.index.to_numpy()
    if len(years) == 1:
        years, shares = years[0] + np.array([-0.4, 0.4]), pd.concat([shares, shares])
    layers = ax.stackplot(years, shares.to_numpy().T, linewidth=0.4)
    for layer, fill in zip(layers, fills.values(), strict=True):
        layer.set(**fill)


def _ends(ax: Axes, shares: pd.DataFrame, fills: dict[str, dict[str, Any]]) -> None:
    rows = np.arange(len(shares))
    below = np.zeros(len(shares))
    for name, fill in fills.items():
        ax.bar(rows, shares[name], 0.8, bottom=below, linewidth=0.4, **fill)
        below += shares[name].to_numpy()
    ax.set_xticks(rows, [short(str(name), 15) for name in shares.index], rotation=55)
    ax.tick_params(axis="x", length=0)
    for label in ax.get_xticklabels():
        label.set(ha="right", rotation_mode="anchor")


def _finish(
    tables: FigureData, figure: Figure, recipient: str, handles: list[Patch], note: str
) -> None:
    width = figure.get_size_inches()[0]
    figure.legend(
        handles=handles[::-1],  # in the order of the stack
        loc="center left",
        bbox_to_anchor=(1 - 1.7 / width, 0.55),
        title="supplier",
        labelcolor=GREY,
    )
    name = tables.called("states", recipient)
    headed(
        figure,
        f"Suppliers of {name}",
        possessives(f"Share of {name}'s remembered arms imports, in TIV: mean over ")
        + f"{counted(tables.series_runs)} of each variant",
    )
    footed(figure, tables, note)


def _shares(tables: FigureData, recipient: str) -> pd.DataFrame:
    """Return shares by variant and year: columns by supplier, the greatest first, then the rest."""
    rows = tables.rows("supplier_share")
    rows = rows[rows["subject"].str.endswith(f">{recipient}")]
    rows = rows.assign(supplier=first(rows["subject"]))
    order = {name: place for place, name in enumerate(tables.variants)}
    wide = rows.pivot_table("mean", ["variant", "year"], "supplier").fillna(0.0)
    wide = wide.sort_index(key=lambda level: level.map(order) if level.name == "variant" else level)
    named = wide.columns[wide.max() >= _LEAST]
    named = wide[named].mean().sort_values(ascending=False, kind="stable").index[:_MOST]
    rest = wide.drop(columns=named).sum(axis=1)
    return wide[list(named)].assign(**({OTHERS: rest} if rest.any() else {}))


def _fills(tables: FigureData, suppliers: list[str]) -> list[dict[str, Any]]:
    """Return colour and hatching of suppliers, the same in the figures of all recipients."""
    rows = tables.rows("supplier_share")
    rows = rows[second(rows["subject"]).isin(subjects(tables))]
    weight = rows.groupby(first(rows["subject"]))["mean"].sum()
    order = list(weight.sort_values(ascending=False, kind="stable").index)
    out = []
    for name in suppliers:
        place = order.index(name) if name in order else 0
        face, hatch = FILLS[place % 8], HATCHES[(place + place // 8) % 8]
        if name == OTHERS:
            face, hatch = PALE, ""
        out.append({"facecolor": face, "edgecolor": "white", "hatch": hatch})
    return out
