"""Differences between two scenarios, variants or results, and their causes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.app import Jobs, Seed, Sets, command, option
from sim.cli.screen import Screen, progress, table
from sim.cli.shared import cores, published, refuse_others
from sim.cli.streams import say
from sim.experiments.comparison import Comparison, write_comparison
from sim.experiments.comparison import compare as compared
from sim.experiments.effects import NONE, UNDECIDED, UNDEFINED
from sim.experiments.options import Options
from sim.records.frames import rows_of
from sim.records.kinds import COMPARISON, FIGURES, MANIFEST
from sim.records.store import place_of
from sim.seeing.numerals import brief, deviations, span
from sim.seeing.statements import WORDS

FILES = [each.file for each in COMPARISON.tables]
Side = typer.Argument(
    help="A scenario file, a shipped scenario, or a result's folder; NAME:VARIANT for a variant."
)
MOST = 40  # characters of a value that are shown
SAME = "the same in every run"
APART = (NONE, UNDECIDED, UNDEFINED)  # verdicts on outcomes that do not differ, or are undecided


@command(
    "Example: blocsim compare polonez_vs_iskander:no_sale polonez_vs_iskander:sale "
    "--runs 200 --attribute"
)
def compare(
    one: Annotated[str, Side],
    other: Annotated[
        str | None,
        typer.Argument(
            help="The other side, to which --set applies (default: ONE, changed by --set)."
        ),
    ] = None,
    *,
    runs: Annotated[
        int | None, option("Runs of each side (default: as its scenario says).")
    ] = None,
    seed: Seed = None,
    sets: Sets = None,
    match: Annotated[
        list[str] | None,
        option(
            "Which name in OTHER corresponds to which in ONE; may be repeated.",
            "--match",
            metavar="NAME=NAME",
        ),
    ] = None,
    outcome: Annotated[
        list[str] | None, option("Outcomes to compare (default: all that both sides have).")
    ] = None,
    attribute: Annotated[
        bool,
        option(
            "Attribute the difference to the inputs (Shapley values); slow if many inputs differ.",
            "--attribute",
        ),
    ] = False,
    out: Annotated[
        Path | None, option("Folder for the tables as CSV (default: none are written).")
    ] = None,
    force: Annotated[bool, option("Replace an earlier comparison.", "--force")] = False,
    jobs: Jobs = None,
) -> None:
    """Compare two scenarios, variants or results, run by run on common random numbers."""
    folder = None if out is None else place_of(out)
    if folder is not None:
        refuse_others(folder, [*FILES, MANIFEST, FIGURES], "comparison", force=force)
    with progress("compare") as step:
        comparison = compared(
            one,
            other,
            runs=runs,
            seed=seed,
            sets=tuple(sets or ()),
            match=tuple(match or ()),
            outcomes=tuple(outcome or ()),
            attribute=attribute,
            options=Options(jobs=cores(jobs)),
            progress=step,
            say=say,
        )
    screen = Screen()
    _print_inputs(screen, comparison)
    _print_differences(screen, comparison)
    if len(comparison.attribution):
        _print_attribution(screen, comparison)
    if folder is not None:
        with published(folder) as place:
            write_comparison(place, comparison, jobs=cores(jobs))
        screen.unbroken(f"tables: {folder} ({', '.join(FILES)})")


def _print_inputs(screen: Screen, comparison: Comparison) -> None:
    screen.print(f"{comparison.other} less {comparison.one}", style="bold")
    if comparison.remark:
        screen.print(comparison.remark)
    rows = list(rows_of(comparison.changed_inputs))
    if not rows:
        screen.print("no difference in inputs")
        return
    shown = table("input", "one", "other", "source", title=f"inputs that differ: {len(rows)}")
    for row in rows:
        sources = " / ".join(dict.fromkeys(filter(None, (row.source_one, row.source_other))))
        shown.add_row(row.input, _value(row.one), _value(row.other), sources)
    screen.print(shown)
    screen.print(
        f"one: {comparison.one}; other: {comparison.other}; hypothesis: set by a variant or --set"
    )


def _value(text: str) -> str:
    return (text if len(text) <= MOST else f"{text[: MOST - 3]}...") or "-"


def _print_differences(screen: Screen, comparison: Comparison) -> None:
    """Print the outcomes that differ, largest effect first, and then the others."""
    rows = {row.outcome: row for row in rows_of(comparison.differences)}
    groups: dict[str, list[str]] = {"": [], SAME: [], **{name: [] for name in APART}}
    for text, effect in comparison.effects.items():
        verdict = effect.verdict if effect.verdict in APART else ""
        groups[SAME if effect.changed == 0 else verdict].append(text)
    ends = sorted(groups.pop(""), key=lambda text: -comparison.effects[text].size)
    columns = ("outcome", "one", "other", "difference", "95 % interval", "d", "changed", "verdict")
    if ends:
        shown = table(*columns, title="outcomes that differ", numbers=columns[1:-1], whole=True)
        for text in ends:
            row, effect = rows[text], comparison.effects[text]
            level = (brief(row.one), brief(row.other), brief(row.difference))
            sure = (span(row.low, row.high), deviations(effect.d), brief(row.changed))
            shown.add_row(_named(row), *level, *sure, effect.verdict)
        screen.print(shown)
        screen.print(
            "d: mean difference in standard deviations of the differences; changed: share of runs "
            "whose outcome differs"
            + ("" if comparison.paired else " (- because runs are not paired)")
        )
    else:
        screen.print("no outcome differs for certain")
    if doubtful := groups.pop(UNDECIDED):
        _print_undecided(screen, comparison, [rows[text] for text in doubtful])
    for verdict, texts in groups.items():
        if texts:
            names = ", ".join(_named(rows[text]) for text in texts)
            screen.print(f"{WORDS.get(verdict, verdict)}: {names}")


def _print_undecided(screen: Screen, comparison: Comparison, rows: Sequence[Any]) -> None:
    numbers = ("one", "other", "difference", "95 % interval", "runs needed")
    shown = table("outcome", *numbers, title="undecided", numbers=numbers, whole=True)
    for row in rows:
        level = (brief(row.one), brief(row.other), brief(row.difference), span(row.low, row.high))
        shown.add_row(_named(row), *level, brief(comparison.effects[row.outcome].runs_needed))
    screen.print(shown)


def _named(row: Any) -> str:
    """Return the outcome of a row, and its counterpart on the other side."""
    here, there = row.outcome, row.outcome_other
    return here if here == there else f"{here} | {there}"


def _print_attribution(screen: Screen, comparison: Comparison) -> None:
    title = f"Shapley shares, {'all' if comparison.exact else 'sampled'} orders"
    right = ("share", "95 % interval")
    shown = table("outcome", "input", *right, title=title, numbers=right, whole=True)
    for row in rows_of(comparison.attribution):
        shown.add_row(row.outcome, row.input, brief(row.share), span(row.low, row.high))
    screen.print(shown)
