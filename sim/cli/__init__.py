"""The command `blocsim`: each subcommand is one call into the Python API.

What a command needs is imported when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

from sim.cli import commands
from sim.cli.app import app
from sim.cli.ending import ended

__all__ = ["app", "commands", "main"]


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    raise SystemExit(ended(app, arguments))
