"""The published JSON Schema: it accepts what the loader accepts, and refuses plain faults."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jsonschema
import pytest
import yaml

from sim.documents.package_data import catalogue_folder, shipped_scenarios
from sim.documents.reader import read_file, read_text
from sim.scenario.schema.json_schema import json_schema

KNOWN = yaml.safe_load(Path(__file__).with_name("messages.yaml").read_text(encoding="utf-8"))


@cache
def schema():
    """Return the schema of a scenario under the stand-ins of this folder."""
    return json_schema()


@pytest.fixture
def full():
    return jsonschema.Draft202012Validator(schema())


@pytest.fixture
def patch():
    return jsonschema.Draft202012Validator({"$ref": "#/$defs/patch", "$defs": schema()["$defs"]})


def faults(validator, document):
    return [
        f"{list(each.absolute_path)}: {each.message}" for each in validator.iter_errors(document)
    ]


def test_both_forms_are_valid_schemas_of_the_same_definitions():
    jsonschema.Draft202012Validator.check_schema(schema())
    patch = json_schema(patch=True)
    assert patch.pop("$defs") == schema()["$defs"]
    assert patch["$ref"] == "#/$defs/patch"
    jsonschema.Draft202012Validator.check_schema(patch)


def test_the_small_scenario_is_valid_and_every_part_is_needed(full, folder):
    document = read_file(folder / "base.yaml").plain()
    assert faults(full, document) == []
    for key in ("scenario", "title", "question", "time", "states"):
        assert faults(full, {name: each for name, each in document.items() if name != key})
    assert faults(full, document | {"stats": {}})
    assert faults(full, document | {"states": {"A-B": document["states"]["ARM"]}})


def test_a_file_that_extends_may_be_a_patch(full):
    text = "extends: [a.yaml]\nstates: {ARM: {gdp: 3}, AZE: null}\nvariants: {a: {offers: null}}\n"
    assert faults(full, read_text(text, "x").plain()) == []
    assert faults(full, read_text(text.replace("gdp", "gpd"), "x").plain())
    assert faults(full, read_text(text.replace("offers", "runs"), "x").plain())


@pytest.mark.parametrize(
    "wrong",
    [
        "states: {ARM: {gdp: 0}}",
        "states: {ARM: {gdp: '3'}}",
        "blocs: {CSTO: {norm: 9}}",
        "blocs: {CSTO: {preference: {value: 2, dist: uniform, low: 0, high: 1}}}",
        "offers: {polonez: {condition: used}}",
        "rules: {threat: balance_of_terror}",
        "laws: {threat: {reach: 1}}",
        "laws: {threat: {rech: 1}}",
        "time: {start: 2017-Q5}",
        "runs: 0.5",
        "uncertain: 1",
    ],
)
def test_plain_faults_are_found_in_a_patch(patch, wrong):
    assert faults(patch, read_text(wrong, "x").plain())


def test_numbers_carry_units_and_remarks():
    definitions = schema()["$defs"]
    assert definitions["State"]["properties"]["gdp"]["description"] == (
        "Gross domestic product. Unit: M USD of 2016."
    )
    reach = definitions["scenario"]["properties"]["laws"]["properties"]["threat"]["properties"]
    assert reach["reach"]["description"] == "Reach of power. Unit: km."


@pytest.mark.usefixtures("real_names")
def test_every_shipped_file_is_valid():
    patch = jsonschema.Draft202012Validator(json_schema(patch=True))
    full = jsonschema.Draft202012Validator(json_schema())
    assert shipped_scenarios()
    for path in shipped_scenarios().values():
        assert faults(full, read_file(path).plain()) == []
    for path in sorted(catalogue_folder().glob("*.yaml")):
        assert faults(patch, read_file(path).plain()) == []
