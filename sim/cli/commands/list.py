"""The command `list`."""

from __future__ import annotations

from sim.cli.app import app


@app.command(name="list", epilog="Example: blocsim list")
def list_() -> None:
    """List the shipped scenarios and the questions that they ask."""
    from sim.cli.showing import list_command  # noqa: PLC0415 - costly, only when it runs

    list_command()
