"""The kernel against the same theory written once more as a plain Mesa model."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from bench.reference.draws import AddressedDraws, threefry
from bench.reference_mesa import OrdinaryDraws, reference
from sim.engine.selection import selected
from sim.experiments.batch import case_of
from sim.kernel import noise
from sim.kernel.rules import ROLES
from sim.kernel.world import SHUT
from sim.metrics.catalogue import METRICS
from sim.scenario.compile.build import build
from sim.scenario.load import load
from tests.shipped import read

SCENARIOS = Path(__file__).parents[1] / "scenarios"
FORMS = (  # variants of EVENTS: every form of a rule is in one of them
    "baseline", "other_rules", "strict", "imitating", "without_record", "counted", "halves",
    "warlike", "customary", "disciplined", "shaken",
)  # fmt: skip
AMOUNTS = (
    "consent", "units", "value", "listed", "credit", "wait", "delivered", "withdrawn", "short",
    "repaired", "kept", "kept_withdrawn", "fate", "cause",
)  # fmt: skip
DATES = ("suspended", "threatened", "ended", "mended")
TOLERANCE = 1e-9  # of the larger of the value and 1: bounded quantities are of that size

# every kind of event, and every rule whose form differs
EVENTS = """\
scenario: every_event
title: All kinds of events
question: Do kernel and reference agree?
extends: [polonez_vs_iskander.yaml]
events:
  war: {at: 2019-Q4, incident: {states: [ARM, AZE], war: true, attacker: AZE}, source: assumed}
  long_war:
    at: 2022-Q1
    incident: {states: [RUS, UKR], war: true, attacker: RUS, winner: UKR, until: 2023-Q2}
    source: assumed
  second_war:
    at: 2022-Q4
    incident: {states: [RUS, UKR], war: true, attacker: UKR, winner: RUS, intensity: 0.4, length: 1}
    source: assumed
  skirmish:
    at: 2018-Q4
    incident: {states: [ARM, AZE], war: true, attacker: AZE, intensity: 0.2, appeal: false}
    source: assumed
  peace: {at: 2020-Q4, incident: {states: [ARM, AZE], war: false}, source: assumed}
  scuffle: {at: 2019-Q2, probability: 0.5, incident: {states: [KGZ, TJK]}, source: assumed}
  history:
    {at: 2020-Q2, appeal: {state: ARM, bloc: CSTO, attacker: AZE, answer: 0.25}, source: assumed}
  unrest: {at: 2020-Q2, appeal: {state: KAZ, bloc: CSTO}, source: assumed}
  plea: {at: 2019-Q3, appeal: {state: ARM, bloc: CSTO, attacker: AZE}, source: assumed}
  leader: {at: 2020-Q4, appeal: {state: RUS, bloc: CSTO, attacker: UKR}, source: assumed}
  gift:
    at: 2018-Q2
    transfer: {supplier: RUS, recipient: ARM, system: iskander_e, units: 2, value: 12}
    source: assumed
  forced:
    at: 2018-Q2
    order: {supplier: BLR, recipient: AZE, system: polonez, units: 4}
    source: assumed
  asked: {at: 2018-Q2, request: {supplier: RUS, recipient: AZE, system: t72}, source: assumed}
  unoffered:
    {at: 2018-Q2, request: {supplier: RUS, recipient: AZE, system: iskander_e}, source: assumed}
  banned: {at: 2019-Q1, request: {supplier: RUS, recipient: AZE, system: t72}, source: assumed}
  menace:
    when: {outcome: sold BLR>AZE polonez, least: 1}
    threat: {by: ARM, supplier: BLR, recipient: AZE, system: polonez, resolve: 0.4}
    source: assumed
  quiet:
    at: 2020-Q1
    threat: {by: ARM, supplier: BLR, recipient: AZE, system: polonez, lift: true}
    source: assumed
  lent: {at: 2018-Q3, loan: {lender: AZE, borrower: BLR, amount: 200}, source: assumed}
  built:
    at: 2018-Q1
    loan: {lender: AZE, borrower: BLR, amount: 900, for: economy}
    source: assumed
  lost: {at: 2019-Q1, forgive: {creditor: AZE, debtor: BLR, part: 0.4}, source: assumed}
  written_off:
    at: 2019-Q3
    probability: 0.5
    forgive: {creditor: RUS, debtor: ARM}
    source: assumed
  closed: {at: 2018-Q3, embargo: {supplier: RUS, recipient: AZE, pipeline: true}, source: assumed}
  tanks:
    {at: 2018-Q1, order: {supplier: RUS, recipient: KAZ, system: t72, units: 30}, source: assumed}
  halted: {at: 2018-Q3, suspend: {supplier: RUS, recipient: KAZ, system: t72}, source: assumed}
  resumed:
    at: 2019-Q1
    suspend: {supplier: RUS, recipient: KAZ, system: t72, lift: true}
    source: assumed
  more_tanks:
    {at: 2019-Q3, order: {supplier: RUS, recipient: KAZ, system: t72, units: 60}, source: assumed}
  called_off: {at: 2019-Q4, cancel: {supplier: RUS, recipient: KAZ, system: t72}, source: assumed}
  handed_on:
    at: 2018-Q3
    probability: 0.5
    divert: {supplier: BLR, recipient: AZE, system: polonez, to: KAZ}
    source: assumed
  opened: {at: 2019-Q3, embargo: {supplier: RUS, recipient: AZE, lift: true}, source: assumed}
  listed: {at: 2018-Q3, embargo: {supplier: [ISR, TUR], recipient: [AZE, KAZ]}, source: assumed}
  unlisted: {at: 2019-Q1, embargo: {supplier: TUR, recipient: AZE, lift: true}, source: assumed}
  by_bloc: {at: 2019-Q3, embargo: {supplier: NATO, recipient: [TJK, CSTO]}, source: assumed}
  kept_back:
    at: 2018-Q4
    embargo: {supplier: RUS, recipient: [TUR_AZE, KGZ], offers: [t72_russia, bmp3]}
    source: assumed
  handed_out:
    at: 2019-Q4
    embargo: {supplier: RUS, recipient: KGZ, offers: bmp3, lift: true}
    source: assumed
  shut: {at: 2018-Q2, sanction: {by: [AZE, RUS], against: ARM, cut: 0.8}, source: assumed}
  shut_too: {at: 2018-Q4, sanction: {by: ARM, against: [AZE, RUS], cut: 0.3}, source: assumed}
  shut_off: {at: 2019-Q1, sanction: {by: RUS, against: BLR}, probability: 0.5, source: assumed}
  eased: {at: 2019-Q4, sanction: {by: RUS, against: ARM, cut: 0.2}, source: assumed}
  reopened: {at: 2020-Q2, sanction: {by: RUS, against: [ARM, BLR], cut: 0}, source: assumed}
  closed_once:
    when: {outcome: output_lost ARM, least: 0.001}
    lag: 1
    sanction: {by: KAZ, against: BLR}
    source: assumed
  joins: {at: 2020-Q1, membership: {state: UZB, bloc: CSTO, member: true}, source: assumed}
  leaves: {at: 2021-Q1, membership: {state: ARM, bloc: CSTO, member: false}, source: assumed}
  dispute: {at: 2019-Q1, rivalry: {state: ARM, toward: AZE, change: 0.1}, source: assumed}
  regard:
    at: 2019-Q1
    affinity: {state: ARM, toward: BLR, value: -0.2, lasting: 0.4}
    source: assumed
  turn:
    at: 2019-Q2
    affinity: {state: KAZ, toward: RUS, change: -0.3, lasting: 0.5}
    source: assumed
  barred: {at: 2018-Q4, exclude: {state: BLR, bloc: CSTO}, source: assumed}
  again_in: {at: 2019-Q3, exclude: {state: BLR, bloc: CSTO, lift: true}, source: assumed}
  dear_to: {at: 2019-Q2, set: {path: blocs.CSTO.preferences.KGZ, value: 0.1}, source: assumed}
  no_credit: {at: 2019-Q2, set: {path: blocs.CSTO.credits.KGZ, value: 0}, source: assumed}
  helper: {at: 2018-Q4, sponsor: {sponsor: CHN, client: KAZ, willing: 0.7}, source: assumed}
  poor: {at: 2019-Q2, budget: {state: BLR, factor: 0.1}, source: assumed}
  price: {at: 2020-Q1, set: {path: offers.polonez.price, value: 120}, source: assumed}
  law: {at: 2020-Q1, set: {path: laws.consent.base, value: 0.5}, source: assumed}
  hunt: {at: 2020-Q1, set: {path: states.AZE.find, value: 0.4}, source: assumed}
  line: {at: 2020-Q1, set: {path: blocs.CSTO.credit_amounts.ARM, value: 60}, source: assumed}
  norm: {at: 2020-Q1, set: {path: blocs.CSTO.norm, value: 1.5}, source: assumed}
  fled:
    when: {outcome: delivered BLR>AZE polonez, least: 1}
    lag: 0.5
    membership: {state: KAZ, bloc: CSTO, member: false}
    source: assumed
  again:
    when: {outcome: sold BLR>AZE polonez, least: 1}
    probability: 0.5
    order: {supplier: BLR, recipient: AZE, system: polonez, units: 2}
    source: assumed
  answered:
    when: {outcome: cohesion CSTO, most: 0.9}
    with: again
    probability: 0.9
    request: {supplier: RUS, recipient: ARM, system: t72}
    source: assumed
  handed:
    when: {outcome: strength AZE less strength ARM, least: 1}
    lag: 1
    transfer: {supplier: RUS, recipient: ARM, system: t72, units: 10}
    source: assumed
  clash:
    when: {outcome: wars ARM>AZE, least: 1}
    lag: 1
    incident: {states: [ARM, AZE], war: true, attacker: ARM, intensity: 0.5}
    source: assumed
  cry:
    when: {outcome: wars ARM>AZE, least: 2}
    appeal: {state: ARM, bloc: CSTO, attacker: AZE}
    source: assumed
  stiffer:
    when: {outcome: formal_exit KAZ:CSTO, least: 1}
    set: {path: laws.consent.base, value: 0.2}
    source: assumed
  dear:
    when: {outcome: consent BLR>AZE polonez, least: 0.01}
    lag: 2
    set: {path: offers.polonez.price, value: 95}
    source: assumed
systems:
  {iskander_e: {expended: 0.3}, scud_r17: {expended: 1}, smerch: {expended: 0.1},
   lora: {expended: {value: 0.5, dist: uniform, low: 0.4, high: 0.6}}}
offers:
  iskander_e: {not_to: [AZE, NATO]}
  t90s: {to: [CSTO, UZB]}
  buk_mb: {no_say: [UKR]}
  su25_belarus: {licensors: [RUS]}
  smerch: {credit: 0.7, rate: 0.02, tenor: 15}
  t72_russia: {discount: 0.1, credit: 0.2}
  lora: {credit: 0.5, tenor: 4, offset: 0.6}
blocs: {NATO: {scope: RUS}, CSTO: {scope: [AZE, UKR], coercion: 0.5, preferences: {KGZ: 0.6},
  credits: {KGZ: 0.8, TJK: 0.1},
  credit_amounts: {ARM: 30, KAZ: 4}, credit_lines: {KAZ: 0.6},
  credit_until: {ARM: 2019-Q2, KAZ: 2020}}}
grants:
  kant: {donor: RUS, recipient: KGZ, yearly: 4.5, for: base, source: assumed}
  arms:
    {donor: RUS, recipient: KGZ, total: 90, from: 2018-Q3, until: 2019-Q4, for: arms,
     source: assumed}
  more: {donor: RUS, recipient: TJK, total: 9000, from: 2018-Q4, for: arms, source: assumed}
  on: {donor: KGZ, recipient: TJK, yearly: 2, until: 2019, for: arms, source: assumed}
trade:
  ARM: {with: {RUS: 0.12, AZE: 0.03}, source: assumed}
  BLR: {with: {RUS: 0.3, KAZ: 0.01}, source: assumed}
  RUS: {with: {BLR: 0.02}, source: assumed}
backlog:
  iskander:
    {offer: iskander_e, recipient: ARM, units: 4, ordered: 2016-Q1, due: 2018-Q3, credit: 0.5,
     source: assumed}
  tanks:
    {offer: t90s, recipient: KAZ, units: 70, ordered: 2015-Q3, due: 2019-Q1, left: 1, value: 200,
     paid: 150, source: assumed}
  late:
    {offer: bmp3, recipient: AZE, units: 60, ordered: 2014-Q1, due: 2016-Q4, left: 2,
     source: assumed}
leverage:
  over_baku:
    {by: RUS, supplier: BLR, recipient: AZE, system: polonez, withholds: [t90s, bmp3], resolve: 0.7,
     source: assumed}
  over_yerevan:
    {by: RUS, supplier: RUS, recipient: ARM, system: iskander_e, withholds: [t72_russia],
     resolve: 0.5, from: 2018-Q2, until: 2021-Q4, source: assumed}
embargoes:
  by_licensor: {supplier: [RUS, CHN], recipient: [GEO, UKR], source: assumed}
laws: {contract: {refund: 0.4}, quality: {repaired: 0.5, repair_years: 0.75}}
variants:
  other_rules:
    rules:
      {threat: balance_of_power, contest: difference, answer: fixed, affinity: dyadic,
       patronage: adaptive}
  strict:
    rules: {consent: strict_norm, answer: older_counts, budget: responsive, exit_option: sponsors}
    states: {KAZ: {reference_insecurity: 0.3}}
    laws:
      consent: {by_war: 2}
      procurement: {by_risk: 1.5, by_spread: 2}
      affinity: {by_purchase: 0.02}
  imitating:
    rules: {consent: imitation, answer: leeds}
    laws: {consent: {by_war: 1}, contract: {on_account: 0.6}}
    blocs: {CSTO: {inside: 0.3}}
  customary:
    rules: {objection: needs_harm, harm: departure, slight: felt, breach: noted, war: by_duty}
    laws:
      consent: {by_wedge: 1.5}
      restraint: {friends_by_offence: 0.7}
      objection: {block_purchase: 0.2}
    blocs: {CSTO: {custom: 0.8, inside: 0.2, pivotal: 0.6}, NATO: {custom: 1}}
    rivalries: {KAZ: {with: {ISR: 0.4, UKR: 0.3}, source: assumed}}
  disciplined:
    rules: {engagement: mutual, membership: priced, discipline: strict, accession: open}
    blocs: {CSTO: {candidates: [UZB, AZE]}, TUR_AZE: {candidates: [KAZ, KGZ]}}
    laws:
      accession: {rate: 4, base: 1}
      discipline: {shuts: 4, expels: 1, readmits: 4}
      membership: {exit_rate: 1, exit_scale: 0.2, by_coercion: 2, by_need: 1}
    affinities: {RUS: {toward: {ARM: -0.2, TJK: -0.6}}}
    rivalries: {ARM: {with: {RUS: 0.2}}, RUS: {with: {ARM: 0.3}}}
  shaken:
    rules: {engagement: mutual, membership: shocks}
    laws:
      membership: {exit_rate: 1, exit_scale: 0.2, by_need: 0, freezing: 2, breach: 1, thaw: 3}
  without_record: {rules: {consent: imitation}, blocs: {CSTO: {history: {RUS: null}}}}
  counted: {rules: {answer: chiba, contest: difference}}
  halves: {rules: {answer: berkemeier_fuhrmann, threat: balance_of_power, deterrence: preventive}}
  warlike:  # an heir counts as armed at its last delivery, in parts or not
    events: {handed_on: null}
    rules: {deterrence: preventive}
    laws:
      crisis: {incidents: 4, calculation: 2}
      war: {length: 0.6}
      contract: {on_account: 0.3, late: 0.8, slight: 0.5}
      membership: {exit_rate: 1, exit_scale: 0.2}
      deterrence: {threshold: 0}
"""


def assert_close(label, found, expected):
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    far = np.abs(found - expected) > TOLERANCE * np.maximum(np.abs(expected), 1.0)
    assert not far.any(), f"{label}: {found[far][0]!r} is not {expected[far][0]!r}"


def of_run(values, run):
    return values[..., 0 if values.shape[-1] == 1 else run]


def assert_same_series(model, record, run):
    layout = record.end.layout
    dates = layout.calendar.labels()
    for name, values in record.series.items():
        rows = layout.subjects[METRICS[name].kind]
        expected = values[..., run]
        found = [[period[name][row] for row in rows] for period in model.series]
        found = np.array(found, dtype=float).reshape(expected.shape)
        apart = np.where(np.isnan(found) & np.isnan(expected), 0.0, np.abs(found - expected))
        far = np.argwhere(~(apart <= TOLERANCE * np.maximum(np.abs(expected), 1)))
        if len(far):
            date, row = far[0]
            where = f"{name} {rows[row]} {dates[date]}"
            assert_close(where, found[date, row], expected[date, row])


def assert_same_world(model, record, run):
    world, layout = record.end, record.end.layout
    names = layout.states
    for name in ("gdp", "fund", "reputation", "burden", "arming"):
        found = [getattr(state, name) for state in model.states.values()]
        assert_close(name, found, of_run(getattr(world, name), run))
    for name in (
        "affinity",
        "debt",
        "arms_debt",
        "arrears",
        "recent_tiv",
        "recent_value",
        "refusal",
    ):
        found = [[getattr(model.states[i], name).get(j, 0.0) for j in names] for i in names]
        assert_close(name, found, of_run(getattr(world, name), run))
    found = [[model.states[i].arsenal.get(w, 0.0) for w in layout.systems] for i in names]
    assert_close("arsenal", found, world.arsenal[..., run])
    for name in (
        "member", "engagement", "belief", "rent", "grievance", "supplied_rivals", "shut_out",
        "frozen", "shaken",
    ):  # fmt: skip
        found = [[getattr(bloc, name)[i] for bloc in model.blocs.values()] for i in names]
        assert_close(name, found, of_run(getattr(world, name), run))
    stock = np.array([model.offers[name].stock for name in layout.offers])
    finite = np.isfinite(stock)
    assert_close("stock", stock[finite], world.stock[finite, run])


def assert_same_log(model, record, run):
    log, layout = record.end.log, record.end.layout
    rows = np.nonzero(log.offer[:, run] >= 0)[0]
    entries = {
        ((each.period - layout.calendar.first) if each.name is None else len(layout.calendar))
        * layout.rows
        + each.slot: each
        for each in model.log
    }
    assert sorted(entries) == rows.tolist()
    for row in rows:
        each = entries[row]
        assert each.recipient == layout.states[log.recipient[row, 0]]
        assert each.offer.name == layout.offers[log.offer[row, run]]
        first = -1 if each.first is None else each.first
        whole = (each.stage, each.objected, each.stalled, each.start, each.left, each.due, first)
        names = ("stage", "objected", "stalled", "start", "left", "due", "first")
        assert whole == tuple(getattr(log, name)[row, run] for name in names)
        if each.cause >= SHUT:
            assert each.opposed == log.opposed[row, run]
        heir = log.heir[row, run]
        assert each.heir == (None if heir < 0 else layout.states[heir])
        for name in DATES:
            date = getattr(log, name)[row, run]
            assert getattr(each, name) == (None if date < 0 else date), name
        for name in AMOUNTS:
            assert_close(f"{name} of {row}", getattr(each, name), getattr(log, name)[row, run])


def assert_same_runs(scenario, runs, engines=("numpy",)):
    case = case_of(build(scenario, runs=np.array(runs), seed=scenario.seed))
    made = [selected(name, runs=1, periods=1, cases=lambda: [case]) for name in engines]
    assert [engine.name for engine in made] == list(engines)
    records = [engine.simulate(case) for engine in made]
    for at, run in enumerate(runs):
        model = reference(scenario, run=run)
        model.run()
        for record in records:
            assert_same_log(model, record, at)
            assert_same_series(model, record, at)
            assert_same_world(model, record, at)


@pytest.fixture(scope="module")
def flagship():
    return read("polonez_vs_iskander")


@pytest.fixture(scope="module")
def every_event(tmp_path_factory):
    """Return the models of a scenario with every kind of event, one a form of the rules."""
    folder = tmp_path_factory.mktemp("scenarios")
    shutil.copytree(SCENARIOS, folder, dirs_exist_ok=True)
    (folder / "every_event.yaml").write_text(EVENTS, encoding="utf-8")
    return load(folder / "every_event.yaml").variants


@pytest.mark.parametrize("variant", FORMS)
def test_every_kind_of_event_and_every_form_of_a_rule_is_lived_through_alike(every_event, variant):
    assert_same_runs(every_event[variant], [0, 3])


def test_the_reference_lives_through_every_variant_of_a_rule(every_event):
    models = every_event.values()
    for role, variants in ROLES.items():
        lacking = set(variants) - {model.rules.get(role, next(iter(variants))) for model in models}
        assert not lacking, f"add {role}: {lacking} to EVENTS, and its form to bench/reference"


@pytest.mark.parametrize("variant", ["baseline", "no_threat"])
def test_a_threat_against_a_delivery_is_lived_through_alike(variant):
    assert_same_runs(read("cyprus_s300_1997").variants[variant], [0, 1, 2, 3])


@pytest.mark.parametrize("variant", ["sale", "blocked"])
def test_variants_of_the_flagship_are_lived_through_alike(flagship, variant):
    assert_same_runs(flagship.variants[variant], [1, 2])


@pytest.mark.parametrize("runs", [6, pytest.param(20, marks=pytest.mark.study)])
def test_runs_of_the_flagship_are_lived_through_alike_by_the_reference(flagship, runs):
    assert_same_runs(flagship.variants["baseline"], list(range(runs)), ["numpy", "compiled"])


@pytest.mark.study
@pytest.mark.parametrize("variant", FORMS)
def test_every_form_of_a_rule_is_compiled_as_the_reference_has_it(every_event, variant):
    assert_same_runs(every_event[variant], [0, 3], ["compiled"])


def test_the_reference_computes_the_same_threefry_by_itself():
    rng = np.random.default_rng(1)
    for words in rng.integers(0, 2**32, size=(20, 8), dtype=np.uint32):
        key, counter = words[:4], words[4:]
        expected = noise.threefry(
            tuple(np.array([k]) for k in key), tuple(np.array([c]) for c in counter)
        )
        found = threefry(tuple(map(int, key)), tuple(map(int, counter)))
        assert found == tuple(int(word[0]) for word in expected)


def test_the_reference_draws_from_the_same_addresses():
    drawn = AddressedDraws(seed=2**63 + 5, run=3)
    kernel = noise.Noise(2**63 + 5, np.array([2, 3], dtype=np.uint32))
    for period in (8071, 8072, 8075):
        drawn.period = period
        states, blocs = noise.entities(["ARM", "KAZ"]), noise.entities(["CSTO"])
        keys = states[:, None, None], blocs[:, None]
        table = kernel.at(period).draw(noise.uniform("exit", *keys))
        assert drawn.uniform("exit", "KAZ", "CSTO") == table[1, 0, 1]
        names = noise.entities(["war"])
        held = kernel.at(period).draw(noise.uniform("event", names, constant=True))
        assert drawn.held("event", "war") == held[1]


def test_with_ordinary_draws_the_reference_is_a_run_of_its_own(flagship):
    model = reference(flagship.variants["baseline"], run=0, draws=OrdinaryDraws(7))
    series = model.run()
    assert len(series) == 29
    assert model.log
    assert all(0 <= period["cohesion"]["CSTO"] <= 1 for period in series)
