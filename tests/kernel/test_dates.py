"""Periods by date."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernel.dates import MONTHS, Calendar, months

PERIODS = st.sampled_from(sorted(MONTHS))


@pytest.mark.parametrize(
    ("date", "month"),
    [("2018", 0), ("2018-H1", 0), ("2018-H2", 6), ("2018-Q2", 3), ("2018-Q4", 9), ("2018-06", 5)],
)
def test_a_date_is_the_month_in_which_it_begins(date, month):
    assert months(date) == 12 * 2018 + month


@pytest.mark.parametrize(
    "date",
    [
        "18",
        "2018-Q5",
        "2018-H3",
        "2018-q1",
        "2018-6",
        "",
        "2018-Q1 ",
        "\uff12\uff10\uff11\uff18",
        "\u0662\u0660\u0661\u0668",
    ],
)
def test_what_is_not_a_date_says_how_to_write_one(date):
    with pytest.raises(ValueError, match="write 2018, 2018-H1, 2018-Q2 or 2018-06"):
        months(date)


@pytest.mark.parametrize("date", ["2018-00", "2018-13"])
def test_a_month_is_one_of_twelve(date):
    with pytest.raises(ValueError, match="write 01 to 12"):
        months(date)


def test_the_flagships_calendar_has_29_quarters():
    calendar = Calendar.between("2017-Q4", "2024-Q4", "quarter")
    assert len(calendar) == 29
    assert calendar.dt == 0.25
    assert calendar.labels()[:2] == ["2017-Q4", "2018-Q1"]
    assert calendar.labels()[-1] == "2024-Q4"
    assert calendar.index("2018-06") == calendar.index("2018-Q2") == 2
    assert calendar.index("2017-Q3") == -1


def test_a_date_longer_than_a_period_begins_in_its_first_and_ends_in_its_last():
    calendar = Calendar.between("2020", "2024", "quarter")
    assert calendar.labels()[0] == "2020-Q1"
    assert calendar.labels()[-1] == "2024-Q4"
    assert calendar.index("2022") == 8
    assert calendar.last_index("2022") == 11
    assert calendar.last_number("2022-Q2") == calendar.number("2022-Q2")
    assert Calendar.between("2020-Q1", "2024-Q4", "month").labels()[-1] == "2024-12"
    assert len(Calendar.between("2020-Q2", "2021-Q1", "year")) == 2


@given(year=st.integers(0, 9990), size=st.integers(0, 3), period=PERIODS)
def test_labels_are_dates_of_their_own_periods(year, size, period):
    calendar = Calendar.between(f"{year:04d}", f"{year + size:04d}", period)
    assert len(calendar) >= 1
    for index, label in enumerate(calendar.labels()):
        assert calendar.index(label) == index


@given(first=st.integers(1900, 2100), gap=st.integers(1, 50), period=PERIODS)
def test_scenarios_that_start_apart_share_their_periods(first, gap, period):
    early = Calendar.between(str(first), str(first + gap), period)
    late = Calendar.between(str(first + gap), str(first + gap), period)
    date = f"{first + gap}"
    assert early.number(date) == late.number(date)
    assert early.label(early.index(date)) == late.label(late.index(date))


@given(period=PERIODS)
def test_periods_of_a_year_make_up_a_year(period):
    year = Calendar.between("2018-01", "2018-12", period)
    assert len(year) * year.dt == pytest.approx(1.0)
