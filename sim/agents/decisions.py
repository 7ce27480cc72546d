"""Decisions: pass the kernel's choices to the agents that override them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from sim.agents.agents import COLUMN, METHODS, Overriders, StateAgent, overriders
from sim.agents.questions import Appeal, Candidacy, Duty, Option, Response, Sale, Standing
from sim.kernel.arrays import NONE
from sim.kernel.decision_points import (
    AccessionPoint,
    BlocSalePoint,
    ConsentPoint,
    ContributionPoint,
    Decide,
    DecisionPoint,
    HonourPoint,
    ObjectionPoint,
    RequestPoint,
    ResponsePoint,
    WithdrawalPoint,
    no_decision,
)
from sim.kernel.errors import RunError
from sim.kernel.inputs import ASKED, Inputs, edited
from sim.kernel.world import World

RESPONSES: tuple[Response, ...] = ("pass", "stall", "block")  # by the kernel's number

Answers = Iterator[tuple[tuple[int, ...], Any]]  # cell of the choice, and its new value


def decide_of(states: Iterable[StateAgent], world: World, inputs: Inputs) -> Decide:
    """Return the hook of one period; without agents that override a decision it does no work."""
    agents = overriders(states)
    return Decisions(agents, world, inputs) if agents else no_decision


class Decisions:
    """The choices of one period, passed to the agents that override them."""

    def __init__(self, agents: Overriders, world: World, inputs: Inputs) -> None:
        """Keep the agents by kind of decision, and the requests of this period."""
        self.agents = agents
        self.inputs = inputs
        self.layout = world.layout
        self.member = edited(world, inputs.edits).member[..., COLUMN] > 0
        forced = np.concatenate([np.full(self.layout.buyers.size, ASKED), inputs.forced[:, 0]])
        self.free = forced == ASKED
        self.agreed = np.ones(self.free.size, dtype=bool)
        self.label = self.layout.calendar.label(inputs.number - self.layout.calendar.first)

    def __call__(self, choice: Any, point: DecisionPoint) -> Any:
        """Return the choice after all agents that override this kind of decision have decided."""
        kind = type(point)
        if kind in self.agents:
            choice = np.array(choice)
            answers: Callable[..., Answers] = getattr(self, f"_{METHODS[kind]}")
            for agent in self.agents[kind]:
                for cell, value in answers(agent, choice, point):
                    choice[cell] = value
        if kind is ConsentPoint:
            self.agreed = choice[..., COLUMN].all(axis=0)
        return choice

    def _request(self, agent: StateAgent, choice: Any, point: RequestPoint) -> Answers:
        layout = self.layout
        for row in np.nonzero(layout.buyers == agent.row)[0].tolist():
            options = {
                layout.offers[o]: Option(
                    terms=self._of_offer(point.terms, point.supplier_terms, row, o),
                    inputs=self._of_offer(point.inputs, point.supplier_inputs, row, o),
                    offer=layout.offers[o],
                    supplier=layout.states[layout.supplier[o]],
                    system=layout.systems[layout.system[o]],
                )
                for o in np.nonzero(point.open[row, :, COLUMN])[0].tolist()
            }
            law = choice[row, COLUMN]
            name = agent.request(None if law == NONE else layout.offers[law], options)
            if name is not None and name not in options:
                raise self._wrong(agent, "request", name, "one of the options, or None")
            yield (row,), NONE if name is None else layout.offers.index(name)

    def _consent(self, agent: StateAgent, choice: Any, point: ConsentPoint) -> Answers:
        asked = _asked_for(point)  # later rounds have no rows of events
        mine = (point.actors[..., COLUMN] == agent.row) & self.free[: asked.size] & asked
        for part, row in np.argwhere(mine).tolist():
            sale = self._sale(row, point, **_known(point, (part, row)))
            answer = agent.consent(bool(choice[part, row, COLUMN]), sale)
            yield (part, row), self._yes(agent, "consent", answer)

    def _object(self, agent: StateAgent, choice: Any, point: ObjectionPoint) -> Answers:
        harm = np.broadcast_to(point.harm, choice.shape)[..., COLUMN] > 0
        mine = (point.states == agent.row) & harm & self._agreed(point)[:, None]
        for row, rival in np.argwhere(mine).tolist():
            bloc = self.layout.blocs[point.bloc[row]]
            sale = self._sale(row, point, **_known(point, (row, rival)), bloc=bloc)
            answer = agent.object(bool(choice[row, rival, COLUMN]), sale)
            yield (row, rival), self._yes(agent, "object", answer)

    def _respond(self, agent: StateAgent, choice: Any, point: ResponsePoint) -> Answers:
        layout, protests = self.layout, point.protests[..., COLUMN]
        mine = self._agreed(point) & point.heeded[..., COLUMN]
        mine = mine & (layout.leader[point.bloc] == agent.row)
        for row in np.nonzero(mine)[0].tolist():
            names = tuple(layout.states[k] for k in point.states[row][protests[row]])
            bloc = layout.blocs[point.bloc[row]]
            weighed = {"terms": _cells(point.terms, (row,)), "inputs": _cells(point.inputs, (row,))}
            sale = self._sale(row, point, **weighed, bloc=bloc, objectors=names)
            answer = agent.respond(RESPONSES[choice[row, COLUMN]], sale)
            if answer not in RESPONSES:
                raise self._wrong(agent, "respond", answer, "pass, stall or block")
            yield (row,), RESPONSES.index(answer)

    def _honour(self, agent: StateAgent, choice: Any, point: HonourPoint) -> Answers:
        layout, bloc = self.layout, point.bloc[:, 0]
        by_event = np.full(bloc.size, -1.0)
        by_event[len(layout.blocs) :] = self.inputs.answer[:, COLUMN]
        made = (point.made[..., COLUMN] > 0) & (by_event < 0) & self.member[agent.row, bloc]
        for row in np.nonzero(made)[0].tolist():
            victim, attacker = point.victim[row, COLUMN], point.attacker[row, COLUMN]
            if agent.row in {victim, attacker}:
                continue
            appeal = Appeal(
                **_known(point, (row, agent.row)),
                bloc=layout.blocs[bloc[row]],
                victim=layout.states[victim],
                attacker=None if attacker == NONE else layout.states[attacker],
            )
            answer = agent.honour(bool(choice[row, agent.row, COLUMN]), appeal)
            yield (row, agent.row), self._yes(agent, "honour", answer)

    def _contribute(self, agent: StateAgent, choice: Any, point: ContributionPoint) -> Answers:
        layout = self.layout
        mine = (point.asked[..., COLUMN] > 0) & (layout.duty_index[:, 1] == agent.row)
        for row in np.nonzero(mine)[0].tolist():
            ask, _, bloc = layout.duty_index[row].tolist()
            duty = Duty(**_known(point, (row,)), bloc=layout.blocs[bloc], event=layout.asks[ask])
            answer = agent.contribute(bool(choice[row, COLUMN]), duty)
            yield (row,), self._yes(agent, "contribute", answer)

    def _withdraw(self, agent: StateAgent, choice: Any, point: WithdrawalPoint) -> Answers:
        layout = self.layout
        follows = self.member[agent.row] & (layout.leader != agent.row)
        for bloc in np.nonzero(follows)[0].tolist():
            cell = (agent.row, bloc)
            pair = int(np.flatnonzero((layout.member_index == cell).all(axis=1))[0])
            standing = Standing(
                terms=_cells(point.terms, cell),
                inputs=_cells(point.inputs, cell),
                draw=float(point.draw[pair, COLUMN]),
                bloc=layout.blocs[bloc],
                engagement=float(point.engagement[cell][COLUMN]),
            )
            answer = agent.withdraw(bool(choice[cell][COLUMN]), standing)
            yield cell, self._yes(agent, "withdraw", answer)

    def _join(self, agent: StateAgent, choice: Any, point: AccessionPoint) -> Answers:
        layout = self.layout
        for at, row in enumerate(layout.candidate_rows.tolist()):
            state, bloc = layout.member_index[row].tolist()
            if state != agent.row or not point.may[at, COLUMN]:
                continue
            candidacy = Candidacy(
                terms=_cells(point.terms, (at,)),
                inputs=_cells(point.inputs, (at,)),
                draw=float(point.draw[at, COLUMN]),
                bloc=layout.blocs[bloc],
                chance=float(point.chance[at, COLUMN]),
            )
            answer = agent.join(bool(choice[at, COLUMN]), candidacy)
            yield (at,), self._yes(agent, "join", answer)

    def _of_offer(
        self, own: Mapping[str, Any], of_supplier: Mapping[str, Any], row: int, offer: int
    ) -> dict[str, float]:
        """Return the values of a buyer for an offer and for its supplier."""
        seller = int(self.layout.seller_place[offer])
        return _cells(own, (row, offer)) | _cells(of_supplier, (row, seller))

    def _agreed(self, point: BlocSalePoint) -> np.ndarray:
        """Return the rows on which all suppliers have agreed without being forced by an event."""
        rows = point.row
        return np.asarray(self.free[rows] & self.agreed[rows] & _asked_for(point))

    def _sale(self, row: int, point: ConsentPoint | BlocSalePoint, **known: Any) -> Sale:
        layout, offer = self.layout, point.offer[row, COLUMN]
        return Sale(
            offer=layout.offers[offer],
            supplier=layout.states[layout.supplier[offer]],
            recipient=layout.states[point.recipient[row, COLUMN]],
            system=layout.systems[layout.system[offer]],
            **known,
        )

    def _yes(self, agent: StateAgent, method: str, answer: Any) -> bool:
        if isinstance(answer, bool | np.bool_):
            return bool(answer)
        raise self._wrong(agent, method, answer, "True or False")

    def _wrong(self, agent: StateAgent, method: str, answer: Any, wanted: str) -> RunError:
        message = f"{self.label}: {agent.name}.{method} returned {answer!r}; return {wanted}"
        return RunError(message)


def _asked_for(point: ConsentPoint | BlocSalePoint) -> np.ndarray:
    """Return the rows that have a request."""
    return np.asarray((point.offer != NONE) & (point.recipient != NONE))[:, COLUMN]


def _known(point: DecisionPoint, cell: tuple[int, ...]) -> dict[str, Any]:
    """Return the law's reasons, their inputs and the draw in one cell of a choice."""
    return {
        "terms": _cells(point.terms, cell),
        "inputs": _cells(point.inputs, cell),
        "draw": _at(np.asarray(point.draw), cell),
    }


def _cells(values: Mapping[str, Any], cell: tuple[int, ...]) -> dict[str, float]:
    return {name: _at(np.asarray(each), cell) for name, each in values.items()}


def _at(term: np.ndarray, cell: tuple[int, ...]) -> float:
    shape = term.shape[:-1]
    own = cell[len(cell) - len(shape) :]
    index = tuple(0 if size == 1 else at for at, size in zip(own, shape, strict=True))
    return float(term[index].flat[COLUMN])
