"""Agents: states and blocs as Mesa agents, live views of their cells of one world.

Reading an attribute reads the current world; setting one replaces the frozen world by another. A
subclass of `StateAgent` can override its decisions. Each method gets the choice that the law has
made, draws included, and the inputs of the law; it returns the choice that counts. During a
decision the attributes of agents are those at the end of the previous period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import inf
from typing import Any, overload

import mesa

from sim.agents.questions import Appeal, Candidacy, Duty, Option, Response, Sale, Standing
from sim.kernel.array_fields import arrays_of
from sim.kernel.arrays import put
from sim.kernel.decision_points import (
    AccessionPoint,
    ConsentPoint,
    ContributionPoint,
    DecisionPoint,
    HonourPoint,
    ObjectionPoint,
    RequestPoint,
    ResponsePoint,
    WithdrawalPoint,
)
from sim.kernel.errors import InputError, Problem
from sim.kernel.world import World

COLUMN = 0  # the world has two equal columns, of which this one is read

Cell = tuple[int, ...]
Cells = Callable[[Any], Mapping[str, Cell]]  # the cells of an agent, by name


def read(world: Any, field: str, cell: Cell) -> float:
    """Return one number of a world."""
    return float(getattr(world, field)[cell][COLUMN])


def write(agent: Any, key: str, value: Any, *, field: str, cell: Cell) -> None:
    """Replace the world of an agent's model by one with another number in a cell."""
    low, high = arrays_of(World)[field].low, arrays_of(World)[field].high
    number = hasattr(value, "__float__") and not isinstance(value, bool)
    if not number or not low <= float(value) <= high or abs(float(value)) == inf:
        needs = f"{low:g} to {high:g}" if high < inf else f"{low:g} or more"
        needs = "a finite number" if low == -inf else needs
        raise InputError([Problem(f"{agent.name}.{key}", 0, 0, "", f"needs {needs}, got {value}")])
    world = agent.model.world
    agent.model.world = world.but(**{field: put(getattr(world, field), cell, float(value))})


class Number:
    """An attribute of an agent: one number of the world's array of the same name."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.field = name
        self.__doc__ = arrays_of(World)[name].doc

    @overload
    def __get__(self, agent: None, owner: type) -> Number: ...
    @overload
    def __get__(self, agent: Any, owner: type) -> float: ...
    def __get__(self, agent: Any, owner: type) -> Number | float:
        """Return the current number."""
        if agent is None:
            return self
        return read(agent.model.world, self.field, (agent.row,))

    def __set__(self, agent: Any, value: Any) -> None:
        """Replace the world by one with another number."""
        write(agent, self.field, value, field=self.field, cell=(agent.row,))


class LiveNumbers(Mapping[str, float]):
    """A live mapping of numbers of the world by name, such as a state's regard for all others."""

    def __init__(self, agent: Any, field: str, cells: Mapping[str, Cell]) -> None:
        """Keep the cells of the numbers."""
        self._agent = agent
        self._field = field
        self._cells = cells

    def __getitem__(self, name: str) -> float:
        """Return the current number of a name."""
        return read(self._agent.model.world, self._field, self._cells[name])

    def __setitem__(self, name: str, value: Any) -> None:
        """Replace the world by one with another number."""
        key = f"{self._field}[{name!r}]"
        if name not in self._cells:
            known = ", ".join(self._cells)
            message = f"no such number; known are {known}"
            raise InputError([Problem(f"{self._agent.name}.{key}", 0, 0, "", message)])
        write(self._agent, key, value, field=self._field, cell=self._cells[name])

    def update(self, values: Mapping[str, Any]) -> None:
        """Set the numbers that are named; the others stay."""
        for name, value in values.items():
            self[name] = value

    def __iter__(self) -> Iterator[str]:
        """Return the names, in the order of the world's rows."""
        return iter(self._cells)

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._cells)

    def __repr__(self) -> str:
        """Return the current numbers in the form of a dict."""
        return repr(dict(self))


class Numbers:
    """An attribute of an agent: several numbers of the world's array of the same name, by name."""

    def __init__(self, cells: Cells) -> None:
        """Keep the cells of the numbers."""
        self.cells = cells

    def __set_name__(self, owner: type, name: str) -> None:
        self.field = name
        self.__doc__ = arrays_of(World)[name].doc

    @overload
    def __get__(self, agent: None, owner: type) -> Numbers: ...
    @overload
    def __get__(self, agent: Any, owner: type) -> LiveNumbers: ...
    def __get__(self, agent: Any, owner: type) -> Numbers | LiveNumbers:
        """Return the numbers by name."""
        if agent is None:
            return self
        return LiveNumbers(agent, self.field, self.cells(agent))

    def __set__(self, agent: Any, values: Mapping[str, Any]) -> None:
        """Set the numbers that are named; the others stay."""
        LiveNumbers(agent, self.field, self.cells(agent)).update(values)


def _members(bloc: Any) -> Mapping[str, Cell]:
    """Return the cells of the states that are or may become members."""
    layout = bloc.model.layout
    return {layout.states[i]: (int(i), bloc.row) for i, b in layout.member_index if b == bloc.row}


class BlocAgent(mesa.Agent):
    """A bloc: the numbers of its treaty, and those of its members, by state."""

    commitment = Number()
    norm = Number()
    preference = Number()
    credit = Number()
    credit_line = Numbers(_members)
    member = Numbers(_members)
    engagement = Numbers(_members)
    belief = Numbers(_members)
    grievance = Numbers(_members)
    rent = Numbers(_members)

    def __init__(self, model: Any, name: str) -> None:
        """Find the row of the bloc in the world."""
        super().__init__(model)
        self.name = name
        self.row = model.layout.blocs.index(name)

    def __repr__(self) -> str:
        """Return the bloc's class and name."""
        return f"<{type(self).__name__} {self.name}>"

    @property
    def leader(self) -> str:
        """Return the name of the leader."""
        layout = self.model.layout
        return str(layout.states[layout.leader[self.row]])

    @property
    def members(self) -> tuple[str, ...]:
        """Return the names of the members, the leader included."""
        return tuple(name for name, one in self.member.items() if one > 0)

    @property
    def cohesion(self) -> float:
        """Return the cohesion, 0 to 1, at the end of the last period."""
        return float(self.model.readings.now["cohesion"][0, self.row, COLUMN])


METHODS: Mapping[type[DecisionPoint], str] = {  # methods that override the decision
    RequestPoint: "request",
    ConsentPoint: "consent",
    ObjectionPoint: "object",
    ResponsePoint: "respond",
    HonourPoint: "honour",
    WithdrawalPoint: "withdraw",
    AccessionPoint: "join",
    ContributionPoint: "contribute",
}


def _others(state: Any) -> Mapping[str, Cell]:
    names = state.model.layout.states
    return {name: (state.row, j) for j, name in enumerate(names) if j != state.row}


def _exporters(state: Any) -> Mapping[str, Cell]:
    layout = state.model.layout
    cells = {layout.states[j]: (state.row, n) for n, j in enumerate(layout.exporters.tolist())}
    return {name: cell for name, cell in cells.items() if name != state.name}


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
    """A state: its own numbers, its numbers about others, and its decisions."""

    gdp = Number()
    fund = Number()
    growth = Number()
    burden = Number()
    arming = Number()
    import_share = Number()
    reputation = Number()
    find = Number()
    export_scale = Number()
    affinity = Numbers(_others)
    debt = Numbers(_others)
    arrears = Numbers(_others)
    refusal = Numbers(_exporters)
    recent_tiv = Numbers(_exporters)
    rivalry = Numbers(_rivals)
    arsenal = Numbers(_systems)
    member = Numbers(_blocs)
    engagement = Numbers(_blocs)
    belief = Numbers(_blocs)
    grievance = Numbers(_blocs)
    rent = Numbers(_blocs)

    def __init__(self, model: Any, name: str) -> None:
        """Find the row of the state in the world."""
        super().__init__(model)
        self.name = name
        self.row = model.layout.states.index(name)

    def __repr__(self) -> str:
        """Return the state's class and name."""
        return f"<{type(self).__name__} {self.name}>"

    @property
    def budget(self) -> float:
        """Return the yearly budget for arms imports, million USD of 2016."""
        return read(self.model.world, "budget", (self.row,))

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
        """Return the share, 0 to 1, of each rival's asset value that the state could destroy."""
        return self._found("exposure")

    @property
    def second_strike(self) -> dict[str, float]:
        """Return the share, 0 to 1, that it could destroy after a first strike of the rival."""
        return self._found("second_strike")

    def _found(self, name: str) -> dict[str, float]:
        values = getattr(self.model.view, name)
        return {rival: float(values[cell][COLUMN]) for rival, cell in _rivals(self).items()}

    def request(self, choice: str | None, options: Mapping[str, Option]) -> str | None:
        """Return the offer to ask for, one of the options, or None."""
        del options
        return choice

    def consent(self, choice: bool, sale: Sale) -> bool:  # noqa: FBT001
        """Return whether the state, as supplier, licensor or maker of parts, consents to a sale."""
        del sale
        return choice

    def object(self, choice: bool, sale: Sale) -> bool:  # noqa: FBT001
        """Return whether the state objects to a fellow member's sale to its rival."""
        del sale
        return choice

    def respond(self, choice: Response, sale: Sale) -> Response:
        """Return the response of the state, as leader of a bloc, to objections to a sale."""
        del sale
        return choice

    def honour(self, choice: bool, appeal: Appeal) -> bool:  # noqa: FBT001
        """Return whether the state comes to a fellow member's aid."""
        del appeal
        return choice

    def contribute(self, choice: bool, duty: Duty) -> bool:  # noqa: FBT001
        """Return whether the state makes a contribution that its bloc asks for."""
        del duty
        return choice

    def withdraw(self, choice: bool, standing: Standing) -> bool:  # noqa: FBT001
        """Return whether the state leaves a bloc formally; its leader is not asked."""
        del standing
        return choice

    def join(self, choice: bool, candidacy: Candidacy) -> bool:  # noqa: FBT001
        """Return whether the state, a candidate of a bloc, joins it."""
        del candidacy
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
