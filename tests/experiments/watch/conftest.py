"""A small scenario in which events do much, and its result."""

from __future__ import annotations

import pytest
import yaml

from sim.experiments.ensemble import run
from tests.small import SMALL, event, merged

EVENTS = {
    "loan": event("2018-Q1", loan={"lender": "ALP", "borrower": "GAM", "amount": 30}),
    "ban": event("2018-Q1", embargo={"supplier": "ALP", "recipient": "DEL"}),
    "war": event(
        "2018-Q2",
        incident={"states": ["GAM", "DEL"], "war": True, "attacker": "DEL"},
        probability=0.5,
    ),
    "call": event("2018-Q3", appeal={"state": "GAM", "bloc": "PACT", "answer": 0.25}),
    "sale": event(
        "2018-Q1", order={"supplier": "BET", "recipient": "DEL", "system": "rocket", "units": 4}
    ),
    "dearer": event("2018-Q1", set={"path": "laws.consent.base", "value": 2.5}),
    "out": event("2019-Q1", membership={"state": "BET", "bloc": "PACT", "member": False}),
}
RUNS = 8


@pytest.fixture(scope="session")
def eventful(tmp_path_factory):
    """Return the file of a scenario with two variants."""
    file = tmp_path_factory.mktemp("eventful") / "small.yaml"
    norm = {"blocs": {"PACT": {"norm": 4}}}
    patch = {
        "events": EVENTS,
        "variants": {"strict": norm},
        "outcomes": ["cohesion PACT", "affinity GAM>ALP"],
    }
    file.write_text(yaml.safe_dump(merged(SMALL, patch), sort_keys=False), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def watched(eventful):
    """Return its result."""
    return run(eventful, runs=RUNS)
