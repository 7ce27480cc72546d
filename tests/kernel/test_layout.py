"""Index tables of the layout, against loops over names."""

import numpy as np
import pytest

from sim.kernel.arrays import NONE
from tests.small import built, model


@pytest.fixture(scope="module")
def layout(tmp_path_factory):
    return built(model(tmp_path_factory.mktemp("layout")), 2).world.layout


def test_a_dyad_has_its_number_and_its_reverse(layout):
    dyads = list(zip(layout.dyad_from, layout.dyad_to, strict=True))
    assert (layout.dyad_number != NONE).sum() == len(dyads)
    for number, (i, j) in enumerate(dyads):
        assert layout.dyad_number[i, j] == number
        assert dyads[layout.reverse[number]] == (j, i)
    assert sorted([*layout.rival_dyads, *layout.reverse[layout.rival_dyads]]) == [
        *range(len(dyads))
    ]
    assert np.all(layout.dyad_from[layout.rival_dyads] < layout.dyad_to[layout.rival_dyads])


def test_dyads_are_listed_by_sender_and_by_target(layout):
    for groups, table, states in (
        (layout.dyads_by_sender, layout.sender_dyads, layout.dyad_from),
        (layout.dyads_by_target, layout.target_dyads, layout.dyad_to),
    ):
        assert np.array_equal(groups.index, states)
        for state in range(len(layout.states)):
            listed = table[state][table[state] != NONE]
            assert listed.tolist() == np.nonzero(states == state)[0].tolist()


def test_fellow_members_are_all_other_states_of_a_bloc(layout):
    named = {
        (layout.states[i], layout.blocs[b], layout.states[k])
        for (i, b), k in zip(
            layout.member_index[layout.fellow_index[:, 0]], layout.fellow_index[:, 1], strict=True
        )
    }
    members = {"PACT": ["ALP", "BET", "GAM"], "DUO": ["DEL", "BET"]}
    assert named == {(i, b, k) for b, each in members.items() for i in each for k in each if i != k}
    shared = {(layout.states[i], layout.states[k]) for i, k in layout.fellow_dyads}
    assert shared == {(i, k) for i, _, k in named}
    assert np.argwhere(layout.may_share_bloc).tolist() == layout.fellow_dyads.tolist()
    assert layout.fellows_by_dyad.sum(np.ones((len(layout.fellow_index), 1))).sum() == len(named)


def test_members_may_count_on_their_blocs_against_each_rival(layout):
    appeals = {(b, i, j) for b, i, j in named_appeals(layout)}
    members = {(layout.states[i], layout.blocs[b]) for i, b in layout.member_index}
    dyads = {tuple(each.split(">")) for each in layout.subjects["dyad"]}
    assert appeals == {(b, i, j) for i, b in members for k, j in dyads if k == i}
    pleaders = {(layout.states[i], layout.blocs[b]) for i, b in layout.pleader_index}
    assert pleaders == {(i, b) for b, i, _ in appeals}
    helpers = {(*named_appeals(layout)[a], layout.states[k]) for a, k in layout.aid_index}
    assert helpers == {
        (b, i, j, k) for b, i, j in appeals for k, bloc in members if bloc == b and k not in {i, j}
    }
    assert {(layout.states[i], layout.states[k]) for i, k in layout.bystander_index} == {
        (i, k) for _, i, _, k in helpers
    }


def named_appeals(layout):
    return [
        (layout.blocs[b], layout.states[layout.dyad_from[p]], layout.states[layout.dyad_to[p]])
        for b, p in layout.appeal_index
    ]


def test_a_supplier_is_bound_by_the_harm_to_every_fellow_member(layout):
    appeals = {(b, i, j) for b, i, j in named_appeals(layout)}
    members = {(layout.states[i], layout.blocs[b]) for i, b in layout.member_index}
    norms = {(layout.states[s], layout.blocs[b], layout.states[j]) for s, b, j in layout.norm_index}
    assert norms == {
        (s, b, j) for b, i, j in appeals for s, bloc in members if bloc == b and s != i
    }
    assert {(layout.states[s], layout.states[j]) for s, j in layout.norm_dyads} == {
        (s, j) for s, _, j in norms
    }


def test_shots_are_at_the_assets_of_rivals(layout):
    shots = {
        (layout.states[layout.dyad_from[p]], layout.assets[v])
        for p, v in zip(layout.shot_dyad, layout.shot_asset, strict=True)
    }
    owners = {"gam_power": "GAM", "gam_oil": "GAM", "del_power": "DEL"}
    dyads = [each.split(">") for each in layout.subjects["dyad"]]
    assert shots == {(i, v) for v, owner in owners.items() for i, j in dyads if j == owner}


def test_the_market_lists_each_rival_of_each_buyer_and_the_shots_between_them(layout):
    market = layout.market
    assert market.kinds.tolist() == sorted(market.kinds)
    parts = [market.offers(kind) for kind in range(3)]
    assert [n for part in parts for n in range(part.start, part.stop)] == [0, 1, 2, 3, 4]
    assert all(np.all(market.kinds[part] == kind) for kind, part in enumerate(parts))
    dyads = [each.split(">") for each in layout.subjects["dyad"]]
    buyers = [layout.states[i] for i in layout.buyers]
    rows = [dyads[dyad] for dyad in market.dyads]
    assert rows == [dyad for dyad in dyads if dyad[0] in buyers]
    assert [buyers[n] for n in market.place] == [i for i, _ in rows]
    for (shots, groups), side in ((market.answers, 1), (market.threats, -1)):
        assert sorted(shots.tolist()) == sorted(
            n for n, p in enumerate(layout.shot_dyad) if dyads[p][::side] in rows
        )
        for shot, row in zip(shots, groups.index, strict=True):
            assert dyads[layout.shot_dyad[shot]] == rows[row][::side]
