"""The fit of uncertain numbers to patterns, and the folder of the posterior."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from sim.cli.app import Figures, Jobs, Scenario, Seed, Sets, command, option
from sim.cli.score_page import score_table
from sim.cli.screen import Screen, progress
from sim.cli.shared import cores, results_folder
from sim.cli.streams import say
from sim.experiments.calibration.calibration import CalibrationPlan
from sim.experiments.calibration.calibration import calibrate as fitted
from sim.plots import draw_all
from sim.records.frames import read_table
from sim.records.study_tables import FIT, IDENTIFIED
from sim.scenario.load import load
from sim.seeing.score_tables import fit_table, number_table
from sim.seeing.study_sentences import fit_scope, fit_sentences


@command("Example: blocsim calibrate south_caucasus_2005_to_2017 --points 4000")
def calibrate(
    scenario: Scenario,
    *,
    patterns: Annotated[
        str | None, option("Patterns to fit, as ID,ID (default: all patterns meant for fitting).")
    ] = None,
    parameters: Annotated[
        str | None,
        option("Numbers to fit, as PATH,PATH or laws.consent.* (default: all uncertain numbers)."),
    ] = None,
    vantage: Annotated[
        str, option("Last date known to the fit; patterns with later windows are refused.")
    ] = "2017-Q3",
    points: Annotated[int, option("Number of points in the design.")] = 4096,
    replicates: Annotated[int, option("Runs at each point.")] = 1,
    checks: Annotated[
        int, option("Runs of the posterior that are checked against the patterns.")
    ] = 200,
    out: Annotated[
        Path | None, option("Folder of the results (default: results/SCENARIO_calibration).")
    ] = None,
    sets: Sets = None,
    jobs: Jobs = None,
    seed: Seed = None,
    resume: Annotated[bool, option("Resume an interrupted calibration.", "--resume")] = False,
    force: Annotated[bool, option("Replace an earlier calibration.", "--force")] = False,
    figures: Figures = True,
) -> None:
    """Fit uncertain numbers to patterns; scenarios can then use the posterior."""
    plan = CalibrationPlan(
        patterns=_names(patterns),
        parameters=_names(parameters),
        vantage=vantage,
        points=points,
        replicates=replicates,
        checks=checks,
        jobs=cores(jobs),
    )
    subject = load(scenario, sets=tuple(sets or ()), seed=seed)
    folder = results_folder(out, f"{subject.name}_calibration")
    with progress(subject.name) as step:
        manifest = fitted(subject, plan=plan, out=folder, resume=resume, force=force, progress=step)
    _print_fit(folder, manifest)
    if figures:
        draw_all(folder, say=say)
    say(f"posterior, tables{' and figures' if figures else ''} are in {folder}")


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(each.strip() for each in (text or "").split(",") if each.strip())


def _print_fit(folder: Path, manifest: dict[str, Any]) -> None:
    screen = Screen()
    screen.print(fit_scope(manifest))
    screen.print(score_table(fit_table(read_table(folder / FIT.file, FIT))))
    numbers = read_table(folder / IDENTIFIED.file, IDENTIFIED)
    identified = number_table(numbers)
    if identified.rows:
        screen.print(score_table(identified))
    for text in fit_sentences(manifest, numbers):
        screen.print(text)
