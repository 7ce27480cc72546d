from __future__ import annotations

import csv
import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.records.columns import append, number, numbers, row


def test_floats_have_ten_digits_and_what_is_undefined_is_empty():
    table = np.array([[1 / 3, 2.0], [np.nan, -0.0], [1e-12, 123456789012.0]])
    assert numbers(table) == ["0.3333333333,2", ",0", "1e-12,1.23456789e+11"]
    assert number(float("nan")) == ""


@given(st.lists(st.lists(st.floats(allow_nan=False), min_size=2, max_size=2), min_size=1))
def test_a_table_is_written_as_each_of_its_numbers(rows):
    lines = numbers(np.array(rows))
    assert lines == [",".join(number(each + 0.0) for each in cells) for cells in rows]


def test_a_table_without_rows_or_columns_has_no_text():
    assert numbers(np.zeros((0, 3))) == []
    assert numbers(np.zeros((2, 0))) == ["", ""]


@given(st.lists(st.text(), min_size=2, max_size=4))
def test_texts_come_back_from_a_reader_of_csv(texts):
    found = next(csv.reader(io.StringIO(row(texts), newline="")))
    assert found == texts


def test_the_header_is_written_once(tmp_path):
    path = tmp_path / "table.csv"
    append(path, "a,b", ["1,2"])
    append(path, "a,b", [])
    append(path, "a,b", ["3,4"])
    assert path.read_text() == "a,b\n1,2\n3,4\n"
