"""Tests of the installed laws against the theory that they state."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import command, option
from sim.cli.exits import FAILED
from sim.cli.screen import Screen
from sim.conform.claims import Conformity
from sim.conform.suite import suite


@command("Example: blocsim conform --law consent")
def conform(
    *,
    law: Annotated[
        str | None,
        option(
            "Only the laws of this role, or `model` for claims on the whole model.", metavar="ROLE"
        ),
    ] = None,
) -> None:
    """Test the installed laws against their theory: signs, limits, symmetry, conservation."""
    screen = Screen()
    verdicts: list[Conformity] = []
    for verdict in suite(law):
        if not verdicts or verdict.law != verdicts[-1].law:
            screen.print(verdict.law, style="bold")
        screen.unbroken(f"  {'holds' if verdict.holds else 'FAILS'}  {verdict.claim}")
        if not verdict.holds:
            screen.unbroken(f"         worst: {verdict.worst}", style="bold")
        verdicts.append(verdict)
    failed = [each for each in verdicts if not each.holds]
    screen.print(f"{len(verdicts) - len(failed)} of {len(verdicts)} claims hold.")
    if failed:
        names = ", ".join(dict.fromkeys(each.law for each in failed))
        screen.print(f"{len(failed)} fail: {names}", style="bold")
        raise typer.Exit(FAILED)
