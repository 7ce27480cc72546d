"""The pages of a scenario or result, on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import command, option
from sim.cli.streams import say


@command("Example: blocsim dashboard polonez_vs_iskander")
def dashboard(
    given: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCENARIO|RESULTS]",
            help="A file, a shipped name, or the folder of a run; the flagship unless given.",
        ),
    ] = None,
    *,
    port: Annotated[int, option("Port on 127.0.0.1; 0 takes one that is free.")] = 8710,
    no_open: Annotated[bool, option("Open no browser.", "--no-open")] = False,
) -> None:
    """Open pages in a browser, on this machine alone: numbers to change, and their answers."""
    from sim.dashboard.server import serve  # noqa: PLC0415 - help and completion need no server

    serve(given, port=port, browser=not no_open, say=say)
