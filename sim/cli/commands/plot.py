"""Figures from the tables of a result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import command
from sim.cli.streams import say
from sim.kernel.errors import ResultError
from sim.plots import draw_all
from sim.records.results import load_results
from sim.records.soundness import damage


@command("Example: blocsim plot results/polonez_vs_iskander")
def plot(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Folder of a result.")],
    *,
    what: Annotated[
        list[str] | None, typer.Option(help="Names of figures; may be repeated. All unless given.")
    ] = None,
) -> None:
    """Draw the figures of a result from its tables."""
    tables = load_results(results)
    if not len(tables):
        message = f"{results}: holds no tables to draw; `blocsim run` makes them"
        raise ResultError(message)
    for path in (results / f"{name}.csv" for name in tables):
        if not path.stat().st_size:
            message = f"{path}: cannot be read as a table (it is empty); the result is damaged"
            raise ResultError(message)
    try:
        paths = draw_all(results, what, say=say)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        if (wrong := damage(results, tables.manifest)) is None:
            raise
        message = f"{wrong}; such tables cannot be drawn"
        raise ResultError(message) from None
    for path in paths:
        say(str(path))
