"""Public data in the user's folders: what is there, what is missing, what a file is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import takewhile
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from sim.cli.app import command, option
from sim.cli.data_folder import overlaps, watching
from sim.cli.exits import BAD_INPUT
from sim.cli.screen import Screen, table
from sim.cli.shared import refuse
from sim.cli.streams import echo, markdown, say
from sim.data.collection import Collection, collect
from sim.data.publishers import Publisher
from sim.data.registry import KINDS, LAYOUTS
from sim.data.table_reader import Reading, readings
from sim.data.tidy_tables import Kind
from sim.documents.reader import shown
from sim.kernel.errors import END, InputError

_ABOUT = (
    "Written by `blocsim data list --markdown`. How files are opened and recognised is on "
    "[another page](data.md)."
)


class Action(StrEnum):
    """What to do."""

    LIST = "list"
    CHECK = "check"


@command("Example: blocsim data list --data ~/data; blocsim data check trade-register.csv")
def data(
    action: Annotated[Action, typer.Argument(help="list what is there, or check files.")],
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Files to check.")
    ] = None,
    *,
    folders: Annotated[
        list[Path] | None, option("A folder of downloads, or a file; may be repeated.", "--data")
    ] = None,
    markdown_: Annotated[
        bool, option("Print kinds, layouts and terms as Markdown.", "--markdown")
    ] = False,
) -> None:
    """List downloads of public data and where to get the rest; check what a file is."""
    if markdown_:
        echo(_page())
    elif action is Action.CHECK:
        if not files or folders:
            refuse("data check", "name the files to check: blocsim data check FILE...")
        if not all([*map(_sound, files or ())]):
            raise typer.Exit(BAD_INPUT)
    else:
        if files:
            refuse("data list", f"folders go with --data: blocsim data list --data {files[0]}")
        with watching() as watch:
            found = collect([each.expanduser() for each in folders or ()], watch)
            readable = _readable(found)
        _list(found, *readable)


def _readable(found: Collection) -> tuple[Table, list[str], list[InputError]]:
    """Return the tables that can be read by kind, their overlaps, and what is wrong with others."""
    within = _folder_of(found)
    file = f"file in {within}" if within else "file"
    numbers = ("states", "rows", "used")
    there = table("holds", "years", *numbers, file, numbers=numbers)
    shared: list[str] = []
    damaged: list[InputError] = []
    for kind in KINDS:
        sound: list[Reading] = []
        for each in (one for one in found.tables if one.kind is kind):
            if (fault := _fault(each)) is not None:
                damaged.append(fault)
            else:
                sound.append(each)
        whole = Collection(tuple(sound), ()).whole(kind)
        used = {each.file: each.used for each in whole.shares}
        for each in sound:
            counts = (len(each.states), len(each.frame), used[each.file])
            cells = (f"{count:,}" for count in counts)
            there.add_row(kind.name, _years(each), *cells, each.file.removeprefix(within))
        shared += overlaps(kind, whole)
    return there, shared, damaged


def _folder_of(found: Collection) -> str:
    """Return the folder in which all tables are, with its slash; empty if they have none."""
    folders = [each.sheet.file.split("/")[:-1] for each in found.tables]
    common = takewhile(lambda steps: len({*steps}) == 1, zip(*folders, strict=False))
    return "".join(f"{step}/" for step, *_ in common)


def _list(found: Collection, there: Table, shared: list[str], damaged: list[InputError]) -> None:
    """Print tables by kind, overlaps, what is missing, and what no reader knows."""
    screen = Screen()
    if there.row_count:
        screen.print(there)
    for line in shared:
        screen.print(line)
    absent = [kind for kind in KINDS if kind.name not in found.kinds and _publishers(kind)]
    if absent:
        screen.print("Missing, and where each is to be had:" if found.tables else "Can be read:")
        for kind in absent:
            screen.print(f"{kind.name}: {kind.about}", style="bold")
            for publisher in _publishers(kind):
                screen.print(f"  {publisher.name}: {publisher.place}")
                screen.print(f"  terms: {publisher.terms}")
    for fault in damaged:
        say(str(fault))
    for problem in found.faults:
        say(f"not read: {problem}")


def _years(reading: Reading) -> str:
    first, last = reading.years
    return f"{first}-{last}" if first != last else str(first)


def _publishers(kind: Kind) -> list[Publisher]:
    """Return who publishes tables of a kind, the user's own layouts left out."""
    own = (each.publisher for each in LAYOUTS if each.kind is kind)
    return [each for each in dict.fromkeys(own) if each.cite != "as you say"]


def _sound(path: Path) -> bool:
    """Print what a file is; return whether it can be read."""
    faults: dict[int, InputError] = {}
    try:
        with watching() as watch:
            found = readings(path.expanduser(), watch)
            for at, each in enumerate(found):
                if (fault := _fault(each)) is not None:
                    faults[at] = fault
    except InputError as error:
        say(str(error))
        echo(f"{shown(path)}: cannot be read")
        return False
    for at, each in enumerate(found):
        what = f"{each.file}: {each.layout.name} ({each.source})"
        if at in faults:
            say(str(faults[at]))
            count = len([each for each in faults[at].problems if each.line != END])
            known = f"{count} fault{'s' * (count != 1)}"
            more = " listed" if count < len(faults[at].problems) else ""
            echo(f"{what}; cannot be read, {known}{more}")
            continue
        rows, states = len(each.frame), len(each.states)
        echo(f"{what}\n  holds {each.kind.name}: {each.kind.about}")
        echo(f"  {rows:,} rows, {_years(each)}, {states:,} states")
        echo(f"  terms: {each.layout.publisher.terms}")
        for note in each.notes:
            echo(f"  note: {note}")
    return not faults


def _fault(reading: Reading) -> InputError | None:
    """Return what is wrong with a table, if it cannot be read."""
    try:
        _ = reading.frame
    except InputError as error:
        return error
    return None


def _page() -> str:
    """Return what is known of kinds, layouts and publishers, as Markdown."""
    parts = [
        "# Tables of public data",
        _ABOUT,
    ]
    for kind in KINDS:
        rows = [(f"`{each.name}`", each.unit, each.about) for each in kind.columns]
        parts += [
            f"## {kind.name}",
            f"{kind.about[0].upper()}{kind.about[1:]}.",
            markdown(("column", "unit", "what it is"), rows).rstrip(),
            "Read from:",
            "\n".join(_layouts(kind)),
        ]
    parts += ["## Where it is to be had", _places(), "## Known, and of no use here"]
    refused = [each for each in LAYOUTS if each.refusal]
    parts.append("\n".join(f"- {each.name}: {each.refusal}" for each in refused))
    return "\n\n".join(parts)


def _layouts(kind: Kind) -> Iterable[str]:
    for each in LAYOUTS:
        if each.kind is kind:
            names = ", ".join(f"`{name.replace('|', '` or `')}`" for name in each.needs)
            wide = ", and one column per year" if each.wide else ""
            yield f"- {each.publisher.name}: {each.name}. The header names {names}{wide}."


def _places() -> str:
    publishers: Sequence[Publisher] = [*dict.fromkeys(each.publisher for each in LAYOUTS)]
    rows = [(each.name, each.place, each.terms, each.cite) for each in publishers]
    return markdown(("publisher", "place", "terms", "cite"), rows).rstrip()
