"""A dashboard without a socket, and a page of it that is open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from time import monotonic, sleep

import pytest
import yaml
from starlette.testclient import TestClient

from sim.dashboard.application import application
from sim.dashboard.cabinet import Cabinet
from sim.dashboard.desk import Desk
from sim.dashboard.job_queue import PageJob
from sim.kernel.errors import Interrupted
from tests.experiments.conftest import SMALL
from tests.pages.conftest import strange, strange_run

__all__ = ["strange_run"]  # a fixture

PORT = 8710
HERE = f"http://127.0.0.1:{PORT}"
PATIENCE = 120.0  # seconds


@dataclass
class OpenPage:
    """A page, with the key that it was given."""

    client: TestClient
    address: str = "/"
    key: str = ""
    text: str = ""

    def load(self):
        answer = self.client.get(self.address)
        assert answer.status_code == 200, answer.text
        self.text = answer.text
        self.key = re.search(r'data-key="([^"]+)"', answer.text)[1]
        return self

    def post(self, address, form=None, **more):
        headers = {"X-Page-Key": self.key, "Origin": HERE, "Sec-Fetch-Site": "same-origin"}
        return self.client.post(address, data=form, headers=headers, **more)

    def get(self, address):
        return self.client.get(address, headers={"X-Page-Key": self.key})

    def job(self, answer, desk):
        """Return the job for which an answer polls, if it does."""
        found = re.search(r'hx-get="/jobs/([^"]+)"', answer.text)
        return desk.queue.of_page(self.key, found[1]) if found else None

    def settled(self, answer, desk, patience=PATIENCE):
        """Return the page once the job of an answer is over."""
        job = self.job(answer, desk)
        if job is None:
            return answer
        end = monotonic() + patience
        while not job.over.wait(1):  # as a page does, which is not heard of if it does not ask
            assert self.get(f"/jobs/{job.id}").status_code == 200
            assert monotonic() < end
        return self.get(f"/jobs/{job.id}")

    def asked(self, form, desk, address="/answer", patience=PATIENCE):
        """Return the page once a form is answered."""
        return self.settled(self.post(address, form), desk, patience)


@pytest.fixture(scope="session")
def small_swept(tmp_path_factory):
    """Return the file of a small scenario with sliders, one of which has no effect."""
    document = yaml.safe_load(SMALL.read_text(encoding="utf-8"))
    document["sweep"] = {
        "states.BRA.burden": {"low": 0.02, "high": 0.06},
        "blocs.NORTH.norm": {"low": 0, "high": 2},
        "offers.charlie_tank.price": {"values": [30, 40, 50]},
    }
    document["runs"] = 6
    path = tmp_path_factory.mktemp("swept") / "small_swept.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def strange_file(tmp_path_factory):
    document = strange(yaml.safe_load(SMALL.read_text(encoding="utf-8")))
    path = tmp_path_factory.mktemp("stranger") / "strange.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def served():
    """Return a function that opens a dashboard of a file or result."""
    desks = []

    def serve(given):
        desk = Desk(Cabinet(given))
        desks.append(desk)
        return desk, TestClient(application(desk, PORT), base_url=HERE)

    yield serve
    for each in desks:
        each.close()


@pytest.fixture(scope="session")
def desk_and_client(served, small_swept):
    return served(small_swept)


@pytest.fixture(scope="session")
def desk(desk_and_client):
    return desk_and_client[0]


@pytest.fixture(scope="session")
def client(desk_and_client):
    return desk_and_client[1]


@pytest.fixture
def page(client):
    return OpenPage(client).load()


@pytest.fixture
def busy(desk):
    """Keep the queue at a job of another page, so that those of this one wait."""

    def until_stopped(_, stop):
        while not stop():
            sleep(0.005)
        raise Interrupted

    job = desk.queue.add(PageJob("another", "long", "a long job", until_stopped))
    yield
    desk.queue.stop(job)
