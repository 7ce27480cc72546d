"""The command `sensitivity`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import BLOCK, BlockSize, Jobs, Scenario, Seed, Sets, app


@app.command(
    epilog="Example: blocsim sensitivity polonez_vs_iskander --variant sale --versus no_sale "
    '--outcome "cohesion CSTO" -n 10 --runs 20'
)
def sensitivity(
    scenario: Scenario,
    *,
    method: Annotated[
        str, typer.Option(help="morris (screening), sobol (shares of variance) or pawn.")
    ] = "morris",
    over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH[=LOW..HIGH]",
            help="What to vary; may be repeated. All assumed numbers with a range unless given.",
        ),
    ] = None,
    facts: Annotated[
        bool, typer.Option("--facts", help="Vary facts that have a range too.")
    ] = False,
    spread: Annotated[
        float | None, typer.Option(help="Vary plain numbers too, by this share: 0.2 is 20 %.")
    ] = None,
    groups: Annotated[
        str | None, typer.Option(help="law, block or source: vary each group as one.")
    ] = None,
    outcome: Annotated[
        list[str] | None, typer.Option(help="Outcomes to analyse; all unless given.")
    ] = None,
    size: Annotated[
        int | None,
        typer.Option("-n", help="Trajectories, Sobol' base points, or points; 10, 128 or 400."),
    ] = None,
    runs: Annotated[int, typer.Option(help="Runs at each point, on shared randomness.")] = 20,
    variant: Annotated[str, typer.Option(help="The variant that runs.")] = "baseline",
    versus: Annotated[
        str | None, typer.Option(help="Analyse the paired difference from this variant.")
    ] = None,
    sets: Sets = None,
    seed: Seed = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder; results/SCENARIO_sensitivity_METHOD unless given."),
    ] = None,
    jobs: Jobs = None,
    block: BlockSize = BLOCK,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier analysis.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Confirm the runs of a Sobol' sample.")
    ] = False,
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
    """Find which assumptions drive an outcome; resumable, here or on a cluster."""
    from sim.cli.sensing import sensitivity_command  # noqa: PLC0415 - costly, only when it runs

    sensitivity_command(
        scenario,
        cluster={
            "scheduler": scheduler,
            "cluster": cluster,
            "tls_ca": tls_ca,
            "tls_cert": tls_cert,
            "tls_key": tls_key,
        },
        out=out,
        jobs=jobs,
        yes=yes,
        method=method,
        over=tuple(over or ()),
        spread=spread,
        facts=facts,
        groups=groups,
        outcomes=tuple(outcome or ()),
        size=size,
        runs=runs,
        variant=variant,
        versus=versus,
        seed=seed,
        sets=tuple(sets or ()),
        block=block,
        force=force,
    )
