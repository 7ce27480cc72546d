"""`blocsim cite`: the sources in force, as references or as BibTeX."""

from __future__ import annotations

import typer
from rich.text import Text

from sim.cli.choosing import chosen
from sim.cli.ending import say
from sim.cli.screen import console
from sim.documents.sources import ASSUMED, cited
from sim.experiments.audit import accounts
from sim.scenario.citations import Citation, citations

MANY = 6  # places that are named; the rest is counted
_ESCAPED = str.maketrans({each: f"\\{each}" for each in "&%$#_"} | {"{": "(", "}": ")", "\\": "/"})


def cite_command(name: str, *, variant: str, bibtex: bool, sets: tuple[str, ...]) -> None:
    """Print the sources in force of a variant of a scenario."""
    scenario, model = chosen(name, variant, sets)
    found = citations(model)
    numbers = accounts(scenario, variant)
    resting = sum(ASSUMED in each.source for each in numbers)
    told = f"{resting} of {len(numbers)} numbers are assumed, in whole or in part"
    if bibtex:
        typer.echo("\n\n".join(_bibtex(each) for each in found))
        say(f"{len(found)} sources; {told} (not cited)")
        return
    screen = console()
    screen.print(Text(f"Sources in force: {scenario.name}, variant {variant}", style="bold"))
    for each in found:
        text = each.own if each.entry is None else cited(each.entry)
        screen.print(
            Text(f"\n{each.key}", style="bold").append(f"  {text}", style="not bold"),
            soft_wrap=True,
        )
        screen.print(Text(f"  used in: {_places(each.places)}", style="dim"), soft_wrap=True)
    told = f"\n{len(found)} sources. {ASSUMED}: {told}; `blocsim audit` lists them."
    screen.print(Text(told), soft_wrap=True)


def _places(places: tuple[str, ...]) -> str:
    """Return places as a list that is not longer than one can read."""
    rest = len(places) - MANY
    return ", ".join(places[:MANY]) + (f" and {rest} more" if rest > 0 else "")


def _bibtex(each: Citation) -> str:
    """Return a source as an entry of BibTeX; one of the scenario's own as a text."""
    if each.entry is not None:
        return each.entry.text
    return f"@misc{{{each.key},\n  title = {{{each.own.translate(_ESCAPED)}}}\n}}"
