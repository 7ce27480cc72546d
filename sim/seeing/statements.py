"""Statements on findings: each is written once, here, from the numbers that it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import isnan

from sim.experiments.effects import (
    LARGER,
    LARGER_OPEN,
    NONE,
    SMALLER,
    SMALLER_OPEN,
    UNDECIDED,
    UNDEFINED,
    Effect,
)
from sim.experiments.expectations import FAILS, HOLDS, ExpectationVerdict
from sim.experiments.expectations import UNDECIDED as NOT_YET
from sim.kernel.words import first_few
from sim.metrics.declaration import SIDES
from sim.seeing.numerals import (
    count_of,
    deviations,
    digits_for,
    effect_size,
    numeral,
    per_cent,
    span_of,
)
from sim.seeing.running_text import statement
from sim.seeing.scenario_answer import ContrastAnswer, EffectFinding, LevelFinding, ScenarioAnswer

WORDS = {
    LARGER: "larger",
    LARGER_OPEN: "larger, size open",
    SMALLER: "smaller",
    SMALLER_OPEN: "smaller, size open",
    NONE: "no difference to speak of",
    UNDEFINED: "not defined in any run",
}
COUNTED = {  # verdicts by direction, in the order in which they are counted
    "larger": {LARGER, LARGER_OPEN},
    "smaller": {SMALLER, SMALLER_OPEN},
    "no different": {NONE},
    "undecided": {UNDECIDED},
    "not defined": {UNDEFINED},
}

HALF = 0.5
SURE = 0.95  # share of resamples in which the largest spread must be the same
NAMED = 2  # number of failed expectations that are named; the others are counted


LEGEND = (
    "d: mean difference, in standard deviations of the differences; up, down: share of runs in "
    "which the outcome is larger, smaller."
)


def scope_sentence(answer: ScenarioAnswer) -> str:
    """Return the basis of an answer: runs, numbers and intervals."""
    runs = "1 run" if answer.runs == 1 else f"{answer.runs:,} runs"
    numbers = f"uncertain numbers {'drawn' if answer.drawn else 'held'}"
    return f"{runs} of each variant, {numbers}; 95 % intervals. No forecast."


def closing_sentences(answer: ScenarioAnswer, *, every: bool = False) -> tuple[str, ...]:
    """Return the sentences on expectations, history, sources and doubt.

    With `every`, all failures are named, expectations with their sizes.
    """
    missed = [each.text for each in answer.expectations if each.mark != HOLDS] if every else []
    texts = (
        expectations_sentence(answer, every=every),
        *(f"- {each}" for each in missed),
        history_sentence(answer, every=every),
        basis_sentence(answer),
        doubt_sentence(answer),
    )
    return tuple(text for text in texts if text)


def heading(contrast: ContrastAnswer) -> str:
    """Return the question of a contrast, and the variants that it compares."""
    pair = pair_words(contrast)
    return f"{contrast.asks} ({pair})" if contrast.asks else f"{pair}:"


def pair_words(contrast: ContrastAnswer) -> str:
    """Return the variants that a contrast compares."""
    return f"{contrast.of} less {contrast.versus}"


def shift_sentence(contrast: ContrastAnswer) -> str:
    """Return in how many runs a member steps away from a bloc; empty if that does not differ."""
    each = contrast.shift
    if each is None:
        return ""
    first = "the first " if each.runs < each.whole else ""
    return statement(
        f"{each.member} steps away from {each.bloc} in {each.of} of {first}{each.runs} runs of "
        f"{contrast.of}, in {each.versus} of {contrast.versus}."
    )


def verdict_on(effect: Effect) -> str:
    """Return the verdict in words; if it is undecided, with the runs needed to decide.

    A difference of zero in every run is undecided only while the runs are too few.
    """
    if effect.verdict == UNDECIDED:
        runs = "2 runs or more" if effect.runs_needed == 2 else count_of(effect.runs_needed)  # noqa: PLR2004
        alike = effect.changed == 0 and effect.interval.runs > 1
        why = f"the same in all {effect.interval.runs} runs, but " if alike else ""
        return f"undecided: {why}needs {runs}"
    return WORDS[effect.verdict]


def named(level: LevelFinding) -> str:
    """Return the name of an outcome, with its unit."""
    return f"{level.name} ({level.unit})" if level.unit else level.name


def finding_name(finding: EffectFinding) -> str:
    """Return the name and verdict of a finding; if there is no difference, with the threshold."""
    text = f"{named(finding.of)}: {verdict_on(finding.effect)}"
    if finding.effect.verdict != NONE or not finding.effect.changed:
        return text
    return f"{text} (under {effect_size(finding.effect.smallest, percent=finding.of.percent)})"


def finding_numbers(finding: EffectFinding) -> str:
    """Return both levels, the difference with its interval, and the share of runs by sign."""
    effect, percent = finding.effect, finding.of.percent
    if isnan(effect.interval.mean):
        return f"{_levels(finding, 0)}; no run in which both are defined"
    digits = _digits(effect, percent=percent)
    parts = [_levels(finding, digits), _difference(effect, digits, percent=percent)]
    beside = _beside(effect, visible=_visible(effect, digits, percent=percent))
    levels = max(finding.of.level.runs, finding.versus.level.runs)
    if (
        effect.interval.runs < levels or effect.defined < 1
    ):  # levels are over all runs that define them
        beside += f"{', ' if beside else ''}in the {effect.interval.runs:,} runs that define both"
    return "; ".join(parts) + (f" ({beside})" if beside else "")


def level_sentence(level: LevelFinding) -> str:
    """Return the level of an outcome with its interval."""
    times = 100 if level.percent else 1
    ends = (level.level.low * times, level.level.high * times)
    digits = digits_for(ends, level.smallest * times, percent=level.percent)
    value = _level(level, digits)
    if isnan(level.level.low):
        return f"{named(level)}: {value}"
    return f"{named(level)}: {value}, {span_of(*ends, digits)}"


def contrast_line(contrast: ContrastAnswer, width: int) -> str:
    """Return a contrast in one line: its question, and the number of outcomes by verdict.

    A question that is too long for the line is cut.
    """
    asks = contrast.asks or f"{contrast.of} less {contrast.versus}:"
    verdicts, sides = verdicts_counted(contrast.findings), sides_told(contrast)
    if sides and len(f"{asks} {sides}") <= width:
        return f"{asks} {sides}"
    room = width - len(verdicts) - 1
    if len(contrast.findings) == 1:  # name the outcome if there is room
        whole = f"{asks} {finding_name(contrast.findings[0])}"
        if len(whole) <= width:
            return whole
    cut = asks if len(asks) <= room else f"{asks[: max(room - 4, 0)].rstrip()} ..."
    return f"{cut} {verdicts}"


def sides_told(contrast: ContrastAnswer) -> str:
    """Return the effect of a contrast on each part of cohesion; empty if it asks of one or none.

    Further blocs are named.
    """
    parts: dict[tuple[str, ...], list[EffectFinding]] = {}
    for finding in contrast.findings:
        if finding.of.side:
            parts.setdefault((finding.of.subject, finding.of.side), []).append(finding)
    if len(parts) < 2:  # noqa: PLR2004
        return ""
    blocs = list(dict.fromkeys(bloc for bloc, _ in parts))
    texts = []
    for bloc in blocs:
        own = [f"{side} {_together(parts[bloc, side])}" for side in SIDES if (bloc, side) in parts]
        texts.append(f"{f'{bloc}: ' if len(blocs) > 1 else ''}{', '.join(own)}")
    return "; ".join(texts)


def cohesion_sentence(contrast: ContrastAnswer) -> str:
    """Return the effect of a contrast on cohesion by part, if it asks of several."""
    sides = sides_told(contrast)
    return f"Cohesion by side: {sides}." if sides else ""


def _together(findings: Sequence[EffectFinding]) -> str:
    """Return the verdict of all findings on a part in a word, or that they differ."""
    words = [
        next(words for words, those in COUNTED.items() if each.verdict in those)
        for each in findings
    ]
    distinct = list(dict.fromkeys(words))
    return distinct[0] if len(distinct) == 1 else " and ".join(distinct)


def verdicts_counted(findings: Sequence[EffectFinding]) -> str:
    """Return the verdicts of findings, each with its count; the verdict in full if there is one."""
    if len(findings) == 1:
        return verdict_on(findings[0].effect)
    found = [each.verdict for each in findings]
    counts = {words: sum(each in those for each in found) for words, those in COUNTED.items()}
    return ", ".join(f"{count} {words}" for words, count in counts.items() if count) or "no outcome"


def expectations_sentence(answer: ScenarioAnswer, *, every: bool = False) -> str:
    """Return how many expectations hold, and which fail; with `every`, how many fail."""
    if not answer.expectations and not answer.unjudged:
        return ""
    marks = Counter(each.mark for each in answer.expectations)
    text = f"Expected: {marks[HOLDS]} of {len(answer.expectations)} hold"
    if slight := sum(each.slight for each in answer.expectations):
        text += f" ({slight} by sign, with no difference to speak of)"
    for mark, words in ((FAILS, "fails"), (NOT_YET, "undecided")):
        those = [each for each in answer.expectations if each.mark == mark]
        if those and every:
            text += f"; {len(those)} {words if mark == NOT_YET else 'fail'}"
        elif those:
            text += f"; {words}: {first_few([_expectation(each) for each in those], NAMED)}"
    if answer.unjudged:
        text += f"; {answer.unjudged} not judged here (blocsim check --expect)"
    return f"{text}."


def _expectation(verdict: ExpectationVerdict) -> str:
    if verdict.mark != NOT_YET:
        return verdict.name
    runs = "2 runs" if verdict.runs_needed == 2 else count_of(verdict.runs_needed)  # noqa: PLR2004
    return f"{verdict.name} ({runs})"


def history_sentence(answer: ScenarioAnswer, *, every: bool = False) -> str:
    """Return how many patterns lie inside their bands, and which are missed."""
    history = answer.history
    if history is None or not history.scored:
        return ""
    text = f"History: {len(history.inside)} of {history.scored} scored patterns inside their bands"
    most = len(history.missed) if every else 2 * NAMED
    return f"{text}; missed: {first_few(history.missed, most)}." if history.missed else f"{text}."


def basis_sentence(answer: ScenarioAnswer) -> str:
    """Return the basis of the answer: the share of numbers that are assumed."""
    counts = answer.numbers or {}
    total = sum(counts.values())
    if not total:
        return ""
    kinds = (("assumed", "assumed"), ("mixed", "of mixed source"))
    parts = [
        f"{per_cent(counts[kind] / total)} {words}" for kind, words in kinds if counts.get(kind)
    ]
    return f"Rests on {total:,} numbers: {', '.join(parts)} (blocsim audit)."


def doubt_sentence(answer: ScenarioAnswer) -> str:
    """Return the shares of chance, parameters and rules in the doubt about the first finding."""
    doubts = {each.outcome: each for each in answer.doubts}
    findings = [each for contrast in answer.contrasts[:1] for each in contrast.findings]
    finding = next((each for each in findings if each.outcome in doubts), None)
    if finding is None:
        return ""
    doubt = doubts[finding.outcome]
    rest = [name for name in doubt.share if name != doubt.largest]
    others = ", ".join(  # a variance estimated below zero counts as none
        f"{name} {per_cent(doubt.share[name]) if doubt.share[name] > 0 else 'none found'}"
        for name in rest
    )
    mostly = "mostly" if doubt.sure >= SURE else "perhaps mostly"
    agreed = "all" if doubt.same_sign == 1 else f"{per_cent(doubt.same_sign)} of the"
    sign = f"{agreed} rule sets agree on the sign"
    if doubt.same_sign < HALF:
        sign = f"{per_cent(1 - doubt.same_sign)} of the rule sets have another sign than their mean"
    return (
        f"Uncertainty ({finding.name}): {mostly} {doubt.largest} "
        f"({per_cent(doubt.share[doubt.largest])} of the variance; {others}); {sign}."
    )


def _digits(effect: Effect, *, percent: bool) -> int:
    times = 100 if percent else 1
    whole = effect.interval
    ends = [each * times for each in (whole.low, whole.high)]
    return digits_for(ends, effect.smallest * times, percent=percent)


def _levels(finding: EffectFinding, digits: int) -> str:
    parts = (f"{_level(each, digits)} in {each.variant}" for each in (finding.of, finding.versus))
    return ", ".join(parts)


def _level(level: LevelFinding, digits: int) -> str:
    mean = level.level.mean
    if isnan(mean):
        return "undefined"
    return f"{numeral(mean * 100, digits)} %" if level.percent else numeral(mean, digits)


def _difference(effect: Effect, digits: int, *, percent: bool) -> str:
    times, unit = (100, " points") if percent else (1, "")
    whole = effect.interval
    text = numeral(whole.mean * times, digits, signed=True)
    text += unit.removesuffix("s" if text in {"+1", "-1"} else "\0")
    if isnan(whole.low):
        return text
    return f"{text}, {span_of(whole.low * times, whole.high * times, digits)}"


def _visible(effect: Effect, digits: int, *, percent: bool) -> bool:
    """Return whether the difference or an end of its interval has another digit than 0."""
    whole, times = effect.interval, 100 if percent else 1
    ends = (whole.mean, whole.low, whole.high)
    return any(round(each * times, digits) != 0 for each in ends if not isnan(each))


def _beside(effect: Effect, *, visible: bool = True) -> str:
    """Return d, and the share of pairs on the side of the mean, if the difference is visible.

    Where more pairs are on the other side, or are equal, their share is named, too: a few large
    differences may make the mean.
    """
    if effect.changed == 0:
        return "the same in every run"
    sides = {"up": effect.above, "down": effect.below}
    own, other = ("up", "down") if effect.interval.mean > 0 else ("down", "up")
    named = [other, own] if sides[other] > sides[own] else [own]
    parts = [] if isnan(effect.d) or not visible else [f"d {deviations(effect.d)}"]
    parts += [f"{side} in {per_cent(sides[side])}" for side in named if visible]
    if (same := 1 - effect.above - effect.below) > max(sides.values()):
        parts.append(f"the same in {per_cent(same)}")
    return ", ".join(parts)
