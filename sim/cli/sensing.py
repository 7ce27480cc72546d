"""`blocsim sensitivity`: the analysis, its tables on the terminal, its figures."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import typer
from rich.text import Text

from sim.cli.screen import brief, console, progress, table
from sim.cli.sweeping import workplace
from sim.experiments.executor import all_cores
from sim.experiments.factors import FACTS
from sim.experiments.sensitivities.analysis import Sensitivity
from sim.experiments.sensitivities.indices import METHODS
from sim.experiments.sensitivities.sensitivity import sensitivity
from sim.records.store import place_of
from sim.scenario.load import load

SHOWN = 20  # rows of a table
DETAILED = 3  # outcomes up to which each has a table of its own
DRAWN = 12  # figures at most
NAMES = {"morris": "Morris", "sobol": "Sobol'", "pawn": "PAWN"}


def sensitivity_command(
    name: str,
    *,
    cluster: Mapping[str, str | None],
    out: Path | None,
    jobs: int | None,
    yes: bool,
    **options: Any,
) -> None:
    """Run an analysis, print what leads, draw it."""
    scenario = load(name, sets=options["sets"], runs=options["runs"], seed=options["seed"])
    usual = Path("results") / f"{scenario.name}_sensitivity_{options['method']}"
    folder = place_of(out if out is not None else usual)
    cores = all_cores() if jobs is None else jobs
    asked: Any = True if yes else _ask if sys.stdin.isatty() and sys.stdout.isatty() else False
    with (
        workplace(cluster, cores) as place,
        progress(f"{scenario.name} sensitivity") as step,
    ):
        found = sensitivity(
            name,
            out=folder,
            jobs=cores,
            workplace=place,
            progress=step,
            analysing=lambda done, total: step(done, total, "outcomes analysed"),
            confirmed=asked,
            **options,
        )
    print_sensitivity(found)
    figures = _draw(found, scenario.title, folder, versus=options["versus"])
    out_ = console()
    out_.print(Text(f"tables: {folder} (indices.csv, groups.csv, outcomes.csv, parameters.csv)"))
    if figures:
        out_.print(Text(f"figures: {folder / 'figures'} ({figures})"))


def _ask(count: str) -> bool:
    """Ask whether so many runs are meant."""
    return typer.confirm(f"{count}; go on?")


def print_sensitivity(found: Sensitivity) -> None:
    """Print what was varied, what leads, and what does not vary."""
    out, study = console(), found.study
    count, left = len(study.chosen.parameters), study.chosen.left_out
    what = f"{count} parameters" + (f", varied by {study.groups}" if study.groups else "")
    about = f"{study.method}, {study.size} {METHODS[study.method].size}, over {what}"
    out.print(Text(about, style="bold"))
    for why, numbers in left.items():
        out.print(Text(f"left out, {numbers:,} numbers: {why}"))
    told = found.outcomes
    analysed = told.loc[told["status"] == "analysed", "outcome"].tolist()
    for row in told[told["status"] != "analysed"].to_dict("records"):
        at = f" at {brief(float(row['mean']))}" if row["status"] == "constant" else ""
        out.print(Text(f"{row['outcome']}: {row['status']}{at}; it has no indices"))
    if not analysed:
        return
    if len(analysed) <= DETAILED:
        for name in analysed:
            _print_outcome(found, name)
    else:
        _print_leading(found, len(analysed))
    if len(found.groups):
        _print_groups(found)


def _print_outcome(found: Sensitivity, name: str) -> None:
    """Print the first parameters of an outcome."""
    rows = found.indices[found.indices["outcome"] == name]
    indices = sorted(METHODS[found.study.method].columns, key=lambda name: name != found.main)
    columns = ("parameter", indices[0], "95 %", *indices[1:], "fact")
    shown = table(*columns, title=name, numbers=(*indices, "95 %"))
    for row in rows.head(SHOWN).to_dict("records"):
        ends = " to ".join(brief(float(row[f"{indices[0]}_{end}"])) for end in ("low", "high"))
        first, *rest = [brief(float(row[index])) for index in indices]
        fact = "fact" if row.get("source") == FACTS else ""
        shown.add_row(str(row["parameter"]), first, ends, *rest, fact)
    console().print(shown)


def _print_leading(found: Sensitivity, outcomes: int) -> None:
    """Print the parameters that lead over all outcomes."""
    real = found.indices[found.indices["rank"] > 0]
    total = real.groupby("parameter")["share"].sum() / outcomes
    columns = ("parameter", "mean share", "most of", "share there")
    title = f"What drives {outcomes} outcomes: mean share of {found.main}"
    shown = table(*columns, title=title, numbers=("mean share", "share there"))
    for parameter, share in total.nlargest(SHOWN).items():
        mine = real[real["parameter"] == parameter]
        most = mine.nlargest(1, "share").to_dict("records")[0]
        there = brief(float(most["share"]))
        shown.add_row(str(parameter), brief(float(share)), str(most["outcome"]), there)
    console().print(shown)
    console().print(Text("--outcome shows the indices of one"))


def _print_groups(found: Sensitivity) -> None:
    """Print the groups: their mean share over the outcomes, or their mean index."""
    sums = METHODS[found.study.method].sums
    key = "share" if sums else "value"
    head = "mean share" if sums else f"mean {found.main}"
    columns = ("grouping", "group", "parameters", head)
    shown = table(*columns, title="By law, block and source", numbers=columns[2:])
    means = found.groups.groupby(["grouping", "group", "parameters"], sort=False)[key].mean()
    frame = pd.DataFrame(means).reset_index()
    for grouping, rows in frame.groupby("grouping", sort=False):
        for row in rows.nlargest(SHOWN // 2, key).to_dict("records"):
            share = brief(float(row[key]))
            shown.add_row(str(grouping), str(row["group"]), str(row["parameters"]), share)
    console().print(shown)


def _draw(found: Sensitivity, title: str, folder: Path, *, versus: str | None) -> str:
    """Draw the outcomes that were analysed; return what was drawn in words."""
    if not len(found.indices):
        return ""
    from sim.plots.figures import kept  # noqa: PLC0415 - matplotlib is costly
    from sim.plots.index_bars import build  # noqa: PLC0415

    names = list(dict.fromkeys(found.indices["outcome"]))
    study = found.study
    size = f"{study.size} {METHODS[study.method].size}"
    less = f", less {versus}" if versus else ""
    for name in names[:DRAWN]:
        rows = found.indices[found.indices["outcome"] == name]
        below = f"{title}. {NAMES[study.method]}, {size}, 95 % intervals by bootstrap"
        kept(
            lambda rows=rows, name=name, below=below: build(  # type: ignore[misc]
                rows, study.method, f"What drives {name}{less}", below
            ),
            folder / "figures",
            f"sensitivity {name}",
        )
    rest = len(names) - DRAWN
    return f"{min(len(names), DRAWN)}" + (f"; {rest} not drawn: name --outcome" if rest > 0 else "")
