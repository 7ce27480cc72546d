"""The command `rules`."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import app


@app.command(epilog="Example: blocsim rules")
def rules(
    *,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the page docs/rules.md.")
    ] = False,
) -> None:
    """List the variants of the laws that a scenario can choose, by role."""
    from sim.cli.ruling import rules_command  # noqa: PLC0415 - costly, only when it runs

    rules_command(markdown=markdown)
