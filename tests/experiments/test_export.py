"""Results for other tools: a workbook, Parquet, the long form; without formulas."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from sim.experiments.ensemble import run
from sim.experiments.export import export
from sim.experiments.sweeps.sweep import sweep
from sim.kernel.errors import InputError, ResultError
from sim.records.results import load_results
from sim.records.soundness import digest

EVIL = '=HYPERLINK("http://x","y")'


@pytest.fixture(scope="module")
def result(tmp_path_factory, small):
    folder = tmp_path_factory.mktemp("export") / "small"
    outcomes = ["cohesion NORTH", "affinity BRA>ALF at 2020-Q1"]
    sets = {"time.end": "2020-Q2", "outcomes": outcomes, "expect": None}
    run(small, runs=3, transfers=2, sets=sets, out=folder)
    return folder


@pytest.fixture
def strange(tmp_path, result):
    """Return a result in which the name of a pattern is a formula."""
    folder = tmp_path / "strange"
    shutil.copytree(result, folder)
    ties = folder / "summary.csv"
    rows = list(csv.reader(ties.read_text().splitlines()))
    rows[1][-1] = EVIL
    rows[2][-1] = "-1+1\x1b[2J"
    with ties.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["summary.csv"] = {"bytes": ties.stat().st_size, "sha256": digest(ties)}
    manifest["scenario"]["title"] = EVIL
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_the_long_form_has_a_row_for_every_number(tmp_path, result):
    path = export(result, form="long", out=tmp_path / "long.csv")
    long, wide = pd.read_csv(path), load_results(result)["outcomes"]
    names = load_results(result).manifest["outcomes"]
    assert len(long) == len(wide) * len(names)
    assert list(long) == ["variant", "run", "id", "metric", "subject", "system", "window", "value"]
    assert long["id"].nunique() == len(names)
    assert long["id"].str.fullmatch(r"\w+").all()
    first = long[long["id"] == long["id"].iloc[0]]
    assert first["value"].tolist() == wide[names[0]].tolist()


def test_the_long_form_of_a_sweep_has_its_points(tmp_path, small):
    over, out = ["states.BRA.burden=0.02,0.05"], tmp_path / "swept"
    swept = sweep(small, over=over, design="grid", runs=2, variants=["sale"], out=out)
    long = pd.read_csv(export(out, form="long"))
    assert long.groupby(["point", "run"]).size().tolist() == [len(swept.outcomes)] * 4
    name = swept.outcomes[0]
    points = pd.read_csv(out / "points.csv")
    assert points["states.BRA.burden"].tolist() == [0.02, 0.05]
    mine = long[long["id"] == long["id"].iloc[0]].groupby("point")["value"].mean()
    assert mine.tolist() == pytest.approx(points[name].tolist(), rel=1e-9)


def test_parquet_holds_the_tables_with_days_as_dates(tmp_path, result):
    folder = export(result, form="parquet", out=tmp_path / "made")
    for path in folder.iterdir():
        assert len(pd.read_parquet(path)) == len(load_results(result)[path.stem])
    days = pd.to_datetime(pd.read_parquet(folder / "series.parquet")["start"])
    assert days.min() == datetime(2020, 1, 1)  # noqa: DTZ001 - a day has no zone


def test_a_workbook_reads_back_with_numbers_texts_and_days(tmp_path, result):
    book = openpyxl.load_workbook(export(result, out=tmp_path / "r.xlsx"), read_only=True)
    head, first, *_ = book["series"].values
    about = dict(zip(head, first, strict=True))
    assert about["date"] == "2020-Q1"
    assert about["start"] == datetime(2020, 1, 1)  # noqa: DTZ001 - a day has no zone
    assert about["mean"] == load_results(result)["series"]["mean"].iloc[0]
    assert ("scenario", "small") in list(book["about"].values)


def test_a_formula_of_a_stranger_stays_a_text(tmp_path, strange):
    book = openpyxl.load_workbook(export(strange, out=tmp_path / "r.xlsx"))
    cells = {cell.value: cell.data_type for row in book["summary"].iter_rows() for cell in row}
    assert cells[EVIL] == "s"
    assert cells["-1+1\\x1b[2J"] == "s"
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_text_of_the_long_form_never_begins_as_a_formula(tmp_path, result):
    folder = tmp_path / "r"
    shutil.copytree(result, folder)
    path = folder / "outcomes.csv"
    path.write_text(path.read_text().replace("baseline,", "=1+1,"))
    about = json.loads((folder / "manifest.json").read_text())
    about["files"]["outcomes.csv"] = {"bytes": path.stat().st_size, "sha256": digest(path)}
    (folder / "manifest.json").write_text(json.dumps(about))
    lines = export(folder, form="long").read_text().splitlines()
    assert any(line.startswith("'=1+1,") for line in lines)
    assert not any(line.startswith("=") for line in lines)


def test_what_is_there_is_replaced_with_force_alone(tmp_path, result):
    path = export(result, form="long", out=tmp_path / "long.csv")
    with pytest.raises(ResultError, match="give --force to replace it"):
        export(result, form="long", out=path)
    assert export(result, form="long", out=path, force=True) == path
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(ResultError, match="is not an earlier export"):
        export(result, form="parquet", out=tmp_path / "mine", force=True)


def test_no_part_of_a_result_is_written_over(tmp_path, result):
    shutil.copytree(result, tmp_path / "copy")
    for name in ("outcomes.csv", "manifest.json", "figures"):
        place = tmp_path / "copy" / name
        with pytest.raises(ResultError, match="is part of a result; give another --out"):
            export(result, form="long", out=place, force=True)
    before, after = ({p.name: digest(p) for p in f.iterdir()} for f in (result, tmp_path / "copy"))
    assert after == before


def test_a_damaged_result_is_not_exported(tmp_path, result):
    folder = tmp_path / "r"
    shutil.copytree(result, folder)
    (folder / "series.csv").write_text("variant\n")
    with pytest.raises(ResultError, match=r"series\.csv: does not have the size"):
        export(folder, form="long")
    (folder / "series.csv").unlink()
    (folder / "series.csv").symlink_to(result / "series.csv")
    with pytest.raises(ResultError, match=r"series\.csv: is a link"):
        export(folder, form="long")
    with pytest.raises(InputError, match="must be xlsx, parquet, long or csv, got 'docx'"):
        export(result, form="docx")
