"""The flagship, whole and cut short, as models of one run."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from sim.scenario.load import Scenario
from tests.shipped import read


@pytest.fixture(scope="session")
def flagship() -> Scenario:
    return read("polonez_vs_iskander")


@pytest.fixture(scope="session")
def short(flagship: Scenario) -> Any:
    """Six quarters of the baseline, to 2019-Q1."""
    time = flagship.base.time.model_copy(update={"end": "2019-Q1"})
    return flagship.base.model_copy(update={"time": time})


@pytest.fixture
def model(short: Any) -> sim.GeopoliticalModel:
    return sim.GeopoliticalModel(short)
