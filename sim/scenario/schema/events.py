"""Events: dated interventions, one kind each."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.documents.leaves import Date, Flag, Number, PathText, Range, refuse
from sim.documents.nodes import DottedPath
from sim.documents.tree import BlocName, Fact, StateName, SystemName, YamlBlock
from sim.kernel.words import either
from sim.kernel.world import World, arrays_of

Units = Annotated[Number, Range(unit="units", low=0, above=True, doc="Number of units.")]


class Transfer(YamlBlock):
    """A gift or delivery that happens at the date."""

    supplier: StateName
    recipient: StateName
    system: SystemName
    units: Units
    value: Annotated[Number, Range(unit="M USD of 2016", low=0, doc="What is paid for it.")] = 0.0


class ForcedOrder(YamlBlock):
    """A forced sale, without consent or objection."""

    supplier: StateName
    recipient: StateName
    system: SystemName
    units: Units


class SaleRequest(YamlBlock):
    """A request on the table, which goes through consent and objection at the date."""

    supplier: StateName
    recipient: StateName
    system: SystemName


class Loan(YamlBlock):
    """A loan from one state to another."""

    lender: StateName
    borrower: StateName
    amount: Annotated[Number, Range(unit="M USD of 2016", low=0, above=True, doc="Sum lent.")]


class EmbargoChange(YamlBlock):
    """The start of an embargo, or its end."""

    supplier: StateName
    recipient: StateName
    lift: Annotated[bool, Flag(doc="Whether the embargo ends.")] = False


class MembershipChange(YamlBlock):
    """A state that joins a bloc, or leaves it."""

    state: StateName
    bloc: BlocName
    member: Annotated[bool, Flag(doc="Whether it is a member from then on.")]


class _Move(YamlBlock):
    """A change of what a state holds about another: by a step, or to a value."""

    state: StateName
    toward: StateName

    @model_validator(mode="after")
    def _one_of_two(self) -> _Move:
        """Refuse an event with both a change and a value, or with neither."""
        change, value = getattr(self, "change", None), getattr(self, "value", None)
        if (change is None) == (value is None):
            message = "needs exactly one of change and value"
            raise refuse(message, "change", "value")
        return self


class RivalryMove(_Move):
    """A change of the dispute that a state has with another."""

    change: Annotated[Number, Range(unit="", low=-1, high=1, doc="Step up or down.")] | None = None
    value: Annotated[Number, Range(unit="", low=0, high=1, doc="New dispute.")] | None = None


class AffinityMove(_Move):
    """A change of how a state regards another."""

    change: Annotated[Number, Range(unit="", low=-2, high=2, doc="Step up or down.")] | None = None
    value: Annotated[Number, Range(unit="", low=-1, high=1, doc="New regard.")] | None = None


class BudgetShock(YamlBlock):
    """A lasting change of a state's burden."""

    state: StateName
    factor: Annotated[Number, Range(unit="times the burden", low=0, doc="Multiplies the burden.")]


class AppealEvent(YamlBlock):
    """An appeal of a member to its bloc."""

    state: StateName
    bloc: BlocName
    attacker: StateName | None = None  # none: an internal threat
    answer: (
        Annotated[Number, Range(unit="", low=0, high=1, doc="Answer of history, if given.")] | None
    ) = None


class Incident(YamlBlock):
    """A crisis between two states."""

    states: tuple[StateName, ...]
    war: Annotated[bool, Flag(doc="Whether it becomes a war; none: the model decides.")] | None = (
        None
    )
    attacker: StateName | None = None
    intensity: Annotated[
        Number,
        Range(unit="share", low=0, high=1, doc="Share of the law's losses that a war costs both."),
    ] = 1.0
    appeal: Annotated[
        bool, Flag(doc="Whether the attacked appeals to its blocs; false: events alone do.")
    ] = True

    @model_validator(mode="after")
    def _two_states(self) -> Incident:
        """Refuse an incident that is not between two states."""
        if len(set(self.states)) != 2 or len(self.states) != 2:  # noqa: PLR2004
            message = "states must be two different states, such as [ARM, AZE]"
            raise refuse(message)
        if self.attacker is not None and self.attacker not in self.states:
            message = f"attacker must be {either(self.states)}"
            raise refuse(message)
        return self


# what an event may set during a run, such as `offers.NAME.open` -> array of the world
SETTABLE = {each.set_by: name for name, each in arrays_of(World).items() if each.set_by}


class Setting(YamlBlock):
    """A change of a number of the scenario from the date on."""

    path: Annotated[
        DottedPath, PathText(doc="Dotted path of a number of states, blocs, offers or laws.")
    ]
    value: Annotated[Number, Range(unit="", doc="The new value, in the unit of the path.")]

    @property
    def form(self) -> str:
        """Return the path with what may stand there in place of names, as SETTABLE has it."""
        block, _, *keys = self.path.steps
        return DottedPath.of(block, "NAME", *keys[:1], *("STATE" for _ in keys[1:]))


KINDS = (
    "transfer",
    "order",
    "request",
    "loan",
    "embargo",
    "membership",
    "rivalry",
    "affinity",
    "budget",
    "appeal",
    "incident",
    "set",
)


class Event(Fact):
    """A dated intervention of exactly one kind."""

    at: Annotated[str, Date(doc="When it happens.")]
    probability: Annotated[
        Number,
        Range(unit="", low=0, high=1, stated=True, doc="Chance that it happens at all."),
    ] = 1.0
    transfer: Transfer | None = None
    order: ForcedOrder | None = None
    request: SaleRequest | None = None
    loan: Loan | None = None
    embargo: EmbargoChange | None = None
    membership: MembershipChange | None = None
    rivalry: RivalryMove | None = None
    affinity: AffinityMove | None = None
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
        """Return what happens."""
        action = self._part(self.kind)
        assert action is not None  # noqa: S101 - the validator has seen to it
        return action

    def _part(self, kind: str) -> YamlBlock | None:
        part: YamlBlock | None = getattr(self, "set_" if kind == "set" else kind)
        return part

    @model_validator(mode="after")
    def _one_kind(self) -> Event:
        """Refuse an event of no kind or of several."""
        kinds = [kind for kind in KINDS if self._part(kind) is not None]
        if not kinds:
            message = f"does nothing: add one of {either(KINDS)}"
            raise refuse(message)
        if len(kinds) > 1:
            message = f"does several things ({', '.join(kinds)}): make each an event of its own"
            raise refuse(message, *kinds)
        return self
