"""Accountant: the components of a decision, from the recorded points and the laws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np

from sim.conform.domains import arguments_of
from sim.documents.leaves import Uncertain
from sim.experiments.watch.choices import (
    ACCESSION,
    CONCESSION,
    CONSENT,
    EXIT,
    POINTS,
    REQUEST,
    RESPONSE,
    chances,
    utilities,
)
from sim.experiments.watch.choices import luck as luck_of_offers
from sim.explain.account import Alternative, DecisionAccount, Flip, Given, GivenReason
from sim.explain.alternatives import responses_of, ways_of
from sim.explain.balance import Balance, Key, balance_of, law_of
from sim.explain.casebook import Casebook, ChoiceEntry, DecisionEntry
from sim.explain.flips import turns
from sim.explain.membership_words import LEAVING
from sim.explain.order_account import order_account
from sim.explain.parts import parts_of
from sim.explain.phrases import TermWords
from sim.explain.sentences import (
    BY_OPTION,
    RESPONSES,
    WAYS,
    barred_of,
    choice_of,
    luck_of,
    moved_of,
    purse_of,
    verdict_of,
    welcome_of,
)
from sim.explain.vocabulary import INPUTS, ROLES, TERMS, UNITS
from sim.kernel.arrays import NONE
from sim.kernel.parameters import parameters_of
from sim.scenario.paths import number_paths

NEXT = 3  # offers besides the one chosen whose numbers are tried for a flip
NOTHING = "nothing"
ABOUT = frozenset(
    {"offer", "supplier", "recipient", "system", "bloc", "victim", "attacker", "member"}
)
OF_OFFER = frozenset({"gain", "best", "lag", "defect", "at_stake"})  # inputs of a request


@dataclass(frozen=True, eq=False)
class Accountant:
    """Accounts for the decisions of a casebook.

    The reasons for a request are compared with those for the next best offer, or for the
    affordable ones of `versus`: an offer, or a system.
    """

    book: Casebook
    versus: str | None = None

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """Return the source of every number of the variant, by path."""
        return self.book.replay.scenario.sources_of(self.book.replay.variant)

    @cached_property
    def numbers(self) -> Mapping[str, float]:
        """Return every number of the variant that is the same in all runs, by path."""
        known = number_paths(self.book.replay.model)
        return {p: float(n.value) for p, n in known.items() if not isinstance(n.value, Uncertain)}

    def account(self, entry: DecisionEntry) -> DecisionAccount:
        """Return the account of a decision."""
        if not isinstance(entry, ChoiceEntry):
            return order_account(self.book, entry)
        choices, row, kind = entry.choices, entry.row, entry.kind
        balance = balance_of(entry.moment, choices, row)
        rival = self._rival(entry) if kind == REQUEST else None
        unit = UNITS[kind]
        return DecisionAccount(
            id=entry.id,
            kind=kind,
            date=entry.date,
            actor=entry.parties.keys["actor"],
            who=entry.parties.names["actor"],
            about={p: k for p, k in entry.parties.keys.items() if p in ABOUT},
            choice=entry.choice,
            sentence=self._sentence(entry),
            context=self._context(entry),
            unit=unit,
            reasons=self._reasons(entry, rival),
            leaving=self._leaving(entry) if kind == EXIT else (),
            alternatives=self._alternatives(entry),
            total=float(choices.odds[row]),
            chance=entry.chance,
            draw=None if kind in BY_OPTION else float(choices.draw[row]),
            against=None if rival is None else rival.name,
            margin=self._margin(entry, rival),
            flips=self._flips(entry, balance, rival),
        )

    def _rival(self, entry: ChoiceEntry) -> Alternative | None:
        """Return the offer that a request is compared with: the next, or the best of `versus`."""
        others = [each for each in self._offers(entry) if not each.chosen]
        named = [each for each in others if self._is_versus(each.name)]
        return next(iter(named or others), None)

    def _is_versus(self, offer: str) -> bool:
        layout = self.book.replay.layout
        system = layout.systems[layout.system[layout.offers.index(offer)]]
        return self.versus in (offer, system)

    def _margin(self, entry: ChoiceEntry, rival: Alternative | None) -> float | None:
        """Return the margin of the choice, chance included; None without an alternative."""
        if rival is None:
            margin = abs(float(entry.choices.margin[entry.row]))
            return margin if isfinite(margin) else None
        made = next(each for each in self._offers(entry) if each.chosen)
        return made.total - rival.total

    def _sentence(self, entry: ChoiceEntry) -> str:
        choices, row = entry.choices, entry.row
        if entry.kind in BY_OPTION:
            return luck_of(float(choices.chance[row]), BY_OPTION[entry.kind])
        told = verdict_of(float(choices.chance[row]), entry.made)
        if entry.kind == EXIT:
            priced = "price" in choices.inputs
            told = f"{self._part(entry, priced=priced)} {told}"
        if entry.kind == ACCESSION:
            told = welcome_of(entry.parties, float(choices.inputs["welcome"][row])) + told
        return told

    def _part(self, entry: ChoiceEntry, *, priced: bool) -> str:
        """Return the sentence on the part in a bloc, on which leaving depends."""
        _, point = entry.moment.point(POINTS[EXIT])
        if point.shut_out[tuple(each[entry.row] for each in entry.choices.cell[:2])][0] > 0:
            return barred_of(entry.parties, priced=priced)
        ends = (float(entry.choices.inputs[n][entry.row]) for n in ("before", "engagement"))
        return moved_of(entry.parties, *ends, priced=priced)

    def _context(self, entry: ChoiceEntry) -> str:
        """Return how long a draw holds; or the offers on sale to a buyer and affordable."""
        if entry.kind == CONSENT:
            hold = law_of(entry.moment, ROLES[CONSENT], 0).hold
            return f"The draw holds for at most {hold:g} years (laws.consent.hold)."
        if entry.kind != REQUEST:
            return ""
        _, point = entry.moment.point(POINTS[REQUEST])
        on_sale, open_ = (each[entry.buyer, :, 0] for each in (point.on_sale, point.open))
        places = self.book.replay.layout.seller_place
        seen = on_sale & point.looked_at[entry.buyer, places, 0]
        told = purse_of(int(on_sale.sum()), int(seen.sum()), int(open_.sum()))
        named = [at for at, n in enumerate(self.book.replay.layout.offers) if self._is_versus(n)]
        if self.versus is None or open_[named].any():
            return told
        beyond = [at for at in named if on_sale[at]]
        if not beyond:
            return f"{told} {self.versus} was not on sale to it."
        looked = [at for at in beyond if seen[at]]
        if not looked:
            return f"{told} It did not consider {self.book.register.offer(beyond[0])}."
        offer = min(looked, key=lambda at: float(point.cost[entry.buyer, at, 0]))
        cost, purse = (float(each[entry.buyer, offer, 0]) for each in (point.cost, point.largest))
        what = self.book.register.offer(offer)
        return f"{told} It could not afford {what}: {cost:,.0f} M USD; it had {purse:,.0f}."

    def _reasons(self, entry: ChoiceEntry, rival: Alternative | None) -> tuple[GivenReason, ...]:
        choices, row, kind = entry.choices, entry.row, entry.kind
        other = {} if rival is None else self._terms_of(entry, rival)
        law = law_of(entry.moment, ROLES[kind], 0)
        return tuple(
            GivenReason(
                name=name,
                value=float(values[row]),
                versus=other.get(name),
                **self._made_of(entry, ROLES[kind], law, TERMS[kind][name]),
            )
            for name, values in choices.terms.items()
        )

    def _leaving(self, entry: ChoiceEntry) -> tuple[GivenReason, ...]:
        """Return the terms of the hazard of an exit: the remaining part, the cost of leaving."""
        law = law_of(entry.moment, "membership", 0)
        _, point = entry.moment.point(POINTS[EXIT])
        pair = entry.choices.other["pair"][entry.row]
        return tuple(
            GivenReason(
                name=name,
                value=float(values[pair, 0]),
                **self._made_of(entry, "membership", law, LEAVING[name]),
            )
            for name, values in point.leaving.items()
        )

    def _made_of(self, entry: ChoiceEntry, role: str, law: Any, words: TermWords) -> dict[str, Any]:
        """Return a term in words, with its components and weights."""
        weights = [each for each in words.parameters if each in parameters_of(type(law))]
        inputs = [each for each in words.inputs if each in entry.choices.inputs]
        return {
            "words": entry.parties.phrase(words.words),
            "inputs": tuple(
                self._given(entry, each) for each in inputs if _asks(law, entry.kind, each)
            ),
            "weights": tuple(self._weight(role, law, each) for each in weights),
        }

    def _given(self, entry: ChoiceEntry, name: str) -> Given:
        """Return an input of the law, with the scenario's number."""
        about, parties = INPUTS[entry.kind][name], entry.parties
        path = parties.path(about.path)
        path = path if path in self.sources else ""
        return Given(
            name=name,
            words=parties.phrase(about.words),
            value=float(entry.choices.inputs[name][entry.row]),
            unit=about.unit,
            path=path or None,
            source=self.sources.get(path),
            start=self.numbers.get(path) if about.starts else None,
            parts=parts_of(entry, name, self.book.register),
        )

    def _weight(self, role: str, law: Any, name: str) -> Given:
        about, path = parameters_of(type(law))[name], f"laws.{role}.{name}"
        return Given(
            name=name,
            words=about.doc,
            value=float(getattr(law, name)),
            unit=about.unit,
            path=path,
            source=self.sources.get(path, about.source),
        )

    def terms_of_next(self, entry: ChoiceEntry) -> dict[str, float]:
        """Return the terms of the offer next to the one asked for; empty if there is none."""
        rival = self._rival(entry)
        return {} if rival is None else self._terms_of(entry, rival)

    def _terms_of(self, entry: ChoiceEntry, rival: Alternative) -> dict[str, float]:
        """Return the terms of another offer than the one asked for."""
        offer, buyer = self.book.replay.layout.offers.index(rival.name), entry.buyer
        _, point = entry.moment.point(POINTS[REQUEST])
        seller = int(self.book.replay.layout.seller_place[offer])
        own = {name: _cell(each, buyer, offer) for name, each in point.terms.items()}
        return own | {n: _cell(each, buyer, seller) for n, each in point.supplier_terms.items()}

    def _alternatives(self, entry: ChoiceEntry) -> tuple[Alternative, ...]:
        choices, row = entry.choices, entry.row
        if entry.kind == REQUEST:
            return (*self._offers(entry), self._not_now(entry))
        if entry.kind == RESPONSE:
            return responses_of(entry)
        if entry.kind == CONCESSION:
            return ways_of(entry, self.book.register)
        yes, made = float(choices.chance[row]), entry.made
        return tuple(
            Alternative(
                name=name,
                words=choice_of(entry.kind, which, entry.parties),
                reasons=float(choices.odds[row]) if which else 0.0,
                luck=None,
                chance=yes if which else 1 - yes,
                chosen=which == made,
            )
            for which, name in ((1, "yes"), (0, "no"))
        )

    def _offers(self, entry: ChoiceEntry) -> tuple[Alternative, ...]:
        """Return the affordable offers, the one with the highest utility including chance first."""
        buyer = entry.buyer
        _, point = entry.moment.point(POINTS[REQUEST])
        open_ = np.flatnonzero(point.open[buyer, :, 0])
        known = utilities(entry.moment, point)[buyer, open_, 0]
        luck = luck_of_offers(entry.moment, point)[buyer, open_, 0]
        chance = chances(entry.moment, point)[buyer, open_, 0]
        return tuple(
            Alternative(
                name=self.book.replay.layout.offers[open_[at]],
                words=self.book.register.offer(int(open_[at])),
                reasons=float(known[at]),
                luck=float(luck[at]),
                chance=float(chance[at]),
                chosen=int(open_[at]) == entry.made,
            )
            for at in np.argsort(-(known + luck), kind="stable")
        )

    def _not_now(self, entry: ChoiceEntry) -> Alternative:
        """Return the alternative to all offers: buying nothing now."""
        _, point = entry.moment.point(POINTS[REQUEST])
        reserve, scale = (
            float(np.asarray(each).reshape(-1)[0]) for each in (point.reserve, point.scale)
        )
        whole = float(chances(entry.moment, point)[entry.buyer, :, 0].sum())
        return Alternative(
            name=NOTHING,
            words="no purchase now",
            reasons=reserve,
            luck=scale * float(point.none_draw[entry.buyer, 0]),
            chance=max(1.0 - whole, 0.0),
            chosen=False,
        )

    def _flips(
        self, entry: ChoiceEntry, balance: Balance, rival: Alternative | None
    ) -> tuple[Flip, ...]:
        keys = self._keys(entry, balance, rival) if entry.kind == REQUEST else None
        return tuple(
            Flip(
                name=each.key[0],
                words=self._of_key(entry, each.key),
                value=each.value,
                to=each.to,
                unit=INPUTS[entry.kind][each.key[0]].unit,
                low=balance.ends[each.key][0],
                high=balance.ends[each.key][1],
                share=each.share,
                becomes=self._becomes(entry, each.becomes),
            )
            for each in turns(balance, keys)
        )

    def _keys(self, entry: ChoiceEntry, balance: Balance, rival: Alternative | None) -> list[Key]:
        """Return the numbers of the offer asked for, of those next to it, and their suppliers'."""
        offers = self._offers(entry)[: NEXT + 1]
        if self.versus is not None and rival is not None:
            offers = (offers[0], rival)
        numbers = {self.book.replay.layout.offers.index(each.name) for each in offers}
        sellers = {int(self.book.replay.layout.seller_place[offer]) for offer in numbers}
        return [
            key
            for key in balance.inputs
            if key[1] == NONE or key[1] in (numbers if key[0] in OF_OFFER else sellers)
        ]

    def _of_key(self, entry: ChoiceEntry, key: Key) -> str:
        """Return a number in words; for a request, with its offer."""
        name, which = key
        words = INPUTS[entry.kind][name].words
        if which == NONE:
            return entry.parties.phrase(words)
        actor = entry.actor
        if name in OF_OFFER:
            parties = self.book.register.parties(actor=actor, offer=which)
            return f"{parties.phrase(words)}, {self.book.register.offer(which)}"
        supplier = int(self.book.replay.layout.sellers[which])
        return self.book.register.parties(actor=actor, supplier=supplier).phrase(words)

    def _becomes(self, entry: ChoiceEntry, choice: int) -> str:
        if entry.kind == REQUEST:
            return NOTHING if choice == NONE else self.book.register.offer(choice)
        if entry.kind == RESPONSE:
            return RESPONSES[choice]
        if entry.kind == CONCESSION:
            return WAYS[choice]
        return "yes" if choice else "no"


def _cell(term: Any, buyer: int, which: int) -> float:
    """Return the value of a term for a buyer and an offer, or a seller."""
    array = np.asarray(term)
    array = array[None] if array.ndim == 2 else array  # noqa: PLR2004
    return float(array[0 if array.shape[0] == 1 else buyer, which].reshape(-1)[0])


def _asks(law: Any, kind: str, name: str) -> bool:
    """Return whether the law in force uses an input that only some variants use."""
    if (kind, name) in {(CONSENT, "harm"), (CONSENT, "following"), (CONSENT, "example")}:
        kind_of_law: Any = type(law)
        return name in arguments_of(kind_of_law, "terms")
    return True
