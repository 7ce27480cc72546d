"""What a bloc is at the start: its members, its rules and terms, and what is remembered in it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from sim.documents.leaves import Number, Range, named, nonnegative, positive, share
from sim.documents.tree import ByState, Fact, StateName, States, YamlBlock
from sim.documents.window import Date
from sim.scenario.schema.entities import MONEY, RATE, TENOR

ENGAGEMENT, BELIEF = 0.6, 0.5  # of members whose own are not given
OF_SOME: Any = Field(default_factory=dict)
OF_MEMBERS: Any = Field(default_factory=dict, validate_default=True)  # filled up by the validator


class DeliveryHistory(YamlBlock):
    """Deliveries of a member in the five years before the start."""

    members: Annotated[Number, nonnegative("To fellow members.", "TIV")]
    rivals: Annotated[Number, nonnegative("To rivals of members, weighted by the dispute.", "TIV")]


class CohesionWeights(YamlBlock):
    """What counts how much in a bloc's cohesion."""

    engagement: Annotated[Number, nonnegative("Weight of participation.")] = 1.0
    affinity: Annotated[Number, nonnegative("Weight of mutual regard.")] = 1.0
    belief: Annotated[Number, nonnegative("Weight of belief in aid.")] = 1.0


class Bloc(Fact):
    """A bloc of states with a leader."""

    leader: StateName = Field(
        description="Sells on terms; what harms a member restrains it only as far as that member "
        "could walk away."
    )
    members: States = Field(
        description="With the leader; to each other they are fellow members and, in what restrains "
        "sales, no longer friends."
    )
    candidates: States = Field((), description="States that may join by themselves.")
    frozen: States = Field((), description="Members that have frozen their part at the start.")
    commitment: Annotated[Number, share("How far the treaty binds members to help.")]
    scope: (
        Annotated[
            tuple[str, ...],
            named("States against which alone the treaty binds; none: all outside it.", "state"),
        ]
        | None
    ) = None
    area: (
        Annotated[
            tuple[str, ...],
            named("Members whose territory alone the treaty covers; none: all of them.", "state"),
        ]
        | None
    ) = None
    norm: Annotated[Number, Range("Weight of the norm against arming rivals.", low=0, high=5)]
    custom: (
        Annotated[Number, share("Offence of buying from members' rivals; none: no offence.")] | None
    ) = None
    pivotal: (
        Annotated[Number, share("How little friendship spares an attacker; none: wholly.")] | None
    ) = None
    inside: (
        Annotated[Number, share("Part that harm by arms for members counts; none: all.")] | None
    ) = None
    preference: Annotated[
        Number, Range("Discount on the leader's sales to members.", low=0, high=0.95)
    ] = 0.0
    credit: Annotated[Number, share("Share of the price on credit for members.")] = 0.0
    rate: Annotated[Number, Range("Interest.", unit="a year", low=0, high=0.5)] = RATE
    tenor: Annotated[Number, positive("Life of the credit.", "years")] = TENOR
    engagement: ByState[Annotated[Number, share("Real participation of a member.")]] = OF_MEMBERS
    belief: ByState[Annotated[Number, share("Belief that the bloc would aid a member.")]] = (
        OF_MEMBERS
    )
    rent: ByState[Annotated[Number, nonnegative("Gain from terms.", "years of import budget")]] = (
        OF_MEMBERS
    )
    grievance: ByState[Annotated[Number, nonnegative("Memory of harm by fellow members.")]] = (
        OF_MEMBERS
    )
    credit_lines: ByState[
        Annotated[Number, share("Share on credit for a member, if above `credit`.")]
    ] = OF_MEMBERS
    preferences: ByState[
        Annotated[Number, Range("Own discount, in place of `preference`.", low=0, high=0.95)]
    ] = OF_SOME
    credits: ByState[Annotated[Number, share("Own share on credit, for `credit`.")]] = OF_SOME
    coercion: Annotated[Number, share("How far the leader coerces a member that leaves.")] = 0.0
    credit_amounts: ByState[
        Annotated[Number, nonnegative("What may be drawn on the line; none: endless.", MONEY)]
    ] = OF_SOME
    credit_until: ByState[Annotated[str, Date("Last date of a member's line; none: for good.")]] = (
        OF_SOME
    )
    history: ByState[DeliveryHistory] = OF_SOME
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
