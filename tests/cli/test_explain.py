"""`blocsim explain`: a list of decisions, one in full, files, and refusals."""

from __future__ import annotations

import csv
import json
import shutil

import pytest

from sim.experiments.ensemble import run
from sim.explain.json_form import explanation_schema
from sim.records.soundness import digest
from tests.shipped import of_runs

pytestmark = pytest.mark.usefixtures("replayed_once")


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Return the folder of a few runs of a small shipped scenario."""
    folder = tmp_path_factory.mktemp("explained") / "result"
    run(of_runs("belarus_armenia_2007", 3), out=folder)
    return folder


@pytest.fixture
def changed(result, tmp_path):
    """Return a copy of the result that may be changed."""
    return shutil.copytree(result, tmp_path / "copy")


def signed(folder, name):
    """Write the hash of a changed table into the manifest, as another version would have."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    path = folder / name
    manifest["files"][name] = {"bytes": path.stat().st_size, "sha256": digest(path)}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def test_decisions_are_listed_a_line_each_within_80_columns(blocsim, result):
    code, out, _ = blocsim("explain", result, "--run", 1)
    assert code == 0
    lines = out.splitlines()
    assert len(lines) <= 45
    assert all(len(line) <= 80 for line in lines)
    assert any(line.startswith("request:") and " of 100" in line for line in lines)
    code, out, _ = blocsim("explain", result, "--run", 1, "--all")
    assert code == 0
    assert any(line.startswith("exit:") for line in out.splitlines())


def test_without_a_run_that_of_the_story_is_explained(blocsim, result):
    _, story, _ = blocsim("story", result)
    code, out, _ = blocsim("explain", result)
    assert code == 0
    assert out.partition(":")[0] == story.partition(":")[0]


def test_one_decision_is_explained_in_full_with_its_sources(blocsim, result):
    _, out, _ = blocsim("explain", result, "--run", 1)
    name = next(line.split()[0] for line in out.splitlines() if line.startswith("consent:"))
    code, out, _ = blocsim("explain", result, "--run", 1, "--decision", name)
    assert code == 0
    assert out.startswith(name)
    for text in ("These reasons lead to yes in", "Chance drew", "laws.consent.base", "  total"):
        assert text in out
    assert "would have altered it" in out
    assert all(len(line) <= 80 for line in out.splitlines())


def test_accounts_go_to_json_and_csv(blocsim, result, tmp_path):
    jsonschema = pytest.importorskip("jsonschema")
    _, out, _ = blocsim("explain", result, "--run", 2)
    lines = [line for line in out.splitlines() if line.startswith("consent:")]
    first = f"consent:{lines[0].split()[0].split(':')[-1]}"  # those of one date
    for name in ("why.json", "why.csv"):
        code, out, err = blocsim(
            "explain", result, "--run", 2, "--decision", first, "--out", tmp_path / name
        )
        assert (code, out) == (0, "")
        assert "why" in err
    told = json.loads((tmp_path / "why.json").read_text("utf-8"))
    jsonschema.validate(told, explanation_schema())
    assert (told["format"], told["run"], told["scenario"]) == (1, 2, "belarus_armenia_2007")
    with (tmp_path / "why.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["decision"] for row in rows} == {each["id"] for each in told["decisions"]}
    terms = {r["term"] for r in rows if r["what"] == "reason"}
    assert {"base", "margin", "affinity"} <= terms


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--run", 3), "--run: "),
        (("--run", -1), "has the runs 0 to 2"),
        (("--run", 0, "--variant", "salt"), 'has no variant "salt"'),
        (("--run", 0, "--sale", "BLR"), "write SUPPLIER:RECIPIENT:SYSTEM"),
        (("--run", 0, "--decision", "request", "--out", "w.svg"), "a figure shows one decision"),
        (("--run", 0, "--out", "why.txt"), "must end in .json, .csv"),
    ],
)
def test_unknown_names_are_refused_with_the_known_ones(blocsim, result, arguments, message):
    code, out, err = blocsim("explain", result, *arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_results_that_are_not_what_was_run_are_refused_by_file_and_version(blocsim, changed):
    table = changed / "outcomes.csv"
    lines = table.read_text("utf-8").splitlines()
    names, first = lines[0].split(","), lines[1].split(",")
    at = next(n for n, cell in enumerate(first) if n > 2 and cell not in ("", "0", "1"))
    first[at] = repr(float(first[at]) * 1.001)
    table.write_text("\n".join([lines[0], ",".join(first), *lines[2:]]) + "\n", "utf-8")
    code, _, err = blocsim("explain", changed, "--run", 0)
    assert code != 0
    assert "outcomes.csv: does not have the size" in err
    signed(changed, "outcomes.csv")
    code, _, err = blocsim("explain", changed, "--run", first[names.index("run")])
    assert code != 0
    for text in ("outcomes.csv", "run 0", "made by blocsim", "run the scenario again"):
        assert text in err


def test_a_request_that_was_stored_otherwise_is_refused(blocsim, changed):
    table = changed / "transfers.csv"
    text = table.read_text("utf-8")
    assert ",asked," in text
    table.write_text(text.replace(",asked,", ",ordered,", 1), "utf-8")
    signed(changed, "transfers.csv")
    run_ = text.split(",asked,", 1)[0].rpartition(",")[2]
    variant = text.split(",asked,", 1)[0].rpartition("\n")[2].split(",")[0]
    code, _, err = blocsim("explain", changed, "--run", run_, "--variant", variant)
    assert code != 0
    assert "transfers.csv: in run" in err
    assert "has origin ordered, but asked in the replay" in err


def test_a_foreign_manifest_reads_no_outside_file_and_its_fault_is_named(
    blocsim, changed, tmp_path
):
    manifest = changed / "manifest.json"
    whole = json.loads(manifest.read_text("utf-8"))

    def told(**parts):
        manifest.write_text(json.dumps(whole | parts), "utf-8")
        return blocsim("explain", changed, "--run", 0)

    for name in ("../../etc/passwd", "\x1b[31mred"):  # no path is read, the document is
        code, out, err = told(inputs={**whole["inputs"], "scenario": name})
        assert (code, err) == (0, "")
        assert out.startswith("belarus_armenia_2007, ")
    altered = {**whole["scenario"], "document": {**whole["scenario"]["document"], "seed": 9}}
    code, _, err = told(scenario=altered)
    assert code != 0
    assert "its document does not have the hash of the inputs: it was changed" in err
    outside = {"states": {"ARM": "a text"}}
    altered = {**whole["scenario"], "document": {**whole["scenario"]["document"], **outside}}
    code, _, err = told(scenario=altered)
    assert code != 0
    assert "\nthe scenario in the manifest: states.ARM: must be a mapping" in err
    outside = {"question": "half a character: \ud800"}
    altered = {**whole["scenario"], "document": {**whole["scenario"]["document"], **outside}}
    code, _, err = told(scenario=altered)
    assert code == 2
    assert err.startswith("the scenario in the manifest: not readable as YAML: ")
    bare = {key: each for key, each in whole["inputs"].items() if key != "options"}
    assert told(inputs={**bare, "versions": {}})[0] == 0
    outside = {"tables": {"affinities": {"file": "../../secret.csv"}}}
    altered = {**whole["scenario"], "document": {**whole["scenario"]["document"], **outside}}
    code, _, err = told(scenario=altered)
    assert code != 0
    assert "Traceback" not in err
    manifest.unlink()
    (tmp_path / "manifest.json").write_text(json.dumps(whole), "utf-8")
    manifest.symlink_to(tmp_path / "manifest.json")
    code, _, err = blocsim("explain", changed, "--run", 0)
    assert code != 0
    assert "is a link" in err


@pytest.mark.parametrize(
    "command", [("explain", "--run", 0), ("story", "--run", 0)], ids=["explain", "story"]
)
def test_no_part_of_a_result_is_written_over(blocsim, changed, command):
    name, *arguments = command
    for part in ("manifest.json", "why.csv"):
        before = (changed / part).read_bytes()
        code, _, err = blocsim(name, changed, *arguments, "--out", changed / part)
        assert (code, "is part of a result; give another --out" in err) == (2, True)
        assert (changed / part).read_bytes() == before


@pytest.mark.parametrize(
    ("command", "file"),
    [
        (("explain", "--run", 0, "--decision", "consent"), "told.csv"),
        (("story", "--run", 0), "told.json"),
    ],
    ids=["explain", "story"],
)
def test_where_there_is_no_room_an_earlier_file_stays(
    blocsim, result, tmp_path, monkeypatch, command, file
):
    def full(number):
        del number
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.experiments.chunk_store.os.fsync", full)
    name, *arguments = command
    place = tmp_path / file
    place.write_text("earlier", "utf-8")
    code, _, err = blocsim(name, result, *arguments, "--out", place)
    assert code == 3
    assert "No space left on device; nothing was kept" in err
    assert place.read_text("utf-8") == "earlier"
    assert [*tmp_path.iterdir()] == [place]


def test_a_result_of_the_format_before_is_explained_if_its_scenario_is_still_the_same(
    blocsim, changed
):
    manifest = changed / "manifest.json"
    whole = json.loads(manifest.read_text("utf-8"))
    older = {**whole["scenario"], "document": {**whole["scenario"]["document"], "title": "Older"}}
    del older["variants"]
    known = {"format": 2, "scenario": older, "inputs": {**whole["inputs"], "hash": "0"}}
    manifest.write_text(json.dumps(whole | known | {"in force": {"a": 1}}), "utf-8")
    code, out, _ = blocsim("explain", changed, "--run", 0)
    assert code == 0
    assert "request:" in out
    del older["document"]["offers"]
    manifest.write_text(json.dumps(whole | known | {"in force": {"a": 1}}), "utf-8")
    code, _, err = blocsim("explain", changed, "--run", 0)
    assert code != 0
    assert "run it again" in err
