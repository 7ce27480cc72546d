"""Figures of regard from public data: votes, treaties and disputes, and what rests on which."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

import numpy as np
import pandas as pd

from sim.cases import regard, treaties
from sim.cases.archive import BACK, Archive, Pair, matrix
from sim.cases.case_plan import CasePlan
from sim.cases.economy_figures import LATE
from sim.cases.figures import Answer, Figure, Gap, placeholder
from sim.cases.tie_figures import (
    Sourced,
    all_disputes,
    membership,
    obligations,
    treaty_source,
)
from sim.data import tidy_tables as tables
from sim.documents.sources import ASSUMED

VOTES = "bailey2017"


def of_affinities(plan: CasePlan, archive: Archive) -> Answer:
    """Yield the regard of states for each other, from votes, treaties and disputes.

    Disputes in the file come before those from data. Of two states without votes the regard rests
    on treaties and disputes alone, or without these it is a placeholder. Without any votes of two
    states there are no placeholders.
    """
    found, year = votes(plan, archive)
    known = np.asarray(np.isfinite(found))
    span = f"from {plan.year - BACK} to {plan.year}"
    if not known.any():
        yield Gap(("affinities",), f"no votes of two states in the General Assembly {span}")
    disputes = all_disputes(plan, archive)
    guarded = guards(plan, archive, {dyad: size for dyad, (size, _) in disputes.items()})
    for (i, one), (j, other) in permutations(enumerate(plan.states), 2):
        path = ("affinities", one, "toward", other)
        guard, by = guarded.get((one, other), (0.0, ()))
        dispute, about = disputes.get((one, other), (0.0, ()))
        agreed = float(found[i, j]) if known[i, j] else 0.0
        value = round(regard.regard(agreed, guard, dispute), 2)
        if known[i, j]:
            yield path, Figure(value, (VOTES, ASSUMED), year)
        elif guard > 0 or dispute > 0:
            named = [each for each in (*by, *about) if each != ASSUMED]
            yield path, Figure(value, (*dict.fromkeys(named), ASSUMED), plan.year)
        elif known.any():
            yield path, placeholder(value)
    if known.any():
        yield from _silent(plan, known, span)


def _silent(plan: CasePlan, known: np.ndarray, span: str) -> Answer:
    """Yield the states without votes, and dyads of two states that vote, but in no common vote."""
    votes_at_all = np.asarray(known.any(axis=1))
    rest = "regard rests on treaties and disputes, or is a placeholder"
    for state, voted in zip(plan.states, votes_at_all, strict=True):
        if not voted:
            yield Gap(("affinities", state), f"no votes in the General Assembly {span}: {rest}")
    for (i, one), (j, other) in permutations(enumerate(plan.states), 2):
        if votes_at_all[i] and votes_at_all[j] and not known[i, j]:
            path = ("affinities", one, "toward", other)
            yield Gap(path, f"no common votes in the General Assembly {span}: {rest}")


def guards(
    plan: CasePlan, archive: Archive, disputes: Mapping[Pair, float]
) -> Mapping[Pair, Sourced]:
    """Return g of the rule of regard, how far a treaty ties two states, with sources, by dyad."""
    guarded: dict[Pair, Sourced] = {}
    fellows: set[Pair] = set()
    for name, bloc in plan.blocs.items():
        found = membership(name, bloc, plan, archive)
        fellows |= {*permutations(found.states, 2)}
        for each in {*found.states} - {bloc.leader}:
            guarded[bloc.leader, each] = guarded[each, bloc.leader] = (1.0, found.source)
    source = treaty_source(archive)
    for (one, other), kinds in obligations(plan, archive).items():
        for dyad in ((one, other), (other, one)):
            at_odds = max(disputes.get(dyad, 0.0), disputes.get(dyad[::-1], 0.0)) > 0
            if treaties.DEFENCE in kinds and dyad not in fellows and not at_odds:
                guarded.setdefault(dyad, (regard.TREATY, (source,)))
    return guarded


def votes(plan: CasePlan, archive: Archive) -> tuple[np.ndarray, int]:
    """Return v of the rule of regard (states, states), nan if unknown, and the last year of votes.

    Usual agreement is measured among all states that vote. Scores of agreement are preferred,
    unless ideal points go on for more than LATE years after them.
    """
    own = [*plan.states]
    scores = _recent(archive.frame(tables.AGREEMENT), plan.year)
    points = _recent(archive.frame(tables.IDEAL_POINTS), plan.year)
    if len(scores) and (not len(points) or _last(scores) >= _last(points) - LATE):
        known = sorted({*scores["iso3_1"], *scores["iso3_2"], *own})
        agreed, year = matrix(scores, known, "agree"), _last(scores)
    elif len(points):
        series = next(each for each in ("all", "fp", "legacy") if each in {*points["series"]})
        means = points[points["series"] == series].groupby("iso3", sort=True)["value"].mean()
        known = sorted({*means.index, *own})
        agreed = regard.agreement_of_points(means.reindex(known).to_numpy(dtype=float))
        year = _last(points)
    else:
        return np.full((len(own), len(own)), np.nan), 0
    at = [known.index(each) for each in own]
    beyond = np.where(np.isnan(agreed), np.nan, regard.beyond_habit(agreed))
    return beyond[np.ix_(at, at)], year


def _recent(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the rows of the last VOTED years with votes up to a year, BACK years before at most.

    Votes after the year do not count: nobody knew them at the start.
    """
    own = frame[frame["year"].between(year - BACK, year)] if len(frame) else frame
    return own[own["year"] > _last(own) - regard.VOTED] if len(own) else own


def _last(frame: pd.DataFrame) -> int:
    return int(frame["year"].max())
