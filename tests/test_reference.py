"""The kernel against an independent plain Mesa model of the same theory."""

from __future__ import annotations

import numpy as np
import pytest

from bench.reference.draws import AddressedDraws, threefry
from bench.reference_mesa import OrdinaryDraws, reference
from sim.engine.selection import selected
from sim.experiments.batch import case_of
from sim.kernel import noise
from sim.kernel.exports import whole_table
from sim.kernel.rules import ROLES
from sim.kernel.world import SHUT
from sim.metrics.catalogue import METRICS
from sim.scenario.compile.build import build
from tests import shipped
from tests.shipped import EVENTS, FORMS, read

AMOUNTS = (
    "consent", "units", "value", "listed", "credit", "wait", "delivered", "withdrawn", "short",
    "repaired", "kept", "kept_withdrawn", "fate", "cause",
)  # fmt: skip
DATES = ("suspended", "threatened", "ended", "mended")
LAST = "2022-Q4"  # the last quarter of every_event.yaml in which something is fixed to happen
TOLERANCE = 1e-9  # of the larger of the value and 1: bounded quantities are of that size


def assert_close(label, found, expected):
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    far = np.abs(found - expected) > TOLERANCE * np.maximum(np.abs(expected), 1.0)
    assert not far.any(), f"{label}: {found[far][0]!r} is not {expected[far][0]!r}"


def of_run(values, run):
    return values[..., 0 if values.shape[-1] == 1 else run]


def assert_same_series(model, record, run):
    layout = record.end.layout
    dates = layout.calendar.labels()
    for name, values in record.series.items():
        rows = layout.subjects[METRICS[name].kind]
        expected = values[..., run]
        found = [[period[name][row] for row in rows] for period in model.series]
        found = np.array(found, dtype=float).reshape(expected.shape)
        apart = np.where(np.isnan(found) & np.isnan(expected), 0.0, np.abs(found - expected))
        far = np.argwhere(~(apart <= TOLERANCE * np.maximum(np.abs(expected), 1)))
        if len(far):
            date, row = far[0]
            where = f"{name} {rows[row]} {dates[date]}"
            assert_close(where, found[date, row], expected[date, row])


def assert_same_world(model, record, run):
    world, layout = record.end, record.end.layout
    names = layout.states
    for name in ("gdp", "fund", "reputation", "burden", "arming"):
        found = [getattr(state, name) for state in model.states.values()]
        assert_close(name, found, of_run(getattr(world, name), run))
    for name in ("affinity", "debt", "arms_debt", "arrears"):
        found = [[getattr(model.states[i], name).get(j, 0.0) for j in names] for i in names]
        assert_close(name, found, of_run(getattr(world, name), run))
    for name in ("recent_tiv", "recent_value", "refusal"):
        found = [[getattr(model.states[i], name).get(j, 0.0) for j in names] for i in names]
        assert_close(name, found, of_run(whole_table(layout, getattr(world, name)), run))
    found = [[model.states[i].arsenal.get(w, 0.0) for w in layout.systems] for i in names]
    assert_close("arsenal", found, world.arsenal[..., run])
    for name in (
        "member", "engagement", "belief", "rent", "grievance", "supplied_rivals", "shut_out",
        "frozen", "shaken",
    ):  # fmt: skip
        found = [[getattr(bloc, name)[i] for bloc in model.blocs.values()] for i in names]
        assert_close(name, found, of_run(getattr(world, name), run))
    stock = np.array([model.offers[name].stock for name in layout.offers])
    finite = np.isfinite(stock)
    assert_close("stock", stock[finite], world.stock[finite, run])


def assert_same_log(model, record, run):
    log, layout = record.end.log, record.end.layout
    rows = np.nonzero(log.offer[:, run] >= 0)[0]
    entries = {
        ((each.period - layout.calendar.first) if each.name is None else len(layout.calendar))
        * layout.rows
        + each.slot: each
        for each in model.log
    }
    assert sorted(entries) == rows.tolist()
    for row in rows:
        each = entries[row]
        assert each.recipient == layout.states[log.recipient[row, 0]]
        assert each.offer.name == layout.offers[log.offer[row, run]]
        first = -1 if each.first is None else each.first
        whole = (each.stage, each.objected, each.stalled, each.start, each.left, each.due, first)
        names = ("stage", "objected", "stalled", "start", "left", "due", "first")
        assert whole == tuple(getattr(log, name)[row, run] for name in names)
        if each.cause >= SHUT:
            assert each.opposed == log.opposed[row, run]
        heir = log.heir[row, run]
        assert each.heir == (None if heir < 0 else layout.states[heir])
        for name in DATES:
            date = getattr(log, name)[row, run]
            assert getattr(each, name) == (None if date < 0 else date), name
        for name in AMOUNTS:
            assert_close(f"{name} of {row}", getattr(each, name), getattr(log, name)[row, run])


def assert_same_runs(scenario, runs, engines=("numpy",)):
    case = case_of(build(scenario, runs=np.array(runs), seed=scenario.seed))
    made = [selected(name, runs=1, periods=1, cases=lambda: [case]) for name in engines]
    assert [engine.name for engine in made] == list(engines)
    records = [engine.simulate(case) for engine in made]
    for at, run in enumerate(runs):
        model = reference(scenario, run=run)
        model.run()
        for record in records:
            assert_same_log(model, record, at)
            assert_same_series(model, record, at)
            assert_same_world(model, record, at)


def cut_short(model):
    """Return a model that ends with its last events; `make study` goes on to its end."""
    return model.model_copy(update={"time": model.time.model_copy(update={"end": LAST})})


@pytest.fixture(scope="module")
def flagship():
    return read("polonez_vs_iskander")


@pytest.fixture(scope="module")
def every_event(tmp_path_factory):
    return shipped.every_event(tmp_path_factory.mktemp("scenarios"))


@pytest.mark.parametrize("variant", FORMS)
def test_every_kind_of_event_and_every_form_of_a_rule_is_lived_through_alike(every_event, variant):
    model = every_event[variant]
    assert_same_runs(model if variant == "baseline" else cut_short(model), [3])


def test_the_reference_lives_through_every_variant_of_a_rule(every_event):
    models = every_event.values()
    for role, variants in ROLES.items():
        lacking = set(variants) - {model.rules.get(role, next(iter(variants))) for model in models}
        assert not lacking, f"add {role}: {lacking} to {EVENTS.name}, its form to bench/reference"


@pytest.mark.parametrize("variant", ["baseline", "no_threat"])
def test_a_threat_against_a_delivery_is_lived_through_alike(variant):
    assert_same_runs(read("cyprus_s300_1997").variants[variant], [0, 1, 2, 3])


@pytest.mark.parametrize(("variant", "run"), [("sale", 1), ("blocked", 2)])
def test_variants_of_the_flagship_are_lived_through_alike(flagship, variant, run):
    assert_same_runs(flagship.variants[variant], [run])


def test_a_run_of_the_flagship_is_lived_through_alike_by_the_reference(flagship):
    assert_same_runs(flagship.variants["baseline"], [0])


@pytest.mark.study
def test_runs_of_the_flagship_are_lived_through_alike_by_both_engines(flagship):
    assert_same_runs(flagship.variants["baseline"], list(range(20)), ["numpy", "compiled"])


@pytest.mark.study
@pytest.mark.parametrize("variant", FORMS)
def test_every_form_of_a_rule_is_compiled_as_the_reference_has_it(every_event, variant):
    assert_same_runs(every_event[variant], [0, 3], ["numpy", "compiled"])


def test_the_reference_computes_the_same_threefry_by_itself():
    rng = np.random.default_rng(1)
    for words in rng.integers(0, 2**32, size=(20, 8), dtype=np.uint32):
        key, counter = words[:4], words[4:]
        expected = noise.threefry(
            tuple(np.array([k]) for k in key), tuple(np.array([c]) for c in counter)
        )
        found = threefry(tuple(map(int, key)), tuple(map(int, counter)))
        assert found == tuple(int(word[0]) for word in expected)


def test_the_reference_draws_from_the_same_addresses():
    drawn = AddressedDraws(seed=2**63 + 5, run=3)
    kernel = noise.Noise(2**63 + 5, np.array([2, 3], dtype=np.uint32))
    for period in (8071, 8072, 8075):
        drawn.period = period
        states, blocs = noise.entities(["ARM", "KAZ"]), noise.entities(["CSTO"])
        keys = states[:, None, None], blocs[:, None]
        table = kernel.at(period).draw(noise.uniform("exit", *keys))
        assert drawn.uniform("exit", "KAZ", "CSTO") == table[1, 0, 1]
        names = noise.entities(["war"])
        held = kernel.at(period).draw(noise.uniform("event", names, constant=True))
        assert drawn.held("event", "war") == held[1]


def test_with_ordinary_draws_the_reference_is_a_run_of_its_own(flagship):
    model = reference(flagship.variants["baseline"], run=0, draws=OrdinaryDraws(7))
    series = model.run()
    assert len(series) == 29
    assert model.log
    assert all(0 <= period["cohesion"]["CSTO"] <= 1 for period in series)
