"""Civil loans and their cancellation: separate from the fund for arms, without payment."""

import numpy as np
import pytest

from sim.conform import conservation
from tests.small import built, columns, event, model, passing, record, same

ALP, BET, DEL, GAM = range(4)
LOAN = {"lender": "ALP", "borrower": "BET", "amount": 800}
CIVIL = event("2018-Q1", loan={**LOAN, "for": "economy"})


def worlds(folder, **events):
    """Return the world at the end of each period."""
    return [passed.world for _, passed in passing(built(model(folder, {"events": events}), 8))]


def test_a_civil_loan_moves_no_fund_for_arms_and_buys_none(tmp_path):
    plain, civil = worlds(tmp_path), worlds(tmp_path, civil=CIVIL)
    arms = worlds(tmp_path, arms=event("2018-Q1", loan=LOAN))
    first = 1  # 2018-Q1 is the second period
    assert np.all(civil[first].fund[ALP] == plain[first].fund[ALP])
    assert np.all(arms[first].fund[BET] > civil[first].fund[BET])
    assert np.all(civil[-1].debt[BET, ALP] <= arms[-1].debt[BET, ALP])


def test_treasuries_repay_it_in_equal_shares_of_what_is_left(tmp_path):
    after = worlds(tmp_path, civil=CIVIL)
    tenor = after[0].tenor[BET, ALP, 0]
    owed = [world.civil_debt[0, 0] for world in after]
    assert owed[:3] == pytest.approx([0, 800 * (1 - 0.25 / tenor), 800 * (1 - 0.25 / tenor) ** 2])
    # the creditor has what the debtor owes it in all to press with
    assert after[2].owed_in_all[BET, ALP] == pytest.approx(
        after[2].debt[BET, ALP] + after[2].civil_debt[0]
    )


def test_cancelled_debt_is_not_owed_any_more_and_not_paid(tmp_path):
    half = event("2018-Q2", forgive={"creditor": "ALP", "debtor": "BET", "part": 0.5})
    whole = event("2018-Q2", forgive={"creditor": "ALP", "debtor": "BET"})
    kept, halved, gone = (
        worlds(tmp_path, civil=CIVIL, **more) for more in ({}, {"half": half}, {"whole": whole})
    )
    assert halved[2].civil_debt == pytest.approx(0.5 * kept[2].civil_debt)
    assert np.all(gone[2].civil_debt == 0)
    ends = [each[2].debt[BET, ALP] for each in (gone, halved, kept)]
    # what new orders add in the period is the same for all three
    assert ends[1] - ends[0] == pytest.approx(ends[2] - ends[1])
    assert np.all(ends[1] > ends[0])
    assert gone[2].fund[BET].mean() > kept[2].fund[BET].mean()  # what it need not pay
    rest = np.delete(gone[2].debt, BET, axis=0)
    assert np.all(rest == np.delete(kept[2].debt, BET, axis=0))


def test_money_is_conserved(tmp_path):
    events = {
        "civil": CIVIL,
        "arms": event("2018-Q2", loan=LOAN),
        "off": event("2018-Q4", forgive={"creditor": "ALP", "debtor": "BET", "part": 0.6}),
        "some": event("2019-Q1", probability=0.5, forgive={"creditor": "ALP", "debtor": "BET"}),
    }
    assert conservation.money(built(model(tmp_path, {"events": events}), 16)) == ""


def test_to_cancel_a_debt_that_does_not_exist_has_no_effect(tmp_path):
    idle = event("2018-Q2", forgive={"creditor": "DEL", "debtor": "GAM"})
    found = [columns(record(model(tmp_path, {"events": e}), 8)) for e in ({}, {"idle": idle})]
    assert same(*found) == []
