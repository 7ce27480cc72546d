"""What coalitions are worth, against the same definition written with scalar loops."""

import numpy as np
import pytest

from sim.kernel.errors import SimError
from sim.metrics.exact.coalitions import (
    best_coalition,
    coalition_names,
    coalition_parts,
    coalition_worth,
    left_out,
    subset_sums,
)
from sim.metrics.exact.stability import cost_of_stability

MEMBERS, LEADER, STATES = [1, 3, 4, 6], 3, 8
HOLDER = np.array([1, 1, 3, 4, 6, 0, 5, 4])
RIVAL = np.array([0, 4, 5, 1, 7, 1, 3, 2])


def world(seed=0, runs=3):
    rng = np.random.default_rng(seed)
    return {
        "members": MEMBERS,
        "leader": LEADER,
        "holder": HOLDER,
        "rival": RIVAL,
        "rivalry": rng.random((8, runs)),
        "strength": rng.random((STATES, runs)) * 100.0,
        "affinity": rng.uniform(-1.0, 1.0, (STATES, STATES, runs)),
        "commitment": rng.random(runs),
        "belief": rng.random((4, runs)),
        "engagement": rng.random((4, runs)),
        "rent": rng.random((4, runs)),
    }


def insecurity(facts):
    def of(support):
        other, own = facts["strength"][RIVAL], facts["strength"][HOLDER]
        threat = facts["rivalry"] * other / (other + own + support)
        rows = np.arange(STATES)[:, None] == HOLDER
        return np.sum(threat * rows[:, :, None], axis=1)

    return of


def parts_of(facts, member=None):
    return coalition_parts(**facts, insecurity_of=insecurity(facts), member=member)


def helped(facts, inside, run):
    """Return the support of each dyad's holder by the members inside, one run."""
    support = np.zeros((8, len(facts["rivalry"][0])))
    for p, (i, j) in enumerate(zip(HOLDER, RIVAL, strict=True)):
        if i not in inside:
            continue
        for k in inside:
            if k in (i, j):
                continue
            a = facts["affinity"][:, :, run]
            leaning = max(0.0, (a[k, i] - a[k, j]) / 2.0)
            own, help_ = MEMBERS.index(i), MEMBERS.index(k)
            engaged = facts["engagement"][own, run] * facts["engagement"][help_, run]
            trust = facts["commitment"][run] * facts["belief"][own, run]
            support[p, run] += trust * engaged * leaning * facts["strength"][k, run]
    return support


def by_hand(facts, coalition, run, nu, xi):
    inside = [s for k, s in enumerate(MEMBERS) if coalition >> k & 1]
    if len(inside) < 2:
        return 0.0
    law = insecurity(facts)
    alone, together = law(np.zeros((8, 3))), law(helped(facts, inside, run))
    worth = sum(alone[i, run] - together[i, run] for i in inside)
    if LEADER in inside:
        worth += nu * sum(facts["rent"][MEMBERS.index(m), run] for m in inside if m != LEADER)
    for r, m, j in zip(facts["rivalry"][:, run], HOLDER, RIVAL, strict=True):
        if m in inside and j not in inside:
            worth -= xi * r * sum(max(0.0, facts["affinity"][i, j, run]) for i in inside)
    return max(0.0, worth)


@pytest.mark.parametrize(("nu", "xi"), [(0.0, 0.0), (0.5, 0.3), (0.2, 0.05)])
def test_worth_is_that_of_the_definition_written_out(nu, xi):
    facts = world()
    worth = coalition_worth(parts_of(facts), nu=nu, xi=xi)
    assert worth.shape == (16, 3)
    for coalition in range(16):
        for run in range(3):
            expected = by_hand(facts, coalition, run, nu, xi)
            assert worth[coalition, run] == pytest.approx(expected, abs=1e-12)


def test_without_entrapment_every_coalition_gains_by_one_member_more():
    worth = coalition_worth(parts_of(world(2)), nu=0.3, xi=0.0)
    for member in range(4):
        without = [c for c in range(16) if not c >> member & 1]
        assert np.all(worth[[c | 1 << member for c in without]] >= worth[without] - 1e-12)


def test_an_absent_member_has_no_worth_and_no_effect_on_cost():
    facts = world(3)
    member = np.array([[1, 0, 1], [1, 1, 1], [1, 1, 0], [1, 1, 0]])
    parts = parts_of(facts, member)
    worth = coalition_worth(parts, nu=0.4, xi=0.1)
    whole = coalition_worth(parts_of(facts), nu=0.4, xi=0.1)
    assert np.array_equal(worth[:, 0], whole[:, 0])
    assert np.array_equal(worth[::2, 1], whole[::2, 1])
    assert np.array_equal(worth[1::2, 1], whole[::2, 1])
    assert np.array_equal(worth[15, 2], whole[3, 2])
    without = cost_of_stability(whole[::2, [1, 1]])
    assert cost_of_stability(worth)[1] == pytest.approx(without[0], abs=1e-8)
    assert not best_coalition(worth)[0][1] & 1


def test_the_leaders_terms_count_only_where_the_leader_is():
    parts = parts_of(world(4))
    led = np.arange(16) >> 1 & 1 == 1
    assert np.all(parts.terms[~led] == 0.0)
    assert np.all(parts.terms[2] == 0.0)
    assert np.all(parts.terms[3] > 0.0)


def test_the_bloc_supports_only_its_members():
    facts, seen = world(8), []

    def insecurity_of(support):
        seen.append(support)
        return insecurity(facts)(support)

    coalition_parts(**facts, insecurity_of=insecurity_of)
    member = np.isin(HOLDER, MEMBERS)
    assert np.any([support[member] > 0 for support in seen])
    assert not np.any([support[~member] for support in seen])


def test_weights_may_differ_from_run_to_run():
    parts, weights = parts_of(world(5)), np.array([0.0, 0.1, 0.5])
    worth = coalition_worth(parts, nu=2.0 * weights, xi=weights)
    for run, weight in enumerate(weights):
        single = coalition_worth(parts, nu=2.0 * weight, xi=weight)
        assert np.array_equal(worth[:, run], single[:, run])


def test_a_run_does_not_feel_its_neighbours():
    facts = world(6, runs=7)
    part = {
        k: v[..., 2:4] if isinstance(v, np.ndarray) and v.dtype == float else v
        for k, v in facts.items()
    }
    whole = coalition_worth(parts_of(facts), nu=0.2, xi=0.2)
    assert np.array_equal(whole[:, 2:4], coalition_worth(parts_of(part), nu=0.2, xi=0.2))


def test_a_bloc_without_rival_dyads_or_fellow_members_has_no_worth():
    facts = world(7) | {"members": [2], "leader": 2}
    alone = {k: v[:1] if k in ("belief", "engagement", "rent") else v for k, v in facts.items()}
    assert np.all(coalition_worth(parts_of(alone), nu=1.0, xi=0.1) == 0.0)


def test_the_best_coalition_is_the_smallest_of_those_worth_most():
    worth = np.zeros((8, 3))
    worth[[3, 7], 0] = 1.0
    worth[[7, 6, 5], 1] = 2.0, 1.0, 1.0
    best, most = best_coalition(worth)
    assert best.tolist() == [3, 7, 0]
    assert most.tolist() == [1.0, 2.0, 0.0]
    assert coalition_names(5, ["RUS", "ARM", "KGZ"]) == ("RUS", "KGZ")


def test_a_large_bloc_is_left_out_by_name():
    assert left_out(range(12)) == ""
    assert left_out(range(13)) == (
        "13 members: coalitions are enumerated up to 12, so the subsidy has two bounds"
    )
    with pytest.raises(SimError, match="13 members"):
        parts_of(world() | {"members": list(range(13))})


def test_subset_sums_count_the_members_by_bits():
    assert subset_sums(np.array([[1.0], [10.0], [100.0]]))[:, 0].tolist() == [
        0.0, 1.0, 10.0, 11.0, 100.0, 101.0, 110.0, 111.0,
    ]  # fmt: skip
