"""The tables of a result for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import command, option
from sim.cli.streams import say
from sim.experiments.export import export as exported


@command("Example: blocsim export results/polonez_vs_iskander --format xlsx")
def export(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Folder of a result.")],
    *,
    form: Annotated[
        str,
        option(
            "xlsx: a workbook (default). parquet: a folder of files. long: one CSV file of "
            "outcomes, one number a row. csv: a result folder (default with --masked).",
            "--format",
        ),
    ] = "",
    masked: Annotated[
        bool,
        option(
            "Replace names: states by colours, systems by class and number, years counted from 0.",
            "--masked",
        ),
    ] = False,
    out: Annotated[
        Path | None,
        option("File or folder to write (default: next to the result).", "--out", "-o"),
    ] = None,
    force: Annotated[bool, option("Replace an earlier export.", "--force")] = False,
) -> None:
    """Write the tables of a result for a spreadsheet, for pandas or for R."""
    form = form or ("csv" if masked else "xlsx")
    say(f"{exported(results, form=form, masked=masked, out=out, force=force)}")
