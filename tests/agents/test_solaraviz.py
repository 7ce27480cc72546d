"""The example for SolaraViz: a model for each window, no outside request, own pages only."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

pytestmark = [
    pytest.mark.study,
    pytest.mark.skipif(find_spec("solara") is None, reason="needs the extra `solara`"),
]

EXAMPLES = Path(__file__).parents[2] / "examples"
SCENARIO = "polonez_vs_iskander"
WATCHED = f"""
import sys
sys.path.insert(0, {str(EXAMPLES)!r})
def watch(event, given):
    if event == "socket.getaddrinfo" and given[0] not in (None, "127.0.0.1", "localhost"):
        print(f"asked outside: {{given[0]}}", file=sys.stderr, flush=True)
sys.addaudithook(watch)
"""
WINDOWS = """
import json, os
os.environ["BLOCSIM_SCENARIO"] = sys.argv[1]
import ipyvuetify, sim, solara, solaraviz

made, begin = [], solaraviz.MovedModel.__init__
def noted(self, scenario, **kwargs):
    made.append(self)
    begin(self, scenario, **kwargs)
solaraviz.MovedModel.__init__ = noted

pages = [solara.AppLayout(children=[solaraviz.Page()]) for _ in range(2)]
one, other = [solara.render(each, handle_error=False)[1] for each in pages]
(step,) = [each for each in one.find(ipyvuetify.Btn).widgets if each.children == ["Step"]]
step.click()
scenario = sim.load(sys.argv[1])
inputs = {
    name: each["value"] if isinstance(each, dict) else each.value
    for name, each in solaraviz.inputs_of(scenario).items()
}
moved = solaraviz.MovedModel(scenario, **inputs | {"variant": "no_preference"})
print(json.dumps({
    "steps": [each.steps for each in made[:2]],
    "preference": [float(each.blocs["CSTO"].preference) for each in (made[0], moved)],
    "curves": [ax.get_title(loc="left") for ax in solaraviz.curves(made[0]).axes],
    "map": [each.get_text() for each in solaraviz.state_map(made[0], scenario).axes[0].texts],
    "inputs": list(inputs),
}))
"""
SERVED = "import solaraviz; solaraviz.main()"


def test_each_window_steps_a_model_of_its_own():
    done = subprocess.run(
        [sys.executable, "-c", WATCHED + WINDOWS, SCENARIO], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["steps"] == [1, 0]
    assert found["preference"] == [0.35, 0.0]  # of a slider that was not moved: the variant's own
    assert "exposure AZE>ARM" in found["curves"]
    assert {"ARM", "AZE", "BLR"} <= {*found["map"]}
    assert {"run", "variant", "blocs.CSTO.preference", "states.AZE.find"} <= {*found["inputs"]}
    assert "asked outside" not in done.stderr


def test_it_answers_its_own_pages_alone_and_asks_no_other_machine():
    from websockets.exceptions import InvalidStatus  # noqa: PLC0415 - of the extra
    from websockets.sync.client import connect  # noqa: PLC0415

    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    here = f"127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-c", WATCHED + SERVED, SCENARIO, "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        while (status := answered(here)) is None:
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.2)
        assert status == 200
        assert answered(here, Host="evil.example") == 403
        assert answered(here, Origin="http://evil.example") == 403
        kernel = f"ws://{here}/jupyter/api/kernels/{uuid4()}/channels?session_id={uuid4()}"
        with pytest.raises(InvalidStatus):
            connect(kernel, origin="http://evil.example")
        with connect(kernel, origin=f"http://{here}"):
            pass
    finally:
        process.terminate()
        _, err = process.communicate(timeout=60)
    assert "asked outside" not in err


def answered(here, **headers):
    """Return the status of an answer; None while there is no server."""
    try:
        with urlopen(Request(f"http://{here}/", headers=headers), timeout=60) as answer:
            return answer.status
    except HTTPError as error:
        return error.code
    except URLError:
        return None
