"""Of which pairs of states a run keeps series and ties, and that this changes no other number."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from sim.experiments.dyad_choice import FEW, DyadChoice, choice_of, chosen
from sim.experiments.ensemble import Ensemble, run
from sim.experiments.options import Options
from sim.kernel.errors import InputError
from sim.scenario.load import load


@pytest.fixture(scope="module")
def flagship():
    return load("polonez_vs_iskander", runs=2).only(["baseline", "sale"])


@pytest.fixture(scope="module")
def folders(flagship, tmp_path_factory):
    place = tmp_path_factory.mktemp("dyads")
    said = []
    run(flagship, out=place / "all", engine="numpy")
    run(flagship, out=place / "related", engine="numpy", dyads="related", say=said.append)
    return place / "all", place / "related", said


def test_small_worlds_keep_all_dyads_and_large_ones_the_related():
    assert [chosen("auto", n) for n in (FEW, FEW + 1)] == ["all", "related"]
    assert chosen("all", FEW + 1) == "all"
    assert chosen("related", 5) == "related"
    with pytest.raises(InputError, match=r"--dyads.*must be auto, all or related, got 'few'"):
        Options(dyads="few")


def test_the_choice_counts_among_the_options_of_a_result_where_it_matters():
    # small worlds keep the options that their results always had
    assert choice_of("auto", FEW) == choice_of("all", FEW) == {}
    assert choice_of("related", FEW) == choice_of("auto", FEW + 1) == {"dyads": "related"}
    assert choice_of("all", FEW + 1) == {"dyads": "all"}


def test_related_are_dispute_bloc_arms_at_the_start_and_outcomes_both_ways(flagship):
    choice = Ensemble(flagship, Options(dyads="related")).dyads["baseline"]
    layout, table = choice.layout, choice.table
    assert np.array_equal(table, table.T)
    assert not np.diag(table).any()
    assert table[layout.dyad_from, layout.dyad_to].all()
    assert table[tuple(layout.fellow_dyads.T)].all()
    for outcome in flagship.outcomes:
        pair = [layout.states.index(name) for name in outcome.subject if name in layout.states]
        assert len(pair) != 2 or table[tuple(pair)]
    assert 0 < choice.pairs.size < len(layout.states) * (len(layout.states) - 1)
    assert DyadChoice(layout).sentence == ""


def test_rows_of_related_dyads_are_those_among_all(folders):
    whole, some, said = folders
    for name in ("series", "states", "ties"):
        every, kept = (pd.read_csv(place / f"{name}.csv", dtype=str) for place in (whole, some))
        assert 0 < len(kept) < len(every)
        merged = every.merge(kept, how="inner", on=list(every.columns))
        assert len(merged) == len(kept)
    assert len(said) == 2
    pairs = pd.read_csv(some / "ties.csv").groupby(["from", "to"]).ngroups
    assert f" hold {pairs} of 272 dyads" in said[1]


def test_other_tables_are_the_same_byte_for_byte(folders):
    whole, some, _ = folders
    names = {path.name for path in whole.glob("*.csv")} - {"series.csv", "states.csv", "ties.csv"}
    assert "outcomes.csv" in names
    for name in names:
        assert (whole / name).read_bytes() == (some / name).read_bytes(), name
    options = [
        json.loads((place / "manifest.json").read_text())["inputs"]["options"]
        for place in (whole, some)
    ]
    assert options[1] == options[0] | {"dyads": "related"}
