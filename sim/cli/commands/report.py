"""A report of a result: one HTML file to hand on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import command, option
from sim.cli.streams import say
from sim.pages.report import report as reported


@command("Example: blocsim report results/polonez_vs_iskander -o report.html")
def report(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Folder of a result.")],
    *,
    out: Annotated[
        Path | None,
        option("File of the report; RESULTS_report.html unless given.", "--out", "-o"),
    ] = None,
    files: Annotated[
        Path | None, option("Folder of the CSV tables that the scenario names, if any.")
    ] = None,
) -> None:
    """Write a result as one page to hand on: answer, figures, reasons, history, sources."""
    path = reported(results, out, files=files)
    say(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
