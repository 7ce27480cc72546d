"""Judge the hindcast by the patterns of history, and write docs/hindcast.md.

    python bench/verdicts.py [--runs 200] [--jobs N] [--posterior FILE] [--seeds 1,2,3,4,5]

Runs `south_caucasus_2005` at its start values and, with a posterior of `blocsim calibrate`, its
numbers drawn from that; writes docs/hindcast.csv, one row a scored check, and from it and
bench/hindcast.md.in the page docs/hindcast.md. With `--text` nothing is run.

With `--seeds` the start values are run once a seed instead, and docs/hindcast_scores.csv says of
each how many patterns are inside, which share of runs is in the mean over checks, and how many
checks have history outside the 5 to 95 % of runs (one in ten would, were the runs calibrated): of
the checks that count, and of those that counted before others replaced them.
"""

from __future__ import annotations

import argparse
import csv
import math
import shutil
import tempfile
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "hindcast.csv"
TEMPLATE = ROOT / "bench" / "hindcast.md.in"
PAGE = ROOT / "docs" / "hindcast.md"
SCORES = ROOT / "docs" / "hindcast_scores.csv"
REPLACED = {  # checks that count, and those that counted in their place before
    "P18.answered": "P18.hazard",
    "P19.chain": "P19.elsewhere",
    "P31.beyond_chance": "P31.near_a_sale",
}
SCORED = [
    "checks", "seed", "runs", "inside", "patterns", "count", "share", "outside", "told",
]  # fmt: skip
NAME = "south_caucasus_2005"
KEPT = [
    "numbers", "pattern", "check", "use", "low", "high", "historical", "runs", "q05", "q50", "q95",
    "inside", "verdict", "pattern_verdict",
]  # fmt: skip


def main() -> None:
    """Run what is asked for and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--posterior", type=Path)
    parser.add_argument("--text", action="store_true")
    parser.add_argument("--seeds")
    options = parser.parse_args()
    if options.seeds is not None:
        seeds = [int(seed) for seed in options.seeds.split(",")]
        parts = [scores(checks(options.runs, options.jobs, None, seed), seed) for seed in seeds]
        table = pd.concat(parts, ignore_index=True).sort_values(["checks", "seed"])
        table.to_csv(SCORES, index=False, float_format="%.4g", lineterminator="\n")
    elif not options.text:
        frames = [judged(options.runs, options.jobs, None)]
        if options.posterior is not None:
            frames.append(judged(options.runs, options.jobs, options.posterior))
        else:  # those of the last posterior stand
            before = pd.read_csv(TABLE)
            frames.append(before[before["numbers"] == "posterior"])
        table = pd.concat(frames, ignore_index=True)
        table.to_csv(TABLE, index=False, float_format="%.6g", lineterminator="\n")
    PAGE.write_text(page(), encoding="utf-8")


def judged(runs: int, jobs: int, posterior: Path | None) -> pd.DataFrame:
    """Return the verdicts on the scored checks of the baseline."""
    found = checks(runs, jobs, posterior)
    found = found[(found["scored"] == 1) & (found["verdict"] != "not covered")]
    return found.assign(numbers="posterior" if posterior else "start")[KEPT]


def scores(found: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the scores of one seed, for each set of checks."""
    known = found[~found["verdict"].isin(["not covered", "no band"])]
    name = known["pattern"] + "." + known["check"]
    counts = known["scored"] == 1
    sets = {"now": counts, "before": (counts & ~name.isin(REPLACED)) | name.isin(REPLACED.values())}
    rows = []
    for which, mine in sets.items():
        part = known[mine]
        told = part[part["historical"].notna()]
        outside = (told["historical"] < told["q05"]) | (told["historical"] > told["q95"])
        inside = part.assign(hit=part["verdict"] == "inside").groupby("pattern")["hit"].all()
        row = (which, seed, part["runs"].max(), inside.sum(), len(inside), len(part))
        rows.append((*row, part["inside"].mean(), outside.sum(), len(told)))
    return pd.DataFrame(rows, columns=SCORED)


def checks(runs: int, jobs: int, posterior: Path | None, seed: int | None = None) -> pd.DataFrame:
    """Return the verdicts on all checks of the baseline."""
    import sim  # noqa: PLC0415 - costly, and not needed for the text alone

    with tempfile.TemporaryDirectory() as folder:
        sets = ["variants=null", "contrasts=null", "expect=null"]
        name: str | Path = NAME
        if posterior is not None:
            for path in (ROOT / "scenarios").glob("south_caucasus_2005.yaml"):
                name = Path(shutil.copy(path, folder))
            shutil.copy(posterior, Path(folder) / "posterior.csv")
            sets.append("parameters={posterior: posterior.csv}")
        return sim.run(name, runs=runs, jobs=jobs, sets=sets, seed=seed)["patterns"]


def page() -> str:
    """Return the page: the template with its table and counts."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    text = TEMPLATE.read_text(encoding="utf-8")
    for numbers in sorted({row["numbers"] for row in rows}):
        mine = [row for row in rows if row["numbers"] == numbers]
        inside = {r["pattern"] for r in mine if r["pattern_verdict"] == "inside"}
        every = {r["pattern"] for r in mine}
        missed = ", ".join(sorted(every - inside))
        text = text.replace(f"{{count {numbers}}}", f"{len(inside)} of {len(every)} (not {missed})")
        text = text.replace(f"{{runs {numbers}}}", mine[0]["runs"])
    text = text.replace("{scores}", "\n".join(score_lines()))
    return text.replace("{table}", "\n".join(lines(rows)))


def score_lines() -> list[str]:
    """Return the table of scores: a line a set of checks and seed."""
    with SCORES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    head = ["checks", "seed", "runs", "patterns inside", "mean share of runs inside"]
    head += ["checks with history outside the 5 to 95 % of runs"]
    made = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for row in rows:
        cells = (f"{row['checks']} ({row['count']})", row["seed"], row["runs"])
        ends = f"{row['outside']} of {row['told']}"
        inside = f"{row['inside']} of {row['patterns']}"
        made.append("| " + " | ".join((*cells, inside, f"{float(row['share']):.3f}", ends)) + " |")
    return made


def lines(rows: list[dict[str, str]]) -> list[str]:
    """Return the table: a line a check, medians and shares of runs inside."""
    kinds = list(dict.fromkeys(row["numbers"] for row in rows))
    head = ["check", "use", "band", "history"]
    head += [f"{kind}: median [5 %, 95 %], runs inside" for kind in kinds]
    made = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for key in dict.fromkeys((row["pattern"], row["check"]) for row in rows):
        found = {r["numbers"]: r for r in rows if (r["pattern"], r["check"]) == key}
        first = next(iter(found.values()))
        cells = [f"{key[0]} {key[1]}", first["use"], band(first), number(first["historical"])]
        cells += [cell(found[kind]) if kind in found else "" for kind in kinds]
        made.append("| " + " | ".join(cells) + " |")
    return made


def cell(row: dict[str, str]) -> str:
    """Return what the runs gave for a check."""
    text = f"{number(row['q50'])} [{number(row['q05'])}, {number(row['q95'])}]"
    share = "-" if not row["inside"] else f"{float(row['inside']):.0%}"
    mark = "**inside**" if row["verdict"] == "inside" else row["verdict"]
    return f"{text}, {share}: {mark}"


def band(row: dict[str, str]) -> str:
    """Return a band in words."""
    low, high = number(row["low"]), number(row["high"])
    if low == "-":
        return f"to {high}"
    return f"from {low}" if high == "-" else f"{low} to {high}"


def number(text: str) -> str:
    """Return a number in three digits, a year in four; a dash where there is none."""
    value = float(text) if text else math.nan
    if math.isnan(value):
        return "-"
    return f"{value:.4g}" if 1000 <= abs(value) < math.inf else f"{value:.3g}"  # noqa: PLR2004


if __name__ == "__main__":
    main()
