"""Runs over a design of points: progress and results."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

from sim.cli.app import (
    Authority,
    BlockSize,
    Certificate,
    Cluster,
    Engine,
    Jobs,
    Key,
    Scenario,
    Scheduler,
    Seed,
    Sets,
    command,
    option,
)
from sim.cli.screen import Screen, progress, table
from sim.cli.shared import cores, executor_at, results_folder
from sim.experiments.options import BLOCK, Options, refuse_unknown
from sim.experiments.sweeps.sweep import sweep as swept
from sim.experiments.sweeps.sweep_results import SweepResults
from sim.records.frames import rows_of
from sim.scenario.load import load
from sim.seeing.numerals import brief
from sim.seeing.study_sentences import still_sentences, sweep_sentences


@command(
    "Example: blocsim sweep polonez_vs_iskander --over states.AZE.find=0..1 "
    "--design sobol -n 64 --runs 50"
)
def sweep(
    scenario: Scenario,
    *,
    over: Annotated[
        list[str] | None,
        option(
            "Number to vary: PATH=LOW..HIGH or PATH=A,B,C; may be repeated (default: the "
            "scenario's `sweep` section).",
            metavar="PATH=VALUES",
        ),
    ] = None,
    design: Annotated[
        str,
        option(
            "grid, lhs, sobol, or a file with one row for each point (.csv, .parquet, .gz, .txt)."
        ),
    ] = "lhs",
    points: Annotated[
        int | None,
        option(
            "Number of points; for a grid, the number of levels of each range.", "--points", "-n"
        ),
    ] = None,
    runs: Annotated[int | None, option("Runs of each variant at each point.")] = None,
    variant: Annotated[list[str] | None, option("Variants to run (default: all).")] = None,
    noise: Annotated[
        str, option("shared: the same random numbers at all points; or independent.")
    ] = "shared",
    sets: Sets = None,
    seed: Seed = None,
    out: Annotated[
        Path | None, option("Folder of the results (default: results/SCENARIO_sweep).")
    ] = None,
    versus: Annotated[
        str | None,
        option("Print the share of points at which each outcome is above or below this variant."),
    ] = None,
    csv: Annotated[bool, option("Also write every run as CSV.", "--csv")] = False,
    jobs: Jobs = None,
    block: BlockSize = BLOCK,
    engine: Engine = Options.engine,
    force: Annotated[bool, option("Replace an earlier sweep.", "--force")] = False,
    yes: Annotated[bool, option("Start a very large sweep without asking.", "--yes")] = False,
    scheduler: Scheduler = None,
    cluster: Cluster = None,
    tls_ca: Authority = None,
    tls_cert: Certificate = None,
    tls_key: Key = None,
) -> None:
    """Run a scenario at every point of a design; resumable, here or on a cluster."""
    options: dict[str, Any] = {"runs": runs, "seed": seed, "sets": tuple(sets or ())}
    subject = load(scenario, **options)
    if versus is not None:
        refuse_unknown("variant", [versus], variant or [*subject.variants], flag="--versus")
    tls = (tls_ca, tls_cert, tls_key)
    with (
        executor_at(cores(jobs), scheduler=scheduler, cluster=cluster, tls=tls) as place,
        progress(f"{subject.name} sweep") as step,
    ):
        result = swept(
            scenario,
            over=tuple(over or ()),
            design=design,
            points=points,
            variants=tuple(variant or ()),
            noise=noise,
            out=results_folder(out, f"{subject.name}_sweep"),
            jobs=cores(jobs),
            block=block,
            engine=engine,
            force=force,
            confirmed=yes,
            executor=place,
            progress=step,
            **options,
        )
    screen = Screen()
    _print_sweep(screen, result)
    if versus is not None:
        _print_signs(screen, result, versus)
    if csv:
        screen.unbroken(f"every run: {result.export()}")


def _print_sweep(screen: Screen, result: SweepResults) -> None:
    about, counts = result.manifest["scenario"], result.manifest["table"]
    summary = result.summary
    screen.print(about["title"], style="bold")
    screen.print(about["question"])
    for text in (*sweep_sentences(result.manifest), *still_sentences(result.manifest, summary)):
        screen.print(text)
    columns = ("outcome", "mean", "sd of points", "least (point)", "most (point)")
    for variant in result.variants:
        shown = table(*columns, title=str(variant), numbers=columns[1:], whole=True)
        for row in rows_of(summary[summary["variant"] == variant]):
            ends = (_end(row.least, row.least_point), _end(row.most, row.most_point))
            shown.add_row(row.outcome, brief(row.mean), brief(row.sd_of_points), *ends)
        screen.print(shown)
    screen.unbroken(
        f"{counts['rows']:,} runs, none missing or duplicated; sha256 {counts['sha256']}"
    )
    screen.unbroken(f"tables: {result.folder} (design.csv, points.csv, summary.csv, chunks/)")


def _print_signs(screen: Screen, result: SweepResults, versus: str) -> None:
    """Print the share of points at which each outcome is above or below another variant's."""
    columns = ("outcome", "difference", "up at", "down at", "matters at")
    for variant in result.variants:
        if variant == versus:
            continue
        title = f"{variant} less {versus}, share of the points"
        shown = table(*columns, title=title, numbers=columns[1:], whole=True)
        for row in rows_of(result.signs(variant, versus)):
            shares = (brief(row.up), brief(row.down), brief(row.matters))
            shown.add_row(row.outcome, brief(row.difference), *shares)
        screen.print(shown)
    screen.print(
        "matters at: share of the points at which the difference is the smallest effect of "
        "interest or more; where it is 0 there is no difference to speak of."
    )


def _end(value: float, point: float) -> str:
    return brief(value) if math.isnan(value) else f"{brief(value)} ({point:.0f})"
