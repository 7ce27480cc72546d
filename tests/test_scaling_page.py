"""The recipes of docs/scaling.md: files that load, commands and keywords that exist."""

from __future__ import annotations

import ast
import inspect
import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import yaml

import sim
from sim.cli.app import app

PAGE = (Path(__file__).parents[1] / "docs" / "scaling.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|yaml)\n(.*?)```", PAGE, re.DOTALL)
PYTHON = [text for language, text in BLOCKS if language == "python"]
(KUBERNETES,) = [text for language, text in BLOCKS if language == "yaml"]


@pytest.fixture(scope="module")
def resources():
    """Return the resources of the recipe for Kubernetes by kind."""
    return {each["kind"]: each for each in yaml.safe_load_all(KUBERNETES)}


@pytest.mark.parametrize("text", PYTHON)
def test_every_keyword_of_a_recipe_in_python_exists(text):
    calls = [
        each
        for each in ast.walk(ast.parse(text))
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "sim.sweep"
    ]
    assert len(calls) == 1
    known = inspect.signature(sim.sweep).parameters
    assert {keyword.arg for keyword in calls[0].keywords} <= {*known}


def test_the_job_for_kubernetes_is_a_sweep_into_the_volume_that_workers_mount(resources):
    job = resources["Job"]["spec"]["template"]["spec"]
    worker = resources["DaskCluster"]["spec"]["worker"]["spec"]
    (container,) = job["containers"]
    name, command, _, *options = container["args"]
    known = {option for each in app.commands[command].params for option in each.opts}
    assert name == "blocsim"
    assert {each for each in options if each.startswith("-")} <= known
    assert container["volumeMounts"] == worker["containers"][0]["volumeMounts"]
    assert job["volumes"] == worker["volumes"]
    out = options[options.index("--out") + 1]
    assert out.startswith(container["volumeMounts"][0]["mountPath"] + "/")
    claim = job["volumes"][0]["persistentVolumeClaim"]["claimName"]
    assert claim == resources["PersistentVolumeClaim"]["metadata"]["name"]
    scheduler = options[options.index("--scheduler") + 1]
    assert scheduler == f"tcp://{resources['DaskCluster']['metadata']['name']}-scheduler:8786"


def test_the_commands_of_dask_for_kubernetes_exist(resources):
    pytest.importorskip("distributed", reason="needs the extra `cluster`")
    commands = {each.name: each for each in entry_points(group="dask_cli")}
    for role in ("scheduler", "worker"):
        (container,) = resources["DaskCluster"]["spec"][role]["spec"]["containers"]
        dask, name, *options = container["args"]
        known = {option for each in commands[name].load().params for option in each.opts}
        assert (dask, name) == ("dask", role)
        assert {each for each in options if each.startswith("--")} <= known
