"""The page One run: a recorded run on the map, back and forth, and the reasons of its decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sim.dashboard.desk import DRAWN, Desk, templates
from sim.dashboard.job_queue import PageJob
from sim.dashboard.page_state import PageState, whole_of
from sim.dashboard.run_map import map_of
from sim.dashboard.run_trace import RunTrace, TraceShelf
from sim.experiments.options import refuse_unknown
from sim.explain.casebook import ChoiceEntry, DecisionEntry
from sim.explain.explanation import explanation_of
from sim.explain.typical_runs import typical_run
from sim.kernel.dates import Calendar
from sim.pages.figure_album import FigureAlbum
from sim.pages.page_parts import Paragraph
from sim.pages.why_section import account_part, story_entry
from sim.seeing.numerals import per_cent
from sim.seeing.running_text import statement

REPLAY = "replay"
_MOST_RUN = 10**6
_MANY = 40  # decisions of a period that are listed


@dataclass(frozen=True)
class RunState:
    """The contents of a link to a run, besides the state of all pages."""

    state: PageState
    variant: str
    run: int
    at: int
    about: str | None
    decision: str | None

    @classmethod
    def read(cls, desk: Desk, asked: Mapping[str, str]) -> RunState:
        """Return the contents of a link; InputError lists faults."""
        state = PageState.read(desk.cabinet, asked)
        variant = asked.get("variant") or state.variant
        refuse_unknown("variant", [variant], state.opened.scenario.variants)
        last = len(calendar_of(state)) - 1
        at = min(whole_of("at", asked.get("at") or "0", 0, _MOST_RUN), last)
        named = asked.get("run") or str(typical_of(state, variant) or 0)
        run = whole_of("run", named, 0, _MOST_RUN)
        return cls(
            state, variant, run, at, asked.get("about") or None, asked.get("decision") or None
        )

    @property
    def asked(self) -> tuple[str, tuple[str, ...], str, int]:
        """Return the key of the trace."""
        return self.state.opened.key, self.state.sets, self.variant, self.run

    def link(self, page: str = "/run", **more: Any) -> str:
        """Return the address of the page in this state, with some changes."""
        parts = {"variant": self.variant, "run": self.run, "at": self.at,
                 "about": self.about, "decision": self.decision} | more  # fmt: skip
        return self.state.link(page, **parts)


def run_routes(desk: Desk) -> list[Route]:
    """Return the routes of the page."""
    shelf = TraceShelf()

    def page(request: Request) -> Response:
        asked = RunState.read(desk, request.query_params)
        typical = typical_of(asked.state, asked.variant)
        dates = calendar_of(asked.state).labels()
        return desk.page("run.html", "/run", asked.state, asked=asked, dates=dates, typical=typical)

    def frame(request: Request) -> Response:
        key, asked = desk.key_of(request), RunState.read(desk, request.query_params)
        trace = shelf.get(asked.asked)
        headers = {"HX-Replace-Url": asked.link()}
        if trace is not None:
            return HTMLResponse(_frame(asked, trace), headers=headers)
        title = f"run {asked.run} of {asked.variant}"
        work = shelf.traced(asked.state, asked.asked)
        job = PageJob(key, REPLAY, title, work, partial(_frame, asked), "frame")
        return desk.begun(job, headers)

    return [Route("/run", page), Route("/run/frame", frame)]


def typical_of(state: PageState, variant: str) -> int | None:
    """Return the typical run of the result that is open; None if the page is not about one."""
    results = state.opened.results
    if results is None or variant not in results.variants or state.sets:
        return None
    return typical_run(results, variant)[0]


def calendar_of(state: PageState) -> Calendar:
    """Return the periods of a scenario."""
    time = state.opened.scenario.base.time
    return Calendar.between(time.start, time.end, time.period)


def _frame(asked: RunState, trace: RunTrace) -> str:
    """Return the selected period: its map, its events, and the decisions with reasons."""
    layout = trace.book.replay.layout
    if asked.about is not None:
        refuse_unknown(
            "state or bloc", [asked.about], [*layout.states, *layout.blocs], flag="about"
        )
    date = trace.dates[asked.at]
    decided = trace.decided(asked.at, asked.about)
    story = [
        (each.date == date, trace.dates.index(each.date) if each.date in trace.dates else 0,
         story_entry(each), each.decision)
        for each in trace.story.entries
    ]  # fmt: skip
    reasons = _reasons(trace, asked.decision) if asked.decision else ()
    return templates().get_template("run_frame.html").render(
        asked=asked, date=date, map=map_of(trace).view(asked.at, asked.about), story=story,
        decided=[_line(trace, each) for each in decided[:_MANY]], more=max(0, len(decided) - _MANY),
        reasons=reasons,
    )  # fmt: skip


def _line(trace: RunTrace, entry: DecisionEntry) -> tuple[str, str, str]:
    """Return the id of a decision, the choice, and how often its reasons lead to it."""
    who = ""
    if isinstance(entry, ChoiceEntry):
        who = f"{trace.book.register.state(entry.actor)} "
    likely = "" if entry.chance is None else f"likely in {per_cent(entry.chance)} of such cases"
    return entry.id, statement(f"{who}{entry.choice}"), likely


def _reasons(trace: RunTrace, name: str) -> tuple[object, ...]:
    """Return the reasons of a decision, as in a report."""
    told = explanation_of(trace.book, [trace.entry(name)])
    (account,) = told.decisions
    if not account.reasons:
        return (Paragraph(f"{account.sentence} {account.context}".strip()),)
    with DRAWN:
        return (account_part(told, account, FigureAlbum()),)
