"""The command `run`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import BLOCK, BlockSize, Jobs, Runs, Scenario, Seed, Sets, Uncertain, app

NEEDED = ("sim.experiments.executor", "sim.experiments.batch", "scipy.optimize")  # by workers


@app.command(epilog="Example: blocsim run polonez_vs_iskander --runs 200 --out results/first")
def run(
    scenario: Scenario,
    *,
    runs: Runs = None,
    sets: Sets = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results; results/SCENARIO unless given.")
    ] = None,
    jobs: Jobs = None,
    block: BlockSize = BLOCK,
    seed: Seed = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier result.")] = False,
    transfers: Annotated[
        int, typer.Option(help="Runs whose requests and orders are listed one by one.")
    ] = 100,
    exact_to: Annotated[
        int, typer.Option(help="States up to which frustration is exact, 20 at most.")
    ] = 14,
    nu: Annotated[
        float, typer.Option(help="Worth of a year of budget in terms (cost of stability).")
    ] = 0.1,
    xi: Annotated[float, typer.Option(help="Cost of entrapment (cost of stability).")] = 0.3,
    figures: Annotated[
        bool, typer.Option("--figures/--no-figures", help="Draw figures of the tables.")
    ] = True,
    uncertain: Uncertain = False,
    structural: Annotated[
        bool,
        typer.Option(
            "--structural",
            help="Cross the laws in dispute; split every outcome's spread into chance, parameters "
            "and rules. 50 runs of each rule set and variant unless given.",
        ),
    ] = False,
    roles: Annotated[
        str | None,
        typer.Option(help="Roles to cross with --structural, such as threat,consent."),
    ] = None,
    points: Annotated[
        int | None,
        typer.Option(
            help="Draws of uncertain numbers and of assumed parameters of laws that "
            "--structural shares its runs among."
        ),
    ] = None,
) -> None:
    """Run all variants of a scenario: tables, figures and a summary."""
    from sim.experiments.executor import all_cores, prestarted  # noqa: PLC0415 - when it runs

    if structural:
        from sim.cli.crossing import crossed  # noqa: PLC0415 - costly, only when it runs

        crossed(
            scenario,
            roles=roles,
            points=points,
            out=out,
            figures=figures,
            runs=runs,
            seed=seed,
            sets=tuple(sets or ()),
            jobs=jobs,
            block=block,
            exact_to=exact_to,
            nu=nu,
            xi=xi,
            force=force,
        )
        return
    cores = all_cores() if jobs is None else jobs
    with prestarted(cores, *NEEDED) as workplace:
        from sim.cli.crossing import refuse_alone  # noqa: PLC0415 - costly, while others start
        from sim.cli.running import run_command  # noqa: PLC0415

        refuse_alone(roles=roles, points=points)
        run_command(
            scenario,
            out=out,
            figures=figures,
            runs=runs,
            seed=seed,
            sets=tuple(sets or ()),
            uncertain=uncertain or None,
            jobs=cores,
            workplace=workplace,
            block=block,
            transfers=transfers,
            exact_to=exact_to,
            nu=nu,
            xi=xi,
            force=force,
        )
