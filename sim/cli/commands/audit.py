"""The command `audit`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import Scenario, Sets, app


@app.command(epilog="Example: blocsim audit polonez_vs_iskander --runs 256 --out results/audit")
def audit(
    scenario: Scenario,
    *,
    runs: Annotated[
        int,
        typer.Option(
            min=0,
            max=2**20,
            help="Points of the design, rounded up to a power of two; each is run once for every "
            "group of inputs and twice more. 0 only counts.",
        ),
    ] = 128,
    out: Annotated[Path | None, typer.Option(help="Folder for the two tables.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the audit as JSON.")] = False,
    variant: Annotated[str, typer.Option(help="The variant to audit.")] = "baseline",
    sets: Sets = None,
) -> None:
    """Say which numbers are facts, which assumed, and what of the outcomes rests on which."""
    from sim.cli.auditing import audit_command  # noqa: PLC0415 - costly, only when it runs

    audit_command(
        scenario,
        variant=variant,
        points=runs,
        out=out,
        as_json=json,
        sets=tuple(sets or ()),
    )
