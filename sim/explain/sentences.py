"""Sentences: decisions, their probability from the reasons, and the role of chance, in words."""

from __future__ import annotations

from math import floor, log10

from sim.experiments.watch.choices import (
    ACCESSION,
    ANSWER,
    CONCESSION,
    CONSENT,
    CONTRIBUTION,
    EXIT,
    EXPULSION,
    FREEZE,
    OBJECTION,
    READMISSION,
    REQUEST,
    RESPONSE,
    SUSPENSION,
    THAW,
)
from sim.explain.parties import Parties

RESPONSES = ("lets pass", "stalls", "blocks")
OPTIONS = ("to let it pass", "to stall it", "to block it")
_SALE = "{supplier}'s sale of {system} to {recipient}"
_YES_NO = {
    CONSENT: ("refuses {what}", "agrees to {what}"),
    OBJECTION: ("does not object to {what}", "objects to {what}"),
    ANSWER: ("does not come to {victim}'s aid", "comes to {victim}'s aid"),
    CONTRIBUTION: (
        "refuses the contribution that {bloc} asks for",
        "makes the contribution that {bloc} asks for",
    ),
    EXIT: ("stays in {bloc}", "leaves {bloc}"),
    SUSPENSION: ("does not exclude {member}", "excludes {member}"),
    READMISSION: ("keeps {member} excluded", "readmits {member}"),
    EXPULSION: ("does not expel {member}", "expels {member}"),
    FREEZE: ("does not freeze its membership of {bloc}", "freezes its membership of {bloc}"),
    THAW: ("keeps its membership of {bloc} frozen", "resumes its membership of {bloc}"),
    ACCESSION: ("does not join {bloc}", "joins {bloc}"),
}
WAYS = ("keeps", "cancels", "hands over")  # answers to a threat against a delivery
_CONCESSIONS = (
    "keeps its order of {system} from {supplier} despite the threat of {attacker}",
    "cancels its order of {system} from {supplier} under the threat of {attacker}",
    "hands its order of {system} from {supplier} over to {heir} under the threat of {attacker}",
)
BY_OPTION = {  # choices with a draw for each option, and the word for the choice
    REQUEST: "this offer",
    RESPONSE: "this response",
    CONCESSION: "this decision",
}
HALF = 0.5
LEAST = 1e-4  # per cent of the cases, below which a choice is not counted


def choice_of(kind: str, choice: int, parties: Parties) -> str:
    """Return the choice, in words that follow the name of the actor."""
    if kind == REQUEST:
        return parties.phrase("asks {supplier} for {system}")
    if kind == RESPONSE:
        verb, _, particle = RESPONSES[choice].partition(" ")  # lets the sale pass
        return f"{verb} {parties.phrase('{what}')} {particle}".rstrip()
    if kind == CONCESSION:
        return parties.phrase(_CONCESSIONS[choice])
    words = _YES_NO[kind][1 if choice else 0]
    if kind == CONSENT:
        own = parties.keys["actor"] == parties.keys["supplier"]
        what = "sell {recipient} {system}" if own else _SALE
        if own and not choice:
            what = "to " + what
        words = words.replace("{what}", what)
    return parties.phrase(words)


def cases(chance: float) -> str:
    """Return a probability as n of 100 cases, or as a percentage if that would be 0 or all."""
    count = round(100 * chance)
    if 0 < count < 100:  # noqa: PLR2004
        return f"{count} of 100"
    rest = 100 * min(chance, 1 - chance)
    if rest < LEAST:
        return "all" if chance > HALF else f"under {LEAST:.4f} %"
    return f"{100 * chance:.{floor(-log10(rest)) + 1}f} %"


def such_cases(chance: float) -> str:
    """Return a probability as so many of such cases."""
    told = cases(chance)
    return f"{told} of such cases" if told.endswith("%") else f"{told} such cases"


def luck_of(chance: float, what: str) -> str:
    """Return how often the reasons lead to the choice, and that this was such a case."""
    told = f"These reasons lead to {what} in {such_cases(chance)}"
    count, _, base = cases(chance).partition(" of ")
    if not base:
        return f"{told}{_by_luck(chance)}."
    return f"{told}; this was {'the one' if count == '1' else f'one of the {count}'}."


def verdict_of(chance_of_yes: float, choice: int) -> str:
    """Return how often the reasons lead to yes, and whether this case was one of those."""
    told = f"These reasons lead to yes in {such_cases(chance_of_yes)}"
    count, _, base = cases(chance_of_yes).partition(" of ")
    if not base:
        other = "" if choice else ", yet here the answer was no" if chance_of_yes > HALF else ""
        return f"{told}{other}{_by_luck(chance_of_yes if choice else 1 - chance_of_yes)}."
    mine = int(count) if choice else int(base) - int(count)
    other = "" if choice else "other "
    one = f"the {other}one" if mine == 1 else f"one of the {other}{mine}"
    return f"{told}; this was {one}."


def _by_luck(chance: float) -> str:
    """Return that chance decided, if the reasons hardly ever lead to a choice."""
    return ": chance decided" if chance < HALF else ""


def moved_of(parties: Parties, before: float, after: float, *, priced: bool) -> str:
    """Return the effect of the reasons for taking part on engagement, on which leaving depends."""
    part = parties.phrase("{actor}'s part in {bloc}")
    on = "that part and its price" if priced else "that part alone"
    moves = f"The reasons move {part} from {before:.3f} to {after:.3f}"
    return f"{moves}; leaving depends on {on}."


def barred_of(parties: Parties, *, priced: bool) -> str:
    """Return that an excluded member takes no part, whatever its reasons for taking part."""
    on = "that and the price of leaving" if priced else "that alone"
    return parties.phrase(
        f"{{actor}} is excluded from {{bloc}} and takes no part in it: its exit depends on {on}."
    )


def welcome_of(parties: Parties, welcome: float) -> str:
    """Return that a candidate must also be welcome."""
    regard = parties.phrase("leader and members regard {actor}")
    return f"It also has to be welcome: {regard} by {welcome:.2f}. "


def purse_of(on_sale: int, seen: int, within: int) -> str:
    """Return how many of the offers on sale to a buyer it considered, and could afford."""
    if on_sale == within:
        return f"It considered all {on_sale} offers on sale to it and could afford all of them."
    were = f"{within}"
    looked = f"all {on_sale}" if seen == on_sale else f"{seen} of {on_sale}"
    return f"It considered {looked} offers on sale to it and could afford {were}."
