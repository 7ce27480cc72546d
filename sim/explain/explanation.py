"""Explanation: the selected decisions of a stored run, and their accounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from sim import __version__
from sim.experiments.keywords import by_keyword
from sim.experiments.options import refuse_unknown
from sim.experiments.watch.choices import REQUEST
from sim.explain.account import FORMAT, Explanation
from sim.explain.accountant import Accountant
from sim.explain.agreement import check_agreement
from sim.explain.casebook import Casebook, DecisionEntry
from sim.explain.origin import run_in, scenario_of, variant_in
from sim.explain.parties import ORDER
from sim.explain.replay import replay
from sim.kernel.errors import InputError, Problem, ResultError
from sim.kernel.layout.layout import Layout
from sim.kernel.words import meant, quoted
from sim.records.results import Results, load_results
from sim.records.soundness import damage

_SALE = "write SUPPLIER:RECIPIENT:SYSTEM, such as BLR:AZE:polonez"


def casebook_of(
    results: Results | str | Path,
    run: int,
    variant: str | None = None,
    files: str | Path | None = None,
) -> Casebook:
    """Return the decisions of a run of a result; its replay must equal the stored run."""
    if not isinstance(results, Results):
        results = load_results(results)
        if wrong := damage(results.folder, results.manifest, whole=False):
            message = f"{wrong}; runs of a changed result cannot be explained"
            raise ResultError(message)
    name, number = variant_in(results, variant), run_in(results, run)
    again = replay(scenario_of(results, files), name, [number])
    check_agreement(again, results)
    return Casebook(again)


def chosen(
    book: Casebook,
    *,
    sale: str | None = None,
    decision: str | None = None,
    about: str | None = None,
) -> list[DecisionEntry]:
    """Return the decisions asked about; by default all that changed something."""
    entries: Iterable[DecisionEntry] = book.entries
    if sale is not None:
        entries = _of_sale(book, entries, sale)
    if about is not None:
        entries = _about(book, entries, about)
    if decision is not None:
        return _named(book, entries, decision)
    return [each for each in entries if each.changes]


@by_keyword
def explain(
    results: Results | str | Path,
    run: int,
    *,
    variant: str | None = None,
    sale: str | None = None,
    decision: str | None = None,
    about: str | None = None,
    versus: str | None = None,
    files: str | Path | None = None,
) -> Explanation:
    """Return the explanations of the decisions in a run.

    `results` are of `sim.run`, or their folder; `variant` is the first unless named. `sale` takes
    SUPPLIER:RECIPIENT:SYSTEM, `decision` parts of an id, such as `consent:BLR:2018-Q2`, `about` a
    state or a bloc; without any of them all decisions that changed something are explained.
    `versus` is an offer, or a system, with which the reasons for requests are compared, instead of
    the next best.
    `files` is the folder of the CSV tables that the scenario names, if any.
    """
    book = casebook_of(results, run, variant, files)
    entries = chosen(book, sale=sale, decision=decision, about=about)
    return explanation_of(book, entries, versus)


def explanation_of(
    book: Casebook, entries: Sequence[DecisionEntry], versus: str | None = None
) -> Explanation:
    """Return the accounts of some decisions of a run; requests are compared with `versus`."""
    again, accountant = book.replay, Accountant(book, versus)
    goods = [*again.layout.offers, *again.layout.systems]
    if versus is not None:
        refuse_unknown("offer or system", [versus], goods, flag="--versus")
    return Explanation(
        format=FORMAT,
        blocsim=__version__,
        scenario=again.scenario.name,
        variant=again.variant,
        run=int(again.runs[0]),
        seed=again.scenario.base.seed,
        decisions=tuple(accountant.account(each) for each in entries),
    )


def sales_of_outcomes(book: Casebook) -> list[DecisionEntry]:
    """Return the decisions about the sales that the scenario's outcomes name."""
    wanted = {
        (*outcome.subject, outcome.system)
        for outcome in book.replay.scenario.outcomes
        if outcome.kind == "sale"
    }
    return [
        each
        for each in book.entries
        if tuple(each.parties.keys.get(k) for k in ("supplier", "recipient", "system")) in wanted
    ]


def _of_sale(book: Casebook, entries: Iterable[DecisionEntry], sale: str) -> list[DecisionEntry]:
    parts = sale.split(":")
    layout = book.replay.layout
    if len(parts) != 3:  # noqa: PLR2004
        _refuse("--sale", f"is {quoted(sale)}: {_SALE}")
    supplier, recipient, system = parts
    refuse_unknown("state", (supplier, recipient), layout.states, flag="--sale")
    refuse_unknown("system", [system], [*layout.systems, *layout.offers], flag="--sale")
    return [
        each
        for each in entries
        if (keys := each.parties.keys).get("supplier") == supplier
        and keys.get("recipient") == recipient
        and system in (keys.get("system"), keys.get("offer"))
    ]


def parties_in(layout: Layout, text: str) -> list[str]:
    """Return the states and blocs that a text names, as in subjects: `GRC:NATO`, `ARM>AZE`."""
    names = [each.strip() for each in text.replace(">", ":").split(":")]
    refuse_unknown("state or bloc", names, [*layout.states, *layout.blocs], flag="--about")
    return names


def _about(book: Casebook, entries: Iterable[DecisionEntry], name: str) -> list[DecisionEntry]:
    names = {*parties_in(book.replay.layout, name)}
    return [each for each in entries if names <= {*each.parties.keys.values()}]


def _named(book: Casebook, entries: Iterable[DecisionEntry], text: str) -> list[DecisionEntry]:
    """Return the decision with this id, otherwise those whose ids contain all parts of the text.

    A part that is in no id as it is written may be a piece of one: `s_70` of `s_70_black_hawk`.
    """
    if whole := [each for each in entries if each.id.lower() == text.lower()]:
        return whole
    wanted = {part.lower() for part in text.split(":") if part}
    parts = {part for each in book.entries for part in each.id.split(":")}
    known = {part.lower() for part in parts}
    meanings = {
        part: {part} if part in known else {each for each in known if part in each}
        for part in wanted
    }
    found = [
        each
        for each in entries
        if all(own & {*each.id.lower().split(":")} for own in meanings.values())
    ]
    if not found or not wanted:
        for unknown in sorted(part for part, own in meanings.items() if not own):
            hint = meant(unknown, parts)
            _refuse("--decision", f"no decision has {quoted(unknown)} in its id{hint}")
        ends = [each.id for each in entries if each.kind == ORDER]
        orders = [name for name in ends if wanted - {REQUEST} <= {*name.lower().split(":")}]
        if REQUEST in wanted and orders:
            own = f"the request was made by the scenario, not the buyer: see {orders[0]}"
            _refuse("--decision", f"no request has all parts of {quoted(text)} in its id; {own}")
        hint = "parts of an id, such as consent:BLR:2018-Q2; --all lists the ids"
        _refuse(
            "--decision", f"no decision has all parts of {quoted(text)} in its id; write {hint}"
        )
    return found


def _refuse(option: str, message: str) -> NoReturn:
    raise InputError([Problem(option, 0, 0, "", message)])
