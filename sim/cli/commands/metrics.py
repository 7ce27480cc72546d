"""The command `metrics`."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import app


@app.command(epilog="Example: blocsim metrics")
def metrics(
    *,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the page docs/metrics.md.")
    ] = False,
) -> None:
    """List the metrics that an outcome can name: subject, windows, unit and definition."""
    from sim.cli.naming import metrics_command  # noqa: PLC0415 - costly, only when it runs

    metrics_command(markdown=markdown)
