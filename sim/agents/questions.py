"""Questions: what a state knows when it decides.

`terms` are the law's reasons by name. Their sum is the law's utility, or its log odds of
yes, before chance; `draw` is what chance put against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Response = Literal["pass", "stall", "block"]


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """Something that the law weighs."""

    terms: Mapping[str, float]
    inputs: Mapping[str, float]  # what the law made the terms of, by the names of its arguments
    draw: float | None = None  # of a yes or no: yes where it is below the probability

    @property
    def worth(self) -> float:
        """Return the sum of the terms."""
        return sum(self.terms.values())


@dataclass(frozen=True, kw_only=True)
class Option(Reasons):
    """An offer that a state may ask for; `terms` are its utility."""

    offer: str
    supplier: str
    system: str


@dataclass(frozen=True, kw_only=True)
class Sale(Reasons):
    """A sale that is asked for, or agreed on by those who supply it.

    `terms` are the log odds of consent or of an objection, or a leader's utility of blocking.
    """

    offer: str
    supplier: str
    recipient: str
    system: str
    bloc: str | None = None  # in which there is an objection, or may be
    objectors: tuple[str, ...] = ()  # for the leader


@dataclass(frozen=True, kw_only=True)
class Appeal(Reasons):
    """A call for aid by a fellow member; `terms` are the log odds of coming."""

    bloc: str
    victim: str
    attacker: str | None  # None: a threat from within


@dataclass(frozen=True, kw_only=True)
class Duty(Reasons):
    """What a bloc asks of a member; `terms` are the log odds of bearing it."""

    bloc: str
    event: str  # by which it asks


@dataclass(frozen=True, kw_only=True)
class Candidacy(Reasons):
    """A bloc that a state may join; `terms` are the log odds of wanting to."""

    bloc: str
    chance: float  # of joining in the period, by the law


@dataclass(frozen=True, kw_only=True)
class Standing(Reasons):
    """A member's place in a bloc; `terms` are the log odds of taking part."""

    bloc: str
    engagement: float
