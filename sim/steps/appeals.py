"""Appeals: members ask their bloc for aid, others come or not, and beliefs change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.kernel.arrays import (
    NONE,
    Elementwise,
    Index,
    Monadic,
    added,
    idle,
    logistic,
    pick,
    put_at,
)
from sim.kernel.decision_points import Decide, HonourPoint
from sim.kernel.inputs import Inputs
from sim.kernel.layout.entity_names import padded
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Assessment
from sim.steps.crises import Clash
from sim.steps.privileges import excludes, sold

DUTY = ("commitment", "covered", "strength", "strength_attacker")


@dataclass(frozen=True, kw_only=True, eq=False)
class Appeals:
    """Appeals: one row per bloc, then one per event. Victims and attackers are chosen by run."""

    bloc: Index  # (appeals, 1)
    victim: Index  # (appeals, runs)
    attacker: Index  # (appeals, runs); NONE for an internal threat
    made: Elementwise  # (appeals, runs) 0 or 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """The appeals of a period with the answers of the blocs."""

    appeals: Appeals
    answer: Elementwise  # (appeals, runs) 0 to 1
    felt: Elementwise  # (appeals, runs) weight of the war behind it in beliefs, 0 to 1


def no_answers(runs: int) -> Answers:
    """Return an empty list of appeals, with no answers."""
    nobody, nothing = np.zeros((0, runs), dtype=np.int64), np.zeros((0, runs))
    appeals = Appeals(bloc=nobody[:, :1], victim=nobody, attacker=nobody, made=nothing)
    return Answers(appeals=appeals, answer=nothing, felt=nothing)


def appeal(
    *,
    world: World,
    rules: Rules,
    noise: Noise,
    inputs: Inputs,
    view: Assessment,
    wars: Clash,
    decide: Decide,
) -> tuple[World, Answers]:
    """Return the world after members answered the appeals of the period, and the answers."""
    appeals = appeals_of(world=world, rules=rules, inputs=inputs, view=view, wars=wars)
    blocs, runs = len(world.layout.blocs), view.strength.shape[-1]
    by_event = np.broadcast_to(inputs.answer, (inputs.answer.shape[0], runs))
    return _answered(
        world=world,
        rules=rules,
        appeals=appeals,
        draws=_draws(world, noise, inputs, appeals),
        given=np.concatenate([np.full((blocs, runs), -1.0), by_event]),
        felt=_felt(world, wars, appeals),
        strength=view.strength,
        decide=decide,
    )


def _felt(world: World, wars: Clash, appeals: Appeals) -> Elementwise:
    """Return the weight of the wars behind appeals, 1 for events: (appeals, runs)."""
    layout = world.layout
    whole = np.ones(appeals.made.shape)
    if not layout.appeal_index.size:
        return whole
    blocs = len(layout.blocs)
    sides = appeals.victim[:blocs], np.maximum(appeals.attacker[:blocs], 0)
    pair = pick(layout.dyad_number[..., None], *sides)
    return np.concatenate([pick(wars.felt, np.maximum(pair, 0)), whole[blocs:]])


def appeals_of(
    *, world: World, rules: Rules, inputs: Inputs, view: Assessment, wars: Clash
) -> Appeals:
    """Return the appeals: the most urgent member of each bloc, and those of events."""
    layout = world.layout
    runs = view.threat.shape[-1]
    bloc, pair = layout.appeal_index.T
    attacked = wars.pleading[pair] * world.member[layout.dyad_from[pair], bloc]
    if excludes(world, rules):
        attacked = attacked * (1 - world.shut_out[layout.dyad_from[pair], bloc])
    urgency = rules.appeal.urgency(attacked=attacked, threat=view.threat[pair])
    rows = padded([np.nonzero(bloc == b)[0] for b in range(len(layout.blocs))])
    blocs = np.arange(rows.shape[0])[:, None]
    if len(pair):
        by_bloc = np.where((rows != NONE)[..., None], urgency[rows], -1.0)
        dyad = pick(pair[rows][..., None], blocs, by_bloc.argmax(axis=1))
        made = (by_bloc.max(axis=1) > 0) * 1.0
        victim, attacker = (
            pick(side[:, None], dyad) for side in (layout.dyad_from, layout.dyad_to)
        )
    else:
        made = np.zeros((blocs.size, runs))
        victim = attacker = np.zeros(made.shape, dtype=np.int64)
    shape, of, by = (inputs.victim.shape[0], runs), np.maximum(inputs.bloc, 0), inputs.victim
    member = pick(world.member, np.maximum(by, 0), of) * (by != NONE)  # of the day
    return Appeals(
        bloc=np.concatenate([blocs, of]),
        victim=np.concatenate([victim, np.broadcast_to(np.maximum(by, 0), shape)]),
        attacker=np.concatenate([attacker, np.broadcast_to(inputs.against, shape)]),
        made=np.concatenate([made, inputs.appealed * member]),
    )


def case_of_answer(
    world: World,
    rules: Rules,
    strength: Monadic,
    *,
    bloc: Index,
    helper: Index,
    victim: Index,
    attacker: Index,  # NONE for an attacker that is not a state of the scenario
    stranger: float = 0.0,
) -> Mapping[str, Elementwise]:
    """Return the inputs of the law of answers for helpers and victims; indices end with the runs.

    An attacker that is not a state is a threat from within or, if `stranger` is 1, a state outside
    the bloc as strong as the victim, without ties to any state.
    """
    state, foe = attacker != NONE, np.maximum(attacker, 0)
    toward = pick(world.affinity, helper, foe)
    if world.layout.has_pivotal:
        toward = rules.support.shielding(regard_attacker=toward, pivotal=pick(world.pivotal, bloc))
    covered = np.where(state, 1 - pick(world.member, foe, bloc), stranger)
    if world.layout.has_scope:
        by_state = pick(world.layout.covers, bloc, victim, foe)
        at_home = pick(world.layout.area[..., None], bloc, victim)
        covered = covered * np.where(state, by_state, at_home)
    return {
        "commitment": pick(world.commitment, bloc),
        "covered": covered,
        "engagement": pick(world.engagement, helper, bloc),
        "regard": pick(world.affinity, helper, victim),
        "regard_attacker": state * toward,
        "strength": pick(strength, helper),
        "strength_attacker": np.where(
            state, pick(strength, foe), stranger * pick(strength, victim)
        ),
        "stake": state * sold(world, rules, seller=helper, buyer=foe),
        "at_war": pick(world.strain, helper),
    }


def odds_of_coming(
    world: World, rules: Rules, strength: Monadic, **who: Any
) -> Mapping[str, Elementwise]:
    """Return the log odds that helpers come to victims, by reason; see `case_of_answer`."""
    return rules.answer.terms(**case_of_answer(world, rules, strength, **who))


def _draws(world: World, noise: Noise, inputs: Inputs, appeals: Appeals) -> Elementwise:
    """Return the draws on which answers depend: (appeals, states, runs)."""
    layout, made = world.layout, (appeals.made > 0)[:, None]
    count, states = len(layout.blocs), layout.state_keys[:, None]
    blocs, events = layout.bloc_keys[:, None, None], inputs.appeal_keys[:, None, None]
    draws = noise.draws(
        uniform("answer", blocs, states, wanted=made[:count]),
        uniform("answer.event", events, states, wanted=made[count:]),
    )
    return np.concatenate(draws)


def _answered(
    *,
    world: World,
    rules: Rules,
    appeals: Appeals,
    draws: Elementwise,
    given: Elementwise,
    felt: Elementwise,
    strength: Monadic,
    decide: Decide,
) -> tuple[World, Answers]:
    """Return the world after members answered appeals, and the answers of the blocs.

    `given` are those of events, below zero where the law decides.
    """
    layout, bloc = world.layout, appeals.bloc
    states, leader = np.arange(len(layout.states))[:, None], pick(layout.leader[:, None], bloc)
    known = case_of_answer(
        world,
        rules,
        strength,
        bloc=bloc[:, None],
        helper=states,
        victim=appeals.victim[:, None],
        attacker=appeals.attacker[:, None],
    )
    terms = rules.answer.terms(**known)

    def party(state: Index) -> Elementwise:
        return 1.0 * ((state == appeals.victim[:, None]) | (state == appeals.attacker[:, None]))

    asked = pick(world.member, states, bloc[:, None]) * (1 - party(states))
    if excludes(world, rules):
        asked = asked * (1 - pick(world.shut_out, states, bloc[:, None]))
    came = (draws < logistic(added(terms))) * 1.0
    point = HonourPoint(
        terms=terms, inputs=known, draw=draws, asked=asked, imposed=given, **vars(appeals)
    )
    came = np.where(given[:, None] >= 0, given[:, None], decide(came, point))
    weight = asked * strength
    answer = rules.appeal.answer(
        leader=pick(came * asked, np.arange(bloc.shape[0])[:, None], leader),
        mean=(weight * came).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9),
        party=np.maximum(party(leader[:, None])[:, 0], 1 - pick(world.member, leader, bloc)),
    )
    answer = np.where(given >= 0, given, answer)
    duty = None
    if rules.war.weighs_duty:
        duty = rules.war.duty(**{name: known[name] for name in DUTY}) + 0.0 * came
    learned = _learned(
        world, rules, appeals, came=came, asked=asked, answer=answer, felt=felt, duty=duty
    )
    return learned, Answers(appeals=appeals, answer=answer, felt=felt)


def _learned(
    world: World,
    rules: Rules,
    appeals: Appeals,
    *,
    came: Elementwise,
    asked: Elementwise,
    answer: Elementwise,
    felt: Elementwise,
    duty: Elementwise | None,
) -> World:
    """Return the world after beliefs and the victims' regards took in the answers, in order."""
    states = np.arange(len(world.layout.states))[:, None]
    belief, affinity = world.belief, world.affinity
    for row in range(appeals.bloc.shape[0]):
        bloc, victim, made = appeals.bloc[row], appeals.victim[row], appeals.made[row]
        made = made * felt[row]
        if idle(made):
            continue
        cells = states, bloc
        learned = rules.war.belief(
            belief=pick(belief, *cells),
            answer=answer[row],
            victim=(states == victim) * 1.0,
            heard=made * pick(world.member, *cells) * (states != appeals.attacker[row]),
        )
        belief = put_at(belief, cells, learned)
        toward = victim, states
        regard = rules.war.regard(
            affinity=pick(affinity, *toward),
            came=came[row],
            asked=made * asked[row],
            leads=(states == pick(world.layout.leader[:, None], bloc)) * 1.0,
            duty=None if duty is None else duty[row],
        )
        affinity = put_at(affinity, toward, regard)
    return world.but(belief=belief, affinity=affinity)
