"""Desk: the objects shared by all pages: open scenarios, jobs, keys of pages, templates."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePath
from threading import Lock
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse

from sim import __version__
from sim.dashboard.cabinet import Cabinet
from sim.dashboard.job_queue import DONE, FAILED, STOPPED, JobQueue, PageJob
from sim.dashboard.page_state import PageState
from sim.kernel.errors import InputError, Problem, SimError
from sim.pages.page_template import PLACE, environment

PAGES = {
    "/": "Answer",
    "/run": "One run",
    "/compare": "Compare",
    "/sweep": "Sweep",
    "/doubt": "Doubt",
    "/files": "Files",
}
HEADER = "x-page-key"
DRAWN = Lock()  # settings of matplotlib are global to the process
_KEYS = 400  # pages that may be open
_HERE = Path(__file__).parent


@cache
def templates() -> Environment:
    """Return our templates, over those of reports, whose macros draw the parts of a page."""
    folders = (_HERE / "templates", PLACE / "templates")
    return environment().overlay(loader=FileSystemLoader(folders))


class StrangerError(Exception):
    """A request to change something that does not come from one of our pages."""


class PageKeys:
    """Keys of pages: each page sends its own with every request."""

    def __init__(self) -> None:
        """Begin without a page."""
        self._known: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def new(self) -> str:
        """Return the key of a new page; that of the oldest is dropped."""
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._known[key] = None
            while len(self._known) > _KEYS:
                self._known.popitem(last=False)
        return key

    def known(self, key: str | None) -> bool:
        """Return whether a key is known."""
        with self._lock:
            return key is not None and key in self._known


@dataclass(eq=False)
class Desk:
    """The objects shared by all pages."""

    cabinet: Cabinet
    queue: JobQueue = field(default_factory=JobQueue)
    keys: PageKeys = field(default_factory=PageKeys)

    def close(self) -> None:
        """Stop all jobs, and remove the files uploaded or made here."""
        self.queue.close()
        self.cabinet.close()

    def key_of(self, request: Request) -> str:
        """Return the key of the requesting page; StrangerError if it is not one of ours."""
        key = request.headers.get(HEADER)
        if key is None or not self.keys.known(key):
            raise StrangerError
        return str(key)

    def state(self, request: Request) -> PageState:
        """Return the state in the address of a request."""
        return PageState.read(self.cabinet, request.query_params)

    def page(self, template: str, place: str, state: PageState, **content: Any) -> HTMLResponse:
        """Return a whole page, with its own key."""
        pages = [(name, state.link(at), at == place) for at, name in PAGES.items()]
        text = (
            templates()
            .get_template(template)
            .render(
                key=self.keys.new(),
                pages=pages,
                state=state,
                names=self.cabinet.names,
                place=place,
                title=PAGES[place],
                version=__version__,
                **content,
            )
        )
        return HTMLResponse(text)

    def fault(self, request: Request, error: SimError, status: int = 400) -> HTMLResponse:
        """Return the faults, as a part of a page or as a separate page."""
        part = request.headers.get(HEADER) is not None
        text = templates().get_template("fault.html" if part else "fault_page.html")
        return HTMLResponse(text.render(problems=problems_of(error)), status)

    def begun(self, job: PageJob, headers: dict[str, str] | None = None) -> HTMLResponse:
        """Add a job, and return the part of a page that shows its progress."""
        self.queue.add(job)
        text = templates().get_template("job.html").render(job=job, **self._course(job))
        return HTMLResponse(text, headers=headers)

    def progress(self, job: PageJob) -> HTMLResponse:
        """Return the progress of a job, for the part made by `begun`."""
        text = templates().get_template("progress.html").render(job=job, **self._course(job))
        return HTMLResponse(text)

    def _course(self, job: PageJob) -> dict[str, Any]:
        before = self.queue.before(job)
        seconds = self.queue.seconds(job)
        left = seconds * (job.whole - job.done) / job.done if job.done else None
        return {"before": before, "left": left}

    def ended(self, job: PageJob) -> HTMLResponse | None:
        """Return the result of a finished job; None if it is not finished."""
        if job.state == DONE:
            return HTMLResponse(job.view(job.result))
        if job.state == FAILED and job.error is not None:
            text = templates().get_template("fault.html")
            return HTMLResponse(text.render(problems=problems_of(job.error)))
        if job.state == STOPPED:
            return HTMLResponse(templates().get_template("stopped.html").render(job=job))
        return None


def text_of(parts: tuple[object, ...]) -> str:
    """Return some parts of a page as HTML."""
    return templates().get_template("some_parts.html").render(parts=parts)


def problems_of(error: SimError, hidden: str = "", name: str = "") -> tuple[tuple[str, str], ...]:
    """Return the problems of an error with their places; a hidden file is replaced by its name."""
    if not isinstance(error, InputError):
        return (("", str(error)),)
    return tuple((_where(each, hidden, name), _what(each)) for each in error.problems)


def _where(problem: Problem, hidden: str, name: str) -> str:
    file = name if hidden and PurePath(problem.file).name == hidden else problem.file
    return f"{file}, line {problem.line}, column {problem.column}" if problem.placed else file


def _what(problem: Problem) -> str:
    return f"{problem.key}: {problem.message}" if problem.key else problem.message
