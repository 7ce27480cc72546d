"""The command `compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import Jobs, Seed, app

Side = Annotated[
    str, typer.Argument(help="A scenario file or shipped name; NAME:VARIANT for a variant.")
]


@app.command(
    epilog="Example: blocsim compare polonez_vs_iskander:no_sale polonez_vs_iskander:sale "
    "--runs 200 --attribute"
)
def compare(
    one: Side,
    other: Side,
    *,
    runs: Annotated[int | None, typer.Option(help="Runs of each, in place of its own.")] = None,
    seed: Seed = None,
    outcome: Annotated[
        list[str] | None, typer.Option(help="Outcomes; all that both have unless given.")
    ] = None,
    attribute: Annotated[
        bool,
        typer.Option("--attribute", help="Share the difference out among the inputs (Shapley)."),
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for the tables, as CSV.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier comparison.")] = False,
    jobs: Jobs = None,
) -> None:
    """Compare two scenarios or variants on shared randomness, run by run."""
    from sim.cli.comparing import compare_command  # noqa: PLC0415 - costly, only when it runs

    compare_command(
        one,
        other,
        runs=runs,
        seed=seed,
        outcomes=tuple(outcome or ()),
        attribute=attribute,
        out=out,
        force=force,
        jobs=jobs,
    )
