"""Style: colours, lines, titles and notes of all figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path

from sim.plots.figure_data import FigureData
from sim.records.kinds import RUN, STRUCTURAL, SWEEP
from sim.seeing.running_text import statement

# Okabe and Ito (2008): distinct with every common kind of colour vision. Their yellow is for areas
# only, since it is too pale for a line on white.
COLOURS = ("#000000", "#E69F00", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9")
LINES = (*COLOURS, "#882255", "#999933", "#44AA99")  # with three of Tol's, for many lines
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
HATCHES = ("", "////", "..", "\\\\\\\\", "xxxx", "----", "||||", "++++")
GREY = "#666666"
PALE = "#BBBBBB"

FONT = "DejaVu Sans"  # part of matplotlib, so that figures are the same on all machines
HEADING = "heading"  # label of the texts of the heading
_MOST_LINES = 4  # lines below a title
_SMALL, _NOTE = 7.5, 6.5  # points: text below a title, and the note
_EDGE = 0.05  # white margin on the left, inches
_LINE, _NOTE_LINE, _TITLE_LINE = 0.125, 0.107, 0.18  # inches of a line of each

LOOK: dict[Any, Any] = {  # some versions of matplotlib have a type for the keys
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
    "axes.titley": 1.0,  # fixed: to find room above the ticks takes a sixth of the time
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
    "pdf.fonttype": 42,  # text stays text
    "svg.fonttype": "none",  # text stays text, which can be searched and read aloud
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
    """The look of one of several lines, distinct from the others in colour and in grey."""

    colour: str
    dash: Any
    marker: str

    def handle(self, label: str) -> Line2D:
        """Return the line for a legend."""
        return Line2D(
            [], [], color=self.colour, linestyle=self.dash, marker=self.marker, label=label
        )


def looks(names: Sequence[str]) -> dict[str, Look]:
    """Return the look of each name; the first seventy are all different."""
    return {
        name: Look(LINES[k % 10], DASHES[(k + k // 10) % 7], MARKERS[k % 10])
        for k, name in enumerate(names)
    }


def headed(figure: Figure, title: str, below: str) -> None:
    """Put a title, and a description below it, at the top left of a figure."""
    title, below = statement(title), statement(below)
    figure.set_label(f"{title}\n{below}")  # for HTML pages, which set it in their own font
    width, _ = figure.get_size_inches()
    titles = wrapped(title, width - 0.2, 10.5, most=2, weight="bold")
    lines = wrapped(below, width - 0.2, _SMALL, most=_MOST_LINES)
    grow(figure, top=_LINE * (len(lines) - 1) + _TITLE_LINE * (len(titles) - 1))
    height = figure.get_size_inches()[1]
    down = 0.1
    for line in titles:
        figure.text(
            0.1 / width, 1 - down / height, line, va="top", size=10.5, weight="bold", label=HEADING
        )  # fmt: skip
        down += _TITLE_LINE
    text = "\n".join(lines)
    down = 0.32 + _TITLE_LINE * (len(titles) - 1)
    figure.text(
        0.1 / width, 1 - down / height, text, va="top", size=_SMALL, color=GREY, label=HEADING
    )


def beheaded(figure: Figure) -> tuple[str, str]:
    """Remove title and description from a figure, with their room, and return them."""
    title, _, below = str(figure.get_label()).partition("\n")
    heads = [text for text in figure.texts if text.get_label() == HEADING]
    if heads:
        canvas: Any = FigureCanvasAgg(figure)
        renderer = canvas.get_renderer()
        top = max(text.get_window_extent(renderer).y1 for text in heads)
        low = min(text.get_window_extent(renderer).y0 for text in heads if text.get_text())
        for text in heads:
            text.remove()
        grow(figure, top=-(top - low) / figure.dpi)  # or more, where it is white below
        boxes = [ax.get_tightbbox(renderer) for ax in figure.axes if ax.get_visible()]
        room = min((figure.bbox.y1 - box.y1 for box in boxes if box is not None), default=0.0)
        grow(figure, top=min(0.0, _EDGE - room / figure.dpi))
    return title, below


def footed(figure: Figure, tables: FigureData, note: str = "") -> None:
    """Put a note and the source at the bottom left of a figure, which grows as needed."""
    noted(figure, f"{note} {_source(tables)}".strip())


def noted(figure: Figure, note: str) -> None:
    """Put a note at the bottom left of a figure, which grows as needed."""
    width, _ = figure.get_size_inches()
    lines = wrapped(note, width - 0.2, _NOTE)
    grow(figure, bottom=_NOTE_LINE * (len(lines) - 1))
    height = figure.get_size_inches()[1]
    text = "\n".join(lines)
    figure.text(0.1 / width, 0.07 / height, text, va="bottom", size=_NOTE, color=GREY)


def _source(tables: FigureData) -> str:
    """Return the source of a figure, and the remark that it is not a forecast."""
    inputs = tables.manifest.get("inputs", {})
    parts = [f"blocsim, {short(tables.name, 60)}"]
    parts += [f"hash {str(inputs['hash'])[:8]}"] if "hash" in inputs else []
    parts += [f"seed {inputs['seed']}"] if "seed" in inputs else []
    if tables.kind in (RUN, STRUCTURAL) and isinstance(inputs.get("runs"), int):
        parts.append(f"{counted(inputs['runs'])} of a variant, which differ by {tables.spread}")
    if tables.kind is SWEEP and isinstance(inputs.get("runs"), int):
        parts.append(f"mean of {counted(inputs['runs'])} at each point")
    return f"Source: {', '.join(parts)}. A scenario, not a forecast."


def grow(
    figure: Figure,
    *,
    left: float = 0.0,
    right: float = 0.0,
    top: float = 0.0,
    bottom: float = 0.0,
) -> None:
    """Add inches to the sides of a figure; its content keeps size and place."""
    if not left + right + top + bottom:
        return
    old = figure.get_size_inches()
    new = np.add(old, (left + right, top + bottom))

    def moved(place: tuple[float, float]) -> tuple[float, float]:
        x, y = (np.asarray(place) * old + (left, bottom)) / new
        return float(x), float(y)

    anchors = [
        legend.get_bbox_to_anchor().transformed(figure.transFigure.inverted())
        for legend in figure.legends
    ]
    frame = figure.subplotpars
    (x0, y0), (x1, y1) = moved((frame.left, frame.bottom)), moved((frame.right, frame.top))
    figure.subplots_adjust(left=x0, bottom=y0, right=x1, top=y1)
    for text in figure.texts:
        text.set_position(moved(text.get_position()))
    figure.set_size_inches(*new)
    for legend, anchor in zip(figure.legends, anchors, strict=True):
        legend.set_bbox_to_anchor(moved((anchor.x0, anchor.y0)))


def make_room(figure: Figure) -> None:
    """Let a figure grow to the left if the names on its axes would be cut off."""
    canvas: Any = FigureCanvasAgg(figure)
    renderer = canvas.get_renderer()
    named = [ax for ax in figure.axes if ax.get_visible() and _is_named(ax)]
    boxes = (ax.yaxis.get_tightbbox(renderer) for ax in named)
    least = min((box.x0 for box in boxes if box is not None), default=0.0) / figure.dpi
    grow(figure, left=max(0.0, _EDGE - least))


def _is_named(ax: Axes) -> bool:
    """Return whether the vertical axis of a panel has names or a label; inner ones have none."""
    return bool(ax.yaxis.get_tick_params()["labelleft"] or ax.get_ylabel())


def wrapped(
    text: str, width: float, size: float, most: int = 0, weight: str = "normal"
) -> list[str]:
    """Return a text in lines of at most some inches; it is cut off after `most` lines."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and inches(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(fitted(word, width, size, weight))
    if most and len(lines) > most:
        lines = [*lines[: most - 1], fitted(" ".join(lines[most - 1 :]), width, size, weight)]
    return lines


@lru_cache(maxsize=10_000)
def inches(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of a text, inches."""
    font = FontProperties(family=FONT, size=size, weight=weight)
    with catch_warnings():  # about letters that the font lacks
        simplefilter("ignore")
        wide = text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]
    return float(wide) / 72


def sentence(text: str) -> str:
    """Return a text that begins with a capital letter."""
    text = text.strip()
    return text[:1].upper() + text[1:]


def short(name: str, most: int) -> str:
    """Return a name, its middle cut out if it has more than `most` letters."""
    tail = most // 3
    return name if len(name) <= most else f"{name[: most - tail - 1]}\u2026{name[-tail:]}"


def fitted(text: str, width: float, size: float, weight: str = "normal") -> str:
    """Return a text, its middle cut out if it is wider than `width` inches."""
    if len(text) * size < 60 * width or inches(text, size, weight) <= width:
        return text  # letters are narrower than high
    most = len(text)
    while most > 4 and inches(short(text, most), size, weight) > width:
        wide = inches(short(text, most), size, weight)
        most = max(4, min(most - 1, int(most * width / wide)))
    return short(text, most)


def titled(ax: Axes, text: str) -> None:
    """Put a title over a panel, cut to its width."""
    ax.set_title(fitted(text, float(ax.bbox.width / ax.figure.dpi), 8.5, weight="bold"))


def room_before(ax: Axes, x: float) -> float:
    """Return the inches from the left edge of the page to `x`, given in widths of the panel."""
    return float((ax.bbox.x0 + x * ax.bbox.width) / ax.figure.dpi) - 0.05


def drawable(text: str) -> str:
    """Return a text in which letters without a glyph in our font are replaced by their codes."""
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
    """Return a number of runs in words, without the number if it is not known."""
    if not runs:
        return "all runs"
    return "1 run" if runs == 1 else f"{runs:,} runs"


def signed(value: float) -> str:
    """Return a difference with its sign and about two digits."""
    size = abs(value)
    if size < 1e-12:  # rounding
        return "0"
    digits = 3 if size < 0.0995 else 2 if size < 9.95 else 0
    text = f"{size:.{digits}f}" if size >= 0.0005 else f"{size:.0e}".replace("e-0", "e-")
    return ("+" if value > 0 else "\N{MINUS SIGN}") + text
