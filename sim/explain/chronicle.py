"""Chronicle: the story of a run by date, as plain data for text, CSV and JSON."""

from __future__ import annotations

from dataclasses import dataclass

FORMAT = 1  # of the JSON; docs/story.md describes each part


@dataclass(frozen=True, kw_only=True)
class ChronicleReason:
    """A reason of an actor, in words, with its weight."""

    actor: str
    words: str
    value: float
    unit: str


@dataclass(frozen=True, kw_only=True)
class Movement:
    """The change of a series from before an entry to the end of the period after it."""

    metric: str
    subject: str
    words: str
    before: float
    after: float
    unit: str
    percent: bool  # shown in per cent
    size: float  # in smallest effects of interest


@dataclass(frozen=True, kw_only=True)
class ChronicleEntry:
    """An event in a run: the actors, the reasons, and the series that moved."""

    date: str
    kind: str
    sentence: str
    parties: tuple[str, ...]  # keys of states and blocs
    rivals: tuple[str, ...] = ()  # of buyers of strike systems
    weight: float  # by which entries were picked
    reasons: tuple[ChronicleReason, ...] = ()
    chance: float | None = None  # of the decision, from the reasons alone
    decision: str = ""  # id, for `blocsim explain`
    moved: tuple[Movement, ...] = ()
    again: tuple[str, ...] = ()  # later dates of the same event


@dataclass(frozen=True, kw_only=True)
class Chronicle:
    """The story of one run."""

    format: int
    blocsim: str
    scenario: str
    variant: str
    run: int
    seed: int
    picked: str  # why this run was chosen
    candidates: int  # from which the entries were picked
    entries: tuple[ChronicleEntry, ...]
