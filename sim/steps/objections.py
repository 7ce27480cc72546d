"""Objections: who objects to a sale, and how the leader responds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from sim.kernel.arrays import NONE, Elementwise, Index, added, logistic, pick
from sim.kernel.decision_points import BlocSalePoint, Decide, ObjectionPoint, ResponsePoint
from sim.kernel.noise import Noise, entities, gumbel, normal, uniform
from sim.steps.privileges import sold
from sim.steps.requests import Circumstances, Requests

T = TypeVar("T", bound=BlocSalePoint)

PASSED, STALLED, STOPPED = 0, 1, 2
OPTIONS = entities(("pass", "stall", "block"))[:, None, None]


@dataclass(frozen=True, kw_only=True, eq=False)
class RequestDraws:
    """The draws on which requests depend."""

    objection: Elementwise  # (rows, rivals, runs) in (0, 1)
    response: Elementwise  # (3, rows, runs) standard Gumbel
    wait: Elementwise  # (rows, runs) standard normal


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
    objection, response, wait = noise.draws(
        uniform("objection", offer[:, None], recipient[:, :, None], rival, wanted=harmed),
        gumbel("response", OPTIONS, offer[None], recipient[None], wanted=harmed.any(axis=1)),
        normal("wait", recipient, offer, wanted=asks),
    )
    return RequestDraws(objection=objection, response=response, wait=wait)


def _fellow(at: Circumstances, requests: Requests, k: Index) -> Any:
    """Return whether states k may share a bloc with the supplier: (rows, rivals, runs)."""
    supplier = pick(at.layout.supplier[:, None], np.maximum(requests.offer, 0))
    return pick(at.layout.may_share_bloc[..., None], k, supplier[:, None])


@dataclass(frozen=True, kw_only=True, eq=False)
class BlocRequests:
    """Requests that concern a bloc, one row a bloc and request."""

    bloc: Index  # (rows,)
    row: Index  # (rows,) of all requests
    requests: Requests
    supplier: Index  # (rows, runs)
    rival: Index  # (rows, rivals, 1): states that are rivals of the recipient
    rivalry: Elementwise  # (rows, rivals, runs): r_ki
    offence: Elementwise  # (rows, runs)

    def point(self, kind: type[T], **known: Any) -> T:
        """Return the decision point of a kind on these requests."""
        offer, recipient = self.requests.offer, self.requests.recipient
        return kind(bloc=self.bloc, row=self.row, offer=offer, recipient=recipient, **known)


@dataclass(frozen=True, kw_only=True, eq=False)
class Protests:
    """What comes of objections, by request: (rows, runs)."""

    objected: Index  # 0 or 1
    response: Index  # of the leaders; where several blocs are concerned the hardest counts
    blockers: Index  # the blocs whose leaders block the sale, as bits


def objections(
    at: Circumstances, requests: Requests, draws: RequestDraws, decide: Decide
) -> Protests:
    """Return which requests members object to, and what the leaders do."""
    layout = at.layout
    concern = _bloc_requests(at, requests)
    protests, harm = _protests(at, concern, draws.objection[concern.row], decide)
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
    heeded = objected & (concern.supplier != layout.leader[concern.bloc][:, None])
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
    _, by_row = layout.objections[at.part > 0]
    stops = heeded & (choice == STOPPED)
    return Protests(
        objected=by_row.max(objected * 1),
        response=by_row.max(choice * heeded),
        blockers=by_row.sum(2 ** concern.bloc[:, None] * stops),
    )


def _bloc_requests(at: Circumstances, requests: Requests) -> BlocRequests:
    """Return the requests that concern each bloc."""
    layout = at.layout
    index, _ = layout.objections[at.part > 0]
    bloc, row = index.T
    part = requests.part(row)
    offer = np.maximum(part.offer, 0)
    rival, rivalry = _rivals(at, part)
    return BlocRequests(
        bloc=bloc,
        row=row,
        requests=part,
        supplier=pick(layout.supplier[:, None], offer),
        rival=rival,
        rivalry=rivalry,
        offence=pick(at.world.offence[layout.system], offer),
    )


def _rivals(at: Circumstances, requests: Requests) -> tuple[Index, Elementwise]:
    """Return the states that are rivals of each recipient, and r_ki: (rows, rivals, runs or 1)."""
    dyads = at.layout.target_dyads
    dyad = pick(dyads[..., None], requests.buyer[:, None], np.arange(dyads.shape[1])[:, None])
    there = (dyad != NONE) & (requests.recipient != NONE)[:, None]
    dyad = np.maximum(dyad, 0)
    return pick(at.layout.dyad_from[:, None], dyad), pick(at.world.rivalry, dyad) * there


def _protests(
    at: Circumstances, concern: BlocRequests, draw: Elementwise, decide: Decide
) -> tuple[Any, Elementwise]:
    """Return which harmed members of a bloc object and the harm done: (rows, rivals, runs)."""
    world, law = at.world, at.rules.objection
    bloc, k, supplier = concern.bloc[:, None], concern.rival, concern.supplier
    within = k, bloc[:, None]
    member = pick(world.member, *within) * (pick(world.member, supplier, bloc) > 0)[:, None]
    member = member * (k != supplier[:, None])
    harmed = {
        "engagement": pick(world.engagement, supplier, bloc)[:, None],
        "rivalry": concern.rivalry,
        "offence": concern.offence[:, None],
    }
    harm = member * law.harm(**harmed)
    known = {"harm": harm, "engagement": pick(world.engagement, *within)}
    terms = law.protest(**known)
    asks = concern.requests.offer != NONE
    objects = (draw < logistic(added(terms))) & (harm > 0) & asks[:, None]
    point = concern.point(
        ObjectionPoint,
        terms=terms,
        inputs=known,
        draw=draw,
        states=k[..., 0],
        harm=harm,
        harm_inputs=harmed,
    )
    return decide(objects, point), harm


def case_of_response(
    at: Circumstances, concern: BlocRequests, weight: Elementwise
) -> Mapping[str, Elementwise]:
    """Return what the utility of blocking each sale depends on; `weight` is the harm."""
    world, layout = at.world, at.layout
    bloc, supplier, to = concern.bloc, concern.supplier, concern.requests.buyer
    leader = layout.leader[bloc][:, None]
    total = np.maximum(weight.sum(axis=1), 1e-9)
    objectors = (weight * pick(world.affinity, leader[:, None], concern.rival)).sum(axis=1) / total
    return {
        "norm": world.norm[bloc],
        "precedent": at.precedent[bloc],
        "regard": objectors - pick(world.affinity, leader, to),
        "dependence": pick(at.familiarity, supplier, leader),
        "regard_supplier": pick(world.affinity, leader, supplier),
        "own_sales": sold(world, at.rules, seller=leader, buyer=to),
    }
