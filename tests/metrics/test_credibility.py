"""Credibility by hand: the feared rival, the members asked, and the answer and its worth."""

from dataclasses import replace

import numpy as np
import pytest

from sim.kernel.arrays import NONE, pick
from sim.metrics.credibility import credibility, most_feared
from tests.small import built, model


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = built(model(tmp_path_factory.mktemp("small")), 3).world
    member = 1.0 * world.member
    member[world.layout.states.index("GAM"), world.layout.blocs.index("PACT"), 1] = 0.0
    return world.but(member=member)


def threat_of(layout, **threats):
    """Threats by `AAA>BBB` with `_` for `>`, the same in three runs unless a list."""
    names = [name.replace(">", "_") for name in layout.subjects["dyad"]]
    table = np.zeros((len(names), 3))
    for name, value in threats.items():
        table[names.index(name)] = value
    return table


def test_a_member_fears_the_rival_of_whom_it_perceives_most_threat(world):
    layout = world.layout
    dyads = layout.subjects["dyad"]
    assert "GAM>DEL" in dyads
    feared = most_feared(layout, threat_of(layout, GAM_DEL=[0.2, 0.0, 0.1]))
    row = layout.subjects["member"].index("GAM:PACT")
    foe = layout.states.index("DEL")
    assert feared[row].tolist() == [foe, NONE, foe]
    assert np.all(np.delete(feared, row, axis=0) == NONE)


def test_without_any_dispute_no_rival_is_feared(world):
    nothing = np.zeros(0, dtype=np.int64)
    peaceful = replace(world.layout, dyad_from=nothing, dyad_to=nothing)
    feared = most_feared(peaceful, np.zeros((0, 4)))
    assert np.array_equal(feared, np.full((len(peaceful.member_index), 4), NONE))


def test_the_answer_is_made_of_what_each_fellow_member_is_likely_to_do(world):
    layout = world.layout
    strength = np.array([[9.0], [4.0], [2.0], [1.0]]) * np.array([1.0, 2.0, 3.0])
    base = np.array([[0.3], [-0.4], [0.7], [0.1]]) + 0 * strength
    threat = threat_of(layout, GAM_DEL=0.5)

    def odds(*, bloc, helper, victim, attacker):
        foe = (attacker != NONE) * 1.0
        return {"own": pick(base, helper), "rest": 0.1 * victim - 0.2 * bloc + 0.3 * foe}

    parts = {}

    def answer(**known):
        parts.update(known)
        return known["leader"]

    def win(*, strength, opposed):
        return strength / (strength + opposed)

    known = {"strength": strength, "threat": threat, "odds": odds, "answer": answer, "win": win}
    found = credibility(world, **known)
    feared = most_feared(layout, threat)
    for row, (i, b) in enumerate(layout.member_index):
        leader = layout.leader[b]
        for run in range(3):
            foe = feared[row, run]
            comes, weights = {}, {}
            for k in range(4):
                if k not in {i, foe} and world.member[k, b, run]:
                    worth = base[k, run] + 0.1 * i - 0.2 * b + 0.3 * (foe != NONE)
                    comes[k], weights[k] = 1 / (1 + np.exp(-worth)), strength[k, run]
            mean = sum(weights[k] * comes[k] for k in comes) / max(sum(weights.values()), 1e-9)
            assert found.answered[row, run] == pytest.approx(comes.get(leader, 0.0)), (row, run)
            assert parts["mean"][row, run] == pytest.approx(mean), (row, run)
            own, helped = strength[i, run], sum(weights[k] * comes[k] for k in comes)
            enemy = own if foe == NONE else strength[foe, run]
            aid = enemy / (enemy + own) - enemy / (enemy + own + helped)
            assert found.aid[row, run] == pytest.approx(aid), (row, run)
            assert parts["party"][row, run] == (leader in {i, foe})
