"""Pages: every figure of a result, in its folder `figures`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from warnings import catch_warnings, filterwarnings

from matplotlib import rc_context, rcdefaults, rcParams
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter

from sim.kernel.errors import ResultError
from sim.kernel.words import meant, quoted
from sim.plots import (
    DEFAULT,
    FigureError,
    arms_flows,
    audit_shares,
    box_limits,
    box_trajectory,
    chosen,
    comparison_rows,
    contrast_panels,
    decision_waterfall,
    deterrence_panels,
    engagement_panels,
    figures_of,
    forecast_skill,
    index_bars,
    ladder_timeline,
    level_bands,
    mechanism_grid,
    paired_differences,
    pattern_bands,
    prior_posterior,
    profile_panels,
    regard_map,
    sale_stages,
    spread_bars,
    supplier_shares,
    sweep_lines,
    sweep_map,
    swept_points,
    tornado_bars,
)
from sim.plots.figure_data import FigureData
from sim.plots.figure_query import FigureQuery, listed
from sim.plots.style import FONT, LOOK, beheaded, drawable
from sim.records.kinds import FIGURES
from sim.records.store import umask

__all__ = [
    "RECIPES",
    "FigureQuery",
    "asked",
    "box_trajectory",
    "decision_waterfall",
    "draw",
    "draw_all",
    "draw_file",
    "draw_page",
    "index_bars",
    "listed",
    "pages",
    "svg_of",
]

_FAMILIES = f"'{FONT}', Verdana, sans-serif"  # the others where our font is not installed

_PATH, _LONG = re.compile(r' d="[^"]*"'), re.compile(r"(\.\d)\d+")  # tenths of a point are kept
_LINES = re.compile(r"[ML] [-\d. ]+(?:\nL [-\d. ]+)+")  # a letter L for each line is not needed
_LONGEST = 60  # letters in the name of a file, at four bytes each at most

Say = Callable[[str], object]

WRITTEN: dict[str, dict[str, Any]] = {  # options of formats; without metadata that change
    "svg": {"metadata": {"Creator": "blocsim", "Date": None}},
    "png": {"metadata": {"Software": "blocsim"}, "pil_kwargs": {"compress_level": 1}},
    "pdf": {"metadata": {"Creator": "blocsim", "Producer": None, "CreationDate": None}},
}


@dataclass(frozen=True)
class Recipe:
    """How a figure is made: its subjects, and the function that draws one of them."""

    subjects: Callable[[FigureData], list[str]]
    build: Callable[[FigureData, str], Figure]
    nothing: str  # why there is no figure, if its tables exist
    tables: tuple[str, ...]  # tables from which it is drawn
    known: Callable[[FigureData], list[str]] | None = None  # subjects on request, if more


def _recipe(module: Any, *tables: str, build: str = "build") -> Recipe:
    return Recipe(module.subjects, getattr(module, build), module.NOTHING, tables)


def _of_sweep(module: Any, names: Any = swept_points) -> Recipe:
    nothing = getattr(module, "NOTHING", swept_points.NOTHING)
    return Recipe(names.subjects, module.build, nothing, ("points",), names.known)


FITTED, SCORED = ("identified", "fit"), ("forecasts", "backtest")
RECIPES: Mapping[str, Recipe] = {
    "cohesion": _recipe(level_bands, "outcomes", "series"),
    "differences": _recipe(paired_differences, "outcomes", "differences"),
    "contrast": Recipe(
        contrast_panels.subjects,
        contrast_panels.build,
        contrast_panels.NOTHING,
        ("outcomes", "contrasts_series"),
        contrast_panels.known,
    ),
    "timeline": _recipe(ladder_timeline, "outcomes", "series"),
    "deterrence": _recipe(deterrence_panels, "outcomes", "series"),
    "arms_flows": _recipe(arms_flows, "ties", "series"),
    "regard": _recipe(regard_map, "outcomes", "ties"),
    "supplier_shares": _recipe(supplier_shares, "outcomes", "series"),
    "engagement": _recipe(engagement_panels, "outcomes", "series"),
    "profile": _recipe(profile_panels, "outcomes", "series"),
    "patterns": _recipe(pattern_bands, "patterns"),
    "sale_stages": _recipe(sale_stages, "outcomes", "transfers"),
    "spreads": _recipe(spread_bars, "spreads", "structural"),
    "prior_posterior": _recipe(prior_posterior, *FITTED, build="build_numbers"),
    "pattern_fit": _recipe(prior_posterior, *FITTED, build="build_checks"),
    "reliability": _recipe(forecast_skill, *SCORED, build="build_reliability"),
    "skill": _recipe(forecast_skill, *SCORED, build="build_skill"),
    "sweep_lines": _of_sweep(sweep_lines),
    "sweep_map": _of_sweep(sweep_map, sweep_map),
    "tornado": _of_sweep(tornado_bars),
    "mechanisms": _recipe(mechanism_grid, "ablation"),
    "sensitivity": Recipe(
        index_bars.subjects, index_bars.build, index_bars.NOTHING, ("indices",), index_bars.known
    ),
    "limits": _recipe(box_limits, "boxes", "trajectory"),
    "compared": Recipe(
        comparison_rows.pages,
        comparison_rows.build_rows,
        comparison_rows.NO_ROWS,
        ("differences",),
    ),
    "attribution": Recipe(
        comparison_rows.outcomes,
        comparison_rows.build_shares,
        comparison_rows.NO_SHARES,
        ("differences", "attribution"),
        comparison_rows.known,
    ),
    "audit_numbers": _recipe(audit_shares, "audit_numbers", build="build_numbers"),
    "audit_shares": Recipe(
        audit_shares.pages,
        audit_shares.build_shares,
        audit_shares.NO_SHARES,
        ("audit_outcomes",),
    ),
}


def draw_all(
    folder: Path,
    what: Sequence[str] | None = None,
    *,
    say: Say | None = None,
    tables: FigureData | None = None,
    formats: Sequence[str] = DEFAULT,
    out: Path | None = None,
) -> list[Path]:
    """Return the files drawn into `folder/figures`, or `out`, from the tables in `folder`.

    `what` names figures (if None, all of this kind of result). A figure without data is left out,
    and `say` is called with a sentence on it; by default it is printed to standard error. `tables`
    may be given if they have been read already. `formats` are svg, png, pdf.
    """
    if what is not None:
        chosen(what)  # raises an error before tables are read
    tables = FigureData.read(folder) if tables is None else tables
    return [
        path
        for page in pages(tables, what, say=say)
        for path in draw_page(tables, *page, formats=formats, out=out)
    ]


def pages(
    tables: FigureData, what: Sequence[str] | None = None, *, say: Say | None = None
) -> list[tuple[str, str]]:
    """Return the figures to draw, each with its subject, as `draw_all` would."""
    own = figures_of(tables.kind)
    out: list[tuple[str, str]] = []
    without = not tables.lack("outcomes") and not tables.named
    waiting: list[str] = []  # figures that need an outcome, of a result without any
    tell = say or _to_stderr
    for name in own if what is None else chosen(what):
        recipe = RECIPES[name]
        if name not in own:
            reason = f"{tables.kind.article} has only {', '.join(own)}"
        elif lacking := [lack for table in recipe.tables if (lack := tables.lack(table))]:
            reason = ", ".join(lacking)
        elif subjects := recipe.subjects(tables):
            out += [(name, subject) for subject in subjects]
            continue
        elif what is None and "outcome" in recipe.nothing and without:
            waiting.append(name)
            continue
        else:
            reason = recipe.nothing
        tell(f"no figure {name}: {reason}")
    if waiting:
        tell(f"no figure {', '.join(waiting)}: the scenario has no outcomes: write `outcomes`")
    return out


def asked(
    tables: FigureData, text: str, what: Sequence[str] | None = None
) -> list[tuple[str, str]]:
    """Return the figures of one subject, each with it; it is a FigureError if there are none."""
    own = [name for name in figures_of(tables.kind) if RECIPES[name].known is not None]
    found, subjects = [], list[str]()
    for name in own if what is None else chosen(what):
        known = RECIPES[name].known
        if name in own and known is not None:
            there = [] if any(map(tables.lack, RECIPES[name].tables)) else known(tables)
            found += [(name, text)] if text in there else []
            subjects += there
    if not found:
        some = f": choose from {', '.join(dict.fromkeys(subjects))}" if subjects else ""
        message = f"no figure of {quoted(text)}{meant(text, subjects)}{some}"
        raise FigureError(message)
    return found


def draw_page(
    tables: FigureData,
    name: str,
    subject: str,
    *,
    formats: Sequence[str] = DEFAULT,
    out: Path | None = None,
) -> list[Path]:
    """Draw one figure of one subject, and return its files."""
    build = partial(RECIPES[name].build, tables, subject)
    return draw(build, out or tables.folder / FIGURES, name, subject, formats=formats)


def draw(
    build: Callable[[], Figure],
    place: Path,
    *names: str,
    formats: Sequence[str] = DEFAULT,
) -> list[Path]:
    """Draw a figure into a folder, and return its files, named after some words."""
    if place.is_symlink():
        message = f"{place}: is a link; figures are drawn into a folder of the result: remove it"
        raise ResultError(message)
    place.mkdir(parents=True, exist_ok=True)
    with our_look():
        figure = build()
        return [_written(figure, place / f"{file_stem(names)}.{form}", form) for form in formats]


def draw_file(build: Callable[[], Figure], path: Path) -> Path:
    """Draw a figure into a file, in the format of its ending, and return the file."""
    with our_look():
        return _written(build(), path, path.suffix.lower().removeprefix("."))


def svg_of(build: Callable[[], Figure]) -> tuple[str, str, str]:
    """Return the title of a figure, the text below it, and the figure without them as SVG."""
    with our_look():
        figure = build()
        title, below = beheaded(figure)
        return title, below, _bytes_of(figure, "svg").decode("utf-8")


def file_stem(names: Sequence[str]) -> str:
    """Return a file name made of words, cut to a length that all systems allow."""
    stem = "_".join(re.findall(r"\w+", " ".join(names)))
    if len(stem) <= _LONGEST:
        return stem
    return f"{stem[:_LONGEST]}_{sha256(stem.encode()).hexdigest()[:8]}"


def _make_drawable(figure: Figure) -> None:
    """Replace letters without a glyph in our font by their codes."""
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            names = axis.get_major_formatter()
            if isinstance(names, FixedFormatter):
                names.seq = [drawable(name) for name in names.seq]
    for text in figure.findobj(Text):
        if (shown := drawable(text.get_text())) != text.get_text():
            text.set_text(shown)


@contextmanager
def our_look() -> Iterator[None]:
    """Draw in our style, independently of the user's matplotlibrc."""
    with rc_context(), catch_warnings():
        filterwarnings("ignore", "Glyph .* missing")  # in our font; a viewer of SVG has others
        rcdefaults()
        rcParams.update(LOOK)
        yield


def _written(figure: Figure, path: Path, form: str) -> Path:
    """Write a figure, whole or not at all, and return its path.

    In SVG the viewer chooses glyphs; the other formats have only those of our font.
    """
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=f".{form}", delete=False) as file:
        temporary = Path(file.name)
    try:
        temporary.write_bytes(_bytes_of(figure, form))
        temporary.chmod(0o666 & ~umask())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _bytes_of(figure: Figure, form: str) -> bytes:
    """Return the content of the file of a figure."""
    if form != "svg":
        _make_drawable(figure)
    with BytesIO() as file:
        figure.savefig(file, format=form, **WRITTEN[form])
        content = file.getvalue()
    if form != "svg":
        return content
    text = content.decode("utf-8").replace(f"'{FONT}'", _FAMILIES)
    return _PATH.sub(lambda path: _brief(path[0]), text).encode("utf-8")


def _brief(path: str) -> str:
    """Return the path of an SVG in fewer letters: tenths of a point, and one L for many lines."""
    return _LINES.sub(lambda lines: lines[0].replace("\nL ", ""), _LONG.sub(r"\1", path))


def _to_stderr(line: str) -> None:
    sys.stderr.write(line + "\n")
