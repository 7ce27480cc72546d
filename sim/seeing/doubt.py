"""Doubt: the shares of chance, parameters and rules, if there is a structural run.

The spreads of the first contrast are read from the folder NAME_structural beside a result, or from
the folder `structural` beside it, if it is of the same scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.records.kinds import MANIFEST
from sim.records.results import Results, load_results
from sim.scenario.schema.contrasts import Contrast

SOURCES = ("chance", "parameters", "rules")
APART = ("runs", "seed", "uncertain")  # inputs in which a structural run may differ from the result


@dataclass(frozen=True)
class Doubt:
    """The spread of one outcome's difference, by source."""

    outcome: str
    share: Mapping[str, float]  # of the variance: by chance, parameters and rules
    largest: str  # of the three
    sure: float  # share of resamples in which it is the largest
    same_sign: float  # share of rule sets whose mean has the sign of the mean over all
    folder: Path  # of the structural run


def doubts_beside(results: Results, contrast: Contrast) -> tuple[Doubt, ...]:
    """Return the doubts about a contrast; empty without a structural run on it."""
    structural = _beside(results)
    if structural is None:
        return ()
    return tuple(
        Doubt(
            outcome=row["outcome"],
            share={name: row[f"{name}_share"] for name in SOURCES},
            largest=row["largest"],
            sure=row["sure"],
            same_sign=row["same_sign"],
            folder=structural.folder,
        )
        for row in structural["spreads"].to_dict("records")
        if (row["variant"], row["versus"]) == contrast.pair and row["largest"] in SOURCES
    )


def _beside(results: Results) -> Results | None:
    folder = results.folder
    for place in (folder.with_name(f"{folder.name}_structural"), folder.with_name("structural")):
        if (place / MANIFEST).is_file() and not place.is_symlink():
            other = load_results(place)
            if "structural" in other.manifest and _scenario(other) == _scenario(results):
                return other
    return None


def _scenario(results: Results) -> tuple[str, dict[str, Any]]:
    about = results.manifest["scenario"]
    document = about["document"]
    return about["name"], {key: each for key, each in document.items() if key not in APART}
