"""The invented case, filled from all tables."""

from __future__ import annotations

from typing import Any

import pytest

from sim.cases.case_file import CaseText, fill_text
from sim.cases.topics import TOPICS
from sim.documents.reader import read_mapping
from tests.cases.invented_case import TEXT, archive


@pytest.fixture(scope="session")
def case() -> CaseText:
    """Return the invented case, filled from all tables."""
    return fill_text(TEXT, "x.yaml", archive(), [*TOPICS])


@pytest.fixture(scope="session")
def plain(case: CaseText) -> Any:
    """Return the content of the filled file."""
    return read_mapping(case.text, "x.yaml").plain()
