"""`blocsim new --synthetic`: files written whole, and what is said of a use that makes no sense."""

from __future__ import annotations

import pytest


def test_a_synthetic_world_is_written_with_its_table_and_checked(blocsim, tmp_path):
    code, _, err = blocsim("new", "my world.yaml", "--synthetic", 7, "--to", "2020-Q2")
    assert code == 0
    assert "wrote my world.yaml and my world_affinity.csv; next: blocsim check" in err
    code, out, _ = blocsim("check", "my world.yaml")
    assert code == 0
    assert "sound (7 states" in out
    before = (tmp_path / "my world.yaml").read_bytes()
    (tmp_path / "my world.yaml").unlink()
    code, _, err = blocsim("new", "my world.yaml", "--synthetic", 7)
    assert code != 0
    assert "my world_affinity.csv: already exists" in err
    assert not (tmp_path / "my world.yaml").exists()
    assert blocsim("new", "my world.yaml", "--synthetic", 7, "--to", "2020-Q2", "--force")[0] == 0
    assert (tmp_path / "my world.yaml").read_bytes() == before


def test_a_result_is_replayed_with_the_table_in_the_working_folder(blocsim, tmp_path):
    assert blocsim("new", "world.yaml", "--synthetic", 5, "--to", "2020-Q2")[0] == 0
    assert (
        blocsim("run", "world.yaml", "--runs", 2, "--jobs", 1, "--no-figures", "--out", "result")[0]
        == 0
    )
    assert blocsim("story", "result", "--run", 1)[0] == 0
    table = next(tmp_path.glob("*.csv"))
    table.write_text(table.read_text("utf-8").replace("0.", "0.0", 1), "utf-8")
    code, _, err = blocsim("story", "result", "--run", 1)
    assert code == 2
    assert f"the scenario reads {table.name}, not here as it was: give its folder" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--synthetic", 4), "--synthetic: must be from 5 to 204 states, got 4"),
        (("--seed", 4), "--seed: is for a synthetic world"),
        (("--synthetic", 9, "--states", "FIN,NOR"), "leave out --states, --bloc and --data"),
        (("--synthetic", 9, "--from", "soon"), "--from: must be a date"),
    ],
)
def test_a_synthetic_world_that_makes_no_sense_is_refused(blocsim, tmp_path, arguments, message):
    code, _, err = blocsim("new", "world.yaml", *arguments)
    assert code == 2
    assert message in err
    assert not [*tmp_path.glob("world*")]


PRODUCTS = """iso3,year,gdp_current_usd,population
FIN,2014,270000000000,5400000
NOR,2014,500000000000,5100000
"""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "2015-Q1"), "a case of states needs --states, --from, --to: give --states"),
        (("--states", "all", "--from", "2015-Q1"), "needs --states, --from, --data: give --data"),
        (("--states", "all", "--data", "products.csv"), "give --from too"),
        (("--states", "all", "--from", "x", "--data", "products.csv"), "--from: must be a date"),
        (
            ("--states", "all", "--from", "2015-Q1", "--data", "products.csv"),
            "--states: all: the data reach 0 states, and a world needs 5",
        ),
    ],
)
def test_a_world_of_all_states_that_makes_no_sense_is_refused(
    blocsim, tmp_path, arguments, message
):
    (tmp_path / "products.csv").write_text(PRODUCTS, encoding="utf-8")
    code, _, err = blocsim("new", "world.yaml", *arguments)
    assert code == 2
    assert message in err
    assert not [*tmp_path.glob("world*")]


def test_states_that_a_world_lacks_are_named_with_the_reason(blocsim, tmp_path):
    (tmp_path / "products.csv").write_text(PRODUCTS, encoding="utf-8")
    arguments = ("--states", "all", "--from", "2015-Q1", "--data", "products.csv")
    err = blocsim("new", "world.yaml", *arguments)[2]
    assert "left out of the world: FIN, NOR: no capital with its coordinates" in err
