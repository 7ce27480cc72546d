"""The version."""

from __future__ import annotations

from sim import __version__
from sim.cli.app import command
from sim.cli.streams import echo


@command("Example: blocsim version")
def version() -> None:
    """Print the version."""
    echo(f"blocsim {__version__}")
