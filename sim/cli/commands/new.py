"""The command `new`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app


@app.command(epilog="Example: blocsim new my_scenario.yaml")
def new(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write, such as my_scenario.yaml.")
    ],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace a file.")] = False,
) -> None:
    """Write a commented scenario to start from."""
    from sim.cli.starting import new_command  # noqa: PLC0415 - costly, only when it runs

    new_command(file, force=force)
