"""Checks of the questions put to runs: patterns, outcomes, expectations and sweeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.documents.leaves import NAME
from sim.documents.nodes import DottedPath, Steps
from sim.documents.window import Window
from sim.kernel.dates import MONTHS, WITHIN
from sim.kernel.errors import InputError
from sim.kernel.layout.layout import Layout
from sim.kernel.words import meant, number, quoted
from sim.metrics.catalogue import METRICS
from sim.patterns.measures import ONLY_RECORDED, Series
from sim.patterns.pattern import pattern_files, shipped_pattern
from sim.patterns.quantity import parts_of
from sim.scenario.checks.consistency import calendar_of, rule_astray
from sim.scenario.checks.inspection import Inspection
from sim.scenario.compile.layouts import disputes, row_of, unrecorded
from sim.scenario.patches import BASELINE, SET_FILE
from sim.scenario.paths import NumberPath, meant_path, named_paths, numbers_of_list
from sim.scenario.schema.outcome_syntax import Outcome, no_metric, spelled
from sim.scenario.schema.root import Model, SweepSpan

_CHANGE = [("change", "from"), ("change", "to")]


def check_patterns(check: Inspection, model: Model) -> None:
    """Note patterns that are not shipped, or that need data that runs do not record."""
    named = model.named_patterns
    if isinstance(named, dict):
        for name, pattern in named.items():
            if check.holds(("patterns", name)):
                _own(check, model, pattern, ("patterns", name))
        return
    known = pattern_files()
    for at, name in enumerate(named):
        if name not in known:
            message = f"no shipped pattern {quoted(name)}{meant(name, known)}"
            check.wrong(("patterns", at), message)
        elif name in named[:at]:
            check.wrong(("patterns", at), f"{quoted(name)} appears twice")
        else:
            try:
                model.keep_patterns({name: shipped_pattern(name)})
            except InputError as error:
                check.problems.extend(error.problems)


def _own(check: Inspection, model: Model, pattern: Any, steps: Steps) -> None:
    """Note the parts of an own pattern that the scenario's runs cannot answer."""
    calendar = calendar_of(check, model)
    for path, part in parts_of(pattern, steps):
        if isinstance(part, Series):
            _series(check, part, path)
        elif isinstance(part, Window) and calendar is not None and "dates" not in path:
            size = MONTHS[calendar.period]
            if not part.within(calendar.first * size, (calendar.last + 1) * size):
                span = f"{model.time.start} to {model.time.end}"
                check.wrong(path, f"the window {part.text} is not within {span}")


def _series(check: Inspection, about: Series, steps: Steps) -> None:
    """Note a metric that is not recorded every period, and subjects in the wrong form."""
    known = METRICS
    if about.metric in ONLY_RECORDED:
        return
    every = {name for name, each in known.items() if each.when == "every period"}
    if about.metric not in every:
        late = about.metric in known
        why = " (it is recorded only at the end of a run)" if late else ""
        hint = meant(about.metric, {*every, *ONLY_RECORDED})
        message = f"no metric {quoted(about.metric)} recorded every period{why}{hint}"
        check.wrong((*steps, "metric"), message)
        return
    for subject in about.subject:
        try:
            outcome = spelled(f"{about.metric} {subject}")
        except ValueError as error:
            check.wrong((*steps, "subject"), str(error))
            continue
        for kind, name in outcome.names:
            names = check.names(kind)
            if name not in names:
                message = f"no {kind} {quoted(name)}{meant(name, names)}"
                check.wrong((*steps, "subject"), message)


def check_whole(check: Inspection, model: Model, checks: Mapping[str, Inspection]) -> None:
    """Note outcomes, contrasts, expectations and sweeps that are undefined in the scenario."""
    faults = _outcomes(check, model, checks)
    if check.holds(("outcomes",)):
        for steps, text in _asked(model):
            for message in _unlisted(check, model, checks, steps, text, faults):
                check.wrong(steps, message)
    _check_beside(check, model)
    if model.sweep:
        models = [each.model for each in checks.values() if each.model is not None]
        paths = named_paths(model)
        if not model.sweep.keys() <= paths.keys():  # those of variants, or none at all
            theirs = {path: each for one in models for path, each in named_paths(one).items()}
            paths = theirs | paths
        broken = {str(steps[0]) for each in checks.values() for steps in each.broken}
        for path, span in model.sweep.items():
            dotted = DottedPath(path)
            astray = dotted.of_law and any(rule_astray(each, dotted.entry) for each in models)
            unknown = dotted.block in broken or astray or check.variants is None
            if path in paths or not unknown:
                _span(check, paths, path, span)


def _check_beside(check: Inspection, model: Model) -> None:
    """Note faults that adding an outcome cannot mend: windows beside a change, unknown metrics."""
    for name, expectation in model.expect.items():
        if expectation.windowed:
            message = "takes no window, because `change` gives the dates: remove it"
            check.wrong(("expect", name, "outcome"), message)
    for metric in model.smallest:
        if metric not in METRICS:
            check.wrong(("smallest", metric), no_metric(metric), key=True)


def _asked(model: Model) -> Iterator[tuple[Steps, str]]:
    """Yield the outcomes that contrasts and expectations name, with their places."""
    for name, contrast in model.named_contrasts.items():
        for at, text in enumerate(contrast.about):
            yield ("contrasts", name, "about", at), " ".join(text.split())
    for name, expectation in model.expect.items():
        ends = [("outcome",)] if expectation.change is None else _CHANGE
        for end, text in zip(ends, expectation.texts, strict=True):
            if not expectation.windowed:
                yield ("expect", name, *end), text


def _unlisted(
    check: Inspection,
    model: Model,
    checks: Mapping[str, Inspection],
    steps: Steps,
    text: str,
    faults: Mapping[str, list[str]],
) -> list[str]:
    """Return the fault of an outcome that the scenario does not list.

    If a listed outcome is itself at fault and may be the one meant, nothing is reported yet.
    """
    sound = [each for each, own in faults.items() if not own]
    if text in faults or meant(text, faults.keys() - {*sound}):
        return []
    near = meant(text, sound)
    own = [] if near else _outcome(check, model, checks, text)
    remedy = _replaced(check, str(steps[0]), str(steps[1])) or "add it to outcomes"
    return own or [f"no outcome {quoted(text)}{near}; {remedy}"]


def _replaced(check: Inspection, key: str, name: str) -> str:
    """Return the remedy if a file replaces outcomes that another file relies on."""
    there, here = check.node(key, name), check.node("outcomes")
    file = (check.document if here is None else here).mark.file
    if there is None or there.mark.file == file:
        return ""
    what = (
        "the list of outcomes is now empty"
        if here is None
        else (f"the outcomes in {file} replace those that it refers to")
    )
    if file == SET_FILE:
        return f"{what}: add it to them, or `--set {key}=` (`--set {key}.{name}=` for this one)"
    return (
        f"{what}: add it to them, "
        f"or write `{key}: null` in {file} (`{key}: {{{name}: null}}` for this one)"
    )


def _outcomes(
    check: Inspection, model: Model, checks: Mapping[str, Inspection]
) -> dict[str, list[str]]:
    """Note outcomes that cannot be computed; return the faults of each by its text."""
    faults: dict[str, list[str]] = {}
    for index, text in enumerate(model.outcomes):
        normal = " ".join(text.split())
        if normal in faults:
            check.wrong(("outcomes", index), f"{quoted(normal)} appears twice")
            continue
        faults[normal] = _outcome(check, model, checks, normal)
        for message in faults[normal]:
            check.wrong(("outcomes", index), message)
    return faults


def _outcome(
    check: Inspection, model: Model, checks: Mapping[str, Inspection], text: str
) -> list[str]:
    """Return the faults of an outcome: names that no variant has, dates outside the span.

    The outcome is undefined in a variant without a name that other variants have.
    """
    try:
        parts = spelled(text).parts
    except ValueError as error:
        return [str(error)]
    return [fault for part in parts for fault in _part(check, model, checks, part)]


def _part(
    check: Inspection, model: Model, checks: Mapping[str, Inspection], outcome: Outcome
) -> list[str]:
    faults = []
    event = outcome.window.event
    for kind, name in (*outcome.names, *([("event", event)] if event is not None else ())):
        known = frozenset[str]().union(*(each.names(kind) for each in checks.values()))
        if name not in known and check.variants is not None:
            faults.append(f"no {kind} {quoted(name)}{meant(name, filter(NAME.match, known))}")
    waiting = {name for each in checks.values() if each.model for name in each.model.waiting}
    if event in waiting:
        faults.append(f"{event} waits for a condition and has no date: write the window as dates")
    calendar = calendar_of(check, model)
    outside = [
        f"{date} lies outside {model.time.start} to {model.time.end}: {WITHIN}"
        for date in outcome.dates
        if calendar is not None
        and not (calendar.index(date) >= 0 and calendar.last_index(date) < len(calendar))
    ]
    return faults + outside


def check_recorded(
    check: Inspection, models: Mapping[str, Model], layouts: Mapping[str, Layout]
) -> None:
    """Note outcomes whose subject no variant records, such as a dyad without a dispute."""
    disputed = {name for name, model in models.items() if disputes(model)}
    for index, text in enumerate(models[BASELINE].outcomes):
        for outcome in spelled(text).parts:
            variants = disputed if outcome.kind == "dyad" else layouts.keys()
            if all(row_of(outcome, layouts[name]) is None for name in variants):
                check.wrong(("outcomes", index), unrecorded(outcome))


def _span(check: Inspection, paths: Mapping[str, NumberPath], path: str, span: SweepSpan) -> None:
    """Note a sweep over a path that is not a number, or beyond its bounds."""
    of_list = numbers_of_list(path, paths) if path not in paths and span.values else []
    if path not in paths and not of_list:
        message = f"no number {quoted(path)}{meant_path(path, paths)}"
        check.wrong(("sweep", path), message, key=True)
        return
    leaf = paths[of_list[0] if of_list else path].leaf
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
