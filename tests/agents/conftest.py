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


def cut_short(model: Any) -> Any:
    """Return six quarters of a model, to 2019-Q1."""
    time = model.time.model_copy(update={"end": "2019-Q1"})
    return model.model_copy(update={"time": time})


@pytest.fixture(scope="session")
def short(flagship: Scenario) -> Any:
    """Six quarters of the baseline."""
    return cut_short(flagship.base)


@pytest.fixture
def model(short: Any) -> sim.GeopoliticalModel:
    return sim.GeopoliticalModel(short)
