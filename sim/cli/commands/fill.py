"""Fill a scenario with what public data say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cases.case_file import fill_file, no_topic
from sim.cases.topics import TOPICS
from sim.cli.app import command, option
from sim.cli.data_folder import Folders, archive_of, report, say_unfilled, sections_of, values_of
from sim.cli.shared import refuse
from sim.cli.streams import echo
from sim.documents.package_data import shipped_scenarios
from sim.documents.reader import read_bytes, shown
from sim.kernel.words import together
from sim.scenario.scenario_files import ScenarioFiles
from sim.scenario.schema.root import NEEDED

_LINES = 40  # values that are printed without --all

_TYPED = ("assets", "events", "variants", "outcomes", "contrasts")  # that no data give


@command("Example: blocsim fill my_case.yaml --what economies,affinities --data ~/data")
def fill(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A scenario file of your own.")],
    *,
    folders: Folders = None,
    what: Annotated[
        str | None, option("What to fill, divided by commas; all of it unless given.", "--what")
    ] = None,
    force: Annotated[bool, option("Replace what is typed, too.", "--force")] = False,
    dry_run: Annotated[
        bool, option("Print old and new values by path, and write none.", "--dry-run")
    ] = False,
    everything: Annotated[
        bool, option("With --dry-run: print all values, not the first ones alone.", "--all")
    ] = False,
) -> None:
    """Fill what a scenario lacks from public data, each figure with source and year."""
    topics = [each.strip() for each in what.split(",")] if what is not None else [*TOPICS]
    for each in topics:
        if each not in TOPICS:
            refuse("--what", no_topic(each))
    if everything and not dry_run:
        refuse("--all", "goes with --dry-run, which prints the values")
    if str(file) in shipped_scenarios() and not file.exists():
        refuse(str(file), "shipped scenarios are full: give a file of your own")
    read_bytes(file)  # before many tables are
    with archive_of(folders, "fill") as archive:
        case = fill_file(file, archive, topics, force=force, write=not dry_run)
    report(case, dry_run=dry_run)
    if dry_run:
        values = values_of(case)
        shown_values = values if everything else values[:_LINES]
        for line in shown_values:
            echo(f"  {line}")
        if len(shown_values) < len(values):
            echo(f"{len(values) - len(shown_values)} more: --all")
    there = sections_of(case.text) | {*ScenarioFiles(file).document().value}
    there |= {"events"} if "episodes" in there else set()
    if absent := [each for each in NEEDED if each not in there]:
        echo(f"it does not run without {together(absent)}: write them by hand")
    if absent := [each for each in _TYPED if each not in there]:
        echo(f"still to be written by hand: {', '.join(absent)}")
    say_unfilled(there)
    echo(f"next: blocsim check {shown(file)}")
