"""A report of a result: one HTML file to share."""

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
        option("File of the report (default: RESULTS_report.html).", "--out", "-o"),
    ] = None,
    files: Annotated[
        Path | None, option("Folder of the CSV tables that the scenario names, if any.")
    ] = None,
) -> None:
    """Write a report on one HTML page: answer, figures, reasons, history and sources."""
    path = reported(results, out, files=files)
    say(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
