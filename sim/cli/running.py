"""`blocsim run`: the ensemble, its figures, and a summary that answers the question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.text import Text

from sim.cli.drawing import draw
from sim.cli.ending import say
from sim.cli.screen import brief, console, progress
from sim.experiments.ensemble import run
from sim.experiments.expectations import judged_results
from sim.experiments.options import all_cores
from sim.records.read import Results
from sim.scenario.load import load

DRAWERS = 2  # processes that draw figures: more would import for longer than they draw


def run_command(
    name: str,
    *,
    out: Path | None,
    figures: bool,
    jobs: int | None,
    runs: int | None,
    seed: int | None,
    sets: tuple[str, ...],
    uncertain: bool | None,
    **options: Any,
) -> None:
    """Run a scenario, print its summary, draw its figures."""
    if uncertain is not None:
        sets = (*sets, "uncertain=true")
    scenario = load(name, sets=sets, runs=runs, seed=seed)
    folder = out if out is not None else Path("results") / scenario.name
    cores = all_cores() if jobs is None else jobs
    asked = options["force"] or not (folder / "manifest.json").exists()
    with progress(scenario.name) as step:
        results = run(
            scenario,
            out=folder,
            jobs=cores,
            progress=step,
            **options,
        )
    print_summary(results)
    drawn = figures and (asked or not (folder / "figures").is_dir())
    if not asked:
        say(f"{folder} holds this result already: nothing was run (--force runs it anew)")
    if drawn:
        draw(folder, None, jobs=min(cores, DRAWERS))
    say(f"tables{' and figures' if drawn else ''} are in {folder}")


def print_summary(results: Results) -> None:
    """Print every outcome by variant, its difference to the first, and what was expected."""
    screen = console()
    about = results.manifest["scenario"]
    inputs = results.manifest["inputs"]
    screen.print(Text(about["title"], style="bold"))
    screen.print(Text(about["question"], style="italic"))
    screen.print(
        f"{inputs['runs']} runs of each variant, seed {inputs['seed']}. Intervals are 95 %; "
        f"* marks a difference whose interval excludes zero."
    )
    _outcomes(screen, results)
    _expectations(screen, results)


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
        mark = "holds" if verdict.holds else "MISSES"
        screen.print(Text(f"{mark:6} {verdict.text}"), soft_wrap=True)
    if verdicts:
        count = sum(verdict.holds for verdict in verdicts)
        screen.print(f"{count} of {len(verdicts)} expectations hold.")


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.itertuples(index=False)


def _span(row: Any) -> str:
    return f"[{brief(row.low)}, {brief(row.high)}]"
