"""`blocsim fill`: entries filled, entries kept, and messages on wrong use."""

from __future__ import annotations

import gzip

import pytest

PRODUCTS = """iso3,year,gdp_current_usd,population
FIN,2014,270000000000,5400000
NOR,2014,500000000000,5100000
"""
CASE = """format: 2
scenario: north
title: North
question: Does it fill?
time: {start: 2015-Q1, end: 2016-Q4}
states:
  FIN: {}
  NOR: {gdp: 1, source: assumed}  # mine
"""


@pytest.fixture
def case(tmp_path):
    """Write a case and a folder of downloads beside it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "products.csv").write_text(PRODUCTS, encoding="utf-8")
    file = tmp_path / "north.yaml"
    file.write_text(CASE, encoding="utf-8")
    return file


def test_a_file_is_filled_and_what_it_was_filled_with_is_said(blocsim, case):
    code, out, err = blocsim("fill", "north.yaml", "--what", "economies", "--data", "data")
    assert code == 0
    text = case.read_text(encoding="utf-8")
    assert "name: Finland" in text
    assert "gdp: 273700" in text
    assert "NOR: {gdp: 1, name: Norway, " in text
    assert text.endswith("# mine\n")
    assert "states: " in out
    assert "worldbank_wdi" in out
    assert "1 value is kept that differs from what the data and rules now give:\n" in out
    assert "\n  states.NOR.gdp 1, not 506900 (`--what economies --force` replaces it)\n" in out
    assert "nothing can be struck: exposure and second strike are 0" in out
    assert "not in the data: states.FIN.burden, states.NOR.burden: no military spending" in err


HEAD = (
    "Recipient,Supplier,Year of order,Number ordered,Weapon designation,Weapon description,"
    "Number delivered,Year(s) of delivery,status,SIPRI TIV per unit,"
    "SIPRI TIV for total order,SIPRI TIV of delivered weapons"
)
DEALS = (
    "Norway,Finland,2009,8,Lynx,tank,8,2010; 2013,New,4,32,32",
    "Norway,Sweden,2010,2,Owl,mortar,2,2012,New,1,2,2",
    "Finland,Norway,2011,6,Gull,tank,6,2012,New,2,12,12",
    "Finland,Sweden,2011,3,Owl,mortar,3,2013,New,1,3,3",
)


def test_a_register_in_parts_that_overlap_fills_a_case_as_the_whole_one_does(blocsim, case):
    data, before = case.parent / "data", case.read_text(encoding="utf-8")
    whole = data / "register.csv"
    whole.write_text("\n".join((HEAD, *DEALS)), encoding="utf-8")
    assert blocsim("fill", "north.yaml", "--data", "data")[0] == 0
    filled = case.read_text(encoding="utf-8")
    assert "lynx_fin: {supplier: FIN, system: lynx" in filled
    whole.unlink()
    early = DEALS[0].replace("8,2010; 2013,New,4,32,32", "4,2010,New,4,32,16")
    late = DEALS[0].replace("8,2010; 2013,New,4,32,32", "4,2013,New,4,32,16")
    parts = {"to 2011": [early], "from 2012": [late, *DEALS[1:]], "finland": DEALS[2:]}
    for name, rows in parts.items():
        (data / f"{name}.csv").write_text("\n".join((HEAD, *rows)), encoding="utf-8")
    case.write_text(before, encoding="utf-8")
    code, _, err = blocsim("fill", "north.yaml", "--data", "data")
    assert code == 0
    assert "deals: 4 rows from 2 files put together; 2 in several files count once" in err
    assert case.read_text(encoding="utf-8") == filled


def test_a_dry_run_writes_no_file(blocsim, case):
    code, out, _ = blocsim("fill", "north.yaml", "--data", "data", "--dry-run")
    assert code == 0
    assert "would be written" in out
    assert case.read_text(encoding="utf-8") == CASE


def test_a_state_that_did_not_exist_in_all_years_of_the_case_gives_a_warning(blocsim, case):
    case.write_text(CASE.replace("  FIN:", "  SUN: {}\n  FIN:"), encoding="utf-8")
    code, out, err = blocsim("fill", "north.yaml", "--what", "economies", "--data", "data")
    assert code == 0
    assert "values written" in out
    assert (
        "warning: SUN (Soviet Union) existed from 1922 to 1991, and the case runs from 2015" in err
    )
    assert "take one of RUS (Russia)," in err
    case.write_text(CASE, encoding="utf-8")
    assert "warning" not in blocsim("fill", "north.yaml", "--data", "data")[2]


@pytest.mark.usefixtures("case")
def test_a_dry_run_prints_old_and_new_values_by_path(blocsim, monkeypatch):
    words = ("fill", "north.yaml", "--data", "data", "--dry-run", "--force", "--what", "economies")
    _, out, _ = blocsim(*words)
    assert "\n  states.FIN.gdp: none -> 273700 (worldbank_wdi, bls_cpi)\n" in out
    assert "\n  states.NOR.gdp: 1 -> " in out
    monkeypatch.setattr("sim.cli.commands.fill._LINES", 2)
    _, short, _ = blocsim(*words)
    lines = [line for line in out.splitlines() if " -> " in line]
    assert [line for line in short.splitlines() if " -> " in line] == lines[:2]
    assert f"\n{len(lines) - 2} more: --all\n" in short
    assert blocsim(*words, "--all")[1] == out
    code, _, err = blocsim("fill", "north.yaml", "--data", "data", "--all")
    assert (code, "--all: goes with --dry-run" in err) == (2, True)


def test_a_second_run_has_no_work(blocsim, case):
    blocsim("fill", "north.yaml", "--data", "data")
    once = case.read_bytes()
    code, out, _ = blocsim("fill", "north.yaml", "--data", "data")
    assert (code, case.read_bytes()) == (0, once)
    assert "0 values written" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("north.yaml",), "needs downloads of public data: --data ~/data"),
        (("north.yaml", "--data", "nowhere"), "nowhere: no such file"),
        (("north.yaml", "--data", "north.yaml"), "no table of public data in it"),
        (("nothing.yaml", "--data", "data"), "nothing.yaml: no such file"),
        (("gulf_2017", "--data", "data"), "shipped scenarios are full"),
        (
            ("north.yaml", "--data", "data", "--what", "economy"),
            'no topic "economy" (did you mean "economies"?): write',
        ),
        (
            ("north.yaml", "--data", "data", "--what", "economies,weather"),
            'no topic "weather": write some of economies,',
        ),
    ],
)
def test_a_use_that_makes_no_sense_is_refused(blocsim, case, arguments, message):
    code, _, err = blocsim("fill", *arguments)
    assert code == 2
    assert message in err
    assert case.read_text(encoding="utf-8") == CASE


def test_a_file_with_rivals_and_without_laws_is_told_how_often_they_fight(blocsim, case):
    said = "without `laws` rivals begin about three times as many wars as on record"
    _, out, _ = blocsim("fill", "north.yaml", "--what", "economies", "--data", "data")
    assert said not in out
    rivals = CASE + "rivalries: {FIN: {with: {NOR: 0.5}, source: assumed}}\n"
    for laws, told in (("", True), ("laws: {crisis: {incidents: 0.2}}\n", False)):
        case.write_text(rivals + laws, encoding="utf-8")
        code, out, _ = blocsim("fill", "north.yaml", "--what", "economies", "--data", "data")
        assert code == 0
        assert (said in out) == told


def test_a_new_case_is_written_filled_and_checked(blocsim, case):
    arguments = ("--states", "FIN,NOR", "--from", "2015-Q1", "--to", "2016-Q4", "--data", "data")
    code, out, err = blocsim("new", "new.yaml", *arguments)
    assert code == 0
    assert "next: blocsim check new.yaml" in err
    assert "not in the data: states.FIN.burden, states.NOR.burden" in err
    assert "nothing can be struck: exposure and second strike are 0" in out
    assert "to be checked by hand (docs/case.md): nuclear forces" in out
    assert "without `laws`" not in out
    code, out, err = blocsim("check", "new.yaml")
    assert code == 0
    assert "new.yaml: sound (2 states" in out
    assert "states.FIN.burden: 0.02 only keeps the place of a figure that the data lacked" in err
    assert blocsim("new", "new.yaml", *arguments)[0] != 0
    code, _, err = blocsim("new", "other.yaml", "--states", "FIN,NOR")
    assert code == 2
    assert "give --from, --to too" in err
    code, _, err = blocsim("new", "other.yaml", *arguments[:4], "--to", "2014", *arguments[6:])
    assert code == 2
    assert "--to: ends before it starts" in err
    assert not (case.parent / "other.yaml").exists()


@pytest.mark.usefixtures("case")
def test_a_case_without_data_is_a_skeleton_and_check_names_the_command_that_fills_it(blocsim):
    arguments = ("--states", "FIN,NOR", "--from", "2015-Q1", "--to", "2016-Q4")
    code, out, err = blocsim("new", "bare.yaml", *arguments)
    assert (code, out) == (0, "")
    assert "wrote bare.yaml; next: blocsim fill bare.yaml --data DIR" in err
    code, out, err = blocsim("check", "bare.yaml")
    assert code == 2
    assert 'states.FIN: the key "gdp" is missing' in err
    assert "14 missing values may be in public data: blocsim fill bare.yaml --data DIR" in err
    assert blocsim("fill", "bare.yaml", "--data", "data")[0] == 0
    code, _, err = blocsim("check", "bare.yaml")
    assert code == 0
    assert "blocsim fill" not in err


def test_a_file_with_other_faults_alone_is_not_sent_to_fill(blocsim, case):
    (case.parent / "wrong.yaml").write_text("format: 2\nstates: {FIN: {gdp: 1}}\n")
    assert "6 missing values may be in public data" in blocsim("check", "wrong.yaml")[2]
    code, _, err = blocsim("check", "polonez_vs_iskander", "--set", "states.AZE.burden=x")
    assert code == 2
    assert "blocsim fill" not in err


def test_links_to_downloads_are_followed_and_broken_ones_are_named(blocsim, case):
    (case.parent / "links").mkdir()
    (case.parent / "links" / "to_data").symlink_to(case.parent / "data")
    (case.parent / "links" / "lost").symlink_to(case.parent / "gone.csv")
    code, _, err = blocsim("fill", "north.yaml", "--what", "economies", "--data", "links")
    assert code == 0
    assert "gdp: 273700" in case.read_text(encoding="utf-8")
    assert "not read: links/lost: is a link that leads nowhere: mend it, or remove it" in err


def test_many_files_of_another_use_are_counted(blocsim, case):
    for name in "abcd":
        (case.parent / "data" / f"{name}.txt").write_text("milk, bread\n")
    err = blocsim("fill", "north.yaml", "--what", "economies", "--data", "data")[2]
    assert "not read: 4 files, which `blocsim data list --data DIR` names" in err


def test_broken_downloads_are_named_among_many_files(blocsim, case):
    data = case.parent / "data"
    for name in "abcd":
        (data / f"{name}.txt").write_text("milk, bread\n")
    whole = gzip.compress(PRODUCTS.encode() * 9)
    (data / "half.csv.gz").write_bytes(whole[: len(whole) // 2])
    (data / "page.csv").write_text("<!DOCTYPE html><html><body>Not found</body></html>\n")
    (data / "pointer.csv").write_text("version https://git-lfs.github.com/spec/v1\noid x\nsize 1\n")
    err = blocsim("fill", "north.yaml", "--what", "economies", "--data", "data")[2]
    assert "not read: data/half.csv.gz: ends too early" in err
    assert "not read: data/page.csv: is a web page" in err
    assert "not read: data/pointer.csv: is a pointer of Git LFS" in err
    assert "not read: 4 more files, which `blocsim data list --data DIR` names" in err


def test_a_sound_table_without_its_measure_is_not_called_damaged(blocsim, case):
    (case.parent / "data" / "sheet.csv").write_text("Country,2013,2014\nNorway,1.7%,0.018\n")
    err = blocsim("fill", "north.yaml", "--what", "economies", "--data", "data")[2]
    assert "not read: data/sheet.csv" in err
    assert "lacks a measure: take the workbook" in err
    assert "damaged" not in err


def test_sections_of_files_that_it_extends_are_there_and_episodes_are_events(blocsim, case):
    (case.parent / "base.yaml").write_text("format: 2\nassets: {}\nepisodes: {}\n")
    case.write_text("extends: [base.yaml]\n" + CASE, encoding="utf-8")
    out = blocsim("fill", "north.yaml", "--what", "economies", "--data", "data")[1]
    assert "still to be written by hand: variants, outcomes, contrasts" in out


def test_the_terminal_says_by_what_members_were_found_and_the_case_is_sound(blocsim, case):
    (case.parent / "data" / "mine.csv").write_text(
        "bloc,iso3,start,end,note\nPACT,FIN,1990-01-01,,\nPACT,NOR,1991-01-01,,\n"
    )
    arguments = ("--states", "FIN,NOR", "--from", "2015-Q1", "--to", "2016-Q4", "--data", "data")
    code, out, _ = blocsim("new", "pact.yaml", "--bloc", "PACT=FIN", *arguments)
    assert code == 0
    assert "blocs.PACT.members: FIN, NOR: members of PACT in your table mine.csv" in out
    assert "references:" not in out
    assert blocsim("check", "pact.yaml")[0] == 0
    assert "your own, mine.csv" in blocsim("cite", "pact.yaml")[1]


@pytest.mark.parametrize(
    ("name", "bloc", "message"),
    [
        ("2015", "NORDIC=FIN", ""),
        ("true", "on=FIN", ""),
        (
            "north_2",
            "2015=FIN",
            '--bloc: "2015" is a number or another value to YAML: add a letter',
        ),
        ("north_2", "null=FIN", '--bloc: "null" is a number or another value to YAML'),
        ("x" * 300, "NORDIC=FIN", "cannot be written (File name too long)"),
    ],
)
def test_names_that_yaml_reads_as_other_values_are_quoted_or_refused(blocsim, name, bloc, message):
    file = f"{name}.yaml"
    span = ("--from", "2015-Q1", "--to", "2016-Q4")
    code, _, err = blocsim("new", file, "--states", "FIN,NOR", "--bloc", bloc, *span)
    assert (code, message in err) == (2 if message else 0, True)
    if not message:
        assert "must be text" not in blocsim("check", file)[2]
        assert "must be a name" not in blocsim("check", file)[2]


def test_the_file_is_looked_for_before_the_data(blocsim):
    code, _, err = blocsim("fill", "south.yaml", "--data", "nowhere")
    assert (code, err) == (2, "south.yaml: no such file\n")


def test_a_case_without_capitals_is_told_what_stands_in_and_which_file_is_misnamed(blocsim, case):
    (case.parent / "data" / "capitals.csv").write_text(PRODUCTS, encoding="utf-8")
    _, _, err = blocsim("fill", "north.yaml", "--data", "data")
    assert "capitals.csv holds indicators: there is no table of capitals" in err
    assert "latitude 0 and longitude 0 are written in their place" in err
    _, _, err = blocsim("check", "north.yaml")
    assert err.count("states.FIN.latitude: 0, 0 only keeps the place of a capital") == 1
    assert "states.FIN.longitude" not in err


def test_what_a_run_needs_and_a_file_of_states_and_time_lacks_is_named(blocsim, case):
    case.write_text(
        "format: 2\ntime: {start: 2015-Q1, end: 2016-Q4}\nstates: {FIN: {neighbours: [NOR]}, "
        "NOR: {}}\n"
    )
    words = ("fill", "north.yaml", "--data", "data", "--what", "economies")
    _, out, err = blocsim(*words, "--dry-run")
    assert "\n  states.FIN.name: none -> Finland\n" in out
    assert "it does not run without scenario, title and question: write them by hand\n" in out
    assert "not in the data: states.NOR.neighbours: no table of contiguity" in err
    blocsim(*words)
    lines = case.read_text(encoding="utf-8").splitlines()
    assert [each[:8] for each in lines if each.startswith("  ") and each[2] != " "] == [
        "  FIN: {",
        "  NOR: {",
    ]
    case.write_text(CASE, encoding="utf-8")
    assert "it does not run without" not in blocsim(*words)[1]


def test_a_case_without_data_says_so_at_its_head(blocsim, case):
    options = ("--states", "FIN,NOR", "--from", "2015-Q1", "--to", "2016-Q4")
    assert blocsim("new", "bare.yaml", *options)[0] == 0
    head = (case.parent / "bare.yaml").read_text(encoding="utf-8").partition("format")[0]
    assert "without data" in head
    assert "from public data" not in head
