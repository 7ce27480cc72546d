"""Law 6: incidents, wars, appeals and what they leave behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.kernel.arrays import (
    NONE,
    Elementwise,
    Index,
    Monadic,
    Pairwise,
    added,
    chance,
    columns_of,
    cut,
    in_runs,
    logistic,
    namespace,
    pick,
    pick2,
    put,
)
from sim.kernel.inputs import Decide, Inputs
from sim.kernel.layout.entity_names import padded
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assess import Assessment
from sim.steps.privileges import sold


@dataclass(frozen=True, kw_only=True, eq=False)
class Clash:
    """The wars of a period: one row an unordered rival dyad."""

    war: Elementwise  # 0 or 1
    first_won: Elementwise  # 1 where the first side won
    intensity: Elementwise  # share of the law's losses that the war costs, 0 to 1
    pleading: Pairwise  # 1 where i was attacked by j and appeals
    alone: Pairwise  # 1 where i was attacked by j and does not appeal


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

    asked: Appeals
    answer: Elementwise  # (appeals, runs) 0 to 1


def no_answers(runs: int) -> Answers:
    """Return that nobody appealed."""
    nobody, nothing = np.zeros((0, runs), dtype=np.int64), np.zeros((0, runs))
    asked = Appeals(bloc=nobody[:, :1], victim=nobody, attacker=nobody, made=nothing)
    return Answers(asked=asked, answer=nothing)


def clash(
    *, world: World, rules: Rules, noise: Noise, inputs: Inputs, found: Assessment, dt: float
) -> Clash:
    """Return which incidents happen, which become wars, who attacked and who won."""
    layout = world.layout
    xp = namespace(found.gain)
    first, second = layout.rival_dyads, layout.reverse[layout.rival_dyads]
    keys = layout.dyad_keys[:, None]
    starts, escalates, wins = noise.draws(
        uniform("incident", keys), uniform("escalation", keys), uniform("victory", keys)
    )
    rate = rules.crisis.rate(rivalry=world.rivalry[first], rivalry_back=world.rivalry[second])
    incident = starts < chance(rate, dt)
    incident = incident | (inputs.incident > 0)
    by_gain = found.gain[second] > found.gain[first]
    by_second = xp.where(inputs.attacker == NONE, by_gain, inputs.attacker == 1)
    gain = xp.where(by_second, found.gain[second], found.gain[first])
    fought = incident & (escalates < rules.crisis.escalation(gain=gain))
    war = xp.where(inputs.war == NONE, fought, inputs.war == 1)
    win = xp.where(by_second, found.win[second], found.win[first])
    attacker_won = wins < win
    attacked = xp.zeros(found.gain.shape)
    attacked = put(attacked, first, (war & by_second) * 1.0, own=True)
    attacked = put(attacked, second, (war & ~by_second) * 1.0, own=True)
    pleads = xp.zeros((found.gain.shape[0], inputs.pleads.shape[-1]))
    for side in (first, second):
        pleads = put(pleads, side, inputs.pleads, own=True)
    return Clash(
        war=war * 1.0,
        first_won=(attacker_won ^ by_second) * 1.0,
        intensity=inputs.intensity,
        pleading=attacked * pleads,
        alone=attacked * (1 - pleads),
    )


def aftermath(*, world: World, rules: Rules, fought: Clash) -> tuple[World, Monadic]:
    """Return the world after bitterness, and the shares of arsenals that attrition leaves.

    The arsenals themselves are worn down with their ageing, at delivery.
    """
    layout = world.layout
    first, second = layout.rival_dyads, layout.reverse[layout.rival_dyads]
    won, lost = fought.war * fought.first_won, fought.war * (1 - fought.first_won)
    left_first = rules.war.remaining(won=won, lost=lost, intensity=fought.intensity)
    left_second = rules.war.remaining(won=lost, lost=won, intensity=fought.intensity)
    remaining = layout.rival_dyads_by_side[0].product(left_first) * layout.rival_dyads_by_side[
        1
    ].product(left_second)
    war = namespace(won).zeros(fought.pleading.shape)
    for side in (first, second):
        war = put(war, side, fought.war, own=True)
    cells = (layout.dyad_from, layout.dyad_to)
    world = world.but(
        rivalry=rules.war.dispute(rivalry=world.rivalry, war=war),
        affinity=put(
            world.affinity,
            cells,
            rules.war.enmity(affinity=world.affinity[cells], war=war),
        ),
    )
    return stood_by(world=world, rules=rules, alone=fought.alone), remaining


def stood_by(*, world: World, rules: Rules, alone: Pairwise) -> World:
    """Return the world after members that fought alone without an appeal judged the others."""
    layout, law = world.layout, rules.war
    if not alone.any():
        return world
    bloc, pair = layout.appeal_index.T
    i = layout.dyad_from[pair]
    left = law.unasked * alone[pair] * world.member[i, bloc]  # by bloc and pair
    judges, judged = tuple(layout.pleader_index.T), layout.appeals_by_pleader.max(left)
    appeal, k = layout.aid_index.T
    blame = law.blame(leads=(layout.leader[bloc[appeal]] == k)[:, None] * 1.0)
    ties = tuple(layout.bystander_index.T)
    share = layout.aids_by_bystander.max(blame * left[appeal] * world.member[k, bloc[appeal]])
    belief = law.belief(
        belief=world.belief[judges], answer=0 * judged, victim=0 * judged + 1, heard=judged
    )
    affinity = world.affinity[ties]
    return world.but(
        belief=put(world.belief, judges, belief),
        affinity=put(world.affinity, ties, affinity - share * (1 + affinity)),
    )


def plea(*, world: World, inputs: Inputs, found: Assessment, fought: Clash) -> Appeals:
    """Return who appeals to which bloc: of the members that plead, the most threatened."""
    layout = world.layout
    xp = namespace(found.threat)
    runs = found.threat.shape[-1]
    bloc, pair = layout.appeal_index[:, 0], layout.appeal_index[:, 1]
    score = fought.pleading[pair] * world.member[layout.dyad_from[pair], bloc]
    score = score * (1 + found.threat[pair])
    rows = padded([np.nonzero(bloc == b)[0] for b in range(len(layout.blocs))])
    scores = xp.where((rows != NONE)[..., None], score[rows], -1.0) if len(pair) else None
    if scores is None:
        chosen, made = (
            xp.zeros((rows.shape[0], runs), dtype=np.int64),
            xp.zeros((rows.shape[0], runs)),
        )
        victim, attacker = chosen, chosen
    else:
        best = scores.argmax(axis=1)
        chosen = pair[rows[np.arange(rows.shape[0])[:, None], best]]
        made = (scores.max(axis=1) > 0) * 1.0
        victim, attacker = layout.dyad_from[chosen], layout.dyad_to[chosen]
    shape = (inputs.victim.shape[0], runs)
    return Appeals(
        bloc=xp.concatenate([np.arange(rows.shape[0])[:, None], xp.maximum(inputs.bloc, 0)]),
        victim=xp.concatenate([victim, xp.broadcast_to(xp.maximum(inputs.victim, 0), shape)]),
        attacker=xp.concatenate([attacker, xp.broadcast_to(inputs.against, shape)]),
        made=xp.concatenate([made, inputs.appealed * (inputs.victim != NONE)]),
    )


def odds_of_coming(
    *, world: World, rules: Rules, strength: Monadic, asked: Appeals
) -> Mapping[str, Elementwise]:
    """Return the log odds that each state answers each appeal, by reason.

    Shape (appeals, states, runs).
    """
    xp = namespace(strength)
    bloc = asked.bloc[:, 0]
    states = np.arange(len(world.layout.states))[None, :, None]
    threatened = (asked.attacker != NONE)[:, None] * 1.0
    attacker = xp.maximum(asked.attacker, 0)
    return rules.answer.terms(
        commitment=world.commitment[bloc][:, None],
        covered=threatened * (1 - pick2(world.member, attacker, bloc[:, None])[:, None]),
        engagement=xp.moveaxis(world.engagement, 1, 0)[bloc],
        regard=pick2(world.affinity, states, asked.victim[:, None]),
        regard_attacker=threatened * pick2(world.affinity, states, attacker[:, None]),
        strength=strength[None],
        strength_attacker=threatened * pick(strength, attacker)[:, None],
        stake=threatened * sold(world, rules, seller=states, buyer=attacker[:, None]),
        at_war=world.strain[None],
    )


def entitled(world: World, asked: Appeals) -> Elementwise:
    """Return 1 for each state that an appeal reaches: fellow members that are no party to it."""
    xp = namespace(world.member)
    states = np.arange(len(world.layout.states))[None, :, None]
    party = (states == asked.victim[:, None]) | (states == asked.attacker[:, None])
    return xp.moveaxis(world.member, 1, 0)[asked.bloc[:, 0]] * ~party


def answer_of_bloc(
    *, world: World, asked: Appeals, came: Elementwise, entitled: Elementwise, strength: Elementwise
) -> Elementwise:
    """Return each bloc's answer, 0 to 1: the leader's, or the others' where it is a party."""
    xp = namespace(came)
    leader = world.layout.leader[asked.bloc[:, 0]]
    party = (asked.victim == leader[:, None]) | (asked.attacker == leader[:, None])
    weight = entitled * strength
    mean = (weight * came).sum(axis=1) / xp.maximum(weight.sum(axis=1), 1e-9)
    rows = np.arange(leader.size)
    return xp.where(party, mean, (came * entitled)[rows, leader])


def appeal(
    *,
    world: World,
    rules: Rules,
    noise: Noise,
    inputs: Inputs,
    found: Assessment,
    fought: Clash,
    decide: Decide,
) -> tuple[World, Answers]:
    """Return the world after members answered the appeals of the period, and the answers.

    Appeals are rare: only the runs in which one is made are looked at.
    """
    asked = plea(world=world, inputs=inputs, found=found, fought=fought)
    columns = columns_of((asked.made > 0).any(axis=0))
    answer = namespace(found.strength).zeros(asked.made.shape)
    bound = strained(world, rules, fought)
    if columns.size == 0:
        return world.but(strain=bound), Answers(asked=asked, answer=answer)
    part = world.in_runs(columns)
    learned, answered = _answered(
        world=part,
        rules=rules.in_runs(columns),
        asked=in_runs(asked, columns),
        draws=_draws(world, noise.of(columns), inputs),
        given=cut(inputs.answer, columns),
        strength=found.strength[..., columns],
        decide=decide,
    )
    cells = (..., columns)
    heard = Answers(asked=asked, answer=put(answer, cells, answered, own=True))
    world = world.but(
        belief=put(world.belief, cells, learned.belief),
        affinity=put(world.affinity, cells, learned.affinity),
        strain=bound,
    )
    return world, heard


def strained(world: World, rules: Rules, fought: Clash) -> Monadic:
    """Return how far wars, those of the period with them, bind each state, 0 to 1."""
    first, second = (
        side.max(fought.war * fought.intensity) for side in world.layout.rival_dyads_by_side
    )
    return rules.war.strained(
        strain=world.strain,
        intensity=namespace(first).maximum(first, second),
        dt=world.layout.calendar.dt,
    )


def _draws(world: World, noise: Noise, inputs: Inputs) -> Elementwise:
    """Return the draws on which answers depend: (appeals, states, runs)."""
    layout = world.layout
    by_bloc, by_event = noise.draws(
        uniform("answer", layout.bloc_keys[:, None, None], layout.state_keys[:, None]),
        uniform("answer.event", inputs.appeal_keys[:, None, None], layout.state_keys[:, None]),
    )
    return namespace(by_bloc).concatenate([by_bloc, by_event])


def _answered(
    *,
    world: World,
    rules: Rules,
    asked: Appeals,
    draws: Elementwise,
    given: Elementwise,
    strength: Monadic,
    decide: Decide,
) -> tuple[World, Elementwise]:
    """Return the world after members answered appeals, and what the blocs answered.

    `given` are the answers of events.
    """
    xp = namespace(strength)
    terms = odds_of_coming(world=world, rules=rules, strength=strength, asked=asked)
    came = (draws < logistic(added(terms))) * 1.0
    about = {
        "terms": terms,
        "bloc": asked.bloc,
        "victim": asked.victim,
        "attacker": asked.attacker,
        "made": asked.made,
    }
    came = decide("honour", came, about)
    blocs = len(world.layout.blocs)
    given = xp.broadcast_to(given, (given.shape[0], came.shape[-1]))
    given = xp.concatenate([xp.full((blocs, came.shape[-1]), -1.0), given])
    came = xp.where(given[:, None] >= 0, given[:, None], came)
    reached = entitled(world, asked)
    answer = answer_of_bloc(
        world=world, asked=asked, came=came, entitled=reached, strength=strength
    )
    answer = xp.where(given >= 0, given, answer)
    return _learned(world, rules, asked, came, reached, answer), answer


def _learned(
    world: World, rules: Rules, asked: Appeals, came: Any, reached: Any, answer: Any
) -> World:
    layout = world.layout
    xp = namespace(came)
    column = xp.arange(came.shape[-1])
    states = np.arange(len(layout.states))[:, None]
    belief, affinity = 1.0 * world.belief, 1.0 * world.affinity
    for row, bloc in enumerate(asked.bloc[:, 0]):
        is_victim = (states == asked.victim[row]) * 1.0
        belief = put(
            belief,
            (slice(None), bloc),
            rules.war.belief(
                belief=belief[:, bloc],
                answer=answer[row],
                victim=is_victim,
                heard=asked.made[row] * world.member[:, bloc],
            ),
            own=True,
        )
        cells = (asked.victim[row][None], states, column[None])
        moved = rules.war.regard(
            affinity=affinity[cells],
            came=came[row],
            asked=asked.made[row] * reached[row],
            leads=(states == layout.leader[bloc]) * 1.0,
        )
        affinity = put(affinity, cells, moved, own=True)
    return world.but(belief=belief, affinity=affinity)
