"""The page Files: upload of a scenario, downloads, and the equivalent command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

import pandas as pd
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sim.dashboard.desk import Desk, problems_of, templates
from sim.dashboard.gate import MOST_BYTES
from sim.dashboard.job_queue import PageJob
from sim.dashboard.page_state import PageState
from sim.dashboard.preview_view import previewed
from sim.dashboard.scenario_text import scenario_text
from sim.dashboard.study_view import tables_of
from sim.documents.package_data import SUFFIXES
from sim.experiments.preview import PreviewResult
from sim.kernel.errors import InputError, Problem, ResultError, SimError
from sim.pages.page_parts import CommandLines
from sim.pages.report import report_text
from sim.records.results import Results

_DOWNLOAD, _PATIENCE = "download", 300.0  # seconds
_LISTED = 200  # faults of a file
_HTML, _ZIP = "text/html", "application/zip"


def file_routes(desk: Desk) -> list[Route]:
    """Return the routes of the page, and those of the files of studies made here."""

    def page(request: Request) -> Response:
        state = desk.state(request)
        commands = CommandLines(state.commands())
        return desk.page("files.html", "/files", state, commands=commands, most=MOST_BYTES)

    async def upload(request: Request) -> Response:
        desk.key_of(request)
        async with request.form(max_files=1, max_fields=5) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                return desk.fault(request, _problem("choose a file first"))
            content = await file.read(MOST_BYTES + 1)
            name = PurePath(file.filename.replace("\\", "/")).name
        return await run_in_threadpool(_taken, desk, name, content)

    def download(request: Request) -> Response:
        state, name = desk.state(request), request.path_params["name"]
        made = _MADE.get(name)
        if made is None:
            return desk.fault(request, ResultError(f"there is no download {name}"), 404)
        return _attached(*made(desk, state), _named(state, name))

    def report(request: Request) -> Response:
        folder = desk.cabinet.study(request.path_params["key"])
        return _attached(report_text(folder), _HTML, "report.html")

    def tables(request: Request) -> Response:
        folder = desk.cabinet.study(request.path_params["key"])
        return _attached(tables_of(folder), _ZIP, "tables.zip")

    return [
        Route("/files", page),
        Route("/files/upload", upload, methods=["POST"]),
        Route("/files/{name}", download),
        Route("/studies/{key}/report.html", report),
        Route("/studies/{key}/tables.zip", tables),
    ]


def _attached(content: str | bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


def _taken(desk: Desk, name: str, content: bytes) -> Response:
    """Open an uploaded file, or list its faults, line by line."""
    if len(content) > MOST_BYTES:
        error: SimError = _problem(f"{name} is larger than {MOST_BYTES:,} bytes")
        return HTMLResponse(_messages(name, problems_of(error)), 413)
    try:
        key = desk.cabinet.add_file(name, content)
    except SimError as wrong:
        return HTMLResponse(_messages(name, problems_of(wrong, "scenario.yaml", name)), 422)
    return HTMLResponse("", headers={"HX-Redirect": f"/?case={key}"})


def _messages(name: str, problems: tuple[tuple[str, str], ...]) -> str:
    page = templates().get_template("upload_faults.html")
    more = max(0, len(problems) - _LISTED)
    return page.render(name=name, problems=problems[:_LISTED], count=len(problems), more=more)


def _problem(message: str) -> InputError:
    return InputError([Problem("upload", 0, 0, "", message)])


def _named(state: PageState, name: str) -> str:
    """Return the name of a download, with letters and digits of the scenario's name.

    The scenario file has the name used in the commands of the page.
    """
    given = PurePath(state.opened.name)
    of_file = name == "scenario.yaml" and given.suffix in SUFFIXES
    stem = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_"
                   for c in (given.stem if of_file else state.opened.scenario.name))  # fmt: skip
    return f"{stem}.yaml" if name == "scenario.yaml" else f"{stem}_{name}"


def _levels(desk: Desk, state: PageState) -> tuple[str | bytes, str]:
    return _csv(_preview(desk, state).levels), "text/csv"


def _differences(desk: Desk, state: PageState) -> tuple[str | bytes, str]:
    return _csv(_preview(desk, state).differences), "text/csv"


def _scenario(desk: Desk, state: PageState) -> tuple[str | bytes, str]:
    del desk
    changed = state.opened.preview.changed(state.sets)
    return scenario_text(changed, state.sets), "application/yaml"


def _report(desk: Desk, state: PageState) -> tuple[str | bytes, str]:
    del desk
    return report_text(_results(state).folder), _HTML


def _tables(desk: Desk, state: PageState) -> tuple[str | bytes, str]:
    del desk
    return tables_of(_results(state).folder), _ZIP


_MADE: dict[str, Callable[[Desk, PageState], tuple[str | bytes, str]]] = {
    "levels.csv": _levels,
    "differences.csv": _differences,
    "scenario.yaml": _scenario,
    "report.html": _report,
    "tables.zip": _tables,
}


def _results(state: PageState) -> Results:
    if state.opened.results is None:
        message = "a scenario has no report and no tables: run it first"
        raise ResultError(message)
    return state.opened.results


def _preview(desk: Desk, state: PageState) -> PreviewResult:
    """Return the preview on a page, computed in a queue unless it is kept."""
    known = state.opened.answers.get(state.asked)
    if known is None:
        job = desk.queue.add(
            PageJob("", f"{_DOWNLOAD} {state.asked}", "a download", previewed(state))
        )
        job.over.wait(_PATIENCE)
        if job.error is not None:
            raise job.error
        if job.result is None:
            message = "the download was stopped: try again"
            raise ResultError(message)
        found: PreviewResult = job.result.result
        return found
    return known


def _csv(frame: pd.DataFrame) -> str:
    """Return a table as text, with numbers in the form of all our tables."""
    return frame.to_csv(index=False, float_format="%.10g", lineterminator="\n")
