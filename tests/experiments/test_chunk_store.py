"""A result folder: its owner, the files that may be replaced, and the files after a crash."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim.experiments.chunk_store import ChunkStore, manifest_of
from sim.kernel.errors import ResultError
from sim.records.columns import Table
from sim.records.kinds import ResultKind
from sim.records.soundness import FORMAT, digest

STUDY = ResultKind(
    name="study",
    command="study",
    manifest="study.json",
    tables=(Table("plan", ()), Table("table", ())),
    state="state.json",
    early=("plan.csv",),
    older=("ledger.json",),
    resume="--resume",
)
NOTE = ResultKind(name="note", command="note", manifest="note.json", tables=(Table("note", ()),))
INPUTS = {"seed": 3}


@pytest.fixture
def store(tmp_path):
    """Return a store with one chunk of three rows."""
    found = ChunkStore(tmp_path / "s", STUDY, INPUTS)
    with found.claim():
        found.keep(parts=[3])
        found.put("one", {"key": np.arange(3), "value": np.array([0.1, 0.2, 0.3])}, ["key"])
    return found


def again(store, **how):
    """Claim the folder of a store anew, and return it."""
    other = ChunkStore(store.folder, STUDY, how.pop("inputs", INPUTS))
    with other.claim(**how):
        return other


def test_a_folder_that_is_taken_up_again_has_its_state_and_its_chunks(store):
    other = again(store)
    assert other.state["parts"] == [3]
    assert other.done("one", 3)
    assert not other.done("one", 4)
    assert not other.done("two", 3)
    assert other.read("one").column("value").to_pylist() == [0.1, 0.2, 0.3]


def test_a_line_of_the_ledger_that_was_torn_is_forgotten(store):
    ledger = store.folder / "ledger.jsonl"
    whole = ledger.read_text()
    ledger.write_text(whole + whole[:20])
    assert again(store).done("one", 3)
    assert ledger.read_text() == whole
    ledger.write_text(whole[:20])
    assert not again(store).done("one", 3)


def test_a_chunk_that_was_changed_is_never_read(store):
    path = store.folder / "chunks" / "one.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ResultError, match="has changed since it was written"):
        again(store).read("one")


def test_what_a_crash_left_half_written_is_removed(store):
    strays = [store.folder / "chunks" / "two.tmp", store.folder / "table.csv.tmp"]
    for stray in strays:
        stray.write_text("half")
    again(store)
    assert not any(stray.exists() for stray in strays)


def test_other_inputs_are_named_and_force_empties_the_folder(store):
    with pytest.raises(ResultError, match=r"holds a study with other inputs \(seed\)"):
        again(store, inputs={"seed": 4})
    assert not again(store, inputs={"seed": 4}, force=True).entries
    assert sorted(path.name for path in store.folder.iterdir()) == [".lock"]


def test_to_go_on_has_to_be_asked_for_where_the_kind_says_so(store):
    with pytest.raises(ResultError, match="an unfinished study; --resume continues it, --force"):
        again(store, resume=False)
    (store.folder / "table.csv").write_text("a\n1\n")
    again(store).finish({"inputs": INPUTS})
    with pytest.raises(ResultError, match="holds a study; --resume continues it"):
        again(store, resume=False)


def test_what_another_version_left_is_not_gone_on_with_and_so_that_is_not_advised(tmp_path):
    inputs = {"versions": {"code": "0"}}
    with ChunkStore(tmp_path, STUDY, inputs).claim():
        (tmp_path / "state.json").write_text(json.dumps({"format": FORMAT, "inputs": inputs}))
    with pytest.raises(ResultError, match="holds an unfinished study; --force replaces it, or"):
        ChunkStore(tmp_path, STUDY, INPUTS).check(resume=False)


@pytest.mark.parametrize("draft", ["state.json.tmp", "plan.csv.tmp", "plan.tmp", "state.tmp"])
def test_a_draft_of_this_or_the_previous_format_is_recognised(tmp_path, draft):
    (tmp_path / draft).write_text("half")
    with ChunkStore(tmp_path, STUDY, INPUTS).claim():
        assert not (tmp_path / draft).exists()


def test_the_manifest_says_format_and_hashes_of_what_is_there(store):
    (store.folder / "table.csv").write_text("a\n1\n")
    store.finish({"inputs": INPUTS})
    about = manifest_of(store.folder, STUDY)
    assert about["format"] == FORMAT
    assert about["files"] == {
        "table.csv": {"bytes": 4, "sha256": digest(store.folder / "table.csv")}
    }
    store.reopen()
    assert not (store.folder / "table.csv").exists()
    with pytest.raises(
        ResultError, match="is not the manifest of a study; `blocsim study` makes one"
    ):
        manifest_of(store.folder, STUDY)


def test_two_processes_are_not_at_work_in_one_folder(store):
    with (
        store.claim(),
        pytest.raises(ResultError, match="another process is working on this study"),
    ):
        again(store)


@pytest.mark.parametrize("force", [False, True])
def test_what_is_not_a_part_of_a_result_is_never_touched(tmp_path, force):
    (tmp_path / "mine.txt").write_text("kept")
    with pytest.raises(ResultError, match=r"holds mine\.txt, which is not part of a study"):
        ChunkStore(tmp_path, STUDY, INPUTS).check(force=force)
    (tmp_path / "mine.txt").rename(tmp_path / "table.csv")
    with pytest.raises(ResultError, match=r"is not a study \(it has no state\.json\)"):
        ChunkStore(tmp_path, STUDY, INPUTS).check(force=force)
    assert (tmp_path / "table.csv").read_text() == "kept"


def test_a_folder_of_the_format_before_names_the_version_that_goes_on_with_it(tmp_path):
    (tmp_path / "ledger.json").write_text("{}")
    (tmp_path / "table.csv").write_text("a\n1\n")
    store = ChunkStore(tmp_path, STUDY, INPUTS)
    with pytest.raises(ResultError, match=r"of format 1, which blocsim 0\.1 can resume; --force"):
        store.check()
    with store.claim(force=True):
        assert sorted(path.name for path in tmp_path.iterdir()) == [".lock"]


def test_a_kind_without_chunks_is_replaced_by_force_alone(tmp_path):
    store = ChunkStore(tmp_path / "n", NOTE, INPUTS)
    with store.claim():
        (store.folder / "note.csv").write_text("a\n1\n")
        store.finish({"inputs": store.inputs})
    assert json.loads((store.folder / "note.json").read_text())["inputs"] == INPUTS
    with pytest.raises(ResultError, match="holds a note; --force replaces it"), store.claim():
        pass
    with store.claim(force=True):
        assert (store.folder / "note.csv").exists()  # until the new one is written
