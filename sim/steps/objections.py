"""Objections to a sale or a purchase, and the responses of leaders."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from sim.kernel.arrays import NONE, Elementwise, Index, added, logistic, pick
from sim.kernel.decision_points import BlocSalePoint, Decide, ObjectionPoint, ResponsePoint
from sim.kernel.exports import exported
from sim.kernel.noise import Noise, entities, gumbel, normal, uniform
from sim.steps.consents import phase_of
from sim.steps.privileges import sold
from sim.steps.requests import Circumstances, Requests

T = TypeVar("T", bound=BlocSalePoint)

PASSED, STALLED, STOPPED = 0, 1, 2
OPTIONS = entities(("pass", "stall", "block"))[:, None, None]


@dataclass(frozen=True, kw_only=True, eq=False)
class RequestDraws:
    """The draws on which requests depend."""

    objection: Elementwise  # (rows, rivals, runs) in (0, 1)
    purchase: Elementwise | None  # the same for rows of purchases; None if no bloc has a custom
    response: Elementwise  # (3, rows, runs) standard Gumbel
    wait: Elementwise  # (rows, runs) standard normal
    phase: Elementwise  # (1 + partners, rows, runs) in (0, 1): see `phase_of`


def draws(at: Circumstances, requests: Requests, noise: Noise) -> RequestDraws:
    """Return the draws of all requests, addressed by offer and recipient."""
    layout = at.layout
    index = np.maximum(requests.offer, 0)
    offer = pick(layout.offer_keys[:, None], index)
    recipient = pick(layout.state_keys[:, None], requests.buyer)
    asks = requests.offer != NONE
    k, dispute = _rivals(at, requests)
    rival = pick(layout.state_keys[:, None], k)
    harmed = _fellow(at, requests, k) & (dispute > 0) & asks[:, None]
    concerned = asks if layout.customs.size else harmed.any(axis=1)
    objection, response, wait, phase = noise.draws(
        uniform("objection", offer[:, None], recipient[:, :, None], rival, wanted=harmed),
        gumbel("response", OPTIONS, offer[None], recipient[None], wanted=concerned),
        normal("wait", recipient, offer, wanted=asks),
        phase_of(at, requests),
    )
    purchase = None
    if layout.customs.size:
        bloc, row = layout.objections[at.part > 0][1].T
        fellow = layout.state_keys[np.maximum(layout.bloc_members[bloc], 0)][..., None]
        purchase = noise.draw(
            uniform(
                "objection",
                offer[row][:, None],
                recipient[row][:, :, None],
                fellow,
                wanted=asks[row][:, None],
            )
        )
    return RequestDraws(
        objection=objection, purchase=purchase, response=response, wait=wait, phase=phase
    )


def _fellow(at: Circumstances, requests: Requests, k: Index) -> Any:
    """Return whether states k may share a bloc with the supplier: (rows, rivals, runs)."""
    supplier = pick(at.layout.supplier[:, None], np.maximum(requests.offer, 0))
    return pick(at.layout.may_share_bloc[..., None], k, supplier[:, None])


@dataclass(frozen=True, kw_only=True, eq=False)
class BlocRequests:
    """Requests that concern a bloc, one row per bloc and request: sales, then purchases."""

    bloc: Index  # (rows,)
    row: Index  # (rows,) of all requests
    purchase: Index  # (rows,) 0 for sales, 1 for purchases
    requests: Requests
    offender: Index  # (rows, runs): the supplier of a sale, the buyer of a purchase
    other: Index  # (rows, runs or 1): the other one
    rival: Index  # (rows, rivals, 1): states that are rivals of the other one
    rivalry: Elementwise  # (rows, rivals, runs): their disputes with it
    offence: Elementwise  # (rows, runs): of the arms; of a purchase, the custom
    draw: Elementwise  # (rows, rivals, runs) in (0, 1)

    def point(self, kind: type[T], **known: Any) -> T:
        """Return the decision point of a kind on these requests."""
        return kind(
            bloc=self.bloc,
            row=self.row,
            purchase=self.purchase,
            states=self.rival[..., 0],
            offer=self.requests.offer,
            recipient=self.requests.recipient,
            **known,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Protests:
    """The results of objections, by request: (rows, runs)."""

    objected: Index  # 0 or 1
    response: Index  # of the leaders; if several blocs are concerned, the strictest
    blockers: Index  # the blocs whose leaders block the sale, as bits


def objections(
    at: Circumstances, requests: Requests, draws: RequestDraws, decide: Decide
) -> Protests:
    """Return the requests that members object to, and the leaders' responses."""
    layout = at.layout
    concern = _of_sales(at, requests, draws)
    if draws.purchase is not None:
        concern = _both(concern, _of_purchases(at, requests, draws.purchase), requests)
    protests, harm = _protests(at, concern, decide)
    known = case_of_response(at, concern, protests * harm)
    terms = at.rules.objection.block(**known)
    noises = draws.response[:, concern.row]
    choice = np.stack(
        [
            noises[PASSED],
            noises[STALLED] + at.rules.objection.stall_constant,
            noises[STOPPED] + added(terms),
        ]
    ).argmax(axis=0)
    objected = protests.any(axis=1)
    heeded = objected & (concern.offender != layout.leader[concern.bloc][:, None])
    point = concern.point(
        ResponsePoint,
        terms=terms,
        inputs=known,
        draw=noises,
        protests=protests,
        heeded=heeded,
        stall=at.rules.objection.stall_constant,
    )
    choice = decide(choice, point)
    *_, by_row = layout.objections[at.part > 0]
    stops = heeded & (choice == STOPPED)
    return Protests(
        objected=by_row.max(objected * 1),
        response=by_row.max(choice * heeded),
        blockers=by_row.sum(2 ** concern.bloc[:, None] * stops),
    )


def _of_sales(at: Circumstances, requests: Requests, draws: RequestDraws) -> BlocRequests:
    """Return the sales by members of each bloc."""
    layout = at.layout
    bloc, row = layout.objections[at.part > 0][0].T
    part = requests.part(row)
    offer = np.maximum(part.offer, 0)
    rival, rivalry = _rivals(at, part)
    return BlocRequests(
        bloc=bloc,
        row=row,
        purchase=0 * row,
        requests=part,
        offender=pick(layout.supplier[:, None], offer),
        other=part.buyer,
        rival=rival,
        rivalry=rivalry,
        offence=pick(at.world.offence[layout.system], offer),
        draw=draws.objection[row],
    )


def _of_purchases(at: Circumstances, requests: Requests, draw: Elementwise) -> BlocRequests:
    """Return the purchases by members of each bloc with a custom, from states outside it."""
    layout, world = at.layout, at.world
    bloc, row = layout.objections[at.part > 0][1].T
    part = requests.part(row)
    supplier = pick(layout.supplier[:, None], np.maximum(part.offer, 0))
    fellow = layout.bloc_members[bloc][..., None]
    rival = np.maximum(fellow, 0)
    dyad = pick(layout.dyad_number[..., None], rival, supplier[:, None])
    there = (dyad != NONE) & (fellow != NONE) & (part.recipient != NONE)[:, None]
    outside = (1 - pick(world.member, supplier, bloc[:, None]))[:, None]
    return BlocRequests(
        bloc=bloc,
        row=row,
        purchase=0 * row + 1,
        requests=part,
        offender=part.buyer + 0 * supplier,
        other=supplier,
        rival=rival,
        rivalry=pick(world.rivalry, np.maximum(dyad, 0)) * there * outside,
        offence=world.custom[bloc] + 0.0 * outside[:, 0],
        draw=draw,
    )


def _both(sales: BlocRequests, purchases: BlocRequests, requests: Requests) -> BlocRequests:
    """Return sales and purchases as one list, padded to the largest number of rivals."""
    most = max(sales.rival.shape[1], purchases.rival.shape[1])

    def rows(name: str, *, wide: bool = False) -> Any:
        parts = [getattr(each, name) for each in (sales, purchases)]
        return np.concatenate([_wide(each, most) for each in parts] if wide else parts)

    row = rows("row")
    return BlocRequests(
        bloc=rows("bloc"),
        row=row,
        purchase=rows("purchase"),
        requests=requests.part(row),
        offender=rows("offender"),
        other=np.concatenate([sales.other + 0 * sales.offender, purchases.other]),
        rival=rows("rival", wide=True),
        rivalry=rows("rivalry", wide=True),
        offence=rows("offence"),
        draw=rows("draw", wide=True),
    )


def _wide(table: Any, most: int) -> Any:
    """Return a table (rows, rivals, runs) with zeros for the rivals that it lacks."""
    lacking = most - table.shape[1]
    return np.concatenate([table, *[0 * table[:, :1]] * lacking], axis=1)


def _rivals(at: Circumstances, requests: Requests) -> tuple[Index, Elementwise]:
    """Return the states that are rivals of each recipient, and r_ki: (rows, rivals, runs or 1)."""
    dyads = at.layout.target_dyads
    dyad = pick(dyads[..., None], requests.buyer[:, None], np.arange(dyads.shape[1])[:, None])
    there = (dyad != NONE) & (requests.recipient != NONE)[:, None]
    dyad = np.maximum(dyad, 0)
    return pick(at.layout.dyad_from[:, None], dyad), pick(at.world.rivalry, dyad) * there


def _protests(at: Circumstances, concern: BlocRequests, decide: Decide) -> tuple[Any, Elementwise]:
    """Return which harmed members of a bloc object and the harm done: (rows, rivals, runs)."""
    world, law = at.world, at.rules.objection
    bloc, k, offender = concern.bloc[:, None], concern.rival, concern.offender
    within = k, bloc[:, None]
    member = pick(world.member, *within) * (pick(world.member, offender, bloc) > 0)[:, None]
    member = member * (k != offender[:, None])
    harmed = {
        "engagement": pick(world.engagement, offender, bloc)[:, None],
        "rivalry": concern.rivalry,
        "offence": concern.offence[:, None],
    }
    if at.layout.has_inside:
        fellow = pick(world.member, concern.other, bloc)
        harmed["inside"] = (1 - (1 - world.inside[concern.bloc]) * fellow)[:, None]
    harm = member * law.harm(**harmed)
    known = {"harm": harm, "engagement": pick(world.engagement, *within)}
    terms = law.protest(**known)
    asks = concern.requests.offer != NONE
    objects = (concern.draw < logistic(added(terms))) & (harm > 0) & asks[:, None]
    point = concern.point(
        ObjectionPoint,
        terms=terms,
        inputs=known,
        draw=concern.draw,
        harm=harm,
        harm_inputs=harmed,
    )
    return decide(objects, point), harm


def case_of_response(
    at: Circumstances, concern: BlocRequests, weight: Elementwise
) -> Mapping[str, Elementwise]:
    """Return the inputs of the utility of blocking; `weight` is the harm."""
    world, layout = at.world, at.layout
    bloc, offender, other = concern.bloc, concern.offender, concern.other
    leader = layout.leader[bloc][:, None]
    total = np.maximum(weight.sum(axis=1), 1e-9)
    objectors = (weight * pick(world.affinity, leader[:, None], concern.rival)).sum(axis=1) / total
    known = {
        "norm": world.norm[bloc],
        "precedent": at.precedent[bloc],
        "regard": objectors - pick(world.affinity, leader, other),
        "dependence": exported(layout, at.familiarity, offender, leader),
        "regard_supplier": pick(world.affinity, leader, offender),
        "own_sales": sold(world, at.rules, seller=leader, buyer=other),
    }
    if not layout.customs.size:
        return known
    buys = concern.purchase[:, None] > 0
    bought = sold(world, at.rules, seller=other, buyer=leader)
    return {
        **known,
        "norm": np.where(buys, world.custom[bloc], known["norm"]),
        "precedent": np.where(buys, 0.0, known["precedent"]),
        "own_sales": np.where(buys, bought, known["own_sales"]),
        "purchase": concern.purchase[:, None] * 1.0,
    }
