"""Dealings of states besides sales: grants, trade, loans, contributions and leverage."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.documents.leaves import Choice, Number, named, nonnegative, positive, refuse, share
from sim.documents.tree import ByState, EachBloc, EachState, Fact, StateName, SystemName, YamlBlock
from sim.documents.window import Date
from sim.scenario.schema.entities import MONEY

VOTE = "vote"  # of a contribution


class Grant(Fact):
    """A grant from one state to another, apart from arms that events transfer."""

    donor: StateName
    recipient: StateName
    yearly: Annotated[Number, nonnegative("Amount given per year.", MONEY)] | None = None
    total: (
        Annotated[Number, nonnegative("Or the total amount, spread evenly over its time.", MONEY)]
        | None
    ) = None
    from_: Annotated[str, Date("First date; default: the start.")] | None = Field(
        default=None, alias="from"
    )
    until: (
        Annotated[str, Date("Last date, included; default: `from` for a total, otherwise no end.")]
        | None
    ) = None
    for_: Annotated[
        str,
        Choice(
            "`arms`: money for arms, from fund to fund; `base` and `aid` count by their worth.",
            ("arms", "base", "aid"),
        ),
    ] = Field(alias="for")

    @model_validator(mode="after")
    def _one_amount(self) -> Grant:
        if (self.yearly is None) == (self.total is None):
            refuse("needs exactly one of yearly and total", "yearly", "total")
        if self.total is not None and self.from_ is None:
            refuse("a total needs from, the date when it is given")
        return self

    @property
    def ends(self) -> str | None:
        """Return its last date, included; None if it has no end."""
        return self.from_ if self.until is None and self.total is not None else self.until


class Trade(Fact):
    """The share of a state's output that depends on its trade with others."""

    with_: ByState[
        Annotated[
            Number, share("Share of its output due to trade with or through the other state.")
        ]
    ] = Field(alias="with")


class Loan(YamlBlock):
    """A loan from one state to another, for arms or civil."""

    lender: EachState
    borrower: EachState
    amount: Annotated[Number, positive("Amount lent.", MONEY)]
    for_: Annotated[
        str,
        Choice(
            "A loan for arms goes from fund to fund, which repays it; treasuries handle other "
            "loans.",
            ("arms", "economy"),
        ),
    ] = Field(default="arms", alias="for")


class DebtRelief(YamlBlock):
    """A cancellation of debt: part of all that a state owes a creditor, without payment."""

    creditor: EachState
    debtor: EachState
    part: Annotated[Number, share("Share of the debt that is cancelled.")] = 1.0


class BurdenCall(YamlBlock):
    """A contribution that a bloc asks of its members through its leader; each may refuse."""

    bloc: EachBloc
    of: (
        Annotated[
            tuple[str, ...],
            named("Members that are asked; default: all except the leader.", "state"),
        ]
        | None
    ) = None
    for_: Annotated[
        str,
        Choice(
            "Kind of contribution; votes are counted separately.",
            ("base", "forces", "money", VOTE),
        ),
    ] = Field(alias="for")
    cost: Annotated[
        Number, nonnegative("Cost to each member that contributes.", "years of military spending")
    ] = 0.0
    worth: Annotated[
        Number, nonnegative("Benefit to each other member.", "years of its import budget")
    ]
    against: StateName | None = None  # none: against no state
    resolve: Annotated[
        Number,
        share(
            "Probability that the leader ends its terms for a member that refuses; known to all."
        ),
    ] = 0.0


class Lever(Fact):
    """Offers that a state would withhold from a buyer that makes a purchase it objects to."""

    by: StateName = Field(description="State that would withhold.")
    supplier: StateName
    recipient: StateName
    system: SystemName
    withholds: Annotated[
        tuple[str, ...],
        named("Offers that it would close to the buyer, halting orders under way.", "offer"),
    ]
    resolve: Annotated[Number, share("Probability that it does so; known to all.")]
    from_: Annotated[str, Date("First date; default: from the start.")] | None = Field(
        default=None, alias="from"
    )
    until: Annotated[str, Date("Last date, included; default: to the end.")] | None = None
