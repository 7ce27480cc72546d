"""The mechanism of the flagship is visible and signed right, over 500 paired runs; some over 200.

Effects whose mean is more than twenty standard errors from zero need no more.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from sim.engine.selection import selected
from sim.experiments.batch import case_of
from sim.kernel.arrays import NONE
from sim.kernel.world import BLOCKED, ORDERED
from sim.scenario.compile.build import build
from sim.steps.assessment import assess, inventory
from sim.steps.gains import gains
from tests.shipped import read

RUNS, BLOCK = 500, 125
COHESION = 0.01  # what would count; refused appeals cost 0.15
CLEAR = {"no_preference": 200, "no_example": 200}  # variants that are so far from the baseline
ALONE = {"no_example"}  # a kernel of its own, which costs more than these runs by numpy
FINDS = np.linspace(0.0, 1.0, 11)
KEPT = (
    "exposure",
    "second_strike",
    "affinity",
    "cohesion",
    "engagement",
    "consent",
)


@dataclass(frozen=True)
class Runs:
    """The record of the runs of a variant: series (periods, subjects, runs), and the sale."""

    layout: object
    series: dict
    sale: dict  # of Polonez to Azerbaijan: first period of each stage, NONE where it never came

    def of(self, metric, subject, periods=slice(None)):
        """Return a metric of a subject: (periods, runs)."""
        kind = {"exposure": "dyad", "second_strike": "dyad", "affinity": "tie"}.get(metric)
        kind = kind or {"consent": "query"}.get(metric, "bloc")
        return self.series[metric][periods, self.layout.subjects[kind].index(subject)]


def sale_of(record):
    """Return the index of the period in which Polonez was blocked, and wholly delivered."""
    log, layout = record.end.log, record.end.layout
    polonez, aze = layout.offers.index("polonez"), layout.states.index("AZE")
    mine = (log.offer == polonez) & (log.recipient == aze)
    asked = np.arange(mine.shape[0])[:, None] // layout.rows + 0 * log.offer
    whole = mine & (log.stage == ORDERED) & (log.left == 0)

    def first(when, where):
        least = np.where(where, when, 10**6).min(axis=0)
        return np.where(least == 10**6, NONE, least)

    return {
        "blocked": first(asked, mine & (log.stage == BLOCKED)),
        "delivered": first(log.last - layout.calendar.first, whole),
    }


def run(model, numbers, given=None, engine="compiled"):
    """Return the runs of a model by number, in blocks."""
    cases = []
    for at in range(0, len(numbers), BLOCK):
        block = slice(at, at + BLOCK)
        cut = {path: values[block] for path, values in (given or {}).items()}
        cases.append(case_of(build(model, runs=numbers[block], seed=model.seed, numbers=cut)))
    periods = len(cases[0].inputs)
    chosen = selected(engine, runs=RUNS, periods=periods, cases=lambda: cases[:1])
    parts = [chosen.simulate(case) for case in cases]
    series = {name: np.concatenate([p.series[name] for p in parts], axis=-1) for name in KEPT}
    sales = [sale_of(part) for part in parts]
    sale = {name: np.concatenate([each[name] for each in sales]) for name in sales[0]}
    return Runs(layout=parts[0].end.layout, series=series, sale=sale)


@pytest.fixture(scope="module")
def scenario():
    return read("polonez_vs_iskander")


@pytest.fixture(scope="module")
def variant(scenario):
    """Return a function that gives the runs of a variant, simulated once."""
    done = {}

    def of(name):
        if name not in done:
            engine = "numpy" if name in ALONE else "compiled"
            runs = np.arange(CLEAR.get(name, RUNS))
            done[name] = run(scenario.variants[name], runs, engine=engine)
        return done[name]

    return of


def interval(differences):
    """Return the mean of paired differences and the half width of its 95 % interval."""
    return differences.mean(), 1.96 * differences.std(ddof=1) / np.sqrt(differences.size)


def assert_sign(differences, sign):
    """Assert that the mean of paired differences has a sign, its 95 % interval included."""
    mean, half = interval(differences)
    assert sign * mean > half, f"mean difference {mean:.5g} +- {half:.2g}"


def after_delivery(sale, other, metric, dyad):
    """Return a metric of two variants over the four quarters after the delivery of one."""
    done = sale.sale["delivered"]
    both = np.nonzero(done != NONE)[0]
    quarters = np.minimum(done[both] + 1 + np.arange(4)[:, None], len(sale.layout.calendar) - 1)
    return [each.of(metric, dyad)[quarters, both].mean(axis=0) for each in (sale, other)]


def test_the_sale_exposes_armenia(variant):
    sale, without = variant("sale"), variant("no_sale")
    assert np.all(without.sale["delivered"] == NONE)
    assert (sale.sale["delivered"] != NONE).mean() > 0.95
    with_sale, other = after_delivery(sale, without, "exposure", "AZE>ARM")
    assert_sign(with_sale - other, +1)


def test_the_deterrent_survives_the_sale(variant, record_property):
    both = after_delivery(variant("sale"), variant("no_sale"), "second_strike", "ARM>AZE")
    with_sale, other = (float(each.mean()) for each in both)
    record_property("second strike of Armenia, sale and no sale", [with_sale, other])
    assert with_sale > 0.5 * other
    assert with_sale > 0.0


@pytest.mark.study  # a kernel of its own, as `find` differs from run to run
def test_the_deterrent_depends_on_how_well_launchers_are_found(scenario, record_property):
    repeats = 40
    numbers, finds = np.tile(np.arange(repeats), FINDS.size), np.repeat(FINDS, repeats)
    both = [
        run(scenario.variants[name], numbers, given={"states.AZE.find": finds})
        for name in ("sale", "no_sale")
    ]
    window = slice(5, 9)  # 2019
    with_sale, other = (
        each.of("second_strike", "ARM>AZE", window).mean(axis=0).reshape(FINDS.size, repeats)
        for each in both
    )
    ratio = with_sale.mean(axis=1) / other.mean(axis=1)
    below = FINDS[ratio < 0.5]
    record_property("find", FINDS.tolist())
    record_property("second strike of Armenia, sale over no sale", ratio.round(3).tolist())
    record_property(
        "least find with a ratio below one half", float(below.min()) if below.size else None
    )
    assert ratio[0] == pytest.approx(1.0, abs=0.1)
    assert ratio[-1] < ratio[0]
    assert np.all(np.diff(with_sale.mean(axis=1)) < 0.02)


def test_the_sale_costs_belarus_the_regard_of_armenia(variant):
    quarters = slice(4, 17)
    sale, without = (
        variant(name).of("affinity", "ARM>BLR", quarters).mean(axis=0)
        for name in ("sale", "no_sale")
    )
    assert_sign(sale - without, -1)


def test_the_sale_costs_the_csto_next_to_no_cohesion(variant):
    quarters = slice(4, 17)
    sale, without = (
        variant(name).of("cohesion", "CSTO", quarters).mean(axis=0) for name in ("sale", "no_sale")
    )
    mean, half = interval(sale - without)
    assert abs(mean) + half < COHESION, f"mean difference {mean:.5g} +- {half:.2g}"


def test_without_preferential_terms_members_take_part_less(variant):
    without, baseline = (
        variant(name).of("engagement", "CSTO").mean(axis=0)
        for name in ("no_preference", "baseline")
    )
    assert_sign(without - baseline[: without.size], -1)


def test_without_the_leaders_example_belarus_consents_less_in_every_period(variant):
    query = "BLR>AZE polonez"
    without, baseline = (variant(name).of("consent", query) for name in ("no_example", "baseline"))
    for one, other in zip(without, baseline, strict=True):
        assert_sign(one - other[: one.size], -1)


def test_without_iskander_polonez_gains_azerbaijan_less(scenario):
    gain = {}
    for name in ("baseline", "no_iskander"):
        model = scenario.variants[name]
        made = build(model, runs=np.arange(2), seed=model.seed)
        found = assess(made.world, made.rules, inventory(made.world, made.rules))
        layout = made.world.layout
        buyer = layout.buyers.tolist().index(layout.states.index("AZE"))
        offer = layout.offers.index("polonez")
        batch = np.ones((layout.buyers.size, 1, 1)) * made.world.batch * made.world.condition
        gain[name] = gains(made.world, made.rules, found, batch)[buyer, offer].mean()
    assert 0.0 < gain["no_iskander"] < gain["baseline"]


def test_without_iskander_azerbaijan_is_sent_polonez_less_often(variant):
    without, baseline = (
        1.0 * (variant(name).sale["delivered"] != NONE) for name in ("no_iskander", "baseline")
    )
    assert_sign(without - baseline, -1)


def test_the_sale_is_completed_more_often_than_it_is_blocked_and_both_occur(variant):
    baseline = variant("baseline")
    last = baseline.layout.calendar.index("2018-Q4")
    share = {
        stage: np.mean((when != NONE) & (when <= last)) for stage, when in baseline.sale.items()
    }
    assert 0.0 < share["blocked"] < share["delivered"] < 1.0
