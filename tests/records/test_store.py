from __future__ import annotations

from pathlib import Path

import pytest

from sim.kernel.errors import ResultError
from sim.records import soundness
from sim.records.results import load_results
from sim.records.soundness import replaceable, stored
from sim.records.store import check_place, draft, hashes, place_of, settle, write_manifest
from sim.records.tables import OUTCOMES, SERIES, SUMMARY, TIES

ROOT = Path(__file__).parents[2]

INPUTS = {"scenario": "x", "seed": 1, "runs": 1, "versions": {"blocsim": "0.1.0"}}
MANIFEST = {
    "inputs": INPUTS,
    "complete": True,
    "scenario": {"name": "x", "title": "X", "question": "Why?", "files": {}, "document": {}},
    "variants": ["b"],
    "outcomes": [],
}
ROW = "b,2018-Q1,2018-01-01,cohesion,NA,1,,1,1,1,1,1"


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
        f"{result}: holds a result with other inputs (seed); "
        "give --force to replace it, or another --out"
    )


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({"hash": "b", "runs": 2, "seed": 2}, "runs, seed"),
        ({"hash": "b"}, "scenario"),
        ({"hash": "b", "scenario": "y"}, "scenario"),
    ],
)
def test_inputs_are_named_as_a_user_knows_them(result, more, names):
    rewritten(result, inputs={**INPUTS, "hash": "a"})
    said = refused(result, {**INPUTS, "hash": "a", **more}, force=False)
    assert f"holds a result with other inputs ({names}); " in said


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
    assert "is not only a result" in refused(result, INPUTS, force=True)
    assert names(result) == ["figures", "manifest.json", "notes.txt", "series.csv"]


def test_a_damaged_result_is_not_taken_for_finished(result):
    table = result / "series.csv"
    written = table.read_text()
    table.write_text(written.replace("NA", "NB"))
    assert refused(result, INPUTS, force=False) == (
        f"{table}: has changed since it was written (manifest.json has another sha256); "
        "give --force to run it anew, or another --out"
    )
    table.write_text(written[:-3])
    assert f"{table}: does not have the size" in refused(result, INPUTS, force=False)
    table.unlink()
    assert f"{table}: is missing" in refused(result, INPUTS, force=False)
    assert not check_place(result, INPUTS, force=True)


def test_an_unfinished_result_is_not_taken_for_finished(result):
    write_manifest(result, {"inputs": INPUTS, "complete": False, "files": hashes(result)})
    assert "unfinished" in refused(result, INPUTS, force=False)


def test_a_link_to_a_folder_stays_a_link(tmp_path, result):
    link = tmp_path / "link"
    link.symlink_to(result)
    assert place_of(link) == result.resolve()
    assert place_of(tmp_path / "new") == tmp_path / "new"
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    link.unlink()


def test_a_name_that_no_folder_can_have_is_reported(tmp_path):
    with pytest.raises(ResultError, match="give another --out"):
        check_place(place_of(tmp_path / ("a" * 300)), INPUTS, force=False)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[" * 100_000, "cannot be read as a manifest"),
        ('{"format": 4, "inputs": 1}', "inputs is not a mapping"),
        ('{"format": 4, "inputs": {"scenario": "x"}}', "no 'variants'"),
        ('{"format": 4, "inputs": {}, "variants": []}', "no 'outcomes'"),
        ('{"format": 4, "inputs": {}, "variants": ["b"], "outcomes": []}', "no 'inputs.scenario'"),
        ('{"format": 4, "inputs": {}, "variants": [1]}', "variants[0] is not a text"),
        ('{"format": 4, "inputs": {}, "variants": "b"}', "variants is not a list"),
    ],
)
def test_a_broken_manifest_is_reported_by_its_name(result, content, said):
    (result / "manifest.json").write_text(content)
    with pytest.raises(ResultError) as caught:
        load_results(result)
    assert said in str(caught.value)
    assert "manifest.json" in str(caught.value)


RAGGED = SERIES.text([ROW, f"{ROW},,", '"']).encode()


@pytest.mark.parametrize("content", [b"", b"variant\n\xff\xfe\n", RAGGED])
def test_a_broken_table_is_reported_by_its_name(result, content):
    (result / "series.csv").write_bytes(content)
    with pytest.raises(ResultError, match=r"series\.csv: cannot be read as a table"):
        load_results(result)["series"]


def test_a_manifest_that_cannot_be_read_is_said_to_be_so(result):
    (result / "manifest.json").write_text("{")
    assert "cannot be read as a manifest" in refused(result, INPUTS, force=False)
    (result / "manifest.json").write_text("[]")
    assert "is not the manifest of a result" in refused(result, INPUTS, force=False)


def test_a_draft_that_fails_leaves_no_files(tmp_path):
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
    with pytest.raises(ResultError, match="is not a result"):
        load_results(tmp_path)


def test_a_path_that_is_not_text_is_kept_in_a_manifest(tmp_path):
    inputs = {"file": "sm\udcc3\udca5.yaml", "name": "små"}
    write_manifest(tmp_path, {"inputs": inputs})
    assert stored(tmp_path)["inputs"] == inputs
    assert "små" in (tmp_path / "manifest.json").read_text(encoding="utf-8")


def rewritten(folder, **parts):
    """Write a manifest whose hashes are those of the tables, with some parts replaced."""
    write_manifest(folder, {**MANIFEST, "files": hashes(folder), **parts})


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"inputs": {**INPUTS, "seed": [1]}}, "inputs.seed is not a whole number"),
        ({"inputs": {**INPUTS, "runs": True}}, "inputs.runs is not a whole number"),
        ({"scenario": {"name": "x", "title": 3}}, "scenario.title is not a text"),
        ({"scenario": {"name": "x"}}, "no 'scenario.title'"),
        ({"files": {"a.csv": {"bytes": "3"}}}, "files[a.csv].bytes is not a whole number"),
        ({"files": {"../a.csv": {"bytes": 3}}}, "'../a.csv' in files is not the name of a table"),
        ({"variants": []}, "variants is empty"),
        ({"files": {}}, "files is empty"),
        ({"files": None}, "files is not a mapping"),
        ({"structural": {"points": None}}, "structural.points is not a whole number"),
    ],
)
def test_what_is_odd_in_a_manifest_is_named_at_every_level(result, parts, said):
    rewritten(result, **parts)
    with pytest.raises(ResultError) as caught:
        load_results(result)
    assert str(caught.value) == f"{result / 'manifest.json'}: {said}; the result is damaged"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SERIES.text([ROW, ROW.replace(",1,,", ",one,,")]), ", line 3: mean must be a number"),
        (SERIES.text([ROW]).replace("mean", "median"), ": no column 'mean'"),
        (SERIES.text([ROW]).replace("q05", "sd"), ": column 'sd' appears twice"),
    ],
)
def test_what_is_odd_in_a_table_is_named_though_its_hash_is_right(result, text, said):
    (result / "series.csv").write_text(text)
    rewritten(result)
    with pytest.raises(ResultError) as caught:
        load_results(result)["series"]
    assert str(caught.value).startswith(f"{result / 'series.csv'}{said}")


def test_a_summary_without_a_row_is_refused(result):
    (result / "summary.csv").write_text(SUMMARY.text(["b,cohesion UNION,1,1,,,t"]))
    rewritten(result, outcomes=["cohesion UNION", "exits UNION"])
    with pytest.raises(ResultError, match=r"summary\.csv: no row of exits UNION in b"):
        load_results(result)["summary"]


def test_a_run_that_is_there_twice_is_refused(result):
    (result / "outcomes.csv").write_text(OUTCOMES.text(["b,0", "b,0"]))
    rewritten(result)
    with pytest.raises(ResultError, match=r"outcomes\.csv: must hold the runs 0 to 0 of b"):
        load_results(result)["outcomes"]


def test_reading_an_altered_table_warns(result):
    (result / "series.csv").write_text(SERIES.text([ROW, ROW]))
    results = load_results(result)
    with pytest.warns(UserWarning, match=r"series\.csv: has changed since it was written"):
        assert len(results["series"]) == 2


def test_a_result_without_a_table_of_its_manifest_is_not_read(result):
    (result / "series.csv").unlink()
    with pytest.raises(ResultError) as caught:
        load_results(result)
    assert caught.value.exit_code == 2
    assert str(caught.value) == (
        f"{result / 'series.csv'}: is missing, though the manifest names it; the result is damaged"
    )


def test_a_table_that_the_manifest_does_not_name_is_not_read(result):
    files = hashes(result)
    (result / "ties.csv").write_text(TIES.text([]))
    (result / "notes.csv").write_text("of the user")
    rewritten(result, files=files)
    with pytest.raises(ResultError) as caught:
        load_results(result)
    assert str(caught.value) == (
        f"{result / 'ties.csv'}: is not named by the manifest; the result is damaged"
    )
    (result / "ties.csv").unlink()
    assert list(load_results(result)) == ["notes", "series"]


def test_a_published_result_may_be_handed_on_without_tables_that_its_manifest_says(result):
    files = hashes(result)
    (result / "series.csv").unlink()
    rewritten(result, files=files, not_shipped=["series.csv"])
    assert list(load_results(result)) == []
    assert refused(result, INPUTS, force=False).startswith(f"{result / 'series.csv'}: is missing")


def test_tables_and_manifests_that_are_links_are_not_read(result, tmp_path):
    (result / "series.csv").rename(tmp_path / "series.csv")
    (result / "series.csv").symlink_to(tmp_path / "series.csv")
    with pytest.raises(ResultError, match=r"series\.csv: is a link"):
        load_results(result)["series"]
    (result / "manifest.json").rename(tmp_path / "manifest.json")
    (result / "manifest.json").symlink_to(tmp_path / "manifest.json")
    with pytest.raises(ResultError, match=r"manifest\.json: is a link"):
        load_results(result)


def test_force_is_not_recommended_where_it_would_be_refused(result):
    (result / "notes.txt").write_text("mine")
    said = refused(result, {**INPUTS, "seed": 2}, force=False)
    assert said.endswith("holds a result with other inputs (seed); give another --out")
    (result / "series.csv").unlink()
    said = refused(result, INPUTS, force=False)
    assert said == f"{result / 'series.csv'}: is missing; give another --out"


def test_a_damaged_result_of_ours_may_be_replaced(result):
    rewritten(result, variants="b")
    with pytest.raises(ResultError, match="variants is not a list"):
        stored(result)
    assert replaceable(result)


def test_earlier_formats_are_read_and_one_that_is_not_names_its_version(result):
    path = result / "manifest.json"
    assert stored(result)["format"] == soundness.FORMAT == 4
    for form in (2, 3):
        rewritten(result, format=form)
        assert check_place(result, INPUTS, force=False)
    rewritten(result, format=5)
    assert refused(result, INPUTS, force=False) == (
        f"{path}: the result has format 5, and this version of blocsim reads formats up to 4: "
        "use a newer version"
    )
    rewritten(result, format="3")
    assert "format is not a number from 1" in refused(result, INPUTS, force=False)
    rewritten(result, format=1)
    assert refused(result, INPUTS, force=False) == (
        f"{path}: the result has format 1, which blocsim 0.2 reads; this version reads 2 to 4: "
        "run it again, or install that version"
    )


def test_the_published_tables_are_readable():
    results = load_results(ROOT / "results" / "reference" / "polonez_vs_iskander")
    assert results.variants[0] == "baseline"
    for name in results:
        assert len(results[name])
