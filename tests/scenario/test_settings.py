"""Settings of the command line and variants: patches over the merged scenario."""

from __future__ import annotations

import pytest

from sim.documents.leaves import Uncertain


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            "states.ARM.burden",
            (
                '--set:1:1: no = in "states.ARM.burden": write PATH=VALUE, such as '
                "states.AZE.burden=0.05"
            ),
        ),
        ("=3", '--set:1:1: no path "": write PATH=VALUE, such as states.AZE.burden=0.05'),
        ("a..b=3", '--set:1:1: no path "a..b": write PATH=VALUE, such as states.AZE.burden=0.05'),
        (
            ".".join(["a"] * 3000) + "=1",
            "--set:1:1: the path has 3,000 steps; at most 40 are allowed: write PATH=VALUE",
        ),
        ("extends=[]", "--set:1:1: extends: cannot be set: files are merged before"),
        ("states.ARM.gdp=[", "--set:1:16: not readable as YAML: "),
        ("states.ARM.gdp=!!python/none 3", '--set:1:16: the tag "!!python/none" is not supported'),
        (
            "states.ARM.burden=2",
            "--set:1:19: states.ARM.burden: must be from 0 to 1 (share of gdp), got 2",
        ),
        ("states.ARM.gpd=2", '--set:1:1: states.ARM.gpd: unknown key (did you mean "gdp"?)'),
        ("states.AMR=null", "--set:1:1: states.AMR: there is no such key to remove"),
        (
            "offers.polones.price=3",
            '--set:1:1: offers.polones: no offer "polones" to patch (did you mean "polonez"?); ',
        ),
        ("blocs.CSTO.leader=AMR", '--set:1:19: blocs.CSTO.leader: no state "AMR"'),
    ],
)
def test_a_faulty_setting_is_reported(faults, setting, said):
    assert faults("", sets=[setting])[0].startswith(said)


def test_settings_are_values_of_yaml(read):
    scenario = read(
        "",
        sets=[
            "states.ARM.burden=1e-2",
            "blocs.CSTO.preference={value: 0.3, dist: uniform, low: 0.1, high: 0.5}",
            "offers.polonez.open = false",
            "rules.threat=balance_of_power",
            "laws.threat.weight=0.25",
            "systems.polonez.cep=null",
        ],
    )
    base = scenario.base
    assert base.states["ARM"].burden == 0.01
    assert base.blocs["CSTO"].preference == Uncertain(0.3, "uniform", 0.1, 0.5)
    assert base.offers["polonez"].open is False
    assert base.laws == {"threat": {"weight": 0.25}}
    assert base.systems["polonez"].cep is None
    assert scenario.sources["states.ARM.burden"] == "hypothesis"
    assert scenario.sources["laws.threat.weight"] == "hypothesis"
    assert scenario.sources["states.AZE.burden"] == "sipri"
    assert scenario.where("states.ARM.burden") == "--set:1:19"


def test_the_later_setting_wins(read):
    assert read("", sets=["runs=3", "runs=4"]).base.runs == 4
    assert read("", sets=["runs=3"], runs=5).base.runs == 5


def test_faults_of_several_settings_are_reported_together(faults):
    assert [each[:8] for each in faults("", sets=["a", "b", "runs=0"])] == [
        "--set:1:",
        "--set:2:",
        "--set:3:",
    ]


def test_runs_and_seed_come_from_flags(read, faults):
    scenario = read("", runs=7, seed=0)
    assert (scenario.base.runs, scenario.base.seed) == (7, 0)
    assert faults("", runs=0) == ["--runs:1:1: runs: must be from 1 to 1000000000, got 0"]
    assert faults("", seed=-1)[0].startswith("--seed:1:1: seed: must be from 0 to ")


VARIANTS = """\
variants:
  dear: {offers: {polonez: {price: 90, stock: 12}}}
  bare: {offers: null}
  sale:
    events:
      gift: {at: 2018, transfer: {supplier: BLR, recipient: AZE, system: polonez, units: 6},
        source: sipri}
"""


def test_variants_follow_the_baseline_in_their_order(read):
    scenario = read(VARIANTS)
    assert list(scenario.variants) == ["baseline", "dear", "bare", "sale"]
    assert scenario.variants["baseline"] == scenario.base
    assert scenario.variants["dear"].offers["polonez"].price == 90
    assert scenario.variants["bare"].offers == {}
    assert scenario.variants["sale"].events["gift"].kind == "transfer"
    assert scenario.base.offers["polonez"].price == 80


def test_what_a_variant_changes_is_a_hypothesis(read):
    scenario = read(VARIANTS)
    assert scenario.sources["offers.polonez.price"] == "assumed"
    dear = scenario.sources_of("dear")
    assert dear["offers.polonez.price"] == dear["offers.polonez.stock"] == "hypothesis"
    assert dear["offers.polonez.batch"] == "assumed"
    assert scenario.sources_of("sale")["events.gift.transfer.units"] == "hypothesis"
    assert scenario.where("offers.polonez.price", "dear") == "x.yaml:3:36"


def test_a_fault_of_a_variant_is_reported_at_its_own_lines(faults):
    text = VARIANTS.replace("price: 90", "price: -90").replace("recipient: AZE", "recipient: AEZ")
    assert faults(text) == [
        (
            "x.yaml:3:36: variants.dear.offers.polonez.price: must be more than 0 "
            "(M USD of 2016 per batch), got -90"
        ),
        (
            "x.yaml:7:61: variants.sale.events.gift.transfer.recipient: "
            'no state "AEZ" (did you mean "AZE"?)'
        ),
    ]


def test_an_outcome_has_to_make_sense_in_some_variant(faults, read):
    gone = "variants: {gone: {blocs: {CSTO: null}}}\n"
    assert read(gone + "outcomes: [cohesion CSTO]\n").outcomes[0].subject == ("CSTO",)
    assert faults(gone + "outcomes: [cohesion CTSO]\n") == [
        'x.yaml:3:12: outcomes[0]: no bloc "CTSO" (did you mean "CSTO"?)'
    ]


def test_an_outcome_may_follow_an_event_of_a_variant(read):
    scenario = read(VARIANTS + "outcomes: [cohesion CSTO after gift 0..4]\n")
    assert scenario.outcomes[0].window.event == "gift"


def test_a_sweep_may_name_a_number_of_a_variant(read):
    scenario = read(VARIANTS + "sweep: {events.gift.probability: {low: 0, high: 1}}\n")
    assert list(scenario.base.sweep) == ["events.gift.probability"]


def test_a_setting_of_a_law_counts_where_a_rule_in_force_has_it_and_says_where_not(read):
    text = "variants: {power: {rules: {threat: balance_of_power}}}\n"
    scenario = read(text, sets=["laws.threat.weight=0.25"])
    laws = {name: model.laws.get("threat") or {} for name, model in scenario.variants.items()}
    assert laws == {"baseline": {}, "power": {"weight": 0.25}}
    assert [str(each) for each in scenario.outdated] == [
        (
            "--set:1:1: laws.threat.weight: is ignored in baseline (balance_of_threat): "
            "the rule in force there does not have this parameter"
        )
    ]
    scenario = read(text, sets=["laws.threat.reach=900"])
    laws = {name: model.laws.get("threat") or {} for name, model in scenario.variants.items()}
    assert laws == {"baseline": {"reach": 900.0}, "power": {}}


def test_a_setting_of_a_law_that_no_rule_in_force_has_is_a_fault(faults):
    text = "variants: {power: {rules: {threat: balance_of_power}}}\n"
    assert "has no parameter" in faults(text, sets=["laws.threat.wieght=1"])[0]
