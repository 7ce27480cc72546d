"""Phrases: a reason, or a number that it is made of, in words with places for names."""

from __future__ import annotations

from dataclasses import dataclass

MONEY, SHARE, REGARD, YEARS = "M USD", "0 to 1", "-1 to 1", "years of import budget"


@dataclass(frozen=True)
class TermWords:
    """A reason in words, the inputs that it is made of, and the law's numbers that weigh them."""

    words: str
    inputs: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()  # of the role; with another role's name and a dot before


@dataclass(frozen=True)
class InputWords:
    """A number that a law asks for, in words."""

    words: str
    unit: str = ""
    path: str = ""  # of the number in a scenario that it is, began as or follows from
    starts: bool = False  # it began as the number at the path


def term(words: str, inputs: str = "", parameters: str = "") -> TermWords:
    """Return a reason in words, with the names of its inputs and parameters in one text each."""
    return TermWords(words, tuple(inputs.split()), tuple(parameters.split()))


def began(words: str, unit: str, path: str) -> InputWords:
    """Return a number that began as the one at a path, and that the run has moved since."""
    return InputWords(words, unit, path, starts=True)
