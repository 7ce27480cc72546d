"""Drawing into a folder: files, bytes, and messages on figures left out."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from sim.kernel.errors import ResultError, SimError
from sim.plots import FIGURES, FigureError, arms_flows, draw_all, figures_of
from sim.plots.figure_data import FigureData
from sim.plots.pages import _brief, pages, svg_of
from sim.plots.style import headed
from sim.records.kinds import RUN
from tests.patience import PATIENCE

OF_OUTCOMES = (
    "cohesion differences contrast timeline deterrence regard supplier_shares engagement profile "
    "sale_stages"
)
ROOT = Path(__file__).parents[2]


def test_every_figure_is_written_in_the_formats_asked_for(made):
    folder, said = made(), []
    files = draw_all(folder, say=said.append)
    files += draw_all(folder, ["cohesion", "differences"], say=said.append, formats=["png"])
    assert said == []
    assert {file.parent for file in files} == {folder / "figures"}
    stems = {file.stem for file in files}
    assert stems == {
        "cohesion_UNION",
        "differences_blocs",
        "differences_states",
        "differences_sales",
        "contrast_to_other",
        "timeline_UNION",
        "deterrence_AAA_BBB",
        "arms_flows",
        "regard_UNION",
        "supplier_shares_AAA",
        "supplier_shares_BBB",
        "engagement_UNION",
        "profile_UNION",
        "sale_stages_CCC_BBB_rocket",
        "patterns_variants",
    }
    assert {file.stem for file in files if file.suffix == ".svg"} == stems
    assert {file.name for file in files if file.suffix == ".png"} == {
        "cohesion_UNION.png",
        "differences_blocs.png",
        "differences_sales.png",
        "differences_states.png",
    }
    assert all(any(stem.startswith(name) for name in FIGURES) for stem in stems)
    for file in files:
        start = file.read_bytes()[:200]
        assert start.startswith(b"\x89PNG") if file.suffix == ".png" else b"<?xml" in start
    assert sorted((folder / "figures").iterdir()) == sorted(files)  # nothing else is left


def test_the_same_tables_give_the_same_bytes(made):
    folder = made()
    both = {"formats": ["png", "svg"]}
    one, two = ["arms_flows", "sale_stages"], ["sale_stages", "arms_flows"]
    once = {file: file.read_bytes() for file in draw_all(folder, one, **both)}
    again = {file: file.read_bytes() for file in draw_all(folder, two, **both)}
    assert once == again
    assert not any(b"<dc:date>" in text for file, text in once.items() if file.suffix == ".svg")


def test_the_figures_asked_for_are_drawn_in_their_own_order(made):
    files = draw_all(made(), ["engagement", "cohesion", "engagement"])
    assert [file.name for file in files] == [
        "cohesion_UNION.svg",
        "engagement_UNION.svg",
    ]


def test_an_unknown_format_is_refused(made):
    with pytest.raises(FigureError, match='no format "gif" of figures: choose from svg, png, pdf'):
        draw_all(made(), formats=["gif"])


def test_an_unknown_figure_is_refused_with_the_one_that_was_meant(made):
    with pytest.raises(FigureError) as caught:
        draw_all(made(), ["cohesoin"])
    assert str(caught.value) == (
        'no figure "cohesoin" (did you mean "cohesion"?): choose from ' + ", ".join(FIGURES)
    )
    assert isinstance(caught.value, SimError)
    assert caught.value.exit_code == 2


def test_a_folder_without_a_result_is_refused(tmp_path):
    with pytest.raises(ResultError, match="is not a result"):
        draw_all(tmp_path)


def test_a_table_without_its_column_is_refused(made):
    folder = made()
    (folder / "series.csv").write_text("variant,date\nbaseline,2018-Q1\n")
    with pytest.raises(ResultError, match=r"series\.csv: no column 'metric'"):
        draw_all(folder, ["cohesion"])


@pytest.mark.parametrize("text", ["", None])
def test_empty_tables_give_no_figure_and_a_sentence_each(made, text):
    folder, said = made(names=[], metrics=(), stages=(), flows={}), []
    tables = "series contrasts_series events transfers ties differences patterns"
    for name in tables.split():
        if text is None:
            (folder / f"{name}.csv").unlink()
        else:
            (folder / f"{name}.csv").write_text(text)
    assert draw_all(folder, say=said.append) == []
    names = [line.split(":")[0] for line in said]
    assert names == [f"no figure {name}" for name in figures_of(RUN)]


@pytest.mark.parametrize(
    ("table", "figures"),
    [
        ("outcomes", OF_OUTCOMES),
        ("differences", "differences"),
        ("contrasts_series", "contrast"),
        ("series", "cohesion timeline deterrence arms_flows supplier_shares engagement profile"),
        ("ties", "arms_flows regard"),
        ("patterns", "patterns"),
        ("transfers", "sale_stages"),
    ],
)
@pytest.mark.parametrize("text", ["", None])
def test_a_figure_names_the_table_of_its_own_that_it_lacks(made, table, figures, text):
    folder, said = made(), []
    path = folder / f"{table}.csv"
    if text is None:
        path.unlink()
    else:
        path.write_text(text)
    listed = pages(FigureData.read(folder), say=said.append)
    why = "missing" if text is None else "empty"
    assert said == [f"no figure {name}: {table}.csv is {why}" for name in figures.split()]
    assert {name for name, _ in listed}.isdisjoint(figures.split())


def test_arms_flows_are_not_drawn_without_dates(made):
    folder, said = made(), []
    path = folder / "series.csv"
    path.write_text(path.read_text().partition("\n")[0] + "\n")
    assert draw_all(folder, ["arms_flows"], say=said.append) == []
    assert said == [f"no figure arms_flows: {arms_flows.NOTHING}"]


def test_what_is_not_drawn_is_said_on_standard_error(made, capsys):
    assert draw_all(made(variants=["baseline"]), ["differences"]) == []
    assert capsys.readouterr().err == (
        "no figure differences: there is no second variant to compare with the first, "
        "or no outcome\n"
    )


def test_settings_of_matplotlib_that_are_not_text_are_named(made, tmp_path):
    folder = made()
    (tmp_path / "matplotlibrc").write_bytes(b"lines.color: \xe9\n")
    command = [sys.executable, "-m", "sim", "plot", str(folder), "--what", "cohesion"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path,
                          env={**os.environ, "PYTHONPATH": str(ROOT)},
                          timeout=PATIENCE)  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.endswith(
        "matplotlibrc: matplotlib reads its settings there, and they are not UTF-8: correct the "
        "file\n"
    )
    assert "bug" not in done.stderr


def test_importing_the_figures_does_not_import_what_draws_them():
    code = (
        "import sys, sim, sim.plots; "
        "print([m for m in ('matplotlib', 'pandas', 'networkx') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    assert done.stdout == "[]\n"


def test_drawing_does_not_touch_pyplot(made):
    folder = made()
    code = (
        "import sys; from pathlib import Path; from sim.plots import draw_all; "
        f"draw_all(Path({str(folder)!r}), ['cohesion', 'arms_flows']); "
        "print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    assert done.stdout == "False\n"


def test_letters_that_our_font_lacks_make_no_noise():
    def build():
        figure = Figure()
        figure.subplots().set_title("\u8499")
        headed(figure, "\u8499", "below")
        return figure

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        title, _, svg = svg_of(build)
    assert title == "\u8499"
    assert "\u8499" in svg


def test_lines_of_a_path_share_one_letter():
    path = ' d="M 1.26 2 \nL 3 -5.6 \nL 7 8 \nz\nM 1 2 \nL 3 4 \nC 1 2 3 4 5 6 \nL 5 6 \n"'
    assert _brief(path) == ' d="M 1.2 2 3 -5.6 7 8 \nz\nM 1 2 3 4 \nC 1 2 3 4 5 6 \nL 5 6 \n"'


def test_a_result_without_outcomes_says_once_what_its_figures_need(made):
    said = []
    folder = made(names=())
    drawn = {name for name, _ in pages(FigureData.read(folder), say=said.append)}
    (line,) = [each for each in said if "outcome" in each]
    assert line.endswith(": the scenario has no outcomes: write `outcomes`")
    assert "cohesion, " in line
    assert not drawn & {*line.removeprefix("no figure ").partition(":")[0].split(", ")}
