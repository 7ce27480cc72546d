"""Tables in several files: parts are put together, and what two files hold counts once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from sim.data.flows import flows_in, flows_of_all
from sim.data.split_tables import put_together
from sim.data.tidy_tables import CLASHES, DEALS, DELIVERIES, DISPUTES, FLOWS, INDICATORS

SELLERS, BUYERS = ("SWE", "FIN", "DEU"), ("NOR", "DNK", "POL", "SWE")


@dataclass(frozen=True)
class Table:
    """A table in a file."""

    file: str
    frame: pd.DataFrame
    source: str = "a publisher"


def deal(supplier, recipient, order, units, what, years, status="new"):
    """Return a deal of 2 TIV a unit of which everything has come; nothing without years."""
    came = units if years else 0
    return {
        "supplier": supplier, "supplier_iso3": supplier,
        "recipient": recipient, "recipient_iso3": recipient,
        "order_year": order, "order_year_estimated": 0, "ordered": float(units),
        "designation": what, "description": "tank", "delivered": float(came),
        "delivery_years": ";".join(map(str, years)),
        "first_delivery": float(years[0]) if years else np.nan,
        "last_delivery": float(years[-1]) if years else np.nan,
        "status": status, "tiv_unit": 2.0, "tiv_ordered": 2.0 * units,
        "tiv_delivered": 2.0 * came, "comments": "", "line": 1,
    }  # fmt: skip


def deals(*rows):
    return pd.DataFrame([*rows], columns=[*DEALS.names])


@pytest.fixture(scope="module")
def register():
    """Return an invented register of twenty years; two of its deals are alike."""
    rng = np.random.default_rng(1)
    rows = [deal("SWE", "NOR", 2001, 4, "Lynx", [2002]) for _ in range(2)]
    for at in range(120):
        one, other = SELLERS[at % 3], BUYERS[int(rng.integers(4))]
        order = int(rng.integers(1995, 2014))
        size = int(rng.integers(0, 5))
        years = sorted({*(order + rng.integers(0, 6, size)).tolist()})
        if one != other:
            rows.append(deal(one, other, order, 12, f"Type {at}", years))
    return deals(*rows)


def of_years(register, first, last):
    """Return a register as SIPRI exports some years: with deliveries of these years alone."""
    rows = []
    for row in register.to_dict("records"):
        years = [int(each) for each in row["delivery_years"].split(";") if each]
        own = [each for each in years if first <= each <= last]
        if not own and not (first <= row["order_year"] <= last):
            continue
        part = len(own) / max(len(years), 1)
        rows.append(
            row
            | {
                "delivered": row["delivered"] * part,
                "tiv_delivered": row["tiv_delivered"] * part,
                "delivery_years": ";".join(map(str, own)),
                "first_delivery": float(own[0]) if own else np.nan,
                "last_delivery": float(own[-1]) if own else np.nan,
            }
        )
    return deals(*rows)


def from_files(kind, *frames):
    return put_together(kind, [Table(f"{at}.csv", each) for at, each in enumerate(frames)])


def same(whole, register):
    """Return whether two registers have the same deals."""
    columns = [*DEALS.names]
    one, other = (
        each[columns].sort_values(columns, ignore_index=True) for each in (whole, register)
    )
    return one.round(6).astype(object).fillna("").equals(other.round(6).astype(object).fillna(""))


def by(register, column):
    return [own for _, own in register.groupby(column)]


@pytest.mark.parametrize("column", ["supplier", "recipient"])
def test_a_register_by_party_is_the_register(register, column):
    whole = from_files(DEALS, *by(register, column))
    assert same(whole.frame, register)
    assert sum(each.used for each in whole.shares) == len(register)


@pytest.mark.parametrize("cuts", [((1990, 2004), (2005, 2030)), ((1990, 2003), (2003, 2030))])
def test_a_register_by_years_is_the_register(register, cuts):
    late, early = (of_years(register, *span) for span in reversed(cuts))
    whole = from_files(DEALS, late, early)
    assert same(whole.frame, register)


def test_files_that_overlap_count_each_deal_once(register):
    files = [register[register["supplier"] == "SWE"], register[register["recipient"] == "NOR"]]
    wanted = register[(register["supplier"] == "SWE") | (register["recipient"] == "NOR")]
    for order in permutations(files):
        assert same(from_files(DEALS, *order).frame, wanted)
    both = int(((register["supplier"] == "SWE") & (register["recipient"] == "NOR")).sum())
    assert from_files(DEALS, *files).shares[1].again == both >= 2


def test_of_two_editions_the_older_one_adds_nothing(register):
    older = of_years(register[register["order_year"] < 2010], 1990, 2011)
    older["ordered"] = older["ordered"].where(older.index % 3 > 0, 11.0)  # revised since
    whole = from_files(DEALS, register, older)
    assert same(whole.frame, register)
    assert whole.shares[1].used == 0
    assert whole.shares[1].other > 10


def test_years_that_the_newer_edition_lacks_come_from_the_older_one(register):
    newer = of_years(register, 2005, 2030)
    whole = from_files(DEALS, newer, register)
    assert flows_in(whole.frame, DEALS)["tiv"].sum() == pytest.approx(
        flows_in(register, DEALS)["tiv"].sum()
    )


def test_a_register_by_class_of_arms_is_the_register(register):
    some = register["designation"].str[-1].isin([*"02468x"])
    assert same(from_files(DEALS, register[some], register[~some]).frame, register)


def test_two_like_orders_do_not_become_one_of_which_more_came_than_was_ordered():
    late, early = (deals(deal("SWE", "NOR", 2001, 4, "Lynx", [y])) for y in (2006, 2003))
    assert len(from_files(DEALS, late, early).frame) == 2
    parts = [deals(deal("SWE", "NOR", 2001, 4, "Lynx", [y])) for y in (2006, 2003)]
    for each in parts:
        each["delivered"] = 2.0
    (row,) = from_files(DEALS, *parts).frame.to_dict("records")
    assert (row["ordered"], row["delivered"], row["delivery_years"]) == (4, 4, "2003;2006")
    assert (row["first_delivery"], row["last_delivery"]) == (2003, 2006)


def deliveries(*rows):
    columns = ("deal", "supplier", "recipient", "year", "number", "tiv")
    frame = pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows])
    return frame.assign(
        supplier_iso3=frame["supplier"], recipient_iso3=frame["recipient"], status="new",
        designation="Lynx", line=1,
    )  # fmt: skip


def test_deliveries_of_one_deal_are_known_by_its_number():
    sold = deliveries(("1", "SWE", "NOR", 2001, 3, 9.0), ("2", "SWE", "DNK", 2004, 1, 3.0))
    bought = deliveries(("1", "SWE", "NOR", 2001, 3, 9.0), ("3", "FIN", "NOR", 2002, 5, 1.0))
    whole = from_files(DELIVERIES, sold, bought)
    assert sorted(whole.frame["deal"]) == ["1", "2", "3"]
    assert [(each.used, each.again) for each in whole.shares] == [(2, 0), (1, 1)]


def disputes(*rows):
    columns = ("iso3_1", "iso3_2", "year", "dispute", "hostility")
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(action=1, onset=1)


def test_lists_of_disputes_by_years_are_put_together_and_other_lists_are_not():
    late = disputes(("DNK", "NOR", 2001, "9", 4), ("FIN", "NOR", 2004, "8", 4))
    early = disputes(("DNK", "NOR", 1990, "3", 4), ("DNK", "NOR", 2001, "9", 4))
    assert len(from_files(DISPUTES, late, early).frame) == 3
    other = disputes(("DNK", "NOR", 2001, "9", 3), ("DNK", "NOR", 2002, "10", 3))
    assert from_files(DISPUTES, late, other).shares[1].used == 0
    renumbered = pd.DataFrame({"iso3_1": ["DNK"], "iso3_2": ["NOR"], "year": [2001],
                               "conflict": ["x9"], "intensity": [1], "primary": [1]})  # fmt: skip
    older = renumbered.assign(conflict="9")
    assert len(from_files(CLASHES, renumbered, older).frame) == 1


def test_figures_of_one_subject_come_from_the_first_file_that_has_any():
    columns = [*INDICATORS.names]
    gdp = pd.DataFrame([("NOR", 2001, "GDP", 3.0), ("NOR", 2002, "GDP", 4.0)], columns=columns)
    more = pd.DataFrame([("NOR", 2002, "GDP", 9.0), ("NOR", 2002, "POP", 5.0)], columns=columns)
    whole = from_files(INDICATORS, gdp, more)
    assert [*whole.frame["value"]] == [3, 4, 5]
    assert whole.shares[1].again == 1


def flows(*rows):
    columns = ("supplier", "supplier_iso3", "recipient", "recipient_iso3", "year", "tiv")
    return pd.DataFrame(rows, columns=columns).assign(line=1)


def test_one_flow_under_two_spellings_counts_once():
    by_name = flows(("Sweden", "SWE", "Norway", "NOR", 2001, 3.0))
    by_code = flows(("SWE", "SWE", "NOR", "NOR", 2001, 3.5))
    assert [*from_files(FLOWS, by_name, by_code).frame["tiv"]] == [3.0]


def test_flows_of_one_buyer_leave_those_of_others_to_the_register():
    rows = {
        FLOWS.name: flows(
            ("SWE", "SWE", "NOR", "NOR", 2001, 3.0), ("SWE", "SWE", "NOR", "NOR", 2003, 1.0)
        ).assign(file="a"),
        DEALS.name: deals(
            deal("SWE", "NOR", 2001, 9, "Lynx", [2002, 2004]),
            deal("SWE", "DNK", 2001, 9, "Lynx", [2002]),
        ).assign(file="b"),
    }
    found = flows_of_all(lambda kind: rows.get(kind.name, pd.DataFrame()))
    tiv = {(row.recipient, row.year): row.tiv for row in found.itertuples()}
    # 9 TIV of 2004 are beyond the table of flows; by that table nothing came in 2002
    assert tiv == {("DNK", 2002): 18, ("NOR", 2001): 3, ("NOR", 2003): 1, ("NOR", 2004): 9}
