"""A result run again from its manifest and compared with the stored one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import Jobs, command, option
from sim.cli.exits import FAILED
from sim.cli.screen import Screen, progress
from sim.cli.shared import cores
from sim.cli.streams import say
from sim.experiments.reproduction import reproduce as reproduced


@command("Example: blocsim reproduce results/polonez_vs_iskander")
def reproduce(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Folder of a result.")],
    *,
    files: Annotated[
        Path | None,
        option("Folder of the CSV tables that its scenario names (default: the working folder)."),
    ] = None,
    engine: Annotated[
        str | None, option("auto, numpy or compiled (default: the engine of the result).")
    ] = None,
    jobs: Jobs = None,
) -> None:
    """Run a result again from its manifest and compare file by file."""
    with progress("reproduce") as step:
        found = reproduced(
            results, files=files, engine=engine, jobs=cores(jobs), progress=step, say=say
        )
    screen = Screen()
    width = max(len(each.name) for each in found.files)
    for each in found.files:
        screen.unbroken(f"  {each.name:{width}}  {each.said}", None if each.holds else "bold")
    kept = sum(each.holds for each in found.files)
    held = "reproduced byte for byte" if found.promise == "bytes" else "reproduced to 1e-9"
    screen.print(f"{kept} of {len(found.files)} {held}")
    if not found.holds:
        raise typer.Exit(FAILED)
