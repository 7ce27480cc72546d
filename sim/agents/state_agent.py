"""StateAgent: a state as a Mesa agent, a live view of its rows of the world.

Six decisions can be overridden. Each method gets the choice that the law has made, chance
included, and what the law knew; it returns the choice that counts. During a decision the
agent's attributes are those of the end of the period before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import mesa

from sim.agents.questions import Appeal, Option, Response, Sale, Standing
from sim.agents.views import COLUMN, Cell, Number, Numbers
from sim.kernel.decision_points import (
    ConsentPoint,
    DecisionPoint,
    HonourPoint,
    ObjectionPoint,
    RequestPoint,
    ResponsePoint,
    WithdrawalPoint,
)

METHODS: Mapping[type[DecisionPoint], str] = {  # that override what is decided there
    RequestPoint: "request",
    ConsentPoint: "consent",
    ObjectionPoint: "object",
    ResponsePoint: "respond",
    HonourPoint: "honour",
    WithdrawalPoint: "withdraw",
}


def _others(state: Any) -> Mapping[str, Cell]:
    names = state.model.layout.states
    return {name: (state.row, j) for j, name in enumerate(names) if j != state.row}


def _rivals(state: Any) -> Mapping[str, Cell]:
    layout = state.model.layout
    pairs = zip(layout.dyad_from.tolist(), layout.dyad_to.tolist(), strict=True)
    return {layout.states[j]: (p,) for p, (i, j) in enumerate(pairs) if i == state.row}


def _systems(state: Any) -> Mapping[str, Cell]:
    return {name: (state.row, w) for w, name in enumerate(state.model.layout.systems)}


def _blocs(state: Any) -> Mapping[str, Cell]:
    layout = state.model.layout
    return {layout.blocs[b]: (state.row, int(b)) for i, b in layout.member_index if i == state.row}


class StateAgent(mesa.Agent):
    """A state: what it has, what it holds about others, and how it decides."""

    gdp = Number()
    fund = Number()
    growth = Number()
    burden = Number()
    import_share = Number()
    reputation = Number()
    find = Number()
    export_scale = Number()
    affinity = Numbers(_others)
    debt = Numbers(_others)
    arrears = Numbers(_others)
    refusal = Numbers(_others)
    recent_tiv = Numbers(_others)
    rivalry = Numbers(_rivals)
    arsenal = Numbers(_systems)
    member = Numbers(_blocs)
    engagement = Numbers(_blocs)
    belief = Numbers(_blocs)
    grievance = Numbers(_blocs)
    rent = Numbers(_blocs)

    def __init__(self, model: Any, name: str) -> None:
        """Take the rows of a state."""
        super().__init__(model)
        self.name = name
        self.row = model.layout.states.index(name)

    def __repr__(self) -> str:
        """Return the state's class and name."""
        return f"<{type(self).__name__} {self.name}>"

    @property
    def budget(self) -> float:
        """Return the yearly budget for arms imports, million USD of 2016."""
        return self.import_share * self.burden * self.gdp

    @property
    def strength(self) -> float:
        """Return the strength, TIV, at the end of the last period."""
        return float(self.model.view.strength[self.row, COLUMN])

    @property
    def insecurity(self) -> float:
        """Return the insecurity at the end of the last period."""
        return float(self.model.view.insecurity[self.row, COLUMN])

    @property
    def threat(self) -> dict[str, float]:
        """Return the threat, 0 to 1, perceived from each rival at the end of the last period."""
        return self._found("threat")

    @property
    def exposure(self) -> dict[str, float]:
        """Return the share of each rival's asset value that the state could destroy."""
        return self._found("exposure")

    @property
    def second_strike(self) -> dict[str, float]:
        """Return the same after the rival struck first."""
        return self._found("second_strike")

    def _found(self, name: str) -> dict[str, float]:
        values = getattr(self.model.view, name)
        return {rival: float(values[cell][COLUMN]) for rival, cell in _rivals(self).items()}

    def request(self, choice: str | None, options: Mapping[str, Option]) -> str | None:
        """Return the offer to ask for, one of the options, or None for nothing."""
        del options
        return choice

    def consent(self, choice: bool, sale: Sale) -> bool:  # noqa: FBT001
        """Return whether the state, as supplier, licensor or maker of parts, lets a sale go on."""
        del sale
        return choice

    def object(self, choice: bool, sale: Sale) -> bool:  # noqa: FBT001
        """Return whether the state objects to a fellow member's sale to its rival."""
        del sale
        return choice

    def respond(self, choice: Response, sale: Sale) -> Response:
        """Return what the state, as leader of a bloc, does about objections to a sale."""
        del sale
        return choice

    def honour(self, choice: bool, appeal: Appeal) -> bool:  # noqa: FBT001
        """Return whether the state comes to a fellow member's aid."""
        del appeal
        return choice

    def withdraw(self, choice: bool, standing: Standing) -> bool:  # noqa: FBT001
        """Return whether the state leaves a bloc formally; its leader is not asked."""
        del standing
        return choice


Overriders = dict[type[DecisionPoint], list[StateAgent]]


def overriders(states: Iterable[StateAgent]) -> Overriders:
    """Return the agents that override each kind of decision, by class or by themselves."""
    agents: Overriders = {}
    for agent in states:
        for kind, name in METHODS.items():
            own = name in vars(agent)
            if own or getattr(type(agent), name) is not getattr(StateAgent, name):
                agents.setdefault(kind, []).append(agent)
    return agents
