"""The effect of each mechanism: results with all of them, none, one off and one alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

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
from sim.cli.screen import PROSE, Screen, progress, table
from sim.cli.shared import cores, executor_at, results_folder
from sim.experiments.ablation.ablation import RUNS, Ablation
from sim.experiments.ablation.ablation import ablate as ablated
from sim.experiments.options import BLOCK, Options
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import quoted
from sim.records.frames import rows_of
from sim.scenario.load import load
from sim.seeing.numerals import brief
from sim.seeing.study_sentences import (
    ablation_groups,
    ablation_sentence,
    moving_mechanisms,
)


@command("Example: blocsim ablate polonez_vs_iskander --runs 50 --mechanism norm")
def ablate(
    scenario: Scenario,
    names: Annotated[list[str] | None, typer.Argument(hidden=True, metavar="")] = None,
    *,
    mechanism: Annotated[
        list[str] | None,
        option("Mechanism to switch off and to run alone; may be repeated (default: all)."),
    ] = None,
    runs: Annotated[
        int | None, option(f"Runs of each variant under each setting; default {RUNS}.")
    ] = None,
    variant: Annotated[list[str] | None, option("Variants to run (default: all).")] = None,
    sets: Sets = None,
    seed: Seed = None,
    out: Annotated[
        Path | None, option("Folder of the results (default: results/SCENARIO_ablation).")
    ] = None,
    jobs: Jobs = None,
    block: BlockSize = BLOCK,
    engine: Engine = Options.engine,
    force: Annotated[bool, option("Replace an earlier ablation.", "--force")] = False,
    scheduler: Scheduler = None,
    cluster: Cluster = None,
    tls_ca: Authority = None,
    tls_cert: Certificate = None,
    tls_key: Key = None,
) -> None:
    """Measure the effect of each mechanism: run without it, and with it alone; resumable."""
    if names:
        message = f"needs an option of its own: write --mechanism {' --mechanism '.join(names)}"
        raise InputError([Problem(quoted(names[0]), 0, 0, "", message)])
    count = RUNS if runs is None else runs
    subject = load(scenario, runs=count, seed=seed, sets=tuple(sets or ()))
    tls = (tls_ca, tls_cert, tls_key)
    with (
        executor_at(cores(jobs), scheduler=scheduler, cluster=cluster, tls=tls) as place,
        progress(f"{subject.name} ablation") as step,
    ):
        result = ablated(
            subject,
            mechanisms=tuple(mechanism or ()),
            variants=tuple(variant or ()),
            out=results_folder(out, f"{subject.name}_ablation"),
            jobs=cores(jobs),
            block=block,
            engine=engine,
            force=force,
            executor=place,
            progress=step,
        )
    _print(Screen(PROSE), result)


def _print(screen: Screen, result: Ablation) -> None:
    about = result.manifest["scenario"]
    screen.print(about["title"], style="bold")
    screen.print(about["question"])
    screen.print(ablation_sentence(result.manifest))
    _print_moving(screen, list(rows_of(moving_mechanisms(result.mechanisms))))
    for what, names in ablation_groups(result.mechanisms).items():
        screen.print(f"{what}: {', '.join(names)}")
    screen.unbroken(f"tables: {result.folder} (ablation.csv, mechanisms.csv)")


def _print_moving(screen: Screen, rows: Sequence[Any]) -> None:
    """Print the largest effect of each mechanism, in smallest effects of interest."""
    if not rows:
        screen.print(
            "no mechanism certainly moves an outcome by more than its smallest effect of interest"
        )
        return
    shown = table(
        "mechanism", "moved", "size", "moves most", title="Effects of mechanisms",
        numbers=("moved", "size"),
    )  # fmt: skip
    shown.columns[0].no_wrap = True
    for row in rows:
        what = f"{row.most} in {row.most_variant} ({row.most_setting})"
        shown.add_row(row.mechanism, f"{row.moved:.0f}", brief(round(row.most_size, 1)), what)
    screen.print(shown)
    screen.print(
        "moved: number of outcomes, contrasts, checks and expectations that differ by more than "
        "the smallest effect of interest if the mechanism is off (against all on) or alone "
        "(against none on); size: the largest difference, in smallest effects"
    )
