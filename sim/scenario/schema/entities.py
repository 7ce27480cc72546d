"""What exists at the start: states, blocs, systems, offers, arsenals, assets, and relations."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.documents.leaves import (
    Choice,
    Flag,
    Number,
    Range,
    Ref,
    Text,
    named,
    nonnegative,
    party,
    positive,
    share,
)
from sim.documents.tree import (
    ByState,
    BySystem,
    Fact,
    Parties,
    StateName,
    States,
    SystemName,
    YamlBlock,
)
from sim.documents.window import Date
from sim.laws.finance import Finance

MONEY = "M USD of 2016"
RATE, TENOR = float(Finance.rate), float(Finance.tenor)  # of credits whose own are not given
PACKED = 4  # batches that an order may have, where the offer does not say how many units
USD_PER_TIV = 2.0  # million USD a TIV, where nothing gives a price


class WeaponClass(Fact):
    """A class of weapon systems that fill the same need."""

    satiation: Annotated[Number, positive("Holdings beyond which more adds little.", "TIV")]
    life: Annotated[Number, positive("Mean service life of a unit.", "years")]
    role: Annotated[
        str, Choice("What the class is for.", ("ground", "strike", "air_defence", "other"))
    ]


class System(Fact):
    """A weapon system."""

    name: Annotated[str, Text("The name as printed.")]
    class_: Annotated[str, Ref("Its class.", ("class",))] = Field(alias="class")
    worth: Annotated[Number, nonnegative("Worth of one new unit with its munitions.", "TIV")]
    range: Annotated[Number, nonnegative("Range of fire.", "km")] = 0.0
    cep: (
        Annotated[Number, positive("Circular error probable; none: no strike role.", "m")] | None
    ) = None
    rounds: Annotated[Number, nonnegative("Munitions a unit.", "rounds")] = 1.0
    payload: Annotated[Number, nonnegative("Charge of one round.", "kg")] = 0.0
    reliability: Annotated[Number, share("Share of rounds that work.")] = 0.9
    offence: Annotated[Number, share("How far the system serves attack.")] = 0.5
    expended: (
        Annotated[
            Number,
            share("Of units that reach the other's assets, those that a war fires away."),
        ]
        | None
    ) = None
    family: (
        Annotated[str, Text("Of designs: who holds one of them knows the makers of the others.")]
        | None
    ) = None


class State(Fact):
    """A state at the start."""

    name: Annotated[str, Text("The name as printed.")]
    latitude: Annotated[
        float, Range("Of the capital.", unit="degrees", low=-90, high=90, plain=True, rides=False)
    ]
    longitude: Annotated[
        float, Range("Of the capital.", unit="degrees", low=-180, high=180, plain=True, rides=False)
    ]
    gdp: Annotated[Number, positive("Gross domestic product.", MONEY)]
    growth: Annotated[
        Number, Range("Mean growth of the economy.", unit="a year", low=-0.5, high=0.5)
    ] = 0.02
    burden: Annotated[Number, share("Military spending.", "share of gdp")]
    reference_insecurity: (
        Annotated[
            Number, positive("Insecurity that its burden answers to; none: that at the start.")
        ]
        | None
    ) = None
    import_share: Annotated[Number, share("Spent on arms imports.", "share of military spending")]
    fund: (
        Annotated[Number, nonnegative("Set aside for arms; none: half a year's imports.", MONEY)]
        | None
    ) = None
    reputation: Annotated[Number, share("Quality of what it has delivered.")] = 0.7
    find: Annotated[Number, share("How well it finds another's launchers.")] = 0.1
    export_scale: Annotated[Number, positive("Price at which a sale matters to it.", MONEY)] = 100.0
    neighbours: States = Field(
        (), description="Bordering states; by whom a state without rivals measures its need."
    )


class Offer(Fact):
    """A supplier's price and terms for a system."""

    supplier: StateName
    system: SystemName
    price: Annotated[Number, positive("Price of a batch.", "M USD of 2016 per batch")]
    batch: Annotated[Number, positive("Units for which the price is quoted.", "units")]
    most: (
        Annotated[Number, positive("Units of an order at most; none: 4 batches.", "units")] | None
    ) = None
    least: Annotated[Number, positive("Units that are sold at least.", "units")] = 1.0
    lag: Annotated[Number, nonnegative("From order to last delivery.", "years")]
    instalments: Annotated[
        int, Range("Number of deliveries.", low=1, high=20, whole=True, rides=False)
    ] = 1
    defect: Annotated[Number, share("Chance that a delivery proves defective.")] = 0.02
    condition: Annotated[
        str, Choice("State of the units.", ("new", "refurbished", "second_hand"))
    ] = "new"
    stock: Annotated[Number, nonnegative("Units left; none: no limit.", "units")] | None = None
    opens: Annotated[str, Date("First date of the offer.")] | None = None
    closes: Annotated[str, Date("Last date of the offer.")] | None = None
    open: Annotated[bool, Flag("Whether the offer stands at all.", mask=True)] = True
    to: (
        Annotated[Parties, party("To whom alone it is made: states and blocs; none: to all.")]
        | None
    ) = None
    not_to: Annotated[Parties, party("To whom it is not made, whatever `to` says.")] | None = None
    licensors: States = Field((), description="States whose licence it needs: each has a say.")
    components: States = Field((), description="States that make parts of it: each has a say.")
    discount: (
        Annotated[
            Number,
            Range(
                "Part of the price waived, whoever buys; none: as the bloc has it.",
                low=0,
                high=0.95,
            ),
        ]
        | None
    ) = None
    credit: (
        Annotated[Number, share("Share of the price on credit; none: as the bloc has it.")] | None
    ) = None
    rate: (
        Annotated[
            Number, Range("Interest on it; none: that on the debt.", unit="a year", low=0, high=0.5)
        ]
        | None
    ) = None
    tenor: (
        Annotated[Number, positive("Life of the credit; none: that of the debt.", "years")] | None
    ) = None
    offset: Annotated[
        Number, share("Share of the value that the supplier spends in the buyer's country.")
    ] = 0.0
    no_say: (
        Annotated[
            tuple[str, ...],
            named("States of components that are not asked for consent.", "state"),
        ]
        | None
    ) = None


class Arsenal(Fact):
    """Units that a state holds at the start."""

    units: BySystem[Annotated[Number, nonnegative("Serviceable units.", "units")]]


class Asset(Fact):
    """High-value infrastructure of a state, aggregated; never a place."""

    owner: StateName
    value: Annotated[Number, share("Share of the owner's value; they sum to 1.")]
    radius: Annotated[Number, positive("Extent of the asset.", "m")]
    hardness: Annotated[Number, positive("Hits that destroy 63 % of it.", "hits")]
    distance: ByState[
        Annotated[Number, nonnegative("From an attacker, else capital to capital.", "km")]
    ] = Field(default_factory=dict)


class Rivalry(Fact):
    """Disputes that a state has with others."""

    with_: ByState[Annotated[Number, share("Dispute: 0 none, 1 the sharpest.")]] = Field(
        alias="with"
    )


class Affinity(Fact):
    """How a state regards others."""

    toward: ByState[Annotated[Number, Range("Regard: -1 enmity, 1 friendship.", low=-1, high=1)]]


class Imports(Fact):
    """What a state imported in the five years before the start."""

    from_: ByState[Annotated[Number, nonnegative("Deliveries of a supplier.", "TIV")]] = Field(
        alias="from"
    )
    usd_per_tiv: Annotated[Number, positive("Price level.", "M USD of 2016 per TIV")] = USD_PER_TIV


class Refusals(Fact):
    """Suppliers that refused a state of late."""

    by: ByState[Annotated[Number, share("Memory of a refusal.")]]


class Debt(Fact):
    """What one state owes another at the start."""

    debtor: StateName
    creditor: StateName
    amount: Annotated[Number, nonnegative("Outstanding debt.", MONEY)]
    rate: Annotated[Number, Range("Interest.", unit="a year", low=0, high=0.5)] = RATE
    tenor: Annotated[Number, positive("Years to run.", "years")] = TENOR
    arrears: Annotated[Number, nonnegative("Of that, overdue.", MONEY)] = 0.0
    arms: Annotated[Number, share("Part of it that was lent for arms.")] = 0.0


class Embargo(Fact):
    """An embargo in force at the start: on what suppliers sell, license or build parts of."""

    supplier: Annotated[Parties, party("Who bans: states, and blocs for their members of the day.")]
    recipient: Annotated[Parties, party("Whom it hits: states and blocs.")]


class OrderUnderWay(Fact):
    """An order made before the start that has not come in full."""

    offer: Annotated[str, Ref("Offer under which it was made.", ("offer",))]
    recipient: StateName
    units: Annotated[Number, positive("Ordered in all.", "units")]
    ordered: Annotated[str, Date("When it was made.")]
    due: Annotated[str, Date("When the last delivery is planned.")]
    left: (
        Annotated[
            int, Range("Deliveries to come; none: all.", low=1, high=20, whole=True, rides=False)
        ]
        | None
    ) = None
    value: Annotated[Number, nonnegative("Contract value; none: as listed.", MONEY)] | None = None
    credit: Annotated[Number, share("Share of the value on credit.")] = 0.0
    paid: (
        Annotated[Number, nonnegative("Paid or lent so far; none: by the law of contract.", MONEY)]
        | None
    ) = None


class DeliveryThreat(Fact):
    """A state that threatens a buyer, should what it has ordered come."""

    by: StateName = Field(description="Who threatens.")
    supplier: StateName
    recipient: StateName
    system: SystemName
    resolve: Annotated[Number, share("What backing down would cost it, of the whole prize.")]
    from_: Annotated[str, Date("From when on; none: always.")] | None = Field(
        default=None, alias="from"
    )
    until: Annotated[str, Date("Until when, included; none: to the end.")] | None = None


class DyadicTable(Fact):
    """A CSV file with the columns from, to and value."""

    file: Annotated[
        str, Text("CSV file with the columns from,to,value, about states of the scenario.")
    ]


class DyadicTables(YamlBlock):
    """Large dyadic tables; entries in mappings override them."""

    affinity: DyadicTable | None = None
    rivalry: DyadicTable | None = None
    distance: DyadicTable | None = None
