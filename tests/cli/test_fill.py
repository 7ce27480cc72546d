"""`blocsim fill`: what is filled, what is kept, and what is said of a use that makes no sense."""

from __future__ import annotations

import pytest

PRODUCTS = """iso3,year,gdp_current_usd,population
FIN,2014,270000000000,5400000
NOR,2014,500000000000,5100000
"""
CASE = """format: 2
scenario: north
title: North
question: Does it fill?
time: {start: 2015-Q1, end: 2016-Q4}
states:
  FIN: {}
  NOR: {gdp: 1, source: assumed}  # mine
"""


@pytest.fixture
def case(tmp_path):
    """Write a case and a folder of downloads beside it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "products.csv").write_text(PRODUCTS, encoding="utf-8")
    file = tmp_path / "north.yaml"
    file.write_text(CASE, encoding="utf-8")
    return file


def test_a_file_is_filled_and_what_it_was_filled_with_is_said(blocsim, case):
    code, out, err = blocsim("fill", "north.yaml", "--what", "economies", "--data", "data")
    assert code == 0
    text = case.read_text(encoding="utf-8")
    assert "name: Finland" in text
    assert "gdp: 273700" in text
    assert "NOR: {gdp: 1, name: Norway, " in text
    assert text.endswith("# mine\n")
    assert "states: " in out
    assert "worldbank_wdi" in out
    assert "1 value is kept as it stands: states.NOR.gdp; --force replaces it" in out
    assert "not in the data: states.FIN.burden, states.NOR.burden: no military spending" in err


def test_a_dry_run_writes_nothing(blocsim, case):
    code, out, _ = blocsim("fill", "north.yaml", "--data", "data", "--dry-run")
    assert code == 0
    assert "would be written" in out
    assert case.read_text(encoding="utf-8") == CASE


def test_a_second_run_finds_nothing_to_do(blocsim, case):
    blocsim("fill", "north.yaml", "--data", "data")
    once = case.read_bytes()
    code, out, _ = blocsim("fill", "north.yaml", "--data", "data")
    assert (code, case.read_bytes()) == (0, once)
    assert "0 values written" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("north.yaml",), "needs downloads of public data: --data ~/data"),
        (("north.yaml", "--data", "nowhere"), "nowhere: no such file"),
        (("north.yaml", "--data", "north.yaml"), "no table of public data in it"),
        (("nothing.yaml", "--data", "data"), "nothing.yaml: no such file"),
        (("gulf_2017", "--data", "data"), "shipped scenarios are full"),
        (
            ("north.yaml", "--data", "data", "--what", "economies,weather"),
            'no topic "weather": write some of economies,',
        ),
    ],
)
def test_a_use_that_makes_no_sense_is_refused(blocsim, case, arguments, message):
    code, _, err = blocsim("fill", *arguments)
    assert code == 2
    assert message in err
    assert case.read_text(encoding="utf-8") == CASE


def test_a_new_case_is_written_filled_and_checked(blocsim, case):
    arguments = ("--states", "FIN,NOR", "--from", "2015-Q1", "--to", "2016-Q4", "--data", "data")
    code, out, err = blocsim("new", "new.yaml", *arguments)
    assert code == 0
    assert "next: blocsim check new.yaml" in err
    assert "not in the data: states.FIN.burden, states.NOR.burden" in err
    code, out, err = blocsim("check", "new.yaml")
    assert code == 0
    assert "new.yaml: sound (2 states" in out
    assert "states.FIN.burden: 0.02 only keeps the place of a figure that the data lacked" in err
    assert blocsim("new", "new.yaml", *arguments)[0] != 0
    code, _, err = blocsim("new", "other.yaml", "--states", "FIN,NOR")
    assert code == 2
    assert "give --from, --to, --data too" in err
    code, _, err = blocsim("new", "other.yaml", *arguments[:4], "--to", "2014", *arguments[6:])
    assert code == 2
    assert "--to: ends before it starts" in err
    assert not (case.parent / "other.yaml").exists()
