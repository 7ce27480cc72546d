"""Spreads: how much of an outcome's variance is chance, how much parameters, how much rules.

An outcome y is known for a rule sets, b parameter points that all rule sets share, and n
replicates in each point whose randomness all rule sets share. With a rule set of the crossing
taken at random, the law of total variance splits

    Var y = E Var(y | rules, point)  +  E Var(E[y | rules, point] | rules)  +  Var E[y | rules]
              chance                      parameters                            rules

into components that are estimated without bias from the means ybar_mp of the cells:

    chance      mean over cells of the variance within a cell
    parameters  mean over rule sets m of the variance of ybar_mp over points  -  chance / n
    rules       variance of ybar_m over rule sets  -  I / b

where I, the mean square of the interaction of rule sets and points, is what shared points and
replicates leave of the noise in differences between rule sets. The rule sets are all there are,
so that their variance is divided by a; points and replicates are samples. An estimate can fall
below zero where a component is small; it then counts as 0, and is named. With a single point the
numbers are held: no spread by parameters, and replicates take the place of points in I.

Intervals come from a bootstrap of points, each with all its replicates and in all rule sets; what
resampling b points takes from or adds to a variance on average is put right. The rule sets are
not resampled.

Sources: searle1992 (variance components of nested and crossed designs; negative estimates),
davison1997 (bootstrap of nested data: resample the outer units), hawkins2009 (the three spreads).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.kernel.noise import Noise, entities, uniform

NAMES = ("chance", "parameters", "rules")
RESAMPLES = 1000
LEVEL = 0.95
DUST = 1e-10  # a standard deviation below it is rounding, as is its square as a share of variance


@dataclass(frozen=True, kw_only=True, eq=False)
class Spreads:
    """Standard deviations and shares of the variance: chance, parameters, rules."""

    sd: np.ndarray  # (3,)
    sd_ends: np.ndarray  # (3, 2): ends of the 95 % intervals
    share: np.ndarray  # (3,), sums to 1; not a number where nothing varies
    share_ends: np.ndarray  # (3, 2)
    largest: str  # chance, parameters or rules; none where nothing varies; undefined
    sure: float  # share of resamples in which the same is largest
    negative: tuple[str, ...]  # components whose estimate fell below zero and counts as 0


def spreads(values: np.ndarray, *, seed: int, resamples: int = RESAMPLES) -> Spreads:
    """Return the spreads of an outcome (rule sets, points, replicates), two replicates at least."""
    if not np.isfinite(values).all():
        return _nothing("undefined", np.nan)
    values = values - values.mean()
    if np.abs(values).max(initial=0.0) <= DUST:
        return _nothing("none", 0.0)
    single = values.shape[1] == 1
    cells = _Cells.of(values.swapaxes(1, 2) if single else values)
    components = cells.components(single=single)
    resampled = cells.components(_resampled(cells.units, seed, resamples), single=single)
    return _spreads_of(components[:, 0], resampled)


@dataclass(frozen=True, eq=False)
class _Cells:
    """What the components depend on: moments over rule sets of the means of cells."""

    product: np.ndarray  # (units, units): mean over rule sets of ybar_mp ybar_mq
    mean: np.ndarray  # (units,): mean over rule sets of ybar_mp
    within: np.ndarray  # (units,): mean over rule sets of the variance in a cell; 0 if single
    replicates: int

    @classmethod
    def of(cls, values: np.ndarray) -> _Cells:
        """Return the moments of values (rule sets, units, replicates)."""
        means = values.mean(axis=2)
        single = values.shape[2] == 1
        within = np.zeros(values.shape[:2]) if single else values.var(axis=2, ddof=1)
        product = np.einsum("mp,mq->pq", means, means) / values.shape[0]
        return cls(product, means.mean(axis=0), within.mean(axis=0), values.shape[2])

    @property
    def units(self) -> int:
        """Return the number of points, or of replicates where there is but one point."""
        return self.mean.size

    def components(self, counts: np.ndarray | None = None, *, single: bool) -> np.ndarray:
        """Return the three components (3, resamples), for units drawn so many times.

        Without counts: of the design as it is. Resampling shrinks variances over units by
        (units - 1) / units and adds a part of I to the rules' on average; both are put right.
        """
        units = self.units
        weight = np.full((1, units), 1 / units) if counts is None else counts / units
        unbiased = units / (units - 1)
        unbiased *= 1 if counts is None else unbiased
        squares = weight @ np.diag(self.product)
        square = np.einsum("rp,pq,rq->r", weight, self.product, weight)
        common = weight @ self.mean
        between = unbiased * (squares - square)
        interaction = between - unbiased * (weight @ self.mean**2 - common**2)
        rules = square - common**2 - interaction / units
        if counts is not None:
            plain = np.diag(self.product - np.outer(self.mean, self.mean)).mean()
            plain -= self.product.mean() - self.mean.mean() ** 2
            rules = rules - plain / units
        if single:
            return np.stack([between, np.zeros_like(between), rules])
        chance = weight @ self.within
        return np.stack([chance, between - chance / self.replicates, rules])


def _resampled(units: int, seed: int, resamples: int) -> np.ndarray:
    """Return how often each unit is drawn in each resample: (resamples, units)."""
    noise = Noise(seed, np.arange(resamples, dtype=np.uint32))
    keys = entities(str(each) for each in range(units))[:, None]
    drawn = noise.draw(uniform("bootstrap", keys, constant=True))
    chosen = np.minimum((drawn * units).astype(np.int64), units - 1).reshape(units, resamples)
    counts = np.zeros((resamples, units))
    np.add.at(counts, (np.arange(resamples)[None], chosen), 1.0)
    return counts


def _spreads_of(components: np.ndarray, resampled: np.ndarray) -> Spreads:
    """Return components (3,) and their resamples (3, resamples) as spreads."""
    components = np.where(np.abs(components) > DUST * np.abs(components).max(), components, 0.0)
    size, sizes = np.maximum(components, 0.0), np.maximum(resampled, 0.0)
    if size.sum() == 0:
        return _nothing("none", 0.0)
    total = np.maximum(sizes.sum(axis=0), np.finfo(float).tiny)
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    largest = int(size.argmax())
    return Spreads(
        sd=np.sqrt(size),
        sd_ends=np.quantile(np.sqrt(sizes), ends, axis=1).T,
        share=size / size.sum(),
        share_ends=np.quantile(sizes / total, ends, axis=1).T,
        largest=NAMES[largest],
        sure=float(np.mean(sizes.argmax(axis=0) == largest)),
        negative=tuple(name for name, each in zip(NAMES, components, strict=True) if each < 0),
    )


def _nothing(why: str, sd: float) -> Spreads:
    """Return the spreads of an outcome that never varies, or is undefined in some run."""
    unknown = np.full((3, 2), np.nan)
    return Spreads(
        sd=np.full(3, sd),
        sd_ends=np.full((3, 2), sd),
        share=np.full(3, np.nan),
        share_ends=unknown,
        largest=why,
        sure=np.nan,
        negative=(),
    )


def driver(means: np.ndarray, sizes: tuple[int, ...]) -> tuple[int, float]:
    """Return the role whose choice moves the means of a full crossing most, and its share.

    The share is that of the role's main effect in the variance of the means (rule sets,), in the
    order of the crossing with the last role changing fastest.
    """
    table = means.reshape(sizes)
    total = float(means.var())
    if not np.isfinite(total) or np.sqrt(total) <= DUST:
        return -1, np.nan
    every = range(len(sizes))
    main = [table.mean(axis=tuple(k for k in every if k != role)).var() for role in every]
    best = int(np.argmax(main))
    return best, float(main[best]) / total
