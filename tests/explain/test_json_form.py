"""The published schema is that of the code, and all accounts are valid by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.cli.account_text import WIDTH, listed, told
from sim.documents.package_data import shipped_scenarios
from sim.explain.account import FORMAT
from sim.explain.casebook import Casebook
from sim.explain.explanation import explanation_of
from sim.explain.json_form import explanation_schema, json_of
from sim.explain.replay import replay
from sim.scenario.load import load
from tests.published_schema import assert_published
from tests.shipped import read

SCHEMA = Path(__file__).parents[2] / "docs" / "explain.schema.json"


def held(book, most):
    """Hold so many accounts of a book to the schema, and their texts to the width of a screen."""
    jsonschema = pytest.importorskip("jsonschema")
    some = book.entries[:: max(1, len(book.entries) // most)]
    explanation = explanation_of(book, some)
    jsonschema.validate(json.loads(json_of(explanation)), explanation_schema())
    lines = [line for each in explanation.decisions for line in told(each)]
    assert [line for line in (*lines, *listed(book.entries)) if len(line) > WIDTH] == []
    return {each.kind for each in explanation.decisions}


def test_the_schema_of_the_documents_is_that_of_the_code():
    schema = explanation_schema()
    assert_published(SCHEMA, schema)
    assert schema["properties"]["format"]["const"] == FORMAT
    assert schema["$id"].endswith(f":{FORMAT}")


def test_accounts_keep_to_the_schema_and_to_the_screen():
    kinds = held(Casebook(replay(read("preferential_terms"), "no_guarantee", [4])), 40)
    assert kinds >= {"request", "consent", "objection", "exit", "order"}


@pytest.mark.study
@pytest.mark.parametrize("sets", [(), ("uncertain=true",), ("rules.consent=imitation",)])
@pytest.mark.parametrize("name", shipped_scenarios())
def test_accounts_of_every_scenario_keep_to_the_schema_and_to_the_screen(name, sets):
    scenario = load(name, sets=sets)
    for variant in scenario.variants:
        assert held(Casebook(replay(scenario, variant, [1])), 60), variant
