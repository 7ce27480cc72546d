"""The cost of stability against games with a known core and a general solver."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from sim.kernel.errors import SimError
from sim.metrics.exact.coalitions import Parts, coalition_worth, subset_sums
from sim.metrics.exact.stability import (
    TOP,
    break_point,
    cost_of_stability,
    no_stability,
    stability,
    stability_range,
)
from sim.metrics.exact.superadditive_cover import least_payment, superadditive_cover

KNOWN = yaml.safe_load((Path(__file__).parents[1] / "known" / "games.yaml").read_text("utf-8"))


def sizes(members):
    return np.bitwise_count(np.arange(2**members))[:, None]


def game(case):
    members = case.get("members") or len(case["weights"])
    numbers = np.arange(2**members)
    if "weights" in case:
        won = subset_sums(np.array(case["weights"], dtype=float)[:, None])[:, 0] >= case["quota"]
    else:
        lines = [sum(1 << k for k in line) for line in case.get("lines", [])]
        won = np.any([(numbers & line) == line for line in lines] or [numbers < 0], axis=0)
    worth = won.astype(float)
    for coalition, value in case.get("worth", {}).items():
        worth[coalition] = value
    return np.stack((worth, worth), axis=1)


def general_solver(worth):
    members = len(worth).bit_length() - 1
    inside = np.arange(1, len(worth))[:, None] >> np.arange(members) & 1
    free = [(None, None)] * members
    found = linprog(np.ones(members), A_ub=-inside, b_ub=-worth[1:], bounds=free)
    return found.fun - worth[-1]


def random_games(seed, members, runs=3):
    rng = np.random.default_rng(seed)
    worth = rng.random((2**members, runs)) * sizes(members) ** rng.uniform(0.0, 2.0)
    worth[:, -1] = np.round(worth[:, -1])  # many equal worths: bases without weight
    return worth * (rng.random(worth.shape) < 0.7)


@pytest.mark.parametrize("case", KNOWN["games"], ids=lambda case: case["name"])
def test_known_games_have_their_known_cost(case):
    cost = cost_of_stability(game(case))
    assert cost == pytest.approx(case["cost"], abs=KNOWN["tolerance"])


@given(seed=st.integers(0, 10_000), members=st.integers(1, 6))
@settings(deadline=None, max_examples=60)
def test_the_cost_is_that_of_a_general_solver(seed, members):
    worth = random_games(seed, members)
    expected = [general_solver(column) for column in worth.T]
    most = worth.max() + 1.0
    assert cost_of_stability(worth) == pytest.approx(expected, abs=1e-8 * most)


def test_the_cost_is_that_of_a_general_solver_for_nine_members():
    worth = random_games(1, 9, runs=4)
    expected = [general_solver(column) for column in worth.T]
    assert cost_of_stability(worth) == pytest.approx(expected, abs=1e-7)


@given(seed=st.integers(0, 10_000), members=st.integers(2, 7))
@settings(deadline=None, max_examples=30)
def test_additive_and_convex_games_need_no_subsidy(seed, members):
    shares = np.random.default_rng(seed).random((members, 3))
    for worth in (subset_sums(shares), subset_sums(shares) ** 2):
        rounding = 1e-9 * members * worth.max()  # of worths, to 1e-9 of the largest
        assert cost_of_stability(worth) == pytest.approx(0.0, abs=rounding)


def test_a_member_without_worth_has_no_effect_on_cost():
    worth = random_games(4, 4)
    assert cost_of_stability(np.concatenate((worth, worth))) == pytest.approx(
        cost_of_stability(worth), abs=1e-9
    )


def test_cost_grows_with_the_unit_of_worth_and_share_does_not():
    worth = random_games(5, 5)
    once, thousand = stability(worth), stability(1000.0 * worth)
    assert thousand.cost == pytest.approx(1000.0 * once.cost, rel=1e-6)
    assert thousand.share == pytest.approx(once.share, abs=1e-8)


def test_a_run_does_not_feel_its_neighbours():
    worth = random_games(6, 6, runs=2100)  # more than one stack
    worth[:, 7] = worth[:, 3]
    whole = cost_of_stability(worth)
    for first in (0, 3, 999, 2098):
        part = cost_of_stability(worth[:, first : first + 2])
        assert np.array_equal(part, whole[first : first + 2])
    assert whole[7] == whole[3]


def partitions(members):
    if not members:
        yield []
        return
    first, *others = members
    for rest in partitions(others):
        yield [1 << first, *rest]
        for at, part in enumerate(rest):
            yield [*rest[:at], part | 1 << first, *rest[at + 1 :]]


@given(seed=st.integers(0, 10_000), members=st.integers(1, 5))
@settings(deadline=None, max_examples=30)
def test_the_superadditive_cover_is_the_best_of_all_partitions(seed, members):
    worth = np.rint(1000 * random_games(seed, members)).astype(np.int64)
    worth[0] = 0
    cover = superadditive_cover(worth)
    for coalition in range(1, 2**members):
        inside = [k for k in range(members) if coalition >> k & 1]
        expected = np.max([sum(worth[part] for part in ps) for ps in partitions(inside)], axis=0)
        assert np.array_equal(cover[coalition], expected)


@given(seed=st.integers(0, 10_000), members=st.integers(2, 6))
@settings(deadline=None, max_examples=60)
def test_a_payment_said_to_be_the_smallest_is_that_of_a_general_solver(seed, members):
    worth = np.rint(1000 * random_games(seed, members, runs=6)).astype(np.int64)
    worth[0] = 0
    paid, met = least_payment(worth)
    expected = np.array([general_solver(column) for column in worth.T]) + worth[-1]
    assert np.all(paid <= expected + 1e-6)  # a bound in every game
    assert paid[met] == pytest.approx(expected[met], abs=1e-6)


def test_the_smallest_payment_is_known_without_a_solver_or_left_to_one():
    pairs = np.array([0, 0, 0, 5, 0, 0, 0, 3])[:, None]  # two of three are worth more than all
    three = np.array([0, 0, 0, 4, 0, 4, 4, 4])[:, None]  # each pair is worth as much as all
    paid, met = least_payment(np.concatenate((pairs, three), axis=1))
    assert paid.tolist() == [5, 4]
    assert met.tolist() == [True, False]  # the second needs 6, more than any partition is worth
    assert cost_of_stability(three.astype(float)) == pytest.approx([2.0])


def test_share_is_all_where_only_a_part_is_worth_anything():
    worth = np.zeros((8, 3))
    worth[3], worth[7, 1], worth[:, 2] = 2.0, 2.0, 0.0
    with np.errstate(all="raise"):  # a bloc worth nothing is no reason for a warning
        found = stability(worth)
    assert found.cost == pytest.approx([2.0, 0.0, 0.0])
    assert found.worth.tolist() == [0.0, 2.0, 0.0]  # of all three together
    assert found.share == pytest.approx([1.0, 0.0, 1.0])  # nothing of its own holds the third
    assert found.best_coalition.tolist() == [3, 3, 0]
    assert found.best_worth.tolist() == [2.0, 2.0, 0.0]


def test_a_game_of_another_size_is_refused_and_a_bloc_left_out_says_why():
    with pytest.raises(SimError, match="12 members has"):
        cost_of_stability(np.zeros((5, 2)))
    with pytest.raises(SimError, match="12 members has"):
        cost_of_stability(np.zeros((2**13, 2)))
    found = no_stability(3, "13 members")
    assert np.all(np.isnan(found.cost))
    assert found.best_coalition.tolist() == [-1, -1, -1]
    assert found.left_out == "13 members"


def test_without_entrapment_no_subsidy_is_needed_and_terms_pay_for_some():
    security = subset_sums(np.full((3, 2), 1.0)) ** 2
    terms = subset_sums(np.array([[0.0, 0.0], [2.0, 2.0], [2.0, 2.0]]))
    entrapment = np.zeros((8, 2))
    entrapment[7] = 20.0
    leader = (np.arange(8) & 1)[:, None]
    parts = Parts(security=security, terms=terms * leader, entrapment=entrapment)
    found = stability_range(parts, nu=1.0, xis=[0.0, 0.3])
    assert found["without terms", 0.0].cost == pytest.approx(0.0)
    assert found["without terms", 0.3].cost == pytest.approx(6.0 - 3.0)
    assert found["with terms", 0.3].cost == pytest.approx(8.0 - 7.0)
    assert np.all(found["with terms", 0.3].share < found["without terms", 0.3].share)
    alone = stability(coalition_worth(parts, nu=1.0, xi=0.3))
    assert np.array_equal(alone.cost, found["with terms", 0.3].cost)


def parts_of(security, entrapment, member=None):
    """Parts of three members' coalitions, by number: 3, 5, 6 are pairs and 7 the whole."""
    tables = [np.zeros((8, 1)), np.zeros((8, 1))]
    for table, values in zip(tables, (security, entrapment), strict=True):
        for coalition, value in values.items():
            table[coalition] = value
    present = None if member is None else np.array(member, dtype=float)[:, None]
    return Parts(tables[0], np.zeros((8, 1)), tables[1], present)


def test_a_bloc_breaks_where_entrapment_takes_all_that_it_is_worth():
    assert break_point(parts_of({7: 1.0}, {7: 2.0}), nu=0.1) == pytest.approx([0.5])
    assert break_point(parts_of({7: 1.0, 3: 9.0}, {7: 2.0}), nu=0.1) == pytest.approx([0.5])
    assert break_point(parts_of({7: 1.0}, {7: 0.1}), nu=0.1) == pytest.approx([TOP])
    assert break_point(parts_of({7: 1.0}, {}), nu=0.1) == pytest.approx([TOP])
    assert break_point(parts_of({}, {7: 1.0}), nu=0.1) == pytest.approx([0.0])
    assert break_point(parts_of({}, {}), nu=0.1) == pytest.approx([0.0])


def test_terms_bear_entrapment():
    led = np.zeros((8, 1))
    led[7] = 4.0
    parts = parts_of({7: 1.0}, {7: 2.0})
    richer = Parts(parts.security, led, parts.entrapment, None)
    assert break_point(richer, nu=0.1) == pytest.approx([0.7])


def test_the_break_point_is_that_of_the_members_there_are():
    parts = parts_of({7: 9.0, 3: 1.0}, {7: 1.0, 3: 4.0}, member=[1, 1, 0])
    assert break_point(parts, nu=0.0) == pytest.approx([0.25])


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=30)
def test_the_whole_has_worth_up_to_the_break_point_and_none_beyond(seed):
    rng = np.random.default_rng(seed)
    tables = [rng.random((16, 4)) * sizes(4) for _ in range(3)]
    parts = Parts(*tables, np.ones((4, 4)))
    found = break_point(parts, nu=0.2)
    for run, point in enumerate(found.tolist()):
        alone = parts.of(slice(run, run + 1))
        below, beyond = (
            coalition_worth(alone, nu=0.2, xi=point * times)[-1, 0] for times in (0.999, 1.001)
        )
        assert below > 0.0
        assert beyond == 0.0 or point == TOP
