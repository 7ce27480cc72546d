"""The answer of a result: its contrasts with their findings, and the basis of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.experiments.effects import Effect
from sim.experiments.expectations import ExpectationVerdict, expected, judged
from sim.experiments.intervals import Interval
from sim.experiments.keywords import by_keyword
from sim.experiments.outcomes import Outcomes, outcomes_in
from sim.kernel.errors import ResultError
from sim.metrics.catalogue import METRICS, smallest_effect
from sim.records.kinds import MANIFEST
from sim.records.results import Results
from sim.records.soundness import damaged
from sim.scenario.load import Scenario
from sim.scenario.schema.contrasts import Contrast, usual
from sim.scenario.schema.expectation import Expectation
from sim.scenario.schema.outcome_syntax import Outcome
from sim.seeing.doubt import Doubt, doubts_beside
from sim.seeing.ladder_shift import LadderShift, ladder_shift
from sim.seeing.outcome_names import plain_name, unit_of
from sim.seeing.pattern_history import HistoryAnswer, history_of


@dataclass(frozen=True)
class LevelFinding:
    """The mean of one outcome in one variant, with its interval."""

    outcome: str  # as written in tables
    name: str  # in words
    unit: str
    percent: bool  # shown in per cent
    variant: str
    level: Interval
    smallest: float  # effect of interest
    subject: str = ""  # a bloc, or states
    side: str = ""  # of cohesion, of which the metric is a part


@dataclass(frozen=True)
class EffectFinding:
    """The effect of a contrast on one outcome: both levels, and the paired difference."""

    of: LevelFinding
    versus: LevelFinding
    effect: Effect

    @property
    def outcome(self) -> str:
        """Return the outcome as written in tables."""
        return self.of.outcome

    @property
    def name(self) -> str:
        """Return the outcome in words."""
        return self.of.name

    @property
    def verdict(self) -> str:
        """Return the verdict by size."""
        return self.effect.verdict


@dataclass(frozen=True)
class ContrastAnswer:
    """A contrast of the scenario, with its effects on the outcomes that it is about."""

    name: str
    of: str
    versus: str
    asks: str | None
    findings: tuple[EffectFinding, ...]  # the most important first
    shift: LadderShift | None = None  # on the ladder of disengagement

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Return its outcomes as written in tables."""
        return tuple(each.outcome for each in self.findings)


@dataclass(frozen=True)
class ScenarioAnswer:
    """The answer of a result to the question of its scenario."""

    title: str
    question: str
    runs: int  # of each variant
    whole: int  # runs requested; more than `runs` in first results
    drawn: bool  # whether each run draws the uncertain numbers; if not, they are held
    contrasts: tuple[ContrastAnswer, ...]
    levels: tuple[LevelFinding, ...]  # of the first variant
    expectations: tuple[ExpectationVerdict, ...]
    unjudged: int  # expectations that need another scenario, or a missing variant
    history: HistoryAnswer | None = None  # None if no pattern is judged
    numbers: Mapping[str, int] | None = None  # by the kind of their source
    doubts: tuple[Doubt, ...] = ()  # about the first contrast; empty without a structural run
    folder: Path | None = None


@by_keyword
def answer(results: Results) -> ScenarioAnswer:
    """Return the answer of stored results."""
    manifest = results.manifest
    if "structural" in manifest or "sweep" in manifest["inputs"]:
        message = f"{results.folder}: is not a result with an answer: use one of `blocsim run`"
        raise ResultError(message)
    contrasts = _contrasts(results)
    first = next(iter(contrasts.values()), None)
    found = answer_of(
        manifest,
        outcomes_in(results),
        contrasts=contrasts,
        expect=expected(results),
        whole=manifest["inputs"]["runs"],
        history=history_of(results),
        doubts=doubts_beside(results, first) if first else (),
        folder=results.folder,
        smallest=results.smallest,
    )
    shifted = (
        replace(each, shift=ladder_shift(results, each.of, each.versus, each.outcomes))
        for each in found.contrasts
    )
    return replace(found, contrasts=tuple(shifted))


def first_answer(scenario: Scenario, outcomes: Outcomes) -> ScenarioAnswer:
    """Return the answer from the first runs of a scenario."""
    about = {
        "scenario": {
            "title": scenario.title,
            "question": scenario.question,
            "document": scenario.document,
        }
    }
    base = scenario.base
    return answer_of(
        about,
        outcomes,
        contrasts=base.contrasts,
        expect=base.expect,
        whole=base.runs,
        smallest=base.smallest,
    )


def answer_of(
    about: Mapping[str, Any],
    outcomes: Outcomes,
    *,
    contrasts: Mapping[str, Contrast],
    expect: Mapping[str, Expectation],
    whole: int,
    history: HistoryAnswer | None = None,
    doubts: Sequence[Doubt] = (),
    folder: Path | None = None,
    smallest: Mapping[str, float] | None = None,
) -> ScenarioAnswer:
    """Return the answer from outcomes; `about` describes the scenario, as in a manifest."""
    scenario = about["scenario"]
    smallest = smallest or {}
    verdicts = tuple(judged(expect, outcomes, smallest=smallest))
    reader = FindingReader(outcomes, scenario["document"], smallest)
    first = next(iter(outcomes.values))
    return ScenarioAnswer(
        title=" ".join(scenario["title"].split()),
        question=" ".join(scenario["question"].split()),
        runs=outcomes.runs,
        whole=whole,
        drawn=scenario["document"].get("uncertain") is True,
        contrasts=tuple(
            reader.contrast(name, each, expect)
            for name, each in contrasts.items()
            if {*each.pair} <= {*outcomes.values}
        ),
        levels=tuple(reader.level(first, at) for at in range(len(outcomes.outcomes))),
        expectations=verdicts,
        unjudged=len(expect) - len(verdicts),
        history=history,
        numbers=about.get("numbers"),
        doubts=tuple(doubts),
        folder=folder,
    )


@dataclass(frozen=True, eq=False)
class FindingReader:
    """Reads findings off outcomes, and names them."""

    outcomes: Outcomes
    document: Mapping[str, Any]
    smallest: Mapping[str, float]

    def level(self, variant: str, at: int) -> LevelFinding:
        """Return the level of an outcome."""
        outcome: Outcome = self.outcomes.outcomes[at]
        about = METRICS[outcome.metric]
        return LevelFinding(
            outcome=outcome.text,
            name=plain_name(outcome, self.document),
            unit=unit_of(outcome.metric),
            percent=about.percent,
            variant=variant,
            level=self.outcomes.level(variant, at),
            smallest=smallest_effect(outcome.metric, self.smallest),
            subject=outcome.text.split()[1],
            side=about.side if outcome.less is None else "",
        )

    def contrast(
        self, name: str, contrast: Contrast, expect: Mapping[str, Expectation]
    ) -> ContrastAnswer:
        """Return a contrast with its findings: all outcomes, if it does not name any.

        Outcomes with expectations come first.
        """
        of, versus = contrast.pair
        places = {outcome.text: at for at, outcome in enumerate(self.outcomes.outcomes)}
        texts = [" ".join(text.split()) for text in contrast.about]
        if not texts:
            told = [t for e in expect.values() if (e.variant, e.versus) == contrast.pair
                    for t in e.texts]  # fmt: skip
            texts = [*dict.fromkeys([*told, *places])]
        findings = tuple(
            EffectFinding(
                of=self.level(of, places[text]),
                versus=self.level(versus, places[text]),
                effect=self.outcomes.effect(contrast.pair, places[text], self.smallest),
            )
            for text in texts
            if text in places
        )
        asks = None if contrast.asks is None else " ".join(contrast.asks.split())
        return ContrastAnswer(name, of, versus, asks, findings)


def _contrasts(results: Results) -> dict[str, Contrast]:
    """Return the contrasts in a manifest; the default ones for an older format."""
    named = results.manifest.get("contrasts")
    try:
        if named is None:
            return usual(results.variants, results.reference)
        return {name: Contrast.model_validate(each) for name, each in named.items()}
    except ValueError:
        raise damaged(results.folder / MANIFEST, "its contrasts cannot be read") from None
