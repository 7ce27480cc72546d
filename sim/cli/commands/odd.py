"""The command `odd`."""

from __future__ import annotations

from sim.cli.app import app


@app.command(epilog="Example: blocsim odd > docs/odd.md")
def odd() -> None:
    """Print the description of the model by the ODD+D protocol, in Markdown."""
    from sim.cli.describing import odd_command  # noqa: PLC0415 - costly, only when it runs

    odd_command()
