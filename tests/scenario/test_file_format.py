"""Formats of scenario files: earlier ones are read, reported and rewritten, comments kept."""

from __future__ import annotations

import pytest

from sim.documents.reader import read_text
from sim.kernel.errors import InputError
from sim.scenario.file_format import (
    FormatChange,
    converted,
    current,
    edits_of,
    format_of,
    upgraded,
)
from tests import shipped

OLD = """\
# Notes of our own
scenario: tiny
references: {own-note: A note., "=HYPERLINK(1)": x}  # two
states:
  ARM:
    source: [own-note, sipri]  # both
expect:
  level: {outcome: cohesion CSTO, variant: baseline, versus: calm, low: 0}
  block:
    outcome: cohesion CSTO
    variant: baseline
    versus: calm  # ignored
    high: 1
  effect: {outcome: cohesion CSTO, variant: baseline, versus: calm, sign: zero}
variants:
  calm:
    states: {AZE: {source: own-note}}
"""
NEW = """\
# Notes of our own
format: 2
scenario: tiny
references: {own_note: A note., _HYPERLINK_1_: x}  # two
states:
  ARM:
    source: [own_note, sipri]  # both
expect:
  level: {outcome: cohesion CSTO, variant: baseline, low: 0}
  block:
    outcome: cohesion CSTO
    variant: baseline
    # ignored
    high: 1
  effect: {outcome: cohesion CSTO, variant: baseline, versus: calm, sign: zero}
variants:
  calm:
    states: {AZE: {source: own_note}}
"""


def test_a_file_is_rewritten_and_its_comments_are_kept():
    now = upgraded(OLD, "x.yaml")
    assert now.text == NEW
    assert [str(each).split(": the bounds")[0] for each in now.undecided] == [
        "x.yaml:8:54: expect.level.versus",
        "x.yaml:12:5: expect.block.versus",
    ]
    again = upgraded(NEW, "x.yaml")
    assert (again.text, again.edits, again.undecided) == (NEW, (), ())


def test_an_earlier_format_reads_as_its_rewriting_does():
    before = current(read_text(OLD, "x.yaml"))
    after = current(read_text(NEW, "x.yaml"))
    assert before.document.plain() == after.document.plain()
    assert "format" not in after.document.value
    assert (len(before.outdated), after.outdated) == (6, ())


def test_an_old_key_in_a_file_of_the_present_format_gives_line_new_key_and_value(faults):
    (said,) = faults("format: 2\nreferences: {own-note: A note.}\n")
    assert said == (
        "x.yaml:3:14: references.own-note: is of format 1: write own_note: A note. "
        "(keys of references are names)"
    )


def test_a_formula_is_not_a_key_of_references(read, faults):
    formula = 'references: {"=HYPERLINK(1)": x}\n'
    assert list(read(formula).base.references) == ["_HYPERLINK_1_", "own_note"]
    assert "write _HYPERLINK_1_: x" in faults("format: 2\n" + formula)[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3", "must be 1 to 2, got 3: use a later version of blocsim"),
        ("0", "must be 1 to 2, got 0"),
        ("2.0", "must be 1 to 2, got 2.0: write it without a point or exponent"),
        ("3.0", "must be 1 to 2, got 3.0"),
        ("true", "must be 1 to 2, got true"),
        ('"2"', 'must be 1 to 2, got text "2"'),
    ],
)
def test_an_unknown_format_is_refused(faults, text, said):
    assert faults(f"format: {text}\n") == [f"x.yaml:2:9: format: {said}"]


def test_a_format_is_of_a_file_and_no_part_of_what_it_says(read, faults):
    assert read("format: 2\n").hash == read("format: 1\n").hash == read("").hash
    assert "format" not in read("format: 2\n").document
    assert faults("", sets=["format=2"]) == [
        "--set:1:1: format: cannot be set: it belongs to the file"
    ]


def test_keys_of_an_earlier_format_are_reported_with_the_remedy(read):
    (said,) = read("references: {my-note: A note.}\n").outdated
    assert str(said) == (
        "x.yaml:2:14: references.my-note: is written differently in format 2 (keys of references "
        "are names); the next version will read only that format: `blocsim upgrade x.yaml` "
        "rewrites the file"
    )


def test_two_keys_that_would_become_one_are_left_to_the_author(faults):
    (said,) = faults("references: {my-note: A., my_note: B.}\n")
    assert said == (
        'x.yaml:2:14: references.my-note: it and "my_note" would both be my_note: '
        "rename one of them"
    )


RENAMED = (
    FormatChange(2, ("states", "*", "wealth"), "wealth is gdp", key=lambda _: "gdp"),
    FormatChange(2, ("**", "kind"), "kinds are plain", value=lambda text: text.lower()),
    FormatChange(2, ("gone",), "nobody read it", key=lambda _: ""),
)


def test_changes_are_rows_of_a_table():
    text = "gone: {a: 1}\nstates: {ARM: {wealth: 3}}\nx: [{kind: War}]\nvariants: {v: {gone: 1}}\n"
    document = read_text(text, "x.yaml")
    edits = edits_of(document, 1, RENAMED)
    assert [edit.message() for edit in edits] == [
        "write gdp: 3",
        "write kind: war",
        "remove it",
        "remove it",
    ]
    assert converted(document, edits).plain() == {
        "states": {"ARM": {"gdp": 3}},
        "x": [{"kind": "war"}],
        "variants": {"v": {}},
    }
    assert edits_of(document, 2, RENAMED) == []


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("{scenario: x}", "{format: 2, scenario: x}"),
        ("scenario: x\r\nruns: 2\r\n", "format: 2\r\nscenario: x\r\nruns: 2\r\n"),
        ("format: 1  # old\nscenario: x\n", "format: 2  # old\nscenario: x\n"),
        ("references:\n  'a-b': x\n", "format: 2\nreferences:\n  a_b: x\n"),
        (
            "expect: {a: {low: 1, versus: b}}\n",
            "format: 2\nexpect: {a: {low: 1}}\n",
        ),
        (
            "expect:\n  a:\n    low: 1\n    versus: b\n",
            "format: 2\nexpect:\n  a:\n    low: 1\n",
        ),
        ("x: {source: [a-b, &k c, *k]}\n", "format: 2\nx: {source: [a_b, &k c, *k]}\n"),
    ],
)
def test_every_way_to_write_a_file_is_rewritten(text, new):
    now = upgraded(text, "x.yaml")
    assert now.text == new
    assert format_of(read_text(now.text, "x.yaml")) == 2


def test_what_cannot_be_rewritten_is_not():
    with pytest.raises(InputError, match="cannot be rewritten with the same meaning"):
        upgraded("source: &s a-b\nd: *s\n", "x.yaml")


@pytest.mark.parametrize(("text", "what"), [("- a\n- b\n", "a list"), ("ten\n", 'text "ten"')])
def test_what_is_not_a_mapping_is_called_that(text, what):
    with pytest.raises(InputError, match=f"must be a mapping such as `scenario: name`, got {what}"):
        upgraded(text, "x.yaml")


@pytest.mark.usefixtures("real_names")
def test_shipped_files_are_of_the_present_format():
    for path in shipped.read("polonez_vs_iskander").files:
        if path.suffix == ".yaml" and path.parent.name != "patterns":
            assert format_of(read_text(path.read_text(encoding="utf-8"), path.name)) == 2
