"""The reader of CSV: cells by name, the line where each row begins, every fault at its place."""

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.documents.csv_table import number_of, read_csv, with_point
from sim.kernel.errors import InputError


def table(folder, text, *needed):
    path = folder / "a.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_csv(path, *needed)


def faults(folder, text, *needed):
    with pytest.raises(InputError) as error:
        table(folder, text, *needed)
    return [str(each).removeprefix(f"{folder}/") for each in error.value.problems]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_keep_the_line_where_they_begin(tmp_path, end):
    lines = ["\ufeff x , y", "", "1, a", '2,"two', 'lines"', ",", "3,b", ""]
    found = table(tmp_path, end.join(lines), "x")
    assert found.columns == ("x", "y")
    assert found.lines == [3, 4, 7]
    assert [row.text("x") for row in found.rows()] == ["1", "2", "3"]
    assert [row.text("z") for row in found.rows()] == ["", "", ""]


def test_columns_that_are_not_needed_are_left_alone(tmp_path):
    found = table(tmp_path, ",y,,x\n1,2,3,4\n", "x")
    assert [row.text("x") for row in found.rows()] == ["4"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", [f"a.csv:1:1: {name}: no such column; needed are x, y" for name in "xy"]),
        ("x, x,y\n", ["a.csv:1:1: x: appears twice in the header"]),
        ("x,y\n1,2\n3\n", ["a.csv:3:1: has 1 cell, the header has 2"]),
        ('x,y\n\n1,"2\n', ["a.csv:3:1: not readable as CSV: unexpected end of data"]),
        ("X;Y\n", ["a.csv:1:1: its columns are separated by semicolons: save it with commas"]),
    ],
)
def test_a_fault_is_reported_at_its_place(tmp_path, text, said):
    assert faults(tmp_path, text, "x", "y") == said


def test_at_most_fifty_faults_are_reported(tmp_path):
    assert len(faults(tmp_path, "x,y\n" + "1\n" * 200)) == 50


def test_a_file_that_is_too_large_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x\n" + ("1" * 999 + "\n") * 1_200)
    with pytest.raises(InputError, match="is larger than 1 MB"):
        read_csv(path, largest=1_000_000)
    assert len(read_csv(path).lines) == 1_200


@pytest.mark.parametrize("text", ["", "1_0", "\uff11", "1,5", "one", "0x1", "1 2"])
def test_what_is_not_a_number_in_plain_digits_is_none(text):
    assert math.isnan(number_of(text))


SIGNS = st.text(alphabet='x,";\t\n\r \0\u00e9', max_size=60)
ANY = st.binary(max_size=200) | SIGNS.map(str.encode)


@given(ANY)
def test_any_file_is_read_or_refused(tmp_path_factory, data):
    with suppress(InputError):
        found = table(tmp_path_factory.getbasetemp(), data)
        assert all(len(cells) == len(found.columns) for cells in found.cells)
        assert found.lines == sorted(set(found.lines))


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("0,25", ": write 0.25"),
        ("1234,5", ": write 1234.5"),
        ("50,000", ": write 50000, or 50.000 if the comma is a point"),
        ("1,234,567.8", ": write 1234567.8"),
        ("1,234.5", ": write 1234.5"),
        ("0,250", ": write 0.250"),
        ("twelve", ""),
    ],
)
def test_the_remedy_for_a_comma_names_both_numbers_that_may_be_meant(text, remedy):
    assert with_point(text) == remedy
