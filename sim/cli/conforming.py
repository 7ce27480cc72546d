"""`blocsim conform`: does the installed version still obey its own theory?"""

from __future__ import annotations

import typer
from rich.text import Text

from sim.cli.ending import FAILED
from sim.cli.screen import console
from sim.conform.claims import Conformity
from sim.conform.suite import suite


def conform_command(role: str | None) -> None:
    """Print the verdict on every claim as it is found; leave with 3 if one fails."""
    screen = console()
    law, found = "", list[Conformity]()
    for verdict in suite(role):
        if verdict.law != law:
            law = verdict.law
            screen.print(Text(law, style="bold"))
        mark = "holds" if verdict.holds else "FAILS"
        screen.print(Text(f"  {mark}  {verdict.claim}"), soft_wrap=True)
        if not verdict.holds:
            screen.print(Text(f"         worst: {verdict.worst}", style="bold"), soft_wrap=True)
        found.append(verdict)
    failed = [each for each in found if not each.holds]
    screen.print(f"{len(found) - len(failed)} of {len(found)} claims hold.")
    if failed:
        names = ", ".join(dict.fromkeys(each.law for each in failed))
        screen.print(Text(f"{len(failed)} fail: {names}", style="bold"))
        raise typer.Exit(FAILED)
