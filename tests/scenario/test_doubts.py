"""Numbers that look like another unit's are reported, and run; absurd ones are refused."""

from __future__ import annotations

import re

import pytest

from sim.documents.package_data import shipped_scenarios
from sim.kernel.errors import InputError
from sim.metrics.exact import coalitions
from sim.scenario import doubts as doubts_of_scenarios
from sim.scenario.doubts import borrowed_dates, doubts
from sim.scenario.load import load
from tests import shipped

pytestmark = pytest.mark.usefixtures("real_names")

TOP = """\
scenario: x
title: X
question: What of it?
extends: [catalogue/south_caucasus_2017.yaml]
time: {start: 2017-Q4, end: 2018-Q4, period: quarter}
"""


def told(folder, text):
    file = folder / "x.yaml"
    file.write_text(TOP + text + "\n", encoding="utf-8")
    return [str(each).removeprefix(f"{folder}/") for each in doubts(load(file))]


KNOWN = {
    "states: {AZE: {gdp: 40e9}}": "21: states.AZE.gdp: 4e+10 M USD of 2016 is unusual: "
    "is it in USD? give millions of USD",
    "offers: {polonez: {price: 20000000}}": "27: offers.polonez.price: 20000000 M USD of 2016 per "
    "batch is unusual: is it in USD? give millions of USD",
    "offers: {polonez: {price: 0.08}}": "27: offers.polonez.price: 0.08 M USD of 2016 per batch is "
    "unusual: new, 6 of them cost about 74.4: is it in billions of USD, or for one "
    "unit?",
    "systems: {polonez: {range: 200000}}": "28: systems.polonez.range: 200000 km is "
    "unusual: is it in m? give km",
    "states: {AZE: {gdp: 869.680}}": "21: states.AZE.gdp: 869.68 M USD of 2016 is "
    "unusual: does the point separate thousands? then write 869680",
    "states: {AZE: {gdp: 408.5}}": "21: states.AZE.gdp: 408.5 M USD of 2016 is "
    "unusual: the median state has 336 times as much; is it in billions of USD? give millions",
    "states: {AZE: {gdp: 5}}": "21: states.AZE.gdp: 5 M USD of 2016 is unusual: "
    "is it in billions of USD? give millions",
    "states: {AZE: {gdp: 1e-300}}": "21: states.AZE.gdp: 1e-300 M USD of 2016 is "
    "unusual: is this intended?",
    "systems: {polonez: {cep: 9e6}}": "26: systems.polonez.cep: 9000000 m is unusual: "
    "is this intended?",
    "variants: {v: {systems: {polonez: {cep: 0.05}}}}": "41: systems.polonez.cep: 0.05 m is "
    "unusual: is it in km? give m",
}


@pytest.mark.parametrize(("text", "said"), KNOWN.items())
def test_a_number_in_another_unit_is_put_in_doubt(tmp_path, monkeypatch, text, said):
    monkeypatch.chdir(tmp_path)
    assert told(tmp_path, text) == [f"x.yaml:6:{said}"]


def test_a_gdp_in_another_unit_casts_no_doubt_on_those_of_others(tmp_path):
    slip = "AZE: {gdp: 408.5}"
    assert "states.AZE.gdp" in "".join(told(tmp_path, f"states: {{{slip}}}"))
    (said,) = told(tmp_path, f"states: {{{slip}, RUS: {{gdp: 1.3e12}}}}")
    assert "states.RUS.gdp: 1.3e+12 M USD of 2016 is unusual: is it in USD?" in said


def test_a_capital_far_from_its_state_is_put_in_doubt(tmp_path):
    (doubt,) = told(tmp_path, "states: {AZE: {latitude: 49.9, longitude: 40.4}}")
    assert "states.AZE.latitude: 49.9, 40.4 is " in doubt
    assert doubt.endswith(
        "km outside AZE: latitude and longitude have changed places: exchange them"
    )


def test_an_invented_state_may_have_the_code_of_another(tmp_path):
    text = "states: {AZE: {name: Azania, latitude: -30, longitude: 25}}"
    assert not [each for each in told(tmp_path, text) if "outside" in each]


def test_capitals_of_a_whole_scenario_in_radians_are_put_in_doubt_once(tmp_path):
    states = {"AZE": (0.705, 0.870), "ARM": (0.701, 0.777), "RUS": (0.973, 0.657)}
    others = set(load(shipped_scenarios()["polonez_vs_iskander"]).base.states) - {*states}
    places = states | dict.fromkeys(others, (0.1, 0.2))
    text = ", ".join(
        f"{code}: {{latitude: {a}, longitude: {b}}}" for code, (a, b) in places.items()
    )
    said = [each for each in told(tmp_path, f"states: {{{text}}}") if "outside" in each]
    assert len(said) == 1
    assert "states: latitude, longitude: " in said[0]


def test_a_constant_outcome_and_a_variant_without_changes_are_reported(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "outcomes: [sold GEO>AZE polonez]\nvariants: {same: {states: {AZE: {find: 0.1}}}}"
    find = shipped.read("polonez_vs_iskander").base.states["AZE"].find
    value = getattr(find, "value", find)
    source = "states: {AZE: {find: " + str(value) + "}}"
    said = told(tmp_path, f"{source}\n{text.replace('0.1', str(value))}")
    assert said == [
        (
            "x.yaml:7:12: outcomes[0]: GEO does not offer polonez in any variant: "
            "the outcome is 0 in every run"
        ),
        (
            "x.yaml:8:12: variants.same: changes nothing: its runs equal those of the baseline; "
            "give it a value that differs, or remove it"
        ),
    ]


@pytest.mark.parametrize(
    ("when", "said"),
    {
        "{outcome: sold GEO>AZE polonez, least: 1}": (
            "GEO does not offer AZE polonez: the condition is never met"
        ),
        "{outcome: sold BLR>KGZ polonez, least: 1}": (
            "BLR does not offer KGZ polonez: the condition is never met"
        ),
        "{outcome: cohesion CSTO, least: 1.5}": (
            "cohesion is from 0 to 1: the condition is never met"
        ),
        "{outcome: wars ARM>AZE, least: 0}": "wars is 0 or more: the condition is met at once",
        "{outcome: sold BLR>AZE polonez, least: 1}": "",
        "{outcome: cohesion CSTO, most: 0.4}": "",
        "{outcome: strength ARM less strength AZE, least: -2}": "",
    }.items(),
)
def test_a_condition_that_no_run_can_meet_is_reported(tmp_path, monkeypatch, when, said):
    monkeypatch.chdir(tmp_path)
    text = f"""\
events: {{e: {{when: {when}, source: assumed, budget: {{state: ARM, factor: 1.1}}}}}}
offers: {{polonez: {{not_to: [KGZ]}}}}
variants: {{none: {{offers: {{polonez: null}}}}}}"""
    assert told(tmp_path, text) == [f"x.yaml:6:14: events.e.when: {said}"] * bool(said)


GRANT = "donor: RUS, recipient: ARM, yearly: 3, for: arms, source: assumed"
SALE = "by: AZE, supplier: BLR, recipient: ARM, system: polonez, resolve: 0.3, source: assumed"
CUT = "source: assumed, budget: {state: ARM, factor: 2}"
HALT = "at: 2018-Q2, cancel: {supplier: BLR, recipient: ARM, system: polonez}, source: assumed"
OWN = "supplier: RUS, system: polonez, price: 60, batch: 6, lag: 2, to: ARM, source: assumed"
LEVER = (
    "by: RUS, supplier: BLR, recipient: AZE, system: polonez, withholds: own, resolve: 0.5, "
    "source: assumed"
)
LINE = "credit_lines: {ARM: 0.5}, credit_amounts: {ARM: 9}, credit_until: {ARM: 2016}"
ASK = "{supplier: BLR, recipient: AZE, system: polonez}, source: assumed"
ORDER = "{supplier: BLR, recipient: AZE, system: polonez, units: 6}, source: assumed"
IDLE = {
    f"grants: {{g: {{{GRANT}, until: 2015}}}}": "grants.g.until: 2015 is before the start: "
    "the entry has no effect",
    f"grants: {{g: {{{GRANT}, from: 2030-Q1}}}}": "grants.g.from: 2030-Q1 is after the end: "
    "the entry has no effect",
    f"threats: {{t: {{{SALE}, until: 2017-Q2}}}}": "threats.t.until: 2017-Q2 is before the start: "
    "the entry has no effect",
    f"blocs: {{CSTO: {{{LINE}}}}}": "blocs.CSTO.credit_until.ARM: 2016 is before the start: "
    "the line is never drawn on",
    "blocs: {CSTO: {credit_until: {TJK: 2018-Q2}}}": "blocs.CSTO.credit_until.TJK: "
    "TJK has no credit line to end: add one to credit_lines",
    "offers: {polonez: {opens: 2030-Q1}}": "offers.polonez.opens: 2030-Q1 is after the end: "
    "the offer is never open",
    f"offers: {{polonez: {{to: AZE}}}}\nthreats: {{t: {{{SALE}}}}}": "threats.t: "
    "BLR does not offer ARM polonez: there is no order",
    f"offers: {{polonez: {{to: AZE}}}}\nevents: {{e: {{{HALT}}}}}": "events.e.cancel: "
    "BLR does not offer ARM polonez: there is no order",
    "embargoes: {e: {supplier: KGZ, recipient: AZE, source: assumed}}": "embargoes.e.supplier: "
    "KGZ: has no offer, licence or component to ban: no effect",
    f"offers: {{own: {{{OWN}}}}}\nleverage: {{l: {{{LEVER}}}}}": "leverage.l.withholds: "
    "own: not offered to AZE, so there is nothing to withhold",
    f"offers: {{polonez: {{to: ARM}}}}\nevents: {{e: {{at: 2018-Q2, request: {ASK}}}}}": (
        "events.e.request: BLR does not offer AZE polonez: the request has no effect"
    ),
    f"offers: {{polonez: {{not_to: AZE}}}}\nevents: {{e: {{at: 2018-Q2, order: {ORDER}}}}}": (
        "events.e.order: polonez is not_to AZE, but an order by an event needs no permission: it "
        "is placed all the same"
    ),
    f"offers: {{polonez: {{opens: 2018-Q4}}}}\nevents: {{e: {{at: 2018-Q2, request: {ASK}}}}}": (
        "events.e.request: polonez: not open in 2018-Q2: the request has no effect"
    ),
    f"events: {{a: {{at: 2018-Q1, embargo: {{supplier: BLR, recipient: AZE}}, source: assumed}}, "
    f"e: {{at: 2018-Q2, request: {ASK}}}}}": (
        "events.e.request: BLR bans arms for AZE by then: the request has no effect"
    ),
    "events: {a: {at: 2018-Q2, incident: {states: [ARM, AZE]}, source: assumed}, "
    "b: {at: 2018-Q2, incident: {states: [AZE, ARM]}, source: assumed}}": (
        "events.b.incident: a is also an incident of the two in 2018-Q2: a period has only one "
        "for two states"
    ),
    f"events: {{e: {{at: 2018-Q2, probability: 0, {CUT}}}}}": "events.e.probability: 0: "
    "the event never happens",
    "events: {e: {when: {outcome: cohesion CSTO, most: 0.4}, lag: 9, source: assumed, "
    "budget: {state: ARM, factor: 2}}}": "events.e.lag: is longer than the scenario: "
    "the event never happens",
}


@pytest.mark.parametrize(("text", "said"), IDLE.items())
def test_events_without_a_period_are_reported(tmp_path, monkeypatch, text, said):
    monkeypatch.chdir(tmp_path)
    assert [re.sub(r"^x\.yaml:[67]:\d+: ", "", each) for each in told(tmp_path, text)] == [said]


QUICK = ("belarus_armenia_2007", "hub_and_spoke", "skif_component")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name in QUICK else pytest.mark.study)
        for name in shipped_scenarios()
    ],
)
def test_no_shipped_scenario_is_in_doubt(name):
    assert [str(each) for each in doubts(shipped.read(name))] == []


def test_an_engagement_far_from_where_it_rests_says_how_far_it_drifts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (said,) = told(tmp_path, "blocs: {CSTO: {engagement: {BLR: 0.2}}}")
    what = (
        r"starts at 0\.20 but drifts to 0\.7\d without any event: is this intended\? Otherwise .*"
    )
    assert re.fullmatch(rf"x\.yaml:6:34: blocs\.CSTO\.engagement\.BLR: {what}", said)


def test_a_key_of_an_earlier_format_is_put_in_doubt(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (said,) = told(tmp_path, "references: {my-note: A note.}")
    assert said.startswith("x.yaml:6:14: references.my-note: is written differently in format 2")


def test_a_scenario_that_runs_for_long_says_how_large_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = told(tmp_path, "runs: 100000000")
    assert len(said) == 1
    assert re.match(r"x\.yaml:6:7: runs: 100,000,000 runs of \d+ states over 5 periods", said[0])


@pytest.mark.parametrize("size", ["1e300", "-1e300", "2e15"])
def test_an_absurd_number_is_refused(tmp_path, size):
    file = tmp_path / "x.yaml"
    file.write_text(TOP + f"states: {{AZE: {{gdp: {size}}}}}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"states\.AZE\.gdp: must be "):
        load(file)


def test_a_window_after_an_event_that_a_variant_lacks_is_reported(tmp_path):
    file = tmp_path / "x.yaml"
    text = """\
events: {gift: {at: 2018-Q1, source: assumed, budget: {state: ARM, factor: 1.1}}}
outcomes: [cohesion CSTO after gift 0..2, cohesion CSTO]
variants:
  none: {events: {gift: null}}
  late: {events: {gift: {at: 2018-Q2}}}
  same: {states: {ARM: {burden: 0.05}}}
"""
    file.write_text(TOP + text, encoding="utf-8")
    (doubt,) = borrowed_dates(load(file))
    assert (doubt.line, doubt.column, doubt.key) == (7, 12, "outcomes[0]")
    assert doubt.message == (
        "the event gift is not at 2018-Q1 in none, late: "
        "there the window also counts from this date, that of baseline"
    )


def test_an_outcome_for_which_a_bloc_is_too_small_is_reported(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "outcomes: [hub_share NATO, cohesion NATO, hub_share CSTO less hub_share NATO]"
    why = (
        "hub_share needs 3 members, and NATO never has more than 2 members: it is undefined in "
        "every run"
    )
    assert told(tmp_path, text) == [
        f"x.yaml:6:12: outcomes[0]: {why}",
        f"x.yaml:6:43: outcomes[2]: {why}",
    ]


def test_an_outcome_for_which_a_bloc_is_too_large_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(coalitions, "MOST", 1)
    monkeypatch.setattr(doubts_of_scenarios, "EXACT", 1)
    text = "outcomes: [subsidy NATO, subsidy_lower NATO, frustration NATO, frustration_bound NATO]"
    subsidy, frustration = told(tmp_path, text)
    assert subsidy == (
        "x.yaml:6:12: outcomes[0]: NATO has 2 members: coalitions are enumerated up to 1, so the "
        "subsidy has two bounds (subsidy_lower and subsidy_bound)"
    )
    assert frustration.startswith("x.yaml:6:46: outcomes[2]: the network of NATO has ")
    assert frustration.endswith(
        "too many for the exact value: give --exact-to 6, or ask for frustration_lower and "
        "frustration_bound"
    )


CANCEL = "cancel: {supplier: BLR, recipient: AZE, system: polonez}, source: assumed"
SANCTION = "sanction: {by: RUS, against: ARM}, source: assumed"
CIRCLES = {
    f"{{e: {{when: {{outcome: cancelled BLR>AZE polonez, least: 1}}, {CANCEL}}}}}": "e: "
    "only this event could meet the condition: it is never met",
    f"{{e: {{when: {{outcome: cancelled BLR>AZE polonez, least: 1}}, {SANCTION}}}, "
    f"f: {{when: {{outcome: output_lost ARM, least: 0.01}}, {CANCEL}}}}}": "e: "
    "only f could meet the condition, but waits for this event: it is never met",
    f"{{e: {{when: {{outcome: cancelled BLR>AZE polonez, least: 1}}, {SANCTION}}}, "
    f"f: {{when: {{outcome: sold BLR>AZE polonez, least: 1}}, {CANCEL}}}}}": "",
}


@pytest.mark.parametrize(("events", "said"), CIRCLES.items())
def test_events_that_only_they_themselves_bring_about_are_reported(
    tmp_path, monkeypatch, events, said
):
    monkeypatch.chdir(tmp_path)
    trade = "trade: {ARM: {with: {RUS: 0.2}, source: assumed}}"
    found = told(tmp_path, f"events: {events}\n{trade}")
    first = [re.sub(r"^.*events\.(\w+)\.when: ", r"\1: ", each) for each in found[:1]]
    assert first == [said] * bool(said)


def test_who_may_join_counts_as_a_member_and_a_line_set_by_an_event_as_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = """\
blocs: {DUO: {leader: RUS, members: [RUS, BLR], candidates: [KGZ], commitment: 0.4, norm: 0.4,
  credit_until: {BLR: 2018-Q2}, source: assumed}}
offers: {polonez: {to: DUO}}
events:
  line: {at: 2018-Q1, set: {path: blocs.DUO.credit_lines.BLR, value: 0.3}, source: assumed}
  e: {when: {outcome: sold BLR>KGZ polonez, least: 1}, source: assumed,
    budget: {state: ARM, factor: 1.1}}
outcomes: [hub_share DUO]"""
    assert told(tmp_path, text) == []


OUT = "exclude: {state: ARM, bloc: CSTO"
HELP = "sponsor: {sponsor: RUS, client: ARM, willing: 0.2}, source: assumed"
BAN = "embargo: {supplier: RUS, recipient: KGZ"
STOP = "suspend: {supplier: BLR, recipient: ARM, system: polonez"
ALREADY = {
    f"events: {{e: {{at: 2018-Q2, {OUT}, lift: true}}, source: assumed}}}}": "events.e.exclude: "
    "ARM is not excluded from CSTO before: no effect",
    f"events: {{e: {{at: 2018-Q3, {OUT}, lift: true}}, source: assumed}}, "
    f"f: {{at: 2018-Q1, {OUT}}}, source: assumed}}}}": "",
    f"events: {{e: {{at: 2018-Q2, {HELP}}}}}": "events.e.sponsor: "
    "has an effect only under rules: {exit_option: sponsors}",
    f"rules: {{exit_option: sponsors}}\nevents: {{e: {{at: 2018-Q2, {HELP}}}}}": "events.e."
    "sponsor: RUS is in every bloc of ARM: a sponsor is outside a bloc of which its client is a "
    "member",
    f"events: {{e: {{at: 2018-Q1, {BAN}, lift: true}}, source: assumed}}, "
    f"f: {{at: 2018-Q2, {BAN}}}, source: assumed}}}}": "events.e.embargo: "
    "no embargo of RUS on KGZ is in force before: no effect",
    "events: {e: {at: 2018-Q2, membership: {state: ARM, bloc: CSTO, member: true}, "
    "source: assumed}}": "events.e.membership: ARM is a member of CSTO from the start: "
    "is this intended?",
    "events: {e: {at: 2018-Q2, membership: {state: GEO, bloc: CSTO, member: false}, "
    "source: assumed}}": ("events.e.membership: GEO is not a member of CSTO before: no effect"),
    "blocs: {CSTO: {coercion: 0.4}}": "blocs.CSTO.coercion: "
    "has an effect only under rules: {membership: priced} or {membership: shocks}",
    "rules: {membership: priced}\nblocs: {CSTO: {coercion: 0.4}}": "",
    "blocs: {CSTO: {scope: [ARM, AZE]}}": "blocs.CSTO.scope: ARM: a fellow member; "
    "the treaty does not bind members against each other",
    "blocs: {CSTO: {credits: {RUS: 0.3}}}": "blocs.CSTO.credits: "
    "RUS leads CSTO; a leader has no terms of its own: remove it",
    f"events: {{e: {{at: 2018-Q1, {STOP}, lift: true}}, source: assumed}}, "
    f"f: {{at: 2018-Q2, {STOP}}}, source: assumed}}}}": "events.e.suspend.lift: "
    "no halt of polonez from BLR to ARM is in force before: no effect",
    f"events: {{e: {{at: 2018-Q2, {STOP}, lift: true}}, source: assumed}}, "
    f"f: {{at: 2018-Q1, {STOP}}}, source: assumed}}}}": "",
    "blocs: {CSTO: {frozen: [ARM]}}": "blocs.CSTO.frozen: "
    "has an effect only under rules: {membership: shocks}",
    "rules: {membership: shocks}\nblocs: {CSTO: {frozen: [ARM]}}": "",
    "trade: {ARM: {with: {RUS: 0.7, GEO: 0.6}, source: assumed}}": "trade.ARM.with: "
    "adds up to 1.3 times the output of ARM: are these shares of its output?",
}


@pytest.mark.parametrize(("text", "said"), ALREADY.items())
def test_changes_without_effect_or_under_other_rules_are_reported(
    tmp_path, monkeypatch, text, said
):
    monkeypatch.chdir(tmp_path)
    found = [re.sub(r"^x\.yaml:[67]:\d+: ", "", each) for each in told(tmp_path, text)]
    assert [each for each in found if "drifts" not in each] == [said] * bool(said)
