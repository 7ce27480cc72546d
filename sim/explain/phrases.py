"""Phrases: a reason, or one of its inputs, in words with placeholders for names."""

from __future__ import annotations

from dataclasses import dataclass

MONEY, SHARE, REGARD, YEARS = "M USD", "0 to 1", "-1 to 1", "years of import budget"


@dataclass(frozen=True)
class TermWords:
    """A reason in words, with its inputs, and the law's parameters that weight them."""

    words: str
    inputs: tuple[str, ...] = ()
    parameters: tuple[
        str, ...
    ] = ()  # of the role; otherwise with the other role's name and a dot before


@dataclass(frozen=True)
class InputWords:
    """An input of a law, in words."""

    words: str
    unit: str = ""
    path: str = ""  # of the scenario's number that it is, began as or is computed from
    starts: bool = False  # it began as the number at the path


def term(words: str, inputs: str = "", parameters: str = "") -> TermWords:
    """Return a reason in words, with its inputs and parameters as one text each."""
    return TermWords(words, tuple(inputs.split()), tuple(parameters.split()))


def began(words: str, unit: str, path: str) -> InputWords:
    """Return a number that began as the one at a path and has changed in the run."""
    return InputWords(words, unit, path, starts=True)
