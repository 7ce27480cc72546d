"""Decision points: where a choice of the laws can be replaced, and what the law knew there.

A hook gets the choice that the law has made, chance included, and the point; it returns the choice
that counts. `terms` are the law's reasons by name, `inputs` the numbers that it made them of, by
the names of its arguments, and `draw` is what chance added: terms and draw give the choice again.
Axes of length 1 serve all. What nobody asks for is not computed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.kernel.arrays import Elementwise, Index, Mask, Memberwise
from sim.kernel.parameters import Coefficient


@dataclass(frozen=True, kw_only=True, eq=False)
class DecisionPoint:
    """What every decision has: the law's reasons, whose sum is its utility or log odds of yes."""

    terms: Mapping[str, Elementwise]
    inputs: Mapping[str, Elementwise]
    draw: Elementwise  # uniform in (0, 1): yes where it is below the probability


@dataclass(frozen=True, kw_only=True, eq=False)
class RequestPoint(DecisionPoint):
    """A buyer at market asks for the open offer of most utility, or for none: (buyers, runs).

    Terms and inputs are by offer, (buyers or 1, offers, runs), those of the supplier alone by
    seller, (buyers or 1, sellers, runs). Draws are standard Gumbel: `draw` by seller joins the
    terms times `scale`, `own_draw` by offer times `own_scale`. Against the best stands `reserve`,
    to which `none_draw` times `scale` is added; where it is more, where nothing is open, or away
    from the market, the choice is NONE.
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
    cost: Elementwise  # (buyers, offers, runs) of the least that is sold, million USD
    largest: Elementwise  # (buyers, offers, runs): value that an order may have
    purse_inputs: Callable[[], Mapping[str, Any]]  # what that is made of: see `steps.market`
    open: Mask  # (buyers, offers, runs): on sale, in stock, looked at and within the purse
    visit: Elementwise  # (buyers, runs) uniform: at market where it is below `visit_chance`
    visit_chance: Elementwise  # (buyers, runs)
    threat_drop: Callable[[], Elementwise]  # parts of the gain: (dyads of buyers, offers, runs)


@dataclass(frozen=True, kw_only=True, eq=False)
class ConsentPoint(DecisionPoint):
    """Supplier and partners let a sale go on, or not: (1 + partners, requests, runs)."""

    actors: Index  # who is asked; NONE fills
    offer: Index  # (requests, runs)
    recipient: Index  # (requests, 1)
    by_friend: Callable[[], Elementwise]  # parts of friends: (consenters, dyads, runs)
    by_bloc: Callable[[], Elementwise]  # parts of the norm at full offence: (norms, runs)


@dataclass(frozen=True, kw_only=True, eq=False)
class BlocSalePoint(DecisionPoint):
    """Requests that concern a bloc, one row a bloc and request, for sales and for purchases.

    A member offends by a sale to a fellow member's rival or, in blocs with a custom, by a purchase
    from one.
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
    harm_inputs: Mapping[str, Elementwise]  # what the harm is made of


@dataclass(frozen=True, kw_only=True, eq=False)
class ResponsePoint(BlocSalePoint):
    """The leader lets a sale or purchase pass, stalls or blocks it: 0 to 2 (rows, runs).

    The terms are the utility of blocking; letting pass has none. `draw` is standard Gumbel,
    (3, rows, runs), and joins the three utilities, of which the largest wins.
    """

    protests: Mask  # (rows, rivals, runs)
    heeded: Mask  # (rows, runs): whether it counts: to objections, to what others do
    stall: Coefficient  # the utility of stalling


@dataclass(frozen=True, kw_only=True, eq=False)
class HonourPoint(DecisionPoint):
    """States come to a member's aid, or not: (appeals, states, runs), blocs first, then events."""

    bloc: Index  # (appeals, 1)
    victim: Index  # (appeals, runs)
    attacker: Index  # (appeals, runs); NONE for a threat from within
    made: Elementwise  # (appeals, runs) 0 or 1
    asked: Elementwise  # (appeals, states, runs) 0 or 1: members that are no party
    imposed: Elementwise  # (appeals, runs): the answer that an event gives; else below zero


@dataclass(frozen=True, kw_only=True, eq=False)
class ContributionPoint(DecisionPoint):
    """Members bear what their bloc asks of them, or refuse: (duties, runs), as `duty_index`."""

    asked: Elementwise  # (duties, runs) 0 or 1


@dataclass(frozen=True, kw_only=True, eq=False)
class ConcessionPoint(DecisionPoint):
    """Buyers yield to threats against what they have under way, or keep it: (threats, runs).

    NONE keeps, 0 cancels, from 1 on it goes to one of the `heirs`. Terms and inputs are by way to
    yield, (threats, ways, runs): utility less that of keeping. Draws are standard Gumbel.
    """

    heirs: Index  # (threats, most) states; NONE fills
    there: Mask  # (threats, runs): where the threat stands against something
    open: Mask  # (threats, ways, runs): friends would take it over, and can
    keep_draw: Elementwise  # (threats, runs)


@dataclass(frozen=True, kw_only=True, eq=False)
class WithdrawalPoint(DecisionPoint):
    """Members leave a bloc formally, or not: (states, blocs, runs).

    The terms are the log odds of taking part, which move engagement; the draw, one row a pair of
    the layout's `member_index`, is below `chance` where a member leaves that does not lead.
    """

    before: Memberwise  # engagement before it moved
    engagement: Memberwise
    price: Mapping[str, Elementwise]  # (members, runs): what leaving costs
    leaving: Mapping[str, Elementwise]  # (members, runs): what moves the log hazard of it
    ways_out: Callable[[], Elementwise]  # by one state outside alone: (states, blocs, states, runs)
    shut_out: Memberwise  # 1 where the bloc has shut the member out
    chance: Elementwise  # (members, runs) of leaving in this period


@dataclass(frozen=True, kw_only=True, eq=False)
class AccessionPoint(DecisionPoint):
    """Candidates join a bloc, or not: (candidates, runs), the rows of `candidate_rows`.

    The terms are the log odds of wanting to; the draw is below `chance` where one joins.
    """

    chance: Elementwise  # of joining in this period
    may: Mask  # who is no member, of a bloc whose leader is


@dataclass(frozen=True, kw_only=True, eq=False)
class JudgementPoint(DecisionPoint):
    """A bloc judges its members, or not: (members, runs), the rows of `member_index`.

    The terms add up to a hazard a year, where they are above zero: yes where the draw is below
    `chance`.
    """

    chance: Elementwise  # in this period
    may: Mask  # of whom it may be


@dataclass(frozen=True, kw_only=True, eq=False)
class SuspensionPoint(JudgementPoint):
    """A bloc turns a member out of its meetings, or lets one in again that is shut out."""

    shut_out: Elementwise  # (members, runs) 1 where it is shut out


@dataclass(frozen=True, kw_only=True, eq=False)
class ExpulsionPoint(JudgementPoint):
    """A bloc expels a member that is shut out, or keeps it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FreezePoint(JudgementPoint):
    """A member freezes its membership, or ends the freeze: the terms are those of freezing.

    Those of an end of the freeze are `thawing`, of `worth`, the log odds of taking part.
    """

    frozen: Elementwise  # (members, runs) 1 where it is frozen
    thawing: Mapping[str, Elementwise]  # hazard a year, by reason
    worth: Elementwise


Decide = Callable[[Any, Any], Any]  # choice and decision point -> choice


def no_decision(choice: Any, point: DecisionPoint) -> Any:
    """Return the choice as the law made it."""
    del point
    return choice
