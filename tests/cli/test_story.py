"""`blocsim story`: text of 80 columns, JSON by its schema, CSV, and refusals."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from sim.experiments.ensemble import run
from sim.explain.chronicle_table import STORY
from sim.explain.json_form import story_schema
from tests.eventful import written
from tests.published_schema import assert_published

pytestmark = pytest.mark.usefixtures("replayed_once")

SCHEMA = Path(__file__).parents[2] / "docs" / "story.schema.json"


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Return the folder of a few runs of a small scenario."""
    folder = tmp_path_factory.mktemp("story")
    run(written(folder), runs=3, out=folder / "result")
    return folder / "result"


def test_a_story_fits_into_80_columns_and_says_why_and_what_moved(blocsim, result):
    code, out, _ = blocsim("story", result)
    assert code == 0
    lines = out.splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert "nearest to the medians" in " ".join(lines[:2])
    assert any(line.strip().startswith("why ") for line in lines)
    assert any(line.strip().startswith("also ") for line in lines)
    assert "events in one run" in lines[-1]
    assert blocsim("story", result, "--typical") == (code, out, "")


def test_ids_lead_from_a_story_to_a_decision_in_full(blocsim, result):
    _, out, _ = blocsim("story", result, "--run", 1, "--ids")
    name = next(line.split()[1] for line in out.splitlines() if line.split()[:1] == ["id"])
    code, out, _ = blocsim("explain", result, "--run", 1, "--decision", name)
    assert code == 0
    assert out.startswith(name)


def test_the_json_keeps_to_the_schema_that_the_docs_have(blocsim, result, tmp_path):
    file = tmp_path / "story.json"
    code, out, err = blocsim("story", result, "--run", 1, "--out", file)
    assert (code, out) == (0, "")
    assert f"entries: {file}" in err
    told = json.loads(file.read_text("utf-8"))
    assert_published(SCHEMA, story_schema())
    jsonschema.validate(told, json.loads(SCHEMA.read_text("utf-8")))
    assert told["run"] == 1


def test_the_csv_has_a_row_an_entry_a_reason_and_a_movement(blocsim, result, tmp_path):
    file, other = tmp_path / "story.csv", tmp_path / "story.json"
    blocsim("story", result, "--run", 1, "--out", file)
    blocsim("story", result, "--run", 1, "--out", other)
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == STORY.names()
    told = json.loads(other.read_text("utf-8"))["entries"]
    count = {
        what: sum(row["what"] == what for row in rows) for what in ("entry", "reason", "movement")
    }
    assert count == {
        "entry": len(told),
        "reason": sum(len(each["reasons"]) for each in told),
        "movement": sum(len(each["moved"]) for each in told),
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--run", 0, "--typical"), "give only one of --run, --typical and --extreme"),
        (("--run", 7), "has the runs 0 to 2, got 7"),
        (("--variant", "sael"), 'no variant "sael"'),
        (("--about", "GAMM"), 'no state or bloc "GAMM"'),
        (("--extreme", "nothing"), 'no outcome "nothing"; summary.csv lists them, such as "'),
        (("--out", "story.pdf"), "must end in .json or .csv"),
    ],
)
def test_what_makes_no_sense_is_refused(blocsim, result, options, message):
    code, out, err = blocsim("story", result, *options)
    assert (code, out) == (2, "")
    assert message in err


def test_a_result_that_was_changed_has_no_story(blocsim, result, tmp_path):
    copy = shutil.copytree(result, tmp_path / "copy")
    table = copy / "outcomes.csv"
    table.write_text(table.read_text("utf-8").replace("baseline,1,0.", "baseline,1,1."), "utf-8")
    code, out, err = blocsim("story", copy, "--run", 1)
    assert (code, out) == (2, "")
    assert "outcomes.csv" in err
    code, _, err = blocsim("story", tmp_path)
    assert code == 2
    assert "is not a result" in err
