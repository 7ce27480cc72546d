"""`blocsim discover`: boxes in words, their tables and figures."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from rich.text import Text

from sim.cli.screen import brief, console, table
from sim.experiments.discovery import Box, Discovery, discover
from sim.experiments.failures import as_run_error
from sim.kernel.errors import ResultError
from sim.records.soundness import FIGURES
from sim.records.store import draft, place_of, settle

FILES = ("boxes.csv", "trajectory.csv", "columns.csv")
COLUMNS = """file,column,definition
boxes.csv,box,"Number of the box; later boxes are found among what earlier ones left."
boxes.csv,path,"Path that the box restricts."
"boxes.csv","low, high","Ends of the box on it; empty where it is open."
boxes.csv,texts,"Texts that the box holds, of a path that is no number, joined by |."
"boxes.csv","least, most","Ends of the design on the path."
"boxes.csv","qp_low, qp_high","Quasi-p of each end (of texts in qp_low): one-sided binomial test."
boxes.csv,coverage,"Share of all cases of interest that are inside."
boxes.csv,density,"Share of cases of interest among what is inside."
boxes.csv,mass,"Share of everything that is inside."
boxes.csv,inside,"Runs (or points) inside."
boxes.csv,of_interest,"Of them cases of interest."
trajectory.csv,chosen,"Whether the step is the box."
trajectory.csv,res_dim,"Paths restricted at the step."
"""


def discover_command(
    results: Path,
    outcome: str,
    *,
    threshold: float,
    variant: str | None,
    boxes: int,
    by: str,
    out: Path | None,
    force: bool,
) -> None:
    """Look for boxes, print, keep and draw them."""
    source = place_of(results)
    folder = place_of(out or source.with_name(f"{source.name}_discovery"))
    _refuse(folder, force=force)
    found = discover(source, outcome, threshold=threshold, variant=variant, boxes=boxes, by=by)
    print_discovery(found)
    with as_run_error(str(folder)), draft(folder) as place:
        _write(found, place)
        settle(place, folder)
    console().print(Text(f"tables and figures: {folder} ({', '.join(FILES)}, {FIGURES}/)"))


def print_discovery(found: Discovery) -> None:
    """Print the boxes in words, and their restrictions with quasi-p."""
    out, cases = console(), found.cases
    several = "runs" if cases.by == "run" else "points"
    out.print(
        Text(
            f"{cases.condition}: {int(cases.wanted.sum()):,} of {cases.wanted.size:,} {several} "
            f"({cases.share:.2f}) of variant {cases.variant}, {cases.points:,} points"
        )
    )
    if cases.undefined:
        out.print(Text(f"{cases.undefined:,} runs are left out: the outcome is undefined"))
    for at, box in enumerate(found.boxes, start=1):
        out.print(Text(f"box {at}: {found.words(box)}", style="bold"))
        if box.density < found.threshold:
            out.print(Text(f"no box reaches a density of {found.threshold:g}: this is the densest"))
        shown = table("path", "in the box", "varied", "quasi-p")
        for limit in box.limits:
            varied = "" if limit.texts else f"{limit.least:.3g} to {limit.most:.3g}"
            shown.add_row(limit.path, limit.words, varied, brief(limit.qp))
        out.print(shown)


def _write(found: Discovery, place: Path) -> None:
    """Write tables and figures."""
    frame = pd.concat(
        [
            box.trajectory.rename_axis("step").reset_index().assign(box=at)
            for at, box in enumerate(found.boxes, start=1)
        ]
    )
    for name, each in (("boxes", found.table), ("trajectory", frame)):
        path = place / f"{name}.csv"
        each.to_csv(path, index=False, float_format="%.10g", lineterminator="\n")
    (place / "columns.csv").write_text(COLUMNS, encoding="utf-8", newline="")
    for at, box in enumerate(found.boxes, start=1):
        _draw(found, box, at, place / FIGURES)


def _draw(found: Discovery, box: Box, at: int, folder: Path) -> None:
    """Draw a box."""
    from sim.plots.box_trajectory import build  # noqa: PLC0415 - matplotlib is costly
    from sim.plots.figures import kept  # noqa: PLC0415

    rows = found.table[found.table["box"] == at].to_dict("records")
    limits = [{str(key): value for key, value in row.items()} for row in rows]
    title = f"Where {found.cases.condition}: box {at}"
    cases = found.cases
    kept(
        lambda: build(
            box.trajectory, limits, cases.table, cases.wanted, title, found.words(box) + "."
        ),
        folder,
        f"box {at}",
    )


def _refuse(folder: Path, *, force: bool) -> None:
    """Refuse a folder that holds anything but an earlier discovery, and that without force."""
    if not folder.exists():
        return
    there = [path.name for path in folder.iterdir()] if folder.is_dir() else [folder.name]
    if any(name not in (*FILES, FIGURES) for name in there):
        message = f"{folder}: holds no discovery, or more than that; give another --out"
        raise ResultError(message)
    if there and not force:
        message = f"{folder}: holds a discovery; give --force to replace it, or another --out"
        raise ResultError(message)
