"""`blocsim plot`: figures by kind of result, and messages if there are none."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from sim.experiments.ensemble import run

SMALL = Path(__file__).parents[1] / "experiments" / "small.yaml"
WHAT = ("--what", "cohesion")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return the folder of a small run without figures."""
    folder = tmp_path_factory.mktemp("results") / "small"
    run(SMALL, runs=2, out=folder)
    return folder


@pytest.fixture
def result(finished, tmp_path):
    """Return a copy of that folder."""
    return Path(shutil.copytree(finished, tmp_path / "result"))


def test_a_figure_is_drawn_by_its_name(blocsim, result):
    code, _, err = blocsim("plot", result, *WHAT)
    assert code == 0
    assert err.splitlines() == [str(result / "figures" / "cohesion_NORTH.svg")]
    _, _, err = blocsim("plot", result, *WHAT, "--format", "png")
    assert err.splitlines() == [str(result / "figures" / "cohesion_NORTH.png")]


def test_a_figure_of_another_kind_of_result_is_refused_with_those_that_there_are(blocsim, result):
    code, _, err = blocsim("plot", result, "--what", "skill")
    assert code == 2
    first, last = err.splitlines()
    assert first.startswith("no figure skill: a run has only cohesion, ")
    assert last.startswith(f"{result}: nothing was drawn; the figures of a run are cohesion, ")


@pytest.mark.parametrize(
    ("sign", "said"),
    [
        ("sweep.json", "holds an unfinished sweep; the same `blocsim sweep` continues it"),
        ("inputs.json", "holds an unfinished calibration; the same `blocsim calibrate` with --res"),
        ("ledger.json", "holds an unfinished calibration of another version; `blocsim calibrate`"),
    ],
)
def test_a_result_that_is_not_finished_is_named_in_one_line(blocsim, tmp_path, sign, said):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / sign).write_text("{}")
    code, _, err = blocsim("plot", tmp_path / "other")
    assert code == 2
    assert err.startswith(f"{tmp_path / 'other'}: {said}")
    assert err.count("\n") == 1


@pytest.mark.parametrize("sign", ["indices", "boxes", "differences", "audit_numbers"])
def test_a_table_that_is_none_of_ours_is_named_in_one_line(blocsim, tmp_path, sign):
    (tmp_path / "other").mkdir()
    path = tmp_path / "other" / f"{sign}.csv"
    path.write_text("{}")
    for name in ("attribution", "trajectory"):
        if sign in ("differences", "boxes"):
            (tmp_path / "other" / f"{name}.csv").write_text("outcome,input,share,low,high\n")
    code, _, err = blocsim("plot", tmp_path / "other")
    assert code == 2
    assert err.startswith(f"{path}: no column")


def test_tables_that_were_altered_are_not_drawn(blocsim, result):
    path = result / "series.csv"
    path.write_text(path.read_text().replace("cohesion,NORTH,0", "cohesion,NORTH,1"))
    code, _, err = blocsim("plot", result)
    assert code == 2
    assert err == (
        f"{path}: has changed since it was written (manifest.json has another sha256); "
        "changed tables are not drawn\n"
    )


@pytest.mark.parametrize("name", ["outcomes", "members", "states", "summary", "columns"])
def test_a_result_without_a_table_of_its_manifest_is_not_drawn(blocsim, result, name):
    path = result / f"{name}.csv"
    path.unlink()
    code, out, err = blocsim("plot", result, *WHAT)
    assert (code, out) == (2, "")
    assert err == f"{path}: is missing, though the manifest names it; the result is damaged\n"
    assert not (result / "figures").exists()


def test_a_scenario_without_patterns_is_the_reason_that_none_are_drawn(blocsim, result):
    assert not (result / "patterns.csv").exists()
    code, _, err = blocsim("plot", result, *WHAT, "--what", "patterns")
    assert code == 0
    assert err.startswith("no figure patterns: the scenario names no patterns\n")


def test_figures_are_never_drawn_through_a_link(blocsim, result, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (result / "figures").symlink_to(tmp_path / "elsewhere")
    code, _, err = blocsim("plot", result, *WHAT)
    assert code == 2
    assert f"{result / 'figures'}: is a link" in err
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_tables_that_are_links_and_names_of_other_folders_are_refused(blocsim, result, tmp_path):
    shutil.move(result / "series.csv", tmp_path / "series.csv")
    (result / "series.csv").symlink_to(tmp_path / "series.csv")
    assert "series.csv: is a link" in blocsim("plot", result, *WHAT)[2]
    path = result / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"]["../x"] = manifest["files"].pop("series.csv")
    path.write_text(json.dumps(manifest))
    code, _, err = blocsim("plot", result, *WHAT)
    assert (code, err) == (
        2,
        f"{path}: '../x' in files is not the name of a table; the result is damaged\n",
    )


def test_a_metric_is_drawn_by_its_name_and_subject(blocsim, result):
    code, _, err = blocsim("plot", result, "cohesion NORTH", "--format", "svg", "--format", "pdf")
    assert code == 0
    paths = [result / "figures" / f"cohesion_NORTH.{form}" for form in ("svg", "pdf")]
    assert err.splitlines() == [str(path) for path in paths]
    assert "<text" in paths[0].read_text("utf-8")
    code, _, err = blocsim("plot", result, "cohesion SOUTH")
    assert (code, err.count("\n")) == (2, 1)


def test_a_table_without_a_result_is_drawn(blocsim, result, tmp_path):
    alone = Path(shutil.copy(result / "series.csv", tmp_path / "mine.csv"))
    code, _, err = blocsim("plot", "--csv", alone, "cohesion NORTH", "--out", tmp_path / "drawn")
    assert code == 0
    assert err.splitlines() == [str(tmp_path / "drawn" / "cohesion_NORTH.svg")]
    code, _, err = blocsim("plot", "--csv", alone)
    assert code == 2
    assert "or name a metric and subject (--what list)" in err
    code, out, _ = blocsim("plot", "--csv", alone, "--what", "list")
    assert code == 0
    assert re.search(r"^cohesion, [\w,\s]+: NORTH", out, re.MULTILINE)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    code, _, err = blocsim("plot", "--csv", tmp_path / "other.csv")
    assert code == 2
    assert "other.csv: does not have the columns of a table of blocsim" in err


def test_what_can_be_drawn_is_listed(blocsim, result):
    code, out, _ = blocsim("plot", result, "--what", "list")
    assert code == 0
    assert "cohesion: cohesion of each bloc" in out
    assert '"METRIC SUBJECT"' in out
    assert blocsim("plot", result, "list")[1] == out


def test_a_figure_is_drawn_by_the_name_of_its_file(blocsim, result):
    code, _, err = blocsim("plot", result, "--what", "cohesion_NORTH")
    assert code == 0
    assert err.splitlines() == [str(result / "figures" / "cohesion_NORTH.svg")]
    code, _, err = blocsim("plot", result, "--what", "cohesion_SOUTH")
    assert (code, 'no figure "cohesion_SOUTH"' in err) == (2, True)


def test_plot_without_a_result_says_what_to_name(blocsim):
    code, _, err = blocsim("plot")
    assert code == 2
    assert "name the folder of a result, or a table by --csv" in err
