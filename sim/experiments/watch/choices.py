"""Choices: what was really put to a state in a round of a period, as columns over all runs.

A law is asked about more than is decided: of every member about every sale, say. What is put to
nobody, what an event decides and what comes to nothing because a supplier refuses is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from sim.experiments.watch.recorder import Moment
from sim.kernel.arrays import NONE, added, logistic
from sim.kernel.decision_points import (
    BlocSalePoint,
    ConcessionPoint,
    ConsentPoint,
    DecisionPoint,
    HonourPoint,
    ObjectionPoint,
    RequestPoint,
    ResponsePoint,
    WithdrawalPoint,
)
from sim.kernel.inputs import ASKED

REQUEST, CONSENT, OBJECTION = "request", "consent", "objection"
RESPONSE, ANSWER, EXIT = "response", "answer", "exit"
CONCESSION = "concession"
KINDS = (
    ANSWER,
    CONCESSION,
    REQUEST,
    CONSENT,
    OBJECTION,
    RESPONSE,
    EXIT,
)  # in the order of a period
POINTS: Mapping[str, type[DecisionPoint]] = {
    ANSWER: HonourPoint,
    CONCESSION: ConcessionPoint,
    REQUEST: RequestPoint,
    CONSENT: ConsentPoint,
    OBJECTION: ObjectionPoint,
    RESPONSE: ResponsePoint,
    EXIT: WithdrawalPoint,
}

LEAST_SCALE = 1e-6  # of chance, for which there is a chance of each offer

Columns = Mapping[str, np.ndarray]
Cells = tuple[np.ndarray, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Choices:
    """The choices of one kind in one round of a period, one a row.

    `chance` is that of the choice's being yes by the reasons alone (for a request, a response or a
    concession: of the very choice that was made); `margin` how far the draw was from another
    choice, in the unit of the terms: above 0 for yes. Of a request the terms are those of the offer
    asked for; of a response, the utility of blocking; of a concession that of yielding as was
    chosen, or else as had most reasons, less that of keeping.
    """

    kind: str
    period: int  # position in the calendar
    column: np.ndarray  # place of the run among those replayed
    actor: np.ndarray  # state
    choice: np.ndarray  # 0 or 1; of a request the offer; 0 to 2 of a response or a concession
    draw: np.ndarray  # uniform; what chance added to the choice made for request and response
    chance: np.ndarray
    margin: np.ndarray
    terms: Columns
    inputs: Columns
    cell: Cells  # of the choice in the kernel's arrays
    request: np.ndarray | None = None  # row among the period's requests
    offer: np.ndarray | None = None
    recipient: np.ndarray | None = None
    bloc: np.ndarray | None = None
    victim: np.ndarray | None = None
    attacker: np.ndarray | None = None  # NONE for a threat from within
    other: Mapping[str, Any] = field(default_factory=dict)  # such as the next `offer`
    heir: np.ndarray | None = None  # who takes an order over; NONE for nobody

    @property
    def odds(self) -> np.ndarray:
        """Return the sum of the terms."""
        return np.asarray(added(self.terms))

    def __len__(self) -> int:
        return self.column.size

    def rows(self, some: np.ndarray) -> Choices:
        """Return some of the rows, by mask or number."""

        def cut(value: Any) -> Any:
            if isinstance(value, np.ndarray):
                return value[some]
            if isinstance(value, tuple):
                return tuple(each[some] for each in value)
            if isinstance(value, Mapping):
                return {name: each[some] for name, each in value.items()}
            return value

        return replace(self, **{each.name: cut(getattr(self, each.name)) for each in fields(self)})

    def of_runs(self, count: int) -> Choices:
        """Return those of the first runs: a lone run is computed twice."""
        return self.rows(self.column < count)


def choices_of(moment: Moment, kinds: Sequence[str] = KINDS) -> dict[str, Choices]:
    """Return the choices of a round by kind; a kind of which there is none is left out."""
    found = {kind: _READERS[kind](moment) for kind in kinds if moment.has(POINTS[kind])}
    return {kind: each for kind, each in found.items() if len(each)}


def utilities(moment: Moment, point: RequestPoint) -> np.ndarray:
    """Return the utility of each offer by its reasons, closed ones too: (buyers, offers, runs)."""
    place = moment.layout.seller_place
    return np.asarray(added(point.terms) + added(point.supplier_terms)[:, place])


def luck(moment: Moment, point: RequestPoint) -> np.ndarray:
    """Return what chance added to the utility of each offer: (buyers, offers, runs)."""
    of_supplier = point.draw[:, moment.layout.seller_place]
    return np.asarray(point.scale * of_supplier + point.own_scale * point.own_draw)


def chances(moment: Moment, point: RequestPoint) -> np.ndarray:
    """Return how likely the reasons make each offer to be asked for at market.

    It is that of a nested logit, whose nests are the suppliers and buying nothing now.
    """
    place, own = moment.layout.seller_place, np.maximum(point.own_scale, LEAST_SCALE)
    known = np.where(point.open, utilities(moment, point), -np.inf)
    nests = [np.flatnonzero(place == seller) for seller in range(moment.layout.sellers.size)]
    most = np.stack([known[:, nest].max(axis=1) for nest in nests], axis=1)
    top = np.where(np.isfinite(most), most, 0.0)
    weight = np.exp((known - top[:, place]) / own)
    sums = np.stack([weight[:, nest].sum(axis=1) for nest in nests], axis=1)
    with np.errstate(divide="ignore"):
        worth = (top + own * np.log(sums)) / point.scale
    none = np.broadcast_to(point.reserve / point.scale, worth[:, 0].shape)
    best = np.maximum(worth.max(axis=1), none)
    chance = np.exp(worth - best[:, None])
    total = chance.sum(axis=1) + np.exp(none - best)
    share = chance / np.where(sums > 0, sums, 1.0) / total[:, None]
    return np.asarray(share[:, place] * weight)


def logit(chance: Any) -> Any:
    """Return the log odds of a probability; infinite at its ends."""
    with np.errstate(divide="ignore"):
        return np.log(chance) - np.log1p(-np.asarray(chance))


def _at(values: Mapping[str, Any], shape: Sequence[int], cells: Cells) -> dict[str, np.ndarray]:
    return {name: np.broadcast_to(each, shape)[cells] for name, each in values.items()}


def _free(moment: Moment) -> np.ndarray:
    """Return the requests of a round that no event forces: (requests,)."""
    market = np.ones(moment.layout.buyers.size, dtype=bool)
    if moment.part:
        return market
    return np.concatenate([market, moment.inputs.forced[:, 0] == ASKED])


def _odds(choice: Any, point: DecisionPoint, cells: Cells) -> dict[str, Any]:
    """Return what a choice of yes or no by a draw below the odds has."""
    terms = _at(point.terms, choice.shape, cells)
    chance = logistic(np.asarray(added(terms)))
    draw = np.broadcast_to(point.draw, choice.shape)[cells]
    return {
        "column": cells[-1],
        "choice": choice[cells] * 1,
        "draw": draw,
        "chance": chance,
        "margin": np.asarray(added(terms)) - logit(draw),
        "terms": terms,
        "inputs": _at(point.inputs, choice.shape, cells),
        "cell": cells,
    }


def _request(moment: Moment) -> Choices:
    choice, point = moment.point(RequestPoint)
    layout = moment.layout
    goes = (point.visit < point.visit_chance) & point.open.any(axis=1) & (choice != NONE)
    buyer, run = cells = np.nonzero(goes)
    offer = choice[cells]
    known = np.where(point.open, utilities(moment, point), -np.inf)
    lots = luck(moment, point)
    noisy = known + lots
    own = noisy[buyer, offer, run]
    rest = noisy.copy()
    rest[buyer, offer, run] = -np.inf
    second = rest.argmax(axis=1)[cells]
    next_best = rest[buyer, second, run]
    none = np.broadcast_to(point.reserve + point.scale * point.none_draw, choice.shape)[cells]
    shape, place = known.shape, layout.seller_place[offer]
    sellers = (shape[0], layout.sellers.size, shape[2])
    by_offer, by_seller = (buyer, offer, run), (buyer, place, run)
    return Choices(
        kind=REQUEST,
        period=moment.period,
        column=run,
        actor=layout.buyers[buyer],
        choice=offer,
        draw=lots[by_offer],
        chance=chances(moment, point)[by_offer],
        margin=own - np.maximum(next_best, none),
        terms={
            **_at(point.terms, shape, by_offer),
            **_at(point.supplier_terms, sellers, by_seller),
        },
        inputs={
            **_at(point.inputs, shape, by_offer),
            **_at(point.supplier_inputs, sellers, by_seller),
        },
        cell=cells,
        request=moment.first_row + buyer,
        offer=offer,
        recipient=layout.buyers[buyer],
        other={"offer": np.where(np.isfinite(next_best), second, NONE)},
    )


def _consent(moment: Moment) -> Choices:
    choice, point = moment.point(ConsentPoint)
    there = (point.offer != NONE) & (point.recipient != NONE) & _free(moment)[:, None]
    part, row, run = cells = np.nonzero((point.actors != NONE) & there)
    return Choices(
        kind=CONSENT,
        period=moment.period,
        actor=point.actors[cells],
        request=moment.first_row + row,
        offer=point.offer[row, run],
        recipient=point.recipient[row, 0],
        other={"part": part},
        **_odds(choice, point, cells),
    )


def _open_sales(moment: Moment, point: BlocSalePoint) -> np.ndarray:
    """Return on which rows a sale is agreed by all who supply it: (rows, runs)."""
    agreed, _ = moment.point(ConsentPoint)
    there = (point.offer != NONE) & (point.recipient != NONE)
    return np.asarray(there & _free(moment)[point.row][:, None] & agreed.all(axis=0)[point.row])


def _objection(moment: Moment) -> Choices:
    choice, point = moment.point(ObjectionPoint)
    may = (point.harm > 0) & _open_sales(moment, point)[:, None]
    row, rival, run = cells = np.nonzero(np.broadcast_to(may, choice.shape))
    odds = _odds(choice, point, cells)
    harm = {f"{n}_of_harm": each for n, each in point.harm_inputs.items()}
    return Choices(
        kind=OBJECTION,
        period=moment.period,
        actor=point.states[row, rival],
        request=moment.first_row + point.row[row],
        offer=point.offer[row, run],
        recipient=point.recipient[row, 0],
        bloc=point.bloc[row],
        other={"purchase": point.purchase[row]},
        **{**odds, "inputs": {**odds["inputs"], **_at(harm, choice.shape, cells)}},
    )


def _response(moment: Moment) -> Choices:
    choice, point = moment.point(ResponsePoint)
    row, run = cells = np.nonzero(point.heeded & _open_sales(moment, point))
    terms = _at(point.terms, choice.shape, cells)
    block = np.asarray(added(terms))
    stall = np.broadcast_to(point.stall, choice.shape)[cells]
    known = np.stack([np.zeros(row.size), stall, block])
    draws = point.draw[:, row, run]
    noisy, made = known + draws, choice[cells]
    weight = np.exp(known - known.max(axis=0))
    each = np.arange(row.size)
    rest = noisy.copy()
    rest[made, each] = -np.inf
    return Choices(
        kind=RESPONSE,
        period=moment.period,
        column=run,
        actor=moment.layout.leader[point.bloc[row]],
        choice=made,
        draw=draws[made, each],
        chance=weight[made, each] / weight.sum(axis=0),
        margin=noisy[made, each] - rest.max(axis=0),
        terms=terms,
        inputs=_at(point.inputs, choice.shape, cells),
        cell=cells,
        request=moment.first_row + point.row[row],
        offer=point.offer[row, run],
        recipient=point.recipient[row, 0],
        bloc=point.bloc[row],
        other={"purchase": point.purchase[row]},
    )


def _answer(moment: Moment) -> Choices:
    choice, point = moment.point(HonourPoint)
    put = (point.made > 0) & (point.imposed < 0)
    appeal, helper, run = cells = np.nonzero((point.asked > 0) & put[:, None])
    odds = _odds(choice, point, cells)
    return Choices(
        kind=ANSWER,
        period=moment.period,
        actor=helper,
        bloc=point.bloc[appeal, 0],
        victim=point.victim[appeal, run],
        attacker=point.attacker[appeal, run],
        **{**odds, "choice": (odds["choice"] > 0) * 1},
    )


def _concession(moment: Moment) -> Choices:
    choice, point = moment.point(ConcessionPoint)
    threat, run = cells = np.nonzero(point.there)
    layout, each = moment.layout, np.arange(threat.size)
    known = np.where(point.open, added(point.terms), -np.inf)[threat, :, run]  # (rows, ways)
    chosen = choice[cells]
    way = np.where(chosen == NONE, known.argmax(axis=1), chosen)
    known = np.concatenate([np.zeros((threat.size, 1)), known], axis=1)  # keeping first
    draws = point.draw[threat, :, run]
    draws = np.concatenate([np.broadcast_to(point.keep_draw, choice.shape)[cells][:, None], draws],
                           axis=1)  # fmt: skip
    made, noisy = chosen + 1, known + draws
    weight = np.exp(known - known.max(axis=1, keepdims=True))
    rest = noisy.copy()
    rest[each, made] = -np.inf
    shape = (*point.open.shape[:2], choice.shape[-1])
    offers = {t: o for t, o, _ in reversed(layout.threat_sales.tolist())}
    heir = np.concatenate([np.full((len(point.heirs), 1), NONE), point.heirs], axis=1)
    by, buyer, _ = layout.threat_parties[threat].T
    return Choices(
        kind=CONCESSION,
        period=moment.period,
        column=run,
        actor=buyer,
        choice=np.minimum(made, 2),
        draw=draws[each, made],
        chance=weight[each, made] / weight.sum(axis=1),
        margin=noisy[each, made] - rest.max(axis=1),
        terms=_at(point.terms, shape, (threat, way, run)),
        inputs=_at(point.inputs, shape, (threat, way, run)),
        cell=cells,
        offer=np.array([offers[t] for t in threat.tolist()], dtype=np.int64),
        recipient=buyer,
        attacker=by,
        heir=heir[threat, np.maximum(chosen, 0)],
        other={"way": way},
    )


def _exit(moment: Moment) -> Choices:
    choice, point = moment.point(WithdrawalPoint)
    layout = moment.layout
    i, b = layout.member_index.T
    member = (point.engagement[i, b] > 0) | (point.shut_out[i, b] > 0)  # 0 of no other member
    pair, run = np.nonzero(member & (layout.leader[b] != i)[:, None])
    cells = i[pair], b[pair], run
    chance, draw = point.chance[pair, run], point.draw[pair, run]
    moved = {"before": point.before, "engagement": point.engagement}
    return Choices(
        kind=EXIT,
        period=moment.period,
        column=run,
        actor=i[pair],
        choice=choice[cells] * 1,
        draw=draw,
        chance=chance,
        margin=logit(chance) - logit(draw),
        terms=_at(point.terms, choice.shape, cells),
        inputs={
            **_at({**point.inputs, **moved}, choice.shape, cells),
            **{name: each[pair, run] for name, each in point.leaving.items()},
        },
        cell=cells,
        bloc=b[pair],
    )


_READERS: Mapping[str, Callable[[Moment], Choices]] = {
    ANSWER: _answer,
    CONCESSION: _concession,
    REQUEST: _request,
    CONSENT: _consent,
    OBJECTION: _objection,
    RESPONSE: _response,
    EXIT: _exit,
}
