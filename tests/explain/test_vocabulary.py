"""Every term of every law has words, which use the inputs of the law."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

import pytest

from sim.conform.domains import arguments_of, arrays_for, in_range, methods_of
from sim.explain.membership_words import LEAVING
from sim.explain.parties import Parties
from sim.explain.vocabulary import INPUTS, METHODS, ROLES, TERMS, UNASKED, UNITS
from sim.kernel.parameters import parameters_of
from sim.kernel.rules import ROLES as LAWS

NAMED = {
    "actor", "supplier", "recipient", "system", "bloc", "leader", "victim", "attacker", "offer",
    "offender", "other", "member", "deed", "rule", "rule_path", "offence_path",
}  # fmt: skip
ALL = [(role, law) for role, laws in LAWS.items() for law in laws.values()]


def terms_of(law, method):
    """Return the names of the terms that a law's method gives; none if it gives no terms."""
    if method not in methods_of(law):
        return []
    found = getattr(law(), method)(**arrays_for(law, method, seed=1))
    return [*found] if isinstance(found, Mapping) else []


@pytest.mark.parametrize(("role", "law"), ALL, ids=[law.__name__ for _, law in ALL])
def test_every_term_of_every_law_has_words(role, law):
    known = {(ROLES[kind], method): TERMS[kind] for kind in TERMS for method in METHODS[kind]}
    known["membership", "terms"] = LEAVING
    for method in methods_of(law):
        names = terms_of(law, method)
        assert not names or {*names} <= {*{**known, **UNASKED}[role, method]}, method


@pytest.mark.parametrize("kind", TERMS)
def test_words_are_of_terms_inputs_and_parameters_that_a_law_has(kind):
    laws = LAWS[ROLES[kind]].values()
    given = {term for law in laws for method in METHODS[kind] for term in terms_of(law, method)}
    assert {*TERMS[kind]} == given
    parameters = {name for law in laws for name in parameters_of(law)}
    for each in TERMS[kind].values():
        assert {*each.parameters} <= parameters
        assert {*each.inputs} <= {*INPUTS[kind]}
    used = {name for each in TERMS[kind].values() for name in each.inputs}
    of_none = {"before", "fund", "budget", "owed", "price", "welcome"}
    assert {*INPUTS[kind]} - used <= of_none
    asked = {a for law in laws for m in METHODS[kind] for a in arguments_of(law, m)} - {
        "harm",
        "dt",
    }
    assert asked <= {*INPUTS[kind]}
    assert UNITS[kind] in ("utility", "log odds", "a year")


@pytest.mark.parametrize("kind", INPUTS)
def test_every_input_has_bounds_to_be_changed_within(kind):
    law = next(iter(LAWS[ROLES[kind]].values()))
    for name in INPUTS[kind]:
        assert in_range(law, name.removesuffix("_of_harm").replace("before", "engagement")), name


def test_phrases_name_those_concerned_and_stay_short():
    phrases = [each for kind in TERMS.values() for each in kind.values()]
    phrases += [each for kind in INPUTS.values() for each in kind.values()]
    for each in phrases:
        text = each.words
        fields = {name for _, name, _, _ in Formatter().parse(text) if name}
        assert fields <= NAMED
        assert len(text) <= 56


def test_names_that_end_in_s_take_an_apostrophe_alone():
    parties = Parties({}, dict.fromkeys(NAMED, "United States"))
    words = [each.words for terms in TERMS.values() for each in terms.values()]
    words += [each.words for inputs in INPUTS.values() for each in inputs.values()]
    told = [parties.phrase(each) for each in words]
    assert any("United States' " in each for each in told)
    assert not [each for each in told if "s's" in each]
