"""The sources in force, as references or as BibTeX."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from sim.cli.app import Scenario, Sets, command, option
from sim.cli.screen import Screen
from sim.cli.shared import variant_of
from sim.cli.streams import echo, say
from sim.documents.sources import ASSUMED, cited
from sim.experiments.accounts import accounts
from sim.kernel.words import first_few
from sim.scenario.citations import Citation, citations

MANY = 6  # number of places named; the others are counted
_LATEX = str.maketrans({each: f"\\{each}" for each in "&%$#_"} | {"{": "(", "}": ")", "\\": "/"})


class Format(StrEnum):
    """How references are printed."""

    TEXT = "text"
    BIBTEX = "bibtex"


@command("Example: blocsim cite polonez_vs_iskander --format bibtex > sources.bib")
def cite(
    scenario: Scenario,
    *,
    format_: Annotated[
        Format, option("References to read, or entries for LaTeX.", "--format")
    ] = Format.TEXT,
    variant: Annotated[str, option("The variant to cite.")] = "baseline",
    sets: Sets = None,
) -> None:
    """List the sources of the scenario's facts, events and laws."""
    subject, model = variant_of(scenario, variant, sets)
    sources = citations(model)
    numbers = accounts(subject, variant)
    assumed = sum(ASSUMED in each.source for each in numbers)
    remark = f"{assumed} of {len(numbers)} numbers are assumed wholly or in part"
    if format_ is Format.BIBTEX:
        echo("\n\n".join(_bibtex(each) for each in sources))
        say(f"{len(sources)} sources; {remark} (not cited)")
        return
    screen = Screen()
    screen.print(f"Sources in force: {subject.name}, variant {variant}", style="bold")
    for each in sources:
        text = each.own if each.entry is None else cited(each.entry)
        screen.unbroken(f"\n{each.key}  {text}")
        screen.unbroken(f"  used in: {first_few(each.places, MANY)}", style="dim")
    screen.unbroken(f"\n{len(sources)} sources. {ASSUMED}: {remark}; `blocsim audit` lists them.")


def _bibtex(each: Citation) -> str:
    """Return a source as an entry of BibTeX; one of the scenario's own as a text."""
    if each.entry is not None:
        return each.entry.text
    return f"@misc{{{each.key},\n  title = {{{each.own.translate(_LATEX)}}}\n}}"
