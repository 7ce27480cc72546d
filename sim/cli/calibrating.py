"""`blocsim calibrate`: the fit, what it found, and where the posterior is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from sim.cli.ending import say
from sim.cli.screen import brief, console, progress, table
from sim.experiments.calibration.calibration import CalibrationPlan, calibrate
from sim.experiments.executor import all_cores
from sim.scenario.load import load

SHOWN = 20  # numbers listed on the terminal; all are in identified.csv


def calibrate_command(
    name: str,
    *,
    out: Path | None,
    jobs: int | None,
    seed: int | None,
    sets: tuple[str, ...],
    resume: bool,
    force: bool,
    figures: bool,
    **plan: Any,
) -> None:
    """Calibrate a scenario and print what came of it."""
    chosen = CalibrationPlan(jobs=all_cores() if jobs is None else jobs, **plan)
    scenario = load(name, sets=sets, seed=seed)
    folder = Path("results") / f"{scenario.name}_calibration" if out is None else out
    with progress(scenario.name) as step:
        manifest = calibrate(
            scenario, plan=chosen, out=folder, resume=resume, force=force, progress=step
        )
    _print(folder, manifest)
    if figures:
        from sim.plots.prior_posterior import draw_calibration  # noqa: PLC0415 - matplotlib is costly

        draw_calibration(folder)
    say(f"posterior, tables{' and figures' if figures else ''} are in {folder}")


def _print(folder: Path, manifest: dict[str, Any]) -> None:
    """Print the fit of the patterns, the numbers identified, and how far to trust them."""
    screen = console()
    inputs, cost = manifest["inputs"], manifest["cost"]
    screen.print(
        f"{inputs['scenario']}: {len(inputs['parameters'])} numbers fitted to "
        f"{len(inputs['patterns'])} checks that end by {inputs['vantage']}; {cost['runs']} runs, "
        f"{cost['seconds_of_simulation']:.0f} s of simulation."
    )
    fit = pd.read_csv(folder / "fit.csv")
    made = table(
        "check", "band", "history", "prior", "in", "posterior", "in",
        title="Patterns: median of the runs, and share of the runs inside the band",
    )  # fmt: skip
    for each in _rows(fit):
        made.add_row(
            each.check,
            f"{brief(each.low)} to {brief(each.high)}",
            brief(each.historical),
            brief(each.prior_q50),
            f"{each.prior_inside:.0%}",
            brief(each.posterior_q50),
            f"{each.posterior_inside:.0%}",
        )
    screen.print(made)
    _numbers(screen, folder, manifest)
    rows, made_of = manifest["rows"], inputs["points"] * inputs["replicates"]
    screen.print(
        f"The posterior is made of the nearest {rows} of {made_of} runs ({rows / made_of:.1%})."
    )
    coverage = manifest["recovery"]["coverage"]
    if coverage is not None:
        screen.print(
            f"Recovery of simulations held out: intervals of 90 % hold the truth in {coverage:.0%} "
            f"of {manifest['recovery']['intervals']} cases."
        )


def _numbers(screen: Any, folder: Path, manifest: dict[str, Any]) -> None:
    """Print the numbers that are identified, the narrowest first."""
    found = pd.read_csv(folder / "identified.csv", keep_default_na=False)
    sure = found[found["identified"] == "yes"]
    made = table(
        "number", "prior 90 %", "posterior 90 %", "median", "sd ratio", title="Numbers identified"
    )
    for each in _rows(sure.head(SHOWN)):
        made.add_row(
            each.path,
            f"{brief(each.prior_q05)} to {brief(each.prior_q95)}",
            f"{brief(each.posterior_q05)} to {brief(each.posterior_q95)}",
            brief(each.posterior_q50),
            brief(each.sd_ratio),
        )
    if len(sure):
        screen.print(made)
    if len(sure) > SHOWN:
        screen.print(f"... and {len(sure) - SHOWN} more in {folder / 'identified.csv'}")
    screen.print(
        f"{len(sure)} of {len(found)} numbers are identified; "
        f"{len(manifest['unidentified'])} stay as the prior has them."
    )


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.itertuples(index=False)
