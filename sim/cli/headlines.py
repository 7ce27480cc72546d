"""Headlines: the last lines of a run, which answer the scenario's question in numbers."""

from __future__ import annotations

import math

from sim.cli.screen import brief
from sim.experiments.expectations import expected, judged_results
from sim.records.results import Results

MOST = 6  # outcomes of a scenario that does not say what it must show


def headlines(results: Results) -> list[str]:
    """Return a line for each thing that the scenario must show, else for its first outcomes."""
    table = results["summary"]
    keys = zip(table["outcome"].astype(str), table["variant"].astype(str), strict=True)
    levels = dict(zip(keys, table["mean"].astype(float), strict=True))
    lines = _expected(results, levels) or _apart(results, levels)
    return [f"  {line}" for line in lines]


def _expected(results: Results, levels: dict[tuple[str, str], float]) -> list[str]:
    """Return levels and differences that the expectations are about, in order of the outcomes."""
    place = {outcome: at for at, outcome in enumerate(results.manifest["outcomes"])}
    measured = {verdict.name: verdict.measured for verdict in judged_results(results)}
    found = []
    for name, each in expected(results).items():
        if name not in measured:
            continue
        outcome = " ".join(each.outcome.split())
        line = f"{outcome}: {brief(levels[outcome, each.variant])} in {each.variant}"
        if each.versus is not None and each.sign is not None:
            line += f", {brief(levels[outcome, each.versus])} in {each.versus}; "
            line += _difference(*(getattr(measured[name], end) for end in ("mean", "low", "high")))
        found.append((place[outcome], line))
    return [line for _, line in sorted(found)]


def _apart(results: Results, levels: dict[tuple[str, str], float]) -> list[str]:
    """Return the level of each outcome in the first variant, and the variant farthest from it."""
    first, *_ = results.variants
    rows = results["differences"]
    lines = []
    for outcome in results.manifest["outcomes"][:MOST]:
        line = f"{outcome}: {brief(levels[outcome, first])} in {first}"
        apart = rows[(rows["outcome"] == outcome) & rows["mean"].notna()]
        if len(apart):
            farthest = apart.loc[apart["mean"].abs().idxmax()]
            numbers = (float(farthest[name]) for name in ("mean", "low", "high"))
            line += f"; farthest from it is {farthest['variant']}, {_difference(*numbers)}"
        lines.append(line)
    return lines


def _difference(mean: float, low: float, high: float) -> str:
    """Return a difference with its interval."""
    ends = "" if math.isnan(low) else f" [{brief(low)}, {brief(high)}]"
    return f"difference {brief(mean)}{ends}"
