"""Extending: later files win, circles and files from elsewhere are refused."""

from __future__ import annotations

import os

import pytest

from sim.kernel.errors import InputError
from sim.scenario import scenario_files
from sim.scenario.load import load

STATE = "{name: N, latitude: 0, longitude: 0, gdp: %s, burden: 0, import_share: 0, source: assumed}"
HEAD = "scenario: x\ntitle: T\nquestion: Q?\ntime: {start: 2017, end: 2018}\n"


@pytest.fixture
def files(folder, monkeypatch):
    """Return a function that writes files, beside a catalogue that is shipped elsewhere."""
    monkeypatch.setattr(
        scenario_files, "catalogue_folder", lambda: folder.parent / "shipped" / "catalogue"
    )

    def write(**texts):
        for name, text in texts.items():
            path = folder / f"{name}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return write


def said(path="x.yaml"):
    with pytest.raises(InputError) as raised:
        load(path)
    return [str(each) for each in raised.value.problems]


def test_later_files_win_and_the_scenario_wins_over_all(files):
    files(
        a=f"states: {{ARM: {STATE % 1}, AZE: {STATE % 1}, BLR: {STATE % 1}}}\n",
        b="states: {ARM: {gdp: 2}, AZE: {gdp: 2}}\n",
        x=HEAD + "extends: [a.yaml, b.yaml]\nstates: {ARM: {gdp: 3}}\n",
    )
    scenario = load("x.yaml")
    assert [state.gdp for state in scenario.base.states.values()] == [3, 2, 1]
    assert scenario.where("states.AZE.gdp") == "b.yaml:1:36"
    assert scenario.where("states.BLR.gdp").startswith("a.yaml:1:")
    assert [path.name for path in scenario.files] == ["a.yaml", "b.yaml", "x.yaml"]


def test_a_file_reached_twice_is_read_once(files):
    files(
        common=f"states: {{ARM: {STATE % 1}, OWN: {STATE % 1}}}\n",
        a="extends: [common.yaml]\nstates: {ARM: {gdp: 2}}\n",
        b="extends: [common.yaml]\nstates: {ARM: {growth: 0.1}}\n",
        x=HEAD + "extends: [a.yaml, b.yaml]\n",
    )
    arm = load("x.yaml").base.states["ARM"]
    assert (arm.gdp, arm.growth) == (2, 0.1)


def test_circles_are_refused(files):
    files(a="extends: [b.yaml]\n", b="extends: [a.yaml]\n", x="extends: [a.yaml]\n")
    assert said() == ["b.yaml:1:11: extends: `extends` is circular: a.yaml > b.yaml > a.yaml"]
    files(x="extends: [x.yaml]\n")
    assert said() == ["x.yaml:1:11: extends: `extends` is circular: x.yaml > x.yaml"]


def test_the_first_syntax_error_of_each_file_is_reported(files):
    files(
        a="a: [\n",
        b="b: 1\nb: 2\nb: 3\n",
        x="extends: [a.yaml, b.yaml, c.yaml, 3, '']\nstates: {}\n",
    )
    assert [each.split(": ", 1)[0] for each in said()] == [
        "a.yaml:2:1",
        "b.yaml:2:1",
        "x.yaml:1:27",
        "x.yaml:1:35",
        "x.yaml:1:38",
    ]
    assert said()[2:] == [
        'x.yaml:1:27: extends: no file "c.yaml" in . or in the shipped catalogue',
        "x.yaml:1:35: extends: must be the name of a file, got 3",
        'x.yaml:1:38: extends: must be the name of a file, got text ""',
    ]


def test_extends_is_a_list(files):
    files(x="extends: a.yaml\n")
    assert said() == ['x.yaml:1:10: extends: must be a list of files, got text "a.yaml"']


@pytest.mark.parametrize("way", ["../out.yaml", "inside/../../out.yaml", "link.yaml", "absolute"])
def test_files_from_elsewhere_are_refused(files, folder, way):
    elsewhere = folder.parent / "out.yaml"
    elsewhere.write_text("states: {}\n", encoding="utf-8")
    (folder / "inside").mkdir()
    (folder / "link.yaml").symlink_to(elsewhere)
    name = str(elsewhere) if way == "absolute" else way
    files(x=f"extends: ['{name}']\n")
    assert said() == [
        (
            f'x.yaml:1:11: extends: "{name}" lies outside the scenario\'s '
            "folder and the shipped catalogue: copy it beside the scenario"
        )
    ]


def test_the_shipped_catalogue_is_open_to_all(files, folder):
    catalogue = folder.parent / "shipped" / "catalogue"
    catalogue.mkdir(parents=True, exist_ok=True)
    (catalogue / "one.yaml").write_text("extends: [two.yaml]\n", encoding="utf-8")
    (catalogue / "two.yaml").write_text(
        f"states: {{ARM: {STATE % 7}, OWN: {STATE % 1}}}\n", encoding="utf-8"
    )
    for name in ("catalogue/one.yaml", "one.yaml"):
        files(x=HEAD + f"extends: [{name}]\n")
        assert load("x.yaml").base.states["ARM"].gdp == 7


def test_links_within_the_folder_are_followed(files, folder):
    files(
        real=f"states: {{ARM: {STATE % 7}, OWN: {STATE % 1}}}\n", x=HEAD + "extends: [link.yaml]\n"
    )
    (folder / "link.yaml").symlink_to(folder / "real.yaml")
    assert load("x.yaml").base.states["ARM"].gdp == 7


def test_a_link_that_leads_to_itself_is_refused(files, folder):
    (folder / "a.yaml").symlink_to(folder / "b.yaml")
    (folder / "b.yaml").symlink_to(folder / "a.yaml")
    files(x="extends: [a.yaml]\n")
    assert len(said()) == 1


def test_a_long_chain_is_refused(files):
    texts = {f"f{n}": f"extends: [f{n + 1}.yaml]\n" for n in range(120)}
    files(**texts, x="extends: [f0.yaml]\n")
    assert said()[0].endswith("`extends` leads to more than 100 files")


def test_places_are_shown_from_the_current_folder(files, folder, monkeypatch):
    files(x="a: 1\n")
    monkeypatch.chdir(folder.parent)
    inside = os.path.join(folder.name, "x.yaml")  # noqa: PTH118 - as a user writes it
    assert said(inside)[0].startswith(inside + ":1:1: ")
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")
    assert said("../x.yaml")[0].startswith(f"{folder}/x.yaml:1:1: ")


CLAIM = "expect: {e: {outcome: cohesion CSTO, variant: %s, %s}}\n"


def test_removed_outcomes_are_reported_with_a_remedy_for_expectations(read, folder, faults):
    parent = folder / "base.yaml"
    claim = "outcomes: [cohesion CSTO]\n" + CLAIM % ("baseline", "low: 0")
    parent.write_text(parent.read_text(encoding="utf-8") + claim, encoding="utf-8")
    replaced = "the outcomes in x.yaml replace those that it refers to"
    for text, what in (
        ("outcomes: null\n", "the list of outcomes is now empty"),
        ("outcomes: [belief ARM:CSTO]\n", replaced),
    ):
        (said,) = faults(text)
        assert said.split("; ")[1] == (
            f"{what}: add it to them, or write `expect: null` in x.yaml "
            "(`expect: {e: null}` for this one)"
        )
        assert read(f"{text}expect: null\n").base.expect == {}
    assert faults("", sets=["outcomes="])[0].endswith(
        "add it to them, or `--set expect=` (`--set expect.e=` for this one)"
    )
    assert read("", sets=["outcomes=", "expect="]).base.expect == {}


EVENT = "events: {e: {at: 2018, source: sipri, %s}}\n"
INHERITED = {  # what the parent says, what the child adds and the way out, what is inherited
    CLAIM % ("v", "versus: baseline, sign: zero"): (
        "expect: {e: {low: 0, high: 1%s}}",
        ", sign: null",
        "sign is inherited from base.yaml: write `sign: null` to remove it",
    ),
    "sweep: {blocs.CSTO.norm: {low: 1, high: 2}}\n": (
        "sweep: {blocs.CSTO.norm: {values: [1]%s}}",
        ", low: null, high: null",
        "low and high are inherited from base.yaml: write `low: null, high: null` to remove them",
    ),
    EVENT % "budget: {state: ARM, factor: 2}": (
        "variants: {w: {events: {e: {appeal: {state: ARM, bloc: CSTO}%s}}}}",
        ", budget: null",
        "budget is inherited from base.yaml: write `budget: null` to remove it",
    ),
    EVENT % "rivalry: {state: ARM, toward: AZE, value: 1}": (
        "events: {e: {rivalry: {change: 0.1%s}}}",
        ", value: null",
        "value is inherited from base.yaml: write `value: null` to remove it",
    ),
}


@pytest.mark.parametrize("parent", INHERITED)
def test_a_key_that_is_inherited_and_excludes_another_is_named(read, folder, faults, parent):
    child, way, said = INHERITED[parent]
    base = folder / "base.yaml"
    more = "outcomes: [cohesion CSTO]\nvariants: {v: {blocs: {CSTO: {norm: 0.1}}}}\n"
    base.write_text(base.read_text(encoding="utf-8") + more + parent, encoding="utf-8")
    (message,) = faults(child % "" + "\n")
    assert message.split("; ")[-1] == said
    read(child % way + "\n")


def test_a_second_form_in_a_variant_is_reported_with_the_inherited_one(faults):
    event = "events: {e: {at: 2018, source: sipri, budget: {state: ARM, factor: 2}}}\n"
    (said,) = faults(event + "variants: {w: {events: {e: {appeal: {state: ARM, bloc: CSTO}}}}}\n")
    assert said.endswith("budget is inherited from x.yaml: write `budget: null` to remove it")
