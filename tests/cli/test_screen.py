"""Tables on narrow screens."""

from __future__ import annotations

import pytest

from sim.cli.screen import Screen, table

NAMES = ["cohesion CSTO mean 2018-Q4..2021-Q4", "hhi DEL", "second_strike ARM>AZE at 2020-Q4"]
NUMBERS = ("one", "95 % interval", "pairing")


def printed(capsys, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    shown = table("outcome", "input", *NUMBERS, title="Shares", numbers=NUMBERS, whole=True)
    for name in NAMES:
        shown.add_row(name, "events.polonez_sale", "-0.01814", "-0.09148 to 0.0552", "5310")
    Screen().print(shown)
    return capsys.readouterr().out


@pytest.mark.parametrize("width", [60, 80, 92, 100, 120])
def test_names_stay_whole_and_numbers_stand_in_columns(capsys, monkeypatch, width):
    out = printed(capsys, monkeypatch, width)
    assert out.startswith("Shares")
    for name in (*NAMES, "outcome", *NUMBERS[::2]):
        assert name in out
    assert out.count("events.polonez_sale") == 3
    assert max(map(len, out.splitlines())) <= width
    (place,) = {line.index("-0.01814") for line in out.splitlines() if "-0.01814" in line}
    assert place > 0


def test_a_screen_narrower_than_its_names_breaks_between_words(capsys, monkeypatch):
    out = printed(capsys, monkeypatch, 30)
    assert {"cohesion", "2018-Q4..2021-Q4", "second_strike", "events.polonez_sale"} <= {
        *out.split()
    }
    assert max(map(len, out.splitlines())) <= 30
