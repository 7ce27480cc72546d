"""The evidence for and against the model on one page, docs/evidence.md.

    python -m bench.evidence [PART ...] [--transfers FILE] [--jobs N] [--text]

Runs the named parts, or those whose tables are missing, and writes this page and those of claims
and of the hindcast from their tables in docs/ and the templates in bench/. With `--text` it only
writes the pages. Levels and forecasts need FILE, a register with the columns of `blocsim backtest`,
which is not part of the project; without it their tables stay as they are.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import aims, claims, headline, hindcast, region, specialists
from bench.aims import UP_TO, levels, over_seeds
from bench.headline import FLAGSHIP
from bench.pages import CLAIMS, DOCS, ROOT, Row, filled, interval, markdown, number, rows_of
from sim.experiments.ablation.mechanisms import MECHANISMS
from sim.experiments.processes import all_cores
from sim.records.study_tables import HONEST

TEMPLATE, PAGE = ROOT / "bench" / "evidence.md.in", DOCS / "evidence.md"
ALL, START, POSTERIOR = hindcast.ALL, hindcast.START, hindcast.POSTERIOR
MOST = 15  # mechanisms that the page names


@dataclass(frozen=True)
class Part:
    """A part of the evidence: its table, and the module of bench that writes it."""

    module: str
    table: str
    jobs: bool = True  # whether it has the option --jobs
    registered: bool = False  # whether it needs a register of transfers


PARTS = {
    "claims": Part("claims", "claims.csv"),
    "specialists": Part("specialists", "specialists.csv"),
    "draws": Part("case_draws", "case_draws.csv", jobs=False),
    "hindcast": Part("hindcast", "hindcast.csv"),
    "levels": Part("levels", "levels.csv", registered=True),
    "forecasts": Part("forecasts", "forecasts.csv", registered=True),
    "ablation": Part("ablation", "ablation.csv"),
    "rules": Part("headline", "headline_rules.csv"),
    "region": Part("region", "headline_region.csv"),
}


def main() -> None:
    """Run the parts that are named or missing, and write the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--transfers", type=Path)
    parser.add_argument("--jobs", type=int, default=all_cores())
    parser.add_argument(
        "--text", action="store_true", help="write the pages without running a part"
    )
    asked = parser.parse_args()
    if unknown := [name for name in asked.parts if name not in PARTS]:
        parser.error(f"no part {', '.join(unknown)}: there are {', '.join(PARTS)}")
    names = [] if asked.text else asked.parts or lacking()
    anew = bool(asked.parts)
    failed = [name for name in names if run(name, asked.transfers, asked.jobs, anew=anew)]
    for made in (claims, hindcast):
        made.PAGE.write_text(made.page(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    if failed:
        sys.exit(f"not as expected: {', '.join(failed)}")


def lacking() -> list[str]:
    """Return the parts whose tables are missing, or lack an expectation of a scenario."""
    gone = [name for name, part in PARTS.items() if not (DOCS / part.table).is_file()]
    return [*gone, *(["claims"] if "claims" not in gone and claims.lacking() else [])]


def run(name: str, transfers: Path | None, jobs: int, *, anew: bool) -> int:
    """Run a part in its own process, and return its exit status."""
    part = PARTS[name]
    command = [sys.executable, "-m", f"bench.{part.module}"]
    if part.jobs:
        command += ["--jobs", str(jobs)]
    if part.registered:
        if transfers is None:
            print(f"{name}: left as it is, for want of --transfers")
            return 0
        command += ["--transfers", str(transfers)]
    if name == "claims" and not anew:  # the scenarios without rows, or else all
        command += claims.lacking()
    print(" ".join(command[1:]), flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def page() -> str:
    """Return the page of evidence."""
    rows, blocks = rows_of(hindcast.TABLE), {}
    for name in specialists.asked():
        blocks[f"table {name}"] = specialists.table(name)
        blocks[f"count {name}"] = specialists.counted(name)
        blocks[f"draws {name}"] = draws(name)
    for numbers in (START, POSTERIOR):
        blocks[f"inside {numbers}"] = hindcast.counted(rows, numbers)
    blocks |= {
        "count": specialists.counted(),
        "count unfitted": specialists.counted(fitted=False),
        "count unfitted gulf_2017": specialists.counted("gulf_2017", fitted=False),
        "count unfitted albania_1961": specialists.counted("albania_1961", fitted=False),
        "fresh": fresh(),
        "count fresh": counted_fresh(),
        "expectations": expectations(),
        "flagship": flagship(),
        "rule sets": headline.rule_sets(),
        "answers": headline.answers(),
        "rules": headline.table(),
        "region": region.table(),
        "strongest": region.strongest(),
        "patterns": patterns(rows),
        "scores": scores(rows),
        "volumes": volumes(),
        "flows": flows(),
        "forecasts": forecasts(),
        "ablation": ablation(),
        "idle": idle(),
        "aims": aims.table(rows),
    }
    return filled(TEMPLATE, blocks)


def expectations() -> str:
    """Return in words how many expectations of shipped scenarios hold."""
    rows = rows_of(CLAIMS)
    held = sum(row["holds"] == "yes" for row in rows)
    return f"{held} of the {len(rows)} expectations of {len({row['scenario'] for row in rows})}"


def flagship() -> str:
    """Return the expectations and results of the flagship."""
    rows = [row for row in rows_of(CLAIMS) if row["scenario"] == FLAGSHIP]
    lines = []
    for row in rows:
        versus = f"{row['variant']} less {row['versus']}" if row["versus"] else row["variant"]
        level = number(row["mean"]) + interval(row["low"], row["high"])
        lines.append((f"`{row['outcome']}`", versus, level))
    return markdown(("outcome", "variant", "mean [95 %]"), lines)


def counted_fresh() -> str:
    """Return in words how many checks of cases by others hold."""
    rows = {row["case"]: row for row in rows_of(DOCS / "cases_fresh.csv")}.values()
    held, checks = (sum(int(row[key]) for row in rows) for key in ("held", "checks"))
    return f"{held} of {checks}"


def fresh() -> str:
    """Return the results of cases that others wrote with only the docs."""
    head = ["case", "checks that hold", "fail", "undecided", "decisive counterfactual"]
    head += ["mean [95 %]", "draws with its sign"]
    lines, last = [], ""
    for row in rows_of(DOCS / "cases_fresh.csv"):
        counts = [row["case"], f"{row['held']} of {row['checks']}", row["failed"], row["undecided"]]
        level = "" if row["mean"] == "" else number(row["mean"]) + interval(row["low"], row["high"])
        ends = [f"{row['decisive']}: {row['outcome']}", level, f"{row['kept']} of {row['draws']}"]
        lines.append([*(counts if row["case"] != last else [""] * len(counts)), *ends])
        last = row["case"]
    return markdown(head, lines)


def draws(scenario: str) -> str:
    """Return how often a case's counterfactuals keep their sign over draws of the numbers."""
    head = ["over draws", "outcome", "expected", "draws", "sign kept [95 %]", "median [5 %, 95 %]"]
    signs = {"1": "higher", "-1": "lower"}
    lines = [
        (
            f"{row['name']}: {row['variant']} less {row['versus']}",
            f"`{row['outcome']}`",
            signs[row["sign"]],
            row["draws"],
            f"{float(row['share']):.3g}{interval(row['low'], row['high'])}",
            number(row["median"]) + interval(row["from_5"], row["to_95"]),
        )
        for row in rows_of(DOCS / "case_draws.csv")
        if row["scenario"] == scenario
    ]
    return markdown(head, lines) if lines else ""


def patterns(rows: Sequence[Row]) -> str:
    """Return the table of patterns: a line for each pattern that counts."""
    head = ["pattern", "numbers", "checks inside", "mean share of runs inside"]
    head += ["runs below history", "history outside the 5 to 95 % of runs", "verdict over seeds"]
    lines = []
    whole = {numbers: hindcast.counting(rows, numbers, ALL) for numbers in (START, POSTERIOR)}
    for name in dict.fromkeys(row["pattern"] for row in whole[START]):
        for numbers, every in whole.items():
            mine = [row for row in every if row["pattern"] == name]
            within = sum(row["verdict"] == "inside" for row in mine)
            places = [f"{float(row['below']):.0%}" for row in mine if row["below"]]
            hits = sum(
                name in hindcast.inside(hindcast.counting(rows, numbers, str(seed)))
                for seed in hindcast.SEEDS
            )
            lines.append(
                (
                    name if numbers == START else "",
                    numbers,
                    f"{within} of {len(mine)}",
                    f"{hindcast.share(mine):.2f}",
                    ", ".join(places) or "-",
                    "{} of {}".format(*hindcast.outside(mine)),
                    f"inside in {hits} of {len(hindcast.SEEDS)}",
                )
            )
    return markdown(head, lines)


def scores(rows: Sequence[Row]) -> str:
    """Return the scores of the hindcast over its seeds, by set of numbers and of checks."""
    head = ["numbers", "checks", "patterns inside, by seed", "mean share of runs inside, by seed"]
    head += ["checks with history outside the 5 to 95 % of runs, by seed"]
    lines = []
    for numbers in (START, POSTERIOR):
        for which, asked in (
            ("that count", hindcast.counts),
            ("that counted before", hindcast.counted_before),
        ):
            parts = [
                [row for row in hindcast.of(rows, numbers, str(seed)) if asked(row)]
                for seed in hindcast.SEEDS
            ]
            every, documented = {row["pattern"] for row in parts[0]}, hindcast.outside(parts[0])[1]
            lines.append(
                (
                    numbers,
                    f"{which} ({len(parts[0])})",
                    f"{listed(len(hindcast.inside(part)) for part in parts)} of {len(every)}",
                    listed(f"{hindcast.share(part):.2f}" for part in parts),
                    f"{listed(hindcast.outside(part)[0] for part in parts)} of {documented}",
                )
            )
    return markdown(head, lines)


def listed(values: Iterable[object]) -> str:
    """Return values as a list in words."""
    return ", ".join(map(str, values))


def volumes() -> str:
    """Return volumes by buyer up to the vantage, their variation over years, and suppliers."""
    head = ["buyer", "volume over the record", "variation of years (record)", "suppliers (record)"]
    rows = [row for row in rows_of(DOCS / "levels.csv") if row["window"] == UP_TO]
    lines = []
    for buyer in dict.fromkeys(row["of"] for row in rows):
        cells = [buyer, over_seeds(levels(UP_TO, buyer, "volume"))]
        for quantity in ("variation", "suppliers"):
            seen = levels(UP_TO, buyer, quantity, "record")[0]
            cells.append(f"{over_seeds(levels(UP_TO, buyer, quantity))} ({number(seen)})")
        lines.append(cells)
    return markdown(head, lines)


def flows() -> str:
    """Return the scores of flows in each window, of models and of naive forecasts."""
    rows = [row for row in rows_of(DOCS / "levels.csv") if row["window"] != UP_TO]
    quantities = list(dict.fromkeys(row["quantity"] for row in rows))
    lines = [
        (window, of, *(over_seeds(levels(window, of, each)) for each in quantities))
        for window, of in dict.fromkeys((row["window"], row["of"]) for row in rows)
    ]
    return markdown(("years", "forecast", *quantities), lines)


def forecasts() -> str:
    """Return the scores of the backtest, and the model's skill over each naive baseline."""
    rows = rows_of(DOCS / "forecasts.csv")
    names = list(dict.fromkeys(row["forecaster"] for row in rows))
    head = ["origin, years, deliveries", "score", *(name.replace("_", " ") for name in names)]
    head += [f"skill over {name.replace('_', ' ')} [95 %]" for name in (*HONEST, "gravity")]
    lines = []
    for key in dict.fromkeys((r["origin"], r["years"], r["deliveries"], r["score"]) for r in rows):
        mine = {
            r["forecaster"]: r
            for r in rows
            if (r["origin"], r["years"], r["deliveries"], r["score"]) == key
        }
        cells = [f"{key[0]}, {key[1]}, {key[2]}", key[3]]
        cells += [number(mine[name]["value"]) if name in mine else "-" for name in names]
        for name in (*HONEST, "gravity"):
            skill = mine.get(name)
            cells.append(
                number(skill["skill"]) + interval(skill["low"], skill["high"]) if skill else "-"
            )
        lines.append(cells)
    return markdown(head, lines)


def moving() -> dict[str, list[Row]]:
    """Return for each mechanism the rows in which it moves an outcome or turns a verdict."""
    found: dict[str, list[Row]] = {}
    for row in rows_of(DOCS / "ablation.csv"):
        mine = found.setdefault(row["mechanism"], [])
        if int(row["moved"]) or int(row["turned"]):
            mine.append(row)
    return found


def ablation() -> str:
    """Return the mechanisms with most effects in unchanged scenarios: where, how large, on what."""
    found = {
        name: [row for row in rows if not row["sets"]]
        for name, rows in moving().items()
        if name in MECHANISMS
    }

    def weight(name: str) -> tuple[int, int]:
        rows = found[name]
        return len({row["scenario"] for row in rows}), sum(int(row["moved"]) for row in rows)

    head = ["mechanism", "moves something in", "rows moved", "verdicts turned", "most of all"]
    lines = []
    for name in sorted(found, key=weight, reverse=True)[:MOST]:
        rows = found[name]
        most = max(rows, key=lambda row: int(row["moved"]))
        what = f"`{most['most']}`, {most['scenario']}: {number(most['most_size'])}"
        turned = sum(int(row["turned"]) for row in rows)
        lines.append(
            (f"`{name}`", f"{weight(name)[0]} scenarios", str(weight(name)[1]), str(turned), what)
        )
    return markdown(head, lines)


def idle() -> str:
    """Return in words how many mechanisms have an effect, which do not, and which were removed."""
    found = moving()
    here = {name: rows for name, rows in found.items() if name in MECHANISMS}
    still = [f"`{name}`" for name, rows in here.items() if not rows]
    gone = [f"`{name}`" for name in found if name not in MECHANISMS]
    text = f"of {len(here)} mechanisms {len(here) - len(still)} move something"
    text += f" ({', '.join(still)} do not)" if still else ""
    return text + (f"; {len(gone)} are taken out again: {', '.join(gone)}" if gone else "")


if __name__ == "__main__":
    main()
