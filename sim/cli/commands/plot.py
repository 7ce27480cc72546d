"""Figures from the tables of a result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import Formats, command, option
from sim.cli.streams import say
from sim.kernel.errors import ResultError
from sim.plots import chosen, figures_of, formats_of, renderer
from sim.plots.figure_data import FigureData
from sim.records.soundness import damage, missing


@command("Example: blocsim plot results/polonez_vs_iskander")
def plot(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Folder of a result.")],
    *,
    what: Annotated[
        list[str] | None, option("Names of figures; may be repeated. All unless given.")
    ] = None,
    formats: Formats = None,
) -> None:
    """Draw the figures of a result from its tables."""
    if what is not None:
        chosen(what)
    written = formats_of(formats)
    pages = renderer()  # before anything is read
    tables = FigureData.read(results)
    if not any(results.glob("*.csv")):
        message = f"{results}: holds no tables to draw; `blocsim {tables.kind.command}` makes them"
        raise ResultError(message)
    if lack := missing(results, tables.manifest, tables.kind):
        raise lack
    if wrong := damage(results, tables.manifest, whole=False):
        message = f"{wrong}; such tables are not drawn"
        raise ResultError(message)
    paths = pages.draw_all(results, what, say=say, tables=tables, formats=written)
    if not paths:
        names = ", ".join(figures_of(tables.kind))
        message = f"{results}: nothing was drawn; the figures of {tables.kind.article} are {names}"
        raise ResultError(message)
    for path in paths:
        say(str(path))
