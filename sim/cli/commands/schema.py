"""The command `schema`."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import app


@app.command(epilog="Example: blocsim schema > scenario.schema.json")
def schema(
    *,
    patch: Annotated[
        bool, typer.Option("--patch", help="The schema of a file that others extend.")
    ] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the page docs/scenario.md.")
    ] = False,
) -> None:
    """Print the JSON Schema of a scenario file, for editors."""
    from sim.cli.showing import schema_command  # noqa: PLC0415 - costly, only when it runs

    schema_command(patch=patch, markdown=markdown)
