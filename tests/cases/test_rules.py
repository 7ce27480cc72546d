"""The rules that turn public figures into numbers of a scenario, each worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.cases import economies, quarrels, regard, stocks, treaties
from sim.cases.dollars import deflator, in_2016
from sim.cases.usual_orders import usual
from sim.cases.weapon_classes import CLASSES, class_of


def test_dollars_are_those_of_2016() -> None:
    assert in_2016(3e9, 2016) == pytest.approx(3000)
    assert in_2016(1e10, 2005) == pytest.approx(10_000 * 240.007 / 195.3)
    assert deflator(1900) == deflator(1947)  # the first and last values hold beyond the table
    assert deflator(2050) == deflator(2024) < 1


def test_dollars_of_equal_power_are_worth_less_where_incomes_are_low() -> None:
    value = economies.gdp_at_prices(1000, 2016, income=10_000, richest=40_000)
    assert value == pytest.approx(1000 * 0.25**0.4)
    assert economies.gdp_at_prices(1000, 2016, income=50_000, richest=40_000) == 1000


def test_growth_is_the_slope_of_log_gdp_over_five_years() -> None:
    levels = {2000: 900.0, 2009: 1.0, 2011: 1.0, 2012: 2.0, 2014: 2.0, 2020: 900.0}
    slope = math.log(2) * (0.5 + 2.5) / (2.5**2 + 0.5**2 + 0.5**2 + 2.5**2)  # about 2011.5
    assert economies.growth(levels, 2014) == pytest.approx(math.exp(slope) - 1)
    assert economies.growth({2013: 1.0, 2014: 1.1}, 2014) is None  # too short to say
    assert economies.growth({2000: 1.0, 2004: 2.0}, 2014) is None  # too old
    assert economies.growth({}, 2014) is None


def test_growth_of_azerbaijan_leaves_out_its_boom_before_2008() -> None:
    real = {2003: 44_790.1, 2008: 118_349.7, 2009: 134_706.2, 2010: 144_364.4, 2011: 150_173.0,
            2012: 156_570.5, 2013: 160_722.0}  # fmt: skip # M international dollars, fariss2022
    assert economies.growth(real, 2013) == pytest.approx(0.0594, abs=1e-4)


def test_growth_that_cannot_last_is_limited() -> None:
    assert economies.lasting(0.215) == 0.08
    assert economies.lasting(-0.051) == -0.02
    assert economies.lasting(0.03) == 0.03


def test_growth_by_year_is_chained() -> None:
    rates = {2011: 50.0, 2012: 0.0, 2013: 0.0, 2014: 0.0, 1990: 900.0}
    slope = math.log(1.5) * 2 / 10  # of a step after the first of five levels
    assert economies.mean_growth(rates, 2014) == pytest.approx(math.exp(slope) - 1)


def test_a_gap_in_rates_of_growth_is_no_year_without_growth() -> None:
    rates = dict.fromkeys((2010, 2012, 2013, 2014), 5.0)
    assert economies.mean_growth(rates, 2014) == pytest.approx(0.05)


def test_a_share_of_imports_is_their_cost_over_spending_up_to_a_bound() -> None:
    assert economies.import_share(50, spending=500) == pytest.approx(0.2)
    assert economies.import_share(0.5, spending=500_000) == pytest.approx(2e-6)
    assert economies.import_share(400, spending=500) == 0.3
    assert economies.uncertain_share(0.1) == pytest.approx((0.06, 0.16))


@pytest.mark.parametrize(
    ("kinds", "forced", "war", "size"),
    [
        (None, 0, False, 0),
        (None, 2, False, 0.16),
        (frozenset(), 0, False, 0.3),
        (frozenset({"spatial"}), 3, True, 0.74),
        (frozenset({"spatial", "positional", "ideological"}), 9, True, 0.95),
        (frozenset({"interventionary"}), 9, False, 0.45),
    ],
)
def test_a_quarrel_is_sharper_by_kind_and_by_force(
    kinds: frozenset[str] | None, forced: int, size: float, *, war: bool
) -> None:
    assert quarrels.quarrel(kinds, forced, war=war) == pytest.approx(size)


def test_six_disputes_make_rivals_of_states_that_do_not_arm_each_other() -> None:
    assert not quarrels.enduring(5, armed=False)
    assert quarrels.enduring(6, armed=False)
    assert not quarrels.enduring(6, armed=True)


def test_the_weaker_minds_more() -> None:
    assert quarrels.minded(0.5, 0.5) == 0.5
    assert quarrels.minded(0.5, 0.1) == 0.5
    assert quarrels.minded(0.5, 1.0) == pytest.approx(0.3)
    assert quarrels.minded(0.5, 0.9) == pytest.approx(0.5 * (1 - 0.4 * 0.8**4))


def test_regard_adds_votes_and_guard_and_takes_disputes_off() -> None:
    assert regard.regard(0.2, 1, 0) == pytest.approx(0.7)
    assert regard.regard(0.9, 0, 0) == pytest.approx(0.5)  # votes count up to 0.4
    assert regard.regard(-0.9, 0, 0.95) == -1


def test_agreement_beyond_habit_is_nought_where_all_is_habit() -> None:
    habit = np.array([0.1, 0.3, 0.4, 0.2, 0.5])
    agreed = habit[:, None] + habit
    np.fill_diagonal(agreed, np.nan)
    agreed[0, 1] = agreed[1, 0] = 0.6  # 0.2 more than habit
    found = regard.beyond_habit(agreed)
    assert found[0, 1] == pytest.approx(0.2, abs=1e-4)
    assert np.abs(found[2:, 2:]).max() == pytest.approx(0, abs=1e-4)


def test_a_state_that_never_votes_has_no_agreement_beyond_habit() -> None:
    agreed = np.array([[np.nan, 0.5, np.nan], [0.5, np.nan, np.nan], [np.nan] * 3])
    assert (regard.beyond_habit(agreed)[2] == 0).all()


def test_agreement_falls_with_the_distance_of_ideal_points() -> None:
    agreed = regard.agreement_of_points(np.array([0.0, 1.0, -1.0]))
    assert agreed[0, 1] == pytest.approx(1 - 0.155)
    assert agreed[1, 2] == pytest.approx(1 - 0.31)
    assert math.isnan(agreed[0, 0])


def test_a_treaty_binds_by_its_strongest_obligation() -> None:
    assert treaties.strongest(["nonaggression", "defense"]) == "defense"
    assert treaties.strongest([]) == ""
    assert treaties.commitment(["defense", "consultation", "defense"]) == (0.7, (0.5, 0.85))
    assert treaties.commitment(["neutrality", "defense"]) == (pytest.approx(0.45), None)
    assert treaties.commitment(["", ""]) is None


def test_worth_is_that_of_new_units_or_of_used_ones_over_their_condition() -> None:
    assert stocks.worth([(4, "new"), (6, "new"), (1, "second_hand")]) == 5
    assert stocks.worth([(2, "second_hand"), (0, "new")]) == pytest.approx(5)
    assert stocks.worth([(0, "new")]) == 0


def test_an_arsenal_ages_and_counts_used_units_less() -> None:
    came = [(10.0, "new", 0), (10.0, "second_hand", 15), (99.0, "new", 31), (99.0, "new", -1)]
    assert stocks.arsenal(came, life=30) == pytest.approx(10 + 4 * math.exp(-0.5))


def test_a_batch_costs_two_million_dollars_a_tiv_in_its_condition() -> None:
    assert stocks.price(5, batch=10, condition="new") == 100
    assert stocks.price(5, batch=10, condition="refurbished") == 66


def test_few_orders_are_drawn_towards_those_of_the_class() -> None:
    assert usual([[10.0, 10.0], [10.0, 1000.0, 10.0], [1000.0]]) == pytest.approx(
        10 * 10 ** (1 / 3)
    )
    assert usual([[10.0], [80.0] * 5]) == pytest.approx(math.sqrt(800))
    assert usual([[], [7.0], []]) == 7
    assert usual([[], []]) is None
    assert usual([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0]], 0.9) == 10


def test_a_batch_is_a_usual_order_in_units_of_its_condition() -> None:
    assert stocks.batch(40, 4, "new") == 10
    assert stocks.batch(40, 4, "second_hand") == 25
    assert stocks.batch(1, 4, "new") == 1


def test_satiation_is_what_the_state_in_the_middle_holds_if_that_is_much() -> None:
    assert stocks.satiation(100, [50, 400, 9000]) == 400
    assert stocks.satiation(100, [50]) == 100
    assert stocks.satiation(100, []) == 100


def test_lags_and_what_is_left_of_an_order() -> None:
    assert [stocks.lag(each) for each in (1.7, 0.1, 25, None)] == [1.5, 0.5, 10, 2]
    assert stocks.left(20, delivered=20, years=[2013, 2016], until=2014) == 10
    assert stocks.left(20, delivered=0, years=[], until=2014) == 20


@pytest.mark.parametrize(
    ("status", "condition"),
    [
        ("New", "new"),
        ("second hand", "second_hand"),
        ("Second hand but modernized", "refurbished"),
    ],
)
def test_the_status_of_a_deal_is_a_condition(status: str, condition: str) -> None:
    assert stocks.condition_of(status) == condition


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("tank", "armour"),
        ("portable SAM", "air_defence_short"),
        ("mobile SAM system", "air_defence_short"),
        ("ABM/SAM system", "air_defence_long"),
        ("surface-to-surface missile launcher", "strike_missiles"),
        ("self-propelled gun", "tube_artillery"),
        ("multiple rocket launcher", "rocket_artillery"),
        ("FGA aircraft", "combat_aircraft"),
        ("transport helicopter", "helicopters"),
        ("combat aircraft radar", "sensors"),
        ("anti-ship missile", "naval_weapons"),
        ("anti-ship missile/ASM/SAM", "naval_weapons"),
        ("anti-ship/land-attack missile", "strike_missiles"),
        ("air-to-surface/surface-to-surface missile", "antitank"),
        ("SAM system radar", "sensors"),
        ("armed UAV", "drones"),
        ("ship engine", ""),
        ("transport aircraft", ""),
        ("tanker/transport aircraft", ""),
        ("light /trainer aircraft", ""),
        ("submarine-launched ballistic missile", ""),
        ("ship nuclear reactor", ""),
        ("helicopter turret", ""),
        ("(armed) trainer aircraft", "combat_aircraft"),
        ("trainer/combat aircraft", "combat_aircraft"),
        ("helicopter/transport aircraft", "helicopters"),
        ("anti-ship helicopter", "helicopters"),
        ("maritime patrol aircraft", "sensors"),
        ("reconnaissance aircraft", "sensors"),
        ("anti-submarine aircraft", "sensors"),
        ("UAV", "sensors"),
        ("light aircraft/UAV", "sensors"),
        ("(armed) UAV", "drones"),
        ("loitering munition", "drones"),
        ("light tank", "armour"),
        ("armoured engineer vehicle", "armour"),
        ("minehunter", "ships"),
        ("cruiser", "ships"),
        ("transport ship", ""),
        ("replenishment tanker", ""),
        ("tug", ""),
        ("support craft", ""),
        ("icebreaker", ""),
        ("patrol ship/tug", "ships"),
        ("support/landing ship", "ships"),
        ("amphibious assault ship", "ships"),
        ("torpedo boat", "ships"),
        ("patrol boat/transport craft", "ships"),
        ("anti-submarine mortar", "naval_weapons"),
        ("anti-submarine rocket launcher", "naval_weapons"),
        ("anti-submarine missile", "naval_weapons"),
        ("combat helicopter", "helicopters"),
    ],
)
def test_a_kind_of_weapon_has_its_class(kind: str, name: str) -> None:
    assert class_of(kind) == name
    assert not name or name in CLASSES


@pytest.mark.parametrize(
    ("kind", "designation", "name"),
    [
        ("SAM system", "Patriot Configuration-3", "air_defence_long"),
        ("SAM", "MIM-104 PAC-2", "air_defence_long"),
        ("SAM", "MIM-104A Patriot", "air_defence_short"),
        ("SAM system", "S-400 Triumf", "air_defence_long"),
        ("SAM system", "Buk-1M", "air_defence_short"),
        ("SAM", "S-200", "air_defence_short"),
        ("anti-aircraft gun", "Arrow 30mm", "air_defence_short"),
        ("tank", "Patriot", "armour"),
    ],
)
def test_what_stops_missiles_is_known_by_its_family(kind: str, designation: str, name: str) -> None:
    assert class_of(kind, designation) == name
