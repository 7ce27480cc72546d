"""Loading: the result is a Scenario that has passed every check, or the list of faults."""

from __future__ import annotations

import json
import random
from copy import deepcopy

import pytest
import yaml

from sim.documents.package_data import shipped_scenarios
from sim.documents.sources import keys_of, reference_keys
from sim.kernel.errors import InputError
from sim.kernel.rules import FORMER
from sim.scenario.compile import layouts
from sim.scenario.load import load
from tests import shipped

RICH = """\
outcomes: [cohesion CSTO, sold BLR>AZE polonez by 2019]
expect: {a: {outcome: cohesion CSTO, variant: sale, versus: baseline, sign: negative}}
sweep: {blocs.CSTO.norm: {low: 0, high: 1}, laws.threat.reach: {values: [1000, 2000]}}
laws: {threat: {reach: 1000}}
rivalries: {ARM: {with: {AZE: 0.9}, source: assumed}}
affinities: {ARM: {toward: {RUS: 0.5}, source: [sipri, assumed]}}
arsenals: {ARM: {units: {iskander: {value: 4, dist: normal, low: 2, high: 6}}, source: sipri}}
assets: {a: {owner: ARM, value: 1, radius: 300, hardness: 5, source: assumed}}
events:
  sale: {at: 2018-Q2, order: {supplier: BLR, recipient: AZE, system: polonez, units: 6},
    source: sipri}
  shock: {at: 2019, set: {path: states.ARM.burden, value: 0.1}, source: assumed}
  war: {at: 2019, incident: {states: [AZE, ARM], war: true, attacker: AZE}, source: assumed}
variants: {sale: {offers: {polonez: {price: 70}}}, calm: {events: null}}
"""


def test_a_scenario_has_its_parts(read):
    scenario = read(RICH)
    assert (scenario.name, scenario.title, scenario.question) == (
        "tiny",
        "A tiny scenario",
        "Does it load?",
    )
    assert [outcome.text for outcome in scenario.outcomes] == scenario.document["outcomes"]
    assert scenario.base.time.period == "quarter"
    assert list(scenario.base.states) == ["ARM", "AZE", "BLR", "RUS"]
    assert scenario.base.blocs["CSTO"].members == ("ARM", "BLR", "RUS")
    assert scenario.base.blocs["CSTO"].belief == {"ARM": 0.5, "BLR": 0.5, "RUS": 0.5}
    assert scenario.base.events["war"].action.states == ("AZE", "ARM")
    assert scenario.base.affinities["ARM"].source == ("sipri", "assumed")
    assert "variants" not in scenario.document
    json.dumps(scenario.document)
    assert scenario.sources["affinities.ARM.toward.RUS"] == "sipri, assumed"
    assert scenario.where("rivalries.ARM.with.AZE") == "x.yaml:6:31"
    assert scenario.where("outcomes[1]") == "x.yaml:2:27"


def test_the_order_of_the_text_has_no_effect(read, folder):
    def turned(value):
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return value

    first = read(RICH)
    document = turned(yaml.safe_load((folder / "base.yaml").read_text().replace("e4", "0000.0")))
    document["states"]["RUS"]["gdp"] = 1_000_000
    for key in ("ARM", "AZE", "BLR"):
        document["states"][key]["gdp"] = {"ARM": 1e4, "AZE": 4e4, "BLR": 5e4}[key]
    (folder / "base.yaml").write_text(json.dumps(document))
    again = read(RICH)
    assert again.hash == first.hash
    assert again.base == first.base
    assert list(again.base.states) == list(first.base.states)


def test_what_a_scenario_says_changes_the_hash(read):
    first = read(RICH)
    assert read(RICH.replace("reach: 1000", "reach: 1000.0")).hash == first.hash
    assert read(RICH.replace("reach: 1000", "reach: 1001")).hash != first.hash
    assert read(RICH.replace("price: 70", "price: 71")).hash != first.hash
    assert read(RICH, seed=1).hash != first.hash


ALONE = """\
scenario: alone
title: One state
question: Whom does it meet?
time: {start: 2018-Q1, end: 2018-Q4}
states:
  AAA: {name: A, latitude: 0, longitude: 1, gdp: 1, burden: 0, import_share: 0, source: assumed}
"""


@pytest.mark.usefixtures("folder")
def test_a_world_of_one_state_is_refused_at_its_place():
    with open("alone.yaml", "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(ALONE)
    with pytest.raises(InputError) as raised:
        load("alone.yaml")
    assert str(raised.value) == "alone.yaml:5:1: states: needs at least two states"


def test_names_that_share_an_address_of_draws_are_refused_by_every_door(read, monkeypatch):
    monkeypatch.setattr(layouts, "colliding", lambda names: [sorted(names)[:2]])
    with pytest.raises(InputError, match=r"^x\.yaml:1:1: ARM and ARM-AZE share an address of "):
        read("")


def test_expectations_of_a_file_whose_outcomes_are_replaced_say_what_to_write(folder):
    (folder / "parent.yaml").write_text(
        "extends: [base.yaml]\noutcomes: [cohesion CSTO]\n"
        "expect: {a: {outcome: cohesion CSTO, variant: baseline, low: 0}}\n"
    )
    child = "extends: [parent.yaml]\noutcomes: [belief ARM:CSTO]\n"
    (folder / "child.yaml").write_text(child)
    with pytest.raises(InputError) as raised:
        load("child.yaml")
    assert str(raised.value) == (
        'parent.yaml:3:23: expect.a.outcome: no outcome "cohesion CSTO"; the outcomes in child.yaml'
        " replace those that it refers to: add it to them, or write `expect: null` in "
        "child.yaml (`expect: {a: null}` for this one)"
    )
    (folder / "child.yaml").write_text(child + "expect: null\n")
    assert load("child.yaml").base.expect == {}


def test_dates_may_be_years(read):
    assert read("time: {start: 2017, end: '2020'}\n").base.time.start == "2017"


def test_a_null_that_means_something_may_be_written(read):
    text = (
        "events: {a: {at: 2018, appeal: {state: ARM, bloc: CSTO, attacker: null, answer: null}, "
        "source: sipri, note: null}}\n"
    )
    assert read(text).base.events["a"].action.attacker is None


@pytest.mark.usefixtures("folder")
def test_an_unknown_scenario_is_reported():
    with pytest.raises(InputError) as raised:
        load("polonez_vs_iskandr")
    assert str(raised.value) == (
        'polonez_vs_iskandr: no scenario "polonez_vs_iskandr" (did you mean '
        '"polonez_vs_iskander"?): `blocsim list` names them all'
    )
    with pytest.raises(InputError) as raised:
        load("nowhere/x.yaml")
    assert str(raised.value) == "nowhere/x.yaml: no such file"
    for name in ("", ".", "a\0b", "x" * 5000, "\udcff.yaml"):
        with pytest.raises(InputError):
            load(name)


def test_a_file_comes_before_a_shipped_name(folder):
    (folder / "polonez_vs_iskander").write_text("a: [\n")
    with pytest.raises(InputError, match="not readable as YAML"):
        load("polonez_vs_iskander")


@pytest.mark.usefixtures("real_names")
def test_every_shipped_scenario_loads():
    assert "polonez_vs_iskander" in shipped_scenarios()
    for name in shipped_scenarios():
        scenario = shipped.read(name)
        assert scenario.name == name
        assert set(scenario.sources) >= {f"states.{name}.gdp" for name in scenario.base.states}


@pytest.mark.usefixtures("real_names")
@pytest.mark.parametrize("went", FORMER, ids=".".join)
def test_removed_parameters_of_laws_are_reported_with_a_remedy(went):
    role, name = went
    path = f"rules.{role}={name}" if name == "needs_harm" else f"laws.{role}.{name}=0.5"
    with pytest.raises(InputError) as found:
        load("hub_and_spoke", sets=[path])
    assert f'"{name}"' in str(found.value)
    assert f"any more: {FORMER[went]}" in str(found.value)


@pytest.mark.usefixtures("real_names")
def test_keys_of_references_are_read_from_bibtex():
    text = "@Article{a1,\n title={x}}\n@comment{no, x}\n  @book{ b:2 ,\n}\n@string{c = {d}}"
    assert keys_of(text) == {"a1", "b:2"}
    assert reference_keys()


JUNK = [
    None,
    True,
    -1,
    0,
    3,
    1e300,
    float("nan"),
    float("inf"),
    10**60,
    "",
    "x",
    "ARM",
    "2018-Q9",
    "é\n{}%s",
    [],
    {},
    [None],
    {"value": 1},
    {"x": {"y": []}},
    ["ARM", "ARM"],
    {"value": 1, "dist": "uniform", "low": 0, "high": 2},
]


def spots(value, above=()):
    """Yield the path of every value of a document."""
    yield above
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from spots(each, (*above, key))


def spoiled(document, rng):
    """Return a document with one value replaced, removed, renamed or doubled elsewhere."""
    document = deepcopy(document)
    *above, last = rng.choice([spot for spot in spots(document) if spot])
    place = document
    for step in above:
        place = place[step]
    choice = rng.randrange(4)
    if choice == 0 or not isinstance(place, dict):
        place[last] = deepcopy(rng.choice(JUNK))
    elif choice == 1:
        del place[last]
    elif choice == 2:
        place[rng.choice(["zzz", "ARM", "source", "a b", "value", "set"])] = place.pop(last)
    else:
        place[last] = deepcopy(rng.choice(list(document.values())))
    return document


def test_no_document_does_more_than_be_refused(read, folder):
    base = read(RICH)
    whole = base.document | {"variants": {"v": {"offers": {"polonez": {"price": 70}}}}}
    told = []
    for seed in range(120):
        rng = random.Random(seed)  # noqa: S311
        document = spoiled(spoiled(whole, rng) if seed % 2 else whole, rng)
        text = yaml.safe_dump(document, allow_unicode=True)
        (folder / "y.yaml").write_text(text, encoding="utf-8")
        try:
            load("y.yaml")
        except InputError as error:
            told.extend(error.problems)
    assert told
    assert not [each for each in told if "pydantic" in str(each) or not each.message]
