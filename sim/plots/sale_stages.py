"""The stage that each sale of the outcomes reached, as shares of the runs of each variant."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.plots.figure_data import FigureData
from sim.plots.panels import Margins, explained, named_rows, page
from sim.plots.style import COLOURS, HATCHES, PALE, counted, footed, headed, short

NOTHING = "no outcome names a sale that is in transfers.csv"
NEVER = "never requested"
_STAGES = {  # furthest first: label, colour, hatching
    "delivered": ("delivered", COLOURS[4], HATCHES[0]),
    "repaired": ("delivered, part repaired", COLOURS[4], HATCHES[2]),
    "withdrawn": ("delivered, part withdrawn", COLOURS[4], HATCHES[1]),
    "diverted": ("diverted to another state", COLOURS[0], HATCHES[0]),
    "delivering": ("delivered in part", COLOURS[6], HATCHES[0]),
    "suspended": ("ordered, halted", COLOURS[6], HATCHES[3]),
    "ordered": ("ordered", COLOURS[6], HATCHES[1]),
    "stalled": ("ordered, stalled", COLOURS[1], HATCHES[1]),
    "cancelled": ("ordered, then cancelled", COLOURS[0], HATCHES[1]),
    "blocked": ("blocked", COLOURS[3], HATCHES[4]),
    "refused": ("refused", COLOURS[5], HATCHES[2]),
    NEVER: (NEVER, PALE, HATCHES[0]),
}


def subjects(tables: FigureData) -> list[str]:
    """Return the sales to draw, as `SUPPLIER>RECIPIENT SYSTEM`."""
    named = [f"{each.subject} {each.system}" for each in tables.of_kind("sale", "query")]
    return [name for name in dict.fromkeys(named) if not _rows(tables, name).empty]


def build(tables: FigureData, sale: str) -> Figure:
    """Return the figure of one sale."""
    shares = _shares(tables, sale)
    names = [short(name, 28) for name in shares.index]
    margins = Margins(left=0.3 + 0.075 * max(map(len, names)), top=0.6, bottom=1.25)
    figure, panels = page(1, 1, (7.0, max(2.6, 2.0 + 0.35 * len(names))), margins)
    ax = panels[0, 0]
    _bars(ax, shares)
    named_rows(ax, names)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}")
    ax.set_xlabel("share of runs (%)")
    ax.tick_params(axis="y", length=0)
    dyad, _, system = sale.partition(" ")
    supplier, recipient = (tables.called("states", name) for name in dyad.split(">"))
    system = tables.called("systems", system)
    headed(
        figure,
        f"Stages of the sale of {system} by {supplier} to {recipient}",
        "Furthest stage that any request had reached by the end of a run: "
        f"{_runs(tables)} of each variant",
    )
    handles = [
        Patch(label=label, facecolor=colour, hatch=hatch, edgecolor="white")
        for label, colour, hatch in (_STAGES[stage] for stage in shares.columns)
    ]
    explained(figure, handles)
    footed(figure, tables)
    return figure


def _runs(tables: FigureData) -> str:
    """Return in words the runs whose requests the table has: often only the first ones."""
    listed, runs = tables.transfer_runs, tables.runs
    return f"first {listed:,} of {counted(runs)}" if listed < runs else counted(listed)


def _bars(ax: Axes, shares: pd.DataFrame) -> None:
    rows = np.arange(len(shares))
    left = np.zeros(len(shares))
    for stage in shares.columns:
        _, colour, hatch = _STAGES[stage]
        width = shares[stage].to_numpy()
        ax.barh(
            rows, width, 0.7, left=left, facecolor=colour, hatch=hatch, edgecolor="white",
            linewidth=0.5,
        )  # fmt: skip
        for place in np.nonzero(width >= 0.05)[0].tolist():
            ax.text(
                left[place] + width[place] / 2, place, f"{100 * width[place]:.0f} %",
                ha="center", va="center", size=7,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2},
            )  # fmt: skip
        left += width


def _rows(tables: FigureData, sale: str) -> pd.DataFrame:
    dyad, _, system = sale.partition(" ")
    supplier, recipient = dyad.split(">")
    rows = tables["transfers"]
    return rows[
        (rows["supplier"] == supplier)
        & (rows["recipient"] == recipient)
        & (rows["system"] == system)
    ]


def _shares(tables: FigureData, sale: str) -> pd.DataFrame:
    """Return the share of runs by variant and furthest stage, of the stages that occur."""
    rows = _rows(tables, sale)
    stage = rows["stage"].mask((rows["stage"] == "ordered") & (rows["stalled"] > 0), "stalled")
    rank = stage.map({name: place for place, name in enumerate(_STAGES)})
    furthest = rank.groupby([rows["variant"], rows["run"]]).min()
    counts = pd.DataFrame(
        {
            name: (furthest == place).groupby(level="variant").sum()
            for place, name in enumerate(_STAGES)
        }
    ).reindex(tables.variants, fill_value=0)
    counts[NEVER] = tables.transfer_runs - counts.sum(axis=1)
    present = [name for name in _STAGES if counts[name].any()]
    return counts[present] / tables.transfer_runs
