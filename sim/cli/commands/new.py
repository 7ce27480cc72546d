"""A scenario to start from: a commented one, or a case out of public data."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from sim.cases.case_skeleton import CaseOrder, new_case, order_of, skeleton
from sim.cli.app import command, option
from sim.cli.data_folder import Folders, archive_of, report
from sim.cli.shared import refuse
from sim.cli.streams import say
from sim.documents.replacement import replace_text
from sim.kernel.errors import ResultError

STARTER = "starter"


@command(
    "Example: blocsim new my_scenario.yaml; blocsim new gulf.yaml --states SAU,ARE,QAT,IRN "
    "--bloc GCC=SAU --from 2015-Q1 --to 2022-Q4 --data ~/data"
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
    force: Annotated[bool, option("Replace a file.", "--force")] = False,
) -> None:
    """Write a scenario as a starting point: a commented example, or a case from public data.

    Without --data, a case has its states, blocs and time alone; `blocsim fill` does the rest.
    """
    if file.suffix not in (".yaml", ".yml"):
        message = f"{file}: a scenario file ends in .yaml"
        raise ResultError(message)
    if file.exists() and not force:
        message = f"{file}: already exists; give --force to replace it, or another name"
        raise ResultError(message)
    name = re.sub(r"[^A-Za-z0-9_]", "_", file.stem)
    order = _order(states, blocs or [], start, end, period, folders)
    next_ = after = f"blocsim check {file}, then blocsim run {file}"
    if order is None:
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
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{file}: cannot be written ({error.strerror})"
        raise ResultError(message) from None
    replace_text(file, text)
    say(f"wrote {file}; next: {next_}")


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
