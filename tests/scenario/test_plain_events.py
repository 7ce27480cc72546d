"""Lists and episodes are the single events that they stand for, in every variant and message."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from sim.documents.nodes import Mark, Node
from sim.documents.reader import read_file, read_text
from sim.experiments.design import axes_of
from sim.kernel.errors import InputError
from sim.scenario.event_lists import Roster
from sim.scenario.load import load
from sim.scenario.paths import replaced
from sim.scenario.plain_events import plain_events
from sim.scenario.rebuilt_scenario import documents_in
from sim.scenario.schema.json_schema import json_schema

AT = "at: 2018-Q2"
SRC = "source: assumed"


def events(*texts: str) -> str:
    return "events:\n" + "".join(f"  {each}\n" for each in texts)


def rivalry(name: str, state: str, toward: str, value: str, more: str = AT) -> str:
    return (
        f"{name}: {{{more}, rivalry: {{state: {state}, toward: {toward}, value: {value}}}, {SRC}}}"
    )


QUARREL = rivalry("quarrel", "[ARM, BLR]", "AZE", "0.5")
APART = rivalry("quarrel_ARM", "ARM", "AZE", "0.5"), rivalry("quarrel_BLR", "BLR", "AZE", "0.5")
EPISODE = f"episodes: {{row: {{off_in: calm, events: {{{QUARREL}}}}}}}\n"
BUDGET = f"budget_cut: {{{AT}, budget: {{state: ARM, factor: 0.5}}, {SRC}}}"


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ((QUARREL,), APART),
        ((rivalry("q", "ARM", "[AZE]", "0.5"),), (rivalry("q_AZE", "ARM", "AZE", "0.5"),)),
        (
            (rivalry("q", "CSTO", "AZE", "0.5"),),
            [rivalry(f"q_{state}", state, "AZE", "0.5") for state in ("RUS", "BLR", "ARM")],
        ),
        (
            (rivalry("q", "[CSTO, AZE]", "ARM", "0.5"),),
            [rivalry(f"q_{state}", state, "ARM", "0.5") for state in ("RUS", "BLR", "AZE")],
        ),
        (
            (rivalry("q", "[ARM, AZE]", "[ARM, AZE, BLR]", "0.5"),),
            [
                rivalry(f"q_{one}_{other}", one, other, "0.5")
                for one in ("ARM", "AZE")
                for other in ("ARM", "AZE", "BLR")
                if one != other
            ],
        ),
        (
            (rivalry("q", "[ARM, BLR]", "AZE", "{ARM: 0.2, BLR: 0.4}"),),
            (rivalry("q_ARM", "ARM", "AZE", "0.2"), rivalry("q_BLR", "BLR", "AZE", "0.4")),
        ),
        (
            (rivalry("q", "ARM", "[AZE, BLR]", "{AZE: 0.2, BLR: 0.4}"),),
            (rivalry("q_AZE", "ARM", "AZE", "0.2"), rivalry("q_BLR", "ARM", "BLR", "0.4")),
        ),
        (
            (rivalry("q", "[ARM, BLR]", "AZE", "0.5", f"{AT}, probability: 0.3"),),
            (
                rivalry("q_ARM", "ARM", "AZE", "0.5", f"{AT}, probability: 0.3"),
                rivalry("q_BLR", "BLR", "AZE", "0.5", f"{AT}, probability: 0.3, with: q_ARM"),
            ),
        ),
        (
            (QUARREL, f"late: {{{AT}, with: quarrel, budget: {{state: ARM, factor: 1}}, {SRC}}}"),
            (
                *APART,
                f"late: {{{AT}, with: quarrel_ARM, budget: {{state: ARM, factor: 1}}, {SRC}}}",
            ),
        ),
        (
            (f"join: {{{AT}, membership: {{state: AZE, bloc: [CSTO], member: true}}, {SRC}}}",),
            (f"join_CSTO: {{{AT}, membership: {{state: AZE, bloc: CSTO, member: true}}, {SRC}}}",),
        ),
    ],
)
def test_a_list_is_the_same_scenario_as_its_events_written_out(read, short, long):
    assert read(events(*short)).hash == read(events(*long)).hash


def test_a_sanction_by_a_bloc_is_by_its_members_less_those_against_whom_it_is(read):
    trade = "trade: {ARM: {with: {RUS: 0.1, BLR: 0.1}, source: assumed}}\n"
    scenario = read(trade + events(f"cut: {{{AT}, sanction: {{by: CSTO, against: ARM}}, {SRC}}}"))
    assert scenario.base.events["cut"].action.by == ("RUS", "BLR")


def test_a_scenario_of_single_events_is_left_as_it_is(folder):
    (folder / "y.yaml").write_text(
        "variants: {a: {events: {quarrel_ARM: null}}}\n" + events(*APART), encoding="utf-8"
    )
    document = read_file(folder / "y.yaml")
    assert plain_events(document, []) is document


def test_an_episode_is_off_where_it_says_so(read):
    scenario = read(EPISODE + events(BUDGET) + "variants: {calm: {}, other: {}}\n")
    names = {name: [*model.events] for name, model in scenario.variants.items()}
    everything = ["budget_cut", "quarrel_ARM", "quarrel_BLR"]
    assert names == {"baseline": everything, "calm": ["budget_cut"], "other": everything}
    assert scenario.episodes == {"quarrel_ARM": "row", "quarrel_BLR": "row"}
    apart = "variants: {calm: {events: {quarrel_ARM: null, quarrel_BLR: null}}, other: {}}\n"
    assert read(events(BUDGET, *APART) + apart).hash == scenario.hash


PATCHES = [
    ("events: {quarrel_ARM: null}", {"quarrel_BLR": 0.5}),
    ("events: {quarrel: null}", {}),
    ("events: {quarrel_ARM: {rivalry: {value: 0.1}}}", {"quarrel_ARM": 0.1, "quarrel_BLR": 0.5}),
    ("events: {quarrel: {rivalry: {value: 0.1}}}", {"quarrel_ARM": 0.1, "quarrel_BLR": 0.1}),
    ("events: {quarrel: {rivalry: {state: [RUS]}}}", {"quarrel_RUS": 0.5}),
    ("blocs: {CSTO: {members: [RUS, BLR]}}", {"quarrel_ARM": 0.5, "quarrel_BLR": 0.5}),
    (
        "events: {quarrel: {rivalry: {value: 0.1}}, quarrel_BLR: {rivalry: {value: 0.9}}}",
        {"quarrel_ARM": 0.1, "quarrel_BLR": 0.9},
    ),
]
OF_EPISODES = [
    ("episodes: {row: null}", {}),
    ("episodes: {row: {events: {quarrel: {rivalry: {state: ARM}}}}}", {"quarrel": 0.5}),
]
IN_EPISODE = EPISODE.replace("off_in: calm, ", "")


@pytest.mark.parametrize(
    ("home", "patch", "values"),
    [
        *((events(QUARREL), *each) for each in PATCHES),
        *((IN_EPISODE, *each) for each in (*PATCHES, *OF_EPISODES)),
    ],
)
def test_a_variant_may_name_the_event_as_written_or_one_that_it_makes(read, home, patch, values):
    scenario = read(f"{home}variants: {{calm: {{{patch}}}}}\n")
    got = {name: each.action.value for name, each in scenario.variants["calm"].events.items()}
    assert got == values
    assert {*scenario.base.events} == {"quarrel_ARM", "quarrel_BLR"}


def test_members_of_a_bloc_are_those_of_the_variant(read):
    bloc = rivalry("q", "CSTO", "AZE", "0.5")
    text = events(bloc) + "variants: {less: {blocs: {CSTO: {members: [RUS, ARM]}}}}\n"
    assert [*read(text).variants["less"].events] == ["q_ARM", "q_RUS"]


def test_set_takes_both_names(read):
    sets = ("events.quarrel.rivalry.value=0.1", "events.quarrel_BLR.rivalry.value=0.9")
    scenario = read(events(QUARREL), sets=sets)
    values = {name: each.action.value for name, each in scenario.base.events.items()}
    assert values == {"quarrel_ARM": 0.1, "quarrel_BLR": 0.9}
    assert scenario.sources["events.quarrel_BLR.rivalry.value"] == "hypothesis"


def test_a_manifest_has_single_events_and_the_changes_of_each_variant(read):
    scenario = read(EPISODE + "variants: {calm: {}, one: {events: {quarrel_ARM: null}}}\n")
    about = {"document": scenario.document, "variants": scenario.patches}
    documents = documents_in(json.loads(json.dumps(about)))
    for name, document in documents.items():
        plain = document.plain().get("events", {})
        assert {*plain} == {*scenario.variants[name].events}
    assert "episodes" not in scenario.document
    assert scenario.patches["calm"] == {"events": {"quarrel_ARM": None, "quarrel_BLR": None}}


LISTS = [  # what is wrong, where its place is, and what is said of it
    ("[ARM, AZR]", "BLR", "0.5", "AZR", "events.q_AZR.rivalry.state",
     'no state "AZR" (did you mean "AZE"?)'),
    ("[]", "BLR", "0.5", "[", "events.q.rivalry.state",
     "is empty: write a state or bloc, or a list of them"),
    ("[ARM, ARM]", "BLR", "0.5", "[", "events.q.rivalry.state", 'names "ARM" twice'),
    ("[ARM, 3]", "BLR", "0.5", "[", "events.q.rivalry.state",
     "must be the name of a state, got 3: put it in quotes"),
    ("[ARM, AZE]", "BLR", "{ARM: 0.5}", "value", "events.q.rivalry.value",
     "has no number for AZE: add it, or write one number for all"),
    ("[ARM, AZE]", "BLR", "{ARM: 0.5, AZR: 1}", "AZR", "events.q.rivalry.value.AZR",
     '"AZR" is not in the list of this event (did you mean "AZE"?)'),
    ("ARM", "BLR", "{ARM: 0.5}", "value", "events.q.rivalry.value",
     "numbers by state need a list of states in this event, such as [SAU, ARE]"),
    ("[ARM, AZE]", "BLR", "{ARM: 0.5, AZE: 7}", "7", "events.q_AZE.rivalry.value",
     "must be from 0 to 1, got 7: 7 % is 0.07"),
    ("[ARM, AZE]", "BRL", "0.5", "BRL", "events.q.rivalry.toward",
     'no state "BRL" (did you mean "BLR"?)'),
    ("[ARM, AZE]", "BLR", "7", "7", "events.q.rivalry.value",
     "must be from 0 to 1, got 7: 7 % is 0.07"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "toward", "value", "place", "key", "message"), LISTS)
def test_faults_of_lists_have_their_place_and_a_remedy(
    faults, state, toward, value, place, key, message
):
    text = events(rivalry("q", state, toward, value))
    column = text.splitlines()[1].index(place) + 1
    assert faults(text) == [f"x.yaml:3:{column}: {key}: {message}"]


BLOCS = "episodes: {row: {off_in: OFF, events: {}}}\nvariants: {calm: {}}\n"
EPISODES = [
    (BLOCS.replace("OFF", "clam"), "2:26: episodes.row.off_in",
     'no variant "clam" (did you mean "calm"?)'),
    (BLOCS.replace("OFF", "baseline"), "2:26: episodes.row.off_in",
     "the baseline has all events: write the events in the variants that add them"),
    (EPISODE.replace("off_in", "of_in") + "variants: {calm: {}}\n", "2:18: episodes.row.of_in",
     'unknown key (did you mean "off_in"?)'),
    ("episodes: {row: {note: x}}\n", "2:12: episodes.row", 'the key "events" is missing'),
    (EPISODE.replace("off_in: calm, ", "") + events(QUARREL), "2:27: episodes.row.events.quarrel",
     "is the name of an event of `events` too: rename one of them"),
    (events(QUARREL, APART[0]), "3:3: events.quarrel",
     "makes an event quarrel_ARM, which is there already: rename one of them"),
    (events(QUARREL) + "variants: {a: {events: {quarrel_RUS: null}}}\n",
     "4:25: variants.a.events.quarrel_RUS",
     'there is no such key to remove (did you mean "quarrel"?); leave this entry out'),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "place", "message"), EPISODES)
def test_faults_of_episodes_and_names_have_their_place_and_a_remedy(faults, wrong, place, message):
    assert faults(wrong) == [f"x.yaml:{place}: {message}"]


@pytest.mark.parametrize("odd", ["[]", "x", "false"])
def test_events_that_are_no_mapping_are_refused_with_or_without_episodes(faults, odd):
    (one,) = faults(f"{EPISODE}variants: {{calm: {{}}, a: {{events: {odd}}}}}\n")
    assert one.startswith("x.yaml:3:34: variants.a.events: must be a mapping")
    whole = faults(f"{EPISODE}events: {odd}\nvariants: {{calm: {{}}, a: {{events: {{}}}}}}\n")
    assert whole[0].startswith("x.yaml:3:9: events: must be a mapping")


def test_episodes_that_are_no_mapping_are_refused(faults):
    assert [each for each in faults("episodes: [row]\n") if "episodes: must be" in each]


def test_the_published_schema_knows_lists_numbers_by_state_and_episodes():
    validator = jsonschema.Draft202012Validator(json_schema())
    schema = {"$ref": "#/$defs/patch", "$defs": validator.schema["$defs"]}
    patch = jsonschema.Draft202012Validator(schema)
    numbers = events(rivalry("q", "[ARM, AZE]", "CSTO", "{ARM: 0.5, AZE: 0.4}"))
    for text in (EPISODE, events(QUARREL), numbers):
        assert [*patch.iter_errors(read_text(text, "x").plain())] == []
    for text in (events(rivalry("q", "[]", "AZE", "1")), EPISODE.replace("off_in", "of_in")):
        assert [*patch.iter_errors(read_text(text, "x").plain())]


SHARED = "events.quarrel.rivalry.value"


def test_a_number_that_a_list_has_once_is_one_number_of_a_design(read, faults):
    base = read(f"{events(QUARREL)}sweep: {{{SHARED}: {{low: 0.3, high: 0.6}}}}\n").base
    (axis,) = axes_of(base, [])
    assert (axis.path, axis.rides, axis.low, axis.high) == (SHARED, True, 0.3, 0.6)
    (axis,) = axes_of(base, [f"{SHARED}=0.3,0.6"])
    assert axis.rides
    moved = replaced(base, {SHARED: 0.4}).events
    assert {moved[f"quarrel_{each}"].action.value for each in ("ARM", "BLR")} == {0.4}
    (fault,) = faults(f"{events(QUARREL)}sweep: {{{SHARED}: {{values: [0.3, 7]}}}}\n")
    assert "values[1]: must be from 0 to 1, got 7" in fault
    (fault,) = faults(f"{events(QUARREL)}sweep: {{{SHARED}: {{low: 0.3, high: 7}}}}\n")
    assert "high: must be from 0 to 1, got 7" in fault


@pytest.mark.parametrize("path", ["events.quarrel.rivalry.value", "events.quarrel.value"])
def test_a_range_of_numbers_by_state_names_the_numbers(read, faults, path):
    listed = rivalry("quarrel", "[ARM, BLR]", "AZE", "{ARM: 0.4, BLR: 0.5}")
    rest = (
        "this event is a list, whose numbers are events.quarrel_ARM.rivalry.value and "
        "events.quarrel_BLR.rivalry.value. Name some of them. Single values, as "
        "`--over events.quarrel.rivalry.value=A,B` or `values: [A, B]` of `sweep`, and "
        "`--set events.quarrel.rivalry.value=A` change all of them"
    )
    (fault,) = faults(f"{events(listed)}sweep: {{{path}: {{low: 0.1, high: 0.6}}}}\n")
    assert fault.endswith(f'no number "{path}": {rest}')
    model = read(events(listed)).base
    with pytest.raises(InputError) as raised:
        axes_of(model, [f"{path}=0.1..0.6"])
    assert str(raised.value).endswith(f"no number of that name: {rest}")
    with pytest.raises(InputError, match="did you mean"):
        axes_of(model, ["events.quarel_ARM.rivalry.value=0.1..0.6"])


@pytest.mark.usefixtures("real_names")
def test_the_gulf_has_the_events_of_its_episodes():
    scenario = load("gulf_2017")
    counts = {name: len(model.events) for name, model in scenario.variants.items()}
    assert counts == {"baseline": 17, "no_blockade": 0, "dispute_alone": 15, "no_alula": 10,
                      "no_outside_option": 16, "fixed_budget": 17}  # fmt: skip
    values = scenario.base.events
    assert values["quarrel_of_ARE"].action.value == 0.45
    assert values["accord_BHR"].action.value == 0.35
    text = Path(scenario.files[-1]).read_text(encoding="utf-8")
    line = text.splitlines()[scenario.mark("events.quarrel_ARE.rivalry.value").line - 1]
    assert "ARE: 0.55" in line


def test_a_roster_takes_what_is_sound_of_a_document():
    nothing = Node({}, Mark("x", 1, 1))
    assert Roster.of(nothing) == Roster(frozenset(), {})
    odd = read_text(
        "states: [ARM]\nblocs: {A: {members: ARM}, B: 3, C: {members: [ARM, 3]}}\n", "x"
    )
    assert Roster.of(odd) == Roster(frozenset(), {"C": ("ARM",)})
