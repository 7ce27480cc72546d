"""`blocsim data`: tables that are there, tables that are missing, and checks of a file."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
FLOWS = "supplier,recipient,year,tiv_m\nARM,AZE,2019,12\nARM,KAZ,2021,0.5\n"


def test_a_folder_is_listed_with_what_is_missing_and_where_it_is_to_be_had(blocsim, tmp_path):
    (tmp_path / "flows.csv").write_text(FLOWS)
    (tmp_path / "notes.txt").write_text("milk\n")
    code, out, err = blocsim("data", "list", "--data", ".")
    assert code == 0
    assert "flows" in out
    assert "2019-2021" in out
    assert "https://www.sipri.org/databases/milex" in out
    assert "terms: free for non-commercial use" in out
    assert "not read: notes.txt: is not a known table" in err


REGISTER = (
    "Recipient,Supplier,Year of order,Number ordered,Weapon designation,Weapon description,"
    "Number delivered,Year(s) of delivery,status,SIPRI TIV per unit,"
    "SIPRI TIV for total order,SIPRI TIV of delivered weapons"
)
OWL = "Norway,Sweden,2001,4,Owl,tank,4,2002,New,2,8,8"


def test_parts_of_a_register_are_listed_with_what_is_used_of_them(blocsim, tmp_path):
    (tmp_path / "sweden.csv").write_text(f"{REGISTER}\n{OWL}\nPeru,{OWL[7:]}\n")
    (tmp_path / "norway.csv").write_text(f"{REGISTER}\n{OWL}\nNorway,Peru{OWL[13:]}\n")
    code, out, _ = blocsim("data", "list", "--data", ".")
    assert code == 0
    rows = [line.split() for line in out.splitlines() if line.strip().endswith(".csv")]
    assert [each[-3:] for each in rows] == [["2", "2", "norway.csv"], ["2", "1", "sweden.csv"]]
    (tmp_path / "arms").mkdir()
    for name in ("sweden.csv", "norway.csv"):
        (tmp_path / name).rename(tmp_path / "arms" / name)
    _, inside, _ = blocsim("data", "list", "--data", "arms")
    assert "file in arms/" in inside
    assert "  norway.csv" in inside
    assert "sweden.csv: 1 of 2 rows of deals are in other files too: each counts once" in out


def test_a_damaged_file_is_listed_with_its_line(blocsim, tmp_path):
    (tmp_path / "flows.csv").write_text("supplier,recipient,year,tiv_m\nBRA,NOR,2019,many\n")
    code, _, err = blocsim("data", "list", "--data", ".")
    assert code == 0
    assert "flows.csv:2:1: tiv_m: must be a number of 0 or more, got" in err


def test_a_file_is_checked(blocsim, tmp_path):
    (tmp_path / "flows.csv").write_bytes(FLOWS.replace("KAZ", "Rébels*").encode("cp1252"))
    code, out, err = blocsim("data", "check", "flows.csv")
    assert (code, err) == (0, "")
    assert "flows.csv: flows by pair and year (A table of yours)" in out
    assert "2 rows, 2019-2021, 2 states" in out
    assert "note: is not UTF-8: read as cp1252" in out


def test_of_many_faults_the_count_says_how_many_are_listed(blocsim, tmp_path):
    rows = "BRA,NOR,2019,many\n" * 30
    (tmp_path / "b.csv").write_text(f"supplier,recipient,year,tiv_m\n{rows}")
    code, out, err = blocsim("data", "check", "b.csv")
    assert code == 2
    assert "cannot be read, 20 faults listed\n" in out
    assert err.endswith("b.csv: 10 more faults are not listed\n")


def test_a_file_that_cannot_be_read_says_what_it_is_and_fails(blocsim, tmp_path):
    (tmp_path / "a.csv").write_text("version https://git-lfs.github.com/spec/v1\n")
    (tmp_path / "b.csv").write_text("supplier,recipient,year,tiv_m\nBRA,NOR,2019,many\n")
    code, out, err = blocsim("data", "check", "a.csv", "b.csv", "c.csv")
    assert code == 2
    assert "a.csv: is a pointer of Git LFS" in err
    assert "b.csv:2:1: tiv_m: must be a number" in err
    assert "c.csv: no such file" in err
    assert "cannot be read, 1 fault\n" in out


def test_actions_that_make_no_sense_are_refused(blocsim):
    assert blocsim("data", "check")[0] == 2
    assert blocsim("data", "list", "x.csv")[0] == 2
    assert blocsim("data", "list", "--data", "nowhere")[0] == 2


def test_the_page_of_tables_is_what_the_command_writes(blocsim):
    _, out, _ = blocsim("data", "list", "--markdown")
    assert out == (DOCS / "data_tables.md").read_text(encoding="utf-8")
