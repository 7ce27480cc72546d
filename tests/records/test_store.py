from __future__ import annotations

import pytest

from sim.errors import ResultError
from sim.records.read import load_results
from sim.records.store import check_place, draft, settle, write_manifest

INPUTS = {"scenario": "x", "seed": 1}


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def result(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "series.csv").write_text(
        "variant,date,metric,subject,mean\nb,2018-Q1,cohesion,NA,1\n"
    )
    write_manifest(folder, {"inputs": INPUTS, "variants": ["b"]})
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
    assert said.endswith("holds no result of blocsim, so --force does not replace it")


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
