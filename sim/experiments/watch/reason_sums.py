"""Reasons: the contribution of each term to decisions of each kind, summed over cases by run.

A case is a decision really put to a state. For requests it is every offer open to a buyer that went
to market, asked for or not. The sums are kept by run, so that tables do not depend on the blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

import numpy as np

from sim.experiments.watch.choices import (
    ANSWER,
    BY_BLOC,
    BY_MEMBER,
    CONTRIBUTION,
    KINDS,
    REQUEST,
    RESPONSE,
    Choices,
)
from sim.experiments.watch.recorder import Moment
from sim.kernel.decision_points import RequestPoint
from sim.kernel.layout.layout import Layout
from sim.records.columns import number, numbers
from sim.scenario.schema.contrasts import Pair
from sim.steps.objections import STOPPED

RARE = 10  # a subject in fewer than one of so many runs is rare
ALL = ""  # actor and subject of the sums over all cases of a kind
_ON_BLOC = (*BY_MEMBER, CONTRIBUTION)  # decided by a state about a bloc
CASES, YES = 0, 1  # columns of the sums, before those of the terms

Case = tuple[str, str]  # actor and subject


@dataclass(frozen=True, eq=False)
class ReasonSums:
    """The sums of one kind of decision over the cases of some runs."""

    terms: tuple[str, ...]
    cases: tuple[Case, ...]
    case: np.ndarray  # (rows,), index in `cases`
    run: np.ndarray  # (rows,), number of the run
    sums: np.ndarray  # (rows, 2 + terms), one row per case and run, in the order of runs


@dataclass(frozen=True)
class Reason:
    """The mean contributions of the terms to one kind of decision by one actor on one subject."""

    cases: float
    yes: float  # share
    terms: Mapping[str, float]
    errors: Mapping[str, float]  # standard errors of the terms, over runs

    def less(self, other: Reason) -> Reason:
        """Return the differences from another, with errors as if runs were not paired.

        The cases are those of both together.
        """
        both = [name for name in self.terms if name in other.terms]
        terms = {name: self.terms[name] - other.terms[name] for name in both}
        errors = {name: hypot(self.errors[name], other.errors[name]) for name in both}
        return Reason(self.cases + other.cases, self.yes - other.yes, terms, errors)


class ReasonNotes:
    """The decisions of some runs, recorded period by period."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._kept: dict[str, list[np.ndarray]] = {}  # rows of actor, subject, run, yes, terms
        self._terms: dict[str, tuple[str, ...]] = {}
        self._market: tuple[np.ndarray, np.ndarray] | None = None

    def see(self, moment: Moment, choices: Mapping[str, Choices]) -> None:
        """Record the decisions of a round."""
        self._see_market(moment)
        for kind, each in choices.items():
            yes = each.choice == STOPPED if kind == RESPONSE else each.choice > 0
            table = np.empty((4 + len(each.terms), len(each)))
            table[0], table[1], table[2] = each.actor, self._subject(each), each.column
            table[3] = yes
            for row, term in zip(table[4:], each.terms.values(), strict=True):
                row[:] = term
            self._terms[kind] = tuple(each.terms)
            self._kept.setdefault(kind, []).append(table)

    def sums(self, runs: np.ndarray, first: int = 0) -> dict[str, ReasonSums]:
        """Return the sums over the cases of each column from `first` on, by kind of decision.

        A kind without a case in these columns has no entry.
        """
        found = {}
        for kind in KINDS:
            if kind == REQUEST and self._market is not None:
                found[kind] = self._of_market(runs, first)
            elif kind in self._kept:
                table = np.concatenate(self._kept[kind], axis=1)
                table[2] -= first
                own = table[:, (table[2] >= 0) & (table[2] < runs.size)]
                if own.size:
                    found[kind] = self._summed(kind, own, runs)
        return found

    def _see_market(self, moment: Moment) -> None:
        """Add the terms of each open offer for each buyer that went to market."""
        choice, point = moment.point(RequestPoint)
        layout, shape = self.layout, point.open.shape
        cases = point.open & (point.visit < point.visit_chance)[:, None]
        place = layout.seller_place
        terms = {
            **point.terms,
            **{name: each[..., place, :] for name, each in point.supplier_terms.items()},
        }
        if self._market is None:
            self._terms[REQUEST] = tuple(terms)
            self._market = np.zeros(shape), np.zeros((1 + len(terms), *shape))
        count, sums = self._market
        count += cases
        sums[0] += cases & (np.arange(shape[1])[:, None] == choice[:, None])
        for total, term in zip(sums[1:], terms.values(), strict=True):
            np.add(total, term, out=total, where=cases)

    def _of_market(self, runs: np.ndarray, first: int) -> ReasonSums:
        assert self._market is not None  # noqa: S101 - the caller has checked
        count, sums = (each[..., first : first + runs.size] for each in self._market)
        buyer, offer = np.nonzero(count.any(axis=-1))
        layout = self.layout
        cases = [
            (layout.states[layout.buyers[i]], _sale(layout, o, layout.buyers[i]))
            for i, o in zip(buyer.tolist(), offer.tolist(), strict=True)
        ]
        table = np.concatenate([count[None], sums])[:, buyer, offer]
        return ReasonSums(
            terms=self._terms[REQUEST],
            cases=tuple(cases),
            case=np.tile(np.arange(buyer.size), runs.size),
            run=np.repeat(runs, buyer.size),
            sums=table.transpose(2, 1, 0).reshape(-1, table.shape[0]),
        )

    def _subject(self, choices: Choices) -> np.ndarray:
        """Return the number of the subject: a sale, an appeal, a member, or a bloc."""
        if choices.kind in _ON_BLOC:
            return np.asarray(choices.bloc)
        pair: Any = (choices.offer, choices.recipient)
        if choices.kind == ANSWER:
            pair = choices.bloc, choices.victim
        elif choices.kind in BY_BLOC:
            pair = choices.bloc, choices.member
        return np.asarray(pair[0] * len(self.layout.states) + pair[1])

    def _summed(self, kind: str, table: np.ndarray, runs: np.ndarray) -> ReasonSums:
        """Return the sums over rows of (actor, subject, run, yes, terms), in the order of runs."""
        actor, subject, run = table[:3].astype(np.int64)
        size = 1 + subject.max(initial=0)
        pairs, case = np.unique(actor * size + subject, return_inverse=True)
        rows, place = np.unique(run * pairs.size + case, return_inverse=True)
        ones = np.ones((1, table.shape[1]))
        sums = [
            np.bincount(place, weights=each, minlength=rows.size)
            for each in np.concatenate([ones, table[3:]])
        ]
        names = [self._named(kind, *divmod(pair, size)) for pair in pairs.tolist()]
        size = max(pairs.size, 1)
        return ReasonSums(
            terms=self._terms[kind],
            cases=tuple(names),
            case=rows % size,
            run=runs[rows // size],
            sums=np.stack(sums, axis=1),
        )

    def _named(self, kind: str, actor: int, subject: int) -> Case:
        layout = self.layout
        if kind in _ON_BLOC:
            return layout.states[actor], layout.blocs[subject]
        first, second = divmod(subject, len(layout.states))
        if kind == ANSWER or kind in BY_BLOC:
            return layout.states[actor], f"{layout.states[second]}:{layout.blocs[first]}"
        return layout.states[actor], _sale(layout, first, second)


def _sale(layout: Layout, offer: int, recipient: int) -> str:
    """Return a sale as outcomes spell it, such as `BLR>AZE polonez`."""
    supplier, system = layout.supplier[offer], layout.system[offer]
    return f"{layout.states[supplier]}>{layout.states[recipient]} {layout.systems[system]}"


def means(parts: Sequence[ReasonSums]) -> dict[Case, Reason]:
    """Return the means over the cases of several blocks: of all, by actor, by subject."""
    names = sorted({case for each in parts for case in each.cases})
    rows = {case: row for row, case in enumerate(names)}
    own = [np.array([rows[case] for case in each.cases], dtype=np.int64) for each in parts]
    place = np.concatenate([at[each.case] for at, each in zip(own, parts, strict=True)])
    run = np.concatenate([each.run for each in parts])
    runs = 1 + int(run.max(initial=0))
    sums = np.concatenate([each.sums for each in parts])
    actors = list(dict.fromkeys(actor for actor, _ in names))
    by_actor = np.array([actors.index(actor) for actor, _ in names], dtype=np.int64)
    groups: list[tuple[Sequence[Case], np.ndarray]] = [
        ([(ALL, ALL)], np.zeros_like(place)),
        ([(actor, ALL) for actor in actors], by_actor[place]),
        (names, place),
    ]
    return {
        case: each
        for group, at in groups
        for case, each in _means(group, at * runs + run, runs, sums, parts[0].terms)
    }


def _means(
    names: Sequence[Case], cell: np.ndarray, runs: int, sums: np.ndarray, terms: Sequence[str]
) -> Iterator[tuple[Case, Reason]]:
    """Yield the means over the cases of each group, with standard errors of ratios by run.

    `cell` has the index of each row in a flat table (groups, runs).
    """
    size = len(names) * runs
    columns = [np.bincount(cell, weights=each, minlength=size) for each in sums.T]
    table = np.stack(columns).reshape(len(columns), len(names), runs)
    whole = table.sum(axis=2)
    cases = np.maximum(whole[CASES], 1.0)
    mean = whole / cases
    apart = table - mean[..., None] * table[CASES]
    scale = runs / (runs - 1) if runs > 1 else np.nan
    error = np.sqrt((apart**2).sum(axis=2) * scale) / cases
    for at, name in enumerate(names):
        if whole[CASES, at] > 0:
            _, yes, *means = mean[:, at].tolist()
            errors = dict(zip(terms, error[2:, at].tolist(), strict=True))
            own = dict(zip(terms, means, strict=True))
            yield name, Reason(float(whole[CASES, at]), yes, own, errors)


Reasons = Mapping[str, Mapping[Case, Reason]]  # by kind of decision


def reasons_of(blocks: Sequence[Mapping[str, ReasonSums]]) -> dict[str, dict[Case, Reason]]:
    """Return the reasons of each kind of decision in the blocks of a variant."""
    parts = {kind: [each[kind] for each in blocks if kind in each] for kind in KINDS}
    return {kind: means(each) for kind, each in parts.items() if each}


def reason_lines(reasons: Mapping[str, Reasons], pairs: Iterable[Pair], runs: int) -> list[str]:
    """Return the rows of `why.csv`: reasons by variant, then differences between variants.

    Subjects that come up in fewer than one of ten runs in every variant have no rows of their own;
    they count for their actor. A sale comes up in requests if it is asked for.
    """
    often = {
        (kind, *case)
        for kinds in reasons.values()
        for kind, known in kinds.items()
        for case, each in known.items()
        if each.cases * (each.yes if kind == REQUEST else 1) >= runs / RARE
    }
    lines = []
    for of, versus in [*((variant, "") for variant in reasons), *pairs]:
        for kind, known in reasons[of].items():
            others = reasons[versus].get(kind, {}) if versus else known
            for case, each in known.items():
                shown = case[1] == ALL or (kind, *case) in often
                if shown and case in others:
                    row = each.less(others[case]) if versus else each
                    lines += _lines((of, versus, kind, *case), row)
    return lines


def _lines(keys: tuple[str, ...], each: Reason) -> list[str]:
    start, cells = ",".join(keys), ",".join(map(number, (each.cases, each.yes)))
    ends = numbers(np.array([[*each.terms.values()], [*each.errors.values()]]).T)
    return [f"{start},{term},{cells},{end}" for term, end in zip(each.terms, ends, strict=True)]
