"""Parties: the states and blocs in a choice, by key and by name, for ids, phrases and paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.experiments.watch.choices import (
    ANSWER,
    BY_BLOC,
    BY_MEMBER,
    CONCESSION,
    CONSENT,
    CONTRIBUTION,
    OBJECTION,
    REQUEST,
    RESPONSE,
    Choices,
)
from sim.kernel.arrays import NONE
from sim.kernel.layout.layout import Layout
from sim.scenario.schema.root import Model
from sim.seeing.running_text import articles, possessives

ORDER = "order"
WITHIN = "a threat from within"
_IN_ID = {
    REQUEST: ("actor", "supplier", "system"),
    CONSENT: ("actor", "supplier", "recipient", "system"),
    OBJECTION: ("actor", "supplier", "recipient", "system", "bloc"),
    RESPONSE: ("actor", "supplier", "recipient", "system", "bloc"),
    ANSWER: ("actor", "victim", "attacker", "bloc"),
    **dict.fromkeys(BY_MEMBER, ("actor", "bloc")),
    **dict.fromkeys(BY_BLOC, ("bloc", "member")),
    CONCESSION: ("actor", "supplier", "system"),
    CONTRIBUTION: ("actor", "bloc"),
    ORDER: ("supplier", "recipient", "system"),
}


@dataclass(frozen=True)
class Parties:
    """The keys of the parties, by their role."""

    keys: Mapping[str, str]
    names: Mapping[str, str]

    def phrase(self, words: str) -> str:
        """Return a phrase of the vocabulary with their names."""
        return possessives(words.format_map(self.names))

    def path(self, template: str) -> str:
        """Return a path of the vocabulary with their keys; empty if a party is missing."""
        try:
            return template.format_map(self.keys)
        except KeyError:
            return ""

    def identity(self, kind: str, date: str) -> str:
        """Return the id of a decision."""
        parts = dict.fromkeys(self.keys[part] for part in _IN_ID[kind] if part in self.keys)
        return ":".join([kind, *parts, date])


def _of_deed(parties: Parties, *, buys: bool) -> Parties:
    """Return the parties with the offender of a bloc, the deed, and the rule against it."""
    keys, names = {**parties.keys}, {**parties.names}
    sides = ("recipient", "supplier") if buys else ("supplier", "recipient")
    for part, side in zip(("offender", "other"), sides, strict=True):
        keys[part], names[part] = keys[side], names[side]
    bloc = f"blocs.{keys['bloc']}"
    keys["rule_path"] = f"{bloc}.custom" if buys else f"{bloc}.norm"
    keys["offence_path"] = f"{bloc}.custom" if buys else f"systems.{keys['system']}.offence"
    names["deed"] = "purchase" if buys else "sale"
    names["rule"] = (
        "custom not to buy from members' rivals" if buys else "norm against arming members' rivals"
    )
    preposition = "from" if buys else "to"
    names["what"] = parties.phrase(
        f"{{{sides[0]}}}'s {names['deed']} of {{system}} {preposition} {{{sides[1]}}}"
    )
    return Parties(keys, names)


@dataclass(frozen=True)
class Register:
    """Who is who in a model."""

    model: Model
    layout: Layout

    def state(self, number: int) -> str:
        """Return the name of a state."""
        return self.model.states[self.layout.states[number]].name

    def offer(self, number: int) -> str:
        """Return the system and supplier of an offer, in words."""
        system = self.model.systems[self.layout.systems[self.layout.system[number]]].name
        return articles(f"{system} from {self.state(self.layout.supplier[number])}")

    def of_choice(self, choices: Choices, row: int) -> Parties:
        """Return the parties of a choice, a row of those of a kind."""
        numbers = {
            part: int(column[row])
            for part in ("offer", "recipient", "bloc", "victim", "attacker", "member")
            if (column := getattr(choices, part)) is not None
        }
        if choices.heir is not None and choices.heir[row] != NONE:
            numbers["heir"] = int(choices.heir[row])
        parties = self.parties(actor=int(choices.actor[row]), **numbers)
        if choices.kind in BY_BLOC:
            return Parties(parties.keys, {**parties.names, "actor": parties.names["bloc"]})
        if choices.kind not in (OBJECTION, RESPONSE):
            return parties
        return _of_deed(parties, buys=bool(choices.other["purchase"][row]))

    def parties(self, **numbers: int) -> Parties:
        """Return the parties of some numbers in the layout."""
        layout, keys, names = self.layout, {}, {}
        if "offer" in numbers:
            offer = numbers.pop("offer")
            keys["offer"] = layout.offers[offer]
            numbers["supplier"] = int(layout.supplier[offer])
            keys["system"] = layout.systems[layout.system[offer]]
            names["system"] = self.model.systems[keys["system"]].name
        if "bloc" in numbers:
            bloc = numbers.pop("bloc")
            keys["bloc"] = names["bloc"] = layout.blocs[bloc]
            numbers["leader"] = int(layout.leader[bloc])
        for part, state in numbers.items():
            if state == NONE:
                names[part] = WITHIN
                continue
            keys[part] = layout.states[state]
            names[part] = self.state(state)
        return Parties(keys, names)
