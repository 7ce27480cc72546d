"""Scenario files in the present format."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import command, option
from sim.cli.shared import refuse
from sim.cli.streams import echo, say
from sim.documents.package_data import shipped_scenarios
from sim.documents.reader import decode, read_bytes, shown
from sim.kernel.errors import ResultError
from sim.scenario.file_format import PRESENT, upgraded


@command("Example: blocsim upgrade my_scenario.yaml")
def upgrade(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Scenario files, rewritten in place.")
    ],
    *,
    dry_run: Annotated[
        bool, option("Say what would change, and write nothing.", "--dry-run")
    ] = False,
) -> None:
    """Rewrite scenario files of an earlier format, comments kept; say what is left to decide."""
    for file in files:
        if not file.exists() and str(file) in shipped_scenarios():
            refuse(str(file), "shipped scenarios are up to date: give a file of your own")
        before = decode(read_bytes(file), shown(file))
        now = upgraded(before, shown(file))
        if now.text != before and not dry_run and not _writable(file):
            refuse(shown(file), "is read-only: allow writing to it, or upgrade a copy")
        for edit in now.edits:
            echo(f"{edit.mark}: {'.'.join(map(str, edit.steps))}: {edit.message()}")
        for problem in now.undecided:
            say(f"to decide: {problem}")
        if now.text == before:
            echo(f"{shown(file)}: is of format {PRESENT} already")
        elif dry_run:
            echo(f"{shown(file)}: would be of format {PRESENT}")
        else:
            _replace(file, now.text)
            echo(f"{shown(file)}: is now of format {PRESENT}")


def _writable(file: Path) -> bool:
    """Return whether a file lets itself be written: a folder lets one be replaced that does not."""
    return bool(file.stat().st_mode & stat.S_IWUSR) and os.access(file, os.W_OK)


def _replace(file: Path, text: str) -> None:
    """Write a file in one stroke, so that nothing is lost if that fails."""
    target = file.resolve()
    draft = target.with_name(f".{target.name}.upgrade")
    try:
        draft.write_bytes(text.encode("utf-8"))
        shutil.copymode(target, draft)
        os.replace(draft, target)  # noqa: PTH105 - the name of what it does
    except OSError as error:
        draft.unlink(missing_ok=True)
        message = f"{shown(file)}: cannot be written ({error.strerror})"
        raise ResultError(message) from None
