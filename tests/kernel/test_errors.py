"""A problem is one line that a terminal can show, for any text of the input."""

from __future__ import annotations

import pytest

from sim.kernel.errors import InputError, Problem
from sim.kernel.words import got, quoted
from sim.scenario.load import load


def test_what_cannot_be_printed_is_shown_as_a_question_mark_and_what_is_long_is_cut():
    key, file = "states.\x1b]0;x\a\u202e" + "A" * 5000, "new\nline.yaml"
    said = str(Problem(file, 2, 3, key, "no state " + quoted("B" * 5000)))
    assert said.isprintable()
    assert said.startswith("new?line.yaml:2:3: states.?]0;x??AAAA")
    assert len(said) < 400
    assert got("C" * 5000) == 'text "' + "C" * 37 + '..."'


@pytest.mark.parametrize("name", ["\x1b[2J", "a\nb", "x" * 5000])
def test_a_file_name_of_any_kind_makes_one_line(name):
    with pytest.raises(InputError) as raised:
        load(name)
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 700
