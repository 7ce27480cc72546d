"""The warning on filled air defences in a case with missiles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.cases.case_skeleton import new_case, order_of
from sim.cases.usual_ranges import usual_ranges
from sim.scenario.load import load
from tests.cases.invented_case import archive, deal

ASSETS = "\nassets:\n  oslo: {owner: NOR, value: 1, radius: 500, hardness: 10, source: assumed}\n"
HERON = deal("SWE", "NOR", 2012, 4, "Heron", "SAM system", 4, "2013", 16.0)
LANCE = deal("SWE", "FIN", 2012, 4, "Lance", "surface-to-surface missile", 4, "2013", 2.0)


AGAINST = {"life: 20, role: other": "life: 20, role: air_defence"}  # as in the shipped catalogue


def warnings(
    folder: Path, *deals: dict[str, Any], assets: str = ASSETS, **changed: str
) -> list[str]:
    """Return the warnings on a new case with some deals, some of its text replaced."""
    order = order_of("FIN,NOR,SWE,DNK", ["NORDIC=SWE"], "2015-Q1", "2016-Q4")
    text = new_case(order, "north", "north.yaml", archive(deals=[*deals])).text + assets
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new)
    file = folder / "north.yaml"
    file.write_text(text, encoding="utf-8")
    return [each.message for each in usual_ranges(load(file))]


def test_a_defence_that_cannot_stop_missiles_is_named_if_it_counts_against_them(
    tmp_path: Path,
) -> None:
    (message,) = warnings(tmp_path, HERON, LANCE, **AGAINST)
    assert message.startswith("heron has the range usual in the class (15 km, assumed)")
    assert "against all missiles (lance)" in message
    assert warnings(tmp_path, HERON, LANCE) == []  # filled as it is


def test_without_missiles_or_assets_there_is_no_warning(tmp_path: Path) -> None:
    assert warnings(tmp_path, HERON, **AGAINST) == []
    assert warnings(tmp_path, HERON, LANCE, assets="", **AGAINST) == []


def test_a_range_of_its_own_ends_the_warning(tmp_path: Path) -> None:
    assert warnings(tmp_path, HERON, LANCE, **AGAINST, **{"range: 15": "range: 45"}) == []
    sources = {"sources: {worth: sipri_arms}": "sources: {worth: sipri_arms, range: seed2017}"}
    assert warnings(tmp_path, HERON, LANCE, **AGAINST, **sources) == []
