"""Panels: their places on the page, their axes, and a page with a panel for each variant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.plots.figure_data import length
from sim.plots.style import GREY, fitted, grow, inches, make_room, room_before, titled, wrapped

_LEGEND, _LEGEND_LINE = 7.5, 0.165  # letters in points, height of a row in inches
_HANDLE = 0.75  # inches, with the room around it


@dataclass(frozen=True)
class Margins:
    """Room around the panels, in inches."""

    left: float = 0.65
    right: float = 0.2
    top: float = 0.75
    bottom: float = 0.65
    across: float = 0.35  # between panels
    down: float = 0.45


def page(
    rows: int, columns: int, size: tuple[float, float], margins: Margins, **kwargs: Any
) -> tuple[Figure, np.ndarray]:
    """Return a figure of a size in inches, and its panels (rows, columns)."""
    width, height = size
    figure = Figure(figsize=size)
    inner = (width - margins.left - margins.right - (columns - 1) * margins.across) / columns
    tall = (height - margins.top - margins.bottom - (rows - 1) * margins.down) / rows
    panels = figure.subplots(rows, columns, squeeze=False, **kwargs)
    figure.subplots_adjust(
        left=margins.left / width,
        right=1 - margins.right / width,
        top=1 - margins.top / height,
        bottom=margins.bottom / height,
        wspace=margins.across / inner,
        hspace=margins.down / tall,
    )
    return figure, panels


def grid(count: int) -> tuple[int, int]:
    """Return rows and columns of panels for a number of variants."""
    columns = 1 if count == 1 else 2 if count <= 4 else 3 if count <= 6 else 4
    return ceil(count / columns), columns


def panel_a_variant(
    lines: Mapping[str, pd.DataFrame],
    draw: Callable[[Axes, str], None],
    label: str,
    handles: Sequence[Artist],
) -> Figure:
    """Return a figure with a panel for each variant, drawn by `draw`, and a legend."""
    rows, columns = grid(len(lines))
    width = max(7.0, 2.1 * columns)
    below = 0.95 if handles else 0.55
    size = (width, (3.55 if rows < 3 else 1.75 * rows + 0.25) + below)
    margins = Margins(bottom=below, across=0.3)
    figure, panels = page(rows, columns, size, margins, sharex=True, sharey=True)
    cells = list(panels.flat)
    for ax, variant in zip(cells, lines, strict=False):
        draw(ax, variant)
        titled(ax, variant)
    dated(cells[0], pd.concat(lines.values()), most=5 if columns > 1 else 8)
    for ax in cells[len(lines) :]:
        ax.set_visible(False)
    ragged = len(lines) < rows * columns  # then every panel has the dates, else the lowest ones
    for ax in cells[: len(lines)] if ragged else panels[-1]:
        ax.tick_params(labelbottom=True)
    for ax in panels[:, 0]:
        ax.set_ylabel(label)
    make_room(figure)
    explained(figure, handles)
    return figure


def named_rows(ax: Axes, names: Sequence[str]) -> None:
    """Name the rows of a panel, the first on top."""
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(visible=False)


def name_outcome(ax: Axes, place: float, name: str, below: str, x: float) -> None:
    """Write a name beside its row, in two lines at most, and a text below; `x` is the right end.

    Rows of 0.36 inches have room for it.
    """
    room = room_before(ax, x)
    lines = [(text, 7.2, "black") for text in wrapped(name, room, 7.2, most=2)]
    lines += [(fitted(below, room, 6.3), 6.3, GREY)] if below else []
    top = 4.0 * (len(lines) - 1)
    for at, (text, size, colour) in enumerate(lines):
        ax.annotate(
            text, (x, place), xycoords=ax.get_yaxis_transform(), xytext=(0, top - 8.0 * at),
            textcoords="offset points", ha="right", va="center", size=size, color=colour,
        )  # fmt: skip


def columns_of(handles: Sequence[Artist], width: float) -> int:
    """Return the number of columns of a legend that fit on a page of a width in inches."""
    widths = [_HANDLE + inches(str(each.get_label()), _LEGEND) for each in handles]
    for count in range(len(widths), 1, -1):
        columns = np.array_split(widths, count)  # the order in which a legend is filled
        if sum(float(column.max()) for column in columns) <= width - 0.2:
            return count
    return 1


def explained(figure: Figure, handles: Sequence[Artist]) -> None:
    """Put a legend below the panels of a figure, which grows if the legend has several rows."""
    if not handles:
        return
    columns = columns_of(handles, figure.get_size_inches()[0])
    grow(figure, bottom=_LEGEND_LINE * (ceil(len(handles) / columns) - 1))
    height = figure.get_size_inches()[1]
    figure.legend(
        handles=list(handles),
        loc="lower center",
        bbox_to_anchor=(0.5, 0.25 / height),
        ncols=columns,
        labelcolor=GREY,
    )


def dated(ax: Axes, rows: pd.DataFrame, most: int = 6) -> None:
    """Set the ticks of an axis of years; on a short span each period has its name."""
    dates = rows.drop_duplicates("year").sort_values("year")
    at, names = dates["year"].to_numpy(), [str(each) for each in dates["date"]]
    step = length(rows)
    if at[-1] - at[0] < 2:
        every = ceil(len(at) / (most // 2 + 1))
        ax.set_xlim(at[0] - step / 2, at[-1] + step / 2)
        ax.set_xticks(at[::every], names[::every])
    else:
        ax.set_xlim(at[0], at[-1])
        ax.xaxis.set_major_locator(MaxNLocator(most, integer=True))
        ax.xaxis.set_major_formatter("{x:.0f}")


def marks(count: int, place: int, of: int) -> tuple[int, int]:
    """Return start and step of the markers of a line, so that lines do not hide those of others."""
    every = max(1, min(count, max(of, count // 4)))
    return (place * every // max(1, of)) % every if count > 1 else 0, every


def band(low: pd.Series, high: pd.Series, room: float = 0.06) -> tuple[float, float]:
    """Return the limits of an axis that hold all values from low to high, with some room."""
    bottom, top = float(low.min()), float(high.max())
    room *= max(top - bottom, 1e-3 * max(abs(top), abs(bottom)), 1e-6)
    return bottom - room, top + room
