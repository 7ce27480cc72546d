"""The catalogue of metrics: every one is declared once, in order, and can be computed."""

import numpy as np
import pytest

from sim.kernel.collect import PERIODIC, collect, whole
from sim.metrics.catalogue import END, EVERY, METRICS
from sim.metrics.declaration import Metrics, tenth
from tests.small import built, model, passing


@pytest.fixture(scope="module")
def passed(tmp_path_factory):
    parts = built(model(tmp_path_factory.mktemp("small")), 4)
    return [each for _, each in passing(parts)][5], parts.rules


KINDS = (
    "member", "dyad", "tie", "state", "supply", "holding", "trader", "asker", "bearer", "query",
)  # fmt: skip


def test_metrics_come_by_kind_and_those_of_the_end_last():
    order = [(each.kind, each.when) for each in METRICS.values()]
    assert list(dict.fromkeys(order)) == [
        ("bloc", EVERY),
        ("bloc", END),
        ("member", EVERY),
        ("member", END),
        *((kind, EVERY) for kind in KINDS[1:]),
        ("sale", END),
    ]
    assert order == sorted(order, key=list(dict.fromkeys(order)).index)


def test_every_metric_of_a_period_has_a_row_for_each_subject_within_its_range(passed):
    layout, values = passed[0].world.layout, collect(*passed)
    periodic = {name for name, each in METRICS.items() if each.when == EVERY}
    of_runs = {"answered", "contributions", "votes", "strike_ordered", "strike_delivered"}
    assert set(values) | of_runs == periodic
    for name, rows in values.items():
        assert rows.shape[0] == len(layout.subjects[PERIODIC[name].kind]), name
        assert np.all((rows >= METRICS[name].low - 1e-9) & (rows <= METRICS[name].high)), name


def series_of(passed, **known):
    """Return the series of three periods in which each metric is 1 but for what is known."""
    world = passed[0].world
    of_period = {name: np.ones(values.shape) for name, values in collect(*passed).items()}
    rows = {name: np.stack([values] * 3) for name, values in of_period.items()}
    for name, values in known.items():
        rows[name][:] = values
    return whole(rows, world), world.layout


def test_what_is_summed_runs_up_over_the_periods(passed):
    found, _ = series_of(passed)
    for name in ("wars", "appeals", "months_frozen"):
        assert found[name][:, 0, 0].tolist() == [1.0, 2.0, 3.0]
    assert found["win"][:, 0, 0].tolist() == [1.0, 1.0, 1.0]


def test_the_share_of_appeals_answered_is_that_of_all_so_far(passed):
    made = np.array([1.0, 0.0, 3.0])[:, None, None]
    heard = np.array([0.5, 0.0, 0.5])[:, None, None]
    found, layout = series_of(passed, appeals=made, answers=heard)
    assert found["answered"].shape == (3, len(layout.blocs), 4)
    assert found["answered"][:, 0, 0].tolist() == [0.5, 0.5, 0.25]
    silent, _ = series_of(passed, appeals=0.0, answers=0.0)
    assert silent["answered"].tolist() == np.ones((3, len(layout.blocs), 4)).tolist()


def test_what_a_bloc_is_too_small_for_is_not_a_number(passed):
    layout = passed[0].world.layout
    pact, duo = (layout.blocs.index(name) for name in ("PACT", "DUO"))
    rows = layout.subjects["member"]
    inside = np.ones((3, len(rows), 4))
    inside[1, [rows.index("GAM:PACT"), rows.index("BET:DUO")], 2] = 0.0  # they have left
    found, _ = series_of(passed, membership=inside)
    assert np.argwhere(np.isnan(found["hub_share"])[:, pact]).tolist() == [[1, 2]]
    assert np.isnan(found["hub_share"][:, duo]).all()  # two at the most
    assert not np.isnan(found["cohesion"][:, pact]).any()
    assert np.argwhere(np.isnan(found["cohesion"])[:, duo]).tolist() == [[1, 2]]
    assert not np.isnan(found["cohesion_founders"]).any()  # two began
    assert not np.isnan(found["exits"]).any()


def test_a_unit_that_is_a_range_gives_the_ends():
    metrics = Metrics("state")

    least = tenth("none", "all", apart=5.0)

    @metrics.metric("-1 to 1", "A test.", phrase="how {i} leans", smallest=least)
    def leaning(at):
        return at

    metrics.plain(
        "part", "TIV", "Another.", of="real", high=5.0, phrase="part of {i}", smallest=least
    )
    assert {each.kind for each in metrics.values()} == {"state"}
    assert (metrics["leaning"].low, metrics["leaning"].high) == (-1.0, 1.0)
    assert leaning(2) == 2 == metrics["leaning"].function(2)
    assert (metrics["part"].low, metrics["part"].high) == (0.0, 5.0)
    assert metrics["part"].function(3 + 1j) == 3


def test_every_metric_has_a_plain_name_and_a_smallest_effect_with_its_rule():
    phrases = set()
    for name, each in METRICS.items():
        assert 0 < each.smallest <= max(each.high - each.low, 1), name
        assert each.rule
        phrases.add(each.phrase.format(i="ABC", j="DEF", bloc="GHI", system="JKL"))
    assert len(phrases) == len(METRICS)
    assert METRICS["sold"].percent
    assert METRICS["exposure"].percent
    assert METRICS["affinity"].smallest == 0.1
    assert METRICS["affinity"].rule == "a tenth of the way from indifference to full regard"


def test_a_metric_that_is_not_a_count_of_runs_has_to_say_its_smallest_effect():
    with pytest.raises(TypeError, match="part: declare the smallest effect of interest, TIV"):
        Metrics("state").plain("part", "TIV", "Another.", phrase="part of {i}")
