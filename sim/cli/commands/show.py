"""The command `show`."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import Scenario, Sets, app


@app.command(epilog="Example: blocsim show polonez_vs_iskander --what offers --variant no_sale")
def show(
    scenario: Scenario,
    *,
    what: Annotated[
        list[str] | None,
        typer.Option(help="states, blocs, offers, systems, laws, ...; may be repeated."),
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Every value of every block, bounds, and variants.")
    ] = False,
    variant: Annotated[str, typer.Option(help="The variant to show.")] = "baseline",
    sets: Sets = None,
) -> None:
    """Show a scenario as compiled: states, blocs, offers, events and laws, with sources."""
    from sim.cli.showing import show_command  # noqa: PLC0415 - costly, only when it runs

    show_command(
        scenario, what=what or [], everything=all_, variant=variant, sets=tuple(sets or ())
    )
