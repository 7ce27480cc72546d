"""The tables of a sensitivity analysis in its folder, beside the runs that they come from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import ResultError
from sim.experiments.sensitivities.methods import METHODS
from sim.experiments.sensitivities.study import Sensitivity
from sim.experiments.sweeps.folder import replaced
from sim.records.soundness import FIGURES
from sim.records.writing import row

RUNS = "runs"  # folder of the sweep
FILES = ("indices", "groups", "outcomes", "parameters", "left_out", "columns")
OURS = frozenset({RUNS, FIGURES, *(f"{name}.csv" for name in FILES)})

COLUMNS = (
    ("indices.csv", "outcome", "Outcome, its mean over the runs of a point, or its difference."),
    ("indices.csv", "rank", "Rank among the parameters by the index that ranks; 0 for the dummy."),
    ("indices.csv", "parameter", "Dotted path, or the group where groups were varied as one."),
    ("indices.csv", "..._low, ..._high", "Ends of the 95 % interval by bootstrap."),
    ("indices.csv", "law", "Role of the parameter's law; scenario for the scenario's numbers."),
    ("indices.csv", "block", "Block of the scenario that holds it."),
    ("indices.csv", "source", "facts or assumptions: whether one of its sources is `assumed`."),
    ("indices.csv", "share", "Its part of the sum of the index that ranks over all parameters."),
    ("groups.csv", "grouping", "law, block or source."),
    ("groups.csv", "group", "Name of the group."),
    ("groups.csv", "parameters", "How many it has."),
    ("groups.csv", "index", "The index that ranks."),
    ("groups.csv", "value", "Sum of the index over the group's parameters; of PAWN the mean."),
    ("groups.csv", "low, high", "Ends of its 95 % interval, by bootstrap of whole blocks."),
    ("groups.csv", "share", "The sum's part of the sum over all parameters; empty for PAWN."),
    ("groups.csv", "most", "The greatest index in the group."),
    ("groups.csv", "most_parameter", "The parameter that has it."),
    ("outcomes.csv", "status", "analysed, constant, undefined, or undefined at some points."),
    ("outcomes.csv", "undefined", "Points at which the outcome is undefined in all runs."),
    ("outcomes.csv", "mean, sd, least, most", "Over the points, in the outcome's unit."),
    ("parameters.csv", "value", "At which the number stands in the scenario."),
    ("parameters.csv", "low, high", "Between which it was varied."),
    ("parameters.csv", "scale", "linear or logarithmic: over what it was evenly spread."),
    ("parameters.csv", "source", "Keys of the bibliography, or assumed."),
    ("left_out.csv", "numbers", "How many numbers of the scenario were not varied."),
    ("left_out.csv", "why", "What they are, and how they could be varied."),
)


def refuse_strangers(folder: Path) -> None:
    """Refuse a folder that holds anything but an analysis."""
    there = [folder] if folder.is_file() else sorted(folder.iterdir()) if folder.exists() else []
    strangers = [path for path in there if path.name not in OURS]
    if strangers:
        message = f"{strangers[0]}: is no part of a sensitivity analysis; give another --out"
        raise ResultError(message)


def write(found: Sensitivity, folder: Path, *, variant: str, versus: str | None, runs: int) -> None:
    """Write the tables of an analysis."""
    about = found.study
    which: dict[str, Any] = {"method": about.method, "variant": variant, "runs": runs}
    which["versus"] = versus or ""
    frames = {
        "indices": found.indices,
        "groups": found.groups,
        "outcomes": found.outcomes.assign(**which),
        "parameters": pd.DataFrame(
            {
                "parameter": each.path,
                "unit": each.unit,
                "value": each.value,
                "low": each.low,
                "high": each.high,
                "scale": "logarithmic" if each.logarithmic else "linear",
                "source": each.source,
                **{name: each.group[name] for name in ("law", "block")},
            }
            for each in about.chosen.parameters
        ),
        "left_out": pd.DataFrame(
            [(count, why) for why, count in about.chosen.left_out.items()],
            columns=["numbers", "why"],
        ),
    }
    for name, frame in frames.items():
        text = frame.to_csv(index=False, float_format="%.10g", lineterminator="\n")
        replaced(folder / f"{name}.csv", text if len(frame.columns) else "outcome")
    indices = [("indices.csv", name, text) for name, text in METHODS[about.method].columns.items()]
    lines = ["file,column,definition", *(row(each) for each in [*indices, *COLUMNS])]
    replaced(folder / "columns.csv", "\n".join(lines))
