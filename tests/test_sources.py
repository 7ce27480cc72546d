"""Every source that the code cites is in the bibliography."""

import re
from pathlib import Path

import pytest

from sim.documents.sources import reference_keys

ROOT = Path(__file__).resolve().parents[1]
FILES = [
    path
    for folder in ("laws", "metrics", "experiments", "cases", "noise.py")
    for path in sorted((ROOT / "sim" / folder).rglob("*.py") or [ROOT / "sim" / folder])
]
CITED = re.compile(r"\b([a-z]{4,}(?:19|20)\d\d[a-z]*)\b")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sources_cited_in_a_file_are_in_the_bibliography(path):
    cited = set(CITED.findall(path.read_text(encoding="utf-8")))
    assert cited <= set(reference_keys()), cited - set(reference_keys())
