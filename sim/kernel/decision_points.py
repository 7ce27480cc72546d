"""Decision points: where a caller can replace a choice of the laws, with the inputs of the law.

A hook receives the law's choice, draws included, and the decision point; it returns the choice that
counts. `terms` are the law's reasons by name, `inputs` the arguments from which the law computed
them, and `draw` is the random part: terms and draw together give the choice. Axes of length 1
broadcast. Parts that are functions are computed only when they are called.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.kernel.arrays import Elementwise, Index, Mask, Memberwise
from sim.kernel.parameters import Coefficient


@dataclass(frozen=True, kw_only=True, eq=False)
class DecisionPoint:
    """Common to all decisions: the law's reasons, whose sum is the utility or log odds of yes."""

    terms: Mapping[str, Elementwise]
    inputs: Mapping[str, Elementwise]
    draw: Elementwise  # uniform in (0, 1): yes where it is below the probability


@dataclass(frozen=True, kw_only=True, eq=False)
class RequestPoint(DecisionPoint):
    """A buyer on the market asks for the open offer of highest utility, or none: (buyers, runs).

    Terms and inputs are by offer, (buyers or 1, offers, runs), or by seller, (buyers or 1, sellers,
    runs), if they concern the supplier alone. Draws are standard Gumbel: `draw`, by seller, is
    added times `scale`, and `own_draw`, by offer, times `own_scale`. The utility of asking for
    none is `reserve` plus `none_draw` times `scale`. The choice is NONE where that is higher than
    the best offer, where no offer is open, and where the buyer is not on the market.
    """

    supplier_terms: Mapping[str, Elementwise]
    supplier_inputs: Mapping[str, Elementwise]
    scale: Coefficient
    own_draw: Elementwise  # (buyers, offers, runs)
    own_scale: Coefficient
    none_draw: Elementwise  # (buyers, runs)
    reserve: Coefficient
    on_sale: Mask  # (buyers, offers, runs), to the buyer
    looked_at: Mask  # (buyers, sellers, runs)
    cost: Elementwise  # (buyers, offers, runs) of the smallest order, million USD
    largest: Elementwise  # (buyers, offers, runs): highest value of an order, million USD
    purse_inputs: Callable[[], Mapping[str, Any]]  # inputs of `largest`: see `steps.market`
    open: Mask  # (buyers, offers, runs): on sale, in stock, looked at and within the purse
    visit: Elementwise  # (buyers, runs) uniform: on the market where it is below `visit_chance`
    visit_chance: Elementwise  # (buyers, runs)
    threat_drop: Callable[[], Elementwise]  # parts of the gain: (dyads of buyers, offers, runs)


@dataclass(frozen=True, kw_only=True, eq=False)
class ConsentPoint(DecisionPoint):
    """Supplier and partners consent to a sale, or not: (1 + partners, requests, runs)."""

    actors: Index  # states that are asked for consent; NONE where there are fewer
    offer: Index  # (requests, runs)
    recipient: Index  # (requests, 1)
    by_friend: Callable[[], Elementwise]  # parts of friends: (consenters, dyads, runs)
    by_bloc: Callable[[], Elementwise]  # parts of the norm at full offence: (norms, runs)


@dataclass(frozen=True, kw_only=True, eq=False)
class BlocSalePoint(DecisionPoint):
    """Requests that concern a bloc, one row for each bloc and request: sales and purchases.

    A member offends the bloc by a sale to a fellow member's rival or, in blocs with a custom
    against it, by a purchase from one.
    """

    purchase: Index  # (rows,) 1 where the buyer is the member that offends, 0 where the supplier
    states: Index  # (rows, rivals): who may object
    bloc: Index  # (rows,)
    row: Index  # (rows,) of all requests
    offer: Index  # (rows, runs)
    recipient: Index  # (rows, 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class ObjectionPoint(BlocSalePoint):
    """Fellow members object to a sale or purchase, or not: (rows, rivals, runs)."""

    harm: Elementwise  # (rows, rivals, runs); 0 where a state cannot object
    harm_inputs: Mapping[str, Elementwise]  # inputs of the harm


@dataclass(frozen=True, kw_only=True, eq=False)
class ResponsePoint(BlocSalePoint):
    """The leader lets a sale or purchase pass, stalls or blocks it: 0 to 2 (rows, runs).

    The terms are the utility of blocking; that of letting pass is zero. `draw` is standard Gumbel,
    (3, rows, runs), and is added to the three utilities, of which the largest wins.
    """

    protests: Mask  # (rows, rivals, runs)
    heeded: Mask  # (rows, runs): whether it counts: to objections, unless the leader itself offends
    stall: Coefficient  # the utility of stalling


@dataclass(frozen=True, kw_only=True, eq=False)
class HonourPoint(DecisionPoint):
    """States come to a member's aid, or not: (appeals, states, runs), blocs first, then events."""

    bloc: Index  # (appeals, 1)
    victim: Index  # (appeals, runs)
    attacker: Index  # (appeals, runs); NONE for a threat from within
    made: Elementwise  # (appeals, runs) 0 or 1
    asked: Elementwise  # (appeals, states, runs) 0 or 1: members that are not a party to the war
    imposed: Elementwise  # (appeals, runs): the answer that an event sets; else below zero


@dataclass(frozen=True, kw_only=True, eq=False)
class ContributionPoint(DecisionPoint):
    """Members make a contribution that their bloc asks for, or refuse: (duties, runs).

    The rows are those of `duty_index`.
    """

    asked: Elementwise  # (duties, runs) 0 or 1


@dataclass(frozen=True, kw_only=True, eq=False)
class ConcessionPoint(DecisionPoint):
    """Buyers yield to threats against their open orders, or keep them: (threats, runs).

    NONE keeps the order, 0 cancels it, and 1 or more passes it to one of the `heirs`. Terms and
    inputs are by way of yielding, (threats, ways, runs): its utility less that of keeping. Draws
    are standard Gumbel.
    """

    heirs: Index  # (threats, most) states that may take the order over; NONE where there are fewer
    there: Mask  # (threats, runs): whether an order under the threat is open
    open: Mask  # (threats, ways, runs): whether that way of yielding is open
    keep_draw: Elementwise  # (threats, runs)


@dataclass(frozen=True, kw_only=True, eq=False)
class WithdrawalPoint(DecisionPoint):
    """Members leave a bloc formally, or not: (states, blocs, runs).

    The terms are the log odds of taking part, which move engagement. The draw has a row for each
    pair of the layout's `member_index`; a member that does not lead leaves where it is below
    `chance`.
    """

    before: Memberwise  # engagement before it moved
    engagement: Memberwise
    price: Mapping[str, Elementwise]  # (members, runs): costs of leaving
    leaving: Mapping[str, Elementwise]  # (members, runs): terms of the log hazard of leaving
    ways_out: Callable[[], Elementwise]  # by one state outside alone: (states, blocs, states, runs)
    shut_out: Memberwise  # 1 where the bloc has shut the member out
    chance: Elementwise  # (members, runs) of leaving in this period


@dataclass(frozen=True, kw_only=True, eq=False)
class AccessionPoint(DecisionPoint):
    """Candidates join a bloc, or not: (candidates, runs), the rows of `candidate_rows`.

    The terms are the log odds of wanting to; a candidate joins where the draw is below `chance`.
    """

    chance: Elementwise  # of joining in this period
    may: Mask  # states that are not a member, where the leader of the bloc is


@dataclass(frozen=True, kw_only=True, eq=False)
class JudgementPoint(DecisionPoint):
    """A bloc judges its members, or not: (members, runs), the rows of `member_index`.

    The terms add up to a yearly hazard, if they are above zero. The choice is yes where the draw is
    below `chance`.
    """

    chance: Elementwise  # in this period
    may: Mask  # members of whom the bloc may judge


@dataclass(frozen=True, kw_only=True, eq=False)
class SuspensionPoint(JudgementPoint):
    """A bloc shuts a member out of its meetings, or readmits one that is shut out."""

    shut_out: Elementwise  # (members, runs) 1 where it is shut out


@dataclass(frozen=True, kw_only=True, eq=False)
class ExpulsionPoint(JudgementPoint):
    """A bloc expels a member that is shut out, or keeps it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FreezePoint(JudgementPoint):
    """A member freezes its membership, or ends the freeze: the terms are those of freezing.

    The terms of ending it are `thawing`, which depend on `worth`, the log odds of taking part.
    """

    frozen: Elementwise  # (members, runs) 1 where it is frozen
    thawing: Mapping[str, Elementwise]  # yearly hazard of ending the freeze, by reason
    worth: Elementwise


Decide = Callable[[Any, Any], Any]  # choice and decision point -> choice


def no_decision(choice: Any, point: DecisionPoint) -> Any:
    """Return the choice as the law made it."""
    del point
    return choice
