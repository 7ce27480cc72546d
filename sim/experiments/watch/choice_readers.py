"""Choice readers: the choices in a round of a period, read from its record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from sim.experiments.watch.choices import (
    ANSWER,
    CONCESSION,
    CONSENT,
    CONTRIBUTION,
    KINDS,
    OBJECTION,
    POINTS,
    REQUEST,
    RESPONSE,
    Cells,
    Choices,
    at_cells,
    chances,
    logit,
    luck,
    utilities,
)
from sim.experiments.watch.membership_choices import MEMBERSHIP_READERS
from sim.experiments.watch.recorder import Moment
from sim.kernel.arrays import NONE, added, logistic
from sim.kernel.decision_points import (
    BlocSalePoint,
    ConcessionPoint,
    ConsentPoint,
    ContributionPoint,
    DecisionPoint,
    HonourPoint,
    ObjectionPoint,
    RequestPoint,
    ResponsePoint,
)
from sim.kernel.inputs import ASKED


def choices_of(moment: Moment, kinds: Sequence[str] = KINDS) -> dict[str, Choices]:
    """Return the choices of a round by kind, without kinds that have none."""
    found = {kind: _READERS[kind](moment) for kind in kinds if moment.has(POINTS[kind])}
    return {kind: each for kind, each in found.items() if len(each)}


def _free(moment: Moment) -> np.ndarray:
    """Return which requests of a round are not forced by an event: (requests,)."""
    market = np.ones(moment.layout.buyers.size, dtype=bool)
    if moment.part:
        return market
    return np.concatenate([market, moment.inputs.forced[:, 0] == ASKED])


def _odds(choice: Any, point: DecisionPoint, cells: Cells) -> dict[str, Any]:
    """Return the columns of choices of yes or no, which are yes if a draw is below the chance."""
    terms = at_cells(point.terms, choice.shape, cells)
    chance = logistic(np.asarray(added(terms)))
    draw = np.broadcast_to(point.draw, choice.shape)[cells]
    return {
        "column": cells[-1],
        "choice": choice[cells] * 1,
        "draw": draw,
        "chance": chance,
        "margin": np.asarray(added(terms)) - logit(draw),
        "terms": terms,
        "inputs": at_cells(point.inputs, choice.shape, cells),
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
            **at_cells(point.terms, shape, by_offer),
            **at_cells(point.supplier_terms, sellers, by_seller),
        },
        inputs={
            **at_cells(point.inputs, shape, by_offer),
            **at_cells(point.supplier_inputs, sellers, by_seller),
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
    """Return the rows in which all suppliers and partners agree to the sale: (rows, runs)."""
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
        **{**odds, "inputs": {**odds["inputs"], **at_cells(harm, choice.shape, cells)}},
    )


def _response(moment: Moment) -> Choices:
    choice, point = moment.point(ResponsePoint)
    row, run = cells = np.nonzero(point.heeded & _open_sales(moment, point))
    terms = at_cells(point.terms, choice.shape, cells)
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
        inputs=at_cells(point.inputs, choice.shape, cells),
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
        terms=at_cells(point.terms, shape, (threat, way, run)),
        inputs=at_cells(point.inputs, shape, (threat, way, run)),
        cell=cells,
        offer=np.array([offers[t] for t in threat.tolist()], dtype=np.int64),
        recipient=buyer,
        attacker=by,
        heir=heir[threat, np.maximum(chosen, 0)],
        other={"way": way},
    )


def _contribution(moment: Moment) -> Choices:
    choice, point = moment.point(ContributionPoint)
    duty, run = np.nonzero(point.asked > 0)
    _, state, bloc = moment.layout.duty_index[duty].T
    odds = _odds(choice, point, (duty, run))
    return Choices(kind=CONTRIBUTION, period=moment.period, actor=state, bloc=bloc, **odds)


_READERS: Mapping[str, Callable[[Moment], Choices]] = {
    ANSWER: _answer,
    CONCESSION: _concession,
    CONTRIBUTION: _contribution,
    REQUEST: _request,
    CONSENT: _consent,
    OBJECTION: _objection,
    RESPONSE: _response,
    **MEMBERSHIP_READERS,
}
