"""Rows of an ablation: effects of settings on outcomes, contrasts, checks and expectations.

Runs of the same number share their randomness under all settings, so that differences are paired.
The value of a check is the share of runs in its band, that of an expectation the quantity that it
is about. Expectations that refer to another scenario are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.ablation.mechanisms import MECHANISMS as KNOWN
from sim.experiments.ablation.settings import ALL, ALONE, NONE, OFF, AblationPlan
from sim.experiments.effects import LARGER, SMALLER, UNDEFINED, paired_effect
from sim.experiments.effects import NONE as NEGLIGIBLE
from sim.experiments.expectations import FAILS, HOLDS, Judge
from sim.experiments.outcomes import Outcomes, is_bounded
from sim.metrics.catalogue import smallest_effect
from sim.metrics.declaration import RUNS
from sim.patterns.pattern import checks_of
from sim.patterns.values import INSIDE, OUTSIDE, Values, in_variant, judged
from sim.records.study_tables import ABLATED, MECHANISMS

OUTCOME, CONTRAST, CHECK, EXPECTATION = "outcome", "contrast", "check", "expectation"
MOVES = (LARGER, SMALLER)
SURE = (HOLDS, FAILS, INSIDE, OUTSIDE)  # decided marks


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A quantity by which settings are compared, in every run of one of them."""

    kind: str
    name: str
    variant: str
    versus: str
    smallest: float
    share: bool  # whether it lies between 0 and 1 by definition
    values: np.ndarray
    mark: str = ""

    @property
    def keys(self) -> tuple[str, str, str, str]:
        """Return the cells that identify it."""
        return self.kind, self.name, self.variant, self.versus


@dataclass(frozen=True, eq=False)
class AblatedRuns:
    """Every outcome and check in every run: (settings, names, runs) by variant."""

    plan: AblationPlan
    values: Mapping[str, np.ndarray]

    def frame(self) -> pd.DataFrame:
        """Return the rows of `ablation.csv`."""
        references = {name: [*self._subjects(at)] for at, name in enumerate((ALL, NONE))}
        rows = []
        for at, setting in enumerate(self.plan.settings):
            here = references.get(setting.kind) or [*self._subjects(at)]
            for name in [ALL, NONE] if setting.kind == ALONE else [ALL]:
                keys = (setting.mechanism, setting.kind, "" if setting.kind == ALL else name)
                for one, other in zip(here, references[name], strict=True):
                    if not np.isnan(one.values).all() or not np.isnan(other.values).all():
                        rows.append((*keys, *_row(one, None if at == 0 else other)))
        return pd.DataFrame(rows, columns=ABLATED.names())

    def _subjects(self, at: int) -> Iterator[Subject]:
        """Yield the subjects under a setting, by its number."""
        base = self.plan.scenario.base
        outcomes = self.plan.scenario.outcomes
        count = len(outcomes)
        values = {name: table[at, :count] for name, table in self.values.items()}
        pairs = {each.pair: None for each in base.contrasts.values() if {*each.pair} <= {*values}}
        for place, outcome in enumerate(outcomes):
            least = smallest_effect(outcome.metric, base.smallest)
            for name, table in values.items():
                yield Subject(
                    kind=OUTCOME, name=outcome.text, variant=name, versus="", smallest=least,
                    share=is_bounded(outcome), values=table[place],
                )  # fmt: skip
            for one, other in pairs:
                yield Subject(
                    kind=CONTRAST, name=outcome.text, variant=one, versus=other, smallest=least,
                    share=False, values=values[one][place] - values[other][place],
                )  # fmt: skip
        yield from self._checks({name: table[at, count:] for name, table in self.values.items()})
        yield from self._expectations(Outcomes(outcomes=outcomes, values=values, drawn={}))

    def _checks(self, values: Mapping[str, np.ndarray]) -> Iterator[Subject]:
        """Yield the checks of the first variant that have a band."""
        patterns = self.plan.scenario.base.patterns
        names = tuple(f"{name}.{own}" for name, own, _ in checks_of(patterns))
        first = next(iter(values))
        asked = {first, *(getattr(check, "versus", None) for _, _, check in checks_of(patterns))}
        known = {
            name: Values(names=names, values=each, missing={})
            for name, each in values.items()
            if name in asked
        }
        marks = {
            f"{each.pattern}.{each.check}": each.verdict
            for each in judged(patterns, known)
            if each.variant == first
        }
        for pattern, own, check in checks_of(patterns):
            name, band = f"{pattern}.{own}", check.band
            if band is not None:
                each, _ = in_variant(check, name, first, known)
                inside = [nan if isnan(one) else 1.0 * band.holds(one) for one in each.tolist()]
                yield Subject(
                    kind=CHECK, name=name, variant=first, versus="", smallest=RUNS.value,
                    share=True, values=np.array(inside), mark=marks[name],
                )  # fmt: skip

    def _expectations(self, outcomes: Outcomes) -> Iterator[Subject]:
        """Yield the expectations whose variants were run."""
        base = self.plan.scenario.base
        judge = Judge(outcomes, base.smallest, {})
        metrics = {each.text: each for each in outcomes.outcomes}
        for name, each in base.expect.items():
            if each.scenario is None and {each.variant, each.versus or each.variant} <= {
                *outcomes.values
            }:
                verdict = judge(name, each)
                outcome = metrics[each.texts[0]]
                least = smallest_effect(outcome.metric, base.smallest)
                yield Subject(
                    kind=EXPECTATION, name=name, variant=each.variant, versus=each.versus or "",
                    smallest=RUNS.value if each.share is not None else least,
                    share=each.share is not None, values=judge.by_run(name, each),
                    mark=verdict.mark,
                )  # fmt: skip


def _row(here: Subject, there: Subject | None) -> tuple[Any, ...]:
    """Return the cells of a row that follow its setting."""
    defined = here.values[~np.isnan(here.values)]
    level = float(defined.mean()) if defined.size else nan
    if there is None:
        return (*here.keys, defined.size, level, *[nan] * 4, here.smallest, "", here.mark, "")
    effect = paired_effect(here.values, there.values, smallest=here.smallest, share=here.share)
    each = effect.interval
    ends = (each.mean, each.low, each.high, effect.changed, here.smallest)
    return (*here.keys, each.runs, level, *ends, effect.verdict, here.mark, there.mark)


def own_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows on a single mechanism: off against all, and alone against none.

    Columns are added for the `size` of the difference in smallest effects, whether it is certainly
    beyond the smallest effect (`moved`), and whether the decided mark of a check or expectation
    changes (`turned`).
    """
    off = (rows["setting"] == OFF) & (rows["against"] == ALL)
    alone = (rows["setting"] == ALONE) & (rows["against"] == NONE)
    own = rows[off | alone]
    sure = own["mark"].isin(SURE) & own["mark_against"].isin(SURE)
    return own.assign(
        size=own["difference"].abs() / own["smallest"],
        moved=own["verdict"].isin(MOVES),
        turned=sure & (own["mark"] != own["mark_against"]),
    )


def mechanism_rows(plan: AblationPlan, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `mechanisms.csv`: the definition of each, and what it moves most."""
    own = own_rows(rows)
    out = []
    for name, each in KNOWN.items():
        state = "run" if name in plan.chosen else "on" if name in plan.on else "absent"
        mine = own[own["mechanism"] == name]
        out.append((name, state, each.switch, each.source, each.text, *_counts(mine)))
    return pd.DataFrame(out, columns=MECHANISMS.names())


def _counts(mine: pd.DataFrame) -> Sequence[Any]:
    """Return the counts of a mechanism's rows by verdict, and the row that it moves most."""
    if not len(mine):
        return (nan, nan, nan, nan, "", "", "", nan)
    moved = mine["moved"]
    closed = mine["verdict"].isin([NEGLIGIBLE, UNDEFINED]) | (mine["changed"] == 0)
    sure = mine[moved] if moved.any() else mine
    counts = (moved.sum(), mine["turned"].sum(), (~moved & ~closed).sum(), closed.sum())
    if sure["size"].isna().all():
        return (*counts, "", "", "", nan)
    most = sure.iloc[int(np.nanargmax(sure["size"]))]
    both = f"{most['variant']} less {most['versus']}" if most["versus"] else most["variant"]
    return (*counts, most["subject"], both, most["setting"], most["size"])
