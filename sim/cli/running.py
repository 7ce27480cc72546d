"""`blocsim run`: the ensemble, its figures, and a summary that answers the question."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.text import Text

from sim.cli.drawing import Drawing, draw
from sim.cli.ending import say, say_doubts
from sim.cli.headlines import headlines
from sim.cli.screen import brief, console, progress
from sim.cli.verdicts import print_patterns
from sim.experiments.ensemble import run
from sim.experiments.executor import Executor
from sim.experiments.expectations import judged_results
from sim.records.results import Results
from sim.records.soundness import MANIFEST
from sim.records.store import place_of
from sim.scenario.load import load

if TYPE_CHECKING:
    import pandas as pd


def run_command(
    name: str,
    *,
    out: Path | None,
    figures: bool,
    jobs: int,
    runs: int | None,
    seed: int | None,
    sets: tuple[str, ...],
    uncertain: bool | None,
    workplace: Executor | None,
    **options: Any,
) -> None:
    """Run a scenario, print its summary, draw its figures."""
    if uncertain is not None:
        sets = (*sets, "uncertain=true")
    scenario = load(name, sets=sets, runs=runs, seed=seed)
    say_doubts(scenario)
    folder = place_of(out if out is not None else Path("results") / scenario.name)
    asked = options["force"] or not _there(folder)
    with Drawing() as drawing:
        with progress(scenario.name) as step:

            def stepped(done: int, total: int) -> None:
                step(done, total)
                if figures and jobs > 1 and done == total:  # the last tables keep one core
                    drawing.ready()

            results = run(
                scenario,
                out=folder,
                jobs=jobs,
                progress=stepped,
                workplace=workplace,
                **options,
            )
        drawn = figures and (asked or not (folder / "figures").is_dir())
        if drawn and jobs > 1:
            drawing.begin(folder)
        print_summary(results)
        if not asked:
            say(f"{folder} holds this result already: nothing was run (--force runs it anew)")
        if drawn and jobs > 1:
            drawing.finish()
        elif drawn:
            draw(folder, None)
    for text in (scenario.title, scenario.question):
        typer.echo(" ".join(text.split()))
    for line in headlines(results):
        typer.echo(line)
    sys.stdout.flush()
    say(f"tables{' and figures' if drawn else ''} are in {folder}")


def _there(folder: Path) -> bool:
    """Return whether a folder holds a manifest; a name that cannot be is told of later."""
    try:
        return (folder / MANIFEST).exists()
    except OSError:
        return False


def print_summary(results: Results) -> None:
    """Print every outcome by variant, its difference to the first, and what was expected."""
    screen = console()
    about = results.manifest["scenario"]
    inputs = results.manifest["inputs"]
    screen.print(Text(about["title"], style="bold"))
    screen.print(Text(about["question"], style="italic"))
    screen.print(
        f"{inputs['runs']} runs of each variant, seed {inputs['seed']}. Intervals are 95 % for the "
        f"mean over runs; numbers marked uncertain are {_numbers(about['document'])}; "
        f"* marks a difference whose interval excludes zero."
    )
    if inputs["runs"] == 1:
        screen.print("Intervals and differences are undecided: needs 2 runs or more.")
    _outcomes(screen, results)
    print_patterns(screen, results)
    _expectations(screen, results)


def _numbers(document: Mapping[str, Any]) -> str:
    """Return what became of the numbers that are marked uncertain."""
    return "drawn" if document.get("uncertain") else "held at their value"


def _outcomes(screen: Console, results: Results) -> None:
    """Print every outcome on a line of its own, under it a line for each variant."""
    columns = results["columns"]
    own = columns[columns["file"] == "outcomes.csv"]
    units = dict(zip(own["column"], own["unit"], strict=True))
    first, *_ = results.variants
    wide = max(len(name) for name in (*results.variants, "variant")) + 2
    levels = {(r.outcome, r.variant): r for r in _rows(results["summary"])}
    differences = {(r.outcome, r.variant): r for r in _rows(results["differences"])}
    heads = ("mean", "interval", f"less {first}", "interval", "changed")
    screen.print(Text(_line("variant", heads, wide), style="underline"), soft_wrap=True)
    for outcome in results.manifest["outcomes"]:
        unit = f" ({units[outcome]})" if units.get(outcome) else ""
        screen.print(Text(outcome, style="bold").append(unit, style="dim"), soft_wrap=True)
        for variant in results.variants:
            level = levels[outcome, variant]
            cells = [brief(level.mean), _span(level)]
            if (difference := differences.get((outcome, variant))) is not None:
                sure = "*" if difference.low > 0 or difference.high < 0 else " "
                cells += [brief(difference.mean) + sure, _span(difference)]
                cells.append(f"{difference.changed:.0%}")
            screen.print(Text(_line(variant, cells, wide)), soft_wrap=True)
    screen.print()


def _line(variant: str, cells: Sequence[str], wide: int) -> str:
    """Return a line of the summary, up to 100 columns wide for names up to 20 letters."""
    sizes = (9, 21, 15, 22, 8)
    return f"  {variant:{wide}}" + "".join(
        f" {cell:>{size}}" for cell, size in zip(cells, sizes, strict=False)
    )


def _expectations(screen: Console, results: Results) -> None:
    """Print whether the scenario shows what it says that it must."""
    verdicts = judged_results(results)
    for verdict in verdicts:
        screen.print(Text(f"{verdict.mark:6} {verdict.text}"), soft_wrap=True)
    if verdicts:
        count = sum(verdict.holds for verdict in verdicts)
        screen.print(f"{count} of {len(verdicts)} expectations hold.")


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.itertuples(index=False)


def _span(row: Any) -> str:
    return "-" if math.isnan(row.low) else f"[{brief(row.low)}, {brief(row.high)}]"
