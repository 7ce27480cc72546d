"""Merging: the patches of RFC 7396, with places kept and empty removals refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.documents.nodes import find, steps_of
from sim.documents.reader import read_text
from sim.scenario.patches import merge

# the examples of RFC 7396, appendix A, less those whose result our rules make an error
RFC = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b"}, {"a": "b"}),
]


def node(value, file="base"):
    return read_text(json.dumps(value), file)


def merged(base, patch):
    problems = []
    return merge(node(base), node(patch, "patch"), problems).plain(), problems


@pytest.mark.parametrize(("base", "patch", "result"), RFC)
def test_the_examples_of_the_rfc_hold(base, patch, result):
    assert merged(base, patch) == (result, [])


def test_a_mapping_within_a_mapping_is_patched():
    result, problems = merged({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}})
    assert result == {"a": {"b": "d"}}
    assert [str(each) for each in problems] == [
        "patch:1:18: a.c: there is no such key to remove; leave this entry out"
    ]


def test_what_is_not_there_cannot_be_removed():
    _, problems = merged({"ARM": 1}, {"AMR": None})
    assert [each.message for each in problems] == [
        'there is no such key to remove (did you mean "ARM"?); leave this entry out'
    ]


def test_a_null_within_something_new_is_a_value():
    assert merged({}, {"a": {"bb": {"ccc": None}}}) == ({"a": {"bb": {"ccc": None}}}, [])


def test_every_value_keeps_the_place_where_it_was_written():
    base = node({"a": {"b": 1, "c": 2}, "d": [3]})
    result = merge(base, node({"a": {"c": 4}}, "patch"), [])
    places = {path: find(result, steps_of(path)).mark.file for path in ("a.b", "a.c", "a", "d[0]")}
    assert places == {"a.b": "base", "a.c": "patch", "a": "patch", "d[0]": "base"}


def test_neither_side_is_changed():
    base, patch = node({"a": {"b": 1}}), node({"a": {"b": None, "c": 2}})
    merge(base, patch, [])
    assert base.plain() == {"a": {"b": 1}}
    assert patch.plain() == {"a": {"b": None, "c": 2}}


def rfc_7396(target, patch):
    """The pseudocode of the RFC, word for word."""
    if isinstance(patch, dict):
        target = dict(target) if isinstance(target, dict) else {}
        for name, value in patch.items():
            if value is None:
                target.pop(name, None)
            else:
                target[name] = rfc_7396(target.get(name), value)
        return target
    return patch


def less_nulls(value):
    """What the RFC would leave of a mapping that a patch brings new."""
    if isinstance(value, dict):
        return {key: less_nulls(each) for key, each in value.items() if each is not None}
    return value


def values(leaf):
    return st.recursive(
        leaf,
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4)
        ),
        max_leaves=12,
    )


solid = st.integers() | st.text("xyz", max_size=2)
mappings = st.dictionaries(st.sampled_from("abcd"), values(solid), max_size=4)
patches = st.dictionaries(st.sampled_from("abcd"), values(solid | st.none()), max_size=4)


@given(mappings, patches)
def test_patches_do_what_the_pseudocode_of_the_rfc_does(base, patch):
    result, _ = merged(base, patch)
    assert less_nulls(result) == less_nulls(rfc_7396(base, patch))


@given(mappings, patches)
def test_a_removal_is_refused_exactly_if_the_key_is_missing(base, patch):
    def empty(target, change, above=""):
        if isinstance(target, dict) and isinstance(change, dict):
            for key, value in change.items():
                if value is None and key not in target:
                    yield f"{above}{key}"
                elif key in target:
                    yield from empty(target[key], value, f"{above}{key}.")

    _, problems = merged(base, patch)
    assert sorted(each.key for each in problems) == sorted(empty(base, patch))


@given(mappings, mappings)
def test_a_patch_twice_is_the_patch_once(base, patch):
    once, _ = merged(base, patch)
    assert merged(once, patch)[0] == once
