"""Decision points: where a choice of the laws can be replaced, and what the law knew there.

A hook gets the choice that the law has made, chance included, and the point; it returns the choice
that counts. `terms` are the law's reasons by name. Axes of length 1 serve all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.kernel.arrays import Elementwise, Index, Mask, Memberwise


@dataclass(frozen=True, kw_only=True, eq=False)
class DecisionPoint:
    """What every decision has: the law's reasons, whose sum is its utility or log odds of yes."""

    terms: Mapping[str, Elementwise]


@dataclass(frozen=True, kw_only=True, eq=False)
class RequestPoint(DecisionPoint):
    """A buyer asks for an offer, or NONE: (buyers, runs)."""

    open: Mask  # (buyers, offers, runs): on sale and within the purse


@dataclass(frozen=True, kw_only=True, eq=False)
class ConsentPoint(DecisionPoint):
    """Supplier and partners let a sale go on, or not: (1 + partners, requests, runs)."""

    actors: Index  # who is asked; NONE fills
    offer: Index  # (requests, runs)
    recipient: Index  # (requests, 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class BlocSalePoint(DecisionPoint):
    """Requests that concern a bloc, one row a bloc and request."""

    bloc: Index  # (rows,)
    row: Index  # (rows,) of all requests
    offer: Index  # (rows, runs)
    recipient: Index  # (rows, 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class ObjectionPoint(BlocSalePoint):
    """Fellow members object to a sale, or not: (rows, rivals, runs)."""

    states: Index  # (rows, rivals): rivals of the recipient
    harm: Elementwise  # (rows, rivals, runs); 0 where a state cannot object


@dataclass(frozen=True, kw_only=True, eq=False)
class ResponsePoint(BlocSalePoint):
    """The leader lets a sale pass, stalls or blocks it: 0 to 2 (rows, runs)."""

    protests: Mask  # (rows, rivals, runs)


@dataclass(frozen=True, kw_only=True, eq=False)
class HonourPoint(DecisionPoint):
    """States come to a member's aid, or not: (appeals, states, runs), blocs first, then events."""

    bloc: Index  # (appeals, 1)
    victim: Index  # (appeals, runs)
    attacker: Index  # (appeals, runs); NONE for a threat from within
    made: Elementwise  # (appeals, runs) 0 or 1


@dataclass(frozen=True, kw_only=True, eq=False)
class WithdrawalPoint(DecisionPoint):
    """Members leave a bloc formally, or not: (states, blocs, runs)."""

    engagement: Memberwise


Decide = Callable[[Any, Any], Any]  # choice and decision point -> choice


def no_decision(choice: Any, point: DecisionPoint) -> Any:
    """Return the choice as the law made it."""
    del point
    return choice
