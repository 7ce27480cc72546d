"""The world's arrays: cuts, settings and copies follow their declarations."""

from dataclasses import fields

import numpy as np
import pytest

from sim.kernel.array_fields import arrays_of
from sim.kernel.world import Log, World, blank_log
from sim.scenario.compile.event_arrays import SETTABLE
from tests.small import built, model

NAMED = {
    "threats",
    "levers",
    "asks",
    "states",
    "parties",
    "blocs",
    "systems",
    "classes",
    "offers",
    "assets",
    "grants",
}
AXES = NAMED | {"exporters", "dyads", "rival_dyads", "shots", "parts", "ahead"}
COUNTED = {"triggers", "gauges", "ends", "holds", "trades", "civils"}  # numbers, without names


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return built(model(tmp_path_factory.mktemp("world")), 4).world


@pytest.mark.parametrize("record", [World, Log])
def test_every_array_is_declared_with_axes_range_and_meaning(record):
    plain = {"layout", "period", "log"}
    assert [f.name for f in fields(record) if f.name not in plain] == list(arrays_of(record))
    for name, about in arrays_of(record).items():
        assert about.axes[-1] == "runs", name
        assert set(about.axes[:-1]) <= AXES | COUNTED | {"requests"}, name
        assert about.low < about.high, name
        assert about.doc.endswith("."), name


def test_an_array_has_the_axes_that_it_declares(world):
    layout, runs = world.layout, 4
    sizes = {name: len(getattr(layout, name)) for name in NAMED}
    sizes |= {"dyads": layout.dyad_from.size, "rival_dyads": layout.rival_dyads.size}
    sizes |= {"exporters": layout.exporters.size}
    sizes |= {"shots": layout.shot_dyad.size, "parts": 3, "ahead": layout.payment_slots}
    sizes |= {name: getattr(layout, name) for name in COUNTED}
    for name, about in arrays_of(World).items():
        array = getattr(world, name)
        assert array.shape[:-1] == tuple(sizes[axis] for axis in about.axes[:-1]), name
        assert array.shape[-1] == runs if about.moves else array.shape[-1] in {1, runs}, name
        assert np.all((array >= about.low) & (array <= about.high)), name
        assert about.endless or np.all(np.isfinite(array)), name


def test_events_set_what_the_world_declares_so():
    assert SETTABLE["offers.NAME.open"] == "available"
    assert SETTABLE["states.NAME.find"] == "find"
    assert SETTABLE["blocs.NAME.credit_lines.STATE"] == "credit_line"
    assert "states.NAME.owed" not in SETTABLE


def test_a_blank_log_is_wide_enough_and_holds_no_request(world):
    log = blank_log(world.layout, 3)
    rows = len(world.layout.calendar) * world.layout.rows
    assert {getattr(log, name).shape for name in arrays_of(Log)} == {(rows, 3), (rows, 1)}
    assert log.recipient.shape == (rows, 1)
    assert np.all(log.offer == -1)
    assert np.all(log.first == -1)
    assert not log.units.any()
