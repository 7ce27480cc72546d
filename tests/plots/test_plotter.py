"""Figures drawn by other processes: all are drawn, even if the processes fail."""

import os
import signal
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

import pytest

from sim.cli.streams import say
from sim.experiments.processes import Processes
from sim.kernel.errors import ResultError
from sim.plots import draw_all
from sim.plots.figure_data import FigureData
from sim.plots.pages import pages
from sim.plots.plotter import NEEDED, Plotter
from tests.experiments.conftest import Lent
from tests.patience import PATIENCE, until

FEW = {  # figures: cohesion, differences, patterns, a sale
    "names": ["cohesion UNION", "sold CCC>BBB rocket by 2018-Q2"],
    "metrics": ["cohesion"],
    "flows": {},
}


@pytest.fixture(scope="module")
def reader():
    """Yield a process that stays: its start takes as long as drawing six figures."""
    processes = Processes(1)
    processes.start(NEEDED)
    pool = processes.pool()
    yield pool
    pool.shutdown()


@pytest.fixture
def warm(reader, monkeypatch):
    """Have the process that stays read for each plotter."""
    monkeypatch.setattr(Processes, "pool", lambda *_, **__: Lent(reader))


def begun(folder):
    """Return a drawing whose other process holds the list of figures of a folder."""
    one = Plotter(2, say)
    one.begin(folder)
    return one


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("parts", [FEW, pytest.param({}, marks=pytest.mark.study)])
def test_other_processes_draw_what_this_one_would(made, parts):
    folder = made(**parts)
    alone = {file.name: file.read_bytes() for file in draw_all(folder)}
    for file in (folder / "figures").iterdir():
        file.unlink()
    with begun(folder) as both:
        files = both.finish()
    assert {file.name: file.read_bytes() for file in files} == alone
    assert sorted((folder / "figures").iterdir()) == files


@pytest.mark.usefixtures("warm")
def test_figures_without_data_are_reported(made, capsys):
    folder = made(**FEW)
    (folder / "transfers.csv").unlink()
    with begun(folder) as both:
        files = both.finish()
    assert "no figure sale_stages" in capsys.readouterr().err
    assert files
    assert not any(file.stem.startswith("sale_stages") for file in files)


def other_of(both):
    """Return the number of the process that reads the tables, once it is there."""
    both.ready()
    both._pool.submit(os.getpid).result(PATIENCE)
    (number,) = both._pool._processes
    return number


@pytest.mark.parametrize(
    ("begun_before", "number"),
    [
        (True, signal.SIGKILL),
        pytest.param(True, signal.SIGTERM, marks=pytest.mark.study),
        pytest.param(False, signal.SIGKILL, marks=pytest.mark.study),
    ],
)
def test_what_a_process_that_died_leaves_is_drawn_all_the_same(made, begun_before, number):
    folder = made(**FEW)
    with Plotter(2, say) as both:
        other = other_of(both)
        if begun_before:
            both.begin(folder)
            until((folder / "figures").is_dir)
        os.kill(other, number)
        if not begun_before:
            with pytest.raises(BrokenProcessPool):
                both._pool.submit(os.getpid).result(PATIENCE)
            both.begin(folder)
        files = both.finish()
    assert len(set(files)) == len(pages(FigureData.read(folder)))
    assert all(file.is_file() for file in files)


def interrupted(folder):
    """Begin to draw, and break off at the first figure; return the process that read the tables."""
    with suppress(KeyboardInterrupt), Plotter(2, say) as drawing:
        drawing.begin(folder)
        (worker,) = drawing._pool._processes.values()
        until(lambda: list((folder / "figures").glob("*.svg")))
        raise KeyboardInterrupt
    return worker


def test_drawing_that_is_cut_short_leaves_whole_figures_and_no_process(made):
    folder = made()
    assert interrupted(folder).exitcode is not None
    files = list((folder / "figures").iterdir())
    assert 0 < len(files) < len(pages(FigureData.read(folder)))
    assert not [file for file in files if file.name.startswith(".")]


@pytest.mark.usefixtures("warm")
def test_tables_that_cannot_be_read_are_reported(made):
    folder = made(**FEW)
    (folder / "differences.csv").write_text("nothing,of,this\n1,2,3\n")
    with begun(folder) as both, pytest.raises(ResultError, match=r"differences\.csv: no column"):
        both.finish()
