"""The page docs/odd.md is that of the code, and answers every heading of the protocol."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.cli.commands.odd import page as odd_page
from sim.kernel.parameters import parameters_of
from sim.kernel.rules import ROLES

ROOT = Path(__file__).parents[2]
HEADINGS = (
    "I Overview", "I.i Purpose", "I.ii Entities, state variables and scales",
    "I.iii Process overview and scheduling", "II Design concepts",
    "II.i Theoretical and empirical background", "II.ii Individual decision-making",
    "II.iii Learning", "II.iv Individual sensing", "II.v Individual prediction",
    "II.vi Interaction", "II.vii Collectives", "II.viii Heterogeneity", "II.ix Stochasticity",
    "II.x Observation",
    "III Details", "III.i Implementation details", "III.ii Initialisation", "III.iii Input data",
    "III.iv Submodels",
)  # fmt: skip


def test_the_page_is_that_of_the_code():
    written = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    assert written == odd_page(), "run `blocsim odd > docs/odd.md`"


def test_every_heading_of_the_protocol_is_answered_in_its_order():
    found = re.findall(r"^###? (I.*)$", odd_page(), re.MULTILINE)
    assert len(found) == len(HEADINGS)
    assert all(one.startswith(other) for one, other in zip(found, HEADINGS, strict=True))
    for part in re.split(r"^### .*$", odd_page(), flags=re.MULTILINE)[1:]:
        assert len(part.split()) > 15


@pytest.mark.parametrize("role", ROLES)
def test_every_law_and_every_parameter_is_on_the_page(role):
    page = odd_page()
    assert f"#### {role}\n" in page
    for variant, law in ROLES[role].items():
        assert f"- **{variant}**: {law.__doc__}" in page
        for name, about in parameters_of(law).items():
            assert f"| {role} | {variant} | `{name}` | {about.value:g} |" in page


def test_every_source_on_the_page_is_in_its_references():
    page, references = odd_page().split("\n## References\n")
    cited = set(re.findall(r"\b[a-z]{4,}(?:18|19|20)\d\d[a-z]*\b", page))
    assert cited <= set(re.findall(r"^- `(\w+)`", references, re.MULTILINE))


def test_limits_are_stated():
    for words in ("No operational use", "No point prediction", "Not validated beyond its patterns"):
        assert words in odd_page()
