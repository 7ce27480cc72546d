"""Patterns: claims about a record, each with checks whose values have to lie in a band."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import model_validator

from sim.documents.leaves import Choice, Flag, Ref, Text, refuse
from sim.documents.tree import Named, Note, OneOf, Sources, YamlBlock
from sim.patterns.quantity import USES, Quantity
from sim.patterns.vocabulary import AnyQuantity


class Pattern(YamlBlock):
    """A stylised fact: what is claimed, where from, and the checks that hold a record to it."""

    claim: Annotated[str, Text(doc="The claim, in a sentence.")]
    source: Sources
    use: Annotated[str, Choice(options=USES, doc="For fitting, or for judging.")] = "judge"
    scored: Annotated[bool, Flag(doc="Whether its verdict counts.")] = True
    checks: Named[AnyQuantity]
    note: Note | None = None

    @model_validator(mode="after")
    def _some(self) -> Pattern:
        """Refuse a pattern without a check, and a check that counts and has no band."""
        if not self.checks:
            message = "needs at least one check"
            raise refuse(message)
        for name, check in self.checks.items():
            if self.counts(check) and check.band is None:
                message = f"the check {name} counts and has no band: add band, or scored: false"
                raise refuse(message)
        return self

    def counts(self, check: Quantity) -> bool:
        """Return whether the verdict on a check counts."""
        return self.scored and check.scored

    def use_of(self, check: Quantity) -> str:
        """Return what a check is for: fit or judge."""
        return check.use or self.use


def _form(value: Any) -> str:
    """Return how the patterns of a scenario are given."""
    return "names" if isinstance(value, list | tuple) else "patterns"


ShippedNames = tuple[Annotated[str, Ref(doc="Name of a shipped pattern.")], ...]
Patterns = Annotated[
    Any,
    OneOf(
        tag_of=_form,
        options=(("names", ShippedNames), ("patterns", Named[Pattern])),
        doc="What history shows and runs are judged by: "
        "a list of names of shipped patterns, or a mapping NAME: pattern.",
    ),
]


def checks_of(patterns: Mapping[str, Pattern]) -> list[tuple[str, str, Quantity]]:
    """Return every check with the names of its pattern and of itself, in order."""
    return [
        (name, own, check)
        for name, pattern in patterns.items()
        for own, check in pattern.checks.items()
    ]
