"""Entities at the start: states, systems, offers, arsenals, assets, and relations."""

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
RATE, TENOR = float(Finance.rate), float(Finance.tenor)  # for credits without their own
PACKED = 4  # most batches in an order, where the offer does not give a number of units
USD_PER_TIV = 2.0  # million USD a TIV, where there is no price


class WeaponClass(Fact):
    """A class of weapon systems that fill the same need."""

    satiation: Annotated[
        Number, positive("Size of holdings beyond which more units add little.", "TIV")
    ]
    life: Annotated[Number, positive("Mean service life of a unit.", "years")]
    role: Annotated[
        str, Choice("Purpose of the class.", ("ground", "strike", "air_defence", "other"))
    ]


class System(Fact):
    """A weapon system."""

    name: Annotated[str, Text("Name as printed.")]
    class_: Annotated[str, Ref("Class of the system.", ("class",))] = Field(alias="class")
    worth: Annotated[Number, nonnegative("Worth of one new unit with its munitions.", "TIV")]
    range: Annotated[Number, nonnegative("Firing range.", "km")] = 0.0
    cep: (
        Annotated[Number, positive("Circular error probable; default: no strike role.", "m")] | None
    ) = None
    rounds: Annotated[Number, nonnegative("Munitions per unit.", "rounds")] = 1.0
    payload: Annotated[Number, nonnegative("Warhead of one round.", "kg")] = 0.0
    reliability: Annotated[Number, share("Share of rounds that work.")] = 0.9
    offence: Annotated[Number, share("How far the system serves attack rather than defence.")] = 0.5
    expended: (
        Annotated[
            Number,
            share("Share of the units that reach the adversary's assets that a war uses up."),
        ]
        | None
    ) = None
    family: (
        Annotated[
            str,
            Text(
                "Family of designs: a holder of one system is familiar with the makers of the "
                "others."
            ),
        ]
        | None
    ) = None


class State(Fact):
    """A state at the start."""

    name: Annotated[str, Text("Name as printed.")]
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
            Number,
            positive("Insecurity from which its burden is adjusted; default: that at the start."),
        ]
        | None
    ) = None
    import_share: Annotated[
        Number, share("Spending on arms imports.", "share of military spending")
    ]
    fund: (
        Annotated[
            Number,
            nonnegative("Money set aside for arms; default: half a year's import budget.", MONEY),
        ]
        | None
    ) = None
    reputation: Annotated[Number, share("Reputation for the quality of its deliveries.")] = 0.7
    find: Annotated[Number, share("Ability to find an adversary's launchers.")] = 0.1
    export_scale: Annotated[
        Number, positive("Price at which a sale matters to it as a supplier.", MONEY)
    ] = 100.0
    neighbours: States = Field(
        (),
        description="Bordering states; a state without rivals measures its need for arms by them.",
    )


class Offer(Fact):
    """A supplier's price and terms for a system."""

    supplier: StateName
    system: SystemName
    price: Annotated[Number, positive("Price of one batch.", "M USD of 2016 per batch")]
    batch: Annotated[Number, positive("Number of units for which the price is quoted.", "units")]
    most: (
        Annotated[
            Number, positive("Largest number of units in an order; default: 4 batches.", "units")
        ]
        | None
    ) = None
    least: Annotated[Number, positive("Smallest number of units in an order.", "units")] = 1.0
    lag: Annotated[Number, nonnegative("Time from the order to the last delivery.", "years")]
    instalments: Annotated[
        int, Range("Number of deliveries.", low=1, high=20, whole=True, rides=False)
    ] = 1
    defect: Annotated[Number, share("Probability that a delivery is defective.")] = 0.02
    condition: Annotated[
        str, Choice("Condition of the units.", ("new", "refurbished", "second_hand"))
    ] = "new"
    stock: (
        Annotated[Number, nonnegative("Number of units left; default: no limit.", "units")] | None
    ) = None
    opens: Annotated[str, Date("First date of the offer.")] | None = None
    closes: Annotated[str, Date("Last date of the offer.")] | None = None
    open: Annotated[bool, Flag("Whether the offer is open at all.", mask=True)] = True
    to: (
        Annotated[Parties, party("The only states and blocs that may buy; default: all.")] | None
    ) = None
    not_to: (
        Annotated[Parties, party("States and blocs that may not buy, even if `to` includes them.")]
        | None
    ) = None
    licensors: States = Field((), description="States whose licence it needs; each must consent.")
    components: States = Field(
        (), description="States that make components of it; each must consent."
    )
    discount: (
        Annotated[
            Number,
            Range(
                "Discount for every buyer; default: as set by the bloc.",
                low=0,
                high=0.95,
            ),
        ]
        | None
    ) = None
    credit: (
        Annotated[Number, share("Share of the price on credit; default: as set by the bloc.")]
        | None
    ) = None
    rate: (
        Annotated[
            Number,
            Range(
                "Interest on the credit; default: that on the debt.", unit="a year", low=0, high=0.5
            ),
        ]
        | None
    ) = None
    tenor: (
        Annotated[Number, positive("Term of the credit; default: that of the debt.", "years")]
        | None
    ) = None
    offset: Annotated[
        Number,
        share("Share of the value that the supplier spends in the buyer's country (offsets)."),
    ] = 0.0
    no_say: (
        Annotated[
            tuple[str, ...],
            named("States listed under `components` whose consent is not needed.", "state"),
        ]
        | None
    ) = None


class Arsenal(Fact):
    """Units that a state holds at the start."""

    units: BySystem[Annotated[Number, nonnegative("Number of serviceable units.", "units")]]


class Asset(Fact):
    """High-value infrastructure of a state, aggregated and without locations."""

    owner: StateName
    value: Annotated[Number, share("Share of the owner's total value; the shares sum to 1.")]
    radius: Annotated[Number, positive("Radius of the asset.", "m")]
    hardness: Annotated[Number, positive("Number of hits that destroy 63 % of it.", "hits")]
    distance: ByState[
        Annotated[
            Number, nonnegative("Distance from an attacker; default: between capitals.", "km")
        ]
    ] = Field(default_factory=dict)


class Rivalry(Fact):
    """Disputes that a state has with others."""

    with_: ByState[
        Annotated[Number, share("Intensity of the dispute: 0 is none, 1 the greatest.")]
    ] = Field(alias="with")


class Affinity(Fact):
    """How a state regards others."""

    toward: ByState[
        Annotated[Number, Range("Regard: from -1 (enmity) to 1 (friendship).", low=-1, high=1)]
    ]


class Imports(Fact):
    """Arms imports of a state in the five years before the start."""

    from_: ByState[Annotated[Number, nonnegative("Deliveries by a supplier.", "TIV")]] = Field(
        alias="from"
    )
    usd_per_tiv: Annotated[Number, positive("Price level.", "M USD of 2016 per TIV")] = USD_PER_TIV


class Refusals(Fact):
    """Suppliers that recently refused a state."""

    by: ByState[Annotated[Number, share("Memory of a refusal.")]]


class Debt(Fact):
    """Debt of one state to another at the start."""

    debtor: StateName
    creditor: StateName
    amount: Annotated[Number, nonnegative("Outstanding debt.", MONEY)]
    rate: Annotated[Number, Range("Interest.", unit="a year", low=0, high=0.5)] = RATE
    tenor: Annotated[Number, positive("Remaining term.", "years")] = TENOR
    arrears: Annotated[Number, nonnegative("Part of it that is overdue.", MONEY)] = 0.0
    arms: Annotated[Number, share("Part of it that was lent for arms.")] = 0.0


class Embargo(Fact):
    """An embargo at the start, on systems that suppliers sell, license or make parts of."""

    supplier: Annotated[Parties, party("States that impose it, and blocs (their current members).")]
    recipient: Annotated[Parties, party("States and blocs that it is imposed on.")]


class OrderUnderWay(Fact):
    """An order made before the start that is not fully delivered."""

    offer: Annotated[str, Ref("Offer under which it was placed.", ("offer",))]
    recipient: StateName
    units: Annotated[Number, positive("Total number of units ordered.", "units")]
    ordered: Annotated[str, Date("Date of the order.")]
    due: Annotated[str, Date("Planned date of the last delivery.")]
    left: (
        Annotated[
            int,
            Range(
                "Number of deliveries left; default: all.", low=1, high=20, whole=True, rides=False
            ),
        ]
        | None
    ) = None
    value: (
        Annotated[Number, nonnegative("Contract value; default: by the price of the offer.", MONEY)]
        | None
    ) = None
    credit: Annotated[Number, share("Share of the value on credit.")] = 0.0
    paid: (
        Annotated[
            Number, nonnegative("Paid or lent so far; default: by the law of contract.", MONEY)
        ]
        | None
    ) = None


class DeliveryThreat(Fact):
    """A threat by a state against a buyer, should its order be delivered."""

    by: StateName = Field(description="State that makes the threat.")
    supplier: StateName
    recipient: StateName
    system: SystemName
    resolve: Annotated[Number, share("Cost to it of backing down, as a share of the prize.")]
    from_: Annotated[str, Date("First date; default: from the start.")] | None = Field(
        default=None, alias="from"
    )
    until: Annotated[str, Date("Last date, included; default: to the end.")] | None = None


class DyadicTable(Fact):
    """A CSV file with the columns from, to and value."""

    file: Annotated[
        str, Text("CSV file with the columns from,to,value, for states of the scenario.")
    ]


class DyadicTables(YamlBlock):
    """Large dyadic tables; entries in mappings override them."""

    affinity: DyadicTable | None = None
    rivalry: DyadicTable | None = None
    distance: DyadicTable | None = None
