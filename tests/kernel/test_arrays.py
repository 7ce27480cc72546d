"""Operations on arrays, against plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernel.arrays import (
    Groups,
    added_at,
    cells_true,
    chance,
    columns_of,
    contract,
    cut,
    logistic,
    pick,
    put,
    scatter,
)
from sim.kernel.sparse import Places
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


def test_cells_that_are_true_are_listed_run_by_run():
    rows, columns = cells_true(MASK)
    expected = [(row, run) for run in range(5) for row in range(7) if MASK[row, run]]
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == expected
    assert cells_true(np.zeros((7, 5), dtype=bool))[0].size == 0


def test_lists_of_cells_and_runs_are_picked_from_and_added_up_like_tables():
    rows, columns = cells_true(MASK)
    once, twice = Places(rows % 4, columns), Places(rows % 4 * 3 + rows % 3, columns)
    assert np.array_equal(once.of(TABLE), TABLE[rows % 4, columns])
    assert np.array_equal(once.of(TABLE[:, :1]), TABLE[rows % 4, 0])
    assert np.array_equal(twice.of(CUBE), CUBE[rows % 4, rows % 3, columns])
    values, cells = RNG.random(rows.size), (rows % 4, rows % 3)
    expected = np.zeros((4, 3, 5))
    for row, run, value in zip(rows, columns, values, strict=True):
        expected[row % 4, row % 3, run] += value
    (found,) = scatter((4, 3), cells, values, column=columns, runs=5)
    assert found == pytest.approx(expected, abs=1e-15)
    more = added_at(CUBE.copy(), cells, columns, values)
    assert more == pytest.approx(CUBE + expected, abs=1e-15)


def test_runs_that_need_something_are_two_at_least_or_none():
    assert columns_of(np.array([False, True, True, False])).tolist() == [1, 2]
    assert columns_of(np.array([False, True, False])).tolist() == [1, 1]
    assert columns_of(np.zeros(3, dtype=bool)).size == 0
    assert np.array_equal(cut(TABLE, [1, 3]), TABLE[:, [1, 3]])
    assert cut(TABLE[:, :1], [1, 3]).shape == (4, 1)
    assert cut(0.5, [1, 3]) == 0.5


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
