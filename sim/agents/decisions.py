"""Decisions: the kernel's choices put to those agents that override one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from sim.agents.questions import Appeal, Option, Response, Sale, Standing
from sim.agents.state_agent import StateAgent, overriders
from sim.agents.views import COLUMN
from sim.kernel.arrays import NONE
from sim.kernel.errors import RunError
from sim.kernel.inputs import ASKED, Decide, Inputs, edited, no_decision
from sim.kernel.world import World

RESPONSES: tuple[Response, ...] = ("pass", "stall", "block")  # in the kernel's numbers

Answers = Iterator[tuple[tuple[int, ...], Any]]  # cell of the choice, and what stands there


def decide_of(states: Iterable[StateAgent], world: World, inputs: Inputs) -> Decide:
    """Return the hook of one period; it costs nothing where no agent overrides anything."""
    asked = overriders(states)
    return Decisions(asked, world, inputs) if asked else no_decision


class Decisions:
    """The choices of one period, put to the agents that want a say."""

    def __init__(self, asked: dict[str, list[StateAgent]], world: World, inputs: Inputs) -> None:
        """Keep who is asked what, and who asks for arms in this period."""
        self.asked = asked
        self.inputs = inputs
        self.layout = world.layout
        self.member = edited(world, inputs.edits).member[..., COLUMN] > 0
        forced = np.concatenate([np.full(self.layout.buyers.size, ASKED), inputs.forced[:, 0]])
        self.free = forced == ASKED
        self.agreed = np.ones(self.free.size, dtype=bool)
        self.label = self.layout.calendar.label(inputs.number - self.layout.calendar.first)

    def __call__(self, kind: str, choice: Any, about: Mapping[str, Any]) -> Any:
        """Return the choice after all agents that override this kind of decision had their say."""
        if kind in self.asked:
            choice = np.array(choice)
            for agent in self.asked[kind]:
                for cell, value in getattr(self, f"_{kind}")(agent, choice, about):
                    choice[cell] = value
        if kind == "consent":
            self.agreed = choice[..., COLUMN].all(axis=0)
        return choice

    def _request(self, agent: StateAgent, choice: Any, about: Mapping[str, Any]) -> Answers:
        layout = self.layout
        for row in np.nonzero(layout.buyers == agent.row)[0].tolist():
            is_open = about["open"][row, :, COLUMN]
            options = {
                layout.offers[o]: Option(
                    terms=self._utility(about, row, o),
                    offer=layout.offers[o],
                    supplier=layout.states[layout.supplier[o]],
                    system=layout.systems[layout.system[o]],
                )
                for o in np.nonzero(is_open)[0].tolist()
            }
            law = choice[row, COLUMN]
            name = agent.request(None if law == NONE else layout.offers[law], options)
            if name is not None and name not in options:
                raise self._wrong(agent, "request", name, "one of the options, or None")
            yield (row,), NONE if name is None else layout.offers.index(name)

    def _consent(self, agent: StateAgent, choice: Any, about: Mapping[str, Any]) -> Answers:
        there = self.free & self._there(about)
        mine = (about["actors"][..., COLUMN] == agent.row) & there
        for part, row in np.argwhere(mine).tolist():
            terms = _terms(about, (part, row))
            sale = self._sale(row, about, terms=terms)
            answer = agent.consent(bool(choice[part, row, COLUMN]), sale)
            yield (part, row), self._yes(agent, "consent", answer)

    def _objection(self, agent: StateAgent, choice: Any, about: Mapping[str, Any]) -> Answers:
        heard = self._heard(about)
        harm = np.broadcast_to(about["terms"]["harm"], choice.shape)
        mine = (about["states"] == agent.row) & (harm[..., COLUMN] > 0) & heard[:, None]
        for row, rival in np.argwhere(mine).tolist():
            terms = _terms(about, (row, rival))
            sale = self._sale(row, about, terms=terms, bloc=self._bloc(about, row))
            answer = agent.object(bool(choice[row, rival, COLUMN]), sale)
            yield (row, rival), self._yes(agent, "object", answer)

    def _respond(self, agent: StateAgent, choice: Any, about: Mapping[str, Any]) -> Answers:
        layout = self.layout
        protests = about["protests"][..., COLUMN]
        heard = self._heard(about) & protests.any(axis=1)
        heard &= layout.leader[about["bloc"]] == agent.row
        for row in np.nonzero(heard)[0].tolist():
            pairs = layout.target_dyads[about["recipient"][row, COLUMN]]
            names = tuple(layout.states[k] for k in layout.dyad_from[pairs[protests[row]]])
            bloc = self._bloc(about, row)
            sale = self._sale(row, about, terms={}, bloc=bloc, objectors=names)
            if sale.supplier == agent.name:
                continue  # a leader does not block itself
            answer = agent.respond(RESPONSES[choice[row, COLUMN]], sale)
            if answer not in RESPONSES:
                raise self._wrong(agent, "respond", answer, "pass, stall or block")
            yield (row,), RESPONSES.index(answer)

    def _honour(self, agent: StateAgent, choice: Any, about: Mapping[str, Any]) -> Answers:
        layout, blocs = self.layout, len(self.layout.blocs)
        bloc = np.concatenate([np.arange(blocs), np.maximum(self.inputs.bloc[:, 0], 0)])
        given = np.concatenate([np.full(blocs, -1.0), self.inputs.answer[:, COLUMN]])
        made = (about["made"][..., COLUMN] > 0) & (given < 0) & self.member[agent.row, bloc]
        for row in np.nonzero(made)[0].tolist():
            victim, attacker = about["victim"][row, COLUMN], self._attacker(row, about)
            if agent.row in {victim, attacker}:
                continue
            appeal = Appeal(
                terms=_terms(about, (row, agent.row)),
                bloc=layout.blocs[bloc[row]],
                victim=layout.states[victim],
                attacker=None if attacker == NONE else layout.states[attacker],
            )
            answer = agent.honour(bool(choice[row, agent.row, COLUMN]), appeal)
            yield (row, agent.row), self._yes(agent, "honour", answer)

    def _withdraw(self, agent: StateAgent, choice: Any, about: Mapping[str, Any]) -> Answers:
        layout = self.layout
        follows = self.member[agent.row] & (layout.leader != agent.row)
        for bloc in np.nonzero(follows)[0].tolist():
            cell = (agent.row, bloc)
            standing = Standing(
                terms=_terms(about, cell),
                bloc=layout.blocs[bloc],
                engagement=float(about["engagement"][cell][COLUMN]),
            )
            answer = agent.withdraw(bool(choice[cell][COLUMN]), standing)
            yield cell, self._yes(agent, "withdraw", answer)

    def _utility(self, about: Mapping[str, Any], row: int, offer: int) -> dict[str, float]:
        """Return the reasons for an offer; one of them is of its supplier."""
        seller = int(self.layout.seller_place[offer])
        return {
            name: _at(np.asarray(term), (row, seller if name == "supplier" else offer))
            for name, term in about["terms"].items()
        }

    def _attacker(self, row: int, about: Mapping[str, Any]) -> int:
        """Return who attacked, NONE for a threat from within, or where the kernel does not say."""
        if "attacker" in about:
            return int(about["attacker"][row, COLUMN])
        event = row - len(self.layout.blocs)
        return int(self.inputs.against[event, COLUMN]) if event >= 0 else NONE

    def _bloc(self, about: Mapping[str, Any], row: int) -> str:
        return self.layout.blocs[int(about["bloc"][row])]

    def _heard(self, about: Mapping[str, Any]) -> np.ndarray:
        """Return of which of the rows in question the sale was agreed on, and by nobody forced."""
        rows = about["row"]
        return np.asarray(self.free[rows] & self.agreed[rows] & self._there(about))

    def _there(self, about: Mapping[str, Any]) -> np.ndarray:
        return np.asarray((about["offer"] != NONE) & (about["recipient"] != NONE))[:, COLUMN]

    def _sale(self, row: int, about: Mapping[str, Any], **known: Any) -> Sale:
        layout, offer = self.layout, about["offer"][row, COLUMN]
        return Sale(
            offer=layout.offers[offer],
            supplier=layout.states[layout.supplier[offer]],
            recipient=layout.states[about["recipient"][row, COLUMN]],
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


def _terms(about: Mapping[str, Any], cell: tuple[int, ...]) -> dict[str, float]:
    """Return the law's reasons in one cell of a choice; axes of length 1 serve all."""
    return {name: _at(np.asarray(term), cell) for name, term in about["terms"].items()}


def _at(term: np.ndarray, cell: tuple[int, ...]) -> float:
    shape = term.shape[:-1]
    own = cell[len(cell) - len(shape) :]
    index = tuple(0 if size == 1 else at for at, size in zip(own, shape, strict=True))
    return float(term[index].flat[COLUMN])
