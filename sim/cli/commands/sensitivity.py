"""Which assumptions drive an outcome: the analysis, its tables and figures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from sim.cli.app import (
    Authority,
    BlockSize,
    Certificate,
    Cluster,
    Jobs,
    Key,
    Scenario,
    Scheduler,
    Seed,
    Sets,
    command,
)
from sim.cli.screen import Screen, brief, progress, table
from sim.cli.shared import cores, executor_at, results_folder
from sim.experiments.factors import FACTS
from sim.experiments.indices import METHODS
from sim.experiments.options import BLOCK
from sim.experiments.sensitivity import Sensitivity
from sim.experiments.sensitivity import sensitivity as analysed
from sim.plots.index_bars import build
from sim.plots.pages import draw
from sim.scenario.load import load

SHOWN = 20  # rows of a table
DETAILED = 3  # outcomes up to which each has a table of its own
DRAWN = 12  # figures at most
NAMES = {"morris": "Morris", "sobol": "Sobol'", "pawn": "PAWN"}


@command(
    "Example: blocsim sensitivity polonez_vs_iskander --variant sale --versus no_sale "
    '--outcome "cohesion CSTO" -n 10 --runs 20'
)
def sensitivity(
    scenario: Scenario,
    *,
    method: Annotated[
        str, typer.Option(help="morris (screening), sobol (shares of variance) or pawn.")
    ] = "morris",
    over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH[=LOW..HIGH]",
            help="What to vary; may be repeated. All assumed numbers with a range unless given.",
        ),
    ] = None,
    facts: Annotated[
        bool, typer.Option("--facts", help="Vary facts that have a range too.")
    ] = False,
    spread: Annotated[
        float | None, typer.Option(help="Vary plain numbers too, by this share: 0.2 is 20 %.")
    ] = None,
    groups: Annotated[
        str | None, typer.Option(help="law, block or source: vary each group as one.")
    ] = None,
    outcome: Annotated[
        list[str] | None, typer.Option(help="Outcomes to analyse; all unless given.")
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(
            "--size", "-n", help="Trajectories, Sobol' base points, or points; 10, 128 or 400."
        ),
    ] = None,
    runs: Annotated[int, typer.Option(help="Runs at each point, on shared randomness.")] = 20,
    variant: Annotated[str, typer.Option(help="The variant that runs.")] = "baseline",
    versus: Annotated[
        str | None, typer.Option(help="Analyse the paired difference from this variant.")
    ] = None,
    sets: Sets = None,
    seed: Seed = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder; results/SCENARIO_sensitivity_METHOD unless given."),
    ] = None,
    jobs: Jobs = None,
    block: BlockSize = BLOCK,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier analysis.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Confirm the runs of a Sobol' sample.")
    ] = False,
    scheduler: Scheduler = None,
    cluster: Cluster = None,
    tls_ca: Authority = None,
    tls_cert: Certificate = None,
    tls_key: Key = None,
) -> None:
    """Find which assumptions drive an outcome; resumable, here or on a cluster."""
    options: dict[str, Any] = {"runs": runs, "seed": seed, "sets": tuple(sets or ())}
    subject = load(scenario, **options)
    folder = results_folder(out, f"{subject.name}_sensitivity_{method}")
    confirmed: Any = yes or (_confirm if sys.stdin.isatty() and sys.stdout.isatty() else False)
    tls = (tls_ca, tls_cert, tls_key)
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
            force=force,
            confirmed=confirmed,
            executor=place,
            progress=step,
            analysing=lambda done, total: step(done, total, "outcomes analysed"),
            **options,
        )
    screen = Screen()
    pair = f", {variant} less {versus}" if versus else ""
    _print_sensitivity(screen, analysis, pair)
    figures = _draw(analysis, subject.title, folder, pair)
    screen.unbroken(f"tables: {folder} (indices.csv, groups.csv, outcomes.csv, parameters.csv)")
    if figures:
        screen.unbroken(f"figures: {folder / 'figures'} ({figures})")


def _confirm(count: str) -> bool:
    """Ask whether so many runs are meant."""
    return typer.confirm(f"{count}; go on?")


def _print_sensitivity(screen: Screen, analysis: Sensitivity, pair: str) -> None:
    """Print what was varied, what leads, and what does not vary."""
    study, outcomes = analysis.study, analysis.outcomes
    what = f"{len(study.chosen.parameters)} parameters"
    what += f", varied by {study.groups}" if study.groups else ""
    size = f"{study.size} {METHODS[study.method].size}"
    screen.print(f"{study.method}, {size}, over {what}{pair}", style="bold")
    for why, numbers in study.chosen.left_out.items():
        screen.print(f"left out, {numbers:,} numbers: {why}")
    names = outcomes.loc[outcomes["status"] == "analysed", "outcome"].tolist()
    for row in outcomes[outcomes["status"] != "analysed"].to_dict("records"):
        level = f" at {brief(float(row['mean']))}" if row["status"] == "constant" else ""
        screen.print(f"{row['outcome']}: {row['status']}{level}; it has no indices")
    if not names:
        return
    if len(names) <= DETAILED:
        for name in names:
            _print_outcome(screen, analysis, name, pair)
    else:
        _print_leading(screen, analysis, len(names), pair)
    if len(analysis.groups):
        _print_groups(screen, analysis)


def _print_outcome(screen: Screen, analysis: Sensitivity, name: str, pair: str) -> None:
    """Print the first parameters of an outcome."""
    rows = analysis.indices[analysis.indices["outcome"] == name]
    columns = METHODS[analysis.study.method].columns
    main, *others = sorted(columns, key=lambda column: column != analysis.main)
    numbers = (main, *others, "95 %")
    title = name + pair
    columns_shown = ("parameter", main, "95 %", *others, "fact")
    shown = table(*columns_shown, title=title, numbers=numbers, whole=True)
    for row in rows.head(SHOWN).to_dict("records"):
        ends = " to ".join(brief(float(row[f"{main}_{end}"])) for end in ("low", "high"))
        first, *rest = [brief(float(row[index])) for index in (main, *others)]
        fact = "fact" if row.get("source") == FACTS else ""
        shown.add_row(str(row["parameter"]), first, ends, *rest, fact)
    screen.print(shown)


def _print_leading(screen: Screen, analysis: Sensitivity, outcomes: int, pair: str) -> None:
    """Print the parameters that lead over all outcomes."""
    real = analysis.indices[analysis.indices["rank"] > 0]
    total = real.groupby("parameter")["share"].sum() / outcomes
    columns = ("parameter", "mean share", "most of", "share there")
    title = f"What drives {outcomes} outcomes{pair}: mean share of {analysis.main}"
    shown = table(*columns, title=title, numbers=("mean share", "share there"), whole=True)
    for parameter, share in total.nlargest(SHOWN).items():
        own = real[real["parameter"] == parameter]
        most = own.nlargest(1, "share").to_dict("records")[0]
        there = brief(float(most["share"]))
        shown.add_row(str(parameter), brief(float(share)), str(most["outcome"]), there)
    screen.print(shown)
    screen.print("--outcome shows the indices of one")


def _print_groups(screen: Screen, analysis: Sensitivity) -> None:
    """Print the groups: their mean share over the outcomes, or their mean index."""
    sums = METHODS[analysis.study.method].sums
    key = "share" if sums else "value"
    head = "mean share" if sums else f"mean {analysis.main}"
    columns = ("grouping", "group", "parameters", head)
    shown = table(*columns, title="By law, block and source", numbers=columns[2:])
    means = analysis.groups.groupby(["grouping", "group", "parameters"], sort=False)[key].mean()
    frame = pd.DataFrame(means).reset_index()
    for grouping, rows in frame.groupby("grouping", sort=False):
        for row in rows.nlargest(SHOWN // 2, key).to_dict("records"):
            share = brief(float(row[key]))
            shown.add_row(str(grouping), str(row["group"]), str(row["parameters"]), share)
    screen.print(shown)


def _draw(analysis: Sensitivity, title: str, folder: Path, pair: str) -> str:
    """Draw the outcomes that were analysed; return what was drawn in words."""
    if not len(analysis.indices):
        return ""
    names = list(dict.fromkeys(analysis.indices["outcome"]))
    study = analysis.study
    size = f"{study.size} {METHODS[study.method].size}"
    for name in names[:DRAWN]:
        rows = analysis.indices[analysis.indices["outcome"] == name]
        below = f"{title}. {NAMES[study.method]}, {size}, 95 % intervals by bootstrap"
        draw(
            lambda rows=rows, name=name, below=below: build(  # type: ignore[misc]
                rows, study.method, f"What drives {name}{pair}", below
            ),
            folder,
            "sensitivity",
            name,
        )
    rest = len(names) - DRAWN
    return f"{min(len(names), DRAWN)}" + (f"; {rest} not drawn: name --outcome" if rest > 0 else "")
