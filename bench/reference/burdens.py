"""Burdens: contributions that blocs ask of members, the answers, and the costs of a refusal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.reference.agents import logistic
from bench.reference.facts import row
from bench.reference.situation import Situation
from bench.reference.ties import gains, liking
from sim.kernel.arrays import NONE
from sim.kernel.world import World

if TYPE_CHECKING:
    from bench.reference.agents import Theatre


@dataclass
class Burden:
    """A contribution that a bloc asks of some members."""

    name: str
    bloc: str
    of: list[str]
    target: str | None
    vote: bool
    cost: float  # years of military spending
    worth: float  # years of import budget
    resolve: float
    asked: float = -1  # period, by date


@dataclass
class Duty:
    """A burden that was put to one member, and its answer."""

    burden: Burden
    state: str
    borne: bool


def burdens_of(world: World) -> list[Burden]:
    """Return the burdens of a scenario."""
    layout, found = world.layout, []
    for n, name in enumerate(layout.asks):
        mine = [(i, b) for ask, i, b in layout.duty_index if ask == n]
        target = layout.ask_target[n]
        found.append(
            Burden(
                name,
                layout.blocs[mine[0][1]],
                [layout.states[i] for i, _ in mine],
                None if target == NONE else layout.states[target],
                bool(layout.ask_votes[n, 0]),
                *(row(getattr(world, f"ask_{key}"), n) for key in ("cost", "worth", "resolve")),
            )
        )
    return found


def put(model: Theatre, view: Situation) -> list[Duty]:
    """Let blocs ask their members, and return the answers."""
    duties = [
        Duty(
            burden,
            i,
            model.draws.held("contribution", burden.name, i)
            < logistic(_odds(model, view, burden, i)),
        )
        for burden in model.burdens
        if burden.asked == model.number
        for i in burden.of
        if model.blocs[burden.bloc].member[i]
        and model.blocs[burden.bloc].member[model.blocs[burden.bloc].leader]
        and not model.blocs[burden.bloc].shut_out[i]
    ]
    stakes = [math.log(1 + model.blocs[each.burden.bloc].rent[each.state]) for each in duties]
    for each in duties:
        if not each.borne:
            _offend(model, each)
    for each, stake in zip(duties, stakes, strict=True):
        _answered(model, each, stake)
    return duties


def _odds(model: Theatre, view: Situation, burden: Burden, i: str) -> float:
    law, bloc = model.law.contribution, model.blocs[burden.bloc]
    against = 0.0 if burden.target in {None, i} else model.states[i].affinity[burden.target]
    return (
        law.base
        + law.by_regard * liking(model, bloc, i, model.law.engagement.leader_share)
        + law.by_gain * sum(gains(model, bloc, i, view))
        - law.by_cost * burden.cost
        - law.by_target * against
        + law.by_leverage * burden.resolve * math.log(1 + bloc.rent[i])
    )


def _offend(model: Theatre, duty: Duty) -> None:
    law, i = model.law.contribution, duty.state
    for k in model.blocs[duty.burden.bloc].members:
        if k != i:
            regard = model.states[k].affinity
            regard[i] -= (1 + regard[i]) * (1 - math.exp(-law.offence * duty.burden.worth))


def _answered(model: Theatre, duty: Duty, stake: float) -> None:
    law, bloc, i = model.law.leverage, model.blocs[duty.burden.bloc], duty.state
    if duty.borne:
        bloc.denied[i] = 0.0
    elif (
        model.draws.held("denial", duty.burden.name, i) < duty.burden.resolve and not bloc.denied[i]
    ):
        regard = model.states[i].affinity
        regard[bloc.leader] -= (1 - math.exp(-law.hurt * stake)) * (1 + regard[bloc.leader])
        bloc.rent[i] *= 1 - law.forfeit
        bloc.denied[i] = 1.0


def harms(model: Theatre, duties: list[Duty]) -> dict[tuple[str, str], float]:
    """Return the harm to members, by bloc, by refusals of their fellows, in years of budget."""
    found = {(bloc, i): 0.0 for bloc in model.blocs for i in model.states}
    for each in duties:
        for i in model.blocs[each.burden.bloc].members:
            if i != each.state and not each.borne:
                found[each.burden.bloc, i] += model.law.contribution.aggrieved * each.burden.worth
    return found


def counts(model: Theatre, duties: list[Duty]) -> dict[str, dict[str, float]]:
    """Return the burdens borne and refused in a period, votes separately, by state and bloc."""
    names = {(True, False): "contributed", (False, False): "declined", (True, True): "voted"}
    found: dict[str, dict[str, float]] = {
        name: {f"{i}:{burden.bloc}": 0.0 for burden in model.burdens for i in burden.of}
        for name in (*names.values(), "abstained")
    }
    for each in duties:
        name = names.get((each.borne, each.burden.vote), "abstained")
        found[name][f"{each.state}:{each.burden.bloc}"] += 1
    return found


def shares(found: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Return by bloc the shares so far of contributions, and of votes, that were given."""
    given = {"contributions": ("contributed", "declined"), "votes": ("voted", "abstained")}
    return {name: _share(found[yes], found[no]) for name, (yes, no) in given.items()}


def _share(yes: dict[str, float], no: dict[str, float]) -> dict[str, float]:
    given, asked = {}, {}
    for at, count in yes.items():
        bloc = at.partition(":")[2]
        given[bloc] = given.get(bloc, 0.0) + count
        asked[bloc] = asked.get(bloc, 0.0) + count + no[at]
    return {bloc: given[bloc] / asked[bloc] if asked[bloc] else 1.0 for bloc in given}
