"""Leading reasons: the few terms of a decision that a story mentions."""

from collections.abc import Mapping

from sim.explain.account_words import TINY
from sim.explain.chronicle import ChronicleReason

STRONGEST = 2  # reasons that are mentioned
BASE = "base"  # the term that is not a reason


def strongest(
    actor: str, terms: Mapping[str, float], words: Mapping[str, str], unit: str, *, yes: bool
) -> list[ChronicleReason]:
    """Return the terms that speak most strongly for yes, or for no, the strongest first."""
    side = 1 if yes else -1
    found = sorted(
        (name for name in terms if name != BASE and side * terms[name] >= TINY),
        key=lambda name: -side * terms[name],
    )
    return [
        ChronicleReason(actor=actor, words=words[name], value=terms[name], unit=unit)
        for name in found[:STRONGEST]
    ]
