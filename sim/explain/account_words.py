"""Words of an account: the decision, the role of chance, changes that would have altered it."""

from __future__ import annotations

from collections.abc import Sequence

from sim.experiments.watch.choices import RESPONSE
from sim.explain.account import Alternative, DecisionAccount, Flip, Given
from sim.kernel.words import first_few
from sim.seeing.running_text import statement

SHOWN = 5  # alternatives, flips
KEYS = 2  # sources of a number that are named
TINY = 5e-3  # a term below it is negligible


def decision_sentence(account: DecisionAccount) -> str:
    """Return the decision and its actor."""
    return statement(
        f"{account.who} {account.choice}." if account.reasons else f"{account.choice}."
    )


def chance_sentence(account: DecisionAccount) -> str:
    """Return the contribution of chance, apart from the reasons."""
    lead = "infinite" if account.margin is None else short(account.margin)
    margin = f"by a margin of {lead} {account.unit}"
    if account.draw is None:
        others = [each for each in account.alternatives if not each.chosen]
        if not others:
            return "There was no other choice."
        named = [each for each in others if each.name == account.against]
        best = max(named or others, key=lambda each: each.total)
        return f"Chosen rather than {best.words}, {margin}, chance included."
    yes = next(each.chance for each in account.alternatives if each.name == "yes")
    side = "above" if account.draw >= yes else "below"
    return f"Chance drew {short(account.draw)}, {side} {short(yes)}: {margin}."


def ranked(account: DecisionAccount) -> Sequence[Alternative]:
    """Return the alternatives shown, the best first, including the one compared with."""
    order = sorted(account.alternatives, key=lambda each: -each.total)
    named = [each for each in order[SHOWN:] if each.name == account.against]
    return (*order[: SHOWN - len(named)], *named)


def reasons_heading(account: DecisionAccount) -> str:
    """Return the heading of the reasons, with their unit."""
    what = "reasons to block it" if account.kind == RESPONSE else "reasons"
    return f"{what} ({account.unit})"


def flips_heading(account: DecisionAccount) -> str:
    """Return the heading of the changes that would have altered a decision."""
    if not account.flips:
        return "no change of a single number within its bounds would have altered the decision"
    return "changes that would have altered it, all else equal (share of the number's range)"


def flip_words(each: Flip) -> tuple[str, str]:
    """Return the required change of a number as a share of its range, and the change."""
    change = f"{short(each.value)} to {short(each.to)}"
    share = f"{100 * each.share:.0f} %" if each.share >= 0.01 else "< 1 %"  # noqa: PLR2004
    becomes = "" if each.becomes in ("yes", "no") else f" -> {each.becomes}"
    if each.words.endswith(f", {each.becomes}"):
        becomes = " -> that offer"
    return share, f"{each.words}: {change}{becomes}"


def given_words(each: Given) -> str:
    """Return an input of a law with its value, path and source."""
    plain = not each.unit or " to " in each.unit or " or " in each.unit
    unit = "" if plain else f" {each.unit}"
    moved = each.start is not None and short(each.start) != short(each.value)
    start = f", {short(each.start or 0.0)} at the start" if moved else ""
    source = f" ({each.path}: {_sources(each.source or '')})" if each.path else ""
    return f"{each.words}: {short(each.value)}{unit}{start}{source}"


def _sources(text: str) -> str:
    """Return the first sources of several."""
    return first_few(text.split(", "), KEYS)


def short(value: float) -> str:
    """Return a number in three digits."""
    return f"{value + 0.0:.3g}" if abs(value) < 1000 else f"{value:,.0f}"  # noqa: PLR2004
