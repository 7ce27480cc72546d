"""A commented scenario to start from."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import command, option
from sim.cli.streams import say
from sim.kernel.errors import ResultError

STARTER = "starter"


@command("Example: blocsim new my_scenario.yaml")
def new(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write, such as my_scenario.yaml.")
    ],
    *,
    force: Annotated[bool, option("Replace a file.", "--force")] = False,
) -> None:
    """Write a commented example scenario as a starting point."""
    if file.suffix not in (".yaml", ".yml"):
        message = f"{file}: a scenario file ends in .yaml"
        raise ResultError(message)
    if file.exists() and not force:
        message = f"{file}: already exists; give --force to replace it, or another name"
        raise ResultError(message)
    name = re.sub(r"[^A-Za-z0-9_]", "_", file.stem)
    text = (files("sim.cli") / f"{STARTER}.yaml").read_text(encoding="utf-8")
    text = text.replace(f"scenario: {STARTER}\n", f"scenario: {name}\n", 1)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"{file}: cannot be written ({error.strerror})"
        raise ResultError(message) from None
    say(f"wrote {file}; next: blocsim check {file}, then blocsim run {file}")
