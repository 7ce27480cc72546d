"""Properties of quantities on any history: bounds, sums, and exchange of sides."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.patterns.tiny import ALL, XEN, check, history, value

amounts = st.lists(
    st.lists(st.floats(0, 1e6).map(lambda x: round(x, 3)), min_size=4, max_size=4),
    min_size=3,
    max_size=3,
)


def of(table):
    """Return a history in which three suppliers deliver such amounts to XEN."""
    names = ("ALP", "BET", "GAM")
    flows = {
        (name, "XEN"): [[each] for each in row] for name, row in zip(names, table, strict=True)
    }
    return history(flows=flows)


@given(amounts)
def test_shares_lie_in_0_to_1_and_add_to_1(table):
    made = of(table)
    shares = [
        value(check("share", **{"from": name, "to": "XEN", "window": ALL}), made)[0]
        for name in ("ALP", "BET", "GAM")
    ]
    if sum(map(sum, table)) == 0:
        assert np.isnan(shares).all()
    else:
        assert all(0 <= each <= 1 + 1e-12 for each in shares)
        assert sum(shares) == pytest.approx(1)


@given(amounts)
def test_concentration_lies_between_one_over_the_suppliers_and_1(table):
    made = of(table)
    found = value(check("hhi", to="XEN", window=ALL), made)[0]
    count = value(check("suppliers", to="XEN", least=0, window=ALL), made)[0]
    if count == 0:
        assert np.isnan(found)
    else:
        assert 1 / count - 1e-9 <= found <= 1 + 1e-9


@given(amounts)
def test_a_ratio_turned_round_is_its_inverse(table):
    made = of(table)
    sides = [{"flow": {"from": name, "to": "XEN"}} for name in ("ALP", "BET")]
    one, back = (
        value(check("ratio", of=of_, over=over, window=ALL), made)[0]
        for of_, over in (sides, sides[::-1])
    )
    if np.isnan(one):
        assert np.isnan(back)
    elif one in (0, np.inf):
        assert back in (0, np.inf)
        assert back != one
    else:
        assert one * back == pytest.approx(1)


@given(amounts)
def test_the_sign_of_a_difference_flips_with_its_sides(table):
    made = of(table)
    sides = [
        {"quantity": "level", "of": {"flow": {"from": name, "to": "XEN"}}, "window": ALL}
        for name in ("ALP", "BET")
    ]
    one, back = (
        value(check("difference", of=of_, less=less), made)[0] for of_, less in (sides, sides[::-1])
    )
    assert one == -back
    assert one in (-1, 0, 1)


@given(st.lists(st.integers(1, 12), min_size=2, max_size=5))
def test_order_is_antisymmetric(months):
    events = [{"dates": f"2011-{month:02d}"} for month in months]
    one, back = (
        value(check("order", events=each, window=ALL), history())[0]
        for each in (events, events[::-1])
    )
    assert one == pytest.approx(-back)
    assert -1 <= one <= 1


@given(amounts, st.floats(0.1, 100))
def test_correlation_and_variation_do_not_depend_on_the_unit(table, factor):
    plain, scaled = of(table), of([[each * factor for each in row] for row in table])
    of_, with_ = ({"flow": {"from": name, "to": "XEN"}} for name in ("ALP", "BET"))
    for quantity in (
        check("correlation", **{"of": of_, "with": with_, "window": ALL}),
        check("variation", of=of_, window=ALL),
    ):
        first, second = value(quantity, plain)[0], value(quantity, scaled)[0]
        spread = np.ptp(np.array(table), axis=1)
        if (spread[:2] > 1e-3).all():
            assert first == pytest.approx(second, abs=1e-6)
        if quantity.quantity == "correlation" and not np.isnan(first):
            assert -1 <= first <= 1


@given(amounts, st.integers(2010, 2013))
def test_windows_that_divide_a_span_add_up(table, year):
    made = of(table)
    whole = value(check("level", of=XEN, window="2010..2013"), made)[0]
    parts = [f"2010..{year}-Q2", f"{year}-Q3..2013"]
    total = sum(value(check("level", of=XEN, window=part), made)[0] for part in parts)
    assert total == pytest.approx(whole)
