"""Forecasts scored, with the model's skill against naive forecasts, negative skill included."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from sim.cli.app import Figures, Jobs, Scenario, Seed, Sets, Uncertain, command, option
from sim.cli.score_page import score_table
from sim.cli.screen import Screen, progress
from sim.cli.shared import cores, refuse, results_folder
from sim.cli.streams import say
from sim.experiments.backtest.backtest import BacktestPlan
from sim.experiments.backtest.backtest import backtest as scored
from sim.experiments.chunk_store import manifest_of
from sim.plots import draw_all
from sim.records.frames import read_table
from sim.records.kinds import BACKTEST
from sim.records.study_tables import SCORES
from sim.scenario.load import load
from sim.seeing.forecast_sentences import ties_sentences
from sim.seeing.score_tables import skill_tables, ties_table
from sim.seeing.study_sentences import (
    backtest_scope,
    claimed_skill,
    left_out_sentences,
    skill_sentence,
)

ORIGIN = 2012
_SPAN = re.compile(r"(\d{4})\.\.(\d{4})\Z")


@command("Example: blocsim backtest south_caucasus_2005 --transfers tiv.csv")
def backtest(
    scenario: Scenario,
    *,
    transfers: Annotated[
        list[Path],
        option(
            "Observed transfers: SIPRI's register, or supplier, recipient, year, tiv_m. A file or "
            "a folder; may be repeated.",
            "--transfers",
        ),
    ],
    stages: Annotated[
        Path | None, option("Observed stages: CSV with state, bloc, year, stage.")
    ] = None,
    origins: Annotated[
        str | None, option("Rolling origins (the last years known to a forecast): 2008..2016.")
    ] = None,
    origin: Annotated[int | None, option("A single origin (default: 2012).")] = None,
    horizon: Annotated[int, option("Years to forecast after each origin.")] = 5,
    runs: Annotated[int, option("Runs of each forecast.")] = 500,
    given: Annotated[
        bool, option("Treat the scenario's later events as known.", "--given")
    ] = False,
    free: Annotated[
        bool, option("Run freely from the start, without forcing observed deliveries.", "--free")
    ] = False,
    out: Annotated[
        Path | None, option("Folder of the results (default: results/SCENARIO_backtest).")
    ] = None,
    sets: Sets = None,
    uncertain: Uncertain = False,
    jobs: Jobs = None,
    seed: Seed = None,
    force: Annotated[bool, option("Replace an earlier backtest.", "--force")] = False,
    figures: Figures = True,
) -> None:
    """Score forecasts against observations and against naive forecasts."""
    plan = BacktestPlan(
        transfers=[each.expanduser() for each in transfers],
        stages=stages,
        origins=_origins(origin, origins),
        horizon=horizon,
        runs=runs,
        given=given,
        free=free,
        jobs=cores(jobs),
    )
    settings = (*(sets or ()), *(["uncertain=true"] if uncertain else []))
    subject = load(scenario, sets=settings, seed=seed)
    folder = results_folder(out, f"{subject.name}_backtest")
    with progress(subject.name) as step:
        scored(subject, plan=plan, out=folder, force=force, progress=step)
    _print_scores(folder)
    if figures:
        draw_all(folder, say=say)
    say(f"forecasts, scores{' and figures' if figures else ''} are in {folder}")


def _origins(origin: int | None, origins: str | None) -> tuple[int, ...]:
    if origin is not None and origins is not None:
        refuse("--origin", "give either --origin or --origins")
    if origins is None:
        return (ORIGIN if origin is None else origin,)
    span = _SPAN.match(origins.strip())
    if span is None or int(span[1]) > int(span[2]):
        refuse("--origins", f"must be two years in order, such as 2008..2016; got {origins!r}")
    return tuple(range(int(span[1]), int(span[2]) + 1))


def _print_scores(folder: Path) -> None:
    screen = Screen()
    manifest = manifest_of(folder, BACKTEST)
    scores = read_table(folder / SCORES.file, SCORES)
    screen.print(backtest_scope(manifest["inputs"]))
    for each in skill_tables(scores):
        screen.print(score_table(each))
    if said := skill_sentence(claimed_skill(scores)):
        screen.print(said)
    if (ties := ties_table(scores)) is not None:
        screen.print(score_table(ties))
    for sentence in ties_sentences(scores):
        screen.print(sentence)
    for sentence in left_out_sentences(manifest):
        say(sentence)
