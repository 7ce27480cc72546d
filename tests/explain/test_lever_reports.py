"""Leverage that is carried out is in events.csv and in the story, with its costs."""

from __future__ import annotations

import pytest
import yaml

import sim
from sim.experiments.ensemble import run
from sim.explain.story import story
from tests.small import SMALL, event, merged

LEVER = {"by": "ALP", "supplier": "BET", "recipient": "GAM", "system": "rocket",
         "withholds": ["missile_alp", "tank_alp"], "resolve": 0.5, "source": "assumed"}  # fmt: skip
ORDER = {"supplier": "BET", "recipient": "GAM", "system": "rocket", "units": 4}
RUNS = 6


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return the folder of a result in which leverage is carried out in some runs."""
    folder = tmp_path_factory.mktemp("levers")
    patch = {
        "events": {"deed": event("2018-Q1", order=ORDER)},
        "leverage": {"arms": LEVER},
        "outcomes": ["affinity GAM>ALP"],
    }
    file = folder / "small.yaml"
    file.write_text(yaml.safe_dump(merged(SMALL, patch), sort_keys=False), encoding="utf-8")
    run(file, runs=RUNS, out=folder / "result")
    return folder / "result"


def test_withholding_is_reported_with_its_costs(place):
    from_table = sim.load_results(place)["events"].query("kind == 'withheld'")
    assert 0 < len(from_table) < RUNS
    assert set(map(tuple, from_table[["actor", "against", "about"]].to_numpy())) == {
        ("ALP", "GAM", "arms")
    }
    assert (from_table["amount"] > 0).all()
    for number in range(RUNS):
        mine = [each for each in story(place, number).entries if each.kind == "withheld"]
        rows = from_table[from_table["run"] == number]
        assert len(mine) == len(rows)
        for entry, row in zip(mine, rows.itertuples(), strict=True):
            assert entry.date == row.date
            assert entry.sentence == (
                "Alp withholds Missile and Tank from Gam, to which Rocket came from Bet: Gam's "
                f"regard for Alp falls by {row.amount:.2g}."
            )
            assert [(each.words, each.value) for each in entry.reasons] == [("its resolve", 0.5)]
