"""Properties of every mechanism of the register."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pytest

from sim.cli.commands import mechanisms as command
from sim.conform.domains import arrays_for, methods_of, total
from sim.documents.nodes import DottedPath
from sim.documents.sources import ASSUMED, reference_keys
from sim.experiments.ablation.mechanisms import FAMILIES, MECHANISMS
from sim.experiments.design import Axis, Design, idle
from sim.kernel.parameters import parameters_of
from sim.kernel.rules import ROLES, rules_in_force
from sim.scenario.load import load
from sim.scenario.paths import number_paths

ROOT = Path(__file__).parents[3]
STEPS = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "sim/steps").glob("*.py")))
FULL = ROOT / "tests" / "scenario" / "every_key.yaml"
EACH = pytest.mark.parametrize("mechanism", MECHANISMS.values(), ids=MECHANISMS)
LAWS = [
    (name, DottedPath(path), value)
    for name, each in MECHANISMS.items()
    for path, value in each.off.items()
    if DottedPath(path).of_law
]
KEYS = [
    (name, path, value)
    for name, each in MECHANISMS.items()
    for path, value in each.off.items()
    if not DottedPath(path).of_law
]


@pytest.fixture(scope="module")
def full():
    return load(FULL)


def forms(path):
    """Return the laws of a role that have a parameter."""
    return [law for law in ROLES[path.entry].values() if path.key in parameters_of(law)]


@EACH
def test_a_mechanism_says_what_it_does_where_it_is_off_and_whose_idea_it_is(mechanism):
    assert re.fullmatch(r"[a-z_]+", mechanism.name)
    assert mechanism.text.endswith(".")
    assert "\n" not in mechanism.text
    assert mechanism.source in {*reference_keys(), ASSUMED}
    assert mechanism.off or mechanism.rules


def test_no_two_mechanisms_share_a_name_or_a_switch():
    names = [each.name for family in FAMILIES.values() for each in family]
    switches = [path for each in MECHANISMS.values() for path in (*each.off, *each.rules)]
    assert len(names) == len(set(names))
    assert len(switches) == len(set(switches))


def test_every_parameter_declared_as_off_has_a_row():
    declared = {
        f"laws.{role}.{name}"
        for role, laws in ROLES.items()
        for law in laws.values()
        for name, about in parameters_of(law).items()
        if about.off
    }
    assert declared <= {path for each in MECHANISMS.values() for path in each.off}


@EACH
def test_a_mechanism_is_off_within_bounds_or_says_that_it_is_beyond(mechanism, full):
    known = number_paths(full.base)
    outside = [
        not (about.low <= value <= about.high)
        for path, value in mechanism.off.items()
        if (at := DottedPath(path)).of_law
        for about in [parameters_of(law)[at.key] for law in forms(at)]
    ]
    outside += [
        bool(known[path].leaf.outside(value)) for path, value in mechanism.paths(known).items()
    ]
    assert any(outside) == mechanism.beyond


@pytest.mark.parametrize(("name", "path", "value"), LAWS, ids=[str(path) for _, path, _ in LAWS])
def test_off_and_on_a_law_answers_otherwise_or_a_step_reads_its_parameter(name, path, value):
    laws = forms(path)
    assert laws, f"{name}: no law of {path.entry} has {path.key}"
    for law in laws:
        said = f"{name}: {law.__name__} answers the same with {path.key} {value:g}"
        read = re.search(rf"\b(law|{path.entry})\.{path.key}\b", STEPS)
        assert read or differs(law, path.key, value), said


def differs(law, name, value):
    """Return whether any answer of a law is another with a parameter at a value.

    A mechanism that is off by default is switched on at the middle of its bounds.
    """
    about = parameters_of(law)[name]
    on = (about.low + about.high) / 2 if about.value == value else about.value
    for method in methods_of(law):
        for seed in range(3):
            given = arrays_for(law, method, seed)
            here, there = (
                total(getattr(law(**{name: each}), method)(**given)) for each in (on, value)
            )
            if not np.array_equal(here, there, equal_nan=True):
                return True
    return False


@pytest.mark.parametrize(("name", "path", "value"), KEYS, ids=[path for _, path, _ in KEYS])
def test_off_and_on_a_key_of_scenarios_compiles_otherwise(name, path, value, full):
    known = number_paths(full.base)
    there = [each for each in MECHANISMS[name].paths(known) if known[each].value != value]
    mine = [each for each in there if len(each.split(".")) == len(path.split("."))]
    mine = mine[:1]  # each takes its time
    assert mine, f"{name}: nothing in {FULL.name} is named {path}, or all of it is off"
    assert all(known[each].rides for each in mine)
    columns = {each: np.array([value, float(known[each].value)]) for each in mine}
    design = Design(tuple(Axis(each, rides=True) for each in mine), columns)
    assert idle(full.base, design, frozenset()) == []


@EACH
def test_a_mechanism_that_is_a_rule_is_off_under_one_of_several_forms(mechanism):
    for role, rule in mechanism.rules.items():
        assert rule in ROLES[role]
        assert len(ROLES[role]) > 1


def test_a_mechanism_without_its_facts_or_under_another_form_cannot_be_switched_off(full):
    known, rules = number_paths(full.base), rules_in_force(full.base.rules)
    bare = {path: each for path, each in known.items() if not path.startswith("trade.")}
    assert MECHANISMS["sanctions"].is_on(known, rules)
    assert not MECHANISMS["sanctions"].is_on(bare, rules)
    assert MECHANISMS["freezing"].is_on(known, {**rules, "membership": "shocks"})
    for form in ("priced", "standard"):
        assert not MECHANISMS["freezing"].is_on(known, {**rules, "membership": form})


@EACH
def test_facts_that_a_mechanism_asks_for_are_those_of_scenarios(mechanism, full):
    there = [path for path in number_paths(full.base) if fnmatchcase(path, mechanism.asks)]
    assert there or not mechanism.asks


def test_the_page_of_mechanisms_is_that_of_the_register():
    written = (ROOT / "docs" / "ablation.md").read_text(encoding="utf-8")
    assert written == command.page(), "run `blocsim mechanisms --markdown > docs/ablation.md`"
    assert all(f"| `{name}` |" in written for name in MECHANISMS)
