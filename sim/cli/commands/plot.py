"""Figures from the tables of a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import fill
from typing import Annotated, Any

import typer

from sim.cli.app import Formats, command, option
from sim.cli.shared import refuse
from sim.cli.streams import echo, say
from sim.kernel.errors import ResultError
from sim.kernel.words import meant, quoted
from sim.plots import FIGURES, FigureError, chosen, figures_of, formats_of, renderer
from sim.plots.figure_data import FigureData
from sim.records.kinds import FIGURES as PLACE
from sim.records.kinds import RUN
from sim.records.soundness import damage, missing

LIST = "list"  # in place of a figure's name


@command('Example: blocsim plot results/polonez_vs_iskander "war_rate ARM>AZE" --versus no_sale')
def plot(
    results: Annotated[
        str | None, typer.Argument(metavar="RESULTS", help="Folder of a result.")
    ] = None,
    queries: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUERY]...",
            help='A metric to draw, such as "war_rate ARM>AZE", or an outcome.',
        ),
    ] = None,
    *,
    what: Annotated[
        list[str] | None,
        option(
            "Figure, by its name or that of its file; may be repeated (default: all); or `list`."
        ),
    ] = None,
    variant: Annotated[
        list[str] | None, option("Variants to draw, for a query or a sweep.")
    ] = None,
    versus: Annotated[str | None, option("Draw differences from this variant.")] = None,
    kind: Annotated[
        str | None, option("For a query: level, difference (with --versus) or spread over runs.")
    ] = None,
    over: Annotated[
        list[str] | None, option("Swept path to draw over; two paths give a map.", metavar="PATH")
    ] = None,
    csv: Annotated[
        Path | None,
        option("Draw one table in the layout of blocsim, in place of RESULTS.", metavar="FILE"),
    ] = None,
    out: Annotated[Path | None, option("Folder for the figures (default: RESULTS/figures).")] = (
        None
    ),
    formats: Formats = None,
) -> None:
    """Draw the figures of a result from its tables, or any metric over time."""
    asked, names, files = _asked(queries or (), what or ())
    if csv is not None and results is not None:
        asked.insert(0, results)
    elif results is None and csv is None:
        refuse("RESULTS", "name the folder of a result, or a table by --csv")
    if LIST not in names:
        chosen(names)
    written = formats_of(formats)
    pages = renderer()  # before reading any file
    tables = _sound(Path(str(results))) if csv is None else FigureData.of_file(csv)
    tables = replace(tables, shown=tuple(variant or ()), over=tuple(over or ()))
    if LIST in names:
        _list(pages, tables)
        return
    place = out or tables.folder / PLACE
    options = {"formats": written, "out": place}
    paths: list[Path] = []
    for text in asked:
        paths += _drawn(pages, tables, text, kind or "", versus or "", names or None, options)
    for file in files:
        paths += _drawn_again(pages, tables, file, options)
    if not (asked or files) or (names and tables.kind is RUN):
        paths += pages.draw_all(tables.folder, names or None, say=say, tables=tables, **options)
    if not paths:
        raise ResultError(_nothing(tables))
    for path in paths:
        say(str(path))


def _sound(folder: Path) -> FigureData:
    """Return the tables of a result that are as they were written."""
    tables = FigureData.read(folder)
    if not any(folder.glob("*.csv")):
        message = f"{folder}: holds no tables to draw; `blocsim {tables.kind.command}` makes them"
        raise ResultError(message)
    if lack := missing(folder, tables.manifest, tables.kind):
        raise lack
    if wrong := damage(folder, tables.manifest, whole=False):
        message = f"{wrong}; changed tables are not drawn"
        raise ResultError(message)
    return tables


def _drawn(
    pages: Any,
    tables: FigureData,
    text: str,
    kind: str,
    versus: str,
    what: Sequence[str] | None,
    options: Mapping[str, Any],
) -> list[Path]:
    """Return the files drawn for a query."""
    if tables.kind is RUN:
        name, build = pages.FigureQuery(text, kind, versus).figure(tables)
        paths: list[Path] = pages.draw(build, options["out"], name, formats=options["formats"])
        return paths
    found = pages.asked(tables, " ".join(text.split()), what)
    return [path for page in found for path in pages.draw_page(tables, *page, **options)]


def _asked(queries: Sequence[str], what: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the queries, the names of figures and the names of their files that are asked for."""
    if [*queries] == [LIST]:
        return [], [LIST], []
    files = [each for each in what if each not in FIGURES and _figure_in(each)]
    return [*queries], [each for each in what if each not in files], files


def _figure_in(file: str) -> str:
    """Return the figure that the name of a file begins with, `regard` of `regard_SOV`, if any."""
    return max((name for name in FIGURES if file.startswith(f"{name}_")), key=len, default="")


def _drawn_again(
    pages: Any, tables: FigureData, file: str, options: Mapping[str, Any]
) -> list[Path]:
    """Return the files of the figure whose file has a name."""
    there = {pages.file_stem(page): page for page in pages.pages(tables, [_figure_in(file)])}
    if file not in there:
        some = f": choose from {', '.join(there)}" if there else ""
        message = f"no figure {quoted(file)}{meant(file, there)}{some}"
        raise FigureError(message)
    paths: list[Path] = pages.draw_page(tables, *there[file], **options)
    return paths


def _list(pages: Any, tables: FigureData) -> None:
    """Print the available figures by name, then the metrics with their subjects."""
    lacking: list[str] = []
    there = pages.pages(tables, say=lacking.append)
    for name in figures_of(tables.kind):
        subjects = [subject for figure, subject in there if figure == name]
        if subjects:
            echo(f"{name}: {FIGURES[name]} ({len(subjects)})")
    metrics: Sequence[tuple[str, str]] = pages.listed(tables) if tables.kind is RUN else []
    if metrics:
        echo('\nany metric over time, as "METRIC SUBJECT":')
    same: dict[str, list[str]] = {}  # metrics of the same subjects
    for metric, known in metrics:
        same.setdefault(known, []).append(metric)
    for known, those in same.items():
        text = f"{', '.join(those)}: {known}"
        echo(fill(text, 80, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False))


def _nothing(tables: FigureData) -> str:
    source = tables.alone or tables.folder
    names = ", ".join(figures_of(tables.kind))
    there = tables.kind is RUN and len(tables["series"])
    by_query = "; or name a metric and subject (--what list)" if there else ""
    return (
        f"{source}: nothing was drawn; the figures of {tables.kind.article} are {names}{by_query}"
    )
