"""Results made by hand, with the columns that a run writes."""

from __future__ import annotations

import json
import shutil
from itertools import product

import numpy as np
import pandas as pd
import pytest

STATES = {
    "AAA": {"name": "Aland", "latitude": 40.0, "longitude": 44.0},
    "BBB": {"name": "Beland", "latitude": 41.0, "longitude": 49.0},
    "CCC": {"name": "Celand", "latitude": 55.0, "longitude": 37.0},
    "DDD": {"name": "Deland", "latitude": 40.5, "longitude": 44.5},
}
OUTCOMES = [
    "cohesion UNION",
    "engagement UNION mean 2018-Q1..2018-Q2",
    "exposure AAA>BBB",
    "second_strike BBB>AAA",
    "exits UNION",
    "hhi AAA",
    "suppliers BBB",
    "sold CCC>BBB rocket by 2018-Q2",
    "affinity AAA>CCC",
]
SUBJECTS = {
    "cohesion": ["UNION", "LEAGUE"],
    "participation": ["AAA:UNION", "CCC:UNION", "DDD:UNION", "BBB:LEAGUE"],
    "exposure": ["AAA>BBB", "BBB>AAA"],
    "second_strike": ["AAA>BBB", "BBB>AAA"],
    "supplied": ["CCC>AAA", "CCC>BBB", "DDD>BBB"],
    "supplier_share": ["CCC>AAA", "CCC>BBB", "DDD>BBB"],
    "insecurity": ["AAA", "BBB"],
    "engagement": ["UNION"],
    "energy": ["UNION"],
    "stage": ["AAA:UNION", "CCC:UNION", "DDD:UNION"],
}
QUANTILES = {"mean": 0.2, "sd": 0, "q05": -2, "q25": -1, "q50": 0, "q75": 1, "q95": 2}


def quarters(count):
    return [f"{2018 + k // 4}-Q{k % 4 + 1}" for k in range(count)]


def series(variants, dates, metrics):
    rows = []
    for variant, date, metric in product(variants, dates, metrics):
        for subject in SUBJECTS[metric]:
            seed = sum(map(ord, variant + metric + subject))
            middle = 0.3 + 0.2 * np.sin(seed + dates.index(date) / 5)
            statistics = {name: middle + 0.05 * step for name, step in QUANTILES.items()}
            rows.append(
                {"variant": variant, "date": date, "metric": metric, "subject": subject}
                | statistics
            )
    return pd.DataFrame(rows)


def outcomes(variants, names, runs):
    rng = np.random.default_rng(7)
    frames = []
    for shift, variant in enumerate(variants):
        frame = pd.DataFrame({"variant": variant, "run": range(runs)})
        for name in names:
            frame[name] = rng.normal(shift, 1.0, runs) if "exits" not in name else 0.0
        frame["blocs.UNION.norm"] = 0.5
        frames.append(frame)
    return pd.concat(frames)


def differences(table, variants, names):
    rows = []
    for name, variant in product(names, variants[1:]):
        apart = (
            table.loc[table["variant"] == variant, name].to_numpy()
            - table.loc[table["variant"] == variants[0], name].to_numpy()
        )
        half = 2 * apart.std(ddof=1) / np.sqrt(len(apart)) if len(apart) > 1 else np.nan
        rows.append(
            {
                "variant": variant,
                "versus": variants[0],
                "outcome": name,
                "runs": len(apart),
                "mean": apart.mean(),
                "low": apart.mean() - half,
                "high": apart.mean() + half,
                "changed": 1.0,
            }
        )
    columns = ["variant", "versus", "outcome", "runs", "mean", "low", "high", "changed"]
    return pd.DataFrame(rows, columns=columns)


def transfers(variants, runs, stages):
    rows = [
        {
            "variant": variant,
            "run": run,
            "supplier": "CCC",
            "recipient": "BBB",
            "offer": "rocket_offer",
            "system": "rocket",
            "stalled": 0,
            "stage": stages[(run + place) % len(stages)],
        }
        for place, variant in enumerate(variants)
        for run in range(runs)
    ]
    columns = ["variant", "run", "supplier", "recipient", "offer", "system", "stalled", "stage"]
    return pd.DataFrame(rows, columns=columns)


REGARD = {("AAA", "CCC"): 0.6, ("CCC", "DDD"): -0.3, ("AAA", "BBB"): -0.8, ("AAA", "DDD"): 0.01}


def ties(variants, pairs):
    rows = [
        {"variant": variant, "metric": "imports_before", "from": i, "to": s, "mean": tiv}
        for variant in variants
        for (s, i), tiv in pairs.items()
    ]
    rows += [
        {"variant": variant, "metric": metric, "from": i, "to": j, "mean": value}
        for variant in variants
        for metric in ("affinity_start", "affinity")
        for (i, j), value in (REGARD if pairs else {}).items()
    ]
    rows += [
        {"variant": variant, "metric": "rivalry", "from": "AAA", "to": "BBB", "mean": 0.9}
        for variant in variants
        if pairs
    ]
    return pd.DataFrame(rows, columns=["variant", "metric", "from", "to", "mean"])


def contrasts_series(variants, dates):
    rows = [
        {"variant": variant, "versus": variants[0], "date": date, "metric": metric,
         "subject": subject, "mean": 0.1, "low": 0.05, "high": 0.15, "q05": -0.2, "q95": 0.3}
        for variant in variants[1:] for date in dates
        for metric, subject in (("cohesion", "UNION"), ("exposure", "AAA>BBB"))
    ]  # fmt: skip
    columns = [
        "variant",
        "versus",
        "date",
        "metric",
        "subject",
        "mean",
        "low",
        "high",
        "q05",
        "q95",
    ]
    return pd.DataFrame(rows, columns=columns)


HAPPENED = [  # kind, actor, against, aided, bloc
    ("war", "BBB", "AAA", "", ""),
    ("appeal", "AAA", "BBB", "", "UNION"),
    ("rescue", "CCC", "", "AAA", ""),
    ("exit", "DDD", "", "", "UNION"),
    ("exit", "DDD", "", "", "LEAGUE"),
    ("incident", "AAA", "BBB", "", ""),
]


def events(variants, dates, runs):
    rows = [
        (variant, run, dates[run % len(dates)], *happened)
        for variant in variants for run in range(runs) for happened in HAPPENED[: 1 + run]
    ]  # fmt: skip
    columns = ["variant", "run", "date", "kind", "actor", "against", "aided", "bloc"]
    return pd.DataFrame(rows, columns=columns)


CHECKS = [  # pattern, check, low, high, historical, q05, q50, q95, verdict
    ("A1", "share", 0.2, 0.4, 0.3, 0.25, 0.35, 0.5, "inside"),
    ("A1", "ratio", 50, np.nan, 230, 10, 30, np.inf, "outside"),
    ("A2", "a_check_with_a_name_that_goes_on_and_on", np.nan, 1.5, np.nan, 0, 1, 9, "inside"),
    ("A2", "order", 1, 1, 1, 1, 1, 1, "inside"),
    ("A3", "months", 12, 30, 17, np.inf, np.inf, np.inf, "outside"),
    ("A3", "never", 0, 1, 0, np.nan, np.nan, np.nan, "undefined"),
    ("A3", "elsewhere", 0, 1, 0, np.nan, np.nan, np.nan, "not covered"),
]


def patterns(variants, runs):
    columns = ["pattern", "check", "low", "high", "historical", "q05", "q50", "q95", "verdict"]
    rows = [
        dict(zip(columns, check, strict=True))
        | {"variant": variant, "scored": place % 2, "runs": runs, "defined": runs // 2}
        for variant in variants
        for place, check in enumerate(CHECKS)
    ]
    return pd.DataFrame(rows)


def write(
    folder,
    *,
    variants=("baseline", "other"),
    dates=None,
    names=OUTCOMES,
    metrics=tuple(SUBJECTS),
    stages=("refused", "blocked", "delivered"),
    flows=None,
    states=STATES,
    runs=8,
):
    """Write a result into a folder."""
    variants, dates, names = list(variants), dates or quarters(12), list(names)
    flows = {("CCC", "AAA"): 50.0, ("DDD", "BBB"): 5.0} if flows is None else flows
    table = outcomes(variants, names, runs)
    blocs = {
        "UNION": {"leader": "CCC", "members": ["AAA", "CCC", "DDD"]},
        "LEAGUE": {"leader": "BBB", "members": ["BBB"]},
    }
    manifest = {
        "format": 3,
        "inputs": {"scenario": "made", "seed": 3, "runs": runs},
        "scenario": {"name": "made", "document": {"states": states, "blocs": blocs}},
        "variants": variants,
        "contrasts": {
            f"to_{name}": {"of": name, "versus": variants[0], "asks": None, "about": []}
            for name in variants[1:]
        },
        "series_runs": runs,
        "transfer_runs": runs,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    for name, frame in {
        "outcomes": table,
        "differences": differences(table, variants, names),
        "series": series(variants, dates, metrics),
        "contrasts_series": contrasts_series(variants, dates if metrics else []),
        "events": events(variants, dates, runs if stages else 0),
        "transfers": transfers(variants, runs if stages else 0, stages),
        "ties": ties(variants, flows),
        "patterns": patterns(variants, runs),
    }.items():
        frame.to_csv(folder / f"{name}.csv", index=False, float_format="%.10g")


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """Return a function that gives the folder of a result, written once for all tests."""
    known = {}

    def folder_of(parts):
        key = repr(sorted(parts.items()))
        if key not in known:
            known[key] = tmp_path_factory.mktemp("made")
            write(known[key], **parts)
        return known[key]

    return folder_of


@pytest.fixture
def made(written, tmp_path):
    """Return a maker of results: every part can be left out."""

    def make(**parts):
        return shutil.copytree(written(parts), tmp_path, dirs_exist_ok=True)

    return make
