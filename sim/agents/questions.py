"""Questions: the information that a state has when it decides.

`terms` are the law's reasons by name. Their sum is the law's utility, or its log odds of yes,
without chance; `draw` is the random number of the decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Response = Literal["pass", "stall", "block"]


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """The reasons of the law for a decision."""

    terms: Mapping[str, float]
    inputs: Mapping[str, float]  # inputs of the terms, by the names of the law's arguments
    draw: float | None = None  # of a decision of yes or no: yes if it is below the probability

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
    """A sale that a buyer requests, or to which its suppliers have agreed.

    `terms` are the log odds of consent or of an objection, or a leader's utility of blocking.
    """

    offer: str
    supplier: str
    recipient: str
    system: str
    bloc: str | None = None  # bloc in which a member objects, or may object
    objectors: tuple[str, ...] = ()  # for the leader


@dataclass(frozen=True, kw_only=True)
class Appeal(Reasons):
    """A call for aid by a fellow member; `terms` are the log odds of coming."""

    bloc: str
    victim: str
    attacker: str | None  # None: a threat from within


@dataclass(frozen=True, kw_only=True)
class Duty(Reasons):
    """A contribution that a bloc asks of a member; `terms` are the log odds of making it."""

    bloc: str
    event: str  # event by which the bloc asks


@dataclass(frozen=True, kw_only=True)
class Candidacy(Reasons):
    """A bloc that a state may join; `terms` are the log odds of wanting to."""

    bloc: str
    chance: float  # probability of joining in the period, by the law


@dataclass(frozen=True, kw_only=True)
class Standing(Reasons):
    """The membership of a state in a bloc; `terms` are the log odds of taking part."""

    bloc: str
    engagement: float
