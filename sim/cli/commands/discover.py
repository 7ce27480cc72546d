"""Boxes of assumptions (scenario discovery) in words, tables and figures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from sim.cli.app import Formats, command, option
from sim.cli.score_page import score_table
from sim.cli.screen import Screen
from sim.cli.shared import published, refuse_others
from sim.experiments.discovery import Discovery
from sim.experiments.discovery import discover as discovered
from sim.plots import formats_of, renderer
from sim.plots.figure_data import FigureData
from sim.records.frames import write_frame
from sim.records.kinds import DISCOVERY, FIGURES
from sim.records.store import hashes, place_of, write_manifest
from sim.records.study_tables import BOXES, COLUMNS, TRAJECTORY
from sim.records.tables import dictionary
from sim.seeing.discovery_account import account_of
from sim.seeing.score_tables import box_table

FILES = tuple(each.file for each in (BOXES, TRAJECTORY, COLUMNS))


@command(
    "Example: blocsim discover results/polonez_vs_iskander_sweep --variant sale "
    '--outcome "second_strike ARM>AZE mean 2019-Q1..2019-Q4 < 0.1"'
)
def discover(
    results: Annotated[
        Path, typer.Argument(metavar="RESULTS", help="Folder of a sweep or sensitivity analysis.")
    ],
    *,
    outcome: Annotated[
        str,
        option('An outcome and a threshold, such as "cohesion CSTO > 0.6".', metavar="CONDITION"),
    ],
    threshold: Annotated[
        float, option("Density that a box should reach: share of its points that are of interest.")
    ] = 0.8,
    variant: Annotated[str | None, option("The variant to analyse (default: the first).")] = None,
    versus: Annotated[
        str | None, option("Analyse the difference from this variant, run by run.")
    ] = None,
    box: Annotated[
        int, option("Number of boxes to look for, each among the cases outside the earlier ones.")
    ] = 1,
    by: Annotated[
        str,
        option("run: each run is a case; point: each point, of interest if half of its runs are."),
    ] = "run",
    out: Annotated[
        Path | None, option("Folder of the discovery (default: RESULTS_discovery).")
    ] = None,
    force: Annotated[bool, option("Replace an earlier discovery.", "--force")] = False,
    formats: Formats = None,
) -> None:
    """Find the ranges of assumptions in which an outcome occurs (PRIM)."""
    source = place_of(results)
    folder = place_of(out or source.with_name(f"{source.name}_discovery"))
    refuse_others(folder, (*FILES, DISCOVERY.manifest, FIGURES), "discovery", force=force)
    written = formats_of(formats)
    pages = renderer()  # before the search
    tables = FigureData.read(source)
    discovery = discovered(
        source, outcome, threshold=threshold, variant=variant, versus=versus, boxes=box, by=by
    )
    screen = Screen()
    about = account_of(discovery, source.name)
    _print_boxes(screen, discovery, about)
    with published(folder) as place:
        _write(discovery, tables, place, pages, written)
        write_manifest(place, {**about, "files": hashes(place)}, DISCOVERY.manifest)
    screen.unbroken(f"tables and figures: {folder} ({', '.join(FILES)}, {FIGURES}/)")


def _print_boxes(screen: Screen, discovery: Discovery, about: dict[str, Any]) -> None:
    screen.print(about["scope"])
    for at, said in enumerate(about["boxes"], start=1):
        screen.print(said, style="bold")
        limits = discovery.table[discovery.table["box"] == at]
        screen.print(score_table(box_table(at, limits)))
    for remark in about["remarks"]:
        screen.print(remark)


def _write(
    discovery: Discovery, tables: FigureData, place: Path, pages: Any, formats: Sequence[str]
) -> None:
    boxes = dict(enumerate(discovery.boxes, start=1))
    steps = [
        box.trajectory.rename_axis("step").reset_index().assign(box=at) for at, box in boxes.items()
    ]
    write_frame(place, BOXES, discovery.table)
    write_frame(place, TRAJECTORY, pd.concat(steps))
    COLUMNS.append(place, dictionary([*BOXES.described(), *TRAJECTORY.described()], COLUMNS))
    cases = discovery.cases
    for at, box in boxes.items():
        limits = discovery.table[discovery.table["box"] == at].to_dict("records")
        about = (cases.table, cases.wanted, f"Where {cases.happening}: box {at}")
        build = partial(pages.box_trajectory.build, tables, box.trajectory, limits, *about)
        words = f"{discovery.words(box)}."
        pages.draw(partial(build, words), place / FIGURES, "box", str(at), formats=formats)
