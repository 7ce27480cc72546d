from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from sim.experiments.design import Design, axes_of, made, read, refuse_idle, write
from sim.kernel.errors import InputError
from sim.scenario.load import load
from sim.scenario.paths import number_paths

SMALL = Path(__file__).with_name("small.yaml")
FORM = "write PATH=LOW..HIGH or PATH=VALUE,VALUE,..."
OVER = ("states.BRA.burden=0.02..0.06", "blocs.NORTH.preference=0,0.3")


@pytest.fixture(scope="module")
def model():
    return load(SMALL).base


@pytest.fixture(scope="module")
def axes(model):
    return axes_of(model, OVER)


def messages(failure):
    return [str(problem) for problem in failure.value.problems]


def test_a_grid_has_every_combination_in_order(axes):
    design = made(axes, "grid", 3, 1, confirmed=False)
    burdens, preferences = design.columns.values()
    assert burdens == pytest.approx([0.02, 0.02, 0.04, 0.04, 0.06, 0.06])
    assert preferences.tolist() == [0.0, 0.3] * 3


def test_a_latin_hypercube_has_one_point_in_each_slice(axes):
    design = made(axes, "lhs", 8, 1, confirmed=False)
    slices = np.floor((design.columns["states.BRA.burden"] - 0.02) / 0.04 * 8)
    assert sorted(slices.tolist()) == list(range(8))
    assert sorted(design.columns["blocs.NORTH.preference"].tolist()) == [0.0] * 4 + [0.3] * 4


def test_a_sobol_design_of_the_same_seed_goes_on(axes):
    short = made(axes, "sobol", 8, 5, confirmed=False)
    long = made(axes, "sobol", 16, 5, confirmed=False)
    assert long.begins_with(short)
    assert not short.begins_with(made(axes, "sobol", 8, 6, confirmed=False))


def test_a_design_that_was_written_reads_back_the_same(tmp_path, axes, model):
    design = made(axes, "lhs", 7, 3, confirmed=False)
    write(design, tmp_path / "design.csv")
    again = read(tmp_path / "design.csv", number_paths(model))
    assert len(again) == 7
    assert again.begins_with(design)


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ("no.such=1..2", "--over: no.such: no number of that name"),
        (
            "states.BRA.burdon=0..1",
            '--over: states.BRA.burdon: no number of that name (did you mean "states.BRA.burden"?)',
        ),
        (
            "states.BRA.burden=0.06..0.02",
            "--over: states.BRA.burden: low must be less than high, got 0.06..0.02",
        ),
        (
            "states.BRA.burden=0..7",
            "--over: states.BRA.burden: must be from 0 to 1 (share of gdp), got 7: 7 % is 0.07",
        ),
        ("states.BRA.burden=0.1,0.1", "--over: states.BRA.burden: names a value twice"),
        (
            "states.BRA.burden=few",
            f'--over: states.BRA.burden: cannot read "few": {FORM}',
        ),
        (
            "states.BRA.burden",
            f'--over: cannot read "states.BRA.burden": {FORM}',
        ),
        (
            "states.BRA.latitude=1..2",
            (
                "--over: states.BRA.latitude: cannot differ between the runs of a block: "
                "list its values, PATH=A,B"
            ),
        ),
    ],
)
def test_a_bad_axis_is_reported(model, over, said):
    with pytest.raises(InputError) as failure:
        axes_of(model, [over])
    assert messages(failure) == [said]


def test_an_axis_named_twice_and_an_empty_sweep_are_reported(model):
    with pytest.raises(InputError, match=r"states\.BRA\.burden: is named twice"):
        axes_of(model, ["states.BRA.burden=0.1,0.2", "states.BRA.burden=0..1"])
    with pytest.raises(
        InputError, match="there are no numbers to sweep: the scenario has no `sweep` section"
    ):
        axes_of(model, [])


@pytest.mark.parametrize(
    ("method", "size", "said"),
    [
        ("lhs", None, "--points: give the number of points"),
        ("lhs", 0, "--points: must be 1 or more, got 0"),
        ("grid", None, "--points: give the number of levels of each range"),
        ("grid", 1, "--points: a grid needs 2 levels or more of each range"),
        ("sobol", 6, "--points: a Sobol' design needs a power of two: 4 or 8, not 6"),
        (
            "lhs",
            10**9,
            "--points: 1,000,000,000 points: more than 10,000,000 must be confirmed by --yes",
        ),
        ("star", 4, "--design: must be grid, lhs or sobol or a file, got 'star'"),
    ],
)
def test_a_bad_size_is_reported(axes, method, size, said):
    with pytest.raises(InputError) as failure:
        made(axes, method, size, 1, confirmed=False)
    assert messages(failure) == [said]


def test_every_fault_of_a_design_file_is_reported_with_its_line(tmp_path, model):
    path = tmp_path / "design.csv"
    path.write_text("point,states.BRA.burden,no.such\n0,0.1,1\n1,much,1\n2,5,1\n")
    with pytest.raises(InputError) as failure:
        read(path, number_paths(model))
    assert messages(failure) == [
        f"{path}:1:1: no.such: is not a path of the scenario",
        f"{path}:3:1: states.BRA.burden: must be a number, got 'much'",
        f"{path}:4:1: states.BRA.burden: must be from 0 to 1 (share of gdp), got 5: 5 % is 0.05",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "states.BRA.burden, states.BRA.burden\n0.1,0.2\n",
            ":1:1: states.BRA.burden: appears twice in the header",
        ),
        (
            'states.BRA.burden\n\n0.1\n\n"much\nmore"\n7\n',
            ":5:1: states.BRA.burden: must be a number, got 'much\\nmore'",
        ),
        (
            '"","states.BRA.burden"\n"7",0.1\n',
            ":1:1: a column without a name, such as the row names that R and pandas add: remove it",
        ),
        (
            "0.1 0.2\n0.3 0.4\n",
            ":1:1: has numbers and no names: write the paths above them",
        ),
        (
            "\ufeffstates.BRA.burden;states.BRA.import_share\n0,1;0,02\n0,1;7,5\n",
            ":3:1: states.BRA.import_share: must be from 0 to 1",
        ),
        (
            '"BehaviorSpace results (NetLogo 7.0.3)"\n"a.nlogox"\n"Final:"\n',
            ":1:1: has no row with [run number] and [step]: save NetLogo's table",
        ),
        (
            'states.BRA.burden\n"0,1"\n',
            ":2:1: states.BRA.burden: must be a number, got '0,1': write 0.1",
        ),
    ],
)
def test_a_design_from_a_spreadsheet_is_read_or_told_by_line(tmp_path, model, text, said):
    path = tmp_path / "design.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as failure:
        read(path, number_paths(model))
    assert messages(failure)[0].startswith(f"{path}{said}")


NETLOGO = (
    'BehaviorSpace results (NetLogo 7.0.3), "Table version 2.0"\n'
    '"toy.nlogox"\n"experiment"\n"01/05/2026 06:37:48:683 -0300"\n'
    '"min-pxcor","max-pxcor"\n"-17","17"\n'
    '"[run number]","states.BRA.burden","states.BRA.import_share","[step]","count turtles"\n'
    '"2","0.2","0.04","0","5"\n"1","0.1","0.02","0","5"\n"1","0.1","0.02","1","6"\n'
)
PLAIN = "states.BRA.burden,states.BRA.import_share\n0.1,0.02\n0.2,0.04\n"


def archive():
    table = (
        "states.BRA.burden,states.BRA.import_share,scenario,policy,model\n"
        "0.1,0.02,1,none,toy\n0.2,0.04,2,none,toy\n"
    )
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as own:
        for name, text in (("y.cls", "1\n2\n"), ("experiments.csv", table)):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            own.addfile(member, io.BytesIO(text.encode()))
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        gzip.compress(PLAIN.encode()),
        archive(),
        NETLOGO.encode(),
        ("# " + PLAIN.replace(",", " ")).encode(),
        ("# " + PLAIN).encode(),
        b'"","states.BRA.burden","states.BRA.import_share"\n"1",0.1,0.02\n"2",0.2,0.04\n',
        b",states.BRA.burden,states.BRA.import_share\n0,0.1,0.02\n1,0.2,0.04\n",
        b'"states.BRA.burden";"states.BRA.import_share"\n0,1;0,02\n0,2;0,04\n',
    ],
    ids=[
        "plain", "gzip", "EMA workbench", "NetLogo", "SALib by savetxt", "savetxt with commas",
        "R with row names", "pandas with an index", "R, write.csv2",
    ],
)  # fmt: skip
def test_a_design_is_read_as_another_program_writes_it(tmp_path, model, data):
    path = tmp_path / "design"
    path.write_bytes(data)
    design = read(path, number_paths(model))
    assert design.columns["states.BRA.burden"].tolist() == [0.1, 0.2]
    assert design.columns["states.BRA.import_share"].tolist() == [0.02, 0.04]
    assert len(design.columns) == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (gzip.compress(PLAIN.encode())[:-9], "is damaged: gzip cannot read it"),
        (archive()[:60], "is damaged: gzip cannot read it"),
        (NETLOGO.replace('"2","0.2"', '"two","0.2"').encode(), "has no number of a run"),
    ],
)
def test_a_damaged_design_of_another_program_is_refused(tmp_path, model, data, said):
    path = tmp_path / "design"
    path.write_bytes(data)
    with pytest.raises(InputError, match=said):
        read(path, number_paths(model))


@pytest.mark.parametrize(
    ("text", "said"),
    [("states.BRA.burden\n", "has no points"), ("point\n1\n", "has no paths")],
)
def test_an_empty_design_file_is_reported(tmp_path, model, text, said):
    path = tmp_path / "design.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        read(path, number_paths(model))


def test_paths_that_change_something_pass_even_where_a_design_holds_the_base_value(model, axes):
    design = made(axes, "grid", 2, 1, confirmed=False)
    assert refuse_idle(model, design, frozenset()) is None
    idle = Design(axes[:1], {"states.BRA.burden": np.full(3, 0.04)})
    assert refuse_idle(model, idle, frozenset()) is None


def test_a_path_that_no_law_reads_is_refused(model, monkeypatch, axes):
    same = lambda built: np.zeros(built.noise.runs.size, dtype=bool)  # noqa: E731
    monkeypatch.setattr("sim.experiments.design._differs", same)
    design = made(axes, "grid", 2, 1, confirmed=False)
    with pytest.raises(InputError, match="has no effect on the compiled scenario"):
        refuse_idle(model, design, frozenset())
