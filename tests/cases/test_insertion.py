"""Insertions into a YAML file, whose other bytes stay."""

from __future__ import annotations

import pytest

from sim.cases.insertion import WIDTH, inserted
from sim.documents.reader import read_mapping

LONG = "[" + ", ".join(["1000"] * 17) + "]"
FORMS = [
    ("a: {b: 1}\n", {"a": {"c": "2"}}, "a: {b: 1, c: 2}\n"),
    ("a: {b: 1,}\n", {"a": {"c": "2"}}, "a: {b: 1, c: 2}\n"),
    ("a: {b: 1  # note\n  }\n", {"a": {"c": "2"}}, "a: {b: 1, c: 2  # note\n  }\n"),
    ("a: {b: {}}\n", {"a": {"b": {"c": "2"}}}, "a: {b: {c: 2}}\n"),
    ("a:\n  b: 1  # note\nz: 3\n", {"a": {"c": "2"}}, "a:\n  b: 1  # note\n  c: 2\nz: 3\n"),
    ("a:\n  b:\n    - 1\n    - 2\n", {"a": {"c": "2"}}, "a:\n  b:\n    - 1\n    - 2\n  c: 2\n"),
    ("a:\n  b: >\n    long\n    text\n", {"a": {"c": "2"}},
     "a:\n  b: >\n    long\n    text\n  c: 2\n"),
    ("a: {b: 1}", {"d": {"e": {"f": "2"}}}, "a: {b: 1}\n\nd:\n  e: {f: 2}"),
    ("a: {}\n", {"a": {"e": {"f": "2"}}}, "a:\n  e: {f: 2}\n"),
    ("a:\nz: 1\n", {"a": {"e": {"f": "2"}}}, "a:\n  e: {f: 2}\nz: 1\n"),
    ("a:\n  b:\nz: 1\n", {"a": {"b": "2"}}, "a:\n  b: 2\nz: 1\n"),
    ("a: {b: 1}\n", {"a": {"b": "2"}}, "a: {b: 2}\n"),
    ("a: {b: [1, 2], c: 3}\n", {"a": {"b": "[4]"}}, "a: {b: [4], c: 3}\n"),
    ('{"a": {"b": 1}}\n', {"a": {"c": "2"}, "d": "3"}, '{"a": {"b": 1, c: 2}, d: 3}\n'),
    ("a: {b: 1}\r\nz: 2\r\n", {"y": "3"}, "a: {b: 1}\r\nz: 2\r\n\r\ny: 3\r\n"),
    ("s:\n  a: {b: 1, source: x}\n", {"s": {"a": {"c": "2", "date": "3"}}},
     "s:\n  a: {b: 1, c: 2, source: x, date: 3}\n"),
    ("s:\n  a: {'b': [1,\n    2], z: {y: 0}}  # n\n", {"s": {"a": {"z": {"x": "1"}}}},
     "s:\n  a: {'b': [1, 2], z: {y: 0, x: 1}}  # n\n"),
    ("s:\n  a: {b: 1,  # n\n    c: 2}\n", {"s": {"a": {"d": "3"}}},
     "s:\n  a: {b: 1,  # n\n    c: 2, d: 3}\n"),
    ("a: {b: null}\n", {"a": {"b": {"c": "1"}}}, "a: {b: {c: 1}}\n"),
    ("s: {a: {}, b: {x: 1}, f: }  # n\nz: 1\n", {"s": {"a": {"c": LONG}, "d": {"e": "3"}}},
     f"s:\n  a: {{c: {LONG}}}\n  b: {{x: 1}}\n  f: \n  d: {{e: 3}}  # n\nz: 1\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "tree", "after"), FORMS)
def test_values_go_where_they_belong(before: str, tree: dict, after: str) -> None:  # type: ignore[type-arg]
    assert inserted(before, read_mapping(before, "x.yaml"), tree) == after


def test_long_entries_are_broken_after_commas() -> None:
    names = {f"state_{at:02}": f"0.{at:02}" for at in range(30)}
    names["text"] = '"a comma, in quotes"'
    before = "a:\n  b: {x: 1}\n"
    text = inserted(before, read_mapping(before, ""), {"a": {"b": names, "c": names}})
    assert max(map(len, text.splitlines())) <= WIDTH + 1
    assert read_mapping(text, "x.yaml").plain()["a"]["c"]["text"] == "a comma, in quotes"
