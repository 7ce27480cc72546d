"""Explanations of the decisions in one run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from textwrap import wrap
from typing import Annotated

import typer

from sim.cli.account_text import WIDTH, listed, told
from sim.cli.app import command, option
from sim.cli.shared import refuse
from sim.cli.streams import echo, say
from sim.experiments.chunk_store import replace_file
from sim.experiments.remedies import as_run_error
from sim.experiments.watch.choices import ANSWER, CONTRIBUTION, EXIT
from sim.explain.account import Explanation
from sim.explain.casebook import Casebook, DecisionEntry
from sim.explain.explanation import casebook_of, chosen, explanation_of, sales_of_outcomes
from sim.explain.json_form import json_of
from sim.explain.origin import variant_in
from sim.explain.reason_table import REASONS, lines_of_reasons
from sim.explain.typical_runs import typical_run
from sim.kernel.words import either
from sim.plots import renderer
from sim.records.results import load_results
from sim.records.soundness import refuse_part

LINES = 40  # decisions in a list without --all
IN_FULL = 3  # decisions matching one id that are explained in full
FIGURES = (".svg", ".png", ".pdf")
FORMS = (".json", ".csv", *FIGURES)


@command("Example: blocsim explain results/polonez_vs_iskander --run 17 --sale BLR:AZE:polonez")
def explain(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Folder of a run.")],
    *,
    run: Annotated[
        int | None, option("Number of the run, from 0 (default: the typical run, as in `story`).")
    ] = None,
    variant: Annotated[str | None, option("Variant (default: the first).")] = None,
    sale: Annotated[
        str | None, option("Decisions on a sale: SUPPLIER:RECIPIENT:SYSTEM.", metavar="SALE")
    ] = None,
    about: Annotated[
        str | None, option("Decisions that concern a state, a bloc, or both (GRC:NATO).")
    ] = None,
    decision: Annotated[
        str | None,
        option(
            "Explain in full the decision with this id; part of the id is enough.", metavar="ID"
        ),
    ] = None,
    versus: Annotated[
        str | None,
        option("Compare requests with this offer, not with the next best.", metavar="OFFER"),
    ] = None,
    everything: Annotated[
        bool, option("Show all lines, including members that stay.", "--all")
    ] = False,
    files: Annotated[
        Path | None,
        option("Folder of the CSV tables that the scenario names (default: the working folder)."),
    ] = None,
    out: Annotated[
        Path | None,
        option("File for the explanations: .json or .csv; .svg, .png or .pdf for one decision."),
    ] = None,
) -> None:
    """Explain the decisions of a run: reasons, chance, and what would have changed them."""
    if out is not None and out.suffix.lower() not in FORMS:
        refuse("--out", f"{out}: must end in {either(FORMS)}")
    if out is not None:
        refuse_part(out)
    if run is None:
        stored = load_results(results)
        run, _ = typical_run(stored, variant_in(stored, variant))
    book = casebook_of(results, run, variant, files)
    entries = _entries(book, sale, about, decision, everything=everything)
    if out is not None and out.suffix.lower() in FIGURES and len(entries) != 1:
        refuse(
            "--out",
            f"a figure shows one decision, but {len(entries)} match: choose one by --decision",
        )
    if out is not None:
        _write(out, explanation_of(book, entries, versus))
        say(f"{len(entries)} decision{'s' * (len(entries) != 1)}: {out}")
        return
    head = f"{book.replay.scenario.name}, {book.replay.variant}, run {run}"
    if decision is not None and len(entries) <= IN_FULL:
        for account in explanation_of(book, entries, versus).decisions:
            echo("\n".join([*told(account), ""]))
        echo(f"{head}; replayed, with the same results as stored")
        return
    _list(book, entries, head, everything=everything)


def _entries(
    book: Casebook,
    sale: str | None,
    about: str | None,
    decision: str | None,
    *,
    everything: bool,
) -> Sequence[DecisionEntry]:
    """Return the decisions asked about; by default those on sales that outcomes name."""
    asked = any(each is not None for each in (sale, about, decision))
    if asked or not everything:
        entries = chosen(book, sale=sale, about=about, decision=decision)
    else:
        entries = list(book.entries)
    if asked or everything:
        return entries
    named = {each.id for each in sales_of_outcomes(book)}
    rare = [
        each for each in entries if each.id in named or each.kind in (ANSWER, CONTRIBUTION, EXIT)
    ]
    return rare if named else entries


REJECTED = "`--decision request:BUYER --versus SYSTEM` holds what was against it"


def _list(book: Casebook, entries: Sequence[DecisionEntry], head: str, *, everything: bool) -> None:
    shown = entries if everything else entries[:LINES]
    count = f"{head}: {len(entries)} of {len(book.entries):,} decisions"
    lines = wrap(f"{count}; right: how often the same reasons lead to that choice", WIDTH)
    lines += listed(shown)
    if not entries:
        lines = [f"{head}: no such decisions"]
        lines += wrap(f"what was weighed and not asked for: {REJECTED}", WIDTH)
    if len(shown) < len(entries):
        lines.append(f"{len(entries) - len(shown)} more: --all")
    if entries:
        lines.append(f"one in full: --decision {entries[0].id}")
    echo("\n".join(lines))


def _write(out: Path, explanation: Explanation) -> None:
    """Write accounts to a file, in the form that its ending names."""
    form = out.suffix.lower()
    with as_run_error(str(out)):
        if form in FIGURES:
            pages = renderer()
            build = partial(
                pages.decision_waterfall.waterfall, explanation, explanation.decisions[0]
            )
            pages.draw_file(build, out)
        elif form == ".json":
            replace_file(out, json_of(explanation))
        else:
            replace_file(out, REASONS.text(lines_of_reasons(explanation)))
