"""Events: interventions at a date or on a condition, each of one kind."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.documents.leaves import (
    Flag,
    Number,
    PathText,
    Range,
    Ref,
    Text,
    named,
    nonnegative,
    party,
    positive,
    refuse,
    share,
    value_of,
)
from sim.documents.nodes import DottedPath
from sim.documents.tree import (
    EachBloc,
    EachState,
    Fact,
    Parties,
    StateName,
    SystemName,
    YamlBlock,
)
from sim.documents.window import Date
from sim.kernel.array_fields import arrays_of
from sim.kernel.words import either, number
from sim.kernel.world import World
from sim.scenario.schema.dealings import BurdenCall, DebtRelief, Loan
from sim.scenario.schema.entities import MONEY

Units = Annotated[Number, positive("Number of units.", "units")]


class Transfer(YamlBlock):
    """A transfer at the date from the giver's arsenal, of as many units as it has."""

    supplier: EachState
    recipient: EachState
    system: SystemName
    units: Units
    value: Annotated[Number, nonnegative("Price paid for it.", MONEY)] = 0.0


class ForcedOrder(YamlBlock):
    """A forced order, without consent or objection and not limited by the offer's stock."""

    supplier: EachState
    recipient: EachState
    system: SystemName
    units: Units


class SaleRequest(YamlBlock):
    """A request at the date, which needs consent and may meet objections."""

    supplier: EachState
    recipient: EachState
    system: SystemName


class EmbargoChange(YamlBlock):
    """The start or end of an embargo; if it names offers, only of those."""

    supplier: Annotated[Parties, party("States that impose it, and blocs (their current members).")]
    recipient: Annotated[Parties, party("States and blocs that it is imposed on.")]
    offers: (
        Annotated[
            tuple[str, ...],
            named("The only offers that it closes; default: all.", "offer"),
        ]
        | None
    ) = None
    lift: Annotated[bool, Flag("Whether it ends; offers then reopen.")] = False
    pipeline: Annotated[
        bool, Flag("Whether it also halts orders under way; not with `offers` or `lift`.")
    ] = False

    @model_validator(mode="after")
    def _whole(self) -> EmbargoChange:
        if self.pipeline and (self.lift or self.offers):
            refuse(
                "pipeline is only for the start of an embargo on all offers: leave it out with "
                "offers or lift (the end releases halted orders)",
                "pipeline",
            )
        return self


class SanctionChange(YamlBlock):
    """Sanctions on trade, or their end; both sides lose output."""

    by: Annotated[
        tuple[str, ...], party("States that impose them, and blocs (their members at the start).")
    ]
    against: Annotated[tuple[str, ...], party("States and blocs that they are imposed on.")]
    cut: Annotated[Number, share("Share of the trade that is cut; 0 ends the sanctions.")] = 1.0


class _UnderWay(YamlBlock):
    """A sale whose orders are under way."""

    supplier: EachState
    recipient: EachState
    system: SystemName


class Cancellation(_UnderWay):
    """The end of all orders of a sale that are under way."""


class Suspension(_UnderWay):
    """A halt of all orders of a sale under way, or the end of a halt."""

    lift: Annotated[bool, Flag("Whether the orders resume.")] = False


class Diversion(_UnderWay):
    """A diversion: another state takes over all orders of a sale under way, and pays for them."""

    to: StateName


class ThreatChange(_UnderWay):
    """A threat by a state against the delivery of a sale until it is lifted, or its end."""

    by: EachState
    resolve: (
        Annotated[Number, share("Cost to it of backing down, as a share of the prize.")] | None
    ) = None
    lift: Annotated[bool, Flag("Whether the threat ends.")] = False

    @model_validator(mode="after")
    def _made_or_lifted(self) -> ThreatChange:
        if self.lift and self.resolve is not None:
            refuse("a threat that is lifted has no resolve: remove it", "resolve")
        if not self.lift and self.resolve is None:
            refuse("needs a resolve, or lift: true", "resolve")
        return self


class MembershipChange(YamlBlock):
    """A state that joins a bloc, or leaves it."""

    state: EachState
    bloc: EachBloc
    member: Annotated[bool, Flag("Whether it is a member from this date on.")]


class Exclusion(YamlBlock):
    """The exclusion of a member from a bloc's meetings, terms and aid, or its readmission."""

    state: EachState
    bloc: EachBloc
    lift: Annotated[bool, Flag("Whether it is readmitted.")] = False


class _Move(YamlBlock):
    """A change of a state's relation to another: by a step, or to a value."""

    state: EachState
    toward: EachState

    @model_validator(mode="after")
    def _one_of_two(self) -> _Move:
        change, value = getattr(self, "change", None), getattr(self, "value", None)
        if (change is None) == (value is None):
            refuse("needs exactly one of change and value", "change", "value")
        return self


class RivalryMove(_Move):
    """A change of the dispute that a state has with another."""

    change: Annotated[Number, Range("Change, up or down.", low=-1, high=1)] | None = None
    value: Annotated[Number, share("New intensity of the dispute.")] | None = None


class AffinityMove(_Move):
    """A change of how a state regards another."""

    change: Annotated[Number, Range("Change, up or down.", low=-2, high=2)] | None = None
    value: Annotated[Number, Range("New regard.", low=-1, high=1)] | None = None
    lasting: Annotated[
        Number,
        share("Share of the change that lasts: it also moves the base of regard."),
    ] = 0.0


class SponsorChange(YamlBlock):
    """The willingness of a state to replace what another loses by leaving a bloc."""

    sponsor: EachState
    client: EachState
    willing: Annotated[Number, share("From 0 (not at all) to 1 (fully), whatever its regard.")]


class BudgetShock(YamlBlock):
    """A lasting change of a state's military burden."""

    state: EachState
    factor: Annotated[Number, nonnegative("Multiplies the burden.", "times the burden")]


class AppealEvent(YamlBlock):
    """An appeal of a member to its bloc, even of an excluded member, which otherwise makes none."""

    state: EachState
    bloc: EachBloc
    attacker: StateName | None = None  # none: an internal threat
    answer: (
        Annotated[
            Number,
            share("How far each member asked, and so the bloc, responded; default: each decides."),
        ]
        | None
    ) = None


class Incident(YamlBlock):
    """A crisis between two states."""

    states: tuple[StateName, ...]
    war: Annotated[bool, Flag("Whether it becomes a war; default: by chance.")] | None = None
    attacker: StateName | None = None
    intensity: Annotated[
        Number,
        share("Share of the law's losses; with laws.war.by_intensity also of blame.", "share"),
    ] = 1.0
    winner: StateName | None = None
    until: Annotated[str, Date("Last date of the war, included.")] | None = None
    length: (
        Annotated[Number, Range("Or how long it lasts.", low=0, high=100, unit="years")] | None
    ) = None
    appeal: Annotated[
        bool, Flag("Whether the attacked state appeals to its blocs; false: only by events.")
    ] = True

    @property
    def _of_wars(self) -> tuple[str, ...]:
        """Return the given keys that are for wars only."""
        keys = ("winner", "until", "length")
        return tuple(key for key in keys if getattr(self, key) is not None)

    @model_validator(mode="after")
    def _two_states(self) -> Incident:
        if len(set(self.states)) != 2 or len(self.states) != 2:  # noqa: PLR2004
            refuse("states must be two different states, such as [ARM, AZE]")
        if self.attacker is not None and self.attacker not in self.states:
            refuse(f"attacker must be {either(self.states)}")
        if self.winner is not None and self.winner not in self.states:
            refuse(f"winner must be {either(self.states)}")
        if self.until is not None and self.length is not None:
            refuse("takes until or length, not both", "until", "length")
        if self.war is False and self._of_wars:
            refuse(f"with war: false, remove {either(self._of_wars)}", *self._of_wars)
        return self


# numbers that an event may set during a run, such as `offers.NAME.open` -> array of the world
SETTABLE = {each.set_by: name for name, each in arrays_of(World).items() if each.set_by}


class Setting(YamlBlock):
    """A change of a number of the scenario from this date on."""

    path: Annotated[
        DottedPath, PathText("Dotted path of a number of states, blocs, offers or laws.")
    ]
    value: Annotated[Number, Range("The new value, in the unit of the path.")]

    @property
    def form(self) -> str:
        """Return the path with placeholders for names, as in SETTABLE."""
        block, _, *keys = self.path.steps
        return DottedPath.of(block, "NAME", *keys[:1], *("STATE" for _ in keys[1:]))


class EventCondition(YamlBlock):
    """A condition that must hold at the end of a period for an event to happen in the next."""

    outcome: Annotated[
        str,
        Text(
            "A metric of every period or a stage of a sale, `METRIC SUBJECT [SYSTEM]`, without "
            "a window: its value at the end of each period."
        ),
    ]
    least: Annotated[Number, Range("It holds from this value up, in its unit.")] | None = None
    most: Annotated[Number, Range("It holds up to this value, in its unit.")] | None = None

    @model_validator(mode="after")
    def _one_end(self) -> EventCondition:
        if (self.least is None) == (self.most is None):
            refuse("needs exactly one of least and most", "least", "most")
        return self

    @property
    def words(self) -> str:
        """Return the condition in words: `delivered RUS>TUR s400 is at least 1`."""
        end, value = ("most", self.most) if self.least is None else ("least", self.least)
        return f"{self.outcome} is at {end} {number(value_of(value or 0.0))}"


KINDS = (
    "transfer", "order", "request", "cancel", "suspend", "divert", "threat", "loan", "forgive",
    "embargo", "sanction", "membership", "exclude", "contribution", "rivalry", "affinity",
    "sponsor", "budget", "appeal", "incident", "set",
)  # fmt: skip


class Event(Fact):
    """An intervention of exactly one kind, at a date or on a condition."""

    at: Annotated[str, Date("Date of the event; or give `when`.")] | None = None
    when: EventCondition | None = None
    lag: (
        Annotated[
            Number,
            nonnegative("Delay after `when` first holds, counted from the next period.", "years"),
        ]
        | None
    ) = None
    probability: Annotated[
        Number, Range("Probability that it happens at all.", low=0, high=1, stated=True)
    ] = 1.0
    with_: (
        Annotated[
            str,
            Ref("An event whose random draw it shares.", ("event",)),
        ]
        | None
    ) = Field(default=None, alias="with")
    transfer: Transfer | None = None
    order: ForcedOrder | None = None
    request: SaleRequest | None = None
    cancel: Cancellation | None = None
    suspend: Suspension | None = None
    divert: Diversion | None = None
    threat: ThreatChange | None = None
    loan: Loan | None = None
    forgive: DebtRelief | None = None
    embargo: EmbargoChange | None = None
    sanction: SanctionChange | None = None
    membership: MembershipChange | None = None
    exclude: Exclusion | None = None
    contribution: BurdenCall | None = None
    rivalry: RivalryMove | None = None
    affinity: AffinityMove | None = None
    sponsor: SponsorChange | None = None
    budget: BudgetShock | None = None
    appeal: AppealEvent | None = None
    incident: Incident | None = None
    set_: Setting | None = Field(default=None, alias="set")

    @property
    def kind(self) -> str:
        """Return the kind of the event."""
        return next(kind for kind in KINDS if self._part(kind) is not None)

    @property
    def action(self) -> YamlBlock:
        """Return the intervention."""
        action = self._part(self.kind)
        assert action is not None  # noqa: S101 - the validator has checked
        return action

    def _part(self, kind: str) -> YamlBlock | None:
        part: YamlBlock | None = getattr(self, "set_" if kind == "set" else kind)
        return part

    @model_validator(mode="after")
    def _one_time(self) -> Event:
        if (self.at is None) == (self.when is None):
            refuse("needs exactly one of at, a date, and when, a condition", "at", "when")
        if self.when is None and self.lag is not None:
            refuse("lag counts from a condition: remove it, because `at` is given", "lag")
        return self

    @model_validator(mode="after")
    def _one_kind(self) -> Event:
        kinds = [kind for kind in KINDS if self._part(kind) is not None]
        if not kinds:
            refuse(f"does nothing: add one of {either(KINDS)}")
        if len(kinds) > 1:
            refuse(
                f"does several things ({', '.join(kinds)}): make each an event of its own", *kinds
            )
        return self
