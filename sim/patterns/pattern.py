"""Patterns: claims about history, each with checks whose values have to lie in a band.

A check is a quantity of the vocabulary in QUANTITIES. Each shipped pattern is a file in
`scenarios/patterns`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import ValidationError, model_validator

from sim.documents.leaves import Choice, Flag, Ref, Text, refuse
from sim.documents.misfit import problem_of
from sim.documents.nodes import Node, find
from sim.documents.package_data import scenarios_folder, yaml_files
from sim.documents.reader import read_file
from sim.documents.sources import ASSUMED, reference_keys
from sim.documents.tree import Fact, Named, OneOf, Unknown
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted
from sim.patterns.composition import (
    Answered,
    Change,
    Correlation,
    CrossoverYear,
    FirstYear,
    Hhi,
    Leaders,
    Level,
    Ratio,
    Share,
    Stay,
    Suppliers,
    Variation,
)
from sim.patterns.history import History
from sim.patterns.quantity import USES, Quantity
from sim.patterns.rhythm import IdleYears, OrderSpan, PeakShare, RankOrder
from sim.patterns.sequence import Delay, Followed, HazardRatio, Ladder, Order

SIMPLE = (
    Share, Ratio, Hhi, Suppliers, Level, FirstYear, CrossoverYear, Leaders, HazardRatio,
    Followed, Delay, Ladder, Correlation, Variation, Order, Answered, Change, Stay,
    IdleYears, PeakShare, OrderSpan, RankOrder,
)  # fmt: skip


def _quantity(value: Any) -> str:
    if isinstance(value, Quantity):
        return value.quantity
    word = value.get("quantity") if isinstance(value, dict) else None
    return word if isinstance(word, str) else ""


def _union(kinds: tuple[type[Quantity], ...]) -> OneOf:
    known = tuple((kind.word(), kind) for kind in kinds)
    unknown = Annotated[Any, Unknown(key="quantity", names=tuple(kind.word() for kind in kinds))]
    return OneOf(tag_of=_quantity, options=(*known, ("unknown quantity", unknown)), hidden=1)


Simple = Annotated[Any, _union(SIMPLE)]


class Difference(Quantity):
    """One quantity less another, or less itself in another variant; or the sign of that."""

    of: Simple
    less: Simple | None = None
    versus: Annotated[str, Ref("Variant whose value is subtracted.", ("variant",))] | None = None
    sign: Annotated[bool, Flag("Whether only the sign counts: -1, 0 or 1.")] = True

    @model_validator(mode="after")
    def _one_of_two(self) -> Difference:
        if (self.less is None) == (self.versus is None):
            refuse("needs exactly one of less and versus", "less", "versus")
        return self

    def value(self, history: History) -> np.ndarray:
        own = np.asarray(self.of.value(history))
        return own if self.less is None else self.between(own, self.less.value(history))

    def between(self, own: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return own - other, or only its sign; 0 for equal infinities."""
        with np.errstate(invalid="ignore"):
            gap = np.where(own == other, 0.0, own - other)
        return np.asarray(np.sign(gap) if self.sign else gap)


QUANTITIES: dict[str, type[Quantity]] = {kind.word(): kind for kind in (*SIMPLE, Difference)}
AnyQuantity = Annotated[Any, _union((*SIMPLE, Difference))]


class Pattern(Fact):
    """A stylised fact: what is claimed, where from, and the checks that hold a record to it."""

    claim: Annotated[str, Text("The claim, in a sentence.")]
    use: Annotated[str, Choice("For fitting, or for judging.", USES)] = "judge"
    scored: Annotated[bool, Flag("Whether its verdict is scored.")] = True
    checks: Named[AnyQuantity]

    @model_validator(mode="after")
    def _some(self) -> Pattern:
        if not self.checks:
            refuse("needs at least one check")
        for name, check in self.checks.items():
            if self.counts(check) and check.band is None:
                refuse(f"the check {name} is scored but has no band: add band, or scored: false")
        return self

    def counts(self, check: Quantity) -> bool:
        """Return whether the verdict on a check counts."""
        return self.scored and check.scored

    def use_of(self, check: Quantity) -> str:
        """Return the use of a check: fit or judge."""
        return check.use or self.use


def _form(value: Any) -> str:
    return "names" if isinstance(value, list | tuple) else "patterns"


ShippedNames = tuple[Annotated[str, Ref("Name of a shipped pattern.")], ...]
Patterns = Annotated[
    Any,
    OneOf(
        tag_of=_form,
        options=(("names", ShippedNames), ("patterns", Named[Pattern])),
        doc="Patterns of history by which runs are judged: "
        "a list of names of shipped patterns, or a mapping NAME: pattern.",
    ),
]


def checks_of(patterns: Mapping[str, Pattern]) -> list[tuple[str, str, Quantity]]:
    """Return every check as (name of its pattern, its own name, check), in order."""
    return [
        (name, own, check)
        for name, pattern in patterns.items()
        for own, check in pattern.checks.items()
    ]


def patterns_folder() -> Path:
    """Return the folder of shipped patterns."""
    return scenarios_folder() / "patterns"


def pattern_files() -> dict[str, Path]:
    """Return the files of the shipped patterns by name, sorted."""
    return yaml_files(patterns_folder())


@cache
def shipped_pattern(name: str) -> Pattern:
    """Return a shipped pattern."""
    return read_pattern(pattern_files()[name])


def read_pattern(path: Path) -> Pattern:
    """Return the pattern in a file; InputError lists all that is wrong with it."""
    document = read_file(path)
    try:
        pattern = Pattern.model_validate(document.plain())
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise InputError([problem_of(each, document, Pattern) for each in details]) from None
    problems = _sources(document, pattern.source)
    if problems:
        raise InputError(problems)
    return pattern


def _sources(document: Node, keys: tuple[str, ...]) -> list[Problem]:
    known = reference_keys()
    node = find(document, ("source",)) or document
    return [
        node.mark.problem("source", f"no reference {quoted(key)}{meant(key, known)}")
        for key in keys
        if key != ASSUMED and key not in known
    ]


def shipped() -> dict[str, Pattern]:
    """Return every shipped pattern by name, sorted."""
    return {name: shipped_pattern(name) for name in pattern_files()}
