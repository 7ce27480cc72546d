from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import numpy as np
import pytest

from sim.experiments.batch import VariantRuns
from sim.experiments.ensemble import Ensemble, run
from sim.experiments.ensemble_block import BlockWork
from sim.experiments.executor import executor_of, results_of
from sim.experiments.options import Options
from sim.experiments.outcomes import OutcomeReader
from sim.experiments.processes import Pool
from sim.kernel.errors import InputError, Interrupted, ResultError, RunError
from sim.records.results import load_results
from sim.scenario.load import load

RUNS = 6


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def results(small):
    return run(small, runs=RUNS)


def silent(*_):
    pass


def stop_after(done):
    def progress(now, _):
        if now > done:
            raise KeyboardInterrupt

    return progress


def test_results_without_a_folder_are_held_in_memory(results):
    assert not results.folder.exists()
    assert len(results.outcomes) == 3 * RUNS
    assert results.variants == ["baseline", "sale", "no_sale"]


def test_a_forced_sale_is_sold_and_a_closed_offer_is_not(results):
    sold = results["outcomes"].groupby("variant")["sold ALF>DEL missile by 2020-Q4"].mean()
    assert sold["sale"] == 1
    assert sold["no_sale"] == 0


def test_outcomes_agree_with_the_series(results):
    rows = results["series"]
    end = rows[(rows["metric"] == "cohesion") & (rows["date"] == "2020-Q4")]
    means = results["outcomes"].groupby("variant")["cohesion NORTH"].mean()
    for variant, mean in zip(end["variant"], end["mean"], strict=True):
        assert mean == pytest.approx(means[variant], rel=1e-9)


def test_differences_are_paired_to_the_first_variant(results):
    table = results["outcomes"]
    outcome = "affinity BRA>ALF mean 2020-Q3..2020-Q4"
    by = {name: part[outcome].to_numpy() for name, part in table.groupby("variant")}
    rows = results["differences"]
    row = rows[(rows["variant"] == "no_sale") & (rows["outcome"] == outcome)].iloc[0]
    assert row["versus"] == "baseline"
    assert row["mean"] == pytest.approx(np.mean(by["no_sale"] - by["baseline"]))


def test_the_manifest_says_on_what_the_tables_depend(results, small):
    manifest = results.manifest
    assert manifest["inputs"]["runs"] == RUNS
    assert manifest["inputs"]["options"]["xi"] == 0.3
    assert manifest["scenario"]["document"]["scenario"] == "small"
    assert list(manifest["scenario"]["files"]) == ["small.yaml"]
    assert manifest["in force"]["baseline"]["threat"]["rule"] == "balance_of_threat"
    assert set(manifest["files"]) == {f"{name}.csv" for name in results}
    assert str(small.parent) not in json.dumps(manifest)


def test_stability_is_given_over_a_range_of_entrapment(results):
    rows = results["stability"]
    rows = rows[rows["variant"] == "baseline"]
    assert set(rows["xi"]) == {0, 0.15, 0.3, 0.45, 0.6}
    assert set(rows["terms"]) == {"with", "without"}
    mean = results["outcomes"].groupby("variant")["subsidy NORTH"].mean()["baseline"]
    in_force = rows[(rows["terms"] == "with") & (rows["xi"] == 0.3)]["cost"].iloc[0]
    assert in_force == pytest.approx(mean)


def test_equal_inputs_are_not_run_again(tmp_path, small):
    out = tmp_path / "out"
    run(small, runs=2, out=out)
    before = (out / "manifest.json").read_bytes()

    def never(*_):
        pytest.fail("it was run again")

    again = run(small, runs=2, out=out, jobs=2, block=7, progress=never)
    assert (out / "manifest.json").read_bytes() == before
    assert again.manifest["inputs"]["runs"] == 2


def test_other_inputs_do_not_overwrite_a_result(tmp_path, small):
    out = tmp_path / "out"
    run(small, runs=2, out=out)
    with pytest.raises(ResultError) as caught:
        run(small, runs=3, out=out)
    assert str(caught.value) == (
        f"{out}: holds a result with other inputs (runs); "
        "give --force to replace it, or another --out"
    )
    assert run(small, runs=3, out=out, force=True).manifest["inputs"]["runs"] == 3
    assert names(tmp_path) == ["out"]


def test_a_failed_run_leaves_the_earlier_result_alone(tmp_path, small, monkeypatch):
    out = tmp_path / "out"
    run(small, runs=2, out=out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def fails(*_, **__):
        message = "2020-Q3: gdp is not finite for ALF; look at its inputs and bounds"
        raise RunError(message)

    monkeypatch.setattr("sim.experiments.batch.simulate", fails)
    with pytest.raises(RunError):
        run(small, runs=3, out=out, force=True)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert names(tmp_path) == ["out"]


def test_an_interrupted_run_keeps_the_variants_that_were_done(tmp_path, small):
    out = tmp_path / "out"
    with pytest.raises(Interrupted) as caught:
        run(small, runs=2, block=2, out=out, progress=stop_after(4))
    partial = tmp_path / "out.partial"
    assert str(caught.value) == (
        f"interrupted: 2 of 3 variants kept in {partial} (baseline, sale); "
        "the same command starts again"
    )
    assert caught.value.exit_code == 130
    assert names(tmp_path) == ["out.partial"]
    kept = json.loads((partial / "manifest.json").read_text())
    assert kept["complete"] is False
    whole = run(small, runs=2, block=2, out=out)
    for name in ("series", "contrasts_series", "transfers", "ties", "stability"):
        rows = whole[name][whole[name]["variant"] != "no_sale"].reset_index(drop=True)
        part = (partial / f"{name}.csv").read_text()
        assert part == rows_as_written(out / f"{name}.csv", "no_sale")
        assert len(rows) == part.count("\n") - 1


def rows_as_written(path, without):
    lines = path.read_text().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(f"{without},"))


def test_interrupted_before_any_variant_is_done_no_file_is_kept(tmp_path, small):
    with pytest.raises(Interrupted, match="no variant was finished, so no results were kept"):
        run(small, runs=2, block=2, out=tmp_path / "out", progress=stop_after(1))
    assert names(tmp_path) == []


def test_options_out_of_bounds_are_named_as_flags():
    with pytest.raises(InputError) as caught:
        Options(jobs=0, exact_to=21)
    assert str(caught.value) == (
        "--exact-to: must be 0 to 20, got 21\n--jobs: must be 1 to 10000, got 0"
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"jobs": "2"}, "--jobs: must be a whole number, got '2'"),
        ({"jobs": 1.5}, "--jobs: must be a whole number, got 1.5"),
        ({"block": 2.5}, "--block: must be a whole number, got 2.5"),
        ({"runs": "3"}, "--runs: must be a whole number, got '3'"),
        ({"nu": "much"}, "--nu: must be a number, got 'much'"),
        ({"sets": "a.b=1"}, "sets: must be a list of texts, got 'a.b=1': write ['a.b=1']"),
    ],
)
def test_arguments_of_the_wrong_type_are_named(small, wrong, said):
    with pytest.raises(InputError) as caught:
        run(small, **wrong)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (MemoryError(), "not enough memory; try a smaller --block"),
    ],
)
def test_a_full_machine_is_reported_and_no_file_is_left(
    tmp_path, small, monkeypatch, failure, said
):
    def fails(*_):
        raise failure

    monkeypatch.setattr("sim.experiments.ensemble.write_outcomes", fails)
    with pytest.raises(RunError, match=said):
        run(small, runs=1, out=tmp_path / "out")
    assert names(tmp_path) == []


ORPHAN = """
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from os import getpid
from sim.experiments.processes import follow_parent

if __name__ == "__main__":
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=follow_parent) as pool:
        print(pool.submit(getpid).result(), flush=True)
        pool.submit(time.sleep, 60).result()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as on POSIX")
def test_workers_end_with_a_parent_that_was_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(ORPHAN)
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    ) as process:
        worker = int(process.stdout.readline())
        process.kill()
    until = time.monotonic() + 20
    while alive(worker) and time.monotonic() < until:
        time.sleep(0.02)
    assert not alive(worker)


def alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")  # a zombie, not yet waited for, is dead too
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


class Bomb:
    """Kills the worker that it travels to."""

    def __reduce__(self):
        return os._exit, (1,)


def test_a_worker_that_dies_is_reported_by_variant_and_runs(small):
    scenario = load(small)
    work = BlockWork(
        models={"baseline": Bomb()},
        read=OutcomeReader(scenario.outcomes, {}, Options()),
        patterns={},
        seed=0,
        options=Options(jobs=2),
        runs=4,
    )
    tasks = [VariantRuns("baseline", 0, 2), VariantRuns("baseline", 2, 4)]
    with pytest.raises(RunError, match="variant baseline, runs 0 to 1: the worker died"):
        list(results_of(work, tasks, executor_of(2)))


@pytest.mark.usefixtures("warm")
def test_a_task_for_a_process_is_its_runs_and_no_plan(small, monkeypatch, results):
    sizes, submit = [], Pool.submit

    def measured(pool, fn, /, *args):
        sizes.append(len(ForkingPickler.dumps((fn, args))))
        return submit(pool, fn, *args)

    monkeypatch.setattr(Pool, "submit", measured)
    found = run(small, runs=RUNS, block=3, jobs=2)
    assert found["outcomes"].equals(results["outcomes"])
    assert len(sizes) == 6
    assert max(sizes) < 2000


def test_a_run_that_finishes_second_in_a_folder_replaces_no_result(tmp_path):
    small = Path(__file__).parent / "small.yaml"
    first = Ensemble(load(small, runs=4), Options())
    second = Ensemble(load(small, runs=5), Options())
    folder = tmp_path / "out"
    first.publish(folder)
    with pytest.raises(
        ResultError, match="another run has finished in this folder; this result is in "
    ):
        second.publish(folder)
    assert len(load_results(folder)["outcomes"]) == 3 * 4
    assert len(load_results(tmp_path / "out-2")["outcomes"]) == 3 * 5
    again = Ensemble(load(small, runs=5), Options())
    again.publish(folder, force=True)
    assert len(load_results(folder)["outcomes"]) == 3 * 5


def test_differences_hold_every_contrast_and_the_comparison_with_the_reference(small):
    contrasts = {
        "deal": {"of": "sale", "versus": "no_sale"},
        "talk": {"of": "baseline", "versus": "no_sale"},
        "again": {"of": "sale", "versus": "no_sale"},
    }
    results = run(small, runs=3, sets={"contrasts": contrasts, "reference": "no_sale"})
    rows = results["differences"]
    first = rows[rows["outcome"] == rows["outcome"].iloc[0]]
    assert first[["variant", "versus", "contrast"]].to_numpy().tolist() == [
        ["baseline", "no_sale", "talk"],
        ["sale", "no_sale", "deal again"],
    ]
    values = results["outcomes"].set_index(["variant", "run"])["exposure DEL>BRA at 2020-Q4"]
    apart = (values["sale"] - values["no_sale"]).mean()
    row = rows[(rows["variant"] == "sale") & (rows["outcome"] == values.name)]
    assert row["mean"].item() == pytest.approx(apart, rel=1e-9)
    assert (results.reference, list(results.manifest["contrasts"])) == ("no_sale", [*contrasts])


def test_without_contrasts_every_variant_is_held_against_the_reference(small):
    scenario = load(small)
    pairs = [each.pair for each in scenario.base.contrasts.values()]
    assert pairs == [("sale", "baseline"), ("no_sale", "baseline")]
