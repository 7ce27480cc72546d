"""Sentences: what was decided, how likely its reasons made it, and what chance did, in words."""

from __future__ import annotations

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
    CONTRIBUTION: ("refuses what {bloc} asks of it", "bears what {bloc} asks of it"),
    EXIT: ("stays in {bloc}", "leaves {bloc}"),
    SUSPENSION: ("does not shut {member} out", "shuts {member} out"),
    READMISSION: ("keeps {member} shut out", "lets {member} in again"),
    EXPULSION: ("does not expel {member}", "expels {member}"),
    FREEZE: ("does not freeze its part in {bloc}", "freezes its part in {bloc}"),
    THAW: ("keeps its part in {bloc} frozen", "takes up its part in {bloc} again"),
    ACCESSION: ("does not join {bloc}", "joins {bloc}"),
}
WAYS = ("keeps", "cancels", "hands on")  # of dealing with a threat against a delivery
_CONCESSIONS = (
    "keeps its order of {system} from {supplier} against the threat of {attacker}",
    "cancels its order of {system} from {supplier} under the threat of {attacker}",
    "hands its order of {system} from {supplier} on to {heir} under the threat of {attacker}",
)
BY_OPTION = {  # what has a draw for each option, and what chance is then said to be of
    REQUEST: "this offer",
    RESPONSE: "this response",
    CONCESSION: "this decision",
}
BASES = (100, 1_000, 10_000, 1_000_000)


def choice_of(kind: str, choice: int, parties: Parties) -> str:
    """Return what was chosen, in words that follow the name of the actor."""
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
    """Return a probability as so many of so many cases, as few as tell it from none and all."""
    for base in BASES:
        count = round(base * chance)
        if 0 < count < base:
            return f"{count:,} of {base:,}"
    return "all" if chance > 0.5 else f"fewer than 1 of {BASES[-1]:,}"  # noqa: PLR2004


def luck_of(chance: float, what: str) -> str:
    """Return how often the reasons give what was chosen, and that this was such a case."""
    told = cases(chance)
    if told == "all":
        return f"These reasons give {what} in all such cases."
    if told.startswith("fewer"):
        return f"These reasons give {what} in {told} such cases; this was one of them."
    count = told.partition(" ")[0]
    one = "the one" if count == "1" else f"one of the {count}"
    return f"These reasons give {what} in {told} such cases; this was {one}."


def verdict_of(chance_of_yes: float, choice: int) -> str:
    """Return how often the reasons give yes, and on which side of that this case was."""
    told = cases(chance_of_yes)
    if told == "all" or told.startswith("fewer"):
        tail = "; this was one of them" if bool(choice) == (told != "all") else "; this was none"
        if told == "all":
            tail = "" if choice else "; this was none"
        return f"These reasons give yes in {told} such cases{tail}."
    count, _, base = told.partition(" of ")
    yes, all_ = int(count.replace(",", "")), int(base.replace(",", ""))
    mine = yes if choice else all_ - yes
    one = "the one" if mine == 1 else f"one of the {mine:,}"
    return f"These reasons give yes in {told} such cases; this was {one}."


def moved_of(parties: Parties, before: float, after: float, *, priced: bool) -> str:
    """Return what the reasons of taking part do to an engagement, on which leaving depends."""
    part = parties.phrase("{actor}'s part in {bloc}")
    on = "that part and its price" if priced else "that part alone"
    moves = f"The reasons move {part} from {before:.3f} to {after:.3f}"
    return f"{moves}, and on {on} leaving depends."


def barred_of(parties: Parties, *, priced: bool) -> str:
    """Return that a member that is shut out has no part, whatever its reasons of taking part."""
    on = "that and the price of leaving" if priced else "that alone"
    return parties.phrase(
        f"{{actor}} is shut out of {{bloc}} and has no part in it: its exit depends on {on}."
    )


def welcome_of(parties: Parties, welcome: float) -> str:
    """Return that who wants to join has to be welcome, too."""
    regard = parties.phrase("leader and members regard {actor}")
    return f"It joins as far as it is welcome, too: {regard} by {welcome:.2f}. "


def purse_of(on_sale: int, seen: int, within: int) -> str:
    """Return how many of the offers on sale to a buyer it looked at, and could pay for."""
    if on_sale == within:
        return f"It looked at all {on_sale} offers on sale to it; all were within its purse."
    were = "1 was" if within == 1 else f"{within} were"
    looked = f"all {on_sale}" if seen == on_sale else f"{seen} of {on_sale}"
    return f"It looked at {looked} offers on sale to it; {were} within its purse."
