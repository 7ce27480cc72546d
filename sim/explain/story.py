"""Story: one run of a result, by date."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim import __version__
from sim.experiments.keywords import by_keyword
from sim.experiments.watch.run_events import EventNotes
from sim.explain.casebook import Casebook
from sim.explain.chronicle import FORMAT, Chronicle
from sim.explain.chronicler import Chronicler
from sim.explain.explanation import casebook_of, parties_in
from sim.explain.movements import MovementReader
from sim.explain.origin import variant_in
from sim.explain.typical_runs import extreme_run, typical_run
from sim.kernel.errors import InputError, Problem
from sim.records.results import Results, load_results

FAR = 95.0  # percentile of an extreme run


@by_keyword
def story(
    results: Results | str | Path,
    run: int | None = None,
    *,
    variant: str | None = None,
    about: str | None = None,
    extreme: str | None = None,
    at: float = FAR,
    files: str | Path | None = None,
) -> Chronicle:
    """Return one run of a result as a chronicle of 10 to 30 entries.

    `results` are of `sim.run`, or their folder; `variant` is the first unless named. Without `run`
    it is the run nearest to the medians of the outcomes; with `extreme`, an outcome, the run at
    the percentile `at` of that. `about` limits it to a state, a bloc, or both (`GRC:NATO`).
    `files` is the folder of the CSV tables that the scenario names, unless it is a shipped one.
    """
    if not isinstance(results, Results):
        results = load_results(results)
    name = variant_in(results, variant)
    picked = "as asked for"
    if run is not None and extreme is not None:
        message = "cannot be combined with --run: give one of the two"
        raise InputError([Problem("--extreme", 0, 0, "", message)])
    if extreme is not None:
        run, picked = extreme_run(results, name, extreme, at)
    elif run is None:
        run, picked = typical_run(results, name)
    return chronicle_of(casebook_of(results, run, name, files), picked, about)


def chronicle_of(book: Casebook, picked: str, about: str | None = None) -> Chronicle:
    """Return the chronicle of a run whose decisions are known."""
    again = book.replay
    names = () if about is None else parties_in(again.layout, about)
    notes = EventNotes(again.layout, (again.model, again.draws))
    with np.errstate(all="ignore"):
        for moment, rounds in zip(again.moments, again.by_moment, strict=True):
            notes.see(moment, [choices for _, choices in rounds])
    movements = MovementReader(again, again.scenario.document)
    entries, count = Chronicler(book, notes, movements).entries(names)
    return Chronicle(
        format=FORMAT,
        blocsim=__version__,
        scenario=again.scenario.name,
        variant=again.variant,
        run=int(again.runs[0]),
        seed=again.scenario.base.seed,
        picked=picked,
        candidates=count,
        entries=tuple(entries),
    )
