"""Tables: large dyadic values from CSV files, checked by row."""

from __future__ import annotations

import pytest

TABLES = (
    "tables: {affinity: {file: a.csv, source: assumed}, distance: {file: d.csv, source: sipri}}\n"
)


@pytest.fixture
def tables(folder):
    def write(affinity="from,to,value\n", distance="from,to,value\n"):
        (folder / "a.csv").write_bytes(affinity.encode())
        (folder / "d.csv").write_bytes(distance.encode())

    return write


def test_entries_are_kept_by_pair_and_distances_count_both_ways(read, tables):
    tables("from,to,value\nARM,RUS,0.5\n", "from,to,value\nARM,AZE,456\n")
    scenario = read(TABLES)
    assert scenario.base.table("affinity") == {("ARM", "RUS"): 0.5}
    assert scenario.base.table("distance")["AZE", "ARM"] == 456
    assert scenario.base.table("rivalry") == {}
    assert [path.name for path in scenario.files][-2:] == ["a.csv", "d.csv"]


def test_the_hash_covers_the_tables(read, tables):
    tables("from,to,value\nARM,RUS,0.5\nRUS,ARM,0.1\n")
    first = read(TABLES).hash
    tables("from,to,value\r\nRUS,ARM,0.10\r\nARM,RUS,0.5\r\n")
    assert read(TABLES).hash == first
    tables("from,to,value\nARM,RUS,0.6\nRUS,ARM,0.1\n")
    assert read(TABLES).hash != first


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("ARM,RUS,2\n", '2:1: tables.affinity: value must be a number from -1 to 1, got "2"'),
        ("ARM,RUS,nan\n", '2:1: tables.affinity: value must be a number from -1 to 1, got "nan"'),
        ("ARM,RUS,x\n", '2:1: tables.affinity: value must be a number from -1 to 1, got "x"'),
        ("ARM,RUS\n", "2:1: tables.affinity: has 2 cells, the header has 3"),
        ("A M,RUS,0\n", '2:1: tables.affinity: "A M" is not the code of a state'),
        ("ARM,ARM,0\n", '2:1: tables.affinity: from and to are both "ARM"'),
        ("ARM,RUS,0\n\nARM,RUS,0\n", "4:1: tables.affinity: the pair ARM,RUS appears twice"),
        ('"ARM\n', "2:1: tables.affinity: not readable as CSV: unexpected end of data"),
    ],
)
def test_a_faulty_row_is_reported(faults, tables, rows, said):
    tables("from,to,value\n" + rows)
    assert faults(TABLES) == ["a.csv:" + said]


def test_the_header_and_the_encoding_count(faults, tables, folder):
    tables("von,nach,wert\n")
    assert faults(TABLES) == [
        f"a.csv:1:1: tables.affinity: no column {name}; needed are from, to, value"
        for name in ("from", "to", "value")
    ]
    (folder / "a.csv").write_bytes(b"from,to,value\nARM,\xff,1\n")
    assert faults(TABLES) == ["a.csv:2:5: the byte 0xff is not UTF-8: save the file as UTF-8"]


def test_two_distances_of_a_pair_have_to_agree(faults, read, tables):
    tables(distance="from,to,value\nARM,AZE,456\nAZE,ARM,456\n")
    read(TABLES)
    tables(distance="from,to,value\nARM,AZE,456\nAZE,ARM,457\n")
    assert faults(TABLES) == ["d.csv:3:1: tables.distance: the pair AZE,ARM appears twice"]


def test_at_most_fifty_rows_are_reported(faults, tables):
    tables("from,to,value\n" + "ARM,RUS\n" * 200)
    assert len(faults(TABLES)) == 50


@pytest.mark.parametrize("name", ["affinity", "rivalry", "distance"])
def test_a_state_that_the_scenario_lacks_is_refused_in_every_table(faults, folder, name):
    (folder / "a.csv").write_text("from,to,value\nARM,AZE,0.5\nARN,AZE,0.5\n")
    (fault,) = faults(f"tables: {{{name}: {{file: a.csv, source: assumed}}}}\n")
    said = 'no state "ARN" in the scenario (did you mean "ARM"?): add the state, or remove its rows'
    assert fault == f"a.csv:3:1: tables.{name}: {said}"


@pytest.mark.parametrize("name", ["affinity", "rivalry", "distance"])
def test_a_variant_may_lack_a_state_of_a_table(read, folder, name):
    (folder / "a.csv").write_text("from,to,value\nARM,AZE,0.5\nXYZ,AZE,0.5\n")
    numbers = "latitude: 1, longitude: 2, gdp: 9, burden: 0, import_share: 0"
    state = f"{{name: Far, {numbers}, source: assumed}}"
    scenario = read(
        f"tables: {{{name}: {{file: a.csv, source: assumed}}}}\n"
        f"variants: {{far: {{states: {{XYZ: {state}}}}}}}\n"
    )
    assert ("XYZ", "AZE") not in scenario.base.table(name)
    assert scenario.variants["far"].table(name)["XYZ", "AZE"] == 0.5


def test_what_a_spreadsheet_makes_of_a_table_is_named(faults, tables):
    tables("from;to;value\nARM;AZE;0,5\n")
    (fault,) = faults(TABLES)
    assert fault.startswith("a.csv:1:1: tables.affinity: its columns are separated by semicolons")
    assert fault.endswith("decimal commas: save it with commas and decimal points")
