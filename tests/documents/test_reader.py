"""Reading: YAML 1.2, every value with its place, without crashes or execution."""

from __future__ import annotations

import math
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.documents import reader
from sim.documents.nodes import Mark, find, mark_of, steps_of
from sim.documents.reader import read_file, read_text
from sim.kernel.errors import InputError


@pytest.fixture(params=["libyaml", "python"])
def parser(request, monkeypatch):
    """Read once with libyaml and once without."""
    if request.param == "python":
        monkeypatch.setattr(reader, "_LOADER", yaml.SafeLoader)
    elif reader._LOADER is yaml.SafeLoader:
        pytest.skip("libyaml is absent")
    return request.param


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the current folder, which is empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


_ODD = "the character U+{} only looks like a space: write an ordinary space"


def fault(text):
    with pytest.raises(InputError) as raised:
        read_text(text, "x.yaml")
    (problem,) = raised.value.problems
    return str(problem)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1E5", 100_000.0),
        ("-.5", -0.5),
        ("5.", 5.0),
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("NO", "NO"),
        ("012", 12),
        ("+7", 7),
        ("0o14", 12),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2018-06-01", "2018-06-01"),
        ("2018-Q2", "2018-Q2"),
        ("~", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("True", True),
        ("tRUE", "tRUE"),
        ("FALSE", False),
        ("=", "="),
        ("-", [None]),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("!!float 1", 1.0),
        ("! 12", "12"),
        ("|\n 12\n", "12\n"),
        ("-.INF", -math.inf),
        ("٣", "٣"),
    ],
)
def test_a_scalar_reads_as_in_yaml_1_2(text, value):
    read = read_text(text, "x.yaml").plain()
    assert read == value
    assert type(read) is type(value)


@pytest.mark.usefixtures("parser")
def test_not_a_number_reads_as_such_for_the_check_of_numbers_to_refuse():
    assert math.isnan(read_text(".nan", "x.yaml").plain())


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb:\n  a: 1\n  a: 2\n", '4:3: the key "a" appears twice: first in line 3'),
        ("{a: 1, 'a': 2}", '1:8: the key "a" appears twice: first in line 1'),
        (
            "a: !!python/object/apply:os.system [x]",
            (
                '1:4: the tag "!!python/object/apply:os.system" is not supported: '
                "write plain values without tags"
            ),
        ),
        ("a: !mine 3", '1:4: the tag "!mine" is not supported: write plain values without tags'),
        (
            "a: !!binary aGk=",
            '1:4: the tag "!!binary" is not supported: write plain values without tags',
        ),
        ("a: !!set {b}", '1:4: the tag "!!set" is not supported: write plain values without tags'),
        ("a: !!int 3.5", "1:4: the tag !!int does not fit this value"),
        (
            "a: 1\n---\nb: 1",
            "2:1: a second document begins here: a file must have only one document",
        ),
        ("1: x", "1:1: a key must be text, got 1: put it in quotes"),
        ("null: x", "1:1: a key must be text, got nothing (null): put it in quotes"),
        ("true: x", "1:1: a key must be text, got true: put it in quotes"),
        ("{{a}: x}", "1:2: a key must be text, got a mapping: put {...} or [...] in quotes"),
        ("? [a]\n: x", "1:3: a key must be text, got a list: put {...} or [...] in quotes"),
        ("k: &k [a]\n*k : x", "2:1: a key must be text, got a list"),
        (
            "<<: {a: 1}",
            '1:1: merge keys ("<<") are not supported: use extends, or repeat the values',
        ),
        ("a: *b", '1:4: there is no anchor "&b" before this alias'),
        ("a: &a [*a]", '1:8: the anchor "&a" contains itself'),
        ("a: &a {b: {c: *a}}", '1:15: the anchor "&a" contains itself'),
        ("", "1:1: is empty"),
        ("# only a remark\n", "1:1: is empty"),
        ("a:\u00a01", f"1:3: {_ODD.format('00A0')}"),
        ("a:\n  b:\u00a01\n", f"2:5: {_ODD.format('00A0')}"),
        ("a:\n  b: 2\n  c:\u00a01\n", f"3:5: not readable as YAML: {_ODD.format('00A0')}"),
        ("a:\u00a01\nb: 2\n", f"1:3: {_ODD.format('00A0')}"),
        ("a: 2\nb:\u00a01\nc: 2\n", f"2:3: not readable as YAML: {_ODD.format('00A0')}"),
        ("a:\n\u00a0\u00a0b: 1\n", f"2:1: {_ODD.format('00A0')}"),
        ("a:\n  c: 1\n \u2009b: 1\n", f"3:2: not readable as YAML: {_ODD.format('2009')}"),
        ("a: {b:\u202f1}", f"1:7: {_ODD.format('202F')}"),
        ("a: [b:\u202f1]", f"1:7: {_ODD.format('202F')}"),
        ("a: 0.036\u00a0", f"1:9: {_ODD.format('00A0')}"),
        ("a: \u200a0.036", f"1:4: {_ODD.format('200A')}"),
        ('"a\u3000b": 1', f"1:1: {_ODD.format('3000')}"),
        ("- a\n-\u00a0b: 1", f"2:2: not readable as YAML: {_ODD.format('00A0')}"),
        ("a: \x01", "1:4: the character U+0001 is not allowed: remove it"),
        ("a: 1\nb: x\x00", "2:5: the character U+0000 is not allowed: remove it"),
        (
            "{burden: 0,0205, x: 1}",
            ("1:12: a key must be text, got 205: write 0.0205: numbers have a point, no comma"),
        ),
        (
            "a: {gdp: 869,680}",
            ("1:14: a key must be text, got 680: write 869680: numbers have no comma"),
        ),
        ("{a: 1, 7: x}", "1:8: a key must be text, got 7: put it in quotes"),
        (
            "states:\n  A:\n    gdp: 3\n     burden: 4\n",
            (
                "4:6: not readable as YAML: this line is indented more (5) than line 3 (4), which "
                "already has a value: indent both equally"
            ),
        ),
        (
            "states:\n  A:\n    gdp: 3\n\n   # why\n   burden: 4\n",
            (
                "6:4: not readable as YAML: the indentation of this line (3) does not match any "
                "open block above (0, 2, 4)"
            ),
        ),
        (
            "states:\n  A: {gdp: 1}\n   B: {gdp: 2}\n",
            (
                "3:4: not readable as YAML: this line is indented more (3) than line 2 (2), which "
                "already has a value: indent both equally"
            ),
        ),
        (
            "  scenario: x\ntitle: y\n",
            "2:1: not readable as YAML: this line is indented less (0) than the first line (2)",
        ),
        (
            "b: 2\na:1\nc: 3\n",
            '2:1: not readable as YAML: this line has no ": ": write a space after the colon',
        ),
        (
            "note: this: that\n",
            '1:11: not readable as YAML: a second ": " in one line: put the text in quotes',
        ),
        (
            r'title: "\e]0;PWNED\a"',
            "1:8: the character U+001B is not allowed: remove it",
        ),
        (r'a: ["x", "nul \0"]', "1:10: the character U+0000 is not allowed: remove it"),
        (r'a: "bidi \u202Eevil\u202C"', "1:4: the character U+202E is not allowed: remove it"),
        (r'a: "mark \u200F"', "1:4: the character U+200F is not allowed: remove it"),
        (r'a: "line \u2028 end"', "1:4: the character U+2028 is not allowed: remove it"),
        (r'a: "no width \u200B"', "1:4: the character U+200B is not allowed: remove it"),
        (r'a: "tag \U000E0001"', "1:4: the character U+E0001 is not allowed: remove it"),
        ("a: bidi \u2067evil", "1:4: the character U+2067 is not allowed: remove it"),
        (r'{"g\e[2Jdp": 1}', "1:2: the character U+001B is not allowed: remove it"),
        (r'"x\ny": 3', "1:1: a key must be on one line: remove the line end from it"),
        ("[" * 100_000, "1:41: nested deeper than 40 levels"),
        ("- " * 100_000, "1:81: nested deeper than 40 levels"),
        ("{a: " * 100_000, "1:161: nested deeper than 40 levels"),
        ("a: " + "9" * 5000, "1:4: the number is too long (5000 characters)"),
        (
            "a:\n\tb: 1",
            (
                "2:1: not readable as YAML: a tab is used where only spaces are allowed: "
                "indent with spaces"
            ),
        ),
    ],
)
def test_a_fault_of_syntax_is_reported_at_its_place(text, said):
    assert fault(text) == "x.yaml:" + said


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    "text", ["a: [1, 2\nb: 3", "a: 'x", "a: b: c", "a:\n  - b\n c: d", "%YAML 3.0\n---\na"]
)
def test_text_that_yaml_cannot_parse_is_reported_with_its_place(text):
    assert fault(text).startswith("x.yaml:")
    assert "not readable as YAML: " in fault(text)


@pytest.mark.usefixtures("parser")
def test_aliases_expand_to_the_same_value():
    read = read_text("a: &x {b: [1, 2]}\nc: *x\nd: [*x, *x]", "x.yaml").plain()
    assert read["c"] == read["a"] == read["d"][1]


@pytest.mark.usefixtures("parser")
def test_a_bomb_of_aliases_is_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    said = fault("\n".join(lines))
    assert said.endswith("aliases expand to more than 100,000 nodes")


@pytest.mark.usefixtures("parser")
def test_aliases_do_not_hide_depth():
    deep = "&a " + "[" * 25 + "]" * 25
    assert "nested deeper" in fault(f"x: {deep}\ny: " + "[" * 20 + "*a" + "]" * 20)
    read_text(f"x: {deep}\ny: " + "[" * 10 + "*a" + "]" * 10, "x.yaml")


@pytest.mark.usefixtures("parser")
def test_forty_levels_are_allowed():
    read_text("[" * 40 + "]" * 40, "x.yaml")
    assert "nested deeper" in fault("[" * 41 + "]" * 41)


@pytest.mark.usefixtures("parser")
def test_every_value_and_key_keeps_its_place():
    root = read_text("a:\n  b: [1, {c: 2}]\n  d: é 3\n", "x.yaml")
    assert find(root, steps_of("a.b[1].c")).mark == Mark("x.yaml", 2, 14)
    assert mark_of(root, steps_of("a.d")) == Mark("x.yaml", 3, 6)
    assert mark_of(root, steps_of("a.d"), key=True) == Mark("x.yaml", 3, 3)
    assert mark_of(root, steps_of("a.missing")) == Mark("x.yaml", 1, 1)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a: 1\nb: caf\xe9\n", "2:7: the byte 0xe9 is not UTF-8: save the file as UTF-8"),
        ("a: 1".encode("utf-16"), "1:1: is UTF-16 text: save it as UTF-8"),
        (b"- a\n", "1:1: must be a mapping such as `scenario: name`, got a list"),
        (b"text", '1:1: must be a mapping such as `scenario: name`, got text "text"'),
    ],
)
def test_a_file_has_to_be_a_mapping_in_utf_8(folder, data, said):
    (folder / "x.yaml").write_bytes(data)
    with pytest.raises(InputError) as raised:
        read_file(folder / "x.yaml")
    assert str(raised.value) == "x.yaml:" + said


def test_a_byte_order_mark_is_passed_over(folder):
    (folder / "x.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_file(folder / "x.yaml").plain() == {"a": 1}


def test_files_that_cannot_be_read_are_reported(folder):
    (folder / "large.yaml").write_bytes(b"#" * 10_000_001)
    (folder / "folder.yaml").mkdir()
    said = {}
    for name in ("large.yaml", "folder.yaml", "none.yaml", "nul\0.yaml"):
        with pytest.raises(InputError) as raised:
            read_file(folder / name)
        said[name] = str(raised.value).split(": ", 1)[1]
    assert said == {
        "large.yaml": "is larger than 10 MB",
        "folder.yaml": "is not an ordinary file: give a YAML or CSV file",
        "none.yaml": "no such file",
        "nul\0.yaml": "cannot be read: not a path",
    }


NUMBER = re.compile(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?|[-+]?0[xo][0-9a-fA-F]+")  # in YAML 1.2
names = st.text("abcdefgh_ é-.", min_size=1, max_size=6)
refused = (
    "Cc",
    "Cf",
    "Cs",
    "Cn",
    "Co",
    "Zl",
    "Zp",
    "Zs",
)  # of Zs, spaces only where YAML wants one
printable = st.characters(  # tags and variation selectors, from U+E0000 on, are refused too
    exclude_categories=refused, include_characters=" \t\n", max_codepoint=0xDFFFF
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False)
    | st.text(printable, max_size=8).filter(lambda text: not NUMBER.fullmatch(text))
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=20,
)


@given(documents, st.booleans())
def test_what_yaml_writes_is_read_back(document, flow):
    text = yaml.safe_dump(document, default_flow_style=flow, allow_unicode=True)
    read = read_text(text, "x.yaml").plain()
    assert read == document


@given(st.text("[]{}:,-?&*!|>'\"%@`# \n\tab1.é\\", max_size=60))
def test_no_text_does_more_than_be_refused(text):
    problems = ()
    try:
        read_text(text, "x.yaml")
    except InputError as error:
        problems = error.problems
    assert all(problem.line >= 1 for problem in problems)


@pytest.mark.usefixtures("parser")
def test_a_text_keeps_its_no_break_spaces():
    text = "note: a\u00a0; 10\u00a0% of it\nother: NB:\u202fb\nquoted: '\u00a0'\n"
    values = read_text(text, "x.yaml").plain()
    assert values == {
        "note": "a\u00a0; 10\u00a0% of it",
        "other": "NB:\u202fb",
        "quoted": "\u00a0",
    }
