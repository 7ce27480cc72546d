"""Sensitivity analysis: which assumptions drive an outcome, in tables and figures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.app import (
    Authority,
    BlockSize,
    Certificate,
    Cluster,
    Engine,
    Formats,
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
from sim.experiments.factors import FACTS
from sim.experiments.indices import METHODS
from sim.experiments.options import BLOCK, Options
from sim.experiments.sensitivity import Sensitivity
from sim.experiments.sensitivity import sensitivity as analysed
from sim.plots import formats_of, renderer
from sim.records.frames import rows_of
from sim.records.kinds import FIGURES
from sim.scenario.load import load
from sim.seeing.numerals import brief, span

SHOWN = 20  # rows of a table
DETAILED = 3  # outcomes up to which each has a table of its own


@command(
    "Example: blocsim sensitivity polonez_vs_iskander --variant sale --versus no_sale "
    '--outcome "cohesion CSTO" -n 10 --runs 20'
)
def sensitivity(
    scenario: Scenario,
    *,
    method: Annotated[
        str, option("morris (screening), sobol (shares of variance) or pawn (distributions).")
    ] = "morris",
    over: Annotated[
        list[str] | None,
        option(
            "Number to vary; may be repeated (default: all assumed numbers with a range).",
            metavar="PATH[=LOW..HIGH]",
        ),
    ] = None,
    facts: Annotated[bool, option("Also vary facts that have a range.", "--facts")] = False,
    spread: Annotated[
        float | None, option("Also vary numbers without a range, by this share: 0.2 is 20 %.")
    ] = None,
    groups: Annotated[str | None, option("law, block or source: vary each group as one.")] = None,
    outcome: Annotated[list[str] | None, option("Outcomes to analyse (default: all).")] = None,
    size: Annotated[
        int | None,
        option(
            "Morris trajectories, Sobol' base points or PAWN points (default: 10, 128 or 400).",
            "--size",
            "-n",
        ),
    ] = None,
    runs: Annotated[int, option("Runs at each point, on common random numbers.")] = 20,
    variant: Annotated[str, option("The variant to run.")] = "baseline",
    versus: Annotated[
        str | None, option("Analyse the difference from this variant, run by run.")
    ] = None,
    sets: Sets = None,
    seed: Seed = None,
    out: Annotated[
        Path | None, option("Folder of the results (default: results/SCENARIO_sensitivity_METHOD).")
    ] = None,
    jobs: Jobs = None,
    block: BlockSize = BLOCK,
    engine: Engine = Options.engine,
    force: Annotated[bool, option("Replace an earlier analysis.", "--force")] = False,
    yes: Annotated[
        bool, option("Start a Sobol' analysis without asking, however many runs it takes.", "--yes")
    ] = False,
    scheduler: Scheduler = None,
    cluster: Cluster = None,
    tls_ca: Authority = None,
    tls_cert: Certificate = None,
    tls_key: Key = None,
    formats: Formats = None,
) -> None:
    """Find which assumptions drive an outcome; resumable, here or on a cluster."""
    options: dict[str, Any] = {"runs": runs, "seed": seed, "sets": tuple(sets or ())}
    subject = load(scenario, **options)
    folder = results_folder(out, f"{subject.name}_sensitivity_{method}")
    confirmed: Any = yes or (_confirm if sys.stdin.isatty() and sys.stdout.isatty() else False)
    tls = (tls_ca, tls_cert, tls_key)
    written = formats_of(formats)
    pages = renderer()  # before any run
    with (
        executor_at(cores(jobs), scheduler=scheduler, cluster=cluster, tls=tls) as place,
        progress(f"{subject.name} sensitivity") as step,
    ):
        analysis = analysed(
            scenario,
            method=method,
            over=tuple(over or ()),
            facts=facts,
            spread=spread,
            groups=groups,
            outcomes=tuple(outcome or ()),
            size=size,
            variant=variant,
            versus=versus,
            out=folder,
            jobs=cores(jobs),
            block=block,
            engine=engine,
            force=force,
            confirmed=confirmed,
            executor=place,
            progress=step,
            analysing=lambda done, total: step(done, total, "outcomes analysed"),
            **options,
        )
    screen = Screen()
    pair = f", {variant} less {versus}" if versus else ""
    design = f"{analysis.study.size} {METHODS[method].size}"
    _print_sensitivity(screen, analysis, design, pair)
    names = list(dict.fromkeys(analysis.indices["outcome"]))
    drawn = pages.draw_all(folder, formats=written) if names else []
    screen.unbroken(f"tables: {folder} (indices.csv, groups.csv, outcomes.csv, parameters.csv)")
    if names:
        rest = len(names) - len(drawn) // len(written)
        count = f"{len(drawn)}; {rest} not drawn: `blocsim plot`" if rest > 0 else str(len(drawn))
        screen.unbroken(f"figures: {folder / FIGURES} ({count})")


def _confirm(count: str) -> bool:
    return typer.confirm(f"{count}; continue?")


def _print_sensitivity(screen: Screen, analysis: Sensitivity, design: str, pair: str) -> None:
    study, outcomes = analysis.study, analysis.outcomes
    what = f"{len(study.chosen.parameters)} parameters"
    what += f", varied by {study.groups}" if study.groups else ""
    screen.print(f"{study.method}, {design}, over {what}{pair}", style="bold")
    for why, numbers in study.chosen.left_out.items():
        screen.print(f"left out, {numbers:,} numbers: {why}")
    names = outcomes.loc[outcomes["status"] == "analysed", "outcome"].tolist()
    for row in rows_of(outcomes[outcomes["status"] != "analysed"]):
        level = f" at {brief(row.mean)}" if row.status == "constant" else ""
        screen.print(f"{row.outcome}: {row.status}{level}; it has no indices")
    if len(names) > DETAILED:
        _print_leading(screen, analysis, len(names), pair)
    else:
        for name in names:
            _print_outcome(screen, analysis, name, pair)
    if names and len(analysis.groups):
        _print_groups(screen, analysis)


def _print_outcome(screen: Screen, analysis: Sensitivity, name: str, pair: str) -> None:
    rows = analysis.indices[analysis.indices["outcome"] == name]
    columns = METHODS[analysis.study.method].columns
    main, *others = sorted(columns, key=lambda column: column != analysis.main)
    numbers = (main, *others, "95 %")
    heads = ("parameter", main, "95 %", *others, "fact")
    shown = table(*heads, title=name + pair, numbers=numbers, whole=True)
    for row in rows_of(rows.head(SHOWN)):
        ends = span(getattr(row, f"{main}_low"), getattr(row, f"{main}_high"))
        first, *rest = (brief(getattr(row, index)) for index in (main, *others))
        fact = "fact" if getattr(row, "source", "") == FACTS else ""
        shown.add_row(row.parameter, first, ends, *rest, fact)
    screen.print(shown)


def _print_leading(screen: Screen, analysis: Sensitivity, outcomes: int, pair: str) -> None:
    real = analysis.indices[analysis.indices["rank"] > 0]
    total = real.groupby("parameter")["share"].sum() / outcomes
    columns = ("parameter", "mean share", "most of", "share there")
    title = f"What drives {outcomes} outcomes{pair}: mean share of {analysis.main}"
    shown = table(*columns, title=title, numbers=("mean share", "share there"), whole=True)
    for parameter, share in total.nlargest(SHOWN).items():
        (most,) = rows_of(real[real["parameter"] == parameter].nlargest(1, "share"))
        shown.add_row(str(parameter), brief(share), most.outcome, brief(most.share))
    screen.print(shown)
    screen.print("--outcome shows the indices of a single outcome")


def _print_groups(screen: Screen, analysis: Sensitivity) -> None:
    """Print the groups: their mean share over the outcomes, or their mean index."""
    sums = METHODS[analysis.study.method].sums
    key, head = ("share", "mean share") if sums else ("value", f"mean {analysis.main}")
    columns = ["grouping", "group", "parameters"]
    shown = table(*columns, head, title="By law, block and source", numbers=("parameters", head))
    means = analysis.groups.groupby(columns, sort=False)[key].mean().reset_index(name="mean")
    for _, rows in means.groupby("grouping", sort=False):
        for row in rows_of(rows.nlargest(SHOWN // 2, "mean")):
            shown.add_row(row.grouping, row.group, str(row.parameters), brief(row.mean))
    screen.print(shown)
