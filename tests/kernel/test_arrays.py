"""Operations on arrays, against plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernel.arrays import (
    NONE,
    Groups,
    added_at,
    chance,
    contract,
    logistic,
    pick,
    put,
    put_at,
    put_rows,
    put_where,
    ranked,
    scatter,
    true_rows,
)
from tests.strategies import few

RNG = np.random.default_rng(0)
TABLE = RNG.random((4, 5))
CUBE = RNG.random((4, 3, 5))
INDEX = RNG.integers(0, 4, (6, 5))
SECOND = RNG.integers(0, 3, (6, 5))
MASK = RNG.random((7, 5)) < 0.4


@few
@given(x=st.floats(-1e6, 1e6))
def test_the_logistic_is_symmetric_bounded_and_never_overflows(x):
    found, mirrored = (logistic(np.array([value]))[0] for value in (x, -x))
    assert 0.0 <= found <= 1.0
    assert found + mirrored == pytest.approx(1.0)
    assert logistic(np.array([np.log(3.0)])) == pytest.approx(0.75)


@few
@given(rate=st.floats(0.0, 50.0), dt=st.floats(0.01, 1.0))
def test_a_chance_of_two_half_periods_is_that_of_one_whole(rate, dt):
    rate = np.array([rate])
    assert 1 - (1 - chance(rate, dt / 2)) ** 2 == pytest.approx(chance(rate, dt))
    assert np.all(chance(rate, dt) <= np.minimum(1.0, rate * dt) + 1e-12)


def test_pick_takes_from_each_run_the_entry_of_its_own_choice():
    expected = [[TABLE[INDEX[n, r], r] for r in range(5)] for n in range(6)]
    assert np.array_equal(pick(TABLE, INDEX), expected)


def test_pick_serves_all_runs_from_a_table_of_one_and_with_one_index_for_all():
    assert np.array_equal(pick(TABLE[:, :1], INDEX), TABLE[:, 0][INDEX])
    assert np.array_equal(pick(TABLE, INDEX[:, :1]), TABLE[INDEX[:, 0]])
    assert pick(TABLE, np.array([[-1, 2, -1, 0, 1]]))[0, 0] in TABLE[:, 0]


def test_picking_by_two_indices_takes_from_each_run_the_cell_of_its_own_choice():
    expected = [[CUBE[INDEX[n, r], SECOND[n, r], r] for r in range(5)] for n in range(6)]
    assert np.array_equal(pick(CUBE, INDEX, SECOND), expected)
    assert np.array_equal(pick(CUBE[..., :1], INDEX, SECOND), CUBE[..., 0][INDEX, SECOND])


def test_put_leaves_the_array_that_it_was_given_alone():
    before = TABLE.copy()
    found = put(TABLE, (slice(None), 2), 9.0)
    assert np.all(found[:, 2] == 9.0)
    assert np.array_equal(TABLE, before)


def test_scatter_adds_what_falls_in_each_cell():
    values = RNG.random((6, 5))
    expected = np.zeros((4, 3, 5))
    for n in range(6):
        for r in range(5):
            expected[INDEX[n, r], SECOND[n, r], r] += values[n, r]
    once, twice = scatter((4, 3), (INDEX, SECOND), values, 2 * values)
    assert once == pytest.approx(expected, abs=1e-15)
    assert twice == pytest.approx(2 * expected, abs=1e-15)
    (shared,) = scatter((4,), (INDEX[:, :1],), values)
    (spread,) = scatter((4,), (np.repeat(INDEX[:, :1], 5, axis=1),), values)
    assert shared == pytest.approx(spread)


def test_values_are_added_to_what_is_there_in_the_order_of_rows():
    values = RNG.random((6, 5)) * 10.0 ** RNG.integers(0, 16, (6, 5))
    expected = CUBE.copy()
    for n in range(6):
        for r in range(5):
            expected[INDEX[n, r], SECOND[n, r], r] += values[n, r]
    assert np.array_equal(added_at(CUBE.copy(), (INDEX, SECOND), values), expected)
    assert np.array_equal(added_at(CUBE.copy(), (INDEX[:0], SECOND[:0]), values[:0]), CUBE)
    (alone,) = scatter((4, 3), (INDEX, SECOND), values)
    assert np.array_equal(added_at(np.zeros((4, 3, 5)), (INDEX, SECOND), values), alone)


def test_rows_that_are_true_are_listed_in_order_for_each_run():
    rows = true_rows(MASK)
    assert rows.shape == (MASK.sum(axis=0).max(), 5)
    for run in range(5):
        expected = np.flatnonzero(MASK[:, run])
        assert rows[: expected.size, run].tolist() == expected.tolist()
        assert np.all(rows[expected.size :, run] == NONE)
    assert true_rows(np.zeros((7, 5), dtype=bool)).shape == (0, 5)


def test_each_run_is_written_to_at_its_own_rows_where_there_is_something_to_write():
    rows, table = true_rows(MASK), RNG.random((7, 5))
    there, before = rows != NONE, table.copy()
    found = put_where(table, rows, 1.0 + 0 * rows, there)
    assert np.array_equal(table, before)
    assert np.array_equal(found, np.where(MASK, 1.0, table))
    assert put_where(table, rows, 1.0 + 0 * rows, there, inplace=True) is table
    assert np.array_equal(table, found)


def test_each_run_is_written_to_at_its_own_cell():
    one, two = INDEX[0], SECOND[0]
    found, before = put_at(CUBE, (one, two), np.arange(5.0)), CUBE.copy()
    whole = put_at(CUBE, (one, np.arange(3)[:, None]), np.ones((3, 5)))
    for r in range(5):
        assert found[one[r], two[r], r] == r
        before[one[r], two[r], r] = r
        assert np.all(whole[one[r], :, r] == 1)
    assert np.array_equal(found, before)
    assert (whole == 1).sum() == 15


def test_rows_are_written_from_a_first_one_on():
    found = put_rows(TABLE, 1, np.ones((2, 5)))
    assert np.all(found[1:3] == 1)
    assert np.array_equal(found[[0, 3]], TABLE[[0, 3]])
    own = TABLE.copy()
    assert put_rows(own, 1, np.ones((2, 5)), inplace=True) is own
    assert np.array_equal(own, found)


def test_values_are_ranked_along_an_axis_before_the_runs():
    found = ranked(CUBE, axis=1)
    assert np.all(np.diff(found, axis=1) >= 0)
    assert np.array_equal(found, np.sort(CUBE, axis=1))


def test_arrays_of_another_kind_answer_the_operations_on_them():
    class Other:
        shape = (4, 5)

        def __array_function__(self, function, types, given, options):
            return function.__name__, types, options

    other, kinds = Other(), (Other,)
    assert pick(TABLE, other) == ("pick", kinds, {})
    assert put(TABLE, 0, other, inplace=True) == ("put", kinds, {"inplace": True})
    assert scatter((4,), (INDEX, other), TABLE) == ("scatter", kinds, {})
    assert Groups(np.array([0, 0]), 1).sum(other) == ("sum", kinds, {})


def test_contract_sums_over_the_middle_in_each_run():
    left, right = RNG.random((3, 4, 5)), RNG.random((4, 6, 5))
    expected = np.stack([left[..., r] @ right[..., r] for r in range(5)], axis=-1)
    assert contract(left, right) == pytest.approx(expected)


def test_contract_gives_a_run_the_same_bytes_in_any_batch():
    left, right = RNG.random((17, 17, 40)), RNG.random((17, 17, 40))
    whole = contract(left, right)
    for first, last in ((0, 2), (2, 35), (7, 10)):
        part = contract(left[..., first:last], right[..., first:last])
        assert np.array_equal(part, whole[..., first:last])


@few
@given(index=st.lists(st.integers(0, 5), max_size=20), seed=st.integers(0, 99))
def test_groups_add_up_and_find_the_largest_of_their_rows(index, seed):
    values = np.random.default_rng(seed).standard_normal((len(index), 3))
    groups = Groups(np.array(index, dtype=np.int64), 6)
    sums, largest, products = groups.sum(values), groups.max(values), groups.product(values)
    for group in range(6):
        rows = values[[at for at, each in enumerate(index) if each == group]]
        assert sums[group] == pytest.approx(rows.sum(axis=0), abs=1e-12)
        assert largest[group] == pytest.approx(np.max([*rows, np.zeros(3)], axis=0))
        assert products[group] == pytest.approx(rows.prod(axis=0))


def test_groups_are_the_same_in_any_batch():
    groups = Groups(np.array([4, 0, 2, 2, 4, 2]), 6)
    values = RNG.standard_normal((6, 2, 9))
    assert np.array_equal(groups.sum(values[..., 3:5]), groups.sum(values)[..., 3:5])
