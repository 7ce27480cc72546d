"""A masked result has no names of states, keeps every number, and can be drawn."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from sim.experiments.comparison import compare, write_comparison
from sim.experiments.ensemble import run
from sim.experiments.export import export
from sim.experiments.sweeps.sweep import sweep
from sim.kernel.errors import ResultError
from sim.records.results import load_results
from sim.records.table_folder import TableFolder

SMALL = Path(__file__).with_name("small.yaml")
NAMES = re.compile(
    r"\b(ALF|BRA|CHA|DEL|NORTH|Alfa|Bravo|Charlie|Delta|alfa_\w+|charlie_tank|missile|tank|deal)\b"
)
YEARS = re.compile(r"\b202[01](-Q[1-4])?\b(?!\.)")


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("masks") / "small"
    run(SMALL, runs=3, transfers=2, out=folder)
    return folder


@pytest.fixture(scope="module")
def masked(result):
    return export(result, form="csv", masked=True)


def test_a_masked_result_names_no_state_and_no_year(masked):
    assert masked.name == "small_masked"
    for path in masked.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not NAMES.search(text), path.name
        assert not YEARS.search(text), path.name


def test_no_number_changes(result, masked):
    whole, hidden = load_results(result), load_results(masked)
    assert set(whole) == set(hidden)
    for name in whole:
        one, other = (each[name].select_dtypes("number").to_numpy() for each in (whole, hidden))
        assert len(whole[name]) == len(hidden[name])
        assert ((one == other) | (pd.isna(one) & pd.isna(other))).all(), name


def test_states_are_colours_and_systems_their_class_and_number(masked):
    hidden = load_results(masked)
    assert set(hidden["states"]["state"]) == {"Red", "Blue", "Green", "Amber"}
    assert set(hidden["transfers"]["system"]) <= {"armour_1", "missiles_1"}
    assert hidden["series"]["date"].min() == "0000-Q1"
    assert hidden["series"]["start"].min() == "0000-01-01"
    assert hidden.manifest["scenario"]["title"] == "A masked scenario"


def test_a_masked_result_cannot_be_found_out_by_its_hash(masked):
    about = json.loads((masked / "manifest.json").read_text())
    assert about["inputs"]["hash"] == ""
    assert about["scenario"]["files"] == {}


def test_a_variant_that_gives_somebody_away_has_a_number(tmp_path):
    text = SMALL.read_text().replace("no_sale:", "no_missile:")
    text = re.sub(r"\bno_sale\b", "no_missile", text)
    (tmp_path / "named.yaml").write_text(text)
    run(tmp_path / "named.yaml", runs=1, out=tmp_path / "r")
    found = load_results(export(tmp_path / "r", form="csv", masked=True))
    assert found.variants[0] == "baseline"
    assert "no_missile" not in found.variants
    assert any(name.startswith("variant_") for name in found.variants)
    assert "sale" in found.variants


def test_a_comparison_is_masked_with_its_inputs(tmp_path):
    (tmp_path / "c").mkdir()
    write_comparison(tmp_path / "c", compare(f"{SMALL}:no_sale", f"{SMALL}:sale", runs=2))
    folder = export(tmp_path / "c", form="csv", masked=True)
    for path in folder.iterdir():
        assert not NAMES.search(path.read_text(encoding="utf-8")), path.name
    assert len(pd.read_csv(export(folder, form="long"))) > 0
    assert TableFolder.read(folder).kind.name == "comparison"


def test_a_result_of_the_format_before_stays_of_it(tmp_path):
    published = Path(__file__).parents[2] / "results" / "reference" / "polonez_vs_iskander"
    folder = export(published, form="csv", masked=True, out=tmp_path / "m")
    about = json.loads((folder / "manifest.json").read_text())
    assert about["format"] == json.loads((published / "manifest.json").read_text())["format"]
    for name in load_results(folder):
        assert len(load_results(folder)[name])


def test_a_sweep_is_not_masked(tmp_path):
    over = ["states.BRA.burden=0.02,0.05"]
    sweep(SMALL, over=over, design="grid", runs=1, variants=["sale"], out=tmp_path / "s")
    with pytest.raises(ResultError, match="holds a sweep, which is not masked"):
        export(tmp_path / "s", form="csv", masked=True)
    with pytest.raises(ResultError, match="holds a sweep; give another --format"):
        export(tmp_path / "s", form="csv")


def test_the_command_masks_into_a_result_again(result, tmp_path, blocsim):
    code, _, err = blocsim("export", result, "--masked", "--out", tmp_path / "m")
    assert code == 0, err
    code, _, err = blocsim("export", result, "--masked", "--out", tmp_path / "m")
    assert code == 2
    assert "already exists" in err
    code, _, err = blocsim("plot", tmp_path / "m", "--what", "cohesion")
    assert code == 0, err
    assert "bloc_1" in err
