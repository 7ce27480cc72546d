"""A sweep's folder: reading, and messages if it is damaged or not finished."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from sim.experiments.discovery import discover
from sim.experiments.sweeps.sweep import sweep
from sim.experiments.sweeps.sweep_results import SweepResults
from sim.kernel.errors import ResultError
from sim.metrics.catalogue import METRICS
from sim.plots.figure_data import FigureData
from sim.records.kinds import SWEEP
from sim.records.soundness import FORMAT, digest
from tests.experiments.sweeps.small_sweep import BURDEN, HOW, SMALL


def test_the_export_holds_every_run(whole):
    frame = pd.read_csv(whole.export())
    pd.testing.assert_frame_equal(frame, whole.table()[frame.columns], check_dtype=False, rtol=1e-9)


def test_results_of_a_folder_without_a_sweep_are_refused(tmp_path):
    with pytest.raises(ResultError, match="has no finished sweep"):
        SweepResults(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"), [("ledger.jsonl", b"\xff\xfe\n"), ("sweep.json", b"[" * 200_000)]
)
def test_bytes_that_are_not_text_and_endless_nesting_are_damage(tmp_path, whole, name, content):
    shutil.copytree(whole.folder, tmp_path / "s")
    (tmp_path / "s" / "manifest.json").unlink()
    (tmp_path / "s" / name).write_bytes(content)
    with pytest.raises(ResultError, match=f"{name}: is damaged; remove the folder") as caught:
        sweep(SMALL, out=tmp_path / "s", **HOW)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("design", "point", "pint", "design.csv: no column 'point'; the result is damaged"),
        ("design", "\n5,", "\n6,", "design.csv: must hold the points 0 to 5, one a row"),
        ("design", BURDEN, "states.BRA.debt", f"design.csv: no column '{BURDEN}'"),
        ("summary", "outcome", "what", "summary.csv: no column 'outcome'; the result is damaged"),
        ("summary", ",", ",,,,,,,,,,,", "summary.csv: column '' appears twice"),
        ("summary", "\nbaseline,", "\nbaseline,1,", "have more cells than its header"),
        ("points", "point", "pt", "points.csv: no column 'point'; the result is damaged"),
        ("points", "baseline,0,", "baseline,none,", "points.csv, line 2: point must be a number"),
    ],
)
def test_tables_edited_by_hand_are_damage_even_with_the_right_hash(
    tmp_path, whole, name, old, new, said
):
    folder = tmp_path / "edited"
    shutil.copytree(whole.folder, folder)
    path, manifest = folder / f"{name}.csv", folder / "manifest.json"
    path.write_text(path.read_text().replace(old, new, 1))
    about = json.loads(manifest.read_text())
    about["files"][path.name] = {"bytes": path.stat().st_size, "sha256": digest(path)}
    manifest.write_text(json.dumps(about))
    with pytest.raises(ResultError) as error:
        getattr(SweepResults(folder), name)
    assert said in str(error.value)


@pytest.mark.parametrize("file", ["sweep.json", "manifest.json"])
def test_the_format_before_is_read_and_one_to_come_names_a_newer_version(tmp_path, whole, file):
    folder = tmp_path / "s"
    shutil.copytree(whole.folder, folder)
    if file == "sweep.json":
        (folder / "manifest.json").unlink()
    about = json.loads((folder / file).read_text())
    assert about["format"] == FORMAT
    (folder / file).write_text(json.dumps({**about, "format": FORMAT - 1}))
    assert sweep(SMALL, out=folder, **HOW).hash == whole.hash
    if file == "sweep.json":
        (folder / "manifest.json").unlink()
    (folder / file).write_text(json.dumps({**about, "format": FORMAT + 1}))
    with pytest.raises(ResultError, match=f"{file}: the result has format {FORMAT + 1}, .* newer"):
        sweep(SMALL, out=folder, **HOW)


def test_the_spread_of_points_that_are_all_equal_is_zero(tmp_path):
    same = tmp_path / "design.csv"
    same.write_text(f"{BURDEN}\n" + "0.0512345\n" * 7)
    results = sweep(SMALL, design=same, runs=3, variants=("sale",), out=tmp_path / "s")
    summary = results.summary
    assert (summary["least"] == summary["most"]).all()
    assert (summary["sd_of_points"] == 0).all()


def test_a_finished_sweep_has_figures(whole):
    assert FigureData.read(whole.folder).kind is SWEEP


@pytest.fixture(params=["this", "another"])
def unfinished(tmp_path, whole, request):
    """A sweep that was stopped, of this version or of another, and the step that finishes it."""
    folder = tmp_path / "s"
    shutil.copytree(whole.folder, folder)
    (folder / "manifest.json").unlink()
    if request.param == "this":
        return folder, "an unfinished sweep; the same `blocsim sweep` continues it", {}
    state = folder / "sweep.json"
    about = json.loads(state.read_text())
    about["inputs"]["versions"] |= {"code": "0", "blocsim": "0.1.0"}
    state.write_text(json.dumps(about))
    step = "an unfinished sweep of another version; `blocsim sweep` with --force runs it again"
    return folder, step, {"force": True}


def test_whoever_is_asked_of_an_unfinished_sweep_names_the_one_step_that_works(unfinished, whole):
    folder, step, how = unfinished
    for ask in (FigureData.read, SweepResults, lambda place: discover(place, "hhi DEL > 0")):
        with pytest.raises(ResultError) as refused:
            ask(folder)
        assert str(refused.value) == f"{folder}: holds {step}"
    assert sweep(SMALL, out=folder, **HOW, **how).hash == whole.hash


def test_of_an_unfinished_analysis_the_step_is_that_of_the_analysis(unfinished, tmp_path):
    folder, step, _ = unfinished
    (tmp_path / "analysis").mkdir()
    folder.rename(tmp_path / "analysis" / "runs")
    for ask in (FigureData.read, lambda place: discover(place, "hhi DEL > 0")):
        with pytest.raises(ResultError) as refused:
            ask(tmp_path / "analysis")
        said = step.replace("sweep", "sensitivity", 2)
        said = said.replace("an unfinished sensitivity", "an unfinished sensitivity analysis")
        assert str(refused.value) == f"{tmp_path / 'analysis'}: holds {said}"


def test_signs_are_shares_of_points_of_the_difference_run_by_run(whole):
    signs = whole.signs("sale", "baseline").set_index("outcome")
    for outcome in whole.outcomes:
        each = whole.means([outcome], "sale", "baseline")[outcome]
        assert signs.loc[outcome, "points"] == np.isfinite(each).sum()
        assert signs.loc[outcome, "up"] == pytest.approx(np.nanmean(each > 0))
        assert signs.loc[outcome, "down"] == pytest.approx(np.nanmean(each < 0))
        least = METRICS[outcome.split()[0]].smallest
        assert signs.loc[outcome, "matters"] == pytest.approx(np.nanmean(np.abs(each) >= least))
    assert (whole.signs("sale", "sale")[["up", "down"]] == 0).all(axis=None)
