"""Account: the components of a decision, as plain data for text, CSV, JSON and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FORMAT = 1  # of the JSON; docs/explain.md describes each


@dataclass(frozen=True, kw_only=True)
class NumberPart:
    """A part of a number, such as the contribution of one rival."""

    words: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Given:
    """An input of a law, or one of its own parameters."""

    name: str
    words: str
    value: float
    unit: str
    path: str | None = None  # of the number in the scenario
    source: str | None = None  # of that number
    start: float | None = None  # the scenario's number, if the run has changed it since
    parts: tuple[NumberPart, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GivenReason:
    """A term of the law: its contribution, and its components."""

    name: str
    words: str
    value: float
    versus: float | None = None  # for a request: its contribution to the next best offer
    inputs: tuple[Given, ...] = ()
    weights: tuple[Given, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """An alternative, with the sum of its reasons and the contribution of chance."""

    name: str
    words: str
    reasons: float
    luck: float | None  # in the unit of the reasons; None if one draw decides between two
    chance: float  # from the reasons alone
    chosen: bool

    @property
    def total(self) -> float:
        """Return the sum of reasons and luck."""
        return self.reasons + (self.luck or 0.0)


@dataclass(frozen=True, kw_only=True)
class Flip:
    """The smallest change of one number that changes the decision, all else equal."""

    name: str
    words: str
    value: float
    to: float
    unit: str
    low: float  # ends of the number's range
    high: float
    share: float  # size of the change as a share of the range
    becomes: str  # the choice after the change


@dataclass(frozen=True, kw_only=True)
class DecisionAccount:
    """A decision: the choice, its reasons, the margin, and changes that would have altered it."""

    id: str
    kind: str
    date: str  # of the period in which it was made
    actor: str
    who: str  # the actor's name
    about: Mapping[str, str]
    choice: str
    sentence: str
    context: str = (
        ""  # for a request: the offers on sale and affordable; otherwise how long the draw holds
    )
    unit: str
    reasons: tuple[GivenReason, ...] = ()
    leaving: tuple[GivenReason, ...] = ()  # for an exit: terms of the log of its hazard
    alternatives: tuple[Alternative, ...] = ()
    total: float | None = None  # the sum of the reasons
    chance: float | None = None  # of the choice, from the reasons alone
    draw: float | None = None
    against: str | None = None  # for a request: the alternative that the reasons are compared with
    margin: float | None = None  # by which it was chosen; None if there is no draw
    flips: tuple[Flip, ...] = ()
    because: tuple[str, ...] = ()  # ids of the decisions that led to it


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
