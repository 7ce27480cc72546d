"""The small scenario as it stands before its first period, in three runs."""

import pytest

from tests.small import built, model


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    return built(model(tmp_path_factory.mktemp("small")), 3)
