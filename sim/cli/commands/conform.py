"""The command `conform`."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import app


@app.command(epilog="Example: blocsim conform --law consent")
def conform(
    *,
    law: Annotated[
        str | None,
        typer.Option(metavar="ROLE", help="Only the laws of a role, or `model` for the whole."),
    ] = None,
) -> None:
    """Hold the installed laws against their theory: signs, limits, symmetry, conservation."""
    from sim.cli.conforming import conform_command  # noqa: PLC0415 - costly, only when it runs

    conform_command(law)
