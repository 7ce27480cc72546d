"""Relations between states at the start: disputes, regard, trade, debts, embargoes, tables."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.blocks import Block, ByState, Note, Sources, StateName
from sim.scenario.leaves import Text
from sim.scenario.numbers import Number, Range


class Rivalry(Block):
    """Disputes that a state has with others."""

    with_: ByState[
        Annotated[Number, Range(unit="", low=0, high=1, doc="Dispute: 0 none, 1 the sharpest.")]
    ] = Field(alias="with")
    source: Sources
    note: Note | None = None


class Affinity(Block):
    """How a state regards others."""

    toward: ByState[
        Annotated[Number, Range(unit="", low=-1, high=1, doc="Regard: -1 enmity, 1 friendship.")]
    ]
    source: Sources
    note: Note | None = None


class Imports(Block):
    """What a state imported in the five years before the start."""

    from_: ByState[Annotated[Number, Range(unit="TIV", low=0, doc="Deliveries of a supplier.")]] = (
        Field(alias="from")
    )
    usd_per_tiv: Annotated[
        Number, Range(unit="M USD of 2016 per TIV", low=0, above=True, doc="Price level.")
    ] = 2.0
    source: Sources
    note: Note | None = None


class Refusals(Block):
    """Suppliers that refused a state of late."""

    by: ByState[Annotated[Number, Range(unit="", low=0, high=1, doc="Memory of a refusal.")]]
    source: Sources
    note: Note | None = None


class Debt(Block):
    """What one state owes another at the start."""

    debtor: StateName
    creditor: StateName
    amount: Annotated[Number, Range(unit="M USD of 2016", low=0, doc="Outstanding debt.")]
    rate: Annotated[Number, Range(unit="a year", low=0, high=0.5, doc="Interest.")] = 0.03
    tenor: Annotated[Number, Range(unit="years", low=0, above=True, doc="Years to run.")] = 13.0
    arrears: Annotated[Number, Range(unit="M USD of 2016", low=0, doc="Of that, overdue.")] = 0.0
    source: Sources
    note: Note | None = None


class Embargo(Block):
    """An embargo in force at the start."""

    supplier: StateName
    recipient: StateName
    source: Sources
    note: Note | None = None


class Table(Block):
    """A CSV file with the columns from, to and value."""

    file: Annotated[str, Text(doc="CSV file with the columns from,to,value.")]
    source: Sources
    note: Note | None = None


class Tables(Block):
    """Large dyadic tables; entries in mappings override them."""

    affinity: Table | None = None
    rivalry: Table | None = None
    distance: Table | None = None
