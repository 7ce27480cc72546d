"""Jobs on a page: a form requests one; the page shows its progress, stops it, or is closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sim.dashboard.desk import Desk
from sim.dashboard.job_queue import PageJob

Answered = Callable[[Desk, str, Mapping[str, str]], Response]  # of the key of a page and a form


def form_route(desk: Desk, address: str, answered: Answered) -> Route:
    """Return the route of a form, answered in a thread of its own."""

    async def asked(request: Request) -> Response:
        key = desk.key_of(request)
        async with request.form(max_files=0, max_fields=3000) as form:
            texts = {name: each for name, each in form.items() if isinstance(each, str)}
        return await run_in_threadpool(answered, desk, key, texts)

    return Route(address, asked, methods=["POST"])


def job_routes(desk: Desk) -> list[Route]:
    """Return the routes that show a job's progress, stop it, and close a page."""

    def course(request: Request) -> Response:
        job = _job(desk, request)
        if job is None:
            return HTMLResponse("", headers={"HX-Reswap": "none"})
        ended = desk.ended(job)
        if ended is None:
            return desk.progress(job)
        ended.headers["HX-Retarget"] = f"#{job.place}"
        ended.headers["HX-Reswap"] = "innerHTML"
        return ended

    def stop(request: Request) -> Response:
        job = _job(desk, request)
        if job is not None:
            desk.queue.stop(job)
        return HTMLResponse("", 204)

    async def leave(request: Request) -> Response:
        key = (await request.body())[:100].decode("ascii", "replace")
        if desk.keys.known(key):
            desk.queue.leave(key)
        return HTMLResponse("", 204)

    return [
        Route("/jobs/{id}", course),
        Route("/jobs/{id}/stop", stop, methods=["POST"]),
        Route("/leave", leave, methods=["POST"]),
    ]


def _job(desk: Desk, request: Request) -> PageJob | None:
    return desk.queue.of_page(desk.key_of(request), request.path_params["id"])
