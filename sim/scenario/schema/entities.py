"""What exists at the start: states, blocs, systems, offers, arsenals, assets, and relations."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from sim.documents.leaves import Choice, Date, Flag, Number, Range, Ref, Text
from sim.documents.tree import ByState, BySystem, Fact, StateName, States, SystemName, YamlBlock
from sim.laws.finance import Finance

ENGAGEMENT, BELIEF = 0.6, 0.5  # of members whose own are not given
RATE, TENOR = float(Finance.rate), float(Finance.tenor)  # of credits whose own are not given
USD_PER_TIV = 2.0  # million USD a TIV, where nothing gives a price


class WeaponClass(Fact):
    """A class of weapon systems that fill the same need."""

    satiation: Annotated[
        Number,
        Range(unit="TIV", low=0, above=True, doc="Holdings beyond which more adds little."),
    ]
    life: Annotated[
        Number, Range(unit="years", low=0, above=True, doc="Mean service life of a unit.")
    ]
    role: Annotated[
        str,
        Choice(options=("ground", "strike", "air_defence", "other"), doc="What the class is for."),
    ]


class System(Fact):
    """A weapon system."""

    name: Annotated[str, Text(doc="The name as printed.")]
    class_: Annotated[str, Ref(kind="class", doc="Its class.")] = Field(alias="class")
    worth: Annotated[
        Number, Range(unit="TIV", low=0, doc="Worth of one new unit with its munitions.")
    ]
    range: Annotated[Number, Range(unit="km", low=0, doc="Range of fire.")] = 0.0
    cep: (
        Annotated[
            Number,
            Range(
                unit="m", low=0, above=True, doc="Circular error probable; none: no strike role."
            ),
        ]
        | None
    ) = None
    rounds: Annotated[Number, Range(unit="rounds", low=0, doc="Munitions a unit.")] = 1.0
    payload: Annotated[Number, Range(unit="kg", low=0, doc="Charge of one round.")] = 0.0
    reliability: Annotated[
        Number, Range(unit="", low=0, high=1, doc="Share of rounds that work.")
    ] = 0.9
    offence: Annotated[
        Number, Range(unit="", low=0, high=1, doc="How far the system serves attack.")
    ] = 0.5


class State(Fact):
    """A state at the start."""

    name: Annotated[str, Text(doc="The name as printed.")]
    latitude: Annotated[
        float,
        Range(unit="degrees", low=-90, high=90, plain=True, rides=False, doc="Of the capital."),
    ]
    longitude: Annotated[
        float,
        Range(unit="degrees", low=-180, high=180, plain=True, rides=False, doc="Of the capital."),
    ]
    gdp: Annotated[
        Number, Range(unit="M USD of 2016", low=0, above=True, doc="Gross domestic product.")
    ]
    growth: Annotated[
        Number, Range(unit="a year", low=-0.5, high=0.5, doc="Mean growth of the economy.")
    ] = 0.02
    burden: Annotated[Number, Range(unit="share of gdp", low=0, high=1, doc="Military spending.")]
    import_share: Annotated[
        Number,
        Range(unit="share of military spending", low=0, high=1, doc="Spent on arms imports."),
    ]
    fund: (
        Annotated[
            Number,
            Range(
                unit="M USD of 2016", low=0, doc="Set aside for arms; none: half a year's imports."
            ),
        ]
        | None
    ) = None
    reputation: Annotated[
        Number, Range(unit="", low=0, high=1, doc="Quality of what it has delivered.")
    ] = 0.7
    find: Annotated[
        Number, Range(unit="", low=0, high=1, doc="How well it finds another's launchers.")
    ] = 0.1
    export_scale: Annotated[
        Number,
        Range(unit="M USD of 2016", low=0, above=True, doc="Price at which a sale matters to it."),
    ] = 100.0
    neighbours: States = ()


class Offer(Fact):
    """A supplier's price and terms for a system."""

    supplier: StateName
    system: SystemName
    price: Annotated[
        Number, Range(unit="M USD of 2016 per batch", low=0, above=True, doc="Price of a batch.")
    ]
    batch: Annotated[Number, Range(unit="units", low=0, above=True, doc="Units in a batch.")]
    lag: Annotated[Number, Range(unit="years", low=0, doc="From order to last delivery.")]
    instalments: Annotated[
        int, Range(unit="", low=1, high=20, whole=True, rides=False, doc="Number of deliveries.")
    ] = 1
    defect: Annotated[
        Number, Range(unit="", low=0, high=1, doc="Chance that a delivery proves defective.")
    ] = 0.02
    condition: Annotated[
        str, Choice(options=("new", "refurbished", "second_hand"), doc="State of the units.")
    ] = "new"
    stock: (
        Annotated[Number, Range(unit="units", low=0, doc="Units left; none: no limit.")] | None
    ) = None
    opens: Annotated[str, Date(doc="First date of the offer.")] | None = None
    closes: Annotated[str, Date(doc="Last date of the offer.")] | None = None
    open: Annotated[bool, Flag(doc="Whether the offer stands at all.", mask=True)] = True
    licensors: States = ()
    components: States = ()


class DeliveryHistory(YamlBlock):
    """Deliveries of a member in the five years before the start."""

    members: Annotated[Number, Range(unit="TIV", low=0, doc="To fellow members.")]
    rivals: Annotated[
        Number, Range(unit="TIV", low=0, doc="To rivals of members, weighted by the dispute.")
    ]


class CohesionWeights(YamlBlock):
    """What counts how much in a bloc's cohesion."""

    engagement: Annotated[Number, Range(unit="", low=0, doc="Weight of participation.")] = 1.0
    affinity: Annotated[Number, Range(unit="", low=0, doc="Weight of mutual regard.")] = 1.0
    belief: Annotated[Number, Range(unit="", low=0, doc="Weight of belief in aid.")] = 1.0


class Bloc(Fact):
    """A bloc of states with a leader."""

    leader: StateName
    members: States
    commitment: Annotated[
        Number, Range(unit="", low=0, high=1, doc="How far the treaty binds members to help.")
    ]
    norm: Annotated[
        Number, Range(unit="", low=0, high=5, doc="Weight of the norm against arming rivals.")
    ]
    preference: Annotated[
        Number, Range(unit="", low=0, high=0.95, doc="Discount on the leader's sales to members.")
    ] = 0.0
    credit: Annotated[
        Number, Range(unit="", low=0, high=1, doc="Share of the price on credit for members.")
    ] = 0.0
    rate: Annotated[Number, Range(unit="a year", low=0, high=0.5, doc="Interest.")] = RATE
    tenor: Annotated[Number, Range(unit="years", low=0, above=True, doc="Life of the credit.")] = (
        TENOR
    )
    engagement: ByState[
        Annotated[Number, Range(unit="", low=0, high=1, doc="Real participation of a member.")]
    ] = Field(default_factory=dict, validate_default=True)
    belief: ByState[
        Annotated[
            Number, Range(unit="", low=0, high=1, doc="Belief that the bloc would aid a member.")
        ]
    ] = Field(default_factory=dict, validate_default=True)
    rent: ByState[
        Annotated[Number, Range(unit="years of import budget", low=0, doc="Gain from terms.")]
    ] = Field(default_factory=dict, validate_default=True)
    grievance: ByState[
        Annotated[Number, Range(unit="", low=0, doc="Memory of harm by fellow members.")]
    ] = Field(default_factory=dict, validate_default=True)
    credit_lines: ByState[
        Annotated[
            Number,
            Range(unit="", low=0, high=1, doc="Share on credit for a member, if above `credit`."),
        ]
    ] = Field(default_factory=dict, validate_default=True)
    history: ByState[DeliveryHistory] = Field(default_factory=dict)
    cohesion: CohesionWeights = Field(default_factory=CohesionWeights)

    @field_validator("engagement", "belief", "rent", "grievance", "credit_lines", mode="after")
    @classmethod
    def _every_member(cls, numbers: dict[str, Number], info: Any) -> dict[str, Number]:
        """Return the numbers of every member: those given, else the default."""
        default = {"engagement": ENGAGEMENT, "belief": BELIEF}.get(str(info.field_name), 0.0)
        full = dict.fromkeys(info.data.get("members", ()), default) | numbers
        leader = info.data.get("leader")
        if info.field_name == "engagement" and leader is not None and leader not in numbers:
            full[leader] = 1.0  # a leader's own stays 1
        return dict(sorted(full.items()))


class Arsenal(Fact):
    """Units that a state holds at the start."""

    units: BySystem[Annotated[Number, Range(unit="units", low=0, doc="Serviceable units.")]]


class Asset(Fact):
    """High-value infrastructure of a state, aggregated; never a place."""

    owner: StateName
    value: Annotated[
        Number, Range(unit="", low=0, high=1, doc="Share of the owner's value; they sum to 1.")
    ]
    radius: Annotated[Number, Range(unit="m", low=0, above=True, doc="Extent of the asset.")]
    hardness: Annotated[
        Number, Range(unit="hits", low=0, above=True, doc="Hits that destroy 63 % of it.")
    ]
    distance: ByState[
        Annotated[Number, Range(unit="km", low=0, doc="From an attacker, else capital to capital.")]
    ] = Field(default_factory=dict)


class Rivalry(Fact):
    """Disputes that a state has with others."""

    with_: ByState[
        Annotated[Number, Range(unit="", low=0, high=1, doc="Dispute: 0 none, 1 the sharpest.")]
    ] = Field(alias="with")


class Affinity(Fact):
    """How a state regards others."""

    toward: ByState[
        Annotated[Number, Range(unit="", low=-1, high=1, doc="Regard: -1 enmity, 1 friendship.")]
    ]


class Imports(Fact):
    """What a state imported in the five years before the start."""

    from_: ByState[Annotated[Number, Range(unit="TIV", low=0, doc="Deliveries of a supplier.")]] = (
        Field(alias="from")
    )
    usd_per_tiv: Annotated[
        Number, Range(unit="M USD of 2016 per TIV", low=0, above=True, doc="Price level.")
    ] = USD_PER_TIV


class Refusals(Fact):
    """Suppliers that refused a state of late."""

    by: ByState[Annotated[Number, Range(unit="", low=0, high=1, doc="Memory of a refusal.")]]


class Debt(Fact):
    """What one state owes another at the start."""

    debtor: StateName
    creditor: StateName
    amount: Annotated[Number, Range(unit="M USD of 2016", low=0, doc="Outstanding debt.")]
    rate: Annotated[Number, Range(unit="a year", low=0, high=0.5, doc="Interest.")] = RATE
    tenor: Annotated[Number, Range(unit="years", low=0, above=True, doc="Years to run.")] = TENOR
    arrears: Annotated[Number, Range(unit="M USD of 2016", low=0, doc="Of that, overdue.")] = 0.0


class Embargo(Fact):
    """An embargo in force at the start."""

    supplier: StateName
    recipient: StateName


class DyadicTable(Fact):
    """A CSV file with the columns from, to and value."""

    file: Annotated[
        str, Text(doc="CSV file with the columns from,to,value, about states of the scenario.")
    ]


class DyadicTables(YamlBlock):
    """Large dyadic tables; entries in mappings override them."""

    affinity: DyadicTable | None = None
    rivalry: DyadicTable | None = None
    distance: DyadicTable | None = None
