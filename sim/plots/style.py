"""Style: colours, lines, titles and notes that all figures share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path

from sim.plots.figure_data import FigureData

# Okabe and Ito (2008): told apart with every common kind of colour vision; their yellow is
# for areas alone, it is too pale for a line on white.
COLOURS = ("#000000", "#E69F00", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9")
FILLS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#000000")
DASHES: tuple[Any, ...] = (
    "-",
    (0, (5, 1.5)),
    (0, (1, 1)),
    (0, (5, 1.5, 1, 1.5)),
    (0, (8, 2)),
    (0, (3, 1, 1, 1, 1, 1)),
    (0, (2, 2)),
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p")
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----", "||||", "++++")
GREY = "#666666"
PALE = "#BBBBBB"

FONT = "DejaVu Sans"  # matplotlib brings it along: the same everywhere
_MOST_LINES = 3  # below a title

LOOK: dict[Any, Any] = {  # matplotlib has a type for the keys in some versions
    "axes.edgecolor": "#444444",
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.labelsize": 8,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlepad": 4,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titley": 1.0,  # fixed: looking for room above the ticks takes a sixth of the time
    "figure.dpi": 150,
    "font.family": FONT,
    "font.size": 8,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.5,
    "hatch.linewidth": 0.5,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "legend.handlelength": 3.2,
    "lines.linewidth": 1.4,
    "lines.markersize": 3.6,
    "savefig.dpi": 150,
    "svg.fonttype": "path",  # looks the same without our font
    "svg.hashsalt": "blocsim",
    "text.parse_math": False,  # a dollar in a name is a dollar
    "text.hinting": "no_hinting",  # half the time of text, and no worse at this resolution
    "xtick.labelsize": 7.5,
    "xtick.major.width": 0.6,
    "ytick.labelsize": 7.5,
    "ytick.major.width": 0.6,
}


@dataclass(frozen=True)
class Look:
    """How one of several lines is told from the others, in colour and in grey."""

    colour: str
    dash: Any
    marker: str

    def handle(self, label: str) -> Line2D:
        """Return the line as a legend shows it."""
        return Line2D(
            [], [], color=self.colour, linestyle=self.dash, marker=self.marker, label=label
        )


def looks(names: Sequence[str]) -> dict[str, Look]:
    """Return how each name is drawn; no two alike among the first seventy."""
    return {
        name: Look(COLOURS[k % 7], DASHES[(k + k // 7) % 7], MARKERS[k % 10])
        for k, name in enumerate(names)
    }


def headed(figure: Figure, title: str, below: str) -> None:
    """Put a title, and what it covers below it, at the top left of a figure."""
    width, height = figure.get_size_inches()
    title = fitted(title, width - 0.2, 10.5, weight="bold")
    figure.text(0.1 / width, 1 - 0.1 / height, title, va="top", size=10.5, weight="bold")
    most = int((width - 0.2) / 0.063)
    text = fill(below, most, max_lines=_MOST_LINES, placeholder=" \u2026")
    figure.text(0.1 / width, 1 - 0.32 / height, text, va="top", size=7.5, color=GREY)


def footed(figure: Figure, tables: FigureData, note: str = "") -> None:
    """Put a note on the source at the bottom left of a figure."""
    width, height = figure.get_size_inches()
    seed = tables.manifest.get("inputs", {}).get("seed")
    source = f"Source: blocsim, {short(tables.name, 60)}" + (
        "" if seed is None else f", seed {seed}"
    )
    text = fill(f"{note} {source}.".strip(), int((width - 0.2) / 0.053))
    figure.text(0.1 / width, 0.07 / height, text, va="bottom", size=6.5, color=GREY)


def short(name: str, most: int) -> str:
    """Return a name, its middle cut out where it has more letters than there is room for."""
    tail = most // 3
    return name if len(name) <= most else f"{name[: most - tail - 1]}\u2026{name[-tail:]}"


def fitted(text: str, width: float, size: float, weight: str = "normal") -> str:
    """Return a text, its middle cut out where it is wider than some inches."""
    font = FontProperties(family=FONT, size=size, weight=weight)

    def inches(text: str) -> float:
        return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]) / 72

    if len(text) * size < 60 * width or inches(text) <= width:  # letters are narrower than high
        return text
    most = len(text)
    while most > 4 and inches(short(text, most)) > width:
        most = max(4, min(most - 1, int(most * width / inches(short(text, most)))))
    return short(text, most)


def titled(ax: Axes, text: str) -> None:
    """Put a title over a panel, cut to its width."""
    ax.set_title(fitted(text, float(ax.bbox.width / ax.figure.dpi), 8.5, weight="bold"))


def room_before(ax: Axes, x: float) -> float:
    """Return the inches between the edge of the page and a place, in widths of a panel."""
    return float((ax.bbox.x0 + x * ax.bbox.width) / ax.figure.dpi) - 0.05


def drawable(text: str) -> str:
    """Return a text with the codes of letters that our font has no glyph for."""
    glyphs = _glyphs()
    if all(letter == "\n" or ord(letter) in glyphs for letter in text):
        return text
    return "".join(
        letter if letter == "\n" or ord(letter) in glyphs else f"\\u{ord(letter):04x}"
        for letter in text
    )


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(get_font(findfont(FontProperties(family=FONT))).get_charmap())


def counted(runs: int) -> str:
    """Return a number of runs in words."""
    return "1 run" if runs == 1 else f"{runs:,} runs"
