"""A parameter carries its unit, bounds, source and meaning with it."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from sim.kernel.parameters import Parameter, parameter, parameters_of, switched_off
from sim.kernel.rules import ROLES, rules


@dataclass(frozen=True, kw_only=True, eq=False)
class Decay:
    """A law with one parameter and one plain field."""

    pace: float = parameter(
        0.5, unit="1/year", low=0.1, high=2.0, source="assumed", doc="Pace of decay."
    )
    name: str = "decay"


def test_a_parameter_is_an_ordinary_default_with_something_known_about_it():
    assert Decay().pace == 0.5
    assert parameters_of(Decay) == {
        "pace": Parameter(
            value=0.5, unit="1/year", low=0.1, high=2.0, source="assumed", doc="Pace of decay."
        )
    }


def test_ends_between_which_a_parameter_is_drawn_lie_within_its_bounds_and_hold_its_value():
    narrower = []
    for role, variants in ROLES.items():
        for law in variants.values():
            for name, about in parameters_of(law).items():
                if about.usual is not None:
                    low, high = about.usual
                    assert about.low <= low <= about.value <= high <= about.high, name
                    narrower.append(f"{role}.{name}")
                    assert f"(drawn: {low:g} to {high:g})" in about.bounds
    assert list(dict.fromkeys(narrower)) == [  # variants share their role's
        "deterrence.threshold", "crisis.incidents", "procurement.approach", "procurement.reserve",
        "procurement.largest", "procurement.lending", "objection.objection_constant",
        "objection.block_constant", "contribution.base",
    ]  # fmt: skip


def test_what_is_off_says_at_which_value():
    about = parameters_of(ROLES["war"]["standard"])["length"]
    assert about.off
    assert about.bounds == "0 to 3 (off: 0)"


def test_a_parameter_may_be_a_number_or_one_for_each_run():
    assert Decay(pace=2.0).pace == 2.0
    assert replace(Decay(), pace=np.array([1.0, 2.0])).pace.shape == (2,)


def test_laws_are_frozen():
    with pytest.raises(AttributeError):
        Decay().pace = 1.0


def test_rules_take_variants_and_parameters_by_role():
    chosen = rules({"threat": "balance_of_power"}, {"threat": {"reach": 900.0}})
    assert isinstance(chosen.threat, ROLES["threat"]["balance_of_power"])
    assert chosen.threat.reach == 900.0
    for role, variants in ROLES.items():
        if role != "threat":
            assert type(getattr(chosen, role)) is next(iter(variants.values()))


def test_changed_rules_leave_the_old_ones_and_all_else_as_they_are():
    old = rules({}, {})
    new = old.but({("consent", "hold"): 2.0, ("consent", "base"): 0.0})
    assert (new.consent.hold, new.consent.base) == (2.0, 0.0)
    assert old.consent.hold == 4.0
    assert new.consent.memory == old.consent.memory
    assert new.war is old.war


def test_what_is_off_is_a_plain_number_and_what_may_differ_by_run_or_period_is_not_off():
    consent = ROLES["consent"]["utility"]
    assert {"by_war", "by_entrapment"} <= switched_off(consent())
    assert "by_war" not in switched_off(consent(by_war=0.6))
    assert "by_war" not in switched_off(consent(by_war=np.array([0.0, 0.0])))
    assert "hold" not in switched_off(consent())  # it has no value at which it is off
