"""Sentences on studies: sweeps, fits, backtests, ablations and audits, the same in every view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from sim.documents.sources import ASSUMED
from sim.experiments.accounts import Account
from sim.records.study_tables import HONEST
from sim.seeing.numerals import per_cent
from sim.seeing.score_names import forecaster_name, score_name


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
        f"{len(inputs['patterns'])} checks that end by {inputs['vantage']}; {cost['runs']:,} runs, "
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
    yield f"The posterior is the nearest {rows:,} of {runs:,} runs ({100 * rows / runs:.1f} %)."
    recovery = manifest["recovery"]
    if recovery["coverage"] is not None:
        yield (
            f"Recovery of held-out simulations: 90 % intervals contain the true value in "
            f"{per_cent(recovery['coverage'])} of {recovery['intervals']} cases."
        )


def backtest_scope(inputs: Mapping[str, Any]) -> str:
    """Return the forecasts made, and how to read the skill."""
    first, last = inputs["origins"][0], inputs["origins"][-1]
    years = f"the end of {first}" if first == last else f"the ends of {first} to {last}"
    runs = f"{inputs['runs']:,} runs of each" if "runs" in inputs else "runs"
    return (
        f"Forecasts of {inputs['horizon']} years from {years}, by {runs}. Skill compares the model "
        "with each other forecaster (above 0 the model is better); 95 % intervals by a "
        "bootstrap over dyads (recipients for shares, members for stage and exit)."
    )


def left_out_sentences(manifest: Mapping[str, Any]) -> list[str]:
    """Return what a backtest left out of its files, a sentence each."""
    unread = [f"not read: {each}" for each in manifest.get("unread", ())]
    left_out = manifest.get("left_out", {})
    return [*unread, *(f"{name}: {each['text']}" for name, each in left_out.items())]


def skill_sentence(claimed: Mapping[str, bool]) -> str:
    """Return by score whether the model has skill over all honest baselines; empty without any."""
    if not claimed:
        return ""
    said = ", ".join(f"{score_name(s)} {'yes' if sure else 'no'}" for s, sure in claimed.items())
    return f"Skill over both {' and '.join(map(forecaster_name, HONEST))}, by score: {said}."


def claimed_skill(scores: pd.DataFrame) -> dict[str, bool]:
    """Return by score of deliveries whether its interval is above 0 against honest baselines."""
    honest = scores[(scores["target"] == "transfer") & scores["forecaster"].isin(HONEST)]
    by_score = honest.groupby("score", sort=False)
    return {str(score): bool((rows["low"] > 0).all()) for score, rows in by_score}


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
