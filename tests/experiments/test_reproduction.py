"""A result is made anew from its manifest alone, and one changed byte is found."""

from __future__ import annotations

import json
import shutil

import pytest

from sim.experiments.ensemble import run
from sim.experiments.reproduction import reproduce
from sim.experiments.structural.structural_run import run_structural
from sim.experiments.sweeps.sweep import sweep
from sim.kernel.errors import InputError, ResultError
from sim.records import manifest as manifests
from sim.records.file_verdict import compared
from sim.records.soundness import FORMAT


@pytest.fixture(scope="module")
def result(tmp_path_factory, small):
    folder = tmp_path_factory.mktemp("reproduction") / "small"
    sets = ("states.BRA.burden=0.05", "uncertain=true")
    run(small, runs=3, seed=11, sets=sets, transfers=2, nu=0.2, out=folder)
    return folder


@pytest.fixture
def copy(tmp_path, result):
    shutil.copytree(result, tmp_path / "copy")
    return tmp_path / "copy"


def rewritten(folder, change):
    path = folder / "manifest.json"
    about = json.loads(path.read_text())
    change(about)
    path.write_text(json.dumps(about))


def test_a_run_is_reproduced_byte_for_byte_flags_included(result, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    told = []
    found = reproduce(result, say=told.append)
    assert found.holds
    assert found.promise == "bytes"
    assert {each.said for each in found.files} == {"equal, byte for byte"}
    assert {each.name for each in found.files} == {path.name for path in result.glob("*.csv")}
    assert told[0] == "byte for byte: the same versions, machine and engine (numpy)"
    assert told[1].startswith("3 variants x 3 runs = 9 runs")


def test_a_sweep_is_reproduced_with_every_run(tmp_path, small):
    over = ["states.BRA.burden=0.02..0.05", "rules.consent=utility,imitation"]
    sweep(small, over=over, points=3, runs=2, variants=["sale"], out=tmp_path / "swept")
    found = reproduce(tmp_path / "swept")
    assert found.holds
    assert [each.name for each in found.files] == [
        "columns.csv", "design.csv", "points.csv", "summary.csv", "chunks",
    ]  # fmt: skip


def test_a_structural_run_is_reproduced(tmp_path, small):
    run_structural(small, roles=["threat"], points=1, runs=2, out=tmp_path / "crossed")
    assert reproduce(tmp_path / "crossed").holds


def test_one_changed_byte_is_named(copy):
    path = copy / "ties.csv"
    lines = path.read_text().splitlines(keepends=True)
    lines[3] = lines[3].replace("baseline", "baselinf")
    path.write_text("".join(lines))
    found = reproduce(copy)
    (wrong,) = [each for each in found.files if not each.holds]
    assert wrong.name == "ties.csv"
    assert (
        wrong.said == "line 4, column variant: 'baselinf' in the result, 'baseline' when run again"
    )
    assert not found.holds


def test_other_versions_are_held_to_values(copy, monkeypatch):
    versions = manifests.versions()
    monkeypatch.setattr(manifests, "versions", lambda: {**versions, "numpy": "9.9"})
    found = reproduce(copy)
    assert (found.promise, found.reason) == ("values", "made with another numpy")
    assert found.holds


def test_values_are_compared_to_a_billionth(tmp_path):
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_text("name,mean\na,0.1234567891\nb,\n")
    other.write_text("name,mean\na,0.1234567892\nb,\n")
    assert compared(one, other, "values").said == "agrees to 1e-9"
    assert not compared(one, other, "bytes").holds
    other.write_text("name,mean\na,0.12345679\nb,\nc,1\n")
    found = compared(one, other, "values")
    assert not found.holds
    assert "line 4: no such row in the result" in found.said


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd"])
def test_a_foreign_manifest_reads_no_outside_file(copy, name):
    def change(about):
        about["scenario"]["document"]["tables"] = {"affinity": {"file": name, "source": "assumed"}}

    rewritten(copy, change)
    with pytest.raises(ResultError, match="lies outside its folder"):
        reproduce(copy, files=copy)


def test_a_table_has_to_be_the_one_of_the_result(copy):
    (copy.parent / "ties.csv").write_text("from,to,value\n")

    def change(about):
        about["scenario"]["document"]["tables"] = {"affinity": {"file": "ties.csv"}}

    rewritten(copy, change)
    with pytest.raises(InputError, match="give its folder with --files"):
        reproduce(copy)
    with pytest.raises(ResultError, match="is not the file that the result was made from"):
        reproduce(copy, files=copy.parent)


def test_an_altered_document_is_refused(copy):
    rewritten(copy, lambda about: about["scenario"]["document"].update(seed=12))
    with pytest.raises(ResultError, match="its document does not have the hash of the inputs"):
        reproduce(copy)


def test_a_result_of_format_2_needs_its_shipped_scenario(copy):
    def change(about):
        del about["scenario"]["variants"]
        about["format"] = FORMAT - 1

    rewritten(copy, change)
    with pytest.raises(ResultError, match="no shipped small has its hash"):
        reproduce(copy)


def test_what_cannot_be_reproduced_is_said(tmp_path, copy, blocsim):
    code, _, err = blocsim("reproduce", tmp_path / "none")
    assert code == 2
    assert "is not a result" in err
    (copy / "ties.csv").unlink()
    code, out, _ = blocsim("reproduce", copy, "--jobs", 1)
    assert code == 3
    assert "ties.csv" in out
    assert "is missing in the result" in out
    with pytest.raises(InputError, match="must be auto, numpy or compiled"):
        reproduce(copy, engine="fast")
