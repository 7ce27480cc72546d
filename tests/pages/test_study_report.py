"""The report of every kind of study: its numbers are those of its tables, and it is one file."""

from __future__ import annotations

import json
from functools import cache

import pandas as pd
import pytest

from sim.experiments.comparison import compare, write_comparison
from sim.experiments.sweeps.sweep import sweep
from sim.kernel.errors import ResultError
from sim.pages.report import report_text
from sim.pages.setting_answers import largest_effects
from sim.pages.study_answers import ANSWERS
from sim.pages.study_commands import commands_of
from sim.pages.study_folder import StudyFolder
from sim.records.kinds import BACKTEST, CALIBRATION, DISCOVERY, KINDS, RUN, SWEEP
from sim.records.soundness import FORMAT
from sim.records.store import hashes
from sim.seeing import study_sentences
from tests.experiments.conftest import SMALL
from tests.pages.parsed import files_of, numbers_in, parsed
from tests.plots import test_kinds as made

EVIL = "<img src=x onerror=alert(3)>"


def swept(folder):
    sweep(SMALL, over=("states.BRA.burden=0.03..0.05",), points=3, runs=2, out=folder)


def compared(folder):
    folder.mkdir()
    found = compare(f"{SMALL}:no_sale", f"{SMALL}:sale", runs=4, attribute=True)
    write_comparison(folder, found)


def calibrated(folder):
    folder.mkdir()
    about = {
        "format": FORMAT,
        "inputs": {
            "scenario": EVIL, "parameters": ["a"], "patterns": ["P1.x"], "vantage": "2017-Q3",
            "points": 9, "replicates": 1,
        },
        "cost": {"runs": 10, "seconds_of_simulation": 1.0}, "unidentified": [], "rows": 3,
        "recovery": {"coverage": 0.9, "intervals": 20},
        "files": {},
    }  # fmt: skip
    (folder / "calibration.json").write_text(json.dumps(about))
    ends = {"q05": 0.1, "q50": 0.25, "q95": 0.9, "defined": 1.0, "inside": 0.5}
    both = {f"{side}_{n}": v for side in ("prior", "posterior") for n, v in ends.items()}
    fit = {"check": f"P1.{EVIL}", "window": "2017", "low": 0.2, "high": 0.3, "historical": 0.25}
    number = {"path": "laws.a", "unit": "", "identified": "yes", **both, "sd_ratio": 0.5}
    made.written(
        folder,
        fit=[{**fit, **both}],
        identified=[{**number, "kl_nats": 1.0, "explained": 0.5}],
        recovery=[{"path": "laws.a", "repeats": 9, "held": 8, "coverage": 0.9}],
        posterior=[{"weight": 1.0}],
    )


def backtested(folder):
    folder.mkdir()
    inputs = {"scenario": "made", "origins": [2012, 2014], "horizon": 5}
    about = {"format": FORMAT, "inputs": inputs}
    about["left_out"] = {"transfers": {"text": EVIL}}
    row = {"target": "transfer", "score": "brier", "cases": 9, "observed_mean": 0.1}
    names = ("model", "gravity_recalibrated", "pool")
    scores = [
        {**row, "forecaster": name, "value": 0.1 + at / 10, "skill_of_model": 0.3, "low": 0.1,
         "high": 0.5}
        for at, name in enumerate(names)
    ]  # fmt: skip
    scores[0].update(skill_of_model=None, low=None, high=None)
    made.written(folder, backtest=scores)
    (folder / "backtest.json").write_text(json.dumps({**about, "files": hashes(folder)}))


def of(maker):
    def write(folder):
        folder.mkdir()
        maker(folder)

    return write


MADE = {
    "sweep": swept, "comparison": compared, "calibration": calibrated, "backtest": backtested,
    "discovery": of(made.discovery), "audit": of(made.audit),
}  # fmt: skip


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """Return a function that gives the folder of a kind and the tree of its report, made once."""

    @cache
    def of_kind(kind):
        folder = tmp_path_factory.mktemp(kind) / "made"
        MADE[kind](folder)
        page = report_text(folder)
        assert len(page.encode()) < 1_500_000
        return folder, parsed(page)

    return of_kind


@pytest.mark.parametrize("kind", MADE)
def test_a_study_is_reported_with_the_numbers_of_its_tables(kind, reported):
    folder, tree = reported(kind)
    assert tree.all("h1")[0].words
    assert tree.all("figure") or kind == "backtest"  # without forecasts
    for table in tree.all("table"):
        files = files_of(table)
        shown = {each.attributes["value"] for each in table.all("data")}
        assert not shown or (files and shown <= numbers_in(folder, files)), files
    assert not [n for e in tree.walk() for n in e.attributes if n.startswith("on") or n == "src"]


def test_what_a_comparison_says_of_an_outcome_is_what_its_row_says(reported):
    folder, tree = reported("comparison")
    rows = pd.read_csv(folder / "differences.csv")
    findings = [e for e in tree.all("li") if e.attributes.get("class", "").startswith("finding ")]
    marks = [each.attributes["class"].split()[1] for each in findings]
    assert len(findings) == len(rows)
    assert marks.count("up") == rows["verdict"].str.startswith("larger").sum() > 0
    assert marks.count("down") == rows["verdict"].str.startswith("smaller").sum()
    assert marks.count("none") == (rows["verdict"] == "none").sum()
    (inputs,) = [each for each in tree.all("table") if each.words.startswith("Inputs that differ")]
    assert len(inputs.all("tbody")[0].all("tr")) == 2


def test_a_study_says_what_the_terminal_says(reported):
    said = study_sentences
    folder, tree = reported("sweep")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    still = said.still_sentences(manifest, pd.read_csv(folder / "summary.csv"))
    for sentence in (*said.sweep_sentences(manifest), *still):
        assert sentence in tree.words
    folder, tree = reported("calibration")
    manifest = json.loads((folder / "calibration.json").read_text("utf-8"))
    numbers = pd.read_csv(folder / "identified.csv")
    for sentence in (said.fit_scope(manifest), *said.fit_sentences(manifest, numbers)):
        assert sentence in tree.words
    _, tree = reported("backtest")
    assert said.skill_sentence({"brier": True}) in tree.words
    assert said.backtest_scope({"origins": [2012, 2014], "horizon": 5}) in tree.words


def test_a_study_that_is_not_reproduced_has_the_command_that_made_it():
    inputs = {"scenario": "albania_1961", "seed": 3, "points": 100, "patterns": ["P1.a", "P1.b"]}
    made_again = {
        CALIBRATION: "blocsim calibrate albania_1961 --points 100 --seed 3 --patterns P1",
        BACKTEST: "blocsim backtest albania_1961 --origins 2012..2014 --horizon 5 --seed 3 --free",
        DISCOVERY: "blocsim discover 'a sweep' --outcome 'exits CSTO > 0.5' --variant sale "
        "--threshold 0.8 --box 2 --by run",
    }
    more = {
        CALIBRATION: inputs,
        BACKTEST: {"scenario": "albania_1961", "seed": 3, "origins": [2012, 2013, 2014],
                   "horizon": 5, "free running": True},
        DISCOVERY: {"results": "a sweep", "outcome": "exits CSTO", "sign": ">", "number": 0.5,
                    "variant": "sale", "versus": None, "threshold": 0.8, "boxes": 2, "by": "run"},
    }  # fmt: skip
    about = {"name": "albania_1961", "title": "", "question": ""}
    for kind, said in made_again.items():
        (found, _) = commands_of(kind, "x", {"inputs": more[kind], "scenario": about})[0]
        assert found == said
    assert commands_of(DISCOVERY, "x", {}) == []  # of an earlier version


def test_every_kind_but_a_run_has_its_answer():
    assert {each.name for each in KINDS} - {RUN.name} == {*ANSWERS}


def test_a_study_whose_manifest_lacks_something_is_said_to_be_damaged(tmp_path):
    backtested(tmp_path / "made")
    file = tmp_path / "made" / "backtest.json"
    file.write_text(file.read_text("utf-8").replace("origins", "others"), "utf-8")
    with pytest.raises(ResultError, match="'origins' is missing; the result is damaged"):
        report_text(tmp_path / "made")


def test_a_sweep_lists_only_effects_that_reach_the_smallest_of_interest(tmp_path):
    folder = made.sweep(tmp_path)
    points = pd.read_csv(folder / "points.csv")
    big, small, _ = made.NAMES
    points[small] = 0.5 + 1e-6 * points[small]
    made.written(folder, points=points)
    study = StudyFolder(folder, json.loads((folder / "manifest.json").read_text()), SWEEP)
    parts = [each.parts for each in largest_effects(study)]
    assert len(parts) == 2  # variants
    for table, note in parts:
        assert [row[0].key or row[0].text for row in table.rows] == [big]
        assert note.text.startswith("No difference to speak of between the lowest and the highest")
        assert "(under " in note.text
