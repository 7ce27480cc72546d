"""The dashboard under hardship: a full disk, a killed server, a hundred states."""

from __future__ import annotations

import re
import resource
import signal
import subprocess
import sys
from contextlib import contextmanager
from time import monotonic, sleep

import httpx2
import pytest
import yaml

from tests.crowd import crowd
from tests.dashboard.conftest import OpenPage
from tests.experiments.conftest import SMALL
from tests.pages.parsed import parsed
from tests.patience import PATIENCE

ROOM = 8_000  # bytes of a file, beyond which the disk is full
PLACES = ("", "run", "compare", "sweep", "doubt", "files")


@contextmanager
def started(given, port=0, room=resource.RLIM_INFINITY):
    """Yield the process of a dashboard and a client of it; end it, unless it has ended."""

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))

    line = [sys.executable, "-m", "sim", "dashboard", str(given), "--no-open", "--port", str(port)]
    process = subprocess.Popen(line, stderr=subprocess.PIPE, text=True, preexec_fn=full)  # noqa: PLW1509
    said = process.stderr.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert address, said
    try:
        with httpx2.Client(base_url=address[0], timeout=PATIENCE) as client:
            yield process, client
    finally:
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in rest


def opened(client, address="/"):
    """Return the headers with which a page that was loaded asks."""
    key = re.search(r'data-key="([^"]+)"', client.get(address).text)[1]
    return {"X-Page-Key": key, "Origin": str(client.base_url).rstrip("/")}


def answered(client, headers, address, form):
    """Return the page once a form is answered."""
    text = client.post(address, data=form, headers=headers).text
    end = monotonic() + PATIENCE
    while job := re.search(r'hx-get="(/jobs/[^"]+)"', text):
        shown = client.get(job[1], headers=headers)
        if "HX-Retarget" in shown.headers:
            return shown.text
        assert monotonic() < end
        sleep(0.1)
    return text


def test_a_full_disk_is_said_and_the_pages_go_on():
    with started(SMALL, room=ROOM) as (_, client):
        headers = opened(client)
        large = SMALL.read_bytes() + b"# " + b"x" * (2 * ROOM)
        handed = client.post("/files/upload", files={"file": ("l.yaml", large)}, headers=headers)
        assert handed.status_code == 422
        assert "File too large" in parsed(handed.text).words
        assert "upload-" not in client.get("/").text
        for address, form in (
            ("/doubt/run", {"runs": "50"}),
            ("/sweep/run", {"over:states.DEL.gdp": "1", "points": "128", "each": "5"}),
        ):
            words = parsed(answered(client, headers, address, form)).words
            assert "File too large" in words[:300], words[:300]
        shown = answered(client, headers, "/answer", {"runs": "2"})
        assert parsed(shown).all("li")
        assert [client.get(f"/{place}").status_code for place in PLACES] == [200] * 6


@pytest.mark.study
def test_a_link_gives_the_page_again_after_the_server_was_killed():
    link = "/?runs=2&set:states.DEL.gdp=52000"
    with started(SMALL) as (process, client):
        before = answered(
            client, opened(client, link), "/answer", dict(client.get(link).url.params)
        )
        port = client.base_url.port
        process.kill()
        process.wait(PATIENCE)
        with pytest.raises(httpx2.HTTPError):
            client.get(link)
    with started(SMALL, port) as (_, client):
        after = answered(client, opened(client, link), "/answer", dict(client.get(link).url.params))
        assert parsed(after).words == parsed(before).words
        assert parsed(after).all("li")
        gone = client.get("/?case=run-1")
        assert gone.status_code == 400
        assert "kept until the dashboard ends" in gone.text


@pytest.mark.study
def test_a_hundred_states_are_shown_and_computed(served, tmp_path):
    path = tmp_path / "crowd.yaml"
    path.write_text(yaml.safe_dump(crowd(100), sort_keys=False), encoding="utf-8")
    desk, client = served(path)
    for place in PLACES:
        assert client.get(f"/{place}").status_code == 200
    page = OpenPage(client).load()
    assert parsed(page.asked({"runs": "50"}, desk, patience=600).text).all("li")
    shown = page.settled(page.get("/run/frame?variant=sale&run=0&at=2&about=S11"), desk, 600)
    states = [e for e in parsed(shown.text).all("a") if "state" in e.attributes.get("class", "")]
    assert len(states) == 100
    form = {"one": "baseline", "other": "sale", "runs": "50"}
    assert "Outcomes" in page.asked(form, desk, "/compare/run", patience=600).text
