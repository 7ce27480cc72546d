"""The small scenario before its first period, and runs of it with one event."""

import pytest

from tests.small import built, event, model, record


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    return built(model(tmp_path_factory.mktemp("small")), 3)


@pytest.fixture
def found(tmp_path):
    """Return a function that gives the record of runs with one event, in 2018-Q2."""

    def runs_with(runs=32, patch=None, **kind):
        document = {"events": {"it": event(**kind)}, **(patch or {})}
        return record(model(tmp_path, document), runs)

    return runs_with
