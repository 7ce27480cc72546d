"""Figures drawn by two processes from both ends of the list."""

import os
import signal
from concurrent.futures.process import BrokenProcessPool

import pytest

from sim.cli.drawing import Drawing
from sim.errors import ResultError
from sim.plots import draw_all
from sim.plots.draw import pages, read_tables


def begun(folder):
    """Return a drawing whose other process holds the list of figures of a folder."""
    one = Drawing()
    one.begin(folder)
    return one


def test_two_processes_draw_what_one_would(made):
    folder = made()
    alone = {file.name: file.read_bytes() for file in draw_all(folder)}
    for file in (folder / "figures").iterdir():
        file.unlink()
    with begun(folder) as both:
        files = both.finish()
    assert {file.name: file.read_bytes() for file in files} == alone
    assert sorted((folder / "figures").iterdir()) == files


def test_what_has_nothing_to_show_is_said(made, capsys):
    folder = made()
    (folder / "transfers.csv").unlink()
    with begun(folder) as both:
        files = both.finish()
    assert "no figure sale_stages" in capsys.readouterr().err
    assert files
    assert not any(file.stem.startswith("sale_stages") for file in files)


def other_of(both):
    """Return the number of the other process, once it is there."""
    both.ready()
    both._submit(os.getpid).result()
    (number,) = both._pool._processes
    return number


@pytest.mark.parametrize("listed", [True, False])
def test_what_a_process_that_died_leaves_is_drawn_all_the_same(made, listed):
    folder = made()
    with Drawing() as both:
        other = other_of(both)
        if listed:
            both.begin(folder)
            both._pages.result()
        os.kill(other, signal.SIGKILL)
        if not listed:
            with pytest.raises(BrokenProcessPool):
                both._submit(os.getpid).result()
            both.begin(folder)
        files = both.finish()
    assert len(set(files)) == 2 * len(pages(read_tables(folder)))
    assert all(file.is_file() for file in files)


def test_tables_that_cannot_be_read_are_told(made):
    folder = made()
    (folder / "differences.csv").write_text("nothing,of,this\n1,2,3\n")
    with begun(folder) as both, pytest.raises(ResultError, match=r"differences\.csv: no column"):
        both.finish()
