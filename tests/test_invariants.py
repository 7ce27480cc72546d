"""Properties of every run of every scenario: conservation, ranges, and the same bytes."""

import random
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.conform import conservation
from sim.kernel.array_fields import arrays_of
from sim.kernel.arrays import NONE
from sim.kernel.errors import RunError
from sim.kernel.simulate import simulate
from sim.kernel.world import CANCELLED, ORDERED, Log, World
from sim.metrics.catalogue import METRICS
from sim.scenario.load import load
from tests.eventful import EVENTS
from tests.small import (
    SMALL,
    built,
    columns,
    event,
    merged,
    model,
    passing,
    record,
    same,
    unconserved,
)

FLAGSHIP = Path(__file__).parents[1] / "scenarios" / "polonez_vs_iskander.yaml"
DUST = 1e-9  # what rounding leaves of a sum that is spent in full


@cache
def flagship():
    return load(FLAGSHIP).variants["baseline"]


@pytest.fixture(scope="module", params=["small", "flagship"])
def parts(request, tmp_path_factory):
    if request.param == "flagship":
        return built(flagship(), 6)
    return built(model(tmp_path_factory.mktemp("small")), 32)


@pytest.fixture(scope="module")
def lived(parts):
    """Return the worlds before each period, and what each period passed on."""
    return passing(parts)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return columns(record(model(tmp_path_factory.mktemp("plain"))))


@pytest.mark.parametrize("check", [conservation.money, conservation.contracts, conservation.units])
def test_money_and_units_are_conserved(parts, lived, check, monkeypatch):
    anew, known = conservation.passing, [(before, after.world) for before, after in lived]
    monkeypatch.setattr(conservation, "passing", lambda of: known if of is parts else anew(of))
    assert check(parts) == ""


ALL_AT_ONCE = {  # what is paid for in part, comes late, is given, answers threat or ends
    "rules": {"budget": "responsive"},
    "laws": {
        "contract": {"late": 1.5, "slight": 0.5},
        "war": {"length": 1.0},
        "crisis": {"incidents": 2},
    },
    "blocs": {"PACT": {"credit_lines": {"GAM": 0.75}, "credit_amounts": {"GAM": 30}}},
    "grants": {
        "arms": {
            "donor": "ALP",
            "recipient": "GAM",
            "yearly": 9,
            "for": "arms",
            "source": "assumed",
        }
    },
    "trade": {"GAM": {"with": {"BET": 0.1}, "source": "assumed"}},
    "events": {**EVENTS, "cut": event("2018-Q2", sanction={"by": "BET", "against": "GAM"})},
}


@pytest.mark.parametrize("on_account", [0.0, 0.3])
def test_they_are_conserved_where_payment_and_delivery_are_partial(tmp_path, on_account):
    law = {"laws": {"contract": {"on_account": on_account}}}
    parts = built(model(tmp_path, merged(ALL_AT_ONCE, law)), 24)
    assert unconserved(parts) == []


def test_arrears_are_part_of_the_debt(lived):
    for _, passed in lived:
        world = passed.world
        assert np.all(world.arrears >= 0.0)
        assert np.all(world.arrears <= world.debt + 1e-6)


def test_no_stock_falls_below_zero_and_what_is_delivered_in_full_is_done(lived):
    for _, passed in lived:
        log = passed.world.log
        assert np.all(passed.world.stock >= -1e-9)
        done = (log.stage == ORDERED) & (log.left == 0) & (log.fate != CANCELLED)
        assert log.delivered[done] == pytest.approx(log.units[done])


def test_ranges_hold_in_the_world(lived):
    for _, passed in lived:
        world = passed.world
        for name, about in arrays_of(World).items():
            values, low = getattr(world, name), about.low - (not about.bounded) * DUST
            assert np.all((values >= low) & (values <= about.high)), name
        assert np.all(world.engagement <= world.member)
        assert np.all((passed.consent >= 0.0) & (passed.consent <= 1.0))
        assert np.all((passed.precedent >= 0.0) & (passed.precedent <= 1.0))


def test_ranges_hold_in_the_record(parts):
    found = simulate(parts.world, parts.rules, parts.inputs, parts.noise)
    for name, series in found.series.items():
        about = METRICS[name]
        assert series.shape[1] == len(parts.world.layout.subjects[about.kind]), name
        known = np.isfinite(series)  # a bloc may be too small for a metric
        assert known.all() or about.fewest, name
        dust = DUST if np.isinf(about.high) else 1e-9
        values = series[known]
        assert np.all((values >= about.low - dust) & (values <= about.high + 1e-9)), name
        if about.unit == "0 or 1":
            assert set(np.unique(values)) <= {0.0, 1.0}, name


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path, plain):
    which = model(tmp_path)
    assert same(plain, columns(record(which))) == []
    assert "fund" in same(plain, columns(record(which, seed=6)))


@pytest.fixture(scope="module")
def whole_small(tmp_path_factory):
    which = model(tmp_path_factory.mktemp("small"))
    return which, record(which, 128)


@pytest.mark.parametrize("block", [[7], [0], [5, 6], [90, 3, 41], range(40, 73), range(128)])
def test_a_run_is_the_same_alone_and_in_any_block(whole_small, block):
    which, whole = whole_small
    runs = list(block)
    found = record(which, runs)
    assert same(columns(found, slice(len(runs))), columns(whole, runs)) == []


@pytest.mark.parametrize(
    "block",
    [
        pytest.param([0], marks=pytest.mark.study),
        pytest.param([3, 4], marks=pytest.mark.study),
        [2, 5, 1],
    ],
)
def test_a_run_of_the_flagship_is_the_same_alone_and_in_any_block(block):
    whole, found = record(flagship(), 33), record(flagship(), block)
    assert same(columns(found, slice(len(block))), columns(whole, block)) == []


def shuffled(document, rng):
    if not isinstance(document, dict):
        return document
    keys = list(document)
    rng.shuffle(keys)
    return {key: shuffled(document[key], rng) for key in keys}


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_yaml_does_not_matter(tmp_path, plain, seed):
    other = shuffled(SMALL, random.Random(seed))  # noqa: S311 - any order will do
    assert same(plain, columns(record(model(tmp_path, document=other)))) == []


BYSTANDER = {
    "states": {
        "ABE": {
            "name": "Abe",
            "latitude": 0,
            "longitude": 0,
            "gdp": 1e-4,
            "burden": 0.01,
            "import_share": 0.5,
            "fund": 2,  # no order is of more than some years of budget
            "neighbours": ["YAN"],
            "source": "assumed",
        },
        "YAN": {
            "name": "Yan",
            "latitude": 0,
            "longitude": 5,
            "gdp": 10,
            "burden": 0.01,
            "import_share": 0,
            "neighbours": ["ABE"],
            "source": "assumed",
        },
    },
    "systems": {"kite": {"name": "Kite", "class": "armour", "worth": 1e-12, "source": "assumed"}},
    "offers": {
        "kite": {
            "supplier": "YAN",
            "system": "kite",
            "price": 1e-8,
            "batch": 1,
            "lag": 0.2,
            "source": "assumed",
        }
    },
    "imports": {"ABE": {"from": {"YAN": 1}, "source": "assumed"}},  # whom it knows it looks at
    "embargoes": {
        **{
            f"YAN_{state}": {"supplier": "YAN", "recipient": state, "source": "assumed"}
            for state in ("ALP", "BET", "GAM", "DEL")
        },
        **{
            f"{state}_ABE": {"supplier": state, "recipient": "ABE", "source": "assumed"}
            for state in ("ALP", "BET")
        },
    },
}


def test_unused_states_and_offers_have_no_effect_on_others(tmp_path):
    alone, joined = record(model(tmp_path), 64), record(model(tmp_path, BYSTANDER), 64)
    small, large = alone.end.layout, joined.end.layout
    assert np.any(large.supplier[joined.end.log.offer] == large.states.index("YAN"))
    for name, series in alone.series.items():
        kind = METRICS[name].kind
        rows = [large.subjects[kind].index(each) for each in small.subjects[kind]]
        found = joined.series[name][:, rows]
        assert found == pytest.approx(series, rel=1e-9, abs=1e-9, nan_ok=True), name


def test_an_offer_that_is_closed_leaves_all_other_draws_the_same(tmp_path, plain):
    closed = {"offers": {"kite": {**SMALL["offers"]["tank_bet"], "open": False}}}
    again = columns(record(model(tmp_path, closed)))
    differing = set(same(plain, again)) - {"log.offer"}
    assert differing == set()


def requests(found):
    """Return requests by name, and their results: (period, state, offer) by run."""
    log, layout = found.end.log, found.end.layout
    asked = []
    for row, run in zip(*np.nonzero(log.offer != NONE), strict=True):
        state = layout.states[log.recipient[row, 0]]
        asked.append((run, row // layout.rows, state, layout.offers[log.offer[row, run]]))
    return sorted(asked)


def test_the_first_requests_of_a_state_do_not_depend_on_other_states(tmp_path):
    first = {"time": {"start": "2017-Q4", "end": "2017-Q4"}}
    alone = requests(record(model(tmp_path, first), 64))
    joined = requests(record(model(tmp_path, {**first, **BYSTANDER}), 64))
    assert [each for each in joined if each[2] != "ABE"] == alone


@pytest.mark.parametrize("name", ["gdp", "fund", "affinity", "engagement", "arsenal"])
def test_a_world_that_is_not_finite_stops_and_names_period_array_and_states(tmp_path, name):
    parts = built(model(tmp_path), 4)
    array = getattr(parts.world, name).copy()
    array[parts.world.layout.states.index("GAM")] = np.nan
    world = parts.world.but(**{name: array})
    with (
        np.errstate(invalid="ignore"),
        pytest.raises(RunError, match=r"2017-Q4: \w+ is not") as raised,
    ):
        simulate(world, parts.rules, parts.inputs, parts.noise)
    assert "GAM" in str(raised.value)
    assert raised.value.exit_code == 3


def test_an_empty_row_of_the_log_is_blank(lived):
    log = lived[-1][1].world.log
    empty = log.offer == NONE
    for each in fields(Log):
        if each.name not in {"offer", "recipient"}:
            blank = arrays_of(Log)[each.name].blank
            assert np.all(getattr(log, each.name)[empty] == blank), each.name
