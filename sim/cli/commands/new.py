"""A scenario to start from: a commented one, a case out of public data, or a synthetic world."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from sim.cases.archive import Archive
from sim.cases.case_skeleton import (
    CaseOrder,
    check_time,
    new_case,
    order_of,
    skeleton,
    usual_end,
)
from sim.cases.case_tables import CaseTable
from sim.cases.figures import spelled
from sim.cases.synthetic_world import FEWEST, MOST, SyntheticOrder, synthetic_world
from sim.cases.whole_world import reach
from sim.cli.app import command, option
from sim.cli.data_folder import Folders, archive_of, report, say_gaps, say_unfilled, sections_of
from sim.cli.shared import refuse
from sim.cli.streams import say
from sim.documents.replacement import replace_text
from sim.kernel.errors import ResultError

STARTER = "starter"
ALL = "all"  # states that the data reach


@command(
    "Example: blocsim new my_scenario.yaml; blocsim new gulf.yaml --states SAU,ARE,QAT,IRN "
    "--bloc GCC=SAU --from 2015-Q1 --to 2022-Q4 --data ~/data; "
    "blocsim new world.yaml --synthetic 100 --seed 1"
)
def new(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write, such as my_scenario.yaml.")
    ],
    *,
    states: Annotated[
        str | None,
        option(
            "Codes of states, divided by commas: a case of your own. `all`: as many as the data "
            "reach.",
            "--states",
        ),
    ] = None,
    blocs: Annotated[
        list[str] | None,
        option(
            "A bloc and its leader, whose allies are its members, or LEADER,MEMBER,...; may be "
            "repeated.",
            "--bloc",
            metavar="NAME=LEADER",
        ),
    ] = None,
    start: Annotated[str | None, option("First period, such as 2015-Q1.", "--from")] = None,
    end: Annotated[str | None, option("Last period, such as 2022-Q4.", "--to")] = None,
    period: Annotated[str, option("year, half, quarter or month.", "--period")] = "quarter",
    folders: Folders = None,
    synthetic: Annotated[
        int | None,
        option(
            f"An invented world of so many states, {FEWEST} to {MOST}, without data.",
            "--synthetic",
            metavar="N",
        ),
    ] = None,
    seed: Annotated[int | None, option("Another invented world (default: 0).", "--seed")] = None,
    force: Annotated[bool, option("Replace a file.", "--force")] = False,
) -> None:
    """Write a scenario to start from: a commented example, a case from public data, or a world.

    Without --data, a case has its states, blocs and time alone: `blocsim fill` writes the figures.
    """
    if file.suffix not in (".yaml", ".yml"):
        message = f"{file}: a scenario file ends in .yaml"
        raise ResultError(message)
    name = re.sub(r"[^A-Za-z0-9_]", "_", file.stem)
    next_ = f"blocsim check {file}, then blocsim run {file}"
    tables: list[CaseTable] = []
    world = _world(synthetic, seed, start, end, period, states or blocs or folders)
    if world is None:
        _need_whole_order(states, blocs, start, end, folders)
    _refuse_taken(file, force=force)
    if world is not None:
        text, *tables = synthetic_world(world, file.stem, name)
    elif states is None:
        text = (files("sim.cli") / f"{STARTER}.yaml").read_text(encoding="utf-8")
        text = text.replace(f"scenario: {STARTER}\n", f"scenario: {spelled(name)}\n", 1)
    elif not folders:
        text = skeleton(order_of(states, blocs or [], start or "", end or "", period), name)
        next_ = f"blocsim fill {file} --data DIR"
    else:
        order = _checked(states, blocs or [], start or "", end or "", period)
        with archive_of(folders, "new") as archive:
            order = order or _of_all(blocs or [], start or "", end or "", period, archive)
            case = new_case(order, name, str(file), archive)
        report(case)
        say_unfilled(sections_of(case.text))
        text, tables = case.text, [*case.tables]
    _write(file, text, tables, next_, force=force)


def _refuse_taken(file: Path, *, force: bool) -> None:
    """Refuse a file that is there, unless it may be replaced."""
    try:
        there = file.exists()
    except OSError as error:
        message = f"{file}: cannot be written ({error.strerror})"
        raise ResultError(message) from None
    if there and not force:
        message = f"{file}: already exists; give --force to replace it, or another name"
        raise ResultError(message)


def _write(file: Path, text: str, tables: list[CaseTable], next_: str, *, force: bool) -> None:
    """Write a scenario and its tables, the tables first."""
    beside = {file.with_name(each.file(file.stem)): each.text for each in tables}
    for place in beside:
        _refuse_taken(place, force=force)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{file}: cannot be written ({error.strerror})"
        raise ResultError(message) from None
    for place, own in (beside | {file: text}).items():
        replace_text(place, own)
    say(f"wrote {' and '.join(map(str, (file, *beside)))}; next: {next_}")


def _world(
    count: int | None,
    seed: int | None,
    start: str | None,
    end: str | None,
    period: str,
    others: object,
) -> SyntheticOrder | None:
    """Return the synthetic world that is asked for; `others` are options that it does not take."""
    if count is None and seed is None:
        return None
    if count is None:
        refuse("--seed", f"is for a synthetic world: give --synthetic N too, {FEWEST} to {MOST}")
    if others:
        refuse("--synthetic", "invents all states and blocs: leave out --states, --bloc and --data")
    usual = SyntheticOrder(count)
    given = SyntheticOrder(count, seed or 0, start or usual.start, end or usual.end, period)
    given.check()
    return given


def _need_whole_order(
    states: str | None,
    blocs: list[str] | None,
    start: str | None,
    end: str | None,
    folders: list[Path] | None,
) -> None:
    """Refuse a case that is not wholly described; without any option a starter is meant."""
    given: dict[str, object] = {"--states": states, "--from": start}
    given |= {"--data": folders} if states == ALL else {"--to": end}
    if not any((states, start, end, blocs, folders)):
        return
    absent = [name for name, value in given.items() if not value]
    if absent:
        refuse("new", f"a case of states needs {', '.join(given)}: give {', '.join(absent)} too")


def _checked(states: str, blocs: list[str], start: str, end: str, period: str) -> CaseOrder | None:
    """Return a case of named states; none if the data have to say which states there are."""
    if states != ALL:
        return order_of(states, blocs, start, end, period)
    check_time(start, end or start, period)
    return None


def _of_all(blocs: list[str], start: str, end: str, period: str, archive: Archive) -> CaseOrder:
    """Return a case of all states that the data reach; the others are named."""
    end = end or usual_end(start, period)
    world = reach(start, end, archive)
    say_gaps("left out of the world", world.left_out)
    if len(world.states) < FEWEST:
        remedy = "add tables to --data (`blocsim data list --data DIR` says what is missing)"
        count = f"all: the data reach {len(world.states)} states, and a world needs {FEWEST}"
        refuse("--states", f"{count}: {remedy}, or name states")
    return order_of(",".join(world.states), blocs, start, end, period)
