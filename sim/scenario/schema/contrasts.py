"""Contrasts: pairs of variants whose differences answer the question of a scenario.

The difference is `of` less `versus`, in every table, figure and sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from pydantic import model_validator

from sim.documents.leaves import Ref, Text, refuse
from sim.documents.tree import YamlBlock

Pair = tuple[str, str]  # a variant, and the one that it is compared with


class Contrast(YamlBlock):
    """Two variants to compare. Differences are `of` less `versus`.

    Contrasts keep the order in which they are written; the first is answered in full. Without
    any, every variant is compared with the reference.
    """

    of: Annotated[str, Ref("The variant whose effect is of interest.", ("variant",))]
    versus: Annotated[str, Ref("The variant that is subtracted from it.", ("variant",))]
    asks: Annotated[str, Text("The question that the contrast answers.")] | None = None
    about: tuple[
        Annotated[
            str,
            Text(
                "Outcomes that answer it, the most important first; default: the scenario's first "
                "outcomes."
            ),
        ],
        ...,
    ] = ()

    @model_validator(mode="after")
    def _two_variants(self) -> Contrast:
        if self.of == self.versus:
            refuse("of and versus must be two variants", "of", "versus")
        if len({" ".join(each.split()) for each in self.about}) < len(self.about):
            refuse("about names an outcome twice", "about")
        return self

    @property
    def pair(self) -> Pair:
        """Return both variants."""
        return self.of, self.versus


Contrasts = dict[Annotated[str, Ref()], Contrast]  # in the order in which they are written


def usual(variants: Iterable[str], reference: str) -> Contrasts:
    """Return the contrasts of a scenario that names none: each variant less the reference."""
    return {name: Contrast(of=name, versus=reference) for name in variants if name != reference}


def pairs(
    contrasts: Mapping[str, Contrast], variants: Iterable[str], reference: str
) -> dict[Pair, list[str]]:
    """Return the pairs that tables compare, with the names of contrasts: the reference comes first.

    Variants that an interrupted result lacks are left out.
    """
    there = list(variants)
    known: dict[Pair, list[str]] = {}
    if reference in there:
        known = {each.pair: [] for each in usual(there, reference).values()}
    for name, contrast in contrasts.items():
        if {*contrast.pair} <= {*there}:
            known.setdefault(contrast.pair, []).append(name)
    return known


def leading(contrasts: Mapping[str, Contrast], variants: Sequence[str]) -> Sequence[str]:
    """Return the variants of the first contrast among them; without one, the first variant."""
    compared = (each.pair for each in contrasts.values())
    return next((pair for pair in compared if {*pair} <= {*variants}), variants[:1])
