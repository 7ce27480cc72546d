"""The sign of a figure is that of its sentence, for every contrast."""

from __future__ import annotations

import re

import numpy as np
import pytest

from sim.documents.package_data import shipped_scenarios
from sim.experiments.ensemble import run
from sim.plots.figure_data import FigureData
from sim.plots.pages import our_look
from sim.plots.paired_differences import _pages, build
from sim.seeing.scenario_answer import answer
from sim.seeing.statements import finding_numbers
from tests.experiments.conftest import SMALL

SIGNED = re.compile(r"; ([+-])")
SCENARIOS = [SMALL, *(pytest.param(name, marks=pytest.mark.study) for name in shipped_scenarios())]


def drawn(ax):
    """Return the position of each mean on an axis, by its row."""
    marks = [line for line in ax.lines if line.get_marker() in {"o", "D", "s"}]
    return {
        round(float(y)): float(x)
        for line in marks
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }


def written(ax):
    """Return the number beside each row."""
    return {round(text.get_position()[1]): text.get_text() for text in ax.texts}


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_sign_of_a_figure_is_that_of_its_sentence(name, tmp_path):
    results = run(name, runs=6, out=tmp_path / "out", transfers=0)
    tables = FigureData.read(results.folder)
    said = {
        (contrast.of, contrast.versus, each.outcome): each
        for contrast in answer(results).contrasts
        for each in contrast.findings
    }
    seen = 0
    for subject, (outcomes, contrasts) in _pages(tables).items():
        with our_look():
            figure = build(tables, subject)
        for ax, pair in zip(figure.axes, contrasts, strict=False):
            places = drawn(ax)
            for row, outcome in enumerate(outcomes):
                finding = said.get((*pair, outcome.text))
                if finding is None or np.isnan(finding.effect.interval.mean):
                    continue
                seen += 1
                sentence, x = finding_numbers(finding), places[row]
                sign = SIGNED.search(sentence)
                assert np.sign(x) == np.sign(finding.effect.interval.mean), sentence
                if sign is not None:
                    assert (x > 0) == (sign[1] == "+"), sentence
                beside = written(ax)[row]
                if sign is not None and beside[0] in "+\N{MINUS SIGN}":
                    assert (beside[0] == "+") == (sign[1] == "+"), (beside, sentence)
    assert seen or len(results.variants) == 1
