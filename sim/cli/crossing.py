"""`blocsim run --structural`: the rules crossed, and the three spreads of every outcome."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.text import Text

from sim.cli.drawing import draw
from sim.cli.ending import say
from sim.cli.screen import brief, console, progress
from sim.experiments.executor import all_cores
from sim.experiments.structural.spreads import NAMES
from sim.experiments.structural.structural_run import POINTS, RUNS, run_structural
from sim.kernel.errors import InputError, Problem
from sim.records.results import Results
from sim.scenario.load import load

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "_structural"  # ends the name of the folder, beside that of the plain run
_WIDTHS = (9, 21, 9, 10, 9, 12, 6)


def crossed(
    name: str,
    *,
    roles: str | None,
    points: int | None,
    out: Path | None,
    figures: bool,
    runs: int | None,
    seed: int | None,
    sets: tuple[str, ...],
    jobs: int | None,
    **options: Any,
) -> None:
    """Run a scenario under every rule set, print the spreads, draw their figures."""
    scenario = load(name, sets=sets, runs=RUNS if runs is None else runs, seed=seed)
    folder = out if out is not None else Path("results") / f"{scenario.name}{FOLDER}"
    anew: list[str] = []

    def tell(text: str) -> None:
        anew.append(text)
        say(text)

    with progress(scenario.name) as step:
        results = run_structural(
            scenario,
            roles=None if roles is None else [each.strip() for each in roles.split(",")],
            points=POINTS if points is None else points,
            jobs=all_cores() if jobs is None else jobs,
            out=folder,
            progress=step,
            say=tell,
            **options,
        )
    print_spreads(results)
    if not anew:
        say(f"{folder} holds this result already: nothing was run (--force runs it anew)")
    drawn = figures and (bool(anew) or not (folder / "figures").is_dir())
    if drawn:
        draw(folder, None)
    for text in (scenario.title, scenario.question):
        typer.echo(" ".join(text.split()))
    sys.stdout.flush()
    say(f"tables{' and figures' if drawn else ''} are in {folder}")


def refuse_alone(**options: object) -> None:
    """Refuse options that mean something with --structural only."""
    problems = [
        Problem(f"--{name}", 0, 0, "", "means something with --structural only: add it")
        for name, value in options.items()
        if value is not None
    ]
    if problems:
        raise InputError(problems)


def print_spreads(results: Results) -> None:
    """Print every outcome with its three spreads, and which is largest how often."""
    screen = console()
    about = results.manifest["structural"]
    scenario = results.manifest["scenario"]
    screen.print(Text(scenario["title"], style="bold"))
    screen.print(Text(scenario["question"], style="italic"))
    screen.print(
        f"{about['cost']}. The first line of an outcome is the level of {results.variants[0]}, the "
        "others are paired differences to it. Range: means of the rule sets. Spreads are standard "
        "deviations; * marks the largest, ? where it is so in less than 95 % of resamples."
    )
    if about["points"] == 1:
        screen.print("One parameter point: the spread by parameters is 0 because they are held.")
    _lines(screen, results)
    _count(screen, results)


def _lines(screen: Console, results: Results) -> None:
    """Print a line for each variant under each outcome."""
    rows = results["spreads"]
    first, *_ = results.variants
    wide = max(len(name) for name in (*results.variants, "variant")) + 2
    heads = ("mean", "range", *NAMES, "driven by", "")
    screen.print(Text(_line("variant", heads, wide), style="underline"), soft_wrap=True)
    for outcome, part in rows.groupby("outcome", sort=False):
        screen.print(Text(str(outcome), style="bold"), soft_wrap=True)
        for row in _rows(part):
            if (row.versus == "") != (row.variant == first):
                continue
            cells = [brief(row.mean), f"[{brief(row.least)}, {brief(row.most)}]"]
            cells += [_spread(row, name) for name in NAMES]
            share = "" if row.driver == "" else f"{row.driver_share:.0%}"
            screen.print(
                Text(_line(row.variant, [*cells, row.driver, share], wide)), soft_wrap=True
            )
    screen.print()


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.itertuples(index=False)


def _line(variant: str, cells: Sequence[str], wide: int) -> str:
    """Return a line of the table, 100 columns wide for names up to 16 letters."""
    sized = zip(cells, _WIDTHS, strict=True)
    return f"  {variant:{wide}}" + "".join(f" {cell:>{size}}" for cell, size in sized)


def _spread(row: Any, name: str) -> str:
    """Return one spread, marked if it is the largest."""
    value: float = getattr(row, name)
    if row.largest != name:
        return _brief(value) + " "
    return _brief(value) + ("*" if row.sure >= 0.95 else "?")  # noqa: PLR2004


def _brief(value: float) -> str:
    """Return a number in three digits at most."""
    return "-" if value != value else f"{value:.3g}"  # noqa: PLR0124 - true of nan alone


def _count(screen: Console, results: Results) -> None:
    """Print how often each spread is the largest, for levels and for differences."""
    rows = results["spreads"]
    levels, differences = rows[rows["versus"] == ""], rows[rows["versus"] != ""]
    parts = (("levels", levels), ("differences to " + results.variants[0], differences))
    for words, part in parts:
        if part.empty:
            continue
        found = part["largest"].value_counts()
        told = [f"{name} in {int(found.get(name, 0))}" for name in NAMES]
        rest = len(part) - sum(int(found.get(name, 0)) for name in NAMES)
        other = f"; {rest} never vary or are undefined" if rest else ""
        screen.print(f"Largest of {len(part)} {words}: {', '.join(told)}{other}.")
    negative = int((rows["negative"] != "").sum())
    if negative:
        screen.print(
            f"In {negative} of {len(rows)} rows a variance was estimated below zero and counts as "
            "0: see the column `negative` of spreads.csv."
        )
