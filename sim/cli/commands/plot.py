"""The command `plot`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app


@app.command(epilog="Example: blocsim plot results/polonez_vs_iskander")
def plot(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Folder of a result.")],
    *,
    what: Annotated[
        list[str] | None, typer.Option(help="Names of figures; may be repeated. All unless given.")
    ] = None,
) -> None:
    """Draw the figures of a result from its tables."""
    from sim.cli.drawing import plot_command  # noqa: PLC0415 - costly, only when it runs

    plot_command(results, what)
