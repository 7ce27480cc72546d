"""Folders of data: tables by kind, the newest first; files of no use are skipped and named."""

from __future__ import annotations

import gzip

import pytest

from sim.data import tidy_tables
from sim.data.collection import collect
from sim.kernel.errors import InputError
from tests.data.samples import SAMPLES


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sipri").mkdir()
    (tmp_path / "sipri" / "imports.csv").write_bytes(SAMPLES["import values"].bytes())
    (tmp_path / "older.csv").write_text("Imports by,2018,2019\nNorway,7,99\n")
    (tmp_path / "notes.txt").write_text("milk, bread\n")
    (tmp_path / ".hidden.csv").write_text("x")
    return tmp_path


def test_the_newest_file_has_the_word_and_every_row_its_source(folder):
    found = collect([folder])
    frame = found.frame(tidy_tables.TOTALS).set_index(["iso3", "year"])
    assert frame.loc[("NOR", 2019), "tiv"] == 12
    assert frame.loc[("NOR", 2018), "tiv"] == 7
    assert frame.loc[("NOR", 2019), "source"].startswith("SIPRI Arms Transfers Database (1 Feb")
    assert frame.loc[("NOR", 2018), "file"].endswith("older.csv")


def test_an_older_edition_of_a_register_adds_nothing(folder):
    sample = SAMPLES["deals, saved by Excel"]
    (folder / "new.csv").write_bytes(sample.bytes())
    (folder / "old.csv").write_bytes(sample.spoilt(sample.table()[1][:3]))
    frame = collect([folder]).frame(tidy_tables.DEALS)
    assert len(frame) == 6
    assert set(frame["file"].str[-7:]) == {"new.csv"}


def test_flows_of_one_importer_each_are_put_together(folder):
    text = "\n".join(SAMPLES["values of the old site"].lines)
    (folder / "norway.csv").write_text(text)
    (folder / "peru.csv").write_text(text.replace("Norway", "Peru"))
    (folder / "norway_again.csv").write_text(text)
    frame = collect([folder]).frame(tidy_tables.FLOWS)
    assert len(frame) == 2 * 3
    assert not frame.duplicated(["supplier", "recipient", "year"]).any()


def test_alliances_of_both_schemes_are_kept_apart(folder):
    for name in ("alliances by pair", "alliances of COW by code", "alliances of ATOP by code"):
        (folder / f"{name}.csv").write_bytes(SAMPLES[name].bytes())
    frame = collect([folder]).frame(tidy_tables.ALLIANCES)
    files = frame.groupby("scheme")["file"].nunique().to_dict()
    assert files == {"atop": 1, "cow": 1}
    assert (frame[frame["scheme"] == "cow"]["last"] == 2012).any()


def test_what_is_not_a_known_table_is_named_and_passed_over(folder):
    (fault,) = collect([folder]).faults
    assert fault.file.endswith("notes.txt")
    assert "is not a known table" in fault.message


def test_broken_downloads_are_known_by_their_kind_of_fault(folder):
    (folder / "half.csv.gz").write_bytes(gzip.compress(b"Imports by,2018\nPeru,5\n")[:20])
    (folder / "page.csv").write_text("<!DOCTYPE html><html></html>")
    (folder / "pointer.csv").write_text("version https://git-lfs.github.com/spec/v1\noid x\n")
    (folder / "book.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (folder / "downloads.csv").write_text("which,download\n1,2\n")  # the word alone is no sign
    found = collect([folder])
    broken = {each.file.rpartition("/")[2] for each in found.broken}
    assert broken == {"half.csv.gz", "page.csv", "pointer.csv", "book.xlsx"}
    assert len(found.faults) == 6
    assert {*found.named} < found.broken


def test_a_kind_that_is_not_there_is_an_empty_table(folder):
    frame = collect([folder]).frame(tidy_tables.DEALS)
    assert frame.empty
    assert [*frame.columns] == [*tidy_tables.DEALS.names, "source", "file"]


def test_a_damaged_table_is_an_error_when_its_kind_is_asked_for(folder):
    (folder / "older.csv").write_text("Imports by,2018,2019\nNorway,7,many\n")
    found = collect([folder])
    assert found.frame(tidy_tables.DEALS).empty
    with pytest.raises(InputError, match="2019: must be a number of 0 or more"):
        found.frame(tidy_tables.TOTALS)


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(InputError, match="no such file or folder"):
        collect([tmp_path / "nowhere"])


def test_links_are_followed_without_going_round_and_a_file_counts_once(folder):
    (folder / "sipri" / "up").symlink_to(folder)
    (folder / "again.csv").symlink_to(folder / "older.csv")
    (folder / "round").symlink_to(folder / "round")
    elsewhere = folder.parent / f"{folder.name}_elsewhere"
    elsewhere.mkdir()
    (elsewhere / "far.csv").write_text("Imports by,2018,2019\nPeru,5,6\n")
    (folder / "linked").symlink_to(elsewhere)
    found = collect([folder, elsewhere])
    files = [each.file.removeprefix(str(folder)) for each in found.tables]
    assert files == ["/linked/far.csv", "/older.csv", "/sipri/imports.csv"]
    (lost, _) = found.faults
    assert lost.file.endswith("round")
    assert lost.message == "is a link that leads nowhere: mend it, or remove it"


def test_reading_is_watched_by_file_and_rows(folder):
    seen = []
    found = collect([folder], lambda file, rows: seen.append((file.rpartition("/")[2], rows)))
    assert seen == [("notes.txt", 0), ("older.csv", 0), ("imports.csv", 0)]
    found.frame(tidy_tables.TOTALS)
    assert ("older.csv", 1) in seen
