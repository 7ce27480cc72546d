"""Appeals: which members ask their bloc for aid, who comes, and what the answer teaches."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import (
    NONE,
    Elementwise,
    Index,
    Monadic,
    added,
    columns_of,
    cut,
    in_runs,
    logistic,
    pick,
    put,
)
from sim.kernel.decision_points import Decide, HonourPoint
from sim.kernel.inputs import Inputs
from sim.kernel.layout.entity_names import padded
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Assessment
from sim.steps.crises import Clash
from sim.steps.privileges import sold


@dataclass(frozen=True, kw_only=True, eq=False)
class Appeals:
    """Appeals: one row a bloc, then one an event. Victims and attackers are chosen by run."""

    bloc: Index  # (appeals, 1)
    victim: Index  # (appeals, runs)
    attacker: Index  # (appeals, runs); NONE for an internal threat
    made: Elementwise  # (appeals, runs) 0 or 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """The appeals of a period with the answers of the blocs."""

    appeals: Appeals
    answer: Elementwise  # (appeals, runs) 0 to 1


def no_answers(runs: int) -> Answers:
    """Return an empty list of appeals, with no answers."""
    nobody, nothing = np.zeros((0, runs), dtype=np.int64), np.zeros((0, runs))
    appeals = Appeals(bloc=nobody[:, :1], victim=nobody, attacker=nobody, made=nothing)
    return Answers(appeals=appeals, answer=nothing)


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
    """Return the world after members answered the appeals of the period, and the answers.

    Appeals are rare: only the runs in which one is made are looked at.
    """
    appeals = appeals_of(world=world, rules=rules, inputs=inputs, view=view, wars=wars)
    columns = columns_of((appeals.made > 0).any(axis=0))
    answer = np.zeros(appeals.made.shape)
    if columns.size == 0:
        return world, Answers(appeals=appeals, answer=answer)
    learned, answered = _answered(
        world=world.in_runs(columns),
        rules=rules.in_runs(columns),
        appeals=in_runs(appeals, columns),
        draws=_draws(world, noise.of(columns), inputs),
        given=cut(inputs.answer, columns),
        strength=view.strength[..., columns],
        decide=decide,
    )
    cells = (..., columns)
    world = world.but(
        belief=put(world.belief, cells, learned.belief),
        affinity=put(world.affinity, cells, learned.affinity),
    )
    return world, Answers(appeals=appeals, answer=put(answer, cells, answered, inplace=True))


def appeals_of(
    *, world: World, rules: Rules, inputs: Inputs, view: Assessment, wars: Clash
) -> Appeals:
    """Return who appeals to which bloc: the most urgent member of each, and who an event says."""
    layout = world.layout
    runs = view.threat.shape[-1]
    bloc, pair = layout.appeal_index.T
    attacked = wars.pleading[pair] * world.member[layout.dyad_from[pair], bloc]
    urgency = rules.appeal.urgency(attacked=attacked, threat=view.threat[pair])
    rows = padded([np.nonzero(bloc == b)[0] for b in range(len(layout.blocs))])
    blocs = np.arange(rows.shape[0])[:, None]
    if len(pair):
        by_bloc = np.where((rows != NONE)[..., None], urgency[rows], -1.0)
        chosen = pair[rows[blocs, by_bloc.argmax(axis=1)]]
        made = (by_bloc.max(axis=1) > 0) * 1.0
        victim, attacker = layout.dyad_from[chosen], layout.dyad_to[chosen]
    else:
        made = np.zeros((blocs.size, runs))
        victim = attacker = np.zeros(made.shape, dtype=np.int64)
    shape = (inputs.victim.shape[0], runs)
    return Appeals(
        bloc=np.concatenate([blocs, np.maximum(inputs.bloc, 0)]),
        victim=np.concatenate([victim, np.broadcast_to(np.maximum(inputs.victim, 0), shape)]),
        attacker=np.concatenate([attacker, np.broadcast_to(inputs.against, shape)]),
        made=np.concatenate([made, inputs.appealed * (inputs.victim != NONE)]),
    )


def odds_of_coming(
    world: World,
    rules: Rules,
    strength: Monadic,
    *,
    bloc: Index,
    helper: Index,
    victim: Index,
    attacker: Index,  # NONE for one that is no state of the scenario
    stranger: float = 0.0,
) -> Mapping[str, Elementwise]:
    """Return the log odds that helpers come to victims, by reason; indices end with the runs.

    An attacker that is no state is a threat from within, or, where `stranger` is 1, a state outside
    the bloc as strong as the victim, to which nobody has any ties.
    """
    state, foe = attacker != NONE, np.maximum(attacker, 0)
    return rules.answer.terms(
        commitment=pick(world.commitment, bloc),
        covered=np.where(state, 1 - pick(world.member, foe, bloc), stranger),
        engagement=pick(world.engagement, helper, bloc),
        regard=pick(world.affinity, helper, victim),
        regard_attacker=state * pick(world.affinity, helper, foe),
        strength=pick(strength, helper),
        strength_attacker=np.where(state, pick(strength, foe), stranger * pick(strength, victim)),
        stake=state * sold(world, rules, seller=helper, buyer=foe),
        at_war=pick(world.strain, helper),
    )


def _draws(world: World, noise: Noise, inputs: Inputs) -> Elementwise:
    """Return the draws on which answers depend: (appeals, states, runs)."""
    layout = world.layout
    by_bloc, by_event = noise.draws(
        uniform("answer", layout.bloc_keys[:, None, None], layout.state_keys[:, None]),
        uniform("answer.event", inputs.appeal_keys[:, None, None], layout.state_keys[:, None]),
    )
    return np.concatenate([by_bloc, by_event])


def _answered(
    *,
    world: World,
    rules: Rules,
    appeals: Appeals,
    draws: Elementwise,
    given: Elementwise,
    strength: Monadic,
    decide: Decide,
) -> tuple[World, Elementwise]:
    """Return the world after members answered appeals, and what the blocs answered.

    `given` are the answers of events, below zero where the law decides.
    """
    bloc = appeals.bloc[:, 0]
    states, leader = np.arange(len(world.layout.states)), world.layout.leader[bloc][:, None]
    terms = odds_of_coming(
        world,
        rules,
        strength,
        bloc=appeals.bloc[:, None],
        helper=states[:, None],
        victim=appeals.victim[:, None],
        attacker=appeals.attacker[:, None],
    )
    came = (draws < logistic(added(terms))) * 1.0
    came = decide(came, HonourPoint(terms=terms, **vars(appeals)))
    given = np.broadcast_to(given, (given.shape[0], came.shape[-1]))
    given = np.concatenate([np.full((len(world.layout.blocs), came.shape[-1]), -1.0), given])
    came = np.where(given[:, None] >= 0, given[:, None], came)

    def party(state: Index) -> Elementwise:
        return 1.0 * ((state == appeals.victim[:, None]) | (state == appeals.attacker[:, None]))

    asked = np.moveaxis(world.member, 1, 0)[bloc] * (1 - party(states[:, None]))
    weight = asked * strength
    answer = rules.appeal.answer(
        leader=(came * asked)[np.arange(bloc.size), leader[:, 0]],
        mean=(weight * came).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9),
        party=party(leader[:, None])[:, 0],
    )
    answer = np.where(given >= 0, given, answer)
    return _learned(world, rules, appeals, came=came, asked=asked, answer=answer), answer


def _learned(
    world: World,
    rules: Rules,
    appeals: Appeals,
    *,
    came: Elementwise,
    asked: Elementwise,
    answer: Elementwise,
) -> World:
    """Return the world after beliefs and the victims' regards took in the answers, in order."""
    column = np.arange(came.shape[-1])
    states = np.arange(len(world.layout.states))[:, None]
    belief, affinity = 1.0 * world.belief, 1.0 * world.affinity
    for row, bloc in enumerate(appeals.bloc[:, 0]):
        learned = rules.war.belief(
            belief=belief[:, bloc],
            answer=answer[row],
            victim=(states == appeals.victim[row]) * 1.0,
            heard=appeals.made[row] * world.member[:, bloc],
        )
        belief = put(belief, (slice(None), bloc), learned, inplace=True)
        cells = (appeals.victim[row][None], states, column[None])
        regard = rules.war.regard(
            affinity=affinity[cells],
            came=came[row],
            asked=appeals.made[row] * asked[row],
            leads=(states == world.layout.leader[bloc]) * 1.0,
        )
        affinity = put(affinity, cells, regard, inplace=True)
    return world.but(belief=belief, affinity=affinity)
