"""Aims that were set before the market and the blocs were rebuilt, and the results.

No constant is chosen for an aim, and a miss is reported like a hit. Aims of the hindcast beside its
patterns are in bench/aims.yaml.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bench import hindcast
from bench.pages import DOCS, Row, band, interval, markdown, number, rows_of
from sim.records.study_tables import HONEST

UP_TO, SINCE = "2006..2017", "2018..2024"
FLOWS = (  # of the flagship since the vantage
    ("rank correlation of flows", "rank", 0.62, None),
    ("volume on dyads that had never traded", "never", None, 0.03),
    ("area under precision and recall", "area", 0.50, None),
    ("volume over the record", "volume", 0.75, 1.25),
)
BUYERS = (
    ("volume up to the vantage over the record", "volume", "KAZ BLR ARM AZE", 0.75, 1.25),
    ("variation of yearly imports over the record", "variation", "ARM KGZ TJK", 0.7, 1.3),
)
LEAST_SHARE, MOST_OUTSIDE, CRPS = 0.60, 4.0, 0.045
ASKED = {
    "stage_kyrgyzstan": "Kyrgyzstan's stage in mid-2022, in the median",
    "stage_tajikistan": "Tajikistan's stage in mid-2022, in the median",
    "armenia_from_russia": "Russia's share of Armenia's imports of 2021-24, in the median",
}


@dataclass(frozen=True)
class Aim:
    """An aim: a band, the level that is compared with it, and that level in words."""

    text: str
    low: float | None
    high: float | None
    level: float
    came: str

    @property
    def reached(self) -> bool:
        """Return whether the level lies in the band."""
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return low <= self.level <= high

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the cells of its row."""
        ends = ("" if end is None else str(end) for end in (self.low, self.high))
        return self.text, band(*ends), self.came, "reached" if self.reached else "missed"


def table(rows: Sequence[Row]) -> str:
    """Return the table of aims, from the rows of the hindcast and other tables."""
    every = (*trade(), *forecast(), *history(rows))
    return markdown(("measure", "aim", "result", "verdict"), [each.cells for each in every])


def over_seeds(values: Sequence[float]) -> str:
    """Return levels over seeds: the mean, and the smallest and largest."""
    return f"{np.mean(values):.2f} [{min(values):.2f}, {max(values):.2f}]"


def of_seeds(text: str, low: float | None, high: float | None, values: Sequence[float]) -> Aim:
    """Return an aim that is judged by the mean over seeds."""
    return Aim(text, low, high, float(np.mean(values)), over_seeds(values))


def levels(window: str, of: str, quantity: str, key: str = "value") -> list[float]:
    """Return a level of trade, seed by seed."""
    wanted = window, of, quantity
    rows = rows_of(DOCS / "levels.csv")
    return [float(r[key]) for r in rows if (r["window"], r["of"], r["quantity"]) == wanted]


def trade() -> Iterator[Aim]:
    """Yield the aims for levels of trade."""
    for text, quantity, low, high in FLOWS:
        yield of_seeds(f"Flagship 2018-24: {text}", low, high, levels(SINCE, "flagship", quantity))
    for text, quantity, buyers, low, high in BUYERS:
        for buyer in buyers.split():
            seen = levels(UP_TO, buyer, quantity, "record")
            found = zip(levels(UP_TO, buyer, quantity), seen, strict=True)
            yield of_seeds(f"{buyer}: {text}", low, high, [one / other for one, other in found])


def forecast() -> Iterator[Aim]:
    """Yield the aims for the forecast from 2017."""
    known = {
        (row["score"], row["forecaster"]): row
        for row in rows_of(DOCS / "forecasts.csv")
        if (row["origin"], row["deliveries"]) == ("2017", "forced")
    }
    crps = float(known["crps", "model"]["value"])
    yield Aim("Forecast from 2017: CRPS of suppliers' shares", None, CRPS, crps, number(crps))
    for name in HONEST:
        skill = known["brier", name]
        came = number(skill["skill"]) + interval(skill["low"], skill["high"])
        text = f"The same: skill by Brier over {name.replace('_', ' ')}, lower end"
        yield Aim(text, 0.0, None, float(skill["low"]), came)


def history(rows: Sequence[Row]) -> Iterator[Aim]:
    """Yield the aims for the hindcast, at its start values."""
    before = [row for row in rows if hindcast.counted_before(row)]
    parts = [hindcast.of(before, hindcast.START, str(seed)) for seed in hindcast.SEEDS]
    text = f"Hindcast, the {len(parts[0])} checks that counted before: "
    shares = [hindcast.share(part) for part in parts]
    yield of_seeds(text + "mean share of runs inside", LEAST_SHARE, None, shares)
    past = [float(hindcast.outside(part)[0]) for part in parts]
    yield of_seeds(text + "history outside the 5 to 95 % of runs", None, MOST_OUTSIDE, past)
    both = sum({"P08", "P15"} <= {*hindcast.inside(part)} for part in parts)
    count = len(hindcast.SEEDS)
    yield Aim("P08 inside, P15 kept: seeds", float(count), None, both, f"{both} of {count}")
    for row in hindcast.of(rows, hindcast.START, hindcast.ALL):
        if row["check"] in ASKED:
            level = float(row["q50"])
            came = number(level) + interval(row["q05"], row["q95"])
            yield Aim(ASKED[row["check"]], None, float(row["high"]), level, came)
