"""The command `cite`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from sim.cli.app import Scenario, Sets, app


class Format(StrEnum):
    """How references are printed."""

    TEXT = "text"
    BIBTEX = "bibtex"


@app.command(epilog="Example: blocsim cite polonez_vs_iskander --format bibtex > sources.bib")
def cite(
    scenario: Scenario,
    *,
    format_: Annotated[
        Format, typer.Option("--format", help="References to read, or entries for LaTeX.")
    ] = Format.TEXT,
    variant: Annotated[str, typer.Option(help="The variant to cite.")] = "baseline",
    sets: Sets = None,
) -> None:
    """List the sources in force: what the scenario's facts, events and laws rest on."""
    from sim.cli.citing import cite_command  # noqa: PLC0415 - costly, only when it runs

    cite_command(scenario, variant=variant, bibtex=format_ is Format.BIBTEX, sets=tuple(sets or ()))
