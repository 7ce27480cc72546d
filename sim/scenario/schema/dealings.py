"""Dealings of states beside sales: grants, trade, and what they could withhold."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.documents.leaves import Choice, Number, named, nonnegative, positive, refuse, share
from sim.documents.tree import BlocName, ByState, Fact, StateName, SystemName, YamlBlock
from sim.documents.window import Date
from sim.scenario.schema.entities import MONEY

VOTE = "vote"  # of what a bloc asks for


class Grant(Fact):
    """What one state gives another without return, beside arms that events transfer."""

    donor: StateName
    recipient: StateName
    yearly: Annotated[Number, nonnegative("Given a year.", MONEY)] | None = None
    total: (
        Annotated[Number, nonnegative("Or given in all, evenly over its time.", MONEY)] | None
    ) = None
    from_: Annotated[str, Date("When it begins; none: at the start.")] | None = Field(
        default=None, alias="from"
    )
    until: (
        Annotated[
            str, Date("To the end of when it goes on; none: `from` for a total, else for good.")
        ]
        | None
    ) = None
    for_: Annotated[
        str,
        Choice(
            "Money for arms goes from fund to fund; a base and aid count by their worth.",
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
        """Return the date to the end of which it goes on; None for good."""
        return self.from_ if self.until is None and self.total is not None else self.until


class Trade(Fact):
    """What of a state's output rests on its trade with others."""

    with_: ByState[
        Annotated[Number, share("Share of its output that trade with or through the other makes.")]
    ] = Field(alias="with")


class Loan(YamlBlock):
    """A loan from one state to another, for arms or civil."""

    lender: StateName
    borrower: StateName
    amount: Annotated[Number, positive("Sum lent.", MONEY)]
    for_: Annotated[
        str,
        Choice(
            "A loan for arms goes from fund to fund and is served by it; treasuries see to others.",
            ("arms", "economy"),
        ),
    ] = Field(default="arms", alias="for")


class DebtRelief(YamlBlock):
    """What a creditor cancels of all that a state owes it: nobody pays, and it is owed no more."""

    creditor: StateName
    debtor: StateName
    part: Annotated[Number, share("Part that is cancelled.")] = 1.0


class BurdenCall(YamlBlock):
    """What a bloc asks of its members through its leader: a contribution that each may refuse."""

    bloc: BlocName
    of: (
        Annotated[tuple[str, ...], named("Members that are asked; none: all that follow.", "state")]
        | None
    ) = None
    for_: Annotated[
        str,
        Choice(
            "What is asked for; votes are counted by themselves.",
            ("base", "forces", "money", VOTE),
        ),
    ] = Field(alias="for")
    cost: Annotated[
        Number, nonnegative("What it costs who bears it.", "years of military spending")
    ] = 0.0
    worth: Annotated[
        Number, nonnegative("What it is to each other member.", "years of its import budget")
    ]
    against: StateName | None = None  # none: against no state
    resolve: Annotated[
        Number, share("Chance that the leader ends its terms for who refuses, as all know.")
    ] = 0.0


class Lever(Fact):
    """What a holder would withhold from a buyer that gets what it objects to."""

    by: StateName = Field(description="Who would withhold.")
    supplier: StateName
    recipient: StateName
    system: SystemName
    withholds: Annotated[
        tuple[str, ...], named("Offers that it would close, and hold up, to the buyer.", "offer")
    ]
    resolve: Annotated[Number, share("Chance that it does, as all know.")]
    from_: Annotated[str, Date("From when on; none: always.")] | None = Field(
        default=None, alias="from"
    )
    until: Annotated[str, Date("Until when, included; none: to the end.")] | None = None
