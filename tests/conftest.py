"""Shapes are checked in every test, and hypothesis repeats itself where CI is set."""

from __future__ import annotations

import faulthandler
import gc
import inspect
import os
from pathlib import Path

import pytest
from hypothesis import settings

from sim.kernel.thread_settings import ONE_THREAD

for setting, value in ONE_THREAD.items():  # before numpy: threads that wait take most of the time
    os.environ.setdefault(setting, value)

# the floors that compute with arrays; above them mypy and pydantic hold the types
FLOORS = (
    "kernel.arrays", "kernel.noise", "kernel.sparse", "kernel.world", "kernel.collect",
    "kernel.decision_points", "laws", "metrics", "steps",
)  # fmt: skip
if os.environ.get("SHAPES") != "off":  # `make test` holds shapes where they are the matter
    from jaxtyping import install_import_hook  # which imports numpy

    install_import_hook([f"sim.{floor}" for floor in FLOORS], "beartype.beartype")

os.environ.pop("COLUMNS", None)  # xdist sets it for its workers, which have no screen

gc.set_threshold(50_000, 20, 100)  # seldom: it took a quarter of the time of collection

module_of = inspect.getmodule


def module_of_file(thing, *file):
    """Return no module for frames of no file at once: half the time of importing ema_workbench."""
    if inspect.isframe(thing) and thing.f_code.co_filename.startswith("<"):
        return None
    return module_of(thing, *file)


inspect.getmodule = module_of_file

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

CACHE = "XDG_CACHE_HOME"
fonts = Path(os.environ.get(CACHE) or "~/.cache").expanduser() / "matplotlib"
os.environ.setdefault("MPLCONFIGDIR", str(fonts))  # the list of fonts takes seconds to make


def pytest_collection_finish():
    """Leave imported objects out of the search for garbage, which took an eighth of the time."""
    gc.collect()
    gc.freeze()


def pytest_make_parametrize_id(val, argname):
    """Name bytes by their argument: compressed ones hold the time, which differs by worker."""
    return argname if isinstance(val, bytes) else None


def pytest_runtest_setup(item):
    """Let a study take its time; any other test that hangs is ended (pyproject.toml)."""
    if item.get_closest_marker("study"):
        faulthandler.cancel_dump_traceback_later()


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory):
    """Keep compiled periods apart from the user's, once for all workers of the session."""
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    os.environ[CACHE] = str(folder / "cache")


@pytest.fixture
def blocsim(capfd, monkeypatch, tmp_path):
    """Return a function that runs a command and returns exit code, stdout and stderr."""
    from sim import cli  # noqa: PLC0415 - after the hook

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIM_DEBUG", raising=False)

    def call(*arguments):
        with pytest.raises(SystemExit) as leaving:
            cli.main([str(each) for each in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return leaving.value.code, out, err

    return call
