"""The command `backtest`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import Jobs, Scenario, Seed, Sets, Uncertain, app


@app.command(epilog="Example: blocsim backtest south_caucasus_2005 --transfers tiv.csv")
def backtest(
    scenario: Scenario,
    *,
    transfers: Annotated[
        Path, typer.Option(help="Observed transfers: CSV with supplier, recipient, year, tiv_m.")
    ],
    stages: Annotated[
        Path | None, typer.Option(help="Observed stages: CSV with state, bloc, year, stage.")
    ] = None,
    origins: Annotated[
        str | None, typer.Option(help="Rolling origins, last years that are known: 2008..2016.")
    ] = None,
    origin: Annotated[int | None, typer.Option(help="A single origin; 2012 unless given.")] = None,
    horizon: Annotated[int, typer.Option(help="Years ahead of each origin.")] = 5,
    runs: Annotated[int, typer.Option(help="Runs of each forecast.")] = 500,
    given: Annotated[
        bool, typer.Option("--given", help="Take the scenario's later events as known.")
    ] = False,
    free: Annotated[
        bool, typer.Option("--free", help="Run freely from the start; force no delivery.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder; results/SCENARIO_backtest unless given.")
    ] = None,
    sets: Sets = None,
    uncertain: Uncertain = False,
    jobs: Jobs = None,
    seed: Seed = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier one.")] = False,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw figures.")] = True,
) -> None:
    """Score forecasts against what happened and against naive forecasts."""
    from sim.cli.backtesting import backtest_command  # noqa: PLC0415 - costly

    backtest_command(
        scenario,
        origin=origin,
        origins=origins,
        out=out,
        sets=(*(sets or ()), *(["uncertain=true"] if uncertain else [])),
        jobs=jobs,
        seed=seed,
        force=force,
        figures=figures,
        transfers=transfers,
        stages=stages,
        horizon=horizon,
        runs=runs,
        given=given,
        free=free,
    )
