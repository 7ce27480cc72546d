"""The command `calibrate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import Jobs, Scenario, Seed, Sets, app


@app.command(epilog="Example: blocsim calibrate south_caucasus_2005_to_2017 --points 4000")
def calibrate(
    scenario: Scenario,
    *,
    patterns: Annotated[
        str | None, typer.Option(help="Patterns to fit, ID,ID; all that are for fitting, if none.")
    ] = None,
    parameters: Annotated[
        str | None,
        typer.Option(help="Paths to fit, PATH,PATH (laws.consent.*); all uncertain, if none."),
    ] = None,
    vantage: Annotated[
        str, typer.Option(help="Last date that the fit may know; later windows are refused.")
    ] = "2017-Q3",
    points: Annotated[int, typer.Option(help="Points of the design.")] = 4096,
    replicates: Annotated[int, typer.Option(help="Runs of each point.")] = 1,
    checks: Annotated[
        int, typer.Option(help="Runs of the posterior that are held against the patterns.")
    ] = 200,
    out: Annotated[
        Path | None, typer.Option(help="Folder; results/SCENARIO_calibration unless given.")
    ] = None,
    sets: Sets = None,
    jobs: Jobs = None,
    seed: Seed = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with what an interrupted one has left.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier one.")] = False,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw figures.")] = True,
) -> None:
    """Fit uncertain numbers to patterns: a posterior that scenarios can name."""
    from sim.cli.calibrating import calibrate_command  # noqa: PLC0415 - costly

    calibrate_command(
        scenario,
        out=out,
        jobs=jobs,
        seed=seed,
        sets=tuple(sets or ()),
        resume=resume,
        force=force,
        figures=figures,
        patterns=_listed(patterns),
        parameters=_listed(parameters),
        vantage=vantage,
        points=points,
        replicates=replicates,
        checks=checks,
    )


def _listed(text: str | None) -> tuple[str, ...]:
    """Return the names of a list that is written with commas."""
    return tuple(each.strip() for each in (text or "").split(",") if each.strip())
