"""The command `discover`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app


@app.command(
    epilog="Example: blocsim discover results/polonez_vs_iskander_sweep --variant sale "
    '--outcome "second_strike ARM>AZE mean 2019-Q1..2019-Q4 < 0.1"'
)
def discover(
    results: Annotated[
        Path, typer.Argument(metavar="RESULTS", help="Folder of a sweep or sensitivity analysis.")
    ],
    *,
    outcome: Annotated[
        str,
        typer.Option(metavar="CONDITION", help='An outcome and a number: "cohesion CSTO > 0.6".'),
    ],
    threshold: Annotated[
        float, typer.Option(help="Density that a box should reach: share of cases in it.")
    ] = 0.8,
    variant: Annotated[
        str | None, typer.Option(help="The variant whose runs count; the first unless given.")
    ] = None,
    box: Annotated[
        int, typer.Option(help="Boxes to look for, each among what the earlier ones left.")
    ] = 1,
    by: Annotated[
        str, typer.Option(help="run, or point: of interest if half of its runs are.")
    ] = "run",
    out: Annotated[
        Path | None, typer.Option(help="Folder; RESULTS_discovery unless given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier discovery.")] = False,
) -> None:
    """Find the box of assumptions in which something happens (PRIM)."""
    from sim.cli.discovering import discover_command  # noqa: PLC0415 - costly, only when it runs

    discover_command(
        results,
        outcome,
        threshold=threshold,
        variant=variant,
        boxes=box,
        by=by,
        out=out,
        force=force,
    )
