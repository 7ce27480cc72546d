"""The page Doubt: sources of uncertainty, comparison with history, sources of the numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sim.dashboard.desk import DRAWN, Desk
from sim.dashboard.job_queue import PageJob, Work, stoppable
from sim.dashboard.job_routes import form_route
from sim.dashboard.page_state import RUNS, PageState
from sim.experiments.ensemble import run
from sim.experiments.options import Progress
from sim.experiments.structural.structural_run import run_structural
from sim.kernel.errors import ResultError
from sim.pages.assumption_section import assumption_section
from sim.pages.drivers_section import drivers_section
from sim.pages.figure_album import FigureAlbum
from sim.pages.history_section import history_section
from sim.pages.page_parts import Section
from sim.plots.figure_data import FigureData
from sim.records.manifest import described
from sim.seeing import statements
from sim.seeing.scenario_answer import answer

ENSEMBLE, SPREADS = "ensemble", "spreads"
_POINTS, _EACH = 8, 2  # draws of the uncertain numbers, and runs at each


def doubt_routes(desk: Desk) -> list[Route]:
    """Return the routes of the page, and of the ensemble that it needs."""

    def page(request: Request) -> Response:
        state = desk.state(request)
        return desk.page(
            "doubt.html",
            "/doubt",
            state,
            sections=_sections(state),
            choices=RUNS[1:],
            spreads=state.stored and desk.cabinet.made_here(state.opened.key),
        )

    return [
        Route("/doubt", page),
        form_route(desk, "/doubt/run", _run),
        form_route(desk, "/doubt/spreads", _spread),
    ]


def _sections(state: PageState) -> tuple[Section, ...]:
    """Return the sections on doubt: for a scenario the sources of its numbers, else more."""
    results = state.opened.results
    if results is None or state.sets:
        scenario = state.opened.preview.changed(state.sets)
        return (assumption_section(described(scenario), scenario, state.variant, ""),)
    found, scenario = answer(results), state.opened.scenario
    variant = found.contrasts[0].of if found.contrasts else results.variants[0]
    with DRAWN:
        history = history_section(
            results, found, scenario, FigureAlbum(FigureData.read(results.folder))
        )
    lead = statements.basis_sentence(found)
    return (
        drivers_section(results, found, state.opened.name),
        history,
        assumption_section(results.manifest, scenario, variant, lead),
    )


def _run(desk: Desk, key: str, form: Mapping[str, str]) -> Response:
    state = PageState.read(desk.cabinet, form)
    title = f"{state.runs} runs of every variant of {state.opened.label}"
    job = PageJob(key, ENSEMBLE, title, _ensemble(desk, state), _opened)
    return desk.begun(job)


def _ensemble(desk: Desk, state: PageState) -> Work[str]:
    def work(progress: Progress, stop: Callable[[], bool]) -> str:
        key, folder = desk.cabinet.room("run")
        place = folder / state.opened.scenario.name
        told = stoppable(progress, stop)
        run(
            state.opened.source,
            runs=state.runs,
            seed=state.seed,
            sets=state.sets,
            out=place,
            progress=told,
        )
        desk.cabinet.add_result(key, f"{key}: {state.opened.scenario.name}", place)
        return key

    return work


def _spread(desk: Desk, key: str, form: Mapping[str, str]) -> Response:
    """Compute the shares of chance, parameters and rules for a result run here."""
    state = PageState.read(desk.cabinet, form)
    results = state.opened.results
    if results is None or not desk.cabinet.made_here(state.opened.key):
        message = "spreads can only be computed for a result run in this dashboard"
        raise ResultError(message)
    place = results.folder.with_name(f"{results.folder.name}_structural")

    def work(progress: Progress, stop: Callable[[], bool]) -> str:
        told = stoppable(progress, stop)
        run_structural(
            state.opened.source,
            points=_POINTS,
            runs=_EACH * _POINTS,
            seed=state.seed,
            out=place,
            progress=told,
        )
        return state.opened.key

    job = PageJob(key, SPREADS, f"all rule sets of {state.opened.label}", work, _opened)
    return desk.begun(job)


def _opened(key: str) -> str:
    """Return the links to a result run here."""
    return (
        f'<p>The result is open: <a href="/doubt?case={key}">its doubts</a>, '
        f'<a href="/?case={key}">its answer</a>, <a href="/files?case={key}">its files</a>.</p>'
    )
