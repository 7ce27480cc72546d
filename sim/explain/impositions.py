"""Impositions: events of the scenario in words."""

from collections.abc import Callable, Mapping, Sequence

from sim.documents.nodes import DottedPath
from sim.experiments.watch.run_events import RunEvent
from sim.kernel.arrays import NONE
from sim.kernel.layout.layout import Layout
from sim.kernel.words import together
from sim.scenario.schema.events import AffinityMove, EmbargoChange, RivalryMove, SanctionChange
from sim.scenario.schema.root import Model
from sim.seeing.numerals import per_cent
from sim.seeing.running_text import possessives

# by kind of event; the second of two if its number is 0
IMPOSITIONS: Mapping[str, tuple[str, ...]] = {
    "loan": ("{actor} lends {aided} {amount:,.0f} million USD",),
    "embargo": (
        "{actor} {bans} {goods} for {against}",
        "{actor} {lifts} ban on {goods} for {against}",
    ),
    "forgive": ("{actor} cancels {share} of {aided}'s debt to it",),
    "sanction": (
        "{actor} {cuts} {share} of the trade with {against}",
        "{actor} {opens} all trade with {against} again",
    ),
    "threat": (
        "{actor} threatens {against}, should {system} come from {supplier}",
        "{actor} ends its threat to {against} over {system} from {supplier}",
    ),
    "membership": ("{actor} joins {bloc}", "{actor} leaves {bloc}"),
    "exclude": ("{bloc} excludes {actor}", "{bloc} readmits {actor}"),
    "rivalry": ("{actor}'s dispute with {against} {turns}",),
    "affinity": ("{actor}'s regard for {against} {turns}",),
    "sponsor": (
        "{actor} is willing ({amount:g}) to replace what {aided} would lose by leaving a bloc",
        "{actor} is no longer willing to replace what {aided} would lose by leaving a bloc",
    ),
    "budget": ("{actor} spends {amount:g} times as much of its output on arms",),
    "set": ("{number} becomes {amount:g}",),
}


def imposed(event: RunEvent, model: Model, layout: Layout, name: Callable[[int], str]) -> str:
    """Return the sentence on an event of the scenario in a run."""
    about = model.events[event.about]
    parts = {
        part: name(state)
        for part, state in vars(event).items()
        if part in ("actor", "against", "aided") and state != NONE
    }
    if event.bloc != NONE:
        parts["bloc"] = layout.blocs[event.bloc]
    if about.set_ is not None:
        parts["number"] = number_called(about.set_.path, model)
    if about.threat is not None:
        parts["system"] = model.systems[about.threat.system].name
        parts["supplier"] = model.states[about.threat.supplier].name
    if about.embargo is not None:
        parts |= ban(about.embargo, layout.states, name)
    if (move := about.rivalry or about.affinity) is not None:
        parts["turns"] = turns(move, event.amount)
    if about.sanction is not None:
        parts |= cuts(about.sanction, layout.states, name)
    words = IMPOSITIONS[about.kind][0 if event.amount else -1]
    whole = words.format(**parts, amount=event.amount, share=per_cent(event.amount))
    return possessives(whole)


def number_called(path: DottedPath, model: Model) -> str:
    """Return the number that an event sets, with its owner; a law's parameter by its path."""
    if path.block not in ("states", "systems", "blocs"):
        return path
    owner = getattr(getattr(model, path.block)[path.entry], "name", path.entry)
    key, _, other = path.key.replace("_", " ").partition(".")
    about = f" ({model.states[other].name})" if other in model.states else f" {other}"
    return possessives(f"{owner}'s {key}{about if other else ''}")


def turns(move: RivalryMove | AffinityMove, amount: float) -> str:
    """Return the change of a number that an event sets, or moves by a step."""
    return f"changes by {amount:+g}" if move.value is None else f"becomes {amount:g}"


def ban(
    embargo: EmbargoChange, states: Sequence[str], name: Callable[[int], str]
) -> dict[str, str]:
    """Return the parties and goods of an embargo."""
    by, hit = (
        [name(states.index(each)) if each in states else each for each in parties]
        for parties in (embargo.supplier, embargo.recipient)
    )
    return {
        "actor": together(by),
        "against": together(hit),
        "bans": plural(by, "bans"),
        "lifts": "lifts its" if len(by) == 1 else "lift their",
        "goods": together(embargo.offers) if embargo.offers else "arms",
    }


def cuts(
    sanction: SanctionChange, states: Sequence[str], name: Callable[[int], str]
) -> dict[str, str]:
    """Return the parties of a sanction, or of its end."""
    by, hit = ([name(states.index(i)) for i in who] for who in (sanction.by, sanction.against))
    verbs = {verb: plural(by, verb) for verb in ("cuts", "opens")}
    return {"actor": together(by), "against": together(hit), **verbs}


def plural(names: Sequence[str], verb: str) -> str:
    """Return a verb in the third person that agrees with the number of names."""
    first, *rest = verb.split(" ", 1)
    return verb if len(names) == 1 else " ".join([first.removesuffix("s"), *rest])
