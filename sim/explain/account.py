"""Account: what a decision was made of, as plain data for every face: text, CSV, JSON, figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FORMAT = 1  # of the JSON; docs/explain.md says what each holds


@dataclass(frozen=True, kw_only=True)
class NumberPart:
    """A part of a number, such as what one rival adds to it."""

    words: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Given:
    """A number that a law asked for, or one of the law's own."""

    name: str
    words: str
    value: float
    unit: str
    path: str | None = None  # of the number in the scenario
    source: str | None = None  # of that number
    start: float | None = None  # the scenario's number, where the run has made another of it
    parts: tuple[NumberPart, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GivenReason:
    """A term of the law: what it adds, and what it is made of."""

    name: str
    words: str
    value: float
    versus: float | None = None  # of a request: what it adds to the offer that came next
    inputs: tuple[Given, ...] = ()
    weights: tuple[Given, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """What could have been chosen, with its reasons in one number and what chance added."""

    name: str
    words: str
    reasons: float
    luck: float | None  # in the unit of the reasons; None where one draw decides between two
    chance: float  # by the reasons alone
    chosen: bool

    @property
    def total(self) -> float:
        """Return the reasons with the luck."""
        return self.reasons + (self.luck or 0.0)


@dataclass(frozen=True, kw_only=True)
class Flip:
    """The smallest change of one number that turns the decision, all else equal."""

    name: str
    words: str
    value: float
    to: float
    unit: str
    low: float  # ends of the number's range
    high: float
    share: float  # of the range that the change takes
    becomes: str  # what would be chosen then


@dataclass(frozen=True, kw_only=True)
class DecisionAccount:
    """A decision: what was chosen, why, by how much, and what would have turned it."""

    id: str
    kind: str
    date: str  # of the period in which it was made
    actor: str
    who: str  # the actor's name
    about: Mapping[str, str]
    choice: str
    sentence: str
    context: str = ""  # of a request: what was on sale, and within the purse; of others, what holds
    unit: str
    reasons: tuple[GivenReason, ...] = ()
    leaving: tuple[GivenReason, ...] = ()  # of an exit: what moves the log of its hazard
    alternatives: tuple[Alternative, ...] = ()
    total: float | None = None  # the reasons in all
    chance: float | None = None  # of what was chosen, by the reasons alone
    draw: float | None = None
    against: str | None = None  # of a request: the alternative that the reasons are held against
    margin: float | None = None  # by which it was chosen; None for what nobody draws for
    flips: tuple[Flip, ...] = ()
    because: tuple[str, ...] = ()  # ids of the decisions that made it so


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The decisions of one run that were asked about."""

    format: int
    blocsim: str
    scenario: str
    variant: str
    run: int
    seed: int
    decisions: tuple[DecisionAccount, ...]
