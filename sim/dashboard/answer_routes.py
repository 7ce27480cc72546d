"""The page Answer: verdicts, sliders, and a preview of their effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sim.dashboard.desk import Desk, text_of
from sim.dashboard.job_queue import PageJob
from sim.dashboard.job_routes import form_route
from sim.dashboard.page_state import RUNS, PageState
from sim.dashboard.preview_view import Previewed, preview_parts, previewed
from sim.dashboard.sliders import DOUBTFUL, OTHER, SWEPT, Slider
from sim.pages.answer_section import answer_section
from sim.pages.page_parts import Paragraph
from sim.seeing import statements
from sim.seeing.scenario_answer import answer

PREVIEW = "preview"
_GROUPS = {
    OTHER: "Set by the link",
    SWEPT: "Numbers of the scenario's sweep",
    DOUBTFUL: "Numbers that the scenario declares uncertain",
}


def answer_routes(desk: Desk) -> list[Route]:
    """Return the routes of the page."""

    def page(request: Request) -> Response:
        state = desk.state(request)
        parts = stored_parts(state) if state.stored else ()
        return desk.page(
            "answer.html", "/", state, parts=parts, groups=_grouped(state.sliders), choices=RUNS
        )

    return [Route("/", page), form_route(desk, "/answer", _answered)]


def _answered(desk: Desk, key: str, form: Mapping[str, str]) -> Response:
    state = PageState.read(desk.cabinet, form)
    headers = {"HX-Replace-Url": state.link("/")}
    if state.stored:
        return HTMLResponse(text_of(stored_parts(state)), headers=headers)
    title = f"{state.runs} runs of {state.opened.label}"
    job = PageJob(key, PREVIEW, title, previewed(state), partial(_shown, state))
    return desk.begun(job, headers)


def _shown(state: PageState, result: Previewed) -> str:
    return text_of(preview_parts(state, result))


def stored_parts(state: PageState) -> tuple[object, ...]:
    """Return the answer of a result, as in its report."""
    results = state.opened.results
    assert results is not None  # noqa: S101 - called only if there is one
    found = answer(results)
    section = answer_section(results, found)
    return (Paragraph(statements.scope_sentence(found), "note"), *section.parts)


def _grouped(sliders: Sequence[Slider]) -> list[tuple[str, str, list[Slider]]]:
    """Return the sliders by group: those of the sweep are open, uncertain ones are folded."""
    groups = [(each, [s for s in sliders if s.group == each]) for each in _GROUPS]
    return [(each, _GROUPS[each], found) for each, found in groups if found]
