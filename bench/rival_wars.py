"""Measure how often rivals fight, for the rule of `sim/cases/outbreaks.py`.

    python -m bench.rival_wars --data DIR

A world is filled at each start, and what its states did in the four years from then on is counted:
armed conflicts that began, and militarised disputes with force. Printed are the counts, the rule
that the first starts give, and how well it foretells the later ones, beside the share of years in
which a war began up to then, and the laws' own numbers. Further tables are of wars outside
rivalries, of rivals with nuclear weapons, and of years of force. At the end the numbers of
`sim/cases/outbreaks.py` are compared with those measured: the exit status is 1 if they differ.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize, minimize_scalar
from scipy.stats import chi2, mannwhitneyu

from bench.downloads import archive_of, parser_of
from sim.cases import outbreaks
from sim.cases.archive import Archive, pair, pairs_in
from sim.cases.case_file import fill_text
from sim.cases.case_plan import CasePlan
from sim.cases.case_skeleton import CaseOrder, skeleton
from sim.cases.quarrels import FORCE, RIVALRY
from sim.cases.tie_figures import fighting, listed, used_force
from sim.cases.whole_world import reach
from sim.data import tidy_tables as tables
from sim.kernel.parameters import parameters_of
from sim.laws.crisis import Crisis
from sim.laws.deterrence import Deterrence
from sim.scenario.compile.build import build
from sim.scenario.load import load
from sim.steps.assessment import assess, inventory

FITTED, JUDGED = (1993, 1997, 2001, 2005), (2009, 2013, 2017, 2021)
YEARS = 4  # from a start on that count
TOPICS = ("economies", "rivalries", "imports", "arsenals")  # that strengths and disputes need
NUCLEAR = {"USA": 1945, "RUS": 1949, "GBR": 1952, "FRA": 1960, "CHN": 1964, "ISR": 1967,
           "IND": 1998, "PAK": 1998, "PRK": 2006}  # year of the first weapon or test  # fmt: skip
_ENDS = ("incidents", "calculation, threshold held", "calculation")
_CALCULATION = parameters_of(Crisis)["calculation"]
_THRESHOLD = parameters_of(Deterrence)["threshold"]
_DRAWS, _SEED = 2000, 1
_OFTEN = 4  # years of force that count as one group with more of them
_FIERCE = 2  # intensity of a conflict from 1,000 battle deaths in a year


@dataclass(frozen=True)
class Rates:
    """The parameters of the laws of crisis and deterrence that decide how often rivals fight."""

    incidents: float
    calculation: float
    threshold: float

    def wars(self, table: pd.DataFrame) -> np.ndarray:
        """Return the wars a year that the laws expect of pairs at their start."""
        crisis = Crisis(incidents=self.incidents, calculation=self.calculation)
        dispute = table["dispute"].to_numpy()
        gain = table["prize"].to_numpy() - self.threshold
        rate = crisis.rate(rivalry=dispute, rivalry_back=dispute)
        return np.asarray(rate * crisis.escalation(gain=gain))

    def __str__(self) -> str:
        """Return the numbers as printed."""
        return f"{self.incidents:.3f}, {self.calculation:.2f}, {self.threshold:.3f}"


OWN = Rates(Crisis().incidents, Crisis().calculation, Deterrence().threshold)
RULE = Rates(outbreaks.INCIDENTS.value, outbreaks.CALCULATION.value, outbreaks.THRESHOLD.value)


def main() -> None:
    """Print the counts, the rule and its score."""
    options = parser_of(__doc__).parse_args()
    archive = archive_of(options)
    parts = []
    for start in (*FITTED, *JUDGED):
        parts.append(pairs(start, archive))
        states = {*parts[-1]["one"], *parts[-1]["other"]}
        print(f"{start}: {len(states)} states, {counts(rivals(parts[-1]))}")
    whole = pd.concat(parts, ignore_index=True)
    early, late = (whole[whole["start"].isin(each)] for each in (FITTED, JUDGED))
    found = fitted(rivals(early))
    ends = intervals(rivals(early), found)
    print(f"incidents, calculation, threshold: {found}")
    for name, (low, high) in zip(_ENDS, ends, strict=True):
        print(f"  {name}: {low:.3f} to {high:.3f}")
    wars = rivals(early)["wars"].sum()
    low, high = (each / wars for each in drawn(rivals(early)))
    print(f"wars expected by uncertain runs, of those recorded: {low:.2f} to {high:.2f}")
    base = wars / rivals(early)["years"].sum()
    fewer = replace(OWN, incidents=OWN.incidents * wars / total(rivals(early), OWN))
    print(f"incidents alone: {fewer}")
    without = fitted(rivals(early[early["start"] > FITTED[0]]))
    print(f"without {FITTED[0]}: {without}, later wars {total(rivals(late), without):.1f}")
    for name, table in (("first", early), ("later", late)):
        print(f"\n{name} starts, rivals: {counts(rivals(table))}")
        judge(rivals(table), base, fewer)
        print(f"{name} starts, all pairs\n{by_dispute(table)}")
    print("\nboth with nuclear weapons:")
    armed = rivals(whole)
    armed = armed[[bool(_armed(*each)) for each in armed[["one", "other", "start"]].to_numpy()]]
    print(f"  {counts(armed)}, expected by the rule {total(armed, RULE):.1f}")
    print(f"\nby years of force in the ten before\n{after_force(whole).round(4).to_string()}")
    differ = differences(found, ends)
    print("\n" + "\n".join(differ or ["sim/cases/outbreaks.py has the numbers measured"]))
    sys.exit(1 if differ else 0)


def differences(found: Rates, ends: Sequence[tuple[float, float]]) -> list[str]:
    """Return which numbers of the rule differ from those measured, as rounded there."""
    measured = {
        "INCIDENTS": (outbreaks.INCIDENTS, 2, (found.incidents, *ends[0])),
        "CALCULATION": (outbreaks.CALCULATION, 1, (found.calculation, *ends[1])),
        "THRESHOLD": (outbreaks.THRESHOLD, 2, (found.threshold,)),
    }
    differ = []
    for name, (figure, digits, values) in measured.items():
        written = [figure.value, *(figure.spread or ())]
        own = [round(float(each), digits) for each in values]
        if written != own:
            differ.append(f"sim/cases/outbreaks.py: {name} has {written}, measured is {own}")
    return differ


def by_dispute(table: pd.DataFrame) -> str:
    """Return years, wars and those expected by the rule, of rivals and of all other pairs.

    Wars with 1,000 battle deaths in a year are marked by a star.
    """
    size = table["dispute"].to_numpy()
    kinds = (
        ("rivals", size >= RIVALRY),
        ("smaller disputes", (size > 0) & (size < RIVALRY)),
        ("no dispute", size == 0),
    )
    lines = []
    for name, of_kind in kinds:
        own = table[of_kind]
        expected = total(own, RULE) if name != "no dispute" else 0.0
        wars = own[own["wars"] > 0]
        lines.append(f"  {name}: {counts(own)}, {own['fierce'].sum()} of 1,000 deaths in a year")
        lines.append(f"    expected by the rule {expected:.1f}, by the law {total(own, OWN):.1f}")
        named = zip(wars["one"], wars["other"], wars["began"], wars["fierce"], strict=True)
        lines.append(
            "    "
            + ", ".join(f"{i}-{j} {' '.join(map(str, at))}{'*' * n}" for i, j, at, n in named)
        )
    return "\n".join(lines)


def _armed(one: str, other: str, start: int) -> bool:
    """Return whether both have nuclear weapons at a start."""
    return all(NUCLEAR.get(each, start) < start for each in (one, other))


def pairs(start: int, archive: Archive) -> pd.DataFrame:
    """Return all pairs of a world: the larger dispute and prize, and what they did then."""
    year, last = start - 1, start + YEARS - 1
    states = reach(f"{start}-Q1", f"{last}-Q4", archive).states
    table = at_start(CaseOrder(states, {}, f"{start}-Q1", f"{last}-Q4"), archive)
    everyone = pd.MultiIndex.from_tuples(combinations(states, 2), names=["one", "other"])
    table = table.reindex(everyone, fill_value=0.0).reset_index()
    archive, plan = archive.of_case(states), CasePlan(states, f"{start}-Q1")
    seen = range(year, start + YEARS)
    fought = fighting(plan, archive, seen)
    fierce = fighting(plan, archive, seen, least=_FIERCE)
    kinds, _ = listed(plan, archive)
    force, _ = used_force(plan, archive)
    disputes = pairs_in(archive.frame(tables.DISPUTES), states)
    begun = disputes[(disputes["onset"] == 1) & (disputes["hostility"] >= FORCE)]
    first = begun.groupby(["iso3_1", "iso3_2"])["year"].agg(list).to_dict()
    known = _last(archive, tables.DISPUTES)
    rows = []
    for one, other in zip(table["one"], table["other"], strict=True):
        key = (one, other)
        own = fought.get(key, set())
        calm = [each for each in range(start, _until(last, archive) + 1) if each - 1 not in own]
        about = kinds.get(key)
        began = sorted(own.intersection(calm))
        rows.append(
            {
                "years": len(calm),
                "wars": len(began),
                "began": began,
                "fierce": sum(bool(_spell(at, own) & fierce.get(key, set())) for at in began),
                "watched": sum(each <= known for each in calm),
                "forced": sum(each in calm for each in first.get(key, ())),
                "listed": "no" if about is None else "others" if about else "interventionary alone",
                "force": len(force.get(key, set())),
            }
        )
    return table.assign(start=start).join(pd.DataFrame(rows, index=table.index))


def _spell(began: int, fought: Collection[int]) -> set[int]:
    """Return the years from one on without a break in the fighting."""
    return {at for at in fought if {*range(began, at + 1)} <= {*fought} and at >= began}


def _last(archive: Archive, kind: tables.Kind) -> int:
    frame = archive.frame(kind)
    return int(frame["year"].max()) if len(frame) else 0


def _until(last: int, archive: Archive) -> int:
    """Return the last year of a span in which the record of armed conflicts has figures."""
    return min(last, max(_last(archive, tables.CLASHES), _last(archive, tables.CONFLICTS)))


def at_start(order: CaseOrder, archive: Archive) -> pd.DataFrame:
    """Return the larger dispute, and the larger prize r win, of each pair with a dispute."""
    text = fill_text(skeleton(order, "world"), "world.yaml", archive, TOPICS).text
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "world.yaml"
        file.write_text(text, encoding="utf-8")
        built = build(load(file).base, runs=np.array([0]), seed=1)
    world, layout = built.world, built.world.layout
    view = assess(world, built.rules, inventory(world, built.rules))
    first, second = layout.rival_dyads, layout.reverse[layout.rival_dyads]
    sizes, prizes = world.rivalry, world.rivalry * view.win
    return pd.DataFrame(
        {
            "dispute": np.maximum(sizes[first], sizes[second])[:, 0],
            "prize": np.maximum(prizes[first], prizes[second])[:, 0],
        },
        index=pd.MultiIndex.from_tuples(
            pair(layout.states[i], layout.states[j])
            for i, j in zip(layout.dyad_from[first], layout.dyad_to[first], strict=True)
        ),
    )


def rivals(table: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs with a dispute as in a rivalry, and a year in which a war may begin."""
    return table[(table["dispute"] >= RIVALRY) & (table["years"] > 0)]


def counts(table: pd.DataFrame) -> str:
    """Return what was counted, in words."""
    wars, years = table["wars"].sum(), table["years"].sum()
    return (
        f"{len(table)} pairs, {wars} wars in {years} years ({wars / max(years, 1):.4f}), "
        f"{table['forced'].sum()} disputes with force in {table['watched'].sum()}"
    )


def total(table: pd.DataFrame, rates: Rates) -> float:
    """Return the number of wars that the laws expect of pairs in their years."""
    return float(rates.wars(table) @ table["years"])


def score(table: pd.DataFrame, expected: np.ndarray) -> float:
    """Return the log score of wars a year: the log likelihood of a Poisson process."""
    return float((table["wars"] * np.log(expected) - expected * table["years"]).sum())


def fitted(table: pd.DataFrame) -> Rates:
    """Return incidents by disputes with force, and the other two by likelihood of the wars.

    They stay within the bounds of the laws.
    """
    own = (table["dispute"] * table["watched"]).sum()
    incidents = float(table["forced"].sum() / own)
    kappa, cost = _likeliest(table, incidents, [OWN.calculation / 2, OWN.threshold])
    return Rates(incidents, kappa, cost)


def _likeliest(table: pd.DataFrame, incidents: float, begin: Sequence[float]) -> np.ndarray:
    def loss(point: np.ndarray) -> float:
        return -score(table, Rates(incidents, *point).wars(table))

    options = {"xatol": 1e-6, "fatol": 1e-8, "maxiter": 4000}
    bounds = [(each.low, each.high) for each in (_CALCULATION, _THRESHOLD)]
    found = minimize(loss, begin, method="Nelder-Mead", bounds=bounds, options=options)
    return np.asarray(found.x)


def intervals(table: pd.DataFrame, found: Rates) -> list[tuple[float, float]]:
    """Return 95 % intervals: of incidents, and of the calculation if the threshold is held or not.

    The last two are by the likelihood of the wars, within the bounds of the law.
    """
    own = (table["dispute"] * table["watched"]).sum()
    low, high = exact(int(table["forced"].sum()))
    within = score(table, found.wars(table)) - chi2.ppf(0.95, 1) / 2

    def held(kappa: float, threshold: float) -> float:
        return score(table, replace(found, calculation=kappa, threshold=threshold).wars(table))

    def best(kappa: float) -> float:
        ends = (_THRESHOLD.low, _THRESHOLD.high)
        wrong = minimize_scalar(lambda x: -held(kappa, x), bounds=ends, method="bounded")
        return -float(wrong.fun)

    grid = np.arange(_CALCULATION.low, _CALCULATION.high + 0.01, 0.1)
    inside = [k for k in grid if held(k, found.threshold) >= within]
    free = [k for k in grid if best(k) >= within]
    return [(low / own, high / own), (min(inside), max(inside)), (min(free), max(free))]


def exact(count: int) -> tuple[float, float]:
    """Return the 95 % interval of the mean of a Poisson count."""
    return float(chi2.ppf(0.025, 2 * count) / 2), float(chi2.ppf(0.975, 2 * count + 2) / 2)


def drawn(table: pd.DataFrame) -> tuple[float, float]:
    """Return the 95 % interval of the wars expected by the rule, as uncertain runs draw it."""
    draw = np.random.default_rng(_SEED)
    ends = (outbreaks.INCIDENTS.spread or (0, 0), outbreaks.CALCULATION.spread or (0, 0))
    points = zip(*(draw.uniform(*each, _DRAWS) for each in ends), strict=True)
    sums = [total(table, Rates(one, other, RULE.threshold)) for one, other in points]
    low, high = np.quantile(sums, [0.025, 0.975])
    return float(low), float(high)


def judge(table: pd.DataFrame, base: float, fewer: Rates) -> None:
    """Print how well the rule, the base rate and the laws' own numbers foretell wars.

    `fewer` are the laws' own numbers with fewer incidents alone.
    """
    ways: dict[str, Callable[[pd.DataFrame], np.ndarray]] = {
        "base rate": lambda own: np.full(len(own), base),
        "law": OWN.wars,
        "incidents alone": fewer.wars,
        "rule": RULE.wars,
    }
    wars = int(table["wars"].sum())
    for name, way in ways.items():
        own = way(table)
        chance = 1 - np.exp(-own)
        missed = table["wars"] * (1 - chance) ** 2 + (table["years"] - table["wars"]) * chance**2
        print(
            f"  {name}: {own @ table['years']:.1f} wars expected, "
            f"log score {score(table, own):.2f}, Brier {missed.sum() / table['years'].sum():.5f}, "
            f"AUC {area(table, own):.2f}"
        )
    print(f"  dispute alone: AUC {area(table, table['dispute'].to_numpy()):.2f}")
    for other in ("base rate", "incidents alone", "law"):
        low, high = beyond(table, ways["rule"](table), ways[other](table))
        print(f"  rule less {other}, log score: {low:.1f} to {high:.1f}")
    expected = total(table, RULE)
    ratio, low, high = (each / expected for each in (wars, *exact(wars)))
    print(f"  recorded over expected: {ratio:.2f} ({low:.2f} to {high:.2f})")
    bands = pd.qcut(pd.Series(RULE.wars(table), table.index), 4)
    sums = table.assign(
        rule=RULE.wars(table) * table["years"], law=OWN.wars(table) * table["years"]
    )
    print(sums.groupby(bands, observed=True)[["years", "wars", "rule", "law"]].sum().round(1))


def area(table: pd.DataFrame, rank: np.ndarray) -> float:
    """Return the chance that a year in which a war began ranks above one in which none did."""
    war, none = (np.repeat(rank, each) for each in (table["wars"], table["years"] - table["wars"]))
    return float(mannwhitneyu(war, none).statistic / (war.size * none.size))


def beyond(table: pd.DataFrame, rule: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of the gain in log score, by a bootstrap of pairs of states."""
    gains = table["wars"] * np.log(rule / other) - (rule - other) * table["years"]
    by_pair = gains.groupby([table["one"], table["other"]]).sum().to_numpy()
    draws = np.random.default_rng(_SEED).choice(by_pair, (_DRAWS, by_pair.size))
    low, high = np.quantile(draws.sum(axis=1), [0.025, 0.975])
    return float(low), float(high)


def after_force(table: pd.DataFrame) -> pd.DataFrame:
    """Return by listing and years of force what pairs did in the years after a start."""
    known = table.groupby("start")[["watched", "years"]].sum()
    starts = known.index[known["watched"] == known["years"]]
    sums = table[table["start"].isin(starts) & (table["years"] > 0)]
    sums = sums.assign(pairs=1, again=sums["forced"] > 0, force=sums["force"].clip(upper=_OFTEN))
    found = sums.groupby(["listed", "force"])[["pairs", "again", "years", "wars"]].sum()
    return found.assign(again=found["again"] / found["pairs"], rate=found["wars"] / found["years"])


if __name__ == "__main__":
    main()
