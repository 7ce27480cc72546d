"""What is observed: registers in one file, several or a folder, stages, and bad files."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.experiments.backtest.observed import read_stages, read_transfers
from sim.kernel.errors import InputError

HISTORY = """supplier,recipient,year,tiv_m
ALP,GAM,2011,20
ALP,GAM,2012,10
ALP,DEL,2012,40
BET,DEL,2013,30
ALP,DEL,2013,20
BET,GAM,2014,8
ALP,DEL,2014,60
OTH,DEL,2014,5
"""
LATER = """BET,DEL,2015,25
ALP,GAM,2016,15
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "supplier,recipient,year\n",
            'looks like flows by pair and year (A table of yours), but its header lacks "tiv_m"',
        ),
        ("supplier,recipient,year,tiv_m\nA,A,2012,1\n", 'tiv.csv:2:1: both are "A"'),
        (
            "supplier,recipient,year,tiv_m\nA,B,12,1\n",
            "tiv.csv:2:1: year: must be a whole number from 1900",
        ),
        ("supplier,recipient,year,tiv_m\nA,B,2012,-1\n", "tiv.csv:2:1: tiv_m: must be a number"),
        ("supplier,recipient,year,tiv_m\nA,B,2012\n", "tiv.csv:2:1: has 3 cells, the header has 4"),
        ("supplier,recipient,year,tiv_m\n", "tiv.csv:1:1: holds a header and no row"),
    ],
)
def test_bad_files_are_reported_by_line(tmp_path, text, said):
    (tmp_path / "tiv.csv").write_text(text)
    with pytest.raises(InputError) as error:
        read_transfers([tmp_path / "tiv.csv"])
    assert said in str(error.value)


def test_a_register_in_several_files_is_what_it_is_in_one(tmp_path):
    head, *rows = (HISTORY + LATER).splitlines()
    parts = {"one.csv": rows[:5], "two.csv": rows[3:]}  # two rows are in both
    (tmp_path / "parts").mkdir()
    for name, own in parts.items():
        (tmp_path / "parts" / name).write_text("\n".join((head, *own)))
    (tmp_path / "parts" / "notes.txt").write_text("milk, bread\n")
    (tmp_path / "whole.csv").write_text(HISTORY + LATER)
    whole = read_transfers([tmp_path / "whole.csv"])
    files = sorted((tmp_path / "parts").glob("*.csv"))
    for places in (files, [tmp_path / "parts"], [tmp_path / "parts", *files]):
        found = read_transfers(places)
        assert (found.transfers, found.first, found.last) == (whole.transfers, 2011, 2016)
        assert sum(each.rows for each in found.rows.values()) == len(rows)
        assert sorted(each.name for each in found.files) == ["one.csv", "two.csv"]
    assert not read_transfers(files).unread
    (unread,) = read_transfers([tmp_path / "parts"]).unread
    assert "notes.txt: is not a known table" in unread
    late = read_transfers(files).rows["BET", "GAM"]
    assert (Path(late.file).name, late.line) == ("two.csv", 4)


def test_equal_rows_of_one_file_are_several_deliveries(tmp_path):
    (tmp_path / "tiv.csv").write_text("supplier,recipient,year,tiv_m\n" + 2 * "A,B,2012,3\n")
    found = read_transfers([tmp_path / "tiv.csv"])
    assert found.transfers == {("A", "B", 2012): 6.0}
    assert found.rows["A", "B"].rows == 2


def test_a_place_without_transfers_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("milk, bread\n")
    (tmp_path / "tiv.csv").write_text(HISTORY)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as error:
        read_transfers([tmp_path / "tiv.csv", tmp_path / "notes.txt", tmp_path / "empty"])
    assert "notes.txt: is not a known table" in str(error.value)
    assert "empty: holds no table of flows or deliveries or deals: `blocsim" in str(error.value)
    with pytest.raises(InputError, match="transfers: must be a list of texts"):
        read_transfers(str(tmp_path / "tiv.csv"))
    with pytest.raises(InputError, match="transfers: name a file or a folder"):
        read_transfers([])


def test_bad_stages_are_reported_by_line(tmp_path):
    path = tmp_path / "stages.csv"
    path.write_text("state,bloc,year,stage\nA,B,2012,7\n")
    with pytest.raises(InputError, match=r"stages.csv:2:1: stage: must be a whole number"):
        read_stages(path)
