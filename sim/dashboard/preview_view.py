"""A preview on a page: the sentences that a run would print, and the effects of each change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sim.dashboard.job_queue import Work
from sim.dashboard.page_state import PageState
from sim.experiments.options import Progress
from sim.experiments.preview import Mover, PreviewResult
from sim.pages.answer_section import contrast_part
from sim.pages.page_parts import Cell, Head, Headed, PageTable, Paragraph, TextList
from sim.pages.table_views import number_cell, number_heads
from sim.scenario.schema.outcome_syntax import spelled
from sim.seeing import statements
from sim.seeing.outcome_names import plain_name
from sim.seeing.scenario_answer import first_answer

MOST = 5  # largest effects that are named


@dataclass(frozen=True)
class Previewed:
    """A preview, and each of its changes tried alone where there are several."""

    result: PreviewResult
    alone: tuple[PreviewResult, ...] = ()

    @property
    def dead(self) -> tuple[str, ...]:
        """Return the changes that have no effect alone."""
        each = self.alone or (self.result,)
        return tuple(one.sets[0] for one in each if one.sets and not one.movers)


def previewed(state: PageState) -> Work[Previewed]:
    """Return the computation for a page."""

    def work(progress: Progress, stop: Callable[[], bool]) -> Previewed:
        result = _answer(state, state.sets, progress, stop)
        several = state.sets if len(state.sets) > 1 else ()
        alone = tuple(_answer(state, (text,), progress, stop) for text in several)
        return Previewed(result, alone)

    return work


def _answer(
    state: PageState, sets: tuple[str, ...], progress: Progress, stop: Callable[[], bool]
) -> PreviewResult:
    """Return the answer to some changes, and keep it."""
    asked = (sets, state.contrast, state.runs)
    known = state.opened.answers.get(asked)
    if known is not None:
        return known
    result = state.opened.preview(
        sets, contrast=state.contrast, runs=state.runs, progress=progress, stop=stop
    )
    state.opened.keep(asked, result)
    return result


def preview_parts(state: PageState, previewed: Previewed) -> tuple[object, ...]:
    """Return a preview as parts of a page."""
    result = previewed.result
    found = first_answer(result.scenario, result.outcomes)
    parts: list[object] = [Paragraph(statements.scope_sentence(found), "note")]
    parts += _changes(previewed)
    chosen = [each for each in found.contrasts if each.name == state.contrast]
    others = [each for each in found.contrasts if each.name != state.contrast]
    if found.contrasts:
        parts += map(contrast_part, (*chosen, *others))
        parts.append(Paragraph(statements.LEGEND, "note"))
    else:
        parts.append(TextList(tuple(map(statements.level_sentence, found.levels))))
    return tuple(parts)


def _changes(previewed: Previewed) -> Iterator[object]:
    """Yield the effects of the changes; those without an effect are named."""
    result = previewed.result
    if not result.sets:
        return
    title = "Effects of the change" if len(result.sets) == 1 else "Effects of the changes together"
    parts: list[object] = []
    if result.movers:
        parts.append(_movers(result))
    parts += [Paragraph(f"{each} has no effect.", "dead") for each in previewed.dead]
    if previewed.alone:
        texts = tuple(_alone(each) for each in previewed.alone if each.movers)
        if texts:
            parts.append(Headed("Each alone", (TextList(texts),)))
    yield Headed(title, tuple(parts), ", ".join(result.sets))


def _alone(result: PreviewResult) -> str:
    most = result.movers[0]
    name = plain_name(spelled(most.outcome), result.scenario.document)
    verdict = statements.verdict_on(most.effect)
    return f"Largest effect of {result.sets[0]}: {name} in {most.variant}, {verdict}."


def _movers(result: PreviewResult) -> PageTable:
    heads = (
        Head("outcome"), Head("in"), *number_heads("before", "now", "difference"),
        Head("which is"),
    )  # fmt: skip
    rows = tuple(_mover(each, result) for each in result.movers[:MOST])
    more = len(result.movers) - len(rows)
    beside = f"; {more} more moved" if more > 0 else ""
    return PageTable(f"Outcomes with the largest changes{beside}", heads, rows)


def _mover(mover: Mover, result: PreviewResult) -> tuple[Cell, ...]:
    name = plain_name(spelled(mover.outcome), result.scenario.document)
    numbers = (mover.before, mover.after, mover.effect.interval.mean)
    verdict = statements.verdict_on(mover.effect)
    return (Cell(name), Cell(mover.variant), *map(number_cell, numbers), Cell(verdict))
