"""Paired differences, what pairing gained, and what made them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import Jobs, Seed, command, option
from sim.cli.screen import Screen, brief, progress, span, table
from sim.cli.shared import cores, published, refuse_others
from sim.cli.streams import say
from sim.experiments.comparison import Comparison
from sim.experiments.comparison import compare as compared
from sim.experiments.options import Options
from sim.records.frames import rows_of, write_frame
from sim.records.store import place_of
from sim.records.study_tables import COMPARISON

FILES = [each.file for each in COMPARISON]
Side = Annotated[
    str, typer.Argument(help="A scenario file or shipped name; NAME:VARIANT for a variant.")
]


@command(
    "Example: blocsim compare polonez_vs_iskander:no_sale polonez_vs_iskander:sale "
    "--runs 200 --attribute"
)
def compare(
    one: Side,
    other: Side,
    *,
    runs: Annotated[int | None, option("Runs of each, in place of its own.")] = None,
    seed: Seed = None,
    outcome: Annotated[
        list[str] | None, option("Outcomes; all that both have unless given.")
    ] = None,
    attribute: Annotated[
        bool, option("Share the difference out among the inputs (Shapley).", "--attribute")
    ] = False,
    out: Annotated[Path | None, option("Folder for the tables, as CSV.")] = None,
    force: Annotated[bool, option("Replace an earlier comparison.", "--force")] = False,
    jobs: Jobs = None,
) -> None:
    """Compare two scenarios or variants on shared randomness, run by run."""
    folder = None if out is None else place_of(out)
    if folder is not None:
        refuse_others(folder, FILES, "comparison", force=force)
    with progress("compare") as step:
        comparison = compared(
            one,
            other,
            runs=runs,
            seed=seed,
            outcomes=tuple(outcome or ()),
            attribute=attribute,
            options=Options(jobs=cores(jobs)),
            progress=step,
            say=say,
        )
    screen = Screen()
    _print_differences(screen, comparison)
    if len(comparison.attribution):
        _print_attribution(screen, comparison)
    if folder is not None:
        with published(folder) as place:
            for each in COMPARISON:
                write_frame(place, each, getattr(comparison, each.name))
        screen.unbroken(f"tables: {folder} ({', '.join(FILES)})")


def _print_differences(screen: Screen, comparison: Comparison) -> None:
    screen.print(f"{comparison.other} less {comparison.one}", style="bold")
    inputs = comparison.inputs
    screen.print(f"they differ in {len(inputs)} inputs: {', '.join(inputs)}")
    columns = ("outcome", "one", "other", "difference", "95 % interval", "changed", "pairing")
    shown = table(*columns, numbers=columns[1:], whole=True)
    for row in rows_of(comparison.differences):
        level = (brief(row.one), brief(row.other), brief(row.difference))
        pairing = (brief(row.changed), brief(row.pairing))
        shown.add_row(row.outcome, *level, span(row.low, row.high), *pairing)
    screen.print(shown)
    screen.print(
        "changed: share of runs whose outcome differs; pairing: by how much shared randomness "
        "cut the variance of the difference (- where no run differs from another)"
    )


def _print_attribution(screen: Screen, comparison: Comparison) -> None:
    title = f"Shapley shares, {'all' if comparison.exact else 'sampled'} orders"
    right = ("share", "95 % interval")
    shown = table("outcome", "input", *right, title=title, numbers=right, whole=True)
    for row in rows_of(comparison.attribution):
        shown.add_row(row.outcome, row.input, brief(row.share), span(row.low, row.high))
    screen.print(shown)
