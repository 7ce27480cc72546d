"""Levers: expected, they affect the choice; carried out, they close offers and cost regard."""

import numpy as np
import pytest

from sim.steps.levers import heeded
from sim.steps.permits import permits
from sim.steps.prospects import on_sale_to
from tests.small import built, columns, event, merged, model, passing, record, same

ALP, BET, DEL, GAM = range(4)
START = 8071  # 2017-Q4, by date
LEVER = {
    "by": "ALP",
    "supplier": "BET",
    "recipient": "GAM",
    "system": "rocket",
    "withholds": ["missile_alp", "tank_alp"],
    "resolve": 0.5,
    "source": "assumed",
}
ORDER = {"supplier": "BET", "recipient": "GAM", "system": "rocket", "units": 4}


def with_lever(**changed):
    return {"leverage": {"arms": {**LEVER, **changed}}}


def gains_of(world):
    """Return a use of money by which the withheld offers are the best, and others half as good."""
    layout = world.layout
    gain = np.where(on_sale_to(world, START), 0.1, 0.0)
    held = np.isin(np.arange(len(layout.offers)), np.flatnonzero(layout.lever_holds[0]))
    return np.where(held[:, None], 2 * gain, gain)


def test_what_is_withheld_times_the_resolve_weighs_on_the_offers_that_it_is_held_against(tmp_path):
    small = built(model(tmp_path, with_lever()), 4)
    world, layout = small.world, small.world.layout
    weight = heeded(world, small.rules, gains_of(world), START)
    row, offer = layout.lever_buyer_row[0], layout.offers.index("rocket_bet")
    # no orders and no terms yet: half of the best use of money, in half of all cases
    assert weight[row, offer] == pytest.approx(0.25)
    assert weight.sum() == pytest.approx(0.25 * 4)
    richer = world.but(rent=world.rent + (np.e - 1))  # ln e = 1 more
    assert heeded(richer, small.rules, gains_of(world), START)[row, offer] == pytest.approx(0.75)
    late = built(model(tmp_path, with_lever(**{"from": "2018-Q3", "until": "2018-Q4"})), 4)
    dates = [START, START + 3, START + 4, START + 5]
    seen = [heeded(late.world, late.rules, gains_of(world), at).max() for at in dates]
    assert seen == pytest.approx([0, 0.25, 0.25, 0])


def test_a_buyer_asks_less_for_what_a_lever_is_held_against(tmp_path):
    def asked(**changed):
        log = record(model(tmp_path, with_lever(**changed)), 64).end.log
        offer = built(model(tmp_path)).world.layout.offers.index("rocket_bet")
        return ((log.offer == offer) & (log.recipient == GAM)).sum()

    assert asked(resolve=1.0) < asked(resolve=0.0)


def test_where_the_deed_is_done_offers_close_orders_are_held_up_and_regard_and_terms_are_lost(
    tmp_path,
):
    more = {
        "events": {
            "deed": event("2018-Q1", order=ORDER),
            "tanks": event("2018-Q1", order={**ORDER, "supplier": "ALP", "system": "tank"}),
        },
        "laws": {"leverage": {"hurt": 0.5, "forfeit": 1.0}},
        "blocs": {"PACT": {"rent": {"GAM": 1.0}}},
    }
    pairs = passing(built(model(tmp_path, merged(with_lever(resolve=0.5), more)), 32))
    end = pairs[-1][1].world
    done = end.withheld[0] > 0
    assert 0 < done.mean() < 1
    layout = end.layout
    offers = [layout.offers.index(name) for name in LEVER["withholds"]]
    open_ = permits(end)[GAM, offers]
    assert not open_[:, done].any()
    assert open_[:, ~done].all()
    row = np.flatnonzero((end.log.forced[:, 0] == 1) & (end.log.offer[:, 0] == offers[1]))[0]
    assert np.all((end.log.suspended[row] >= 0) == done)
    assert np.all(end.log.left[row][done] > 0)
    for before, passed in pairs:
        now = (passed.world.withheld[0] > 0) & (before.withheld[0] == 0)
        if now.any():
            after = passed.world
            assert np.all(after.rent[GAM, 1][now] < before.rent[GAM, 1][now])
            assert np.all(after.affinity[GAM, ALP][now] < before.affinity[GAM, ALP][now])
        assert np.array_equal(passed.withheld.done[0] > 0, now)
        assert np.array_equal(passed.withheld.regard[0] > 0, now)


def test_two_levers_after_each_other_on_the_same_offers_are_one_and_hurt_once(tmp_path):
    turns = {
        "early": {**LEVER, "resolve": 1.0, "until": "2018-Q3"},
        "late": {**LEVER, "resolve": 1.0, "from": "2018-Q4"},
    }
    deal = {"events": {"deed": event("2018-Q1", order=ORDER)}}
    small = built(model(tmp_path, merged({"leverage": turns}, deal)), 32)
    layout = small.world.layout
    assert layout.levers == ("early", "late")
    assert len(set(layout.lever_group.tolist())) == 1
    pairs = passing(small)
    done = np.sum([passed.withheld.done for _, passed in pairs], axis=0)
    assert done.sum(axis=0).max() == 1
    end = pairs[-1][1].world
    assert np.array_equal(end.withheld[0], end.withheld[1])
    assert np.array_equal(end.withheld[0], done.sum(axis=0))
    weak = {"early": {**turns["early"], "resolve": 0.0}, "late": turns["late"]}  # a bluff at first
    bluff = passing(built(model(tmp_path, merged({"leverage": weak}, deal)), 32))
    early = [passed.withheld.done.any() for _, passed in bluff if passed.world.period < START + 4]
    assert not any(early)
    assert bluff[-1][1].world.withheld.any()


def test_without_resolve_a_lever_has_no_effect(tmp_path):
    plain = columns(record(model(tmp_path), 16))
    idle = columns(record(model(tmp_path, with_lever(resolve=0.0)), 16))
    assert same(plain, idle) == []
