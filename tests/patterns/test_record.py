"""The historical record has the documented values of patterns, within rounding."""

import csv
from pathlib import Path

import numpy as np
import pytest

from sim.patterns.files import history_of_files
from sim.patterns.pattern import shipped
from sim.patterns.values import values

FACTS = Path(__file__).parents[2].parent / "shared" / "facts"
HERE = Path(__file__).parent
MEMBERS = ("RUS", "BLR", "KAZ", "ARM", "KGZ", "TJK")
STAGES = {  # the steps of the ladder among the events of the record
    "E067": "skips_drills",
    "E070": "refuses_to_host",
    "E077": "frozen",
    "E079": "stops_paying",
    "E081": "announces_exit",
}
UNSEEN = {  # what the record cannot show, as docs/patterns.md says
    "P12.late_orders",
    "P20.delivered_all_the_same",
    "P20.stalled",
    "P23.years_2018_2024",
}
ROUNDED = {  # documented value -> how far the record may lie from it; else half of its last digit
    "P18.months_to_the_answer": 6.0,  # deliveries of the register are dated by year
    "P25.acceptance": 0.04,  # the text counts six appeals, the table five
    "P16.delivered_2012_2019": 0.5,
    "P03.ratio": 0.5,
    "P03.ratio_from_2002": 0.5,
    "P03.ratio_to_2017": 0.5,
    "P08.gap_2010_2014": 0.05,
    **{  # documented as two rounded means, of which it is the difference
        f"P30.{name}": 0.01
        for name in ("armenia", "belarus", "kazakhstan", "kyrgyzstan", "tajikistan")
    },
}

pytestmark = pytest.mark.skipif(
    not FACTS.is_dir(), reason="the facts are not beside the repository"
)


def written(path, header, rows):
    """Return a CSV file with some rows."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def rows(name):
    """Return the rows of a file of facts."""
    with (FACTS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return the values of all shipped patterns on the record, and what it lacks."""
    folder = tmp_path_factory.mktemp("record")
    votes = [
        (row["year"], "votes", f"{one}>{other}", row["agreement"])
        for row in rows("unga_agreement.csv")
        for one, other in (
            (row["state_a"], row["state_b"]),
            (row["state_b"], row["state_a"]),
        )
    ]
    steps = [
        (row["date"], "ARM", "stage", STAGES[row["id"]], "CSTO")
        for row in rows("events.csv")
        if row["id"] in STAGES
    ]
    history = history_of_files(
        [FACTS / "sipri_tiv_dyads.csv", FACTS / "transfers.csv"],
        events=[
            FACTS / "events.csv",
            written(folder / "stages.csv", ["date", "actors", "type", "stage", "bloc"], steps),
        ],
        series=[
            HERE / "record_series.csv",
            written(folder / "votes.csv", ["date", "metric", "subject", "value"], votes),
        ],
        spending=[FACTS / "milex_annual.csv"],
        finance=[FACTS / "finance.csv"],
        goods=HERE / "goods.csv",
        blocs={"CSTO": MEMBERS},
    )
    return values(shipped(), history)


CHECKS = [
    (f"{name}.{own}", check) for name, p in shipped().items() for own, check in p.checks.items()
]


def half_of_the_last_digit(number):
    """Return half of the unit of the last digit that a number is written with."""
    text = f"{number:.10g}"
    decimals = len(text.partition(".")[2])
    return 0.5 * 10.0**-decimals


@pytest.mark.parametrize("name", [name for name, check in CHECKS if check.historical is not None])
def test_the_record_gives_the_documented_value(found, name):
    if name in UNSEEN:
        assert name in found.missing
        return
    check = dict(CHECKS)[name]
    apart = abs(found.by_name()[name][0] - check.historical)
    assert apart <= ROUNDED.get(name, half_of_the_last_digit(check.historical)) + 1e-9, apart


@pytest.mark.parametrize("name", [name for name, check in CHECKS if check.band is not None])
def test_history_lies_in_its_own_bands(found, name):
    if name in UNSEEN:
        return
    assert dict(CHECKS)[name].band.holds(found.by_name()[name][0])


def test_no_other_check_is_missing_from_the_record(found):
    assert set(found.missing) == UNSEEN
    assert not np.isnan(
        [each[0] for name, each in found.by_name().items() if name not in UNSEEN]
    ).any()
