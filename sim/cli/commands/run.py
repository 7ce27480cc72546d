"""An ensemble of all variants or, with --structural, of all rule sets: tables and figures.

The simulation is imported inside the functions: worker processes start before that.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from sim.cli.app import (
    BlockSize,
    Engine,
    Jobs,
    Runs,
    Scenario,
    Seed,
    Sets,
    Uncertain,
    command,
    option,
)
from sim.experiments.options import BLOCK, Options

NEEDED = ("sim.experiments.ensemble_block",)  # by workers


@command("Example: blocsim run polonez_vs_iskander --runs 200 --out results/first")
def run(
    scenario: Scenario,
    *,
    runs: Runs = None,
    sets: Sets = None,
    out: Annotated[
        Path | None, option("Folder of the results (default: results/SCENARIO).")
    ] = None,
    variant: Annotated[
        list[str] | None, option("Variant to run; may be repeated (default: all).")
    ] = None,
    jobs: Jobs = None,
    block: BlockSize = BLOCK,
    engine: Engine = Options.engine,
    seed: Seed = None,
    force: Annotated[bool, option("Replace an earlier result.", "--force")] = False,
    transfers: Annotated[
        int, option("Number of runs whose requests and orders are listed one by one.")
    ] = 100,
    dyads: Annotated[
        str,
        option(
            "Pairs of states in series.csv and ties.csv: all; related, by a dispute, a bloc, arms "
            "at the start or an outcome; auto: all up to 60 states."
        ),
    ] = Options.dyads,
    exact_to: Annotated[
        int,
        option("Largest number of states for which frustration is computed exactly; 20 at most."),
    ] = 14,
    nu: Annotated[float, option("Weight of a year's budget in the cost of stability.")] = 0.1,
    xi: Annotated[float, option("Weight of entrapment in the cost of stability.")] = 0.3,
    figures: Annotated[bool, option("Whether to draw figures.", "--figures/--no-figures")] = True,
    every: Annotated[
        bool, option("Print the answer to every contrast, with all its outcomes.", "--all")
    ] = False,
    tables: Annotated[bool, option("Print all tables before the answer.", "--tables")] = False,
    profile: Annotated[
        bool,
        option("Measure the time of each step in both engines; write no results.", "--profile"),
    ] = False,
    uncertain: Uncertain = False,
    structural: Annotated[
        bool,
        option(
            "Cross the disputed laws and split the spread of every outcome into chance, parameters "
            "and rules (default: 50 runs of each rule set and variant).",
            "--structural",
        ),
    ] = False,
    roles: Annotated[
        str | None, option("Roles that --structural crosses, such as threat,consent.")
    ] = None,
    points: Annotated[
        int | None,
        option(
            "Number of draws of uncertain numbers and assumed parameters of laws, among which "
            "--structural divides its runs."
        ),
    ] = None,
) -> None:
    """Run all variants of a scenario: tables, figures and a summary."""
    from sim.experiments.processes import all_cores, prestarted

    settings = (*(sets or ()), *(["uncertain=true"] if uncertain and not structural else []))
    inputs: dict[str, Any] = {"runs": runs, "seed": seed, "sets": settings}
    cores, variants = all_cores() if jobs is None else jobs, tuple(variant or ())
    options: dict[str, Any] = {"jobs": cores, "block": block, "force": force, "engine": engine}
    options |= {"exact_to": exact_to, "nu": nu, "xi": xi}
    if profile:
        asked: dict[str, object] = {
            "out": out,
            "force": force,
            "structural": structural,
            "roles": roles,
            "variant": variant,
        }
        asked |= {"points": points, "engine": engine != Options.engine}
        asked |= {"all": every, "tables": tables}
        _refuse_given("cannot be combined with --profile, which writes no results", asked)
        _profile(scenario, inputs, block)
        return
    if structural:
        faces: dict[str, object] = {"all": every, "tables": tables}
        _refuse_given("cannot be combined with --structural, which always prints its tables", faces)
        _refuse_compiled(options.pop("engine"))
        options |= {"variants": variants, "roles": roles, "points": points}
        _cross_rules(scenario, inputs, out, figures=figures, **options)
        return
    with prestarted(cores, *NEEDED) as executor:
        _refuse_given("needs --structural: add it", {"roles": roles, "points": points})
        options |= {"executor": executor, "transfers": transfers, "dyads": dyads}
        shown = {"figures": figures, "every": every, "tables": tables}
        _run(scenario, inputs, out, variants, **shown, **options)


def _refuse_given(why: str, options: Mapping[str, object]) -> None:
    """Refuse the options that are given."""
    from sim.kernel.errors import InputError, Problem

    problems = [
        Problem(f"--{name}", 0, 0, "", why)
        for name, value in options.items()
        if value is not None and value is not False
    ]
    if problems:
        raise InputError(problems)


def _refuse_compiled(engine: str) -> None:
    """Refuse the compiled engine: each rule set has too few runs for compilation to pay."""
    from sim.cli.shared import refuse

    if engine == "compiled":
        refuse("--engine", "compiled cannot be combined with --structural, which runs by numpy")


def _run(
    name: str,
    inputs: dict[str, Any],
    out: Path | None,
    variants: Sequence[str],
    *,
    figures: bool,
    every: bool,
    tables: bool,
    **options: Any,
) -> None:
    from sim.cli.answer_page import print_answer, say_first
    from sim.cli.screen import Screen, progress
    from sim.cli.shared import results_folder, say_doubts
    from sim.cli.streams import say
    from sim.experiments.ensemble import run as run_ensemble
    from sim.experiments.outcomes import Outcomes
    from sim.plots.plotter import Plotter
    from sim.records.kinds import MANIFEST
    from sim.scenario.load import load
    from sim.seeing.scenario_answer import answer, first_answer

    scenario = load(name, **inputs)
    say_doubts(scenario)
    scenario = scenario.only(variants) if variants else scenario
    folder = results_folder(out, "_".join([scenario.name, *variants]))
    anew = options["force"] or not _exists(folder / MANIFEST)
    with Plotter(options["jobs"], say) as plotter:
        with progress(scenario.name) as step:
            spare = min(options["block"], scenario.base.runs) * (options["jobs"] - 1)

            def stepped(done: int, total: int) -> None:
                step(done, total)
                if figures and total - done <= spare:  # a core has nothing left to run
                    plotter.ready()

            def shown(outcomes: Outcomes) -> None:
                say_first(first_answer(scenario, outcomes))
                import sim.explain.contrast_reasons  # noqa: F401 - with pandas, before the end needs it

            results = run_ensemble(
                scenario, out=folder, progress=stepped, say=say, first_numbers=shown, **options
            )
        drawn = figures and (anew or not (folder / "figures").is_dir())
        if drawn:
            plotter.begin(folder)
        screen, found = Screen(), answer(results)
        if tables:
            from sim.cli.summary import print_tables

            print_tables(screen, results, found.expectations)
        if not anew:
            say(f"{folder} already holds this result, so no runs were made (--force runs it again)")
        from sim.explain.contrast_reasons import main_reasons

        why = {name: each.sentence for name, each in main_reasons(results, found).items()}
        print_answer(screen, found, every=every, why=why)
        sys.stdout.flush()  # figures may follow
        if drawn:
            plotter.finish()
    say(f"tables{' and figures' if drawn else ''} are in {folder}")


def _profile(name: str, inputs: dict[str, Any], block: int) -> None:
    """Print the time of each step of a period in both engines, for one block of runs."""
    from sim.cli.screen import Screen
    from sim.cli.shared import say_doubts
    from sim.cli.streams import say
    from sim.cli.summary import print_costs
    from sim.engine.costs import costs_by_numpy, costs_compiled
    from sim.engine.machine import MachineError
    from sim.engine.refusal import UntraceableError
    from sim.experiments.batch import NO_NUMBERS, cases_of
    from sim.experiments.block_size import block_size
    from sim.scenario.compile.layouts import layout_of
    from sim.scenario.load import load

    scenario = load(name, **inputs)
    say_doubts(scenario)
    variant, model = next(iter(scenario.variants.items()))
    fitting = block_size(block, [layout_of(model)])
    (case,) = cases_of([(model, NO_NUMBERS)], max(2, min(fitting, model.runs)))
    costs = [costs_by_numpy(case)]
    try:
        costs.append(costs_compiled(case))
    except (MachineError, UntraceableError) as error:
        say(f"by numpy alone: {error}")
    runs, periods = case.noise.runs.size, len(case.inputs)
    title = f"{scenario.name}, {variant}: microseconds a run, of {runs} runs of {periods} periods"
    print_costs(Screen(), title, costs, runs)


def _cross_rules(
    name: str,
    inputs: dict[str, Any],
    out: Path | None,
    *,
    variants: Sequence[str],
    roles: str | None,
    points: int | None,
    figures: bool,
    **options: Any,
) -> None:
    from sim.cli.screen import Screen, progress
    from sim.cli.shared import results_folder
    from sim.cli.streams import say
    from sim.cli.summary import print_spreads
    from sim.experiments.structural.structural_run import POINTS, RUNS, run_structural
    from sim.plots import draw_all
    from sim.scenario.load import load

    scenario = load(name, **{**inputs, "runs": RUNS if inputs["runs"] is None else inputs["runs"]})
    scenario = scenario.only(variants) if variants else scenario
    folder = results_folder(out, "_".join([scenario.name, *variants, "structural"]))
    costs: list[str] = []  # reported if anything is run

    def report(text: str) -> None:
        costs.append(text)
        say(text)

    with progress(scenario.name) as step:
        results = run_structural(
            scenario,
            roles=None if roles is None else [each.strip() for each in roles.split(",")],
            points=POINTS if points is None else points,
            out=folder,
            progress=step,
            say=report,
            **options,
        )
    print_spreads(Screen(), results)
    if not costs:
        say(f"{folder} already holds this result, so no runs were made (--force runs it again)")
    drawn = figures and (bool(costs) or not (folder / "figures").is_dir())
    sys.stdout.flush()  # figures may follow
    if drawn:
        draw_all(folder, say=say)
    say(f"tables{' and figures' if drawn else ''} are in {folder}")


def _exists(path: Path) -> bool:
    """Return whether the file exists; an impossible name is reported later."""
    try:
        return path.exists()
    except OSError:
        return False
