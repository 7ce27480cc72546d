"""Properties without effect on the market: packing, clones, terms without a gift."""

import numpy as np
import pytest

from sim.kernel.world import ORDERED
from tests.small import SMALL, columns, model, record, same

TANK = SMALL["offers"]["tank_alp"]
RUNS = 64


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """Return a function that gives the record of the small scenario with a patch."""
    folder = tmp_path_factory.mktemp("market")
    return lambda patch=None: record(model(folder, patch or {}), RUNS)


@pytest.fixture(scope="module")
def plain(lived):
    return lived()


def ordered(found, offer):
    """Return how often an offer was ordered."""
    log, layout = found.end.log, found.end.layout
    return int(((log.offer == layout.offers.index(offer)) & (log.stage == ORDERED)).sum())


def spent(found):
    """Return the value of orders, million USD in each run."""
    log = found.end.log
    return float(((log.stage == ORDERED) * log.value).sum() / RUNS)


@pytest.mark.parametrize("parts", [2, 8])
def test_a_batch_split_in_price_and_number_changes_no_digit(lived, plain, parts):
    """Units are sold: a batch says for how many the price is quoted."""
    split = {"price": TANK["price"] / parts, "batch": TANK["batch"] / parts, "most": 40}
    other = lived({"offers": {"tank_alp": split}})
    assert same(columns(plain), columns(other)) == []
    assert ordered(plain, "tank_alp") > RUNS


def test_where_no_most_is_given_an_order_is_of_four_batches_at_most(lived, plain):
    log, layout = plain.end.log, plain.end.layout
    mine = (log.offer == layout.offers.index("tank_alp")) & (log.forced == 0)
    assert (mine * log.units).max() == 40
    few = lived({"offers": {"tank_alp": {"most": 3}}})
    log = few.end.log
    assert ((log.offer == layout.offers.index("tank_alp")) * log.units).max() == 3


def test_an_offer_cloned_changes_no_digit(lived, plain):
    """It has its original's place in the draws and its value: a longer catalogue is no reason."""
    clone = {"offers": {"tank_alp_too": TANK, "rocket_bet_too": SMALL["offers"]["rocket_bet"]}}
    other = lived(clone)
    names = plain.end.layout.offers, other.end.layout.offers
    one, two = columns(plain), columns(other)
    places = np.array([names[1].index(each) for each in names[0]] + [-1])
    one["log.offer"] = places[one["log.offer"]].astype(two["log.offer"].dtype)
    assert same(one, two) == []


def test_a_long_lag_is_a_cost_and_does_not_raise_purchasing_power(lived):
    counts = [ordered(lived({"offers": {"missile_alp": {"lag": lag}}}), "missile_alp")
              for lag in (1.25, 5.0, 8.0)]  # fmt: skip
    assert counts[0] > counts[1] > counts[2]


def test_credit_without_interest_makes_no_orders_without_limit(lived):
    """A gift counts, a loan does not, and credits end at some years of budget."""
    none, half, whole = (
        lived({"blocs": {"PACT": {"credit": credit, "rate": 0.0, "tenor": 30}}})
        for credit in (0.0, 0.5, 1.0)
    )
    assert spent(none) < spent(half) < spent(whole) < 1.5 * spent(none)
    assert whole.end.log.value.max() == none.end.log.value.max()


def test_a_set_that_cannot_be_divided_is_bought_whole_or_not_at_all(lived):
    found = lived({"offers": {"missile_alp": {"least": 3}}})
    log, layout = found.end.log, found.end.layout
    mine = (log.offer == layout.offers.index("missile_alp")) & (log.stage == ORDERED)
    assert mine.any()
    assert log.units[mine].min() == 3
