"""Two bounds on the subsidy of a bloc with too many members to enumerate its coalitions.

From below: the least subsidy with which no coalition of a sample would be better off alone. More
coalitions could only ask for more. Sizes of the sampled coalitions are equally likely, and members
of a coalition are, too; the coalitions that lack a single member are all in the sample. The sample
depends on names alone, so that it is the same in all runs.

From above: what members gain in the whole bloc without entrapment, less the worth of the bloc. A
member has in no coalition more help or terms than in the whole bloc, so that nobody would leave
who is paid that:

    v(C) <= sum_{i in C} u_i
    u_i = insecurity_i without help - insecurity_i helped by all + nu y_i

Sources: campi2008 (payments that satisfy m sampled coalitions of n members satisfy all but a small
share of the others), bachrach2009 (cost of stability). The bound from above is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.kernel.arrays import Dyadic, Monadic, Pairwise
from sim.kernel.noise import Noise, entities, uniform
from sim.metrics.declaration import END, Metrics
from sim.metrics.exact.coalitions import InsecurityOf, Member, Memberly, offers_of_help
from sim.metrics.exact.stability import SMALLEST, UNIT, lacking, least_payments, zero_worth

BLOC = Metrics("bloc")
BLOC.declare(
    "subsidy_lower",
    "points of insecurity",
    "Lower bound on `subsidy`, if the bloc has too many members for the exact value: the subsidy "
    "that a sample of its parts asks for.",
    when=END,
    phrase="lower bound on the subsidy needed to hold {bloc} together",
    smallest=SMALLEST,
    fewest=2,
)
BLOC.declare(
    "subsidy_bound",
    "points of insecurity",
    "Upper bound on the same.",
    when=END,
    phrase="upper bound on the subsidy needed to hold {bloc} together",
    smallest=SMALLEST,
    fewest=2,
)

SAMPLED = 512  # coalitions drawn, beside those that lack one member
STACK = 64  # games in one call of the solver

Inside = Bool[Any, "coalitions members"]


@dataclass(frozen=True, eq=False)
class Gains:
    """What the members of a coalition gain, and what it costs them."""

    present: Memberly  # 1 for members of it in a run, else 0
    security: Memberly  # drop of insecurity
    terms: Memberly  # years of import budget
    entrapment: Float[Any, " runs"]  # of the whole coalition, dispute times affinity

    def worth(self, *, nu: float, xi: float) -> Float[Any, " runs"]:
        """Return the worth of the coalition, zero for fewer than two members."""
        gain = (self.security + nu * self.terms).sum(axis=0)
        return np.maximum(0.0, gain - xi * self.entrapment) * (self.present.sum(axis=0) > 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class CoalitionGame:
    """The members of a bloc, and what any one coalition of them gains."""

    members: Sequence[int]  # states of the bloc
    leader: int  # the state that leads it
    holder: Int[Any, " dyads"]  # rival dyads: the state that holds the dispute
    rival: Int[Any, " dyads"]  # and the state it has it with
    rivalry: Pairwise  # 0 to 1
    strength: Monadic  # TIV
    affinity: Dyadic  # -1 to 1
    commitment: Any  # 0 to 1, of the treaty
    belief: Memberly  # 0 to 1
    engagement: Memberly  # 0 to 1
    rent: Memberly  # years of import budget
    insecurity_of: InsecurityOf  # contest, threat and insecurity, composed by the caller
    member: Member | None = None

    def gains(self, inside: np.ndarray) -> Gains:
        """Return what a coalition gains: helpers are its members that are present in a run."""
        places = np.asarray(self.members)
        helps = self._present * inside[:, None]
        help_ = sum(offer * here for offer, here in zip(self._offers, helps, strict=True))
        helped = np.asarray(self.insecurity_of(self._owed * help_))[places]
        led = helps[self.members.index(self.leader)]
        followers = (places != self.leader)[:, None]
        return Gains(
            present=helps,
            security=helps * (self._alone - helped),
            terms=helps * led * self.rent * followers,
            entrapment=self._entrapment(helps),
        )

    @cached_property
    def _present(self) -> np.ndarray:
        """Return 1 for members that are present in a run, else 0."""
        if self.member is None:
            return np.ones(np.shape(self.engagement))
        return np.asarray(1.0 * (np.asarray(self.member) != 0))

    @cached_property
    def _offers(self) -> list[Any]:
        """Return the help of each member for every dyad's holder against the rival, TIV."""
        dyads = np.stack((self.holder, self.rival))
        return offers_of_help(self.members, dyads, self.strength, self.affinity, self.engagement)

    @cached_property
    def _owed(self) -> np.ndarray:
        """Return how far help is owed to every dyad's holder, 0 where it is not a member."""
        at = [self.members.index(s) if s in self.members else -1 for s in self.holder.tolist()]
        position = np.asarray(at)
        owed = (self.belief * self.engagement * self._present)[position]
        return np.asarray(self.commitment * owed * (position >= 0)[:, None])

    @cached_property
    def _alone(self) -> np.ndarray:
        """Return the insecurity of each member without help."""
        alone = np.asarray(self.insecurity_of(0.0 * self._owed))
        return np.asarray(alone[np.asarray(self.members)])

    def _entrapment(self, helps: np.ndarray) -> np.ndarray:
        """Return the coalition's affinity for outsiders with whom its members have a dispute."""
        places, total = np.asarray(self.members), np.zeros(helps.shape[-1])
        for outsider in sorted(set(self.rival.tolist())):
            disputes = total * 0.0
            for row in np.nonzero(self.rival == outsider)[0].tolist():
                if self.holder[row] in self.members:
                    disputes = (
                        disputes + self.rivalry[row] * helps[self.members.index(self.holder[row])]
                    )
            liking = (helps * np.maximum(0.0, self.affinity[places, outsider])).sum(axis=0)
            outside = 1.0
            if outsider in self.members:
                outside = 1.0 - helps[self.members.index(outsider)]
            total = total + disputes * liking * outside
        return np.asarray(total)


@dataclass(frozen=True, eq=False)
class SubsidyBounds:
    """What the subsidy of a bloc lies between, and where its worth ends, by runs."""

    lower: Float[Any, " runs"]  # in units of insecurity
    upper: Float[Any, " runs"]
    break_point: Float[Any, " runs"]  # exact: it depends on the whole bloc alone


def sampled_coalitions(names: Sequence[str], bloc: str) -> Inside:
    """Return the sampled coalitions of members by name, and last the whole bloc."""
    count = len(names)
    numbers = np.arange(SAMPLED, dtype=np.uint32)[:, None]
    noise, key = Noise(0, np.zeros(1, dtype=np.uint32)), entities([bloc])
    size = noise.draw(uniform("coalition.size", key[:, None], numbers, constant=True))
    keys = key[:, None, None], numbers[..., None], entities(names)[:, None]
    order = noise.draw(uniform("coalition.order", *keys, constant=True))[..., 0]
    sizes = 2 + np.floor(size * max(count - 2, 0)).astype(np.int64)  # 2 to one fewer than all
    drawn = np.argsort(np.argsort(order, axis=1), axis=1) < sizes
    lacking = ~np.eye(count, dtype=bool)
    inside = np.concatenate([drawn, lacking])
    return np.concatenate([np.unique(inside, axis=0), np.ones((1, count), dtype=bool)])


def subsidy_bounds(game: CoalitionGame, inside: Inside, *, nu: float, xi: float) -> SubsidyBounds:
    """Return the bounds at a weight of terms and of entrapment; the last coalition is the bloc."""
    gains = [game.gains(each) for each in inside]
    worth = np.stack([each.worth(nu=nu, xi=xi) for each in gains])
    whole = gains[-1]
    each = whole.security + nu * whole.terms
    return SubsidyBounds(
        lower=_least(worth, np.stack([each.present for each in gains])),
        upper=np.maximum(np.maximum(0.0, each).sum(axis=0) - worth[-1], 0.0),
        break_point=zero_worth(each.sum(axis=0), whole.entrapment),
    )


def _least(worth: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return the least subsidy with which each coalition gets its worth, by runs.

    `worth` is (coalitions, runs), the whole bloc last, and `there` who is in each coalition:
    (coalitions, members, runs). The answer is rounded to 1e-9 of the largest worth.
    """
    scale = worth.max(axis=0)
    game = np.rint(worth / np.where(scale > 0.0, scale, 1.0) * UNIT)
    runs = np.nonzero(scale > 0.0)[0]
    cost = np.zeros(worth.shape[1])
    for at in range(0, runs.size, STACK):
        some = runs[at : at + STACK]
        paid = _paid(game[:, some], there[..., some])
        cost[some] = lacking(paid, game[-1, some])
    return np.asarray(cost / UNIT * scale)


def _paid(worth: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return the smallest sum of payments of zero or more that gives coalitions their worth."""
    coalitions, members, games = there.shape
    coalition, member, game = np.nonzero(there)
    cells = (game * coalitions + coalition, game, member)
    return np.asarray(
        least_payments(worth.T.reshape(-1), cells, (games, members), least=0.0).sum(axis=1)
    )
