"""`blocsim backtest`: forecasts scored, and skill against naive ones, negative ones too."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.cli.ending import say
from sim.cli.screen import brief, console, progress, table
from sim.experiments.backtest.backtest import BacktestPlan, backtest
from sim.experiments.backtest.scores import Line
from sim.experiments.executor import all_cores
from sim.kernel.errors import InputError, Problem
from sim.scenario.load import load

ORIGIN = 2012
_SPAN = re.compile(r"(\d{4})\.\.(\d{4})\Z")


def backtest_command(
    name: str,
    *,
    origin: int | None,
    origins: str | None,
    out: Path | None,
    sets: tuple[str, ...],
    jobs: int | None,
    seed: int | None,
    force: bool,
    figures: bool,
    **plan: Any,
) -> None:
    """Score a scenario's forecasts and print what came of it."""
    years = _origins(origin, origins)
    chosen = BacktestPlan(origins=years, jobs=all_cores() if jobs is None else jobs, **plan)
    scenario = load(name, sets=sets, seed=seed)
    folder = Path("results") / f"{scenario.name}_backtest" if out is None else out
    with progress(scenario.name) as step:
        lines = backtest(scenario, plan=chosen, out=folder, force=force, progress=step)
    print_scores(lines, years, chosen.horizon)
    if figures:
        from sim.plots.forecast_skill import draw_backtest  # noqa: PLC0415 - matplotlib is costly

        draw_backtest(folder)
    say(f"forecasts, scores{' and figures' if figures else ''} are in {folder}")


def _origins(origin: int | None, origins: str | None) -> tuple[int, ...]:
    """Return the years of origin that the flags name."""
    if origin is not None and origins is not None:
        raise InputError([Problem("--origin", 0, 0, "", "give either --origin or --origins")])
    if origins is None:
        return (ORIGIN if origin is None else origin,)
    found = _SPAN.match(origins.strip())
    if found is None or int(found[1]) > int(found[2]):
        message = f"must be two years in order, such as 2008..2016; got {origins!r}"
        raise InputError([Problem("--origins", 0, 0, "", message)])
    return tuple(range(int(found[1]), int(found[2]) + 1))


def print_scores(lines: Sequence[Line], origins: Sequence[int], horizon: int) -> None:
    """Print the scores of every forecaster and the model's skill against it."""
    screen = console()
    years = f"{origins[0]}" if len(origins) == 1 else f"{origins[0]} to {origins[-1]}"
    screen.print(
        f"Forecasts of {horizon} years from the end of {years}. Skill is that of the model against "
        "each other forecaster (above 0 the model is better); intervals of 95 % by a bootstrap "
        "over dyads, for shares over recipients, for stage and exit over members."
    )
    for target, score in dict.fromkeys((each.target, each.score) for each in lines):
        own = [each for each in lines if (each.target, each.score) == (target, score)]
        made = table(
            "forecaster", score, "skill of the model", "interval",
            title=f"{target}: {score}, {own[0].cases} cases, mean observed {own[0].happened:.3f}",
            numbers=(score, "skill of the model", "interval"),
        )  # fmt: skip
        for each in own:
            made.add_row(each.forecaster, brief(each.value), *_skill(each))
        screen.print(made)


def _skill(line: Line) -> tuple[str, str]:
    if line.skill is None:
        return "", ""
    ends = line.skill.low, line.skill.high
    span = "-" if any(map(math.isnan, ends)) else f"[{ends[0]:+.3f}, {ends[1]:+.3f}]"
    return "-" if math.isnan(line.skill.value) else f"{line.skill.value:+.3f}", span
