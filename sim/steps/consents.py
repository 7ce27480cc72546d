"""Consents of suppliers, licensors and makers of components."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.kernel.arrays import DUST, NONE, Elementwise, Index, added, logistic, pick, stacked
from sim.kernel.decision_points import ConsentPoint, Decide
from sim.kernel.noise import Draw, Noise, uniform
from sim.steps.privileges import Terms
from sim.steps.requests import Circumstances, Requests, queries


@dataclass(frozen=True, kw_only=True, eq=False)
class Consents:
    """The consents of a round."""

    agreed: Any  # (rows, runs): whether all states that are asked consent
    refusers: Index  # (rows, runs): who refuses, as bits: 1 the supplier, 2 and on the partners
    supplier: Elementwise  # (rows, runs): the supplier's probability of consent
    queried: Elementwise  # (queries, runs): the same for the standing queries


@dataclass(frozen=True, eq=False)
class Deciders:
    """The states that are asked for consent: supplier, then partners, of every request."""

    at: Circumstances
    requests: Requests

    @cached_property
    def part(self) -> Index:
        """Return 0 for suppliers, from 1 on for partners: (1 + partners, 1, 1)."""
        return np.arange(self.at.layout.deciders.shape[1])[:, None, None]

    @cached_property
    def offer(self) -> Index:
        """Return the offer asked for: (rows, runs)."""
        return np.maximum(self.requests.offer, 0)

    @cached_property
    def actors(self) -> Index:
        """Return the states that must consent, or NONE: (1 + partners, rows, runs)."""
        return pick(self.at.layout.deciders[..., None], self.offer, self.part)

    @cached_property
    def keys(self) -> tuple[Any, Any]:
        """Return the hashed names of recipients, and of deciders with their offers."""
        layout = self.at.layout
        return (
            pick(layout.state_keys[:, None], self.requests.buyer),
            pick(layout.partner_keys[..., None], self.offer, self.part),
        )

    @cached_property
    def asked(self) -> Any:
        """Return the states that are asked: (1 + partners, rows, runs)."""
        return (self.requests.offer != NONE) & (self.actors != NONE)


def consents(
    at: Circumstances, requests: Requests, phase: Elementwise, noise: Noise, decide: Decide
) -> Consents:
    """Return the consents to all requests, and the odds of the queries.

    `phase` is the draw of `phase_of`. Queries are put in the first round of a period.
    """
    rows, runs = requests.offer.shape
    whole = requests if at.part else stacked(requests, queries(at.world, runs))
    deciders = Deciders(at, whole)
    known = case_of_consent(deciders)
    terms = at.rules.consent.terms(**known)
    chance = np.where(deciders.asked, logistic(added(terms)), 0.0)
    consent, supplier = chance[:, :rows], chance[0]
    actors = deciders.actors[:, :rows]
    draw = _draws(deciders if at.part else Deciders(at, requests), phase, noise)
    agreed = (draw < consent) | (actors == NONE)
    point = ConsentPoint(
        terms={name: term[:, :rows] for name, term in terms.items()},
        inputs={name: each[:, :rows] for name, each in known.items()},
        draw=draw,
        actors=actors,
        offer=requests.offer,
        recipient=requests.recipient,
        by_friend=at.restraints.by_friend,
        by_bloc=at.restraints.by_bloc,
    )
    agreed = decide(agreed, point)
    bits = 2 ** np.arange(actors.shape[0])[:, None, None]
    return Consents(
        agreed=agreed.all(axis=0),
        refusers=(bits * (~agreed & deciders.asked[:, :rows])).sum(axis=0),
        supplier=supplier[:rows],
        queried=supplier[rows:],
    )


def case_of_consent(deciders: Deciders) -> Mapping[str, Elementwise]:
    """Return the inputs of the law of consent: (1 + partners or 1, rows, runs)."""
    at, world, restraints = deciders.at, deciders.at.world, deciders.at.restraints
    actor, offer, buyer = np.maximum(deciders.actors, 0), deciders.offer, deciders.requests.buyer
    toward = actor, buyer
    price = pick(world.price, offer) * deciders.requests.units / pick(world.batch, offer)
    discount = Terms(world, at.terms, buyer, offer).discount
    offence = pick(world.offence[at.layout.system], offer)
    drawn = restraints.drawn_in
    more = {} if drawn is None else {"drawn_in": pick(drawn, *toward) * offence}
    if at.rules.consent.looks_at_blocs:
        more["harm"] = pick(restraints.harm, *toward) * offence
        more["following"] = pick(restraints.following, *toward) * offence
        more["example"] = pick(restraints.example, *toward)
    return {
        "price": price * ((1 - discount) * (deciders.part == 0)),
        "export_scale": pick(world.export_scale, actor),
        "affinity": pick(world.affinity, *toward),
        "debt": pick(world.owed_in_all, *toward),
        "spending": pick(np.maximum(world.borne * world.gdp, DUST), actor),
        "rivalry": pick(restraints.rivalry, *toward),
        "at_war": pick(world.strain, actor) * (deciders.part == 0),
        "friends": pick(restraints.friends, *toward) * at.rules.restraint.counted(offence=offence),
        "norm": pick(restraints.norm, *toward) * offence,
        **more,
    }


def odds_of_consent(deciders: Deciders) -> Mapping[str, Elementwise]:
    """Return the log odds of consent by reason: (1 + partners, rows, runs)."""
    return deciders.at.rules.consent.terms(**case_of_consent(deciders))


def phase_of(at: Circumstances, requests: Requests) -> Draw:
    """Return the draw of the part of `hold` that has passed at the start: (1 + partners, ...)."""
    deciders = Deciders(at, requests)
    return uniform("consent.phase", *deciders.keys, wanted=deciders.asked, constant=True)


def _draws(deciders: Deciders, phase: Elementwise, noise: Noise) -> Elementwise:
    """Return the draws on which consent depends: (1 + partners, rows, runs).

    The draw is renewed every `hold` years, at dates that differ by run; until then an answer
    holds unless circumstances change.
    """
    at = deciders.at
    hold = np.maximum(at.rules.consent.hold, at.dt)
    epoch = np.floor(at.period * at.dt / hold + phase).astype(np.uint32)
    return noise.draw(
        uniform("consent", *deciders.keys, epoch, wanted=deciders.asked, constant=True)
    )
