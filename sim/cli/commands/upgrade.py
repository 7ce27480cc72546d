"""Scenario files in the present format."""

from __future__ import annotations

from codecs import BOM_UTF8
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import command, option
from sim.cli.shared import refuse
from sim.cli.streams import echo, say
from sim.documents.package_data import shipped_scenarios
from sim.documents.reader import decode, read_bytes, shown
from sim.documents.replacement import replace_text, writable
from sim.scenario.file_format import PRESENT, upgraded


@command("Example: blocsim upgrade my_scenario.yaml")
def upgrade(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Scenario files, rewritten in place.")
    ],
    *,
    dry_run: Annotated[bool, option("List the changes without writing them.", "--dry-run")] = False,
) -> None:
    """Rewrite scenario files of an earlier format, keeping comments; list open decisions."""
    for file in files:
        if str(file) in shipped_scenarios() and not file.exists():
            refuse(str(file), "shipped scenarios are up to date: give a file of your own")
        data = read_bytes(file)
        before = decode(data, shown(file))
        now = upgraded(before, shown(file))
        if now.text != before and not dry_run and not writable(file):
            refuse(shown(file), "is read-only: allow writing to it, or upgrade a copy")
        for edit in now.edits:
            echo(f"{edit.mark}: {'.'.join(map(str, edit.steps))}: {edit.message()}")
        for problem in now.undecided:
            say(f"to decide: {problem}")
        if now.text == before:
            echo(f"{shown(file)}: is already of format {PRESENT}")
        elif dry_run:
            echo(f"{shown(file)}: would be of format {PRESENT}")
        else:
            replace_text(file, now.text, mark=data.startswith(BOM_UTF8))
            echo(f"{shown(file)}: is now of format {PRESENT}")
