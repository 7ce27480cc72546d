"""Chronicle: a run told by date, as plain data for every face: text, CSV, JSON."""

from __future__ import annotations

from dataclasses import dataclass

FORMAT = 1  # of the JSON; docs/story.md says what each part holds


@dataclass(frozen=True, kw_only=True)
class ChronicleReason:
    """A reason of who decided, in words, and how much it weighed."""

    actor: str
    words: str
    value: float
    unit: str


@dataclass(frozen=True, kw_only=True)
class Movement:
    """What a series did from before an entry to the end of the period after it."""

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
    """Something that happened in a run: who was in it, why, and what moved."""

    date: str
    kind: str
    sentence: str
    parties: tuple[str, ...]  # keys of states and blocs
    rivals: tuple[str, ...] = ()  # of who buys strike systems
    weight: float  # by which entries were picked
    reasons: tuple[ChronicleReason, ...] = ()
    chance: float | None = None  # of what was decided, by the reasons alone
    decision: str = ""  # id, as `blocsim explain` takes it
    moved: tuple[Movement, ...] = ()
    again: tuple[str, ...] = ()  # dates at which the same comes again


@dataclass(frozen=True, kw_only=True)
class Chronicle:
    """The story of one run."""

    format: int
    blocsim: str
    scenario: str
    variant: str
    run: int
    seed: int
    picked: str  # why this run
    candidates: int  # from which the entries were picked
    entries: tuple[ChronicleEntry, ...]
