from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.experiments.sweeps import sweep_table
from sim.experiments.sweeps.sweep import sweep
from sim.kernel.errors import InputError, ResultError
from tests.experiments.sweeps.small_sweep import BURDEN, HOW, OVER, PREFERENCE, SMALL


def test_every_point_replicate_and_variant_is_there_once(whole):
    table = whole.table()
    assert whole.rows == len(table) == 6 * 5 * 2
    keys = table[["variant", "point", "run"]].drop_duplicates()
    assert len(keys) == len(table)
    assert set(table[BURDEN]) == set(whole.design[BURDEN])


def test_a_point_at_the_base_values_is_the_ensemble_itself(tmp_path, tables):
    found = sweep(SMALL, over=[f"{BURDEN}=0.04,0.05"], design="grid", runs=20, out=tmp_path / "s")
    tables(tmp_path / "run")
    ensemble = pd.read_csv(tmp_path / "run" / "outcomes.csv")
    table = found.table()
    for variant, rows in table[table["point"] == 0].groupby("variant"):
        ours = rows[found.outcomes].to_numpy()
        theirs = ensemble.loc[ensemble["variant"] == variant, found.outcomes].to_numpy()
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)
    other = table.loc[table["point"] == 1, found.outcomes].to_numpy()
    assert not np.array_equal(other, table.loc[table["point"] == 0, found.outcomes].to_numpy())


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("how", [{"block": 3}, {"jobs": 2, "block": 128}])
def test_the_hash_does_not_depend_on_blocks_and_jobs(tmp_path, whole, how):
    assert sweep(SMALL, out=tmp_path / "other", **HOW, **how).hash == whole.hash


def test_the_hash_does_not_depend_on_the_size_of_chunks(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(sweep_table, "ROWS", 7)
    assert sweep(SMALL, out=tmp_path / "other", **HOW).hash == whole.hash
    how = {**HOW, "over": OVER[:1], "points": 2, "variants": ("sale",)}
    wanted = sweep(SMALL, out=tmp_path / "few", **how)
    monkeypatch.setattr(sweep_table, "ROWS", 3)  # a point is two chunks
    cut = sweep(SMALL, out=tmp_path / "cut", **how)
    assert cut.hash == wanted.hash
    for name in ("points.csv", "summary.csv"):
        assert (cut.folder / name).read_bytes() == (wanted.folder / name).read_bytes()


def test_a_saved_design_runs_again(tmp_path, whole):
    how = {"runs": 5, "variants": ("baseline", "sale")}
    design = whole.folder / "design.csv"
    assert sweep(SMALL, design=design, out=tmp_path / "again", **how).hash == whole.hash


def test_a_sobol_sweep_grows_and_equals_one_made_at_once(tmp_path):
    how = {"over": OVER[:2], "design": "sobol", "runs": 3, "variants": ("sale",)}
    sweep(SMALL, points=4, out=tmp_path / "grown", **how)
    before = (tmp_path / "grown" / "ledger.jsonl").read_text()
    grown = sweep(SMALL, points=8, out=tmp_path / "grown", **how)
    assert (grown.folder / "ledger.jsonl").read_text().startswith(before)
    assert grown.hash == sweep(SMALL, points=8, out=tmp_path / "once", **how).hash


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_design_file_is_extended_by_further_points(tmp_path, kind):
    how = {"runs": 3, "variants": ("sale",)}
    frame = pd.DataFrame(
        {
            BURDEN: [0.02, 0.1 / 3, 0.05, 0.06],
            "rules.contest": ["ratio", "ratio", "difference", "ratio"],
        }
    )

    def saved(rows):
        file = tmp_path / f"{rows}.{kind}"
        part = frame.head(rows)
        part.to_csv(file, index=False) if kind == "csv" else part.to_parquet(file)
        return file

    first = sweep(SMALL, design=saved(2), out=tmp_path / "s", **how)
    before = (first.folder / "ledger.jsonl").read_text()
    whole = sweep(SMALL, design=saved(4), out=tmp_path / "s", **how)
    assert (whole.folder / "ledger.jsonl").read_text().startswith(before)
    assert whole.hash == sweep(SMALL, design=saved(4), out=tmp_path / "once", **how).hash
    assert whole.design[BURDEN].to_list() == frame[BURDEN].to_list()
    with pytest.raises(ResultError, match="a design can only extend one that it begins with"):
        sweep(SMALL, design=saved(3), out=tmp_path / "s", **how)


def test_points_share_randomness_by_replicate_unless_independent(tmp_path):
    same = tmp_path / "design.csv"
    same.write_text(f"{BURDEN}\n0.05\n0.05\n")
    how = {"design": same, "runs": 4, "variants": ("baseline",)}

    def halves(noise):
        found = sweep(SMALL, noise=noise, out=tmp_path / noise, **how)
        table = found.table()[found.outcomes].to_numpy()
        return table[:4], table[4:]

    shared, independent = halves("shared"), halves("independent")
    np.testing.assert_array_equal(*shared)
    np.testing.assert_array_equal(shared[0], independent[0])
    assert not np.array_equal(*independent)


def test_a_variant_keeps_the_value_that_it_sets_itself(tmp_path):
    scenario = tmp_path / "own.yaml"
    scenario.write_text(SMALL.read_text().replace("  sale:\n", f"  sale:\n    {GENEROUS}\n", 1))
    found = sweep(scenario, over=[f"{PREFERENCE}=0,0.5"], design="grid", runs=2, out=tmp_path / "s")
    assert found.manifest["fixed_by_variant"] == {"sale": [PREFERENCE]}
    table = found.table(["participation BRA:NORTH"], ["sale"])
    by_point = table["participation BRA:NORTH"].to_numpy().reshape(2, 2)
    np.testing.assert_array_equal(by_point[0], by_point[1])


GENEROUS = "blocs: {NORTH: {preference: 0.9}}"


def test_what_only_a_variant_has_is_varied_in_it_alone(tmp_path):
    path = "events.deal.probability"
    how = {"over": [f"{path}=0,1"], "design": "grid", "runs": 4}
    found = sweep(SMALL, variants=("no_sale", "sale"), out=tmp_path / "s", **how)
    assert found.manifest["fixed_by_variant"] == {"no_sale": [path]}
    name = "sold ALF>DEL missile by 2020-Q4"
    sold = found.table([name]).groupby(["variant", "point"])[name].mean()
    assert sold["no_sale"].to_list() == [0, 0]
    assert sold["sale"][0] < 1
    assert sold["sale"][1] == 1
    again = sweep(SMALL, variants=("no_sale", "sale"), out=tmp_path / "s", **how)
    assert again.hash == found.hash
    with pytest.raises(InputError, match="no number of that name"):
        sweep(SMALL, over=[f"{path}=0..1"], points=2, variants=("no_sale",), out=tmp_path / "n")


def test_a_finished_sweep_is_read_back_and_another_is_refused(tmp_path, whole):
    book = whole.folder / "ledger.jsonl"
    before = book.stat().st_mtime_ns
    assert sweep(SMALL, out=whole.folder, **HOW).hash == whole.hash
    assert book.stat().st_mtime_ns == before
    with pytest.raises(ResultError, match=r"a sweep with other inputs \(runs\)"):
        sweep(SMALL, out=whole.folder, **{**HOW, "runs": 4})
    with pytest.raises(ResultError, match="holds a sweep with other points"):
        sweep(SMALL, out=whole.folder, **{**HOW, "points": 4})
    stranger = tmp_path / "full"
    stranger.mkdir()
    (stranger / "mine.txt").write_text("kept")
    for force in (False, True):
        with pytest.raises(ResultError):
            sweep(SMALL, out=stranger, force=force, **HOW)
    assert (stranger / "mine.txt").read_text() == "kept"


def test_a_rule_that_does_not_exist_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match='no variant "odd" of contest'):
        sweep(SMALL, over=["rules.contest=ratio,odd"], design="grid", out=tmp_path / "s")
    assert not (tmp_path / "s").exists()
