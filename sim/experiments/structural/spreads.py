"""Spreads: the parts of an outcome's variance that are due to chance, parameters and rules.

An outcome y is known for `a` rule sets, b parameter points, and n replicates in each point, all
with the same points and randomness in every rule set. For a random rule set of the crossing, the
law of total variance splits

    Var y = E Var(y | rules, point)  +  E Var(E[y | rules, point] | rules)  +  Var E[y | rules]
              chance                      parameters                            rules

into components, which are estimated without bias from the means ybar_mp of the cells:

    chance      mean over cells of the variance within a cell
    parameters  mean over rule sets m of the variance of ybar_mp over points  -  chance / n
    rules       variance of ybar_m over rule sets  -  I / b

where I is the mean square of the interaction of rule sets and points: the noise that remains in
differences between rule sets although they share points and replicates. The rule sets are the whole
population, so that their variance is divided by `a`; points and replicates are samples. The
estimate of a small component can fall below zero; it then counts as 0, and is reported. With a
single point the numbers are fixed: there is no spread by parameters, and replicates take the place
of points in I.

Intervals come from a bootstrap of points, each with all its replicates and in all rule sets. The
mean bias of variances by resampling b points is corrected. The rule sets are not resampled.

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
DUST = 1e-10  # standard deviations, and shares of variance, below it are rounding errors


@dataclass(frozen=True, kw_only=True, eq=False)
class Spreads:
    """Standard deviations and shares of the variance: chance, parameters, rules."""

    sd: np.ndarray  # (3,)
    sd_ends: np.ndarray  # (3, 2): ends of the 95 % intervals
    share: np.ndarray  # (3,), sums to 1; nan if the outcome does not vary
    share_ends: np.ndarray  # (3, 2)
    largest: str  # chance, parameters, rules; none (does not vary) or undefined
    sure: float  # share of resamples with the same largest
    negative: tuple[str, ...]  # components with an estimate below zero, set to 0


def spreads(values: np.ndarray, *, seed: int, resamples: int = RESAMPLES) -> Spreads:
    """Return the spreads of an outcome (rule sets, points, replicates >= 2)."""
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
    """The moments on which the components depend: means over rule sets of cells."""

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
        """Return the number of points, or of replicates if there is only one point."""
        return self.mean.size

    def components(self, counts: np.ndarray | None = None, *, single: bool) -> np.ndarray:
        """Return the three components (3, resamples) for counts of units (resamples, units).

        Without counts they are those of the design. On average, resampling shrinks variances over
        units by (units - 1) / units and adds a part of I to the component of rules; both are
        corrected.
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
    """Return the count of each unit in each resample: (resamples, units)."""
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
    """Return the spreads of an outcome that does not vary, or is undefined in some run."""
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
    """Return the index of the role whose choice moves the means most, and its share.

    The share is that of the role's main effect in the variance of `means` (rule sets,), which are
    in the order of the crossing; `sizes` are its numbers of variants. The index is -1 if the means
    do not vary.
    """
    table = means.reshape(sizes)
    total = float(means.var())
    if not np.isfinite(total) or np.sqrt(total) <= DUST:
        return -1, np.nan
    every = range(len(sizes))
    main = [table.mean(axis=tuple(k for k in every if k != role)).var() for role in every]
    best = int(np.argmax(main))
    return best, float(main[best]) / total
