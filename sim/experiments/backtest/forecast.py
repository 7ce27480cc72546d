"""Forecasts of a model from an origin on: driven by observed deliveries up to it, then free.

Until two years before the end of the origin no state trades by the model's laws. Observed
deliveries come as events instead, so that arsenals, affinities, familiarity, precedents and funds
at the origin reflect them. They replace the orders, requests and transfers of the scenario up to
the origin. Since the file has no prices, the cost of an event is the money that its recipient saved
from the year of its last deliveries to the year before, shared among its suppliers by volume; in
the last two years it is 0. The market opens two years before the end of the origin, so that orders
are under way when the forecast begins, as in history.

Unless `given` is set, the forecast does not use what the scenario says of the time after the
origin: no events, and no opening or closing of offers. Growth continues at the mean of the last
five years.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.documents.leaves import value_of
from sim.experiments.backtest.observed import EXIT, Observed
from sim.experiments.batch import Batch, BatchRecord, VariantRuns, blocks_of
from sim.experiments.block_size import block_size
from sim.experiments.executor import executor_of, results_of
from sim.kernel.dates import MONTHS, YEAR, months, year_of
from sim.kernel.simulate import Record
from sim.scenario.compile.goods import CONDITION, goods_of
from sim.scenario.compile.layouts import layout_of
from sim.scenario.patches import BASELINE
from sim.scenario.schema.events import Event
from sim.scenario.schema.root import Model

PAST = 5  # years over which growth is averaged
PIPELINE = 2  # years before the end of the origin in which laws already place orders
TRADE = frozenset({"order", "request", "transfer"})


@dataclass(frozen=True, kw_only=True, eq=False)
class AtOrigin:
    """A model that is driven by observed deliveries up to an origin and free after it."""

    model: Model
    origin: int  # last known year
    last: int  # last year of the forecast
    shares: Mapping[str, tuple[str, int, float]]  # event -> recipient, year, share
    left_out: float  # TIV up to the origin whose supplier or recipient the scenario lacks


def at_origin(
    model: Model,
    observed: Observed,
    *,
    origin: int,
    horizon: int,
    given: bool = False,
    free: bool = False,
) -> AtOrigin:
    """Return the model for a forecast from the end of the year `origin` over `horizon` years.

    With `given` the scenario's later events are kept. With `free` the model runs by its laws from
    the start, without observed deliveries.
    """
    start = year_of(model.time.start)
    known = Observed({}, origin, origin) if free else observed.before(origin)
    forced, shares, left_out = _forced(model, known, start)
    events = {
        name: each
        for name, each in model.events.items()
        if _kept(each, origin, given=given, free=free)
    }
    if not given:
        events |= _growth(model, origin, start)
    time = model.time.model_copy(update={"end": f"{origin + horizon}-12"})
    offers = {
        name: offer.model_copy(update=_dates(offer, origin, given=given, free=free))
        for name, offer in model.offers.items()
    }
    changed = model.model_copy(
        update={
            "time": time,
            "events": dict(sorted({**events, **forced}.items())),
            "offers": offers,
            "outcomes": (),
        }
    )
    return AtOrigin(
        model=changed, origin=origin, last=origin + horizon, shares=shares, left_out=left_out
    )


def _kept(event: Event, origin: int, *, given: bool, free: bool) -> bool:
    """Return whether an event of the scenario is kept."""
    later = event.at is not None and year_of(event.at) > origin
    return given if later else free or event.kind not in TRADE


def _dates(offer: Any, origin: int, *, given: bool, free: bool) -> dict[str, Any]:
    """Return the dates of an offer: closed to PIPELINE unless free, no later ones unless given."""
    unknown = (origin + 1) * YEAR
    opens, closes = offer.opens, offer.closes
    if opens is not None and months(opens) >= unknown and not given:
        return {"open": False}
    if closes is not None and months(closes) >= unknown and not given:
        closes = None
    if free:
        return {"opens": opens, "closes": closes}
    first = f"{origin + 1 - PIPELINE}-01"
    if closes is not None and months(closes) < months(first):
        return {"open": False}
    return {"opens": max(opens or first, first, key=months), "closes": closes}


def _forced(
    model: Model, known: Observed, start: int
) -> tuple[dict[str, Event], dict[str, tuple[str, int, float]], float]:
    """Return observed deliveries as events, their shares of the year, and the TIV left out."""
    rows = {key: tiv for key, tiv in known.transfers.items() if key[2] >= start and tiv > 0}
    inside = {key for key in rows if key[0] in model.states and key[1] in model.states}
    total: dict[tuple[str, int], float] = {}
    for _, recipient, year in inside:
        total[recipient, year] = 0.0
    for key in inside:
        total[key[1], key[2]] += rows[key]
    events, shares = {}, {}
    for place, key in enumerate(sorted(inside, key=lambda each: (each[2], each[0], each[1]))):
        supplier, recipient, year = key
        name = f"delivered_{supplier}_{recipient}_{year}"
        events[name] = _delivery(model, key, rows[key], place)
        shares[name] = recipient, year, rows[key] / total[recipient, year]
    left_out = sum(tiv for key, tiv in rows.items() if key not in inside)
    return events, shares, float(left_out)


def _delivery(model: Model, key: tuple[str, str, int], tiv: float, place: int) -> Event:
    """Return one observed delivery as an event.

    The file names no systems. The supplier's systems without a strike role take turns by year, so
    that no class is saturated. Events are spread over the quarters of a year.
    """
    supplier, recipient, year = key
    systems, condition = _systems(model, supplier, recipient)
    system = systems[year % len(systems)]
    worth = value_of(model.systems[system].worth) * CONDITION[condition[system]]
    sale = {"supplier": supplier, "recipient": recipient, "system": system, "units": tiv / worth}
    document = {"at": f"{year}-{3 * (place % 4) + 1:02d}", "transfer": sale, "source": "assumed"}
    return Event.model_validate(document)


def _systems(model: Model, supplier: str, recipient: str) -> tuple[list[str], dict[str, str]]:
    """Return the systems in which a supplier's deliveries are counted, and their condition."""
    goods = goods_of(model.model_copy(update={"outcomes": ()}))
    own = [each for each in goods.offers.values() if each.supplier == supplier]
    condition = {}
    for each in own:
        first = goods.offers[goods.offer_of(supplier, each.system, recipient)]
        condition[each.system] = first.condition
    plain = [name for name in condition if model.systems[name].cep is None]
    if plain or condition:
        return sorted(plain or condition), condition
    others = sorted(name for name, system in model.systems.items() if system.cep is None)
    names = others or sorted(model.systems)
    return names, dict.fromkeys(names, "new")


def _growth(model: Model, origin: int, start: int) -> dict[str, Event]:
    """Return events that continue each state's growth at its mean over the last years."""
    events = {}
    for name, state in model.states.items():
        path = f"states.{name}.growth"
        changes = sorted(
            (months(event.at), value_of(event.set_.value))
            for event in model.events.values()
            if event.at is not None and event.set_ is not None and event.set_.path == path
        )
        until = (origin + 1) * YEAR
        known = [each for each in changes if each[0] < until]
        if not known:
            continue
        values = [value_of(state.growth)] * (until - start * YEAR)
        for month, value in known:
            values[month - start * YEAR :] = [value] * (until - month)
        past = values[-PAST * YEAR :]
        setting = {"path": path, "value": sum(past) / len(past)}
        document = {"at": f"{origin + 1}-01", "set": setting, "source": "assumed"}
        events[f"growth_goes_on_{name}"] = Event.model_validate(document)
    return events


BLOCK = 250  # runs computed together at most


@dataclass(frozen=True, eq=False)
class Forecast:
    """The forecast of an ensemble for the years after an origin."""

    years: tuple[int, ...]
    dyads: tuple[tuple[str, str], ...]  # supplier, recipient
    members: tuple[tuple[str, str], ...]  # state, bloc
    tiv: np.ndarray  # (dyads, years, runs) delivered
    stages: np.ndarray  # (members, runs) at the end of the last year; EXIT after an exit


@dataclass(frozen=True, eq=False)
class Forecaster:
    """Runs a model from its origin; it is sent to each process once."""

    at: AtOrigin
    seed: int

    def __call__(self, task: VariantRuns) -> tuple[np.ndarray, np.ndarray]:
        """Return deliveries and stages of some runs."""
        batch = Batch(
            model=self.at.model,
            runs=task.runs,
            seed=self.seed,
            numbers=self._paid(task.runs),
            read=lambda batch: (self._delivered(batch), self._stages(batch)),
        )
        return batch.result()

    def _paid(self, runs: np.ndarray) -> dict[str, np.ndarray]:
        """Return the cost of each delivery by event in each run, by path.

        The same runs without any trade show the savings of each state; since randomness is
        addressed, its economy is the same there.
        """
        if not self.at.shares:
            return {}
        income = self._income(runs)
        paid = {}
        for name, (recipient, year, share) in self.at.shares.items():
            first, series = income[recipient]
            since = self._before(recipient, year, first)
            if year > self.at.origin - PIPELINE:
                continue  # paid for when it was ordered, as orders of the laws now are
            amount = series[since - first : year - first].sum(axis=0) * share
            paid[f"events.{name}.transfer.value"] = np.maximum(amount, 0.0)
        return paid

    def _before(self, recipient: str, year: int, first: int) -> int:
        """Return the last year before `year` in which a state had deliveries; `first` if none."""
        years = {each[1] for each in self.at.shares.values() if each[0] == recipient}
        return max([each for each in years if each < year], default=first)

    @cached_property
    def _idle(self) -> Model:
        """Return the model up to its origin, without any trade."""
        at = self.at
        events = {
            name: event
            for name, event in at.model.events.items()
            if name not in at.shares and event.at is not None and int(event.at[:4]) <= at.origin
        }
        offers = {name: o.model_copy(update={"open": False}) for name, o in at.model.offers.items()}
        time = at.model.time.model_copy(update={"end": f"{at.origin}-12"})
        return at.model.model_copy(update={"events": events, "offers": offers, "time": time})

    def _income(self, runs: np.ndarray) -> dict[str, tuple[int, np.ndarray]]:
        """Return the savings of each state: first year, (years, runs)."""
        return Batch(model=self._idle, runs=runs, seed=self.seed, read=_savings).result()

    def _delivered(self, batch: BatchRecord) -> np.ndarray:
        """Return the deliveries in each year after the origin, TIV: (dyads, years, runs)."""
        years = years_of(batch.record)
        supplied = batch.record.series["supplied"][..., : batch.count]
        sums = [supplied[years == year].sum(axis=0) for year in _after(self.at)]
        return np.stack(sums, axis=1)

    def _stages(self, batch: BatchRecord) -> np.ndarray:
        """Return the stage of each member at the end: (members, runs)."""
        end = batch.record.end
        state, bloc = end.layout.member_index.T
        left = end.exited[state, bloc, : batch.count] > 0
        return np.where(left, EXIT, batch.record.series["stage"][-1][..., : batch.count])


def _savings(batch: BatchRecord) -> dict[str, tuple[int, np.ndarray]]:
    """Return the yearly gains of each state's fund: first year, (years, runs)."""
    record, years = batch.record, years_of(batch.record)
    last = [np.flatnonzero(years == year)[-1] for year in np.unique(years)]
    savings = {}
    for row, state in enumerate(record.end.layout.states):
        fund = record.series["fund"][last, row, : batch.count]
        begin = record.start.fund[row, : batch.count]
        savings[state] = int(years[0]), np.diff(np.concatenate([begin[None], fund]), axis=0)
    return savings


def forecast(at: AtOrigin, *, runs: int, seed: int, jobs: int) -> Forecast:
    """Return the forecast of a model from its origin."""
    layout = layout_of(at.model)
    tasks = blocks_of([BASELINE], range(runs), block_size(BLOCK, [layout]))
    executor = executor_of(min(jobs, len(tasks)))
    with closing(results_of(Forecaster(at, seed), tasks, executor)) as results:
        parts = list(results)
    return Forecast(
        years=tuple(_after(at)),
        dyads=tuple((layout.states[s], layout.states[i]) for i, s in layout.supply_index.tolist()),
        members=tuple((layout.states[i], layout.blocs[b]) for i, b in layout.member_index.tolist()),
        tiv=np.concatenate([tiv for tiv, _ in parts], axis=-1),
        stages=np.concatenate([stages for _, stages in parts], axis=-1),
    )


def _after(at: AtOrigin) -> range:
    return range(at.origin + 1, at.last + 1)


def years_of(record: Record) -> np.ndarray:
    """Return the year of every period."""
    calendar = record.end.layout.calendar
    month = MONTHS[calendar.period] * (calendar.first + np.arange(len(calendar)))
    return np.asarray(month // YEAR)
