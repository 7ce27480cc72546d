"""Checks of an assessed world before any draw: relabelling, limits, parity; and of statistics.

Each check returns the first fault as text, empty if there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.conform.claims import apart
from sim.conform.small_world import built, small
from sim.experiments.intervals import LEVEL, mean_interval, share_interval
from sim.kernel.layout.layout import Layout
from sim.records.statistics import NAMES, QUANTILES, statistics
from sim.scenario.schema.root import Model
from sim.steps.assessment import Assessment, assess, inventory

CENT = 1e-9
NO_ARMS = tuple(f"arsenals.{name}=null" for name in ("ALP", "DEL", "GAM"))
_OF_STATES = ("strength", "neighbour", "insecurity")
_OF_ARSENALS = ("arms", "launchers", "passing")
_OF_PAIRS = ("exposure", "second_strike", "win", "gain", "threat", "support")
_OTHER = {"ALP": "ZULU", "BET": "YANKEE", "GAM": "ALFA", "DEL": "MIKE"}


def relabelled() -> str:
    """Return a fault if results change when the states get other names in another order."""
    one, two = _assessed(small()), _assessed(_renamed(small()))
    states = [two.layout.states.index(_OTHER[name]) for name in one.layout.states]
    place = {pair: at for at, pair in enumerate(_pairs(two.layout))}
    pairs = [place[_OTHER[i], _OTHER[j]] for i, j in _pairs(one.layout)]
    stocks, whole = (two.view.stock, one.view.stock), (two.view, one.view)
    for (theirs, ours), names, order in (
        (whole, _OF_STATES, states),
        (stocks, _OF_ARSENALS, states),
        (whole, _OF_PAIRS, pairs),
    ):
        for name in names:
            ends = getattr(theirs, name)[order], getattr(ours, name)
            if (gap := apart(*ends, name)).size > CENT:
                return gap.seen
    return ""


def disarmed() -> str:
    """Return a fault if there is exposure without arms."""
    view = _assessed(small(*NO_ARMS)).view
    return _none(view.exposure, "exposure") or _none(view.second_strike, "second strike")


def remote() -> str:
    """Return a fault if there is exposure over a distance that no system reaches."""
    far = [
        f"assets.{name}.distance={{{rival}: 1e7}}"
        for name, rival in (("gam_power", "DEL"), ("gam_oil", "DEL"), ("del_power", "GAM"))
    ]
    return _none(_assessed(small(*far)).view.exposure, "exposure")


def parity() -> str:
    """Return a fault unless two equal states without support prevail with one half."""
    equals = {"gdp": 1e4, "burden": 0.04, "import_share": 0.3}
    sets = [f"states.{i}.{name}={value}" for i in ("GAM", "DEL") for name, value in equals.items()]
    win = _assessed(small(*NO_ARMS, "blocs=null", *sets)).view.win
    gap = apart(win, 0.5, "the chance to prevail and one half")
    return gap.seen if gap.size > CENT else ""


def percentiles() -> str:
    """Return a fault if statistics of known samples differ from their known values."""
    known = np.arange(101.0)[np.random.default_rng(1).permutation(101)]
    row = dict(zip(NAMES, statistics(known[None])[0], strict=True))
    wanted = {f"q{share * 100:02.0f}": share * 100 for share in QUANTILES}
    wanted |= {"mean": 50.0, "sd": float(np.sqrt(np.arange(101.0).var(ddof=1)))}
    wrong = [name for name, value in wanted.items() if abs(row[name] - value) > CENT]
    if wrong:
        return f"of the numbers 0 to 100, {wrong[0]} is {row[wrong[0]]:.6g}"
    normal = stats.norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    row = dict(zip(NAMES, statistics(normal[None])[0], strict=True))
    for share in QUANTILES:
        if abs(row[f"q{share * 100:02.0f}"] - stats.norm.ppf(share)) > 1e-4:  # noqa: PLR2004
            return f"the {share:.0%} quantile of a normal is {row[f'q{share * 100:02.0f}']:.4g}"
    return ""


def intervals() -> str:
    """Return a fault if intervals of 95 % contain the true value much more or less often."""
    rng = np.random.default_rng(2)
    repeats, size, share = 2000, 40, 0.3
    covered = {"mean": 0, "share": 0}
    for _ in range(repeats):
        mean = mean_interval(rng.normal(3.0, 2.0, size))
        part = share_interval(1.0 * (rng.random(size) < share))
        covered["mean"] += mean.low <= 3.0 <= mean.high  # noqa: PLR2004 - the true mean
        covered["share"] += part.low <= share <= part.high
    error = 4 * np.sqrt(LEVEL * (1 - LEVEL) / repeats)
    for name, count in covered.items():
        if abs(count / repeats - LEVEL) > error + (0.02 if name == "share" else 0):  # discrete
            return f"the interval of a {name} holds it in {count / repeats:.1%} of samples"
    return ""


@dataclass(frozen=True, eq=False)
class _Look:
    """The assessment of all states at the start, and the layout that names its rows."""

    layout: Layout
    view: Assessment


def _assessed(model: Model) -> _Look:
    parts = built(model, 2)
    view = assess(parts.world, parts.rules, inventory(parts.world, parts.rules))
    return _Look(parts.world.layout, view)


def _pairs(layout: Layout) -> list[tuple[str, str]]:
    names = layout.states
    return [(names[i], names[j]) for i, j in zip(layout.dyad_from, layout.dyad_to, strict=True)]


def _renamed(model: Model) -> Model:
    """Return a model in which every state has another name, and so another index."""
    return Model.model_validate(_swapped(model.model_dump(by_alias=True, exclude_none=True)))


def _swapped(value: object) -> object:
    """Return a document with the names of states exchanged, as keys and as values."""
    if isinstance(value, dict):
        return {_OTHER.get(key, key): _swapped(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_swapped(each) for each in value]
    return _OTHER.get(value, value) if isinstance(value, str) else value


def _none(array: np.ndarray, what: str) -> str:
    """Return a fault with the largest entry of an array that has to be zero."""
    return f"{what} of {array.max():.4g} is left" if array.size == 0 or array.max() > 0 else ""
