from __future__ import annotations

import pytest

from sim.kernel.errors import ResultError
from sim.records.results import load_results
from sim.records.soundness import replaceable, stored
from sim.records.store import check_place, draft, hashes, place_of, settle, write_manifest
from sim.records.tables import SERIES

INPUTS = {"scenario": "x", "seed": 1, "runs": 1, "versions": {"blocsim": "0.1.0"}}
MANIFEST = {
    "inputs": INPUTS,
    "complete": True,
    "scenario": {"name": "x", "title": "X", "question": "Why?", "files": {}, "document": {}},
    "variants": ["b"],
    "outcomes": [],
}
ROW = "b,2018-Q1,cohesion,NA,1,,1,1,1,1,1"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def result(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "series.csv").write_text(SERIES.text([ROW]))
    write_manifest(folder, {**MANIFEST, "files": hashes(folder)})
    return folder


def refused(*arguments, **options):
    with pytest.raises(ResultError) as caught:
        check_place(*arguments, **options)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_a_free_place_may_be_written(tmp_path):
    assert not check_place(tmp_path / "new", INPUTS, force=False)
    (tmp_path / "empty").mkdir()
    assert not check_place(tmp_path / "empty", INPUTS, force=False)


def test_equal_inputs_are_recognised(result):
    assert check_place(result, INPUTS, force=False)
    assert not check_place(result, INPUTS, force=True)


def test_unequal_inputs_are_named(result):
    assert refused(result, {**INPUTS, "seed": 2}, force=False) == (
        f"{result}: holds a result of other inputs (seed); "
        "give --force to replace it, or another --out"
    )


def test_a_folder_of_something_else_is_never_replaced(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    said = refused(tmp_path / "mine", INPUTS, force=False)
    assert said == f"{tmp_path / 'mine'}: is there already and holds no result; give another --out"
    said = refused(tmp_path / "mine", INPUTS, force=True)
    assert "--force does not replace it" in said


@pytest.mark.parametrize("content", ["{}", "[]", '{"inputs": {}, "files": {}}', "{" * 9999])
def test_a_manifest_of_another_program_does_not_make_a_folder_ours(tmp_path, content):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "manifest.json").write_text(content)
    assert "--force does not replace it" in refused(tmp_path / "mine", INPUTS, force=True)


def test_a_result_with_something_of_the_user_in_it_is_not_replaced(result):
    (result / "figures").mkdir()
    assert replaceable(result)
    (result / "notes.txt").write_text("mine")
    assert "or more than that" in refused(result, INPUTS, force=True)
    assert names(result) == ["figures", "manifest.json", "notes.txt", "series.csv"]


def test_a_damaged_result_is_not_taken_for_finished(result):
    table = result / "series.csv"
    written = table.read_text()
    table.write_text(written.replace("NA", "NB"))
    assert refused(result, INPUTS, force=False) == (
        f"{table}: is not what was written (manifest.json gives another sha256); "
        "give --force to run it anew, or another --out"
    )
    table.write_text(written[:-3])
    assert f"{table}: is not of the size" in refused(result, INPUTS, force=False)
    table.unlink()
    assert f"{table}: is missing" in refused(result, INPUTS, force=False)
    assert not check_place(result, INPUTS, force=True)


def test_an_unfinished_result_is_not_taken_for_finished(result):
    write_manifest(result, {"inputs": INPUTS, "complete": False, "files": hashes(result)})
    assert "not finished" in refused(result, INPUTS, force=False)


def test_a_link_to_a_folder_stays_a_link(tmp_path, result):
    link = tmp_path / "link"
    link.symlink_to(result)
    assert place_of(link) == result.resolve()
    assert place_of(tmp_path / "new") == tmp_path / "new"
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    link.unlink()


def test_a_name_that_no_folder_can_have_is_told(tmp_path):
    with pytest.raises(ResultError, match="give another --out"):
        check_place(place_of(tmp_path / ("a" * 300)), INPUTS, force=False)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[" * 100_000, "cannot be read as a manifest"),
        ('{"inputs": 1}', "inputs is not a mapping"),
        ('{"inputs": {"scenario": "x"}}', "no 'variants'"),
        ('{"inputs": {}, "variants": []}', "no 'outcomes'"),
        ('{"inputs": {}, "variants": ["b"], "outcomes": []}', "no 'inputs.scenario'"),
        ('{"inputs": {}, "variants": [1]}', "variants[0] is not a text"),
        ('{"inputs": {}, "variants": "b"}', "variants is not a list"),
    ],
)
def test_a_broken_manifest_is_told_by_its_name(result, content, said):
    (result / "manifest.json").write_text(content)
    with pytest.raises(ResultError) as caught:
        load_results(result)
    assert said in str(caught.value)
    assert "manifest.json" in str(caught.value)


RAGGED = SERIES.text([ROW, f"{ROW},,", '"']).encode()


@pytest.mark.parametrize("content", [b"", b"variant\n\xff\xfe\n", RAGGED])
def test_a_broken_table_is_told_by_its_name(result, content):
    (result / "series.csv").write_bytes(content)
    with pytest.raises(ResultError, match=r"series\.csv: cannot be read as a table"):
        load_results(result)["series"]


def test_a_manifest_that_cannot_be_read_is_said_to_be_so(result):
    (result / "manifest.json").write_text("{")
    assert "cannot be read as a manifest" in refused(result, INPUTS, force=False)
    (result / "manifest.json").write_text("[]")
    assert "is no manifest of a result" in refused(result, INPUTS, force=False)


def test_a_draft_that_fails_leaves_nothing(tmp_path):
    def fails():
        with draft(tmp_path / "out") as place:
            (place / "half.csv").write_text("a")
            message = "half"
            raise ValueError(message)

    with pytest.raises(ValueError, match="half"):
        fails()
    assert names(tmp_path) == []


def test_a_finished_draft_replaces_what_was_there(tmp_path, result):
    with draft(result) as place:
        (place / "new.csv").write_text("a")
        settle(place, result)
    assert names(tmp_path) == ["out"]
    assert names(result) == ["new.csv"]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    def tried():
        with draft(tmp_path / "file" / "out"):
            pytest.fail("written")

    with pytest.raises(ResultError, match="cannot be written"):
        tried()


def test_results_are_read_by_name(result):
    results = load_results(result)
    assert results.series["subject"].tolist() == ["NA"]
    assert results["series"]["mean"].tolist() == [1]
    assert list(results) == ["series"]
    with pytest.raises(ResultError, match="no table 'serie'; there are series"):
        results["serie"]
    assert not hasattr(results, "serie")


def test_a_folder_without_a_result_cannot_be_loaded(tmp_path):
    with pytest.raises(ResultError, match="no result there"):
        load_results(tmp_path)


def test_a_path_that_is_no_text_is_kept_in_a_manifest(tmp_path):
    inputs = {"file": "sm\udcc3\udca5.yaml", "name": "små"}
    write_manifest(tmp_path, {"inputs": inputs})
    assert stored(tmp_path)["inputs"] == inputs
    assert "små" in (tmp_path / "manifest.json").read_text(encoding="utf-8")
