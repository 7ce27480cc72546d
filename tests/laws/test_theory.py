"""Every law keeps its theory: the claims of `sim.conform.theory`."""

from __future__ import annotations

import pytest

from sim.conform.domains import methods_of
from sim.conform.suite import of_role
from sim.conform.theory import THEORY
from sim.kernel.rules import ROLES

VARIANTS = [(role, variant) for role, variants in ROLES.items() for variant in variants]


@pytest.mark.parametrize(("role", "variant"), VARIANTS, ids=map(":".join, VARIANTS))
def test_every_law_keeps_its_theory(role, variant):
    verdicts = list(of_role(role, {variant: ROLES[role][variant]}))
    assert [each for each in verdicts if not each.holds] == []
    assert len(verdicts) > 1 + len(methods_of(ROLES[role][variant]))


def test_every_variant_of_every_role_has_a_theory_and_no_theory_is_without_a_law():
    assert {(role, variant) for role in THEORY for variant in THEORY[role]} == set(VARIANTS)
