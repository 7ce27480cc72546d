"""The manifest names the code and libraries of a result."""

from __future__ import annotations

import pytest

import sim
from sim.records import manifest


def test_a_manifest_names_the_version_of_the_code():
    assert manifest.versions()["blocsim"] == sim.__version__


@pytest.mark.parametrize(
    ("name", "files", "wanted"),
    [
        ("helicopters", ["bases.yaml", "case.yaml", "ties.csv", "P18.yaml"], "case.yaml"),
        ("helicopters", [], "helicopters.yaml"),
        ("helicopters", ["../x.yaml", "-x.yaml"], "helicopters.yaml"),
        ("polonez_vs_iskander", ["polonez_vs_iskander.yaml", "P18.yaml"], "polonez_vs_iskander"),
        ("polonez_vs_iskander", ["mine.yml"], "mine.yml"),
    ],
)
def test_a_command_names_the_file_of_a_scenario_that_is_not_shipped(name, files, wanted):
    about = {"files": dict.fromkeys(files, ""), "document": {"patterns": ["P18"]}}
    assert manifest.scenario_argument({"inputs": {"scenario": name}, "scenario": about}) == wanted
