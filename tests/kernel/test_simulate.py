"""A simulation stops at the first number that is not finite, and says where it is."""

from dataclasses import replace

import numpy as np
import pytest

from sim.kernel import collect
from sim.kernel.array_fields import arrays_of
from sim.kernel.errors import RunError
from sim.kernel.simulate import check, simulate
from sim.kernel.world import World
from tests.small import built, event, model


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    ties = {"with": {"BET": 0.1, "DEL": 0.1, "GAM": 0.1}, "source": "assumed"}
    lever = {"by": "ALP", "supplier": "BET", "recipient": "GAM", "system": "rocket"}
    lever |= {"withholds": ["tank_alp"], "resolve": 0.5, "source": "assumed"}
    more = {"trade": {"ALP": ties}, "leverage": {"arms": lever}}
    civil = {"lender": "ALP", "borrower": "BET", "amount": 5, "for": "economy"}
    more["events"] = {"loan": event("2018-Q2", loan=civil)}
    return built(model(tmp_path_factory.mktemp("simulate"), more), 3)


def test_a_metric_that_is_not_finite_is_named_with_its_period_and_subjects(parts, monkeypatch):
    metric = collect.PERIODIC["insecurity"]

    def late(states):
        values = 1.0 * states.insecurity
        if late.calls == 2:
            values[[1, 3], 1] = np.nan, np.inf
        late.calls += 1
        return values

    late.calls = 0
    changed = {**collect.PERIODIC, "insecurity": replace(metric, function=late)}
    monkeypatch.setattr(collect, "PERIODIC", changed)
    message = "2018-Q2: insecurity is not finite for BET, GAM; look at its inputs and bounds"
    with pytest.raises(RunError, match=f"^{message}$"):
        simulate(parts.world, parts.rules, parts.inputs, parts.noise)


CHECKED = [n for n, a in arrays_of(World).items() if a.moves and (n == "stock" or not a.endless)]


@pytest.mark.parametrize("name", CHECKED)
def test_every_array_that_moves_is_checked_but_for_stocks_without_end(parts, name):
    world = parts.world
    check(world)
    array = getattr(world, name).copy()
    array[0, ..., 1] = np.inf
    broken = world.but(**{name: array}, period=world.layout.calendar.first)
    if name == "stock":
        check(broken)
        return
    rows = {"states": "ALP", "trades": "ALP>BET", "levers": "arms", "civils": "BET>ALP"}
    first = rows.get(arrays_of(World)[name].axes[0], world.layout.subjects["dyad"][0])
    with pytest.raises(RunError, match=f"^2017-Q4: {name} is not finite for {first}; "):
        check(broken)
