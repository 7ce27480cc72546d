"""A whole period with the shape of every array checked at every call, in all that can happen."""

from __future__ import annotations

import os

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from sim.kernel.dates import months
from sim.kernel.simulate import simulate
from sim.laws.affinity import DyadicAffinity
from sim.scenario.compile.build import build
from tests import shipped

END = "2019-Q4"  # nine quarters; the baseline lives through the events of later years


@pytest.fixture(scope="module", autouse=True)
def checked():
    if os.environ.get("SHAPES") == "off":
        pytest.skip("shapes are not checked: SHAPES=off")


@pytest.fixture(scope="module")
def every_event(tmp_path_factory):
    return shipped.every_event(tmp_path_factory.mktemp("scenarios"))


def cut_short(model):
    """Return a model that ends before the events of its last years."""
    events = {
        name: event
        for name, event in model.events.items()
        if event.at is None or months(event.at) < months(END)
    }
    time = model.time.model_copy(update={"end": END})
    return model.model_copy(update={"time": time, "events": events})


@pytest.mark.parametrize("form", shipped.FORMS)
def test_arrays_keep_their_shapes_in_every_kind_of_event_and_every_form_of_a_rule(
    every_event, form
):
    model = every_event[form] if form == "baseline" else cut_short(every_event[form])
    parts = build(model, runs=np.array([0, 3]), seed=model.seed)
    record = simulate(parts.world, parts.rules, parts.inputs, parts.noise)
    assert record.end.gdp.shape == (len(parts.world.layout.states), 2)


def test_an_array_of_another_shape_is_refused():
    with pytest.raises(TypeCheckError):
        DyadicAffinity().pull(affinity=np.ones((2, 3, 1)))
