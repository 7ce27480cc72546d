"""Crises by hand: attacker, winner, costs of a war, and blame of bystanders."""

from dataclasses import replace

import numpy as np
import pytest

from sim.kernel.arrays import NONE
from sim.steps.assessment import assess, inventory
from sim.steps.crises import aftermath, clash, stood_by, strain, under_way
from tests.small import model, record

ALP, BET, DEL, GAM = range(4)
DUO, PACT = range(2)
START = 8071  # the first period, by date


def rows(*values):
    return np.array(values, dtype=float)[:, None] * np.ones(3)


def fought(small, found):
    """Return the world after the wars of its first period, and the remaining shares of arsenals."""
    return aftermath(
        world=small.world,
        rules=small.rules,
        wars=found,
        strength=small.world.gdp,
        number=START,
    )


@pytest.fixture
def wars(small):
    """Return a function that gives the wars of a period between DEL, the first, and GAM."""
    view = assess(small.world, small.rules, inventory(small.world, small.rules))

    def of(*, gain=(0.0, 0.0), win=(0.5, 0.5), rules=small.rules, world=small.world, **given):
        inputs = replace(small.inputs[0], **{n: np.full((1, 3), v) for n, v in given.items()})
        seen = replace(view, gain=rows(*gain), win=rows(*win))
        noise = small.noise.at(START)
        return clash(
            world=world, rules=rules, noise=noise, inputs=inputs, view=seen, dt=0.25
        )  # fmt: skip

    return of


@pytest.mark.parametrize(
    ("known", "attacked", "first_won"),
    [
        ({"gain": (0.5, 0.2), "win": (1.0, 0.0)}, [0, 1], 1),  # DEL gains more, attacks and wins
        ({"gain": (0.5, 0.2), "win": (0.0, 1.0)}, [0, 1], 0),  # and loses
        ({"gain": (0.2, 0.5), "win": (0.0, 1.0)}, [1, 0], 0),  # GAM attacks and wins
        ({"gain": (0.2, 0.5), "win": (1.0, 0.0)}, [1, 0], 1),
        ({"gain": (0.2, 0.5), "win": (1.0, 0.0), "attacker": 0}, [0, 1], 1),  # history has it so
        ({"gain": (0.5, 0.2), "win": (1.0, 0.0), "attacker": 1}, [1, 0], 1),
    ],
)
def test_the_side_that_gains_more_attacks_unless_history_says_otherwise(
    wars, known, attacked, first_won
):
    found = wars(war=1, **known)
    assert np.all(found.war == 1)
    assert np.all(found.first_won == first_won)
    assert np.array_equal(found.pleading, rows(*attacked))
    assert np.all(found.alone == 0)


def test_one_that_does_not_appeal_is_attacked_alone(wars):
    found = wars(gain=(0.5, 0.2), war=1, pleads=0.0)
    assert np.all(found.pleading == 0)
    assert np.array_equal(found.alone, rows(0, 1))


def test_an_incident_becomes_a_war_where_it_pays_and_history_may_say_that_none_was_fought(
    small, wars
):
    grim = replace(small.rules, crisis=replace(small.rules.crisis, calculation=1000.0))
    assert np.all(wars(rules=grim, gain=(0.9, -0.9), incident=1).war == 1)
    assert np.all(wars(rules=grim, gain=(-0.9, 0.9), incident=1).war == 1)
    assert np.all(wars(rules=grim, gain=(-0.9, -0.8), incident=1).war == 0)
    assert np.all(wars(rules=grim, gain=(0.9, 0.9), incident=1, war=0).war == 0)
    calm = replace(grim, crisis=replace(grim.crisis, incidents=0.0))
    assert np.all(wars(rules=calm, gain=(0.9, 0.9)).war == 0)  # no incident
    assert np.all(wars(rules=calm, gain=(-0.9, -0.9), war=1).war == 1)
    assert np.all(wars(rules=calm, gain=(0.9, 0.9), incident=0, war=NONE).war == 0)


def test_a_war_wears_both_sides_down_and_embitters_them(small, wars):
    found = wars(gain=(0.5, 0.2), win=(1.0, 0.0), war=1, intensity=0.5)
    world, remaining = fought(small, found)
    assert remaining == pytest.approx(rows(1.0, 1.0, 0.95, 0.85))  # half of 10 and of 30 %
    # three tenths of the way to full dispute and to enmity
    assert world.rivalry == pytest.approx(rows(0.7 + 0.3 * 0.3, 0.8 + 0.3 * 0.2))
    changed = small.world.affinity.copy()
    changed[DEL, GAM] = changed[GAM, DEL] = -0.7 - 0.3 * 0.3
    assert world.affinity == pytest.approx(changed)
    assert np.array_equal(world.belief, small.world.belief)  # GAM appealed: see the answers
    peace = wars(war=0)
    world, remaining = fought(small, peace)
    assert np.all(remaining == 1.0)
    assert np.array_equal(world.rivalry, small.world.rivalry)


def test_a_small_war_embitters_and_is_blamed_by_its_intensity_where_the_law_says_so(small, wars):
    by_size = replace(small.rules, war=replace(small.rules.war, by_intensity=1.0))
    small_war = {"gain": (0.5, 0.2), "war": 1, "intensity": 0.2, "pleads": 0}

    def after(rules):
        found = wars(rules=rules, **small_war)
        known = {"world": small.world, "strength": small.world.gdp, "number": START}
        return aftermath(**known, rules=rules, wars=found)[0]

    whole, part, before = after(small.rules), after(by_size), small.world
    for name in ("rivalry", "belief"):
        moved = getattr(whole, name) - getattr(before, name)
        assert np.any(moved != 0)
        assert getattr(part, name) - getattr(before, name) == pytest.approx(0.2 * moved)
    for k in (ALP, BET):  # who looked on
        moved = (whole.affinity - before.affinity)[GAM, k]
        assert np.all(moved < 0)
        assert (part.affinity - before.affinity)[GAM, k] == pytest.approx(0.2 * moved)


def test_a_war_that_lasts_costs_as_much_in_parts_and_embitters_as_it_begins(small, wars):
    found = wars(gain=(0.5, 0.2), war=1, winner=1, length=1.0)  # the second wins after a year
    world, first = fought(small, found)
    assert world.war_since == pytest.approx(START)
    assert world.war_until == pytest.approx(START + 3)
    # a quarter of the loser's 30 % and of the winner's 10 %, as factors
    assert first == pytest.approx(rows(1.0, 1.0, 0.7**0.25, 0.9**0.25))
    peace, quiet = wars(war=0), {"world": world, "rules": small.rules, "strength": world.gdp}
    for later in range(1, 4):
        after, remaining = aftermath(**quiet, wars=peace, number=START + later)
        assert np.array_equal(remaining, first)
        assert np.array_equal(after.rivalry, world.rivalry)
    assert np.all(aftermath(**quiet, wars=peace, number=START + 4)[1] == 1.0)


def test_a_war_that_a_new_one_cuts_short_costs_at_once_what_it_would_still_have_cost(small, wars):
    found = wars(gain=(0.5, 0.2), war=1, winner=1, length=1.0)
    world, _ = fought(small, found)
    again = wars(war=1, winner=0, intensity=0.5, length=0.5)
    new, remaining = aftermath(
        world=world,
        rules=small.rules,
        wars=again,
        strength=world.gdp,
        number=START + 1,
    )
    # three quarters of the old war, and half of the new, of half the losses, that the other wins
    lost, won = 0.7**0.75 * 0.95**0.5, 0.9**0.75 * 0.85**0.5
    assert remaining == pytest.approx(rows(1.0, 1.0, lost, won))
    assert new.war_until == pytest.approx(START + 2)


def test_while_a_war_goes_on_the_law_draws_no_further_incidents_and_events_may(small, wars):
    hot = replace(small.rules, crisis=replace(small.rules.crisis, incidents=1e3))
    assert np.all(wars(rules=hot).incident == 1)
    ongoing = small.world.but(war_until=np.full((1, 3), float(START)))
    assert np.all(wars(rules=hot, world=ongoing).incident == 0)
    assert np.all(wars(rules=hot, world=ongoing, incident=1).incident == 1)
    over = small.world.but(war_until=np.full((1, 3), START - 1.0))
    assert np.all(wars(rules=hot, world=over).incident == 1)


def test_wars_of_the_law_last_as_long_as_it_says_and_history_says_who_won(small, wars):
    long = replace(small.rules, war=replace(small.rules.war, length=0.6))
    assert np.all(wars(rules=long, war=1).periods == 2)  # of quarters, the nearest
    assert np.all(wars(war=1).periods == 1)
    assert np.all(wars(war=1, win=(1.0, 1.0), attacker=0, winner=1).first_won == 0)
    assert np.all(wars(war=1, win=(0.0, 0.0), attacker=0, winner=0).first_won == 1)


def looked_on(small, world):
    return stood_by(world=world, rules=small.rules, strength=world.gdp, alone=rows(0, 1))


def test_fellow_members_who_look_on_are_judged_and_most_of_all_the_leader(small):
    world = looked_on(small, small.world)
    belief = small.world.belief.copy()
    belief[GAM, PACT] *= 1 - 0.5 * 0.5  # half the weight of a refusal, which halves the belief
    assert world.belief == pytest.approx(belief)
    affinity = small.world.affinity.copy()
    affinity[GAM, ALP] = 0.4 - 0.5 * 3 * 0.08 * 1.4
    affinity[GAM, BET] = 0.2 - 0.5 * 0.08 * 1.2
    assert world.affinity == pytest.approx(affinity)


def test_a_former_member_judges_no_state_and_outsiders_are_not_judged(small):
    member = small.world.member.copy()
    member[BET, PACT] = 0.0
    world = small.world.but(member=member)
    after = looked_on(small, world)
    assert np.array_equal(after.affinity[GAM, BET], world.affinity[GAM, BET])
    assert np.all(after.affinity[GAM, ALP] < world.affinity[GAM, ALP])
    member[GAM, PACT] = 0.0
    after = looked_on(small, world.but(member=member))
    assert np.array_equal(after.affinity, world.affinity)
    assert np.array_equal(after.belief, world.belief)


def test_a_war_binds_both_sides_by_its_intensity_and_then_less(small, wars):
    world, _ = fought(small, wars(war=1, intensity=0.6, length=0.5))
    after = strain(
        world=world.but(strain=rows(0.8, 0.0, 0.1, 0.9)), rules=small.rules, number=START, dt=0.5
    )
    fade = np.exp(-0.5)  # 37 % are left after a year
    assert after.strain == pytest.approx(rows(0.8 * fade, 0.0, 0.6, 0.6))
    still = strain(world=after, rules=small.rules, number=START + 1, dt=0.5)  # its second period
    assert still.strain[2:] == pytest.approx(rows(0.6, 0.6))
    over = strain(world=still, rules=small.rules, number=START + 2, dt=0.5)
    assert over.strain[2:] == pytest.approx(rows(0.6 * fade, 0.6 * fade))
    assert np.all(under_way(over, START + 2) == 0)


def test_without_disputes_there_are_no_wars_or_objections_but_sales(tmp_path):
    lived = record(model(tmp_path, {"rivalries": None}), 8)
    assert not lived.series["wars"].any()
    assert not lived.end.log.objected.any()
    assert (lived.end.log.stage == 3).any()
    assert not lived.series["appeals"].any()
