"""Checks that scenarios are valid and, if asked, that they meet their expectations."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cases.shortfall import shortfall
from sim.cases.usual_ranges import usual_ranges
from sim.cli.app import BlockSize, Jobs, Runs, Scenarios, Seed, Sets, command, option
from sim.cli.exits import BAD_INPUT, FAILED
from sim.cli.screen import progress
from sim.cli.shared import cores, say_doubts
from sim.cli.streams import echo, say
from sim.experiments.evaluation import variant_outcomes
from sim.experiments.expectations import FAILS, UNDECIDED, judged
from sim.experiments.options import BLOCK, Options
from sim.experiments.other_scenarios import runs_elsewhere
from sim.kernel.errors import InputError, SimError
from sim.scenario.doubts import borrowed_dates
from sim.scenario.load import Scenario, load, located
from sim.scenario.scenario_files import ScenarioFiles


@command("Example: blocsim check my_scenario.yaml polonez_vs_iskander --expect")
def check(
    scenarios: Scenarios,
    *,
    expect: Annotated[
        bool, option("Also run the scenarios and judge their expectations.", "--expect")
    ] = False,
    runs: Runs = None,
    sets: Sets = None,
    jobs: Jobs = None,
    block: BlockSize = BLOCK,
    seed: Seed = None,
) -> None:
    """Check that scenarios are valid; with --expect, also that they meet their expectations."""
    options = Options(jobs=cores(jobs), block=block)
    codes = {0}
    for name in scenarios:
        try:
            scenario = load(name, runs=runs, seed=seed, sets=tuple(sets or ()))
        except InputError as error:
            say(str(error))
            count = len(error.problems)
            echo(f"{name}: {count} problem{'s' if count > 1 else ''}")
            _say_remedy(name)
            codes.add(BAD_INPUT)
            continue
        echo(f"{name}: sound ({_size(scenario)})")
        say_doubts(scenario)
        for doubt in (*borrowed_dates(scenario), *usual_ranges(scenario)):
            say(f"warning: {doubt}")
        if expect and not _shows(scenario, options):
            codes.add(FAILED)
    if code := BAD_INPUT if BAD_INPUT in codes else max(codes):
        raise typer.Exit(code)


def _say_remedy(name: str) -> None:
    """Print which command fills values that a file lacks, if there is one."""
    try:
        lacking = shortfall(ScenarioFiles(located(name)).document())
    except InputError:
        return
    if lacking:
        which = "1 missing value" if len(lacking) == 1 else f"{len(lacking)} missing values"
        say(
            f"{which} may be in public data: blocsim fill {name} --data DIR (`blocsim data list` "
            "says where to get the tables)"
        )


def _size(scenario: Scenario) -> str:
    """Return the size of a scenario in words."""
    base = scenario.base
    counts = {
        "state": len(base.states),
        "offer": len(base.offers),
        "bloc": len(base.blocs),
        "variant": len(scenario.variants),
        "outcome": len(scenario.outcomes),
    }
    return ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts.items())


def _shows(scenario: Scenario, options: Options) -> bool:
    """Run the variants that expectations are about; print and return whether they hold."""
    expect = scenario.base.expect
    if not expect:
        echo("  has no expectations: add a section `expect` to the scenario")
        return True
    named = {name for each in expect.values() for name in (each.variant, each.versus)}
    variants = [name for name in scenario.variants if name in named]
    try:
        with progress(scenario.name) as step:
            outcomes = variant_outcomes(scenario, variants, options, progress=step)
            others = runs_elsewhere(scenario, options)
    except SimError as error:
        say(str(error))
        return False
    verdicts = judged(expect, outcomes, smallest=scenario.base.smallest, others=others)
    for verdict in verdicts:
        echo(f"  {verdict.mark:9} {verdict.text}")
    for mark, what in ((FAILS, "fail"), (UNDECIDED, "are undecided")):
        if count := sum(verdict.mark == mark for verdict in verdicts):
            say(f"{scenario.name}: {count} of {len(verdicts)} expectations {what}")
    return all(verdict.holds for verdict in verdicts)
