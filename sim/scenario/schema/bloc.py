"""A bloc at the start: its members, rules and terms, and the memories of its members."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from sim.documents.leaves import Choice, Number, Range, named, nonnegative, positive, share
from sim.documents.tree import ByState, Fact, OneOf, StateName, States, YamlBlock
from sim.documents.window import Date
from sim.scenario.schema.entities import MONEY, RATE, TENOR

ENGAGEMENT, BELIEF = 0.6, 0.5  # for members without their own
OF_SOME: Any = Field(default_factory=dict)
OF_MEMBERS: Any = Field(default_factory=dict, validate_default=True)  # filled up by the validator


REST = "rest"


class RestingStart(dict[str, Number]):
    """Engagement that starts where it does not drift; its levels are found as a world is built."""


def _form(value: Any) -> str:
    return "word" if isinstance(value, str) else "levels"


Start = Annotated[
    Any,
    OneOf(
        tag_of=_form,
        options=(
            ("word", Annotated[str, Choice("Where engagement does not drift.", (REST,))]),
            ("levels", ByState[Annotated[Number, share("Actual participation of a member.")]]),
        ),
        doc="Actual participation of members, 0 to 1, as a mapping NAME: number; or `rest`: each "
        "starts at the level from which it does not drift by itself.",
    ),
]


class DeliveryHistory(YamlBlock):
    """Deliveries of a member in the five years before the start."""

    members: Annotated[Number, nonnegative("To fellow members.", "TIV")]
    rivals: Annotated[
        Number, nonnegative("To rivals of fellow members, weighted by the dispute.", "TIV")
    ]


class CohesionWeights(YamlBlock):
    """Weights of the parts of a bloc's cohesion."""

    engagement: Annotated[Number, nonnegative("Weight of participation.")] = 1.0
    affinity: Annotated[Number, nonnegative("Weight of mutual regard.")] = 1.0
    belief: Annotated[Number, nonnegative("Weight of belief in aid.")] = 1.0


class Bloc(Fact):
    """A bloc of states with a leader."""

    leader: StateName = Field(
        description="Sells on terms to members; harm to a member restrains it only as far as that "
        "member could leave."
    )
    members: States = Field(
        description="Members, the leader included. A fellow member's disputes restrain sales by "
        "the norm of the bloc, no longer by friendship."
    )
    candidates: States = Field((), description="States that may decide to join during the run.")
    frozen: States = Field(
        (), description="Members that have frozen their membership at the start."
    )
    commitment: Annotated[Number, share("How far the treaty obliges members to help each other.")]
    scope: (
        Annotated[
            tuple[str, ...],
            named(
                "The only states against which the treaty applies; default: all outside the bloc.",
                "state",
            ),
        ]
        | None
    ) = None
    area: (
        Annotated[
            tuple[str, ...],
            named("The only members whose territory the treaty covers; default: all.", "state"),
        ]
        | None
    ) = None
    norm: Annotated[
        Number, Range("Strength of the norm against arming fellow members' rivals.", low=0, high=5)
    ]
    custom: (
        Annotated[
            Number,
            share(
                "Strength of the norm against buying from fellow members' rivals; default: no "
                "such norm."
            ),
        ]
        | None
    ) = None
    pivotal: (
        Annotated[
            Number,
            share(
                "Share of a member's friendship with an attacker that it ignores when asked for "
                "aid."
            ),
        ]
        | None
    ) = None
    inside: (
        Annotated[
            Number,
            share(
                "Share of the harm to a member that counts if the arms go to another member; "
                "default: all."
            ),
        ]
        | None
    ) = None
    preference: Annotated[
        Number, Range("Discount of the leader on sales to members.", low=0, high=0.95)
    ] = 0.0
    credit: Annotated[Number, share("Share of the price on credit for members.")] = 0.0
    rate: Annotated[Number, Range("Interest.", unit="a year", low=0, high=0.5)] = RATE
    tenor: Annotated[Number, positive("Term of the credit.", "years")] = TENOR
    engagement: Start = OF_MEMBERS
    belief: ByState[
        Annotated[Number, share("Belief of a member that the bloc would come to its aid.")]
    ] = OF_MEMBERS
    rent: ByState[
        Annotated[
            Number,
            nonnegative("Gain of a member from the leader's terms.", "years of import budget"),
        ]
    ] = OF_MEMBERS
    grievance: ByState[
        Annotated[Number, nonnegative("Remembered harm done to a member by fellow members.")]
    ] = OF_MEMBERS
    credit_lines: ByState[
        Annotated[Number, share("Share of the price on credit for a member, if above `credit`.")]
    ] = OF_MEMBERS
    preferences: ByState[
        Annotated[
            Number, Range("Discount for a member, in place of `preference`.", low=0, high=0.95)
        ]
    ] = OF_SOME
    credits: ByState[
        Annotated[Number, share("Share on credit for a member, in place of `credit`.")]
    ] = OF_SOME
    coercion: Annotated[Number, share("How strongly the leader coerces a member that leaves.")] = (
        0.0
    )
    credit_amounts: ByState[
        Annotated[Number, nonnegative("Limit of a member's credit line; default: no limit.", MONEY)]
    ] = OF_SOME
    credit_until: ByState[
        Annotated[str, Date("Last date of a member's credit line; default: no end.")]
    ] = OF_SOME
    history: ByState[DeliveryHistory] = OF_SOME
    cohesion: CohesionWeights = Field(default_factory=CohesionWeights)

    @field_validator("engagement", "belief", "rent", "grievance", "credit_lines", mode="after")
    @classmethod
    def _every_member(cls, numbers: Any, info: Any) -> dict[str, Number]:
        """Return the numbers of every member: those given, otherwise the default."""
        if numbers == REST:
            levels = dict.fromkeys(info.data.get("members", ()), ENGAGEMENT)
            return RestingStart(sorted((levels | {info.data.get("leader", ""): 1.0}).items()))
        default = {"engagement": ENGAGEMENT, "belief": BELIEF}.get(str(info.field_name), 0.0)
        full = dict.fromkeys(info.data.get("members", ()), default) | numbers
        leader = info.data.get("leader")
        if info.field_name == "engagement" and leader is not None and leader not in numbers:
            full[leader] = 1.0  # a leader's own stays 1
        return dict(sorted(full.items()))
