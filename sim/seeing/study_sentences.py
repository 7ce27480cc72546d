"""Sentences on studies: sweeps, fits, backtests, ablations and audits, the same in every view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from sim.documents.sources import ASSUMED
from sim.experiments.accounts import Account
from sim.records.study_tables import HONEST


def sweep_sentences(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield the size of a sweep, and the numbers not varied in some variants."""
    counts, paths = manifest["table"], manifest["inputs"]["sweep"]["paths"]
    yield (
        f"{counts['points']:,} points x {counts['replicates']:,} runs x "
        f"{len(manifest['variants'])} variants, over {', '.join(paths)}"
    )
    for name, fixed in manifest["fixed_by_variant"].items():
        yield f"Not varied in variant {name}, because it sets or lacks them: {', '.join(fixed)}"


def still_sentences(manifest: Mapping[str, Any], summary: pd.DataFrame) -> Iterator[str]:
    """Yield the variants in which a sweep moves no outcome, with the orders that they force."""
    moves = summary["least"] < summary["most"]
    for name in manifest["variants"]:
        if moves[summary["variant"] == name].any():
            continue
        patch = (manifest["scenario"].get("variants") or {}).get(name) or {}
        events = {**(manifest["scenario"]["document"].get("events") or {})}
        events |= patch.get("events") or {}
        forced = [key for key, event in events.items() if isinstance(event, dict)
                  and event.get("order")]  # fmt: skip
        why = f", which forces an order (event {', '.join(forced)})" if forced else ""
        yield f"The sweep moves no outcome in {name}{why}"


def ablation_sentence(manifest: Mapping[str, Any]) -> str:
    """Return the mechanisms switched off, and the number of runs."""
    counts = manifest["ablation"]
    count = len(counts["mechanisms"])
    what = f"{count} mechanisms, each" if count > 1 else f"{counts['mechanisms'][0]},"
    return (
        f"{what} off and alone, plus all on and all off: "
        f"{counts['settings']} settings x {counts['replicates']:,} runs x "
        f"{len(manifest['variants'])} variants are {counts['rows']:,} runs"
    )


def ablation_groups(mechanisms: pd.DataFrame) -> dict[str, list[str]]:
    """Return the mechanisms without a certain effect, by description."""
    run = mechanisms[(mechanisms["state"] == "run") & ~(mechanisms["moved"] > 0)]
    turned, still = run["turned"] > 0, ~(run["turned"] > 0)
    groups = {
        "change a check or expectation, but no outcome by more than its smallest effect": run[
            turned
        ],
        "undecided: these runs are too few to tell": run[still & (run["open"] > 0)],
        "change no outcome by more than its smallest effect, off or alone": run[
            still & ~(run["open"] > 0)
        ],
        "not active in this scenario": mechanisms[mechanisms["state"] == "absent"],
    }
    return {what: rows["mechanism"].tolist() for what, rows in groups.items() if len(rows)}


def moving_mechanisms(mechanisms: pd.DataFrame) -> pd.DataFrame:
    """Return the mechanisms with a certain effect, the largest effect first."""
    rows = mechanisms[(mechanisms["state"] == "run") & (mechanisms["moved"] > 0)]
    order = (-rows["most_size"]).sort_values(kind="stable").index
    return rows.loc[order]


def fit_scope(manifest: Mapping[str, Any]) -> str:
    """Return the numbers and checks of a fit, and its cost."""
    inputs, cost = manifest["inputs"], manifest["cost"]
    return (
        f"{inputs['scenario']}: {len(inputs['parameters'])} numbers fitted to "
        f"{len(inputs['patterns'])} checks that end by {inputs['vantage']}; {cost['runs']} runs, "
        f"{cost['seconds_of_simulation']:.0f} s of simulation."
    )


def fit_sentences(manifest: Mapping[str, Any], identified: pd.DataFrame) -> Iterator[str]:
    """Yield the identified numbers, the size of the posterior, and its recovery of known values."""
    inputs, rows = manifest["inputs"], manifest["rows"]
    sure = int((identified["identified"] == "yes").sum())
    runs = inputs["points"] * inputs["replicates"]
    yield (
        f"{sure} of {len(identified)} numbers are identified; "
        f"{len(manifest['unidentified'])} keep their prior."
    )
    yield f"The posterior is the nearest {rows} of {runs} runs ({rows / runs:.1%})."
    recovery = manifest["recovery"]
    if recovery["coverage"] is not None:
        yield (
            f"Recovery of held-out simulations: 90 % intervals contain the true value in "
            f"{recovery['coverage']:.0%} of {recovery['intervals']} cases."
        )


def backtest_scope(origins: Sequence[int], horizon: int) -> str:
    """Return the forecasts made, and how to read the skill."""
    first, last = origins[0], origins[-1]
    years = f"{first}" if first == last else f"{first} to {last}"
    return (
        f"Forecasts of {horizon} years from the end of {years}. Skill compares the model with "
        "each other forecaster (above 0 the model is better); 95 % intervals by a "
        "bootstrap over dyads (recipients for shares, members for stage and exit)."
    )


def skill_sentence(claimed: Mapping[str, bool]) -> str:
    """Return by score whether the model has skill over all honest baselines; empty without any."""
    if not claimed:
        return ""
    said = ", ".join(f"{score} {'yes' if sure else 'no'}" for score, sure in claimed.items())
    return f"Skill over both {' and '.join(HONEST)}, by score: {said}."


def assumed_by_block(numbers: Sequence[Account]) -> Iterator[str]:
    """Yield a text on each section: its assumed numbers, by entry."""
    blocks: dict[str, dict[str, list[str]]] = {}
    for each in numbers:
        if each.kind == ASSUMED:
            _, *steps, last = each.path.steps
            blocks.setdefault(each.block, {}).setdefault(".".join(steps), []).append(last)
    for block, entries in blocks.items():
        texts = [f"{name} ({', '.join(keys)})" for name, keys in entries.items()]
        count = sum(len(keys) for keys in entries.values())
        yield f"{block}, {count}: {'; '.join(texts)}"
