"""Fourth layer of checks: outcomes, expectations and sweeps make sense over all variants."""

from __future__ import annotations

from collections.abc import Mapping

from sim.documents.nodes import DottedPath
from sim.kernel.layout.layout import Layout
from sim.kernel.words import meant, number, quoted
from sim.scenario.checks.consistency import calendar_of
from sim.scenario.checks.known_names import Inspection
from sim.scenario.compile.layouts import disputes
from sim.scenario.compile.outcome_rows import row_of, unrecorded
from sim.scenario.patches import BASELINE
from sim.scenario.paths import NumberPath, number_paths
from sim.scenario.schema.outcome_syntax import Outcome, spelled
from sim.scenario.schema.root import Model, SweepSpan


def check_whole(check: Inspection, model: Model, checks: Mapping[str, Inspection]) -> None:
    """Note outcomes, expectations and sweeps that mean nothing in the scenario."""
    spelt = _outcomes(check, model, checks)
    for name, expectation in model.expect.items():
        text = " ".join(expectation.outcome.split())
        if text not in spelt:
            remedy = _replaced(check, name) or "add it to outcomes"
            message = f"no outcome {quoted(text)}{meant(text, spelt)}; {remedy}"
            check.wrong(("expect", name, "outcome"), message)
    if model.sweep:
        models = [each.shaped.model for each in checks.values() if each.shaped.model is not None]
        paths = {path: each for one in models for path, each in number_paths(one).items()}
        broken = {str(steps[0]) for each in checks.values() for steps in each.shaped.broken}
        for path, span in model.sweep.items():
            _span(check, paths, broken, path, span)


def _replaced(check: Inspection, name: str) -> str:
    """Return what to write if a file replaces the outcomes of one that expects something."""
    there, here = check.node("expect", name), check.node("outcomes")
    if there is None or here is None or there.mark.file == here.mark.file:
        return ""
    return (
        f"the outcomes of {here.mark.file} replace those it was written for: add it to them, "
        f"or write `expect: null` in {here.mark.file} (`expect: {{{name}: null}}` for this one)"
    )


def _outcomes(check: Inspection, model: Model, checks: Mapping[str, Inspection]) -> list[str]:
    """Note outcomes that cannot be read off; return the texts of all."""
    texts = []
    for index, text in enumerate(model.outcomes):
        steps = ("outcomes", index)
        normal = " ".join(text.split())
        if normal in texts:
            check.wrong(steps, f"{quoted(normal)} stands twice")
        texts.append(normal)
        try:
            outcome = spelled(text)
        except ValueError as error:
            check.wrong(steps, str(error))
        else:
            _outcome(check, model, checks, outcome, index)
    return texts


def _outcome(
    check: Inspection, model: Model, checks: Mapping[str, Inspection], outcome: Outcome, index: int
) -> None:
    """Note the names of an outcome that no variant has, and dates outside the span.

    In a variant that lacks a name that others have, the outcome is not defined.
    """
    steps = ("outcomes", index)
    for kind, name in outcome.names:
        known = frozenset[str]().union(*(each.names(kind) for each in checks.values()))
        if name not in known:
            check.wrong(steps, f"no {kind} {quoted(name)}{meant(name, known)}")
    event = outcome.window.event
    events = frozenset().union(*(each.names("event") for each in checks.values()))
    if event is not None and event not in events:
        check.wrong(steps, f"no event {quoted(event)}{meant(event, events)}")
    calendar = calendar_of(check, model)
    for date in outcome.dates if calendar is not None else ():
        if calendar is not None and not (
            calendar.index(date) >= 0 and calendar.last_index(date) < len(calendar)
        ):
            message = f"{date} lies outside {model.time.start} to {model.time.end}"
            check.wrong(steps, message)


def check_recorded(
    check: Inspection, models: Mapping[str, Model], layouts: Mapping[str, Layout]
) -> None:
    """Note outcomes whose subject no variant records, such as a dyad without a dispute."""
    disputed = {name for name, model in models.items() if disputes(model)}
    for index, outcome in enumerate(map(spelled, models[BASELINE].outcomes)):
        variants = disputed if outcome.kind == "dyad" else layouts.keys()
        if all(row_of(outcome, layouts[name]) is None for name in variants):
            check.wrong(("outcomes", index), unrecorded(outcome))


def _span(
    check: Inspection, paths: Mapping[str, NumberPath], broken: set[str], path: str, span: SweepSpan
) -> None:
    """Note a sweep of what is no number, or beyond its bounds."""
    if path not in paths:
        if DottedPath(path).block not in broken:
            message = f"no number {quoted(path)}{meant(path, paths)}"
            check.wrong(("sweep", path), message, key=True)
        return
    leaf = paths[path].leaf
    for key in ("low", "high"):
        value = getattr(span, key)
        if value is not None and (fault := leaf.outside(value)):
            check.wrong(("sweep", path, key), fault)
    for index, value in enumerate(span.values or ()):
        fault = leaf.outside(value)
        if not fault and leaf.whole and not value.is_integer():
            fault = f"must be a whole number, got {number(value)}"
        if fault:
            check.wrong(("sweep", path, "values", index), fault)
