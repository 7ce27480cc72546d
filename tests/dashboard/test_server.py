"""The server: on this machine's own address, at a port that can be had, until it is interrupted."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from urllib.request import urlopen

import pytest

from sim.dashboard.gate import ADDRESS
from sim.dashboard.server import serve
from sim.kernel.errors import InputError
from tests.experiments.conftest import SMALL
from tests.patience import PATIENCE


def test_it_answers_at_its_address_alone_and_ends_when_interrupted():
    line = [sys.executable, "-m", "sim", "dashboard", str(SMALL), "--no-open", "--port", "0"]
    with subprocess.Popen(line, stderr=subprocess.PIPE, text=True) as process:
        said = process.stderr.readline()
        address = re.search(rf"http://{re.escape(ADDRESS)}:(\d+)/", said)
        assert address, said
        with urlopen(address[0], timeout=PATIENCE) as page:  # noqa: S310 - our own address
            assert b"What does the north lose" in page.read()
        with pytest.raises(InputError, match="is not available"):
            serve(SMALL, port=int(address[1]), browser=False, say=str)
        others = socket.socket()
        others.settimeout(2)
        assert others.connect_ex(("127.0.0.2", int(address[1])))
        others.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) in (0, 130)
        assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize("port", [-1, 70000])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(InputError, match="is not available"):
        serve(SMALL, port=port, browser=False, say=str)


def test_what_cannot_be_read_is_said_before_any_page(tmp_path):
    with pytest.raises(InputError, match="no scenario"):
        serve("polonez_vs_iskandr", port=0, browser=False, say=str)
    path = tmp_path / "bad.yaml"
    path.write_text("scenario: [", "utf-8")
    with pytest.raises(InputError):
        serve(path, port=0, browser=False, say=str)
