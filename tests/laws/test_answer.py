import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernel.arrays import logistic
from sim.kernel.rules import rules
from sim.laws.answer import Answer
from tests.strategies import few, numbers, total

# parameters of the worked examples below, which do not depend on the defaults
ANSWER = Answer(
    base=-2.0,
    by_commitment=1.0,
    by_engagement=1.0,
    by_regard=2.0,
    by_strength=1.0,
    by_stake=1.5,
    by_war=1.0,
)

CASE = {
    "commitment": np.array([0.5]),
    "covered": np.array([1.0]),
    "engagement": np.array([0.8]),
    "regard": np.array([0.6]),
    "regard_attacker": np.array([-0.1]),
    "strength": np.array([300.0]),
    "strength_attacker": np.array([100.0]),
    "stake": np.array([0.4]),
    "at_war": np.array([0.2]),
}


def test_the_odds_of_coming_worked_by_hand():
    # -2 + 1 x 0.5 + 1 x 0.8 + 2 (0.6 + 0.1) - 1 x 100 / 400 - 1.5 x 0.4 - 1 x 0.2 = -0.35
    terms = ANSWER.terms(**CASE)
    assert total(terms) == pytest.approx(-0.35)
    assert terms["stake"] == pytest.approx(-0.6)
    # a threat from within, or an attack by a fellow member, is not what the treaty binds for
    assert total(ANSWER.terms(**{**CASE, "covered": np.array([0.0])})) == pytest.approx(-0.85)


@few
@given(given_=numbers(Answer, "terms"), sales=st.floats(0.0, 3.0))
def test_each_year_of_sales_to_the_attacker_costs_the_same_log_odds(given_, sales):
    none = {**given_, "stake": np.array([0.0])}
    some = {**given_, "stake": np.array([sales])}
    lost = total(ANSWER.terms(**none)) - total(ANSWER.terms(**some))
    assert lost == pytest.approx(1.5 * sales, abs=1e-12)


@pytest.mark.parametrize(
    ("variant", "published"),
    [("older_counts", 0.25), ("berkemeier_fuhrmann", 0.5), ("chiba", 0.67), ("leeds", 0.745)],
)
def test_the_published_reliabilities_are_there_by_name(variant, published):
    law = rules({"answer": variant}, {}).answer
    assert logistic(total(law.terms(**CASE))) == pytest.approx(published)
    assert law.reliability == published
    given_by_user = rules({"answer": variant}, {"answer": {"reliability": 0.3}}).answer
    assert logistic(total(given_by_user.terms(**CASE))) == pytest.approx(0.3)
