"""Paths: every number has one, with unit, bounds and source."""

from __future__ import annotations

import pytest

from sim.documents.leaves import Uncertain
from sim.documents.nodes import DottedPath
from sim.documents.tree import YamlBlock, fields_of, shape_of
from sim.experiments.priors import uncertain_of
from sim.scenario.citations import citations
from sim.scenario.paths import PathError, number_paths, replaced
from sim.scenario.schema.root import Model

TEXT = """\
laws: {threat: {reach: 1000}}
blocs: {CSTO: {preference: {value: 0.3, dist: uniform, low: 0.1, high: 0.5, source: walt1985}}}
imports: {ARM: {from: {RUS: 30}, source: sipri}}
events: {gift: {at: 2018, loan: {lender: RUS, borrower: ARM, amount: 9}, source: sipri}}
"""


@pytest.fixture
def model(read):
    return read(TEXT).base


def test_numbers_of_states_blocs_events_and_laws_have_paths(model):
    paths = number_paths(model)
    assert paths["states.ARM.gdp"].value == 1e4
    assert paths["states.ARM.gdp"].unit == "M USD of 2016"
    assert paths["states.ARM.gdp"].source == ("own_note",)
    assert paths["imports.ARM.from.RUS"].value == 30
    assert paths["events.gift.probability"].value == 1
    assert paths["events.gift.loan.amount"].source == ("sipri",)
    assert paths["blocs.CSTO.engagement.ARM"].value == 0.6
    assert paths["blocs.CSTO.engagement.RUS"].value == 1
    assert paths["laws.threat.reach"].value == 1000
    assert (paths["laws.threat.reach"].low, paths["laws.threat.reach"].high) == (500, 20_000)
    assert paths["laws.consent.norm_weight"].value == 2
    assert "laws.threat.weight" not in paths
    assert not {"runs", "seed", "time.start", "offers.polonez.stock"} & set(paths)


def test_an_uncertain_number_keeps_its_own_source(model):
    number = number_paths(model)["blocs.CSTO.preference"]
    assert number.value == Uncertain(0.3, "uniform", 0.1, 0.5, ("walt1985",))
    assert number.source == ("walt1985",)


def test_a_plain_number_may_have_a_source_of_its_own(read):
    text = """\
blocs: {CSTO: {preference: {value: 0.3, source: walt1985}}}
laws: {threat: {reach: {value: 900, source: [walt1985, sipri]}}}
"""
    model = read(text).base
    own = [number_paths(model)[each] for each in ("blocs.CSTO.preference", "laws.threat.reach")]
    assert [each.source for each in own] == [("walt1985",), ("walt1985", "sipri")]
    assert [each.value for each in own] == [0.3, 900]
    places = {each.key: each.places for each in citations(model)}
    assert {"blocs.CSTO.preference", "laws.threat.reach"} <= {*places["walt1985"]}
    assert not {"blocs.CSTO.preference", "laws.threat.reach"} & {*uncertain_of(model)}
    assert "laws.threat.reach" in uncertain_of(read("laws: {threat: {reach: 900}}\n").base)


def test_a_default_is_an_assumption(model):
    assert number_paths(model)["states.ARM.growth"].source == ("assumed",)
    assert number_paths(model)["laws.consent.norm_weight"].source == ("assumed",)


def test_the_certainty_of_an_event_is_what_its_source_says(model):
    assert number_paths(model)["events.gift.probability"].source == ("sipri",)


def test_masks_ride_and_shapes_make_classes(model):
    paths = number_paths(model)
    assert paths["offers.polonez.open"].rides
    assert paths["offers.polonez.open"].value == 1
    assert paths["states.ARM.burden"].rides
    assert not paths["offers.polonez.instalments"].rides


def test_an_unknown_path_is_reported(model):
    with pytest.raises(PathError) as raised:
        replaced(model, {"states.ARM.burdn": 0.1})
    assert str(raised.value) == ('no number "states.ARM.burdn" (did you mean "states.ARM.burden"?)')


def test_numbers_are_replaced_in_a_copy(model):
    new = replaced(
        model,
        {
            "states.ARM.gdp": 5.0,
            "offers.polonez.open": 0.0,
            "laws.consent.norm_weight": 3.0,
            "imports.ARM.from.RUS": 1.0,
        },
    )
    assert new.states["ARM"].gdp == 5
    assert new.offers["polonez"].open is False
    assert new.laws["consent"] == {"norm_weight": 3}
    assert new.imports["ARM"].from_ == {"RUS": 1}
    assert model.states["ARM"].gdp == 1e4
    assert model.laws == {"threat": {"reach": 1000}}
    with pytest.raises(PathError) as raised:
        replaced(model, {"states.ARM.burden": 2.0})
    assert (
        str(raised.value)
        == "states.ARM.burden: must be from 0 to 1 (share of gdp), got 2: 2 % is 0.02"
    )


def test_every_number_replaced_by_itself_gives_the_same_model(model):
    same = replaced(model, {path: each.value for path, each in number_paths(model).items()})
    assert same.model_copy(update={"laws": model.laws}) == model


def test_every_place_of_the_schema_is_a_leaf_a_block_a_mapping_or_a_list():
    def visit(shape):
        if shape.block is not None:
            assert issubclass(shape.block, YamlBlock)
            for field in fields_of(shape.block).values():
                visit(field.shape)
        elif shape.one_of is not None:
            for _, each in shape.one_of.options:
                visit(shape_of(each))
        elif shape.leaf is None:
            assert shape.is_list or shape.key is not None
            visit(shape.below)

    visit(shape_of(Model))


def test_a_path_is_text_that_knows_its_parts():
    path = DottedPath("blocs.CSTO.engagement.ARM")
    assert path == "blocs.CSTO.engagement.ARM"
    assert (path.block, path.entry, path.key) == ("blocs", "CSTO", "engagement.ARM")
    assert DottedPath.of(*path.steps) == path
    law = DottedPath("laws.threat.reach")
    assert (law.of_law, law.entry, law.key) == (True, "threat", "reach")
    assert (DottedPath("runs").entry, DottedPath("runs").key) == ("", "")


def test_every_number_has_a_path_of_that_kind(model):
    assert {type(each.path) for each in number_paths(model).values()} == {DottedPath}
