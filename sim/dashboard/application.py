"""Application: the routes of all pages behind the gate, and pages for faults."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from sim.dashboard.answer_routes import answer_routes
from sim.dashboard.compare_routes import compare_routes
from sim.dashboard.desk import Desk, StrangerError
from sim.dashboard.doubt_routes import doubt_routes
from sim.dashboard.file_routes import file_routes
from sim.dashboard.gate import Gate, TooLargeError, too_large
from sim.dashboard.job_routes import job_routes
from sim.dashboard.run_routes import run_routes
from sim.dashboard.sweep_routes import sweep_routes
from sim.kernel.errors import ResultError, SimError
from sim.pages.page_template import STATIC

_STATIC = Path(__file__).parent / "static"


def application(desk: Desk, port: int) -> Gate:
    """Return the dashboard as an ASGI application for a port."""

    def wrong(request: Request, error: Exception) -> Response:
        assert isinstance(error, SimError)  # noqa: S101 - it is registered only for these
        return desk.fault(request, error)

    def stranger(request: Request, error: Exception) -> Response:
        del request, error
        return PlainTextResponse("This page is no longer open: load it again.\n", 403)

    def missing(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code != 404:  # noqa: PLR2004
            return PlainTextResponse(f"{error.detail}\n", error.status_code)
        return desk.fault(request, ResultError(f"there is no page {request.url.path}"), 404)

    def long(request: Request, error: Exception) -> Response:
        del request, error
        return too_large()

    routes = [
        *answer_routes(desk),
        *run_routes(desk),
        *compare_routes(desk),
        *sweep_routes(desk),
        *doubt_routes(desk),
        *file_routes(desk),
        *job_routes(desk),
        Mount("/static", StaticFiles(directory=_STATIC)),
        Mount("/style", StaticFiles(directory=STATIC)),
    ]
    handlers = {
        SimError: wrong, StrangerError: stranger, TooLargeError: long, HTTPException: missing,
    }  # fmt: skip
    return Gate(Starlette(routes=routes, exception_handlers=handlers), port)
