from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.experiments import chunk_store, evaluation
from sim.experiments.processes import Processes
from sim.experiments.sweeps import chunks
from sim.experiments.sweeps.sweep import sweep
from sim.experiments.sweeps.sweep_results import SweepResults
from sim.kernel.errors import InputError, Interrupted, ResultError, RunError
from sim.records.soundness import FORMAT, digest

SMALL = Path(__file__).parents[1] / "small.yaml"
BURDEN, PREFERENCE = "states.BRA.burden", "blocs.NORTH.preference"
OVER = (f"{BURDEN}=0.02..0.06", f"{PREFERENCE}=0,0.3", "rules.contest=ratio,difference")
HOW = {"over": OVER, "design": "lhs", "points": 6, "runs": 5, "variants": ("baseline", "sale")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return sweep(SMALL, out=tmp_path_factory.mktemp("sweep") / "whole", **HOW)


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


@pytest.mark.parametrize("how", [{"block": 3}, {"jobs": 2}, {"jobs": 3, "block": 128}])
def test_the_hash_does_not_depend_on_blocks_and_jobs(tmp_path, whole, how):
    assert sweep(SMALL, out=tmp_path / "other", **HOW, **how).hash == whole.hash


@pytest.mark.parametrize("rows", [3, 7])
def test_the_hash_does_not_depend_on_the_size_of_chunks(tmp_path, whole, monkeypatch, rows):
    monkeypatch.setattr(chunks, "ROWS", rows)
    assert sweep(SMALL, out=tmp_path / "other", **HOW).hash == whole.hash


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
    with pytest.raises(ResultError, match="a design goes on only if it begins with theirs"):
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


def test_a_finished_sweep_is_read_back_and_another_is_refused(tmp_path, whole):
    book = whole.folder / "ledger.jsonl"
    before = book.stat().st_mtime_ns
    assert sweep(SMALL, out=whole.folder, **HOW).hash == whole.hash
    assert book.stat().st_mtime_ns == before
    with pytest.raises(ResultError, match=r"a sweep of other inputs \(runs\)"):
        sweep(SMALL, out=whole.folder, **{**HOW, "runs": 4})
    with pytest.raises(ResultError, match="holds a sweep of other points"):
        sweep(SMALL, out=whole.folder, **{**HOW, "points": 4})
    stranger = tmp_path / "full"
    stranger.mkdir()
    (stranger / "mine.txt").write_text("kept")
    for force in (False, True):
        with pytest.raises(ResultError):
            sweep(SMALL, out=stranger, force=force, **HOW)
    assert (stranger / "mine.txt").read_text() == "kept"


def test_a_lost_or_changed_chunk_is_told(tmp_path, whole):
    found = sweep(SMALL, out=tmp_path / "s", **HOW)
    chunk = min((found.folder / "chunks").glob("*.parquet"))
    (found.folder / "manifest.json").unlink()
    chunk.unlink()
    assert sweep(SMALL, out=found.folder, **HOW).hash == whole.hash
    (found.folder / "manifest.json").unlink()
    content = bytearray(chunk.read_bytes())
    content[len(content) // 2] ^= 1
    chunk.write_bytes(content)
    with pytest.raises(ResultError, match="is not what was written"):
        sweep(SMALL, out=found.folder, **HOW)


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(chunks, "ROWS", 5)

    def stop(done, _):
        if done >= 20:
            raise KeyboardInterrupt

    said = "interrupted: 20 of 60 runs are kept in .*; the same command goes on from there"
    with pytest.raises(Interrupted, match=said):
        sweep(SMALL, out=tmp_path / "s", progress=stop, **HOW)
    counted = []
    found = sweep(SMALL, out=tmp_path / "s", progress=lambda n, _: counted.append(n), **HOW)
    assert counted[0] == 25
    assert found.hash == whole.hash


def test_a_full_disk_is_told_and_the_sweep_goes_on_after_it(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(chunks, "ROWS", 5)
    written, honest = [], chunk_store.pq.write_table

    def fills(table, place, **how):
        if len(written) == 3:
            place.write(b"half a fi")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), place.name)
        written.append(place)
        honest(table, place, **how)

    with monkeypatch.context() as patch:
        patch.setattr(chunk_store.pq, "write_table", fills)
        with pytest.raises(RunError, match="No space left on device"):
            sweep(SMALL, out=tmp_path / "s", **HOW)
    assert len((tmp_path / "s" / "ledger.jsonl").read_text().splitlines()) == 3
    assert not list((tmp_path / "s" / "chunks").glob("*.tmp"))
    assert sweep(SMALL, out=tmp_path / "s", **HOW).hash == whole.hash


@pytest.fixture
def disk(tmp_path):
    """Return a function that makes a disk of some kilobytes, or resizes it, and its folder."""
    place = tmp_path / "disk"
    place.mkdir()

    def sized(kilobytes):
        how = "remount," if place.is_mount() else ""
        mount = ["mount", "-t", "tmpfs", "-o", f"{how}size={kilobytes}k", "tmpfs", str(place)]
        if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:  # noqa: PLW1510 - it may fail
            pytest.skip("needs the right to mount a small tmpfs")
        return place

    yield sized
    if place.is_mount():
        subprocess.run(("umount", "-l", str(place)), check=True)  # noqa: S607


@pytest.mark.parametrize("kilobytes", [4, 60, 100])
def test_a_small_disk_that_is_full_early_or_late_loses_nothing(disk, whole, monkeypatch, kilobytes):
    monkeypatch.setattr(chunks, "ROWS", 10)
    folder = disk(kilobytes) / "s"
    with pytest.raises(RunError, match="No space left on device") as failure:
        sweep(SMALL, out=folder, **HOW)
    assert failure.value.exit_code == 3
    assert not (folder / "manifest.json").exists()
    disk(4000)
    assert sweep(SMALL, out=folder, **HOW).hash == whole.hash


def test_a_chunk_that_fails_twice_is_told_with_its_points_and_the_rest_is_kept(
    tmp_path, whole, monkeypatch
):
    monkeypatch.setattr(chunks, "ROWS", 5)
    honest = evaluation.PointWork.__call__

    def fails(worker, chunk):
        if chunk.variant == "sale" and 2 in chunk.points:
            message = "2020-Q3: affinity is not finite"
            raise RunError(message)
        return honest(worker, chunk)

    with monkeypatch.context() as patch:
        patch.setattr(evaluation.PointWork, "__call__", fails)
        with pytest.raises(RunError) as failure:
            sweep(SMALL, out=tmp_path / "s", **HOW)
    text = str(failure.value)
    assert "points 2 to 2 of variant sale failed twice: 2020-Q3: affinity is not finite" in text
    assert f"point 2: {BURDEN}=" in text
    assert failure.value.exit_code == 3
    assert len((tmp_path / "s" / "ledger.jsonl").read_text().splitlines()) == 11
    assert sweep(SMALL, out=tmp_path / "s", **HOW).hash == whole.hash


def test_a_folder_is_locked_while_a_sweep_is_at_work(tmp_path):
    def nested(*_):
        with pytest.raises(ResultError, match="another process is at work"):
            sweep(SMALL, out=tmp_path / "s", **HOW)
        raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        sweep(SMALL, out=tmp_path / "s", progress=nested, **HOW)


def test_the_export_holds_every_run(whole):
    frame = pd.read_csv(whole.export())
    pd.testing.assert_frame_equal(frame, whole.table()[frame.columns], check_dtype=False, rtol=1e-9)


def test_a_rule_that_does_not_exist_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match='no variant "odd" of contest'):
        sweep(SMALL, over=["rules.contest=ratio,odd"], design="grid", out=tmp_path / "s")
    assert not (tmp_path / "s").exists()


def slowly(folder, how):
    """Sweep with a disk so slow that most moments are moments of writing."""
    chunks.ROWS = 10
    honest = os.fsync

    def slow(file):
        time.sleep(0.05)
        honest(file)

    os.fsync = slow
    sweep(SMALL, out=folder, **how)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_sweep_killed_ten_times_at_random_moments_ends_with_the_same_table(tmp_path, monkeypatch):
    how = {"over": OVER[:1], "design": "sobol", "points": 32, "runs": 10, "variants": ("sale",)}
    wanted = sweep(SMALL, out=tmp_path / "whole", **how)
    monkeypatch.setattr(chunks, "ROWS", 10)
    book = tmp_path / "s" / "ledger.jsonl"
    random = np.random.default_rng(20171009)
    context = get_context("forkserver")  # a fork of this process would inherit locks of its threads
    context.set_forkserver_preload(["sim.experiments.sweeps.sweep"])
    killed = []
    for _ in range(10):
        before = lines_of(book)
        child = context.Process(target=slowly, args=(tmp_path / "s", how))
        child.start()
        while child.is_alive() and lines_of(book) <= before:
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.1))
        child.kill()
        child.join()
        killed.append(child.exitcode == -signal.SIGKILL)
    assert sum(killed) >= 5
    assert sweep(SMALL, out=tmp_path / "s", **how).hash == wanted.hash


def lines_of(path):
    return path.read_text().count("\n") if path.exists() else 0


def test_a_worker_killed_in_mid_sweep_changes_nothing(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(chunks, "ROWS", 5)
    pids = []

    class Watched(Processes):
        def pool(self, *, alone=False):
            pool = super().pool(alone=alone)
            pids.append(pool)
            return pool

    def kill(done, _):
        if done == 10:
            next(iter(pids[0]._processes.values())).kill()

    found = sweep(SMALL, out=tmp_path / "s", executor=Watched(2), progress=kill, **HOW)
    assert len(pids) > 1  # the pool was rebuilt
    assert found.hash == whole.hash


def test_results_of_a_folder_without_a_sweep_are_refused(tmp_path):
    with pytest.raises(ResultError, match="no finished sweep there"):
        SweepResults(tmp_path)


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


@pytest.mark.parametrize(
    ("name", "content"), [("ledger.jsonl", b"\xff\xfe\n"), ("sweep.json", b"[" * 200_000)]
)
def test_bytes_that_are_no_text_and_endless_nesting_are_damage(tmp_path, whole, name, content):
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
        ("summary", ",", ",,,,,,,,,,,", "summary.csv: column '' stands twice"),
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
    assert about.pop("format") == FORMAT == 2
    (folder / file).write_text(json.dumps(about))
    assert sweep(SMALL, out=folder, **HOW).hash == whole.hash
    if file == "sweep.json":
        (folder / "manifest.json").unlink()
    (folder / file).write_text(json.dumps({**about, "format": 3}))
    with pytest.raises(ResultError, match=f"{file}: the result has format 3, .* a newer version"):
        sweep(SMALL, out=folder, **HOW)


def test_the_spread_of_points_that_are_all_equal_is_zero(tmp_path):
    same = tmp_path / "design.csv"
    same.write_text(f"{BURDEN}\n" + "0.0512345\n" * 7)
    results = sweep(SMALL, design=same, runs=3, variants=("sale",), out=tmp_path / "s")
    summary = results.summary
    assert (summary["least"] == summary["most"]).all()
    assert (summary["sd_of_points"] == 0).all()
