"""The dashboard of a scenario or result, served on this machine."""

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
            help="A scenario file, a shipped scenario, or a run's folder (default: the flagship).",
        ),
    ] = None,
    *,
    port: Annotated[int, option("Port on 127.0.0.1; 0 takes any free port.")] = 8710,
    no_open: Annotated[bool, option("Do not open a browser.", "--no-open")] = False,
) -> None:
    """Open a dashboard in the browser, served on this machine only: change numbers, see answers."""
    from sim.dashboard.server import serve  # noqa: PLC0415 - help and completion do not need the server

    serve(given, port=port, browser=not no_open, say=say)
