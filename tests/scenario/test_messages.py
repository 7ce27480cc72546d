"""Every fault is reported with its place, in plain words, with a remedy if there is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

KNOWN = yaml.safe_load(Path(__file__).with_name("messages.yaml").read_text(encoding="utf-8"))
CASES = [each for layer in KNOWN.values() for each in layer]
JARGON = re.compile(
    r"pydantic|validation|input should|traceback|errors\.|https?:|\b(dict|str|bool|NoneType)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("case", CASES, ids=[each["wrong"][:60] for each in CASES])
def test_a_fault_gets_exactly_these_messages(faults, case):
    assert faults(case["wrong"] + "\n") == case["said"]


def test_no_message_speaks_of_the_machinery():
    said = [message for case in CASES for message in case["said"]]
    assert not [message for message in said if JARGON.search(message)]


def test_the_layers_of_shape_and_references_are_reported_together_by_line(faults):
    text = """\
blocs:
  CSTO: {members: [RUS, BLR, AMR]}
states:
  ARM: {gpd: 3}
offers:
  polonez: {price: -1, system: polonaise}
"""
    assert faults(text) == [
        'x.yaml:3:30: blocs.CSTO.members[2]: no state "AMR" (did you mean "ARM"?)',
        'x.yaml:5:9: states.ARM.gpd: unknown key (did you mean "gdp"?)',
        "x.yaml:7:20: offers.polonez.price: must be more than 0 (M USD of 2016 per batch), got -1",
    ]


def test_the_same_fault_in_base_and_variants_is_reported_once(faults):
    text = "blocs: {CSTO: {norm: 9}}\nvariants: {a: {}, b: {blocs: {CSTO: {commitment: 0}}}}\n"
    assert faults(text) == ["x.yaml:2:22: blocs.CSTO.norm: must be from 0 to 5, got 9"]


@pytest.mark.parametrize("key", ["<img src=x>", "[key]", "<number>"])
def test_a_key_that_looks_like_a_mark_of_the_machinery_is_unknown_as_any_other(faults, key):
    (top,) = faults(f"'{key}': 1\n")
    assert top.startswith(f"x.yaml:2:1: {key}: unknown key")
    (inner,) = faults(f"blocs: {{CSTO: {{'{key}': 1}}}}\n")
    assert inner.startswith(f"x.yaml:2:16: blocs.CSTO.{key}: unknown key")
    (named,) = faults(f"blocs: {{'{key}': null, CSTO: {{norm: 1}}}}\n")
    assert named.startswith("x.yaml:2:9: ")


def test_of_a_file_full_of_faults_a_thousand_are_reported(faults):
    said = faults("".join(f"k{each}: 1\n" for each in range(1500)))
    assert len(said) == 1001
    assert said[0].endswith("500 more faults of form are not listed")
