"""Opening questions of a new case: outcomes, variants and contrasts that its figures suggest.

The first is what a sale by a member of a bloc to the sharpest rival of a fellow member does, if the
rival imports arms and an offer is open to it. Of the weapons on offer the one with most offence is
taken: worth times `offence` times units. As many units are sold as a year of the rival's arms
imports pays for, one batch at most. Then comes what the treaty of the first bloc does; without
blocs, what the sharpest dispute does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.cases.case_plan import usual_value
from sim.cases.figures import spelled
from sim.cases.quarrels import RIVALRY
from sim.data.state_codes import in_sentence

_WATCHED = 3  # pairs with an outcome on their wars
_OFFENCE = 0.5  # of a system that says nothing of it
_QUESTION = re.compile(r"^question: .*$", re.MULTILINE)
Dyad = tuple[str, str]


class OpeningSale(NamedTuple):
    """A sale to ask about."""

    supplier: str
    recipient: str
    system: str
    units: float


def with_questions(text: str, plain: Mapping[str, Any]) -> str:
    """Return a filled case with outcomes, variants and contrasts, and the first as its question."""
    sections, first = opening_questions(plain)
    if first:
        text = _QUESTION.sub(lambda _: f"question: {spelled(first)}", text, count=1)
    return text + sections


def opening_questions(plain: Mapping[str, Any]) -> tuple[str, str]:
    """Return outcomes, variants and contrasts that suit a filled case, and the first question."""
    blocs = [name for name, bloc in (plain.get("blocs") or {}).items() if len(bloc["members"]) > 1]
    dyads = _sharpest(plain)
    outcomes = [f"{metric} {name}" for name in blocs for metric in ("cohesion", "engagement")]
    outcomes += [f"war_rate {one}>{other}" for one, other in dyads[:_WATCHED]]
    variants: dict[str, str] = {}
    contrasts: dict[str, str] = {}
    questions: list[str] = []
    if (sale := _sale(plain)) is not None:
        order = (
            f"{{supplier: {sale.supplier}, recipient: {sale.recipient}, "
            f"system: {spelled(sale.system)}, units: {spelled(sale.units)}}}"
        )
        start = plain["time"]["start"]
        variants["sale"] = f"{{events: {{sale: {{at: {start}, order: {order}, source: assumed}}}}}}"
        parties = f"by {_name(sale.supplier, plain)} to {_name(sale.recipient, plain)}"
        questions.append(
            f"What does a sale of {_name(sale.system, plain, 'systems')} {parties} do?"
        )
        contrasts["sale"] = f"{{of: sale, versus: baseline, asks: {spelled(questions[-1])}}}"
        outcomes.append(f"delivered {sale.supplier}>{sale.recipient} {sale.system}")
    for name in blocs[:1]:
        variants["no_treaty"] = f"{{blocs: {{{name}: {{commitment: 0}}}}}}"
        questions.append(f"What does the treaty of {name} do?")
        contrasts["treaty"] = f"{{of: baseline, versus: no_treaty, asks: {spelled(questions[-1])}}}"
    if not variants and dyads:
        one, other = dyads[0]
        variants["calm"] = f"{{rivalries: {{{one}: {{with: {{{other}: 0}}}}}}}}"
        who = f"{_name(one, plain)} has with {_name(other, plain)}"
        questions.append(f"What does the dispute that {who} do?")
        contrasts["dispute"] = f"{{of: baseline, versus: calm, asks: {spelled(questions[-1])}}}"
    parts = [
        ("outcomes", [f"  - {each}" for each in outcomes]),
        ("variants", [f"  {key}: {text}" for key, text in variants.items()]),
        ("contrasts", [f"  {key}: {text}" for key, text in contrasts.items()]),
    ]
    text = "".join(f"\n{key}:\n{_lines(lines)}" for key, lines in parts if lines)
    return text, questions[0] if questions else ""


def _name(key: str, plain: Mapping[str, Any], section: str = "states") -> str:
    """Return the name of a state, with its article, or of a system; its key if it has none."""
    entry = (plain.get(section) or {}).get(key) or {}
    name = str(entry.get("name", key))
    return in_sentence(name) if section == "states" else name


def _lines(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _disputes(plain: Mapping[str, Any]) -> dict[Dyad, float]:
    """Return the dispute that the first state of a dyad has with the second."""
    return {
        (one, other): float(size)
        for one, rivalry in (plain.get("rivalries") or {}).items()
        for other, size in rivalry["with"].items()
    }


def _sharpest(plain: Mapping[str, Any]) -> list[Dyad]:
    """Return dyads from the largest dispute of the first with the second on, each pair once."""
    sizes = _disputes(plain)
    ordered = sorted(sizes, key=lambda dyad: (-sizes[dyad], dyad))
    return [dyad for at, dyad in enumerate(ordered) if dyad[::-1] not in ordered[:at]]


def _sale(plain: Mapping[str, Any]) -> OpeningSale | None:
    """Return the most telling sale by a member of a bloc to a rival of a fellow member, if any.

    The sharper the dispute with the fellow, the more telling; then the slighter the supplier's own.
    Sales to a rival of the supplier's own, with a dispute that closes its offers, and those that an
    offer is closed to, are left out.
    """
    found: list[tuple[float, float, bool, float, str, OpeningSale]] = []
    sizes = _disputes(plain)
    means = {state: _imports(entry) for state, entry in (plain.get("states") or {}).items()}
    for bloc in (plain.get("blocs") or {}).values():
        members = bloc["members"]
        for name, offer in (plain.get("offers") or {}).items():
            supplier = offer["supplier"]
            fellows = {*members} - {supplier} if supplier in members else set()
            for (fellow, rival), size in sizes.items():
                if fellow not in fellows or rival in members:
                    continue
                own = max(sizes.get((supplier, rival), 0), sizes.get((rival, supplier), 0))
                units = _affordable(offer, means.get(rival, 0.0))
                if own >= RIVALRY or rival in (offer.get("not_to") or ()) or not units:
                    continue
                telling = units * _offence((plain.get("systems") or {}).get(offer["system"]) or {})
                sale = OpeningSale(supplier, rival, offer["system"], units)
                found.append((-size, own, supplier != bloc["leader"], -telling, name, sale))
    return min(found)[-1] if found else None


def _imports(state: Mapping[str, Any]) -> float:
    """Return what a state pays for arms from abroad in a year, M USD of 2016."""
    return math.prod(usual_value(state.get(key)) for key in ("gdp", "burden", "import_share"))


def _affordable(offer: Mapping[str, Any], means: float) -> float:
    """Return how many units of an offer some money buys, one batch at most."""
    batch, price = usual_value(offer["batch"]), usual_value(offer["price"])
    return float(min(batch, math.floor(batch * means / price) if price > 0 else batch))


def _offence(system: Mapping[str, Any]) -> float:
    """Return how much offence a unit of a system has, TIV."""
    return usual_value(system.get("worth")) * usual_value(system.get("offence", _OFFENCE))
