"""The page Compare: two scenarios or variants, inputs that differ beside outcomes that differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sim.dashboard.cabinet import OpenScenario
from sim.dashboard.desk import Desk
from sim.dashboard.job_queue import PageJob, Work, stoppable
from sim.dashboard.job_routes import form_route
from sim.dashboard.page_state import RUNS, PageState
from sim.dashboard.study_view import study_text
from sim.experiments.comparison import compare, write_comparison
from sim.experiments.options import Progress, refuse_unknown
from sim.pages.page_parts import CommandLines

COMPARISON = "comparison"


@dataclass(frozen=True)
class CompareState:
    """The contents of a link to a comparison, besides the state of all pages."""

    state: PageState
    beside: OpenScenario
    one: str
    other: str
    attribute: bool

    @classmethod
    def read(cls, desk: Desk, asked: Mapping[str, str]) -> CompareState:
        """Return the contents of a link; InputError lists faults."""
        state = PageState.read(desk.cabinet, asked)
        beside = desk.cabinet.open(asked.get("beside") or state.opened.key)
        pair = state.pair
        names = [*state.opened.scenario.variants]
        one = asked.get("one") or (pair.versus if pair else names[0])
        usual = pair.of if pair and beside is state.opened else next(iter(beside.scenario.variants))
        other = asked.get("other") or usual
        refuse_unknown("variant", [one], state.opened.scenario.variants)
        refuse_unknown("variant", [other], beside.scenario.variants)
        return cls(state, beside, one, other, asked.get("attribute") == "1")

    def link(self) -> str:
        """Return the address of the page."""
        parts = {"one": self.one, "other": self.other, "attribute": int(self.attribute) or None}
        beside = None if self.beside is self.state.opened else self.beside.key
        return self.state.link("/compare", beside=beside, **parts)

    @property
    def sides(self) -> tuple[str, str]:
        """Return both sides, for `compare`."""
        return f"{self.state.opened.source}:{self.one}", f"{self.beside.source}:{self.other}"

    @property
    def command(self) -> CommandLines:
        """Return the equivalent command."""
        return self.state.compared(
            (f"{self.state.opened.name}:{self.one}", f"{self.beside.name}:{self.other}"),
            " --attribute" if self.attribute else "",
        )


def compare_routes(desk: Desk) -> list[Route]:
    """Return the routes of the page."""

    def page(request: Request) -> Response:
        asked = CompareState.read(desk, request.query_params)
        return desk.page("compare.html", "/compare", asked.state, asked=asked, choices=RUNS)

    return [
        Route("/compare", page),
        form_route(desk, "/compare/run", _run),
    ]


def _run(desk: Desk, key: str, form: Mapping[str, str]) -> Response:
    asked = CompareState.read(desk, form)
    title = f"{asked.state.runs} runs of {asked.one} and {asked.other}"
    job = PageJob(key, COMPARISON, title, _compared(desk, asked), partial(study_text, desk.cabinet))
    return desk.begun(job, {"HX-Replace-Url": asked.link()})


def _compared(desk: Desk, asked: CompareState) -> Work[str]:
    def work(progress: Progress, stop: Callable[[], bool]) -> str:
        state = asked.state
        found = compare(
            *asked.sides,
            runs=state.runs,
            seed=state.seed,
            sets=state.sets,
            attribute=asked.attribute,
            progress=stoppable(progress, stop),
        )
        key, folder = desk.cabinet.room(COMPARISON)
        write_comparison(folder, found)
        desk.cabinet.add_study(key, folder)
        return key

    return work
