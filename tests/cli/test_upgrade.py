"""`blocsim upgrade`: files are rewritten in place, and open decisions are listed."""

from __future__ import annotations

OLD = """\
# mine
scenario: x
references: {own-note: A note.}
expect: {a: {outcome: o, variant: baseline, versus: v, low: 0}}
"""
NEW = """\
# mine
format: 2
scenario: x
references: {own_note: A note.}
expect: {a: {outcome: o, variant: baseline, low: 0}}
"""


def test_a_file_is_rewritten_in_place(blocsim, tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text(OLD)
    assert blocsim("upgrade", "x.yaml", "--dry-run")[0] == 0
    assert file.read_text() == OLD
    code, out, err = blocsim("upgrade", "x.yaml")
    assert (code, file.read_text()) == (0, NEW)
    assert [path.name for path in tmp_path.iterdir()] == ["x.yaml"]
    assert "x.yaml:3:14: references.own-note: write own_note: A note." in out
    assert "x.yaml: is now of format 2" in out
    assert "to decide: x.yaml:4:45: expect.a.versus: the bounds applied to the level" in err
    assert "x.yaml: is already of format 2" in blocsim("upgrade", "x.yaml")[1]


def test_a_new_scenario_is_of_the_present_format(blocsim, tmp_path):
    assert blocsim("new", "mine.yaml")[0] == 0
    assert "\nformat: 2\n" in (tmp_path / "mine.yaml").read_text()
    assert blocsim("check", "mine.yaml")[2] == ""


def test_a_shipped_scenario_is_up_to_date(blocsim):
    code, _, err = blocsim("upgrade", "polonez_vs_iskander")
    assert code == 2
    assert err == "polonez_vs_iskander: shipped scenarios are up to date: give a file of your own\n"


def test_a_file_that_may_not_be_written_is_left_as_it_is(blocsim, tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text(OLD)
    file.chmod(0o444)
    code, _, err = blocsim("upgrade", "x.yaml")
    assert (code, file.read_text()) == (2, OLD)
    assert err == "x.yaml: is read-only: allow writing to it, or upgrade a copy\n"
    assert blocsim("upgrade", "x.yaml", "--dry-run")[0] == 0
