"""`blocsim check`: are scenarios sound, and do they show what they must?"""

from __future__ import annotations

from typing import Any

import typer

from sim.cli.ending import BAD_INPUT, FAILED, say, say_doubts
from sim.cli.screen import progress
from sim.experiments.ensemble import Ensemble
from sim.experiments.executor import all_cores
from sim.experiments.expectations import judged
from sim.experiments.options import Options
from sim.kernel.errors import InputError, SimError
from sim.scenario.load import Scenario, load


def check_command(
    names: list[str], *, expect: bool, jobs: int | None, block: int, **given: Any
) -> None:
    """Check every scenario named, whatever is wrong with those before it."""
    options = Options(jobs=all_cores() if jobs is None else jobs, block=block)
    code = 0
    for name in names:
        try:
            scenario = load(name, **given)
            ensemble = Ensemble(scenario, options)
        except InputError as error:
            say(str(error))
            count = len(error.problems)
            typer.echo(f"{name}: {count} problem{'s' if count > 1 else ''}")
            code = BAD_INPUT
            continue
        typer.echo(f"{name}: sound ({_size(scenario)})")
        say_doubts(scenario)
        if expect and not _shows(ensemble):
            code = max(code, FAILED) if code != BAD_INPUT else code
    if code:
        raise typer.Exit(code)


def _size(scenario: Scenario) -> str:
    """Return how many of everything a scenario has, in words."""
    base = scenario.base
    counts = {
        "state": len(base.states),
        "offer": len(base.offers),
        "bloc": len(base.blocs),
        "variant": len(scenario.variants),
        "outcome": len(scenario.outcomes),
    }
    return ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts.items())


def _shows(ensemble: Ensemble) -> bool:
    """Run what expectations speak of; print and return whether they hold."""
    expect = ensemble.scenario.base.expect
    if not expect:
        typer.echo("  expects nothing: add `expect:` to the scenario")
        return True
    named = {each.variant for each in expect.values()}
    named |= {each.versus for each in expect.values() if each.versus is not None}
    variants = [name for name in ensemble.scenario.variants if name in named]
    try:
        with progress(ensemble.scenario.name) as step:
            found = ensemble.outcomes(variants, step)
    except SimError as error:
        say(str(error))
        return False
    verdicts = judged(expect, found)
    for verdict in verdicts:
        typer.echo(f"  {verdict.mark:6} {verdict.text}")
    missed = sum(not verdict.holds for verdict in verdicts)
    if missed:
        say(f"{ensemble.scenario.name}: {missed} of {len(verdicts)} expectations do not hold")
    return missed == 0
