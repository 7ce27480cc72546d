"""Times of the dashboard's pages, without a browser: a page with its files, a step, an ensemble."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from starlette.testclient import TestClient

from sim.dashboard.application import application
from sim.dashboard.cabinet import Cabinet
from sim.dashboard.desk import Desk
from sim.dashboard.page_state import PageState

PORT = 8710
HERE = f"http://127.0.0.1:{PORT}"
FILES = ("/style/page.css", "/static/dashboard.css", "/static/htmx.min.js", "/static/dashboard.js")


def page_times(scenario: str | Path, times: int = 5) -> Iterator[tuple[str, float, float]]:
    """Yield the name of a measurement, its median in seconds, and its limit."""
    desk = Desk(Cabinet(scenario))
    client = TestClient(application(desk, PORT), base_url=HERE)
    key = re.search(r'data-key="([^"]+)"', client.get("/").text)
    headers = {"X-Page-Key": key[1] if key else "", "Origin": HERE}

    slider = next(each for each in PageState.read(desk.cabinet, {}).sliders if not each.values)

    def made(answer: str) -> None:
        """Wait for the job that an answer names."""
        name = re.search(r'hx-get="/jobs/([^"]+)"', answer)
        job = desk.queue.of_page(headers["X-Page-Key"], name[1]) if name else None
        if job is not None:
            job.over.wait()
            client.get(f"/jobs/{job.id}", headers=headers)

    def page(number: int) -> None:
        del number
        for address in ("/", *FILES):
            client.get(address).raise_for_status()

    def step(number: int) -> None:
        client.get(f"/run/frame?at={number + 1}", headers=headers).raise_for_status()

    def ensemble(number: int) -> None:
        part = (number + 1.6) / (times + 2)  # of the range, never the present value
        value = f"{slider.low + part * (slider.high - slider.low):.6g}"
        form = {"runs": "200", slider.field: value}
        made(client.post("/answer", data=form, headers=headers).text)

    try:
        yield "a page of the dashboard and its files", _median(page, times), 1.0
        made(client.get("/run/frame?at=0", headers=headers).text)
        yield "a step of a run on the map", _median(step, times), 0.1
        ensemble(-1)  # so that the unchanged scenario has been run, too
        yield "200 runs of two variants, changed", _median(ensemble, times), 5.0
    finally:
        desk.close()


def _median(work: Callable[[int], None], times: int) -> float:
    seconds = []
    for number in range(times):
        clock = perf_counter()
        work(number)
        seconds.append(perf_counter() - clock)
    return median(seconds)
