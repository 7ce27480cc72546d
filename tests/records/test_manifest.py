"""The manifest says of which code and libraries a result is."""

from __future__ import annotations

import sim
from sim.records import manifest


def test_a_manifest_names_the_version_of_the_code():
    assert manifest.versions()["blocsim"] == sim.__version__
