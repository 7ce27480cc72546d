"""The folder of compiled kernels, and its size."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import command, option
from sim.cli.exits import FAILED
from sim.cli.streams import echo, say
from sim.engine import machine

MEGABYTE = 1 << 20  # bytes


@command("Example: blocsim cache --clear")
def cache(
    *,
    clear: Annotated[
        bool, option("Remove all kernels: the next run compiles them again.", "--clear")
    ] = False,
) -> None:
    """Show the folder of compiled kernels and its size; --clear empties it."""
    folder = machine.folder()
    if clear:
        echo(f"{folder}: {_size(machine.clear())} removed")
        if machine.kept():
            say(f"{folder}: some files could not be removed")
            raise typer.Exit(FAILED)
        return
    sizes = machine.kept()
    kernels = sum(file.suffix == machine.SUFFIX for file in sizes)
    count = f"{kernels} kernel{'' if kernels == 1 else 's'}"
    echo(f"{folder}: {count}, {_size(sum(sizes.values()))} of {_size(machine.MOST_BYTES)} at most")


def _size(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"
