"""The worth of each coalition of a bloc's members to them.

    v(C) = max(0, security_C + nu terms_C - xi entrapment_C),  0 for one state
    security_C   = sum_{i in C} insecurity_i without help - insecurity_i helped by C alone
    terms_C      = sum_{m in C, not l} y_m if the leader l is in C, else 0
    entrapment_C = sum_{i, m in C} sum_{j not in C} r_mj max(0, a_ij)

Help is that of the law of support with helpers restricted to C:
`support_ij = c_b q_i e_i sum_{k in C, k not i, j} e_k max(0, (a_ki - a_kj)/2) S_k`.
A coalition is a number whose bit k says that member k (by position in `members`) is in it.
The security of i depends only on its own helpers, so that each call of the caller's laws serves
all members at once, each with its own helpers: n members need 2^(n - 1) calls.

Sources: bachrach2009 (games with a subsidy), snyder1984 (entrapment); the worth is our choice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Shaped

from sim.kernel.arrays import Dyadic, Monadic, Pairwise
from sim.kernel.errors import SimError

MOST = 12  # members up to which coalitions are enumerated

Coalitional = Float[Any, "coalitions #runs"]
Memberly = Float[Any, "members #runs"]
Member = Shaped[Any, "members #runs"]  # 0 or 1
InsecurityOf = Callable[[Any], Any]  # support (dyads, runs) -> insecurity (states, runs)


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of every coalition's worth, before they are weighted."""

    security: Coalitional  # drop of the members' insecurity
    terms: Coalitional  # years of import budget
    entrapment: Coalitional  # dispute times affinity
    member: Member | None = None  # 0: not in the bloc in that run

    def of(self, runs: slice) -> Parts:
        """Return the parts in some of the runs."""
        tables = {f.name: getattr(self, f.name) for f in fields(self)}
        return Parts(**{n: None if t is None else t[..., runs] for n, t in tables.items()})


def left_out(members: Sequence[int]) -> str:
    """Return the reason why a bloc's coalitions are not enumerated, empty if they are."""
    if len(members) <= MOST:
        return ""
    return (
        f"{len(members)} members: coalitions are enumerated up to {MOST}, so the subsidy has two "
        "bounds"
    )


def coalition_names(coalition: int, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the members of a coalition, in the bloc's order."""
    return tuple(name for k, name in enumerate(names) if coalition >> k & 1)


def subset_sums(values: Memberly) -> Coalitional:
    """Return the sum of the values over the members of each coalition."""
    sums = np.zeros((1, values.shape[-1]))
    for value in values:
        sums = np.concatenate((sums, sums + value))
    return sums


def coalition_parts(
    *,
    members: Sequence[int],  # states of the bloc
    leader: int,  # the state that leads it
    holder: Int[Any, " dyads"],  # rival dyads: the state that holds the dispute
    rival: Int[Any, " dyads"],  # and the state it has it with
    rivalry: Pairwise,  # 0 to 1
    strength: Monadic,  # TIV
    affinity: Dyadic,  # -1 to 1
    commitment: Any,  # 0 to 1, of the treaty
    belief: Memberly,  # 0 to 1
    engagement: Memberly,  # 0 to 1
    rent: Memberly,  # years of import budget
    insecurity_of: InsecurityOf,  # contest, threat and insecurity, composed by the caller
    member: Member | None = None,
) -> Parts:
    """Return security, terms and entrapment of each coalition of the members.

    `insecurity_of` turns the support of every rival dyad's holder against the rival (dyads,
    runs), TIV, into the insecurity of every state (states, runs). Support that the bloc does
    not give (another bloc's) must be added there by the caller.
    """
    reason = left_out(members)
    if reason:
        raise SimError(reason)
    dyads = np.stack((holder, rival))
    offered = offers_of_help(members, dyads, strength, affinity, engagement)
    position = np.asarray([members.index(s) if s in members else -1 for s in holder.tolist()])
    owed = commitment * (belief * engagement)[position] * (position >= 0)[:, None]
    calls = (
        insecurity_of(owed * _helped(offered, helpers))
        for helpers in _helpers(position, len(members))
    )
    rent = rent * (np.asarray(members) != leader)[:, None]
    led = np.arange(2 ** len(members)) >> members.index(leader) & 1
    return Parts(
        security=_security(calls, members),
        terms=subset_sums(rent) * led[:, None],
        entrapment=_entrapment(members, holder, rival, rivalry, affinity),
        member=member,
    )


def coalition_worth(parts: Parts, *, nu: Any, xi: Any) -> Coalitional:
    """Return the worth of each coalition, zero or more, in units of insecurity.

    `nu` is the worth of a year of budget in preferential terms, `xi` the cost of entrapment
    (floats, or by runs). A coalition with absent states has the worth of those present.
    """
    worth = np.maximum(0.0, parts.security + nu * parts.terms - xi * parts.entrapment)
    size = np.bitwise_count(np.arange(worth.shape[0]))
    return present_only(np.where((size > 1)[:, None], worth, 0.0), parts.member)


def present_only(table: Coalitional, member: Member | None) -> Coalitional:
    """Return for each coalition the entry of those of its members that are present, by runs."""
    if member is None:
        return table
    bits = 1 << np.arange(member.shape[0])[:, None]
    present = np.sum((np.asarray(member) != 0) * bits, axis=0)
    runs = np.broadcast_shapes(table.shape[1:], present.shape)
    index = np.arange(table.shape[0])[:, None] & np.broadcast_to(present, runs)
    return np.take_along_axis(np.broadcast_to(table, (table.shape[0], *runs)), index, axis=0)


def best_coalition(worth: Coalitional) -> tuple[Int[Any, " runs"], Float[Any, " runs"]]:
    """Return the coalition of highest worth, by runs, and its worth.

    Among equals the one with the fewest members, then the lowest number; 0, the empty coalition,
    if none has a positive worth.
    """
    numbers = np.arange(worth.shape[0])
    order = np.lexsort((numbers, np.bitwise_count(numbers)))
    most = worth.max(axis=0)
    first = np.argmax(worth[order] >= most * (1.0 - 1e-12), axis=0)
    return order[first], most


def offers_of_help(
    members: Sequence[int], dyads: Any, strength: Any, affinity: Any, engagement: Any
) -> list[np.ndarray]:
    """Return the help of each member for every dyad's holder against the rival, TIV."""
    holder, rival = dyads
    offers = []
    for at, helper in enumerate(members):
        leaning = np.maximum(0.0, 0.5 * (affinity[helper, holder] - affinity[helper, rival]))
        apart = ((holder != helper) & (rival != helper))[:, None]
        offers.append(engagement[at] * leaning * strength[helper] * apart)
    return offers


def _helpers(position: np.ndarray, size: int) -> Any:
    """Yield for each call which members help each dyad's holder: (members, pairs) of 0 and 1.

    Bit k of a call's number says that the k-th of the holder's fellow members helps.
    """
    at = np.arange(size)[:, None]
    own = at == position
    fellow = np.maximum(at - (at > position), 0)
    for call in range(2 ** (size - 1)):
        yield np.where(own, 0, call >> fellow & 1)


def _helped(offered: list[np.ndarray], helpers: np.ndarray) -> Any:
    """Return the sum of the help of the helpers, by dyads."""
    total: Any = 0.0
    for offer, helps in zip(offered, helpers, strict=True):
        total = total + offer * helps[:, None]
    return total


def _security(calls: Any, members: Sequence[int]) -> np.ndarray:
    """Return the drop of insecurity in each coalition from one call for each set of helpers."""
    alone, drops = None, np.zeros((2 ** len(members), 1))
    for call, insecurity in enumerate(calls):
        of_members = np.asarray(insecurity)[np.asarray(members)]
        if alone is None:
            alone = of_members
            drops = np.zeros((2 ** len(members), alone.shape[-1]))
        for at in range(len(members)):
            low = call & ((1 << at) - 1)
            drops[low | (1 << at) | ((call >> at) << (at + 1))] += alone[at] - of_members[at]
    return drops


def _entrapment(
    members: Sequence[int], holder: Any, rival: Any, rivalry: Any, affinity: Any
) -> np.ndarray:
    """Return the members' affinity for outsiders with whom fellow members have a dispute."""
    numbers = np.arange(2 ** len(members))
    total = np.zeros((numbers.size, 1))
    for outsider in sorted(set(rival.tolist())):
        rows = (holder[:, None] == np.asarray(members)) & (rival == outsider)[:, None]
        disputes = np.stack([np.sum(rivalry * row[:, None], axis=0) for row in rows.T])
        liking = np.maximum(0.0, affinity[np.asarray(members), outsider])
        outside = 1 - (numbers >> members.index(outsider) & 1) if outsider in members else 1
        both = subset_sums(disputes) * subset_sums(liking)
        total = total + both * np.broadcast_to(outside, numbers.shape)[:, None]
    return total
