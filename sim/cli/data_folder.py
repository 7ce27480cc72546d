"""Options on folders of public data, shared by commands that fill from them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from sim.cases.archive import Archive
from sim.cli.app import option
from sim.cli.shared import refuse
from sim.cli.streams import say
from sim.data.collection import collect

Folders = Annotated[
    list[Path] | None, option("A folder of downloads, or a file; may be repeated.", "--data")
]


def archive_of(folders: list[Path] | None, command: str) -> Archive:
    """Return what is in folders of downloads; InputError if there is no table in them."""
    if not folders:
        refuse(command, "needs downloads of public data: --data ~/data (`blocsim data list` says "
               "where they are to be had)")  # fmt: skip
    places = [each.expanduser() for each in folders or ()]
    found = collect(places)
    if not found.tables:
        for problem in found.faults:
            say(f"not read: {problem}")
        refuse("--data", "no table of public data in it: `blocsim data check FILE` says what a "
               "file is, `blocsim data list` what can be read")  # fmt: skip
    return Archive(found)
