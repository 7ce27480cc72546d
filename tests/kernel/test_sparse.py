"""Lists of cells, and what is looked up and added up by them."""

import numpy as np

from sim.kernel.sparse import Places, RowPlaces, first_of, largest, listed, summed

RNG = np.random.default_rng(20171009)
MASK = RNG.random((6, 5)) < 0.4
INDEX = np.array([3, 0, 3, 2, 0])
VALUES = np.array([1.0, 2.0, 4.0, -8.0, 16.0])


def test_cells_that_are_true_are_listed_row_by_row():
    cells = listed(MASK)
    assert list(zip(cells.row, cells.column, strict=True)) == [tuple(c) for c in np.argwhere(MASK)]
    assert np.array_equal(np.diff(cells.start), MASK.sum(axis=1))
    assert listed(np.zeros((6, 5), dtype=bool)).row.size == 0


def test_a_spread_list_repeats_the_cells_of_its_parents():
    cells, parent = listed(MASK), np.array([4, 4, 0, 2])
    more = cells.spread(parent)
    expected = [(n, run) for n, row in enumerate(parent) for run in range(5) if MASK[row, run]]
    assert list(zip(more.row, more.column, strict=True)) == expected
    assert np.array_equal(cells.row[more.up], parent[more.row])
    assert np.array_equal(cells.column[more.up], more.column)
    third = more.part(2, 3)
    assert (more.row[third] == 2).all()
    assert third.stop - third.start == MASK[0].sum()


def test_places_read_a_table_in_their_own_run_or_in_the_one_that_serves_all():
    cells, table = listed(MASK), RNG.random((3, 2, 5))
    places = Places(cells.row, cells.column)
    assert np.array_equal(places.of(table), table.reshape(6, 5)[MASK])
    once = table[..., :1]
    assert np.array_equal(places.of(once), np.broadcast_to(once.reshape(6, 1), (6, 5))[MASK])


def test_rows_read_what_places_would():
    cells, table = listed(MASK), RNG.random((3, 2, 5))
    index = np.array([5, 0, 2, 2, 1, 3])  # of the table, by row of the list
    rows, places = RowPlaces(index, cells), Places(index[cells.row], cells.column)
    assert np.array_equal(rows.of(table), places.of(table))
    assert np.array_equal(rows.of(table[..., :1]), places.of(table[..., :1]))
    assert np.array_equal(rows.cell(5), index[cells.row] * 5 + cells.column)


def test_some_rows_of_a_list_are_a_list():
    cells = listed(MASK)
    some, alone = cells.rows(2, 5), listed(MASK[2:5])
    for name in ("row", "column", "start"):
        assert np.array_equal(getattr(some, name), getattr(alone, name))


def test_values_that_share_an_index_are_added_and_compared():
    assert summed(INDEX, VALUES, 4).tolist() == [18.0, 0.0, -8.0, 5.0]
    assert largest(INDEX, VALUES, 4).tolist() == [16.0, -np.inf, -8.0, 4.0]
    whole = np.array([7, 5, 3, 9, 6])
    assert first_of(INDEX, whole, 4, -1).tolist() == [5, -1, 9, 3]
    empty = np.zeros(0, dtype=np.int64)
    assert summed(empty, np.zeros(0), 2).dtype == np.float64
    assert summed(empty, np.zeros(0), 2).tolist() == [0.0, 0.0]
    assert first_of(empty, empty, 2, -1).tolist() == [-1, -1]
