"""The page Sweep: outcomes over some numbers, computed in the background."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sim.dashboard.desk import Desk
from sim.dashboard.job_queue import PageJob, Work, stoppable
from sim.dashboard.job_routes import form_route
from sim.dashboard.page_state import PageState
from sim.dashboard.sliders import SWEPT, Slider, numeral_of
from sim.dashboard.study_view import study_text
from sim.experiments.options import Progress
from sim.experiments.sweeps.sweep import sweep
from sim.kernel.errors import InputError, Problem
from sim.pages.page_parts import CommandLines

SWEEP = "sweep"
POINTS, EACH = (16, 32, 64, 128), (5, 10, 20)  # of the design, and runs at each
_MOST = 4  # numbers at once
_OVER = "over:"  # prefix of the names of paths in a form


@dataclass(frozen=True)
class SweepState:
    """The contents of a link to a sweep, besides the state of all pages."""

    state: PageState
    over: tuple[Slider, ...]
    points: int
    each: int

    @classmethod
    def read(cls, desk: Desk, asked: Mapping[str, str]) -> SweepState:
        """Return the contents of a link; InputError lists faults."""
        state = PageState.read(desk.cabinet, asked)
        named = {name.removeprefix(_OVER) for name in asked if name.startswith(_OVER)}
        over = tuple(each for each in state.sliders if each.path in named)
        if not named:
            swept = [each for each in state.sliders if each.group == SWEPT]
            over = tuple((swept or state.sliders)[:_MOST])
        points, each = (
            _one_of(name, asked.get(name), among)
            for name, among in (("points", POINTS), ("each", EACH))
        )
        return cls(state, over, points, each)

    @property
    def axes(self) -> tuple[str, ...]:
        """Return the swept numbers, for `--over`."""
        return tuple(
            f"{each.path}={','.join(map(numeral_of, each.values))}"
            if each.values
            else f"{each.path}={numeral_of(each.low)}..{numeral_of(each.high)}"
            for each in self.over
        )

    @property
    def variants(self) -> tuple[str, ...]:
        """Return the variants of the contrast; the first without a contrast."""
        pair = self.state.pair
        return (pair.versus, pair.of) if pair else tuple(self.state.opened.scenario.variants)[:1]

    def link(self) -> str:
        """Return the address of the page."""
        named = {f"{_OVER}{each.path}": 1 for each in self.over}
        return self.state.link("/sweep", points=self.points, each=self.each, **named)

    @property
    def command(self) -> CommandLines:
        """Return the equivalent command."""
        state = self.state
        parts = ["blocsim", "sweep", state.opened.name]
        parts += [part for axis in self.axes for part in ("--over", axis)]
        parts += [part for name in self.variants for part in ("--variant", name)]
        parts += [part for text in state.sets for part in ("--set", text)]
        parts += ["-n", str(self.points), "--runs", str(self.each)]
        parts += ["--seed", str(state.seed)] if state.seed is not None else []
        return CommandLines(((shlex.join([*parts, "--out", "results/sweep"]), "gives the same"),))


def sweep_routes(desk: Desk) -> list[Route]:
    """Return the routes of the page."""

    def page(request: Request) -> Response:
        asked = SweepState.read(desk, request.query_params)
        return desk.page("sweep.html", "/sweep", asked.state, asked=asked, points=POINTS, each=EACH)

    return [Route("/sweep", page), form_route(desk, "/sweep/run", _run)]


def _run(desk: Desk, key: str, form: Mapping[str, str]) -> Response:
    if not any(name.startswith(_OVER) for name in form):
        raise InputError([Problem("--over", 0, 0, "", "choose a number to sweep")])
    asked = SweepState.read(desk, form)
    if len(asked.over) > _MOST:
        raise InputError([Problem("--over", 0, 0, "", f"choose at most {_MOST} numbers")])
    title = f"a sweep of {asked.points} points"
    job = PageJob(key, SWEEP, title, _swept(desk, asked), partial(study_text, desk.cabinet))
    return desk.begun(job, {"HX-Replace-Url": asked.link()})


def _swept(desk: Desk, asked: SweepState) -> Work[str]:
    def work(progress: Progress, stop: Callable[[], bool]) -> str:
        key, folder = desk.cabinet.room(SWEEP)
        sweep(
            asked.state.opened.source,
            over=asked.axes,
            points=asked.points,
            runs=asked.each,
            seed=asked.state.seed,
            sets=asked.state.sets,
            variants=asked.variants,
            out=folder,
            progress=stoppable(progress, stop),
        )
        desk.cabinet.add_study(key, folder)
        return key

    return work


def _one_of(name: str, text: str | None, among: tuple[int, ...]) -> int:
    if not text:
        return among[0]
    if text not in map(str, among):
        message = f"must be one of {', '.join(map(str, among))}, got {text}"
        raise InputError([Problem(name, 0, 0, "", message)])
    return int(text)
