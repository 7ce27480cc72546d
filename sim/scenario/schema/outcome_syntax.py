"""Outcomes: `METRIC SUBJECT [SYSTEM] [WINDOW]`, such as `cohesion CSTO mean 2018-Q3..2020-Q2`.

One outcome `less` another of the same unit is one, too: `hub_share NATO less hub_share CSTO`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sim.kernel.dates import months
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import either, meant, quoted
from sim.metrics.catalogue import FORMER, METRICS, Metric

_NAME = r"[A-Za-z0-9_]+"
_ONE, _PAIR, _MEMBER = rf"({_NAME})\Z", rf"({_NAME})>({_NAME})\Z", rf"({_NAME}):({_NAME})\Z"
_FORMS = {  # kind of metric: pattern of the subject, kinds of its names, how it is written
    "bloc": (_ONE, ("bloc",), "BLOC"),
    "state": (_ONE, ("state",), "STATE"),
    "dyad": (_PAIR, ("state", "state"), "STATE>STATE"),
    "tie": (_PAIR, ("state", "state"), "STATE>STATE"),
    "supply": (_PAIR, ("state", "state"), "SUPPLIER>RECIPIENT"),
    "member": (_MEMBER, ("state", "bloc"), "STATE:BLOC"),
    "holding": (_ONE, ("state",), "STATE SYSTEM"),
    "asker": (_ONE, ("bloc",), "BLOC"),
    "bearer": (_MEMBER, ("state", "bloc"), "STATE:BLOC"),
    "trader": (_ONE, ("state",), "STATE"),
    "query": (_PAIR, ("state", "state"), "SUPPLIER>RECIPIENT SYSTEM"),
    "sale": (_PAIR, ("state", "state"), "SUPPLIER>RECIPIENT SYSTEM"),
}
_OF_SYSTEM = ("query", "sale", "holding")
_WRITTEN = {
    "at": "`at DATE`",
    "mean": "`mean DATE..DATE`",
    "after": "`after EVENT A..B`",
    "by": "`by DATE`",
}
_SPAN = re.compile(r"(\S+?)\.\.(\S+)\Z")
_WITH_ONE, _WITH_TWO = 2, 3  # words of a window
LESS = "less"  # between an outcome and the one subtracted from it


@dataclass(frozen=True)
class OutcomeWindow:
    """The dates at which an outcome is read."""

    kind: str = "end"  # end, at, mean, after or by
    start: str | None = None  # a date: of `at`, `by`, or the first of `mean`
    end: str | None = None  # a date: the last of `mean`
    event: str | None = None
    first: int = 0  # of `after`: periods after the event
    last: int = 0


@dataclass(frozen=True)
class Outcome:
    """One number of a run."""

    text: str
    metric: str
    kind: str  # of the metric: bloc, state, holding, dyad, tie, supply, member, query or sale
    subject: tuple[str, ...]  # (bloc), (state), (state, state) or (state, bloc)
    system: str | None = None
    window: OutcomeWindow = OutcomeWindow()
    less: Outcome | None = None  # the outcome subtracted from it, run by run

    @property
    def parts(self) -> tuple[Outcome, ...]:
        """Return the outcome, or the two whose difference it is, as single ones."""
        if self.less is None:
            return (self,)
        text = self.text.partition(f" {LESS} ")[0]
        return replace(self, text=text, less=None), self.less

    @property
    def id(self) -> str:
        """Return a name of letters, digits and _, such as `second_strike_ARM_AZE_2019`."""
        words = [word for word in self.text.split() if word != "at"]
        return re.sub(r"[^A-Za-z0-9]+", "_", "_".join(words))

    @property
    def row(self) -> str:
        """Return the name of its row among the subjects of its kind, but for its system."""
        joint = ":" if _FORMS[self.kind][1][-1] == "bloc" else ">"
        return joint.join(self.subject)

    @property
    def dates(self) -> tuple[str, ...]:
        """Return the dates of the window."""
        return tuple(date for date in (self.window.start, self.window.end) if date is not None)

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Return the names that must exist, each with its kind."""
        system = (("system", self.system),) if self.system is not None else ()
        own = (*zip(_FORMS[self.kind][1], self.subject, strict=True), *system)
        return own if self.less is None else (*own, *self.less.names)


def parts_of(texts: Iterable[str]) -> list[Outcome]:
    """Return the single outcomes in some outcomes."""
    return [part for text in texts for part in spelled(text).parts]


def ids(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the names of outcomes; where two would be the same, the later ones are numbered."""
    names: list[str] = []
    for outcome in outcomes:
        name, count = outcome.id, 1
        while name in names:
            count += 1
            name = f"{outcome.id}_{count}"
        names.append(name)
    return names


def parse_outcome(text: str) -> Outcome:
    """Return the outcome that a text spells; InputError says what is wrong with it."""
    try:
        return spelled(text)
    except ValueError as error:
        raise InputError([Problem("outcome", 0, 0, text, str(error))]) from None


@lru_cache(maxsize=4096)
def spelled(text: str) -> Outcome:
    """Return the outcome that a text spells; ValueError says what is wrong with it."""
    words = text.split()
    if (at := _less(words)) is not None:
        return _difference(words[:at], words[at + 1 :])
    known = METRICS
    if not words or words[0] not in known:
        name = words[0] if words else ""
        raise ValueError(no_metric(name))
    metric, kind = words[0], known[words[0]].kind
    pattern, _, form = _FORMS[kind]
    subject = re.match(pattern, words[1]) if len(words) > 1 else None
    rest, system = words[2:], None
    if subject is not None and kind in _OF_SYSTEM:
        system, rest = next(iter(rest), None), rest[1:]
    if subject is None or (kind in _OF_SYSTEM and system is None):
        there = quoted(" ".join(words[1:])) if len(words) > 1 else "nothing"
        message = f"{metric} needs another subject: write `{metric} {form}`, got {there}"
        raise ValueError(message)
    window = _window(rest, _allowed(known[metric]))
    return Outcome(" ".join(words), metric, kind, subject.groups(), system, window)


def is_former(text: str) -> bool:
    """Return whether an outcome of an older result is of a metric that no longer exists."""
    return any(part.split()[:1] and part.split()[0] in FORMER for part in text.split(f" {LESS} "))


def no_metric(name: str) -> str:
    """Return the fault of a metric's name, with its replacement or the likely spelling."""
    hint = f" any more: {FORMER[name]}" if name in FORMER else meant(name, METRICS)
    return f"no metric {quoted(name)}{hint}"


def _less(words: list[str]) -> int | None:
    """Return the position of `less`; an event may also have this name."""
    places = (at for at, word in enumerate(words) if word == LESS and words[at - 1] != "after")
    return next(places, None)


def _difference(words: list[str], rest: list[str]) -> Outcome:
    one, other = spelled(" ".join(words)), spelled(" ".join(rest))
    if other.less is not None:
        message = f"subtracts only one outcome: remove {quoted(f'{LESS} {other.less.text}')}"
        raise ValueError(message)
    units = [METRICS[each.metric].unit for each in (one, other)]
    if units[0] != units[1]:
        which = (
            f"{one.metric} is in {units[0] or 'no unit'}, {other.metric} in {units[1] or 'none'}"
        )
        message = f"{which}: subtract one of the same unit"
        raise ValueError(message)
    return replace(one, text=f"{one.text} {LESS} {other.text}", less=other)


def forms(about: Metric) -> tuple[str, tuple[str, ...]]:
    """Return how the subject of a metric is written, and the kinds of window that it allows."""
    return _FORMS[about.kind][2], _allowed(about)


def _allowed(about: Metric) -> tuple[str, ...]:
    """Return the kinds of window that a metric allows, besides the end of the run."""
    if about.kind == "sale":
        return ("by",)
    if about.when == "end of run":
        return ()
    return ("at", "mean", "after", "by") if about.unit == "0 or 1" else ("at", "mean", "after")


def _window(words: list[str], allowed: tuple[str, ...]) -> OutcomeWindow:
    if not words:
        return OutcomeWindow()
    kind, count = words[0], len(words)
    span = _SPAN.match(words[-1])
    if kind in allowed:
        if kind in {"at", "by"} and count == _WITH_ONE:
            return OutcomeWindow(kind, start=_date(words[1]))
        if kind == "mean" and count == _WITH_ONE and span is not None:
            start, end = (_date(each) for each in span.groups())
            _forward(words[1], months(start), months(end))
            return OutcomeWindow("mean", start=start, end=end)
        if kind == "after" and count == _WITH_TWO and span is not None:
            first, last = (_whole(each) for each in span.groups())
            _forward(words[2], first, last)
            return OutcomeWindow("after", event=words[1], first=first, last=last)
    forms = either([_WRITTEN[each] for each in allowed]) if allowed else ""
    remedy = (
        f"write {forms}, or no window for the end of the run"
        if forms
        else "remove it (the metric is read at the end of the run)"
    )
    message = f"no window {quoted(' '.join(words))} here: {remedy}"
    raise ValueError(message)


def _forward(text: str, first: int, last: int) -> None:
    if last < first:
        start, _, end = text.partition("..")
        message = f"the window {text} ends before it starts: write {end}..{start}"
        raise ValueError(message)


def _date(text: str) -> str:
    try:
        months(text)
    except ValueError:
        message = f"no date {quoted(text)}: write 2018, 2018-H1, 2018-Q2 or 2018-06"
        raise ValueError(message) from None
    return text


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        message = f"no number of periods {quoted(text)}: write a whole number, 0 or more"
        raise ValueError(message)
    return int(text)
