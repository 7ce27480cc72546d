"""Consents: of suppliers, and of the states that license or build parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.kernel.arrays import (
    DUST,
    NONE,
    Elementwise,
    Index,
    added,
    in_runs,
    logistic,
    put,
)
from sim.kernel.decision_points import ConsentPoint, Decide, no_decision
from sim.kernel.noise import Noise, uniform
from sim.kernel.sparse import Cells, Places, listed
from sim.laws.consent import Consent
from sim.steps.privileges import own_budget
from sim.steps.requests import Circumstances, Requests, joined, queries


@dataclass(frozen=True, kw_only=True, eq=False)
class Consents:
    """What was consented to."""

    agreed: Any  # (rows, runs): whether all who have a say consent
    supplier: Elementwise  # (rows, runs): the supplier's probability of consent
    queried: Elementwise  # (queries, runs): the same for the standing queries


@dataclass(frozen=True, eq=False)
class Deciders:
    """Who has a say in what is asked for: one entry a request, actor and run."""

    at: Circumstances
    requests: Requests

    @cached_property
    def actors(self) -> Index:
        """Return who must consent: supplier, then partners or NONE: (rows, 1 + partners, runs)."""
        layout = self.at.layout
        offer = np.maximum(self.requests.offer, 0)
        partners = np.moveaxis(layout.partners[offer], -1, 1)
        return np.concatenate([layout.supplier[offer][:, None], partners], axis=1)

    @cached_property
    def cells(self) -> Cells:
        """Return the entries, of a table of requests and actors."""
        asks = (self.requests.offer != NONE)[:, None] & (self.actors != NONE)
        return listed(asks.reshape(-1, asks.shape[-1]))

    @cached_property
    def part(self) -> Index:
        """Return 0 for suppliers, from 1 on for partners."""
        return self.cells.row % self.actors.shape[1]

    @cached_property
    def row(self) -> Places:
        """Return the request of each entry."""
        return Places(self.cells.row // self.actors.shape[1], self.cells.column)

    @cached_property
    def offer(self) -> Places:
        """Return the offer asked for."""
        offer = self.row.of(self.requests.offer)
        return Places(np.maximum(offer, 0), self.cells.column)

    @cached_property
    def actor(self) -> Places:
        """Return the supplier or partner."""
        who = Places(self.cells.row, self.cells.column).of(self.actors)
        return Places(np.maximum(who, 0), self.cells.column)

    @cached_property
    def buyer(self) -> Places:
        """Return the recipient."""
        return Places(self.requests.buyer[self.row.index, 0], self.cells.column)

    @cached_property
    def toward(self) -> Places:
        """Return the dyad of the actor towards the buyer."""
        size = len(self.at.layout.states)
        return Places(self.actor.index * size + self.buyer.index, self.cells.column)

    @cached_property
    def back(self) -> Places:
        """Return the dyad of the buyer towards the actor."""
        size = len(self.at.layout.states)
        return Places(self.buyer.index * size + self.actor.index, self.cells.column)

    def table(self, values: Elementwise, fill: Any) -> Elementwise:
        """Return values (entries,) as (1 + partners, rows, runs), `fill` elsewhere."""
        flat = np.full((self.cells.start.size - 1, self.actors.shape[-1]), fill)
        flat = put(flat, (self.cells.row, self.cells.column), values, inplace=True)
        return np.moveaxis(flat.reshape(self.actors.shape), 1, 0)


def consents(at: Circumstances, requests: Requests, noise: Noise, decide: Decide) -> Consents:
    """Return what is consented to of all that is asked for, and the standing queries' odds."""
    rows, runs = requests.offer.shape
    deciders = Deciders(at, joined(requests, queries(at.world, runs)))
    terms = odds_of_consent(deciders)
    chance = logistic(added(terms))
    draw = _draws(deciders, rows, noise)
    nobody = deciders.actors[:rows].swapaxes(0, 1) == NONE
    consent = deciders.table(chance, 0.0)
    agreed = (draw < consent[:, :rows]) | nobody
    if decide is not no_decision:
        point = ConsentPoint(
            terms={name: deciders.table(term, 0.0)[:, :rows] for name, term in terms.items()},
            actors=deciders.actors[:rows].swapaxes(0, 1),
            offer=requests.offer,
            recipient=requests.recipient,
        )
        agreed = decide(agreed, point)
    return Consents(
        agreed=agreed.all(axis=0), supplier=consent[0, :rows], queried=consent[0, rows:]
    )


def odds_of_consent(deciders: Deciders) -> Mapping[str, Elementwise]:
    """Return the log odds of consent by reason: (entries,)."""
    at, requests, world = deciders.at, deciders.requests, deciders.at.world
    toward, back, restraints = deciders.toward, deciders.back, at.restraints
    price = deciders.offer.of(world.price) * deciders.row.of(requests.batches)
    price *= (1 - back.of(at.terms.discount)) * (deciders.part == 0)
    offence = deciders.offer.of(world.offence[at.layout.system])
    law: Consent = in_runs(at.rules.consent, deciders.cells.column)
    return law.terms(
        price=price,
        export_scale=deciders.actor.of(world.export_scale),
        affinity=toward.of(world.affinity),
        debt=toward.of(world.debt),
        spending=deciders.actor.of(np.maximum(world.burden * world.gdp, DUST)),
        rivalry=toward.of(restraints.rivalry),
        arrears=back.of(world.arrears) / deciders.buyer.of(own_budget(world, at.rules)),
        friends=toward.of(restraints.friends),
        norm=toward.of(restraints.norm) * offence,
        harm=toward.of(restraints.harm) * offence,
        following=toward.of(restraints.following) * offence,
        example=toward.of(restraints.example),
    )


def _draws(deciders: Deciders, rows: int, noise: Noise) -> Elementwise:
    """Return the draws on which consent depends: (1 + partners, rows, runs); 1 where none is.

    The draw is made anew every `hold` years, at dates that differ by run; until then an answer
    stands while circumstances stay.
    """
    at = deciders.at
    there = deciders.cells.part(0, rows * deciders.actors.shape[1])
    column = deciders.cells.column[there]
    keys = at.layout.partner_keys[deciders.offer.index[there], deciders.part[there]]
    recipient = at.layout.state_keys[deciders.buyer.index[there]]
    hold = np.maximum(in_runs(at.rules.consent, column).hold, at.dt)
    noise = noise.of(column)
    phase = noise.draw(uniform("consent.phase", recipient, keys, constant=True))
    epoch = np.floor(at.period * at.dt / hold + phase).astype(np.uint32)
    draw = noise.draw(uniform("consent", recipient, keys, epoch, constant=True))
    full = np.ones((rows * deciders.actors.shape[1], deciders.actors.shape[-1]))
    full = put(full, (deciders.cells.row[there], column), draw, inplace=True)
    return np.moveaxis(full.reshape(rows, *deciders.actors.shape[1:]), 1, 0)
