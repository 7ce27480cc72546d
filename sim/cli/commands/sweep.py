"""The command `sweep`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import BLOCK, BlockSize, Jobs, Scenario, Seed, Sets, app


@app.command(
    epilog="Example: blocsim sweep polonez_vs_iskander --over states.AZE.find=0..1 "
    "--design sobol -n 64 --runs 50"
)
def sweep(
    scenario: Scenario,
    *,
    over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=VALUES",
            help="What to vary: PATH=LOW..HIGH or PATH=A,B,C; may be repeated. "
            "The scenario's own `sweep` block unless given.",
        ),
    ] = None,
    design: Annotated[
        str, typer.Option(help="grid, lhs, sobol, or a .csv or .parquet file with a row a point.")
    ] = "lhs",
    points: Annotated[
        int | None,
        typer.Option("--points", "-n", help="Points; of a grid, the levels of each range."),
    ] = None,
    runs: Annotated[int | None, typer.Option(help="Runs of each variant at each point.")] = None,
    variant: Annotated[
        list[str] | None, typer.Option(help="Variants to run; all unless given.")
    ] = None,
    noise: Annotated[
        str, typer.Option(help="shared: the same randomness at all points; or independent.")
    ] = "shared",
    sets: Sets = None,
    seed: Seed = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the results; results/SCENARIO_sweep unless given."),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Also write every run as CSV.")] = False,
    jobs: Jobs = None,
    block: BlockSize = BLOCK,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier sweep.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Confirm a very large sweep.")] = False,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler, tcp://host:port or tls://.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="local: start a Dask cluster on this machine.")
    ] = None,
    tls_ca: Annotated[str | None, typer.Option(help="Dask: file of the authority.")] = None,
    tls_cert: Annotated[str | None, typer.Option(help="Dask: file of the certificate.")] = None,
    tls_key: Annotated[str | None, typer.Option(help="Dask: file of the key.")] = None,
) -> None:
    """Run a scenario at every point of a design; resumable, here or on a cluster."""
    from sim.cli.sweeping import sweep_command  # noqa: PLC0415 - costly, only when it runs

    sweep_command(
        scenario,
        cluster={
            "scheduler": scheduler,
            "cluster": cluster,
            "tls_ca": tls_ca,
            "tls_cert": tls_cert,
            "tls_key": tls_key,
        },
        csv=csv,
        out=out,
        jobs=jobs,
        over=tuple(over or ()),
        design=design,
        points=points,
        runs=runs,
        seed=seed,
        sets=tuple(sets or ()),
        variants=tuple(variant or ()),
        noise=noise,
        block=block,
        force=force,
        confirmed=yes,
    )
