"""Documented values of patterns out of an invented register, worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.cases.case_file import fill_text
from sim.cases.case_plan import plan_of
from sim.cases.figures import Gap
from sim.cases.history_figures import of_patterns
from sim.data import tidy_tables as tables
from sim.documents.reader import read_mapping, read_text
from tests.cases.invented_case import archive, deal, of_series

SPENT = of_series("value", {"FIN": {2013: 6.0, 2014: 9.0}, "NOR": {2013: 2.0, 2014: 3.0}},
                  measure="current_usd_m", flag="")  # fmt: skip
MONEY = "{series: {metric: spending, subject: %s}}"
HEAD = """format: 2
scenario: north
title: North
question: Does history fill it?
time: {start: 2012-Q1, end: 2014-Q4}
states: {FIN: {}, NOR: {}, SWE: {}, DNK: {}}
blocs: {PACT: {leader: SWE, members: [SWE, NOR], source: assumed}}
systems: {lynx: {name: Lynx-9}}
patterns:
  north:
    claim: Sweden arms the north.
    source: sipri_arms
    scored: false
    checks:
"""


def answer(check: str, **changed: Any) -> Any:
    plan = plan_of(read_mapping(f"{HEAD}      own: {{{check}}}\n", "north.yaml"))
    (part,) = of_patterns(plan, archive(**{tables.SPENDING.name: SPENT, **changed}))
    return part


@pytest.mark.parametrize(
    ("check", "value"),
    [
        # 10 tanks of 4 TIV in equal parts over 2013 and 2014
        ("quantity: level, of: {flow: {to: NOR}}, window: 2013..2014", 40.0),
        ("quantity: level, of: {flow: {to: NOR}}, window: 2013", 20.0),
        # half of 80 in 2014, half in 2016; 30 used ones of 1.2 in 2010
        ("quantity: level, of: {flow: {to: FIN}}, window: 2010..2014", 76.0),
        # of one class: 80 from the start of 2014 to the end of 2016, so a third in 2014
        ("quantity: level, of: {flow: {to: FIN, classes: armour}}, window: 2010..2014", 62 + 2 / 3),
        ("quantity: level, of: {flow: {to: FIN, systems: lynx}}, window: 2010..2014", 80 / 3),
        ("quantity: level, of: {flow: {to: PACT}}, window: 2013..2014", 43.0),
        ("quantity: share, from: SWE, to: PACT, window: 2013..2014", 40 / 43),
        ("quantity: ratio, of: {flow: {to: NOR}}, over: {flow: {to: SWE}}, window: 2013", 20 / 3),
        ("quantity: first_year, of: {orders: {to: NOR}}, window: 2010..2014", 2012),
        ("quantity: idle_years, of: {flow: {to: NOR}}, window: 2011..2015", 3),
        (f"quantity: ratio, of: {MONEY % 'FIN'}, over: {MONEY % 'NOR'}, window: 2013..2014", 3.0),
    ],
)  # fmt: skip
def test_a_documented_value_worked_by_hand(check, value):
    path, figure = answer(check)
    assert path == ("patterns", "north", "checks", "own", "historical")
    assert figure.value == pytest.approx(value)
    assert figure.source == (("sipri_milex",) if "spending" in check else ("sipri_arms",))


@pytest.mark.parametrize(
    ("check", "why"),
    [
        ("quantity: hhi, to: NOR, window: 2010..2040", "the record of flow covers 1994-01 to"),
        ("quantity: hhi, to: [NOR, ISL], window: 2013", "no transfer to ISL in any year"),
        ("quantity: share, from: ISL, to: NOR, window: 2013", "no state or bloc ISL in the record"),
        ("quantity: hhi, to: NOR, window: 2011", "it is undefined in the record"),
        ("quantity: ratio, of: {flow: {to: FIN}}, over: {flow: {to: NOR}}, window: 2010", "over"),
        ("quantity: hhi, to: NOR, classes: odd, window: 2013", "do not tell the class odd"),
        ("quantity: hhi, to: NOR, systems: eel, window: 2013", "no deal of the register is called"),
        ("quantity: hhi, to: NOR, range: 100, window: 2013", "no ranges of fire"),
        ("quantity: level, of: {events: {kind: war}}, window: 2013", "the record of events covers"),
        ("quantity: difference, of: {quantity: hhi, to: NOR, window: 2013}, versus: a", "variants"),
    ],
)  # fmt: skip
def test_what_a_register_cannot_answer_is_a_gap_with_its_reason(check, why):
    part = answer(check)
    assert isinstance(part, Gap)
    assert why in part.why


def test_without_a_register_nothing_is_made_up():
    part = answer("quantity: hhi, to: NOR, window: 2013", **{tables.DEALS.name: []})
    assert isinstance(part, Gap)


def test_yearly_flows_come_before_deals_that_are_spread():
    flows = [{"supplier": "Sweden", "recipient": "Norway", "supplier_iso3": "SWE",
              "recipient_iso3": "NOR", "year": year, "tiv": tiv}
             for year, tiv in ((2012, 0.0), (2013, 33.0))]  # fmt: skip
    check = "quantity: level, of: {flow: {to: NOR}}, window: 2013"
    _, figure = answer(check, **{tables.FLOWS.name: flows})
    assert figure.value == 33.0


def test_typed_values_stay_and_a_filled_file_is_stable_and_sound_in_form():
    text = (
        f"{HEAD}      typed: {{quantity: hhi, to: NOR, window: 2013, historical: 0.5}}  # mine\n"
        "      new:  # by indentation\n        quantity: hhi\n        to: NOR\n"
        "        window: 2013..2014\n"
        f"      money: {{quantity: level, of: {MONEY % 'FIN'}, window: 2014}}\n"
    )
    data = archive(**{tables.SPENDING.name: SPENT})
    case = fill_text(text, "north.yaml", data, ["patterns"])
    checks = read_text(case.text, "").plain()["patterns"]["north"]
    assert checks["checks"]["typed"]["historical"] == 0.5
    assert checks["checks"]["new"]["historical"] == 1
    assert checks["sources"] == {"checks.money.historical": "sipri_milex"}
    assert [".".join(path) for path in case.kept] == ["patterns.north.checks.typed.historical"]
    assert "# mine" in case.text
    assert fill_text(case.text, "north.yaml", data, ["patterns"]).text == case.text
    forced = fill_text(text, "north.yaml", data, ["patterns"], force=True)
    assert (
        read_text(forced.text, "").plain()["patterns"]["north"]["checks"]["typed"]["historical"]
        == 1
    )


@pytest.mark.parametrize(
    ("typed", "sources"),
    [
        ("", {"checks": ["sipri_arms", "sipri_milex"]}),
        (", historical: 0.5", {"checks.money.historical": "sipri_milex"}),
    ],
)
def test_a_pattern_that_is_assumed_has_one_entry_for_the_sources_of_all_its_values(typed, sources):
    head = HEAD.replace("source: sipri_arms", "source: assumed")
    text = (
        f"{head}      arms: {{quantity: hhi, to: NOR, window: 2013{typed}}}\n"
        f"      money: {{quantity: level, of: {MONEY % 'FIN'}, window: 2014}}\n"
    )
    data = archive(**{tables.SPENDING.name: SPENT})
    case = fill_text(text, "north.yaml", data, ["patterns"])
    assert read_text(case.text, "").plain()["patterns"]["north"]["sources"] == sources
    more = of_series("value", {"FIN": {2014: 8.0}}, measure="current_usd_m", flag="")
    deals = [deal("SWE", "NOR", 2012, 1, "A", "tank", 1, "2013", 3.0),
             deal("DEU", "NOR", 2012, 1, "B", "tank", 1, "2013", 1.0)]  # fmt: skip
    other = archive(**{tables.SPENDING.name: more, tables.DEALS.name: deals})
    forced = read_text(
        fill_text(case.text, "north.yaml", other, ["patterns"], force=True).text, ""
    ).plain()["patterns"]["north"]
    assert forced["checks"]["money"]["historical"] == 8.0
    assert forced["checks"]["arms"]["historical"] == 0.625
    if not typed:
        assert forced["sources"] == sources
    assert fill_text(case.text, "north.yaml", data, ["patterns"]).text == case.text


def test_a_pattern_that_is_not_sound_is_left_to_check():
    plan = plan_of(read_text("patterns: {p: {claim: x, checks: {a: {quantity: odd}}}}\n", ""))
    (part,) = of_patterns(plan, archive())
    assert part == Gap(("patterns", "p", "historical"), "it is not sound: `blocsim check` says why")
