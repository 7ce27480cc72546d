"""A scenario to start from: a commented one, a case out of public data, or a synthetic world."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from sim.cases.case_skeleton import CaseOrder, new_case, order_of, skeleton
from sim.cases.case_tables import CaseTable
from sim.cases.synthetic_world import FEWEST, MOST, SyntheticOrder, synthetic_world
from sim.cli.app import command, option
from sim.cli.data_folder import Folders, archive_of, report
from sim.cli.shared import refuse
from sim.cli.streams import say
from sim.documents.replacement import replace_text
from sim.kernel.errors import ResultError

STARTER = "starter"


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
        str | None, option("Codes of states, divided by commas: a case of your own.", "--states")
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

    Without --data, a case has its states, blocs and time alone; `blocsim fill` does the rest.
    """
    if file.suffix not in (".yaml", ".yml"):
        message = f"{file}: a scenario file ends in .yaml"
        raise ResultError(message)
    name = re.sub(r"[^A-Za-z0-9_]", "_", file.stem)
    next_ = after = f"blocsim check {file}, then blocsim run {file}"
    tables: list[CaseTable] = []
    world = _world(synthetic, seed, start, end, period, states or blocs or folders)
    order = None if world else _order(states, blocs or [], start, end, period, folders)
    _refuse_taken(file, force=force)
    if world is not None:
        text, *tables = synthetic_world(world, file.stem, name)
    elif order is None:
        text = (files("sim.cli") / f"{STARTER}.yaml").read_text(encoding="utf-8")
        text = text.replace(f"scenario: {STARTER}\n", f"scenario: {name}\n", 1)
    else:
        next_ = f"blocsim fill {file} --data DIR"
        text = skeleton(order, name)
        if folders:
            with archive_of(folders, "new") as archive:
                case = new_case(order, name, str(file), archive)
            report(case)
            text, next_ = case.text, after
    _write(file, text, tables, next_, force=force)


def _refuse_taken(file: Path, *, force: bool) -> None:
    """Refuse a file that is there, unless it may be replaced."""
    if file.exists() and not force:
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


def _order(
    states: str | None,
    blocs: list[str],
    start: str | None,
    end: str | None,
    period: str,
    folders: list[Path] | None,
) -> CaseOrder | None:
    """Return the case that is asked for; none if nothing is but a commented scenario."""
    given = {"--states": states, "--from": start, "--to": end}
    if not any((*given.values(), blocs, folders)):
        return None
    absent = [name for name, value in given.items() if not value]
    if absent:
        refuse("new", f"a case of states needs {', '.join(given)}: give {', '.join(absent)} too")
    return order_of(states or "", blocs, start or "", end or "", period)
