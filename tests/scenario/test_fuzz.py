"""Scenarios broken at random: each is either sound or refused in plain, printable words.

`FUZZ_CASES` sets how many are tried (`make fuzz`: 100,000); a failing case is shrunk by hypothesis.
"""

import copy
import os
import signal
import unicodedata
import warnings
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.kernel.errors import InputError
from sim.scenario.doubts import doubts
from sim.scenario.load import load

pytestmark = pytest.mark.usefixtures("real_names")  # else all that is sound is refused
HERE = Path(__file__).parent
CASES = int(os.environ.get("FUZZ_CASES", "2000"))
SECONDS = 12  # of processor time, whatever else the machine does: a case that takes longer hangs
LONGEST = 1500  # characters of one problem
TEXTS = {
    "every_key": (HERE / "every_key.yaml").read_text(encoding="utf-8"),
    "small": (HERE.parent / "experiments" / "small.yaml").read_text(encoding="utf-8"),
}
DOCUMENTS = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
KEYS = sorted(
    {key for document in DOCUMENTS.values() for key in document}
    | {"at", "by", "dist", "from", "high", "low", "member", "of", "set", "source", "to", "value"}
    | {"lag", "least", "most", "outcome", "when", "with"}
)
ODD_TEXTS = [
    "", " ", "\n", "\t", "a" * 5000, "\u202eKAP", "\u2066x", "\x00", "\x1b[31mred", "\x07", "日本",
    "é" * 9, "\uff12\uff10\uff11\uff10-Q2", "2010-Q5", "2010-02-30", "0000", "9999-12", "-2010",
    "2011-Q2..2010-Q1", "..", "yes", "~", "0x1F", "012", "1_000", "1e3", ".inf", "-.NaN", "KAP",
    "KPA", "KAP>KAP", "KAP>", "cohesion STRAIT", "cohesion", "cohesion STRAIT at", "sold KAP>MON",
    "../x.yaml", "/etc/passwd", "__class__", "%s%n", "=1+1", "<script>", "a.b.c",
    "states.KAP.gdp", "laws.restraint.norm_weight", "assumed",
]  # fmt: skip
ODD_NUMBERS = [
    0, 1, -1, 2, 0.5, 85, 1e308, -1e308, 1e15, 5e-324, 10**50, 10**400, -(10**400), 2**63, 2**64,
    2**64 - 1, float("nan"), float("inf"), -float("inf"),
]  # fmt: skip
SNIPPETS = [
    "&a ", "*a", "<<: *a\n", "!!python/object/apply:os.system ['id']", "!!binary ", "!!set ",
    "!foo ", "---\n", "...\n", "%YAML 1.1\n", "|\n", "? ", "- ", "{", "}", "[", "]", ",", ":",
    "#", "'", '"', "\t", "\x00", "\r", "\u2028", "\ufeff", '"\\e[31m"', '"\\0"', '"\\u202e"',
    '"\\ud800"', "\\x", "@", "`", "9" * 400, "[" * 5000, "{a: " * 50, "&a [*a]", "~",
    "2010-01-01", "1:2:3", "=",
]  # fmt: skip

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(ODD_TEXTS),
    st.sampled_from(ODD_NUMBERS),
    st.floats(),
    st.integers(-(10**12), 10**12),
    st.text(max_size=8),
)
VALUES = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(
        st.sampled_from([*KEYS, "x.y", "1", "\x1b[31mK", "K" * 300]), SCALARS, max_size=3
    ),
    st.fixed_dictionaries({"value": SCALARS, "dist": st.sampled_from(["uniform", "normal"])}),
)
EDITS = st.tuples(
    st.sampled_from(["set", "set", "delete", "rename", "insert", "wrap", "copy"]),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    VALUES,
)
SPLICES = st.tuples(
    st.sampled_from(["insert", "delete", "repeat", "swap", "dedent"]),
    st.integers(0, 10**6),
    st.integers(1, 200),
    st.one_of(st.sampled_from(SNIPPETS), st.characters()),
)
NAMES = st.sampled_from(sorted(TEXTS))
BROKEN = st.one_of(
    st.tuples(st.just("document"), NAMES, st.lists(EDITS, min_size=1, max_size=5)),
    st.tuples(st.just("text"), NAMES, st.lists(SPLICES, min_size=1, max_size=6)),
    st.tuples(st.just("flag"), NAMES, st.lists(EDITS, min_size=1, max_size=2)),
)


def places(value, path=()):
    """Return the path of every value in a document, the document's own first."""
    found = [path]
    if isinstance(value, dict):
        for key, each in value.items():
            found += places(each, (*path, key))
    if isinstance(value, list):
        for at, each in enumerate(value):
            found += places(each, (*path, at))
    return found


def at(document, path):
    for step in path:
        document = document[step]
    return document


def edited(document, edits):
    """Return a document after edits, each of a value, its key or its surroundings."""
    for kind, first, second, value in edits:
        paths = places(document)[1:]
        if not paths:
            return document
        path = paths[first % len(paths)]
        holder, key = at(document, path[:-1]), path[-1]
        if kind == "delete":
            del holder[key]
        elif kind == "rename" and isinstance(holder, dict):
            names = [*KEYS, "", "x.y", "\x1b[31mK", "\u202e", "K" * 300, "A-B"]
            holder[names[second % len(names)]] = holder.pop(key)
        elif kind == "insert" and isinstance(holder[key], dict):
            holder[key][KEYS[second % len(KEYS)]] = value
        elif kind == "wrap":
            holder[key] = [holder[key]]
        elif kind == "copy":
            holder[key] = copy.deepcopy(at(document, paths[second % len(paths)]))
        else:
            holder[key] = value
    return document


def spliced(text, splices):
    """Return a text after splices: cut, repeated, inserted into, or with lines moved."""
    for kind, start, length, snippet in splices:
        place = start % (len(text) + 1)
        lines = text.split("\n")
        line = start % len(lines)
        if kind == "insert":
            text = text[:place] + snippet + text[place:]
        elif kind == "delete":
            text = text[:place] + text[place + length :]
        elif kind == "repeat":
            text = text[: place + length] + text[place:]
        elif kind == "swap":
            other = length % len(lines)
            lines[line], lines[other] = lines[other], lines[line]
            text = "\n".join(lines)
        else:
            lines[line] = " " * (length % 6) + lines[line].lstrip()
            text = "\n".join(lines)
    return text


def written(value, **style):
    """Return a value as YAML (by libyaml: the fuzzer writes more than it reads)."""
    return yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, **style)


@contextmanager
def no_hang():
    def ring(*_):
        message = f"longer than {SECONDS} s"
        raise TimeoutError(message)

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def printable(text):
    """Return whether a terminal shows every character of a line and obeys none."""
    return not any(unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for each in text)


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_broken_was_sound_before(name, tmp_path):
    file = tmp_path / "whole.yaml"
    file.write_text(written(DOCUMENTS[name]), encoding="utf-8")
    assert not list(doubts(load(file)))


@pytest.mark.parametrize("satiation", ["5e-324", "1e15"])
def test_the_smallest_and_largest_allowed_numbers_cause_no_warning(satiation):
    file = HERE.parent / "experiments" / "small.yaml"
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        list(doubts(load(file, sets=[f"classes.armour.satiation={satiation}"])))
    assert said == []


@pytest.mark.study
@settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    derandomize="FUZZ_RANDOM" not in os.environ,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(broken=BROKEN)
def test_a_broken_scenario_is_refused_in_printable_lines(broken, tmp_path_factory):
    kind, name, changes = broken
    file = tmp_path_factory.getbasetemp() / "broken.yaml"
    sets = []
    if kind == "document":
        text = written(edited(copy.deepcopy(DOCUMENTS[name]), changes))
    elif kind == "text":
        text = spliced(TEXTS[name], changes)
    else:
        text = TEXTS[name]
        paths = places(DOCUMENTS[name])[1:]
        for _, first, _, value in changes:
            path = ".".join(map(str, paths[first % len(paths)]))
            flow = written(value, default_flow_style=True)
            sets.append(path + "=" + flow.removesuffix("...\n").strip())
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with no_hang(), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            messages = list(map(str, doubts(load(file, sets=sets))))
        except InputError as error:
            messages = list(map(str, error.problems)) or ["\n"]
    for message in messages:
        assert printable(message), message
        assert len(message) <= LONGEST, message
