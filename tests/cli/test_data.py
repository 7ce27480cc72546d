"""`blocsim data`: what is there, what is missing, what a file is."""

from __future__ import annotations

from pathlib import Path

from tests.data.samples import SAMPLES

DOCS = Path(__file__).parents[2] / "docs"


def test_a_folder_is_listed_with_what_is_missing_and_where_it_is_to_be_had(blocsim, tmp_path):
    (tmp_path / "deals.csv").write_bytes(SAMPLES["deals, export of 2024"].bytes())
    (tmp_path / "notes.txt").write_text("milk\n")
    code, out, err = blocsim("data", "list", "--data", ".")
    assert code == 0
    assert "deals" in out
    assert "1979-2019" in out
    assert "https://www.sipri.org/databases/milex" in out
    assert "terms: free for non-commercial use" in out
    assert "not read: notes.txt: is no table of a publisher" in err


def test_a_damaged_file_is_listed_with_its_line(blocsim, tmp_path):
    (tmp_path / "flows.csv").write_text("supplier,recipient,year,tiv_m\nBRA,NOR,2019,many\n")
    code, _, err = blocsim("data", "list", "--data", ".")
    assert code == 0
    assert "flows.csv:2:1: tiv_m: must be a number of 0 or more, got" in err


def test_a_file_is_checked(blocsim, tmp_path):
    (tmp_path / "deals.csv").write_bytes(SAMPLES["deals, export of 2024"].bytes())
    code, out, err = blocsim("data", "check", "deals.csv")
    assert (code, err) == (0, "")
    assert (
        "deals.csv: the trade register, a row a deal (SIPRI Arms Transfers Database (1 Feb" in out
    )
    assert "6 rows, 1979-2019, 8 states" in out
    assert "read as cp1252" in out


def test_a_file_that_cannot_be_read_says_what_it_is_and_fails(blocsim, tmp_path):
    (tmp_path / "a.csv").write_text("version https://git-lfs.github.com/spec/v1\n")
    (tmp_path / "b.csv").write_text("supplier,recipient,year,tiv_m\nBRA,NOR,2019,many\n")
    code, out, err = blocsim("data", "check", "a.csv", "b.csv", "c.csv")
    assert code == 2
    assert "a.csv: is a pointer of Git LFS" in err
    assert "b.csv:2:1: tiv_m: must be a number" in err
    assert "c.csv: no such file" in err
    assert "cannot be read" in out


def test_actions_that_make_no_sense_are_refused(blocsim):
    assert blocsim("data", "check")[0] == 2
    assert blocsim("data", "list", "x.csv")[0] == 2
    assert blocsim("data", "list", "--data", "nowhere")[0] == 2


def test_the_page_of_tables_is_what_the_command_writes(blocsim):
    _, out, _ = blocsim("data", "list", "--markdown")
    assert out == (DOCS / "data_tables.md").read_text(encoding="utf-8")
