"""The command `version`."""

from __future__ import annotations

import typer

from sim.cli.app import app


@app.command(epilog="Example: blocsim version")
def version() -> None:
    """Print the version."""
    from sim import __version__  # noqa: PLC0415 - costly, only when it runs

    typer.echo(f"blocsim {__version__}")
