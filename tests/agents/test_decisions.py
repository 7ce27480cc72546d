from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

import sim
from sim.agents import Sale, StateAgent
from sim.agents.agents import METHODS
from sim.agents.decisions import decide_of
from sim.kernel.decision_points import no_decision
from sim.kernel.errors import RunError

SALE = ("BLR", "AZE", "polonez")
RUNS = range(10)


def reached(short, stage, agents, runs=RUNS):
    """Return the runs in which the sale of Polonez has reached a stage."""
    found = []
    for run in runs:
        model = sim.GeopoliticalModel(short, run=run, agents=agents, metrics=[])
        model.run_model()
        found.append(model.value(f"{stage} BLR>AZE polonez") == 1)
    return found


class Loyal(StateAgent):
    """A Belarus that sells Azerbaijan no arms."""

    def consent(self, choice, sale):
        return choice and sale.recipient != "AZE"


class Strict(StateAgent):
    """A Russia that blocks every sale to which a fellow member objects."""

    def respond(self, choice, sale):  # noqa: ARG002
        return "block"


class Loud(StateAgent):
    """An Armenia that always objects."""

    def object(self, choice, sale):  # noqa: ARG002
        return True


def test_without_overrides_decisions_cost_no_time(model):
    inputs = model.inputs[0]
    assert decide_of(model.states.values(), model.world, inputs) is no_decision


def test_the_law_sells_polonez_in_some_runs(short):
    assert any(reached(short, "sold", {}, range(3)))


def test_a_belarus_that_always_refuses_azerbaijan_never_sells_it_polonez(short):
    assert not any(reached(short, "sold", {"BLR": Loyal}))


def test_a_russia_that_always_blocks_stops_every_sale_that_armenia_objects_to(short):
    agents = {"RUS": Strict, "ARM": Loud}
    assert not any(reached(short, "sold", agents, range(4)))
    assert any(reached(short, "blocked", agents, range(4)))


def test_an_override_that_keeps_the_laws_choice_has_no_effect(short):
    def keep(self, choice, about):  # noqa: ARG001
        return choice

    kept = type("Kept", (StateAgent,), dict.fromkeys(METHODS.values(), keep))
    plain = sim.GeopoliticalModel(short, run=1, metrics=[])
    everybody = dict.fromkeys(plain.states, kept)
    other = sim.GeopoliticalModel(short, run=1, metrics=[], agents=everybody)
    plain.run_model()
    other.run_model()
    for name, series in plain.readings.series.items():
        np.testing.assert_array_equal(other.readings.series[name], series, name)


def test_the_two_lanes_stay_equal(short):
    model = sim.GeopoliticalModel(short, agents={"BLR": Loyal, "RUS": Strict}, metrics=[])
    model.run_model()
    for name, series in model.readings.series.items():
        np.testing.assert_array_equal(series[..., 0], series[..., 1], name)


def test_a_single_agent_may_be_given_its_own_mind(model):
    model.states["BLR"].consent = lambda choice, sale: choice and sale.recipient != "AZE"
    model.run_model()
    assert model.value("sold BLR>AZE polonez") == 0


def test_a_supplier_learns_the_sale_and_the_laws_reasons(short):
    seen: list[tuple[bool, Sale]] = []

    class Asked(StateAgent):
        def consent(self, choice, sale):
            seen.append((choice, sale))
            return choice

    model = sim.GeopoliticalModel(short, agents={"BLR": Asked})
    model.step()
    choice, sale = next(each for each in seen if each[1].system == "polonez")
    assert (sale.supplier, sale.recipient, sale.system) == SALE
    log = model.world.log
    row = np.nonzero(log.recipient[:, 0] == model.states["AZE"].row)[0]
    odds = {1 / (1 + np.exp(-sale.worth)) for _, sale in seen}
    assert any(np.isclose(log.consent[each, 0], list(odds)).any() for each in row)
    assert isinstance(choice, bool)


def test_licensors_are_asked_too(short):
    class Asked(StateAgent):
        def consent(self, choice, sale):  # noqa: ARG002
            return False

    assert not any(reached(short, "sold", {"CHN": Asked}, range(3)))


def test_objectors_are_named_to_the_leader(short):
    seen = []

    class Listening(StateAgent):
        def respond(self, choice, sale):
            seen.append(sale)
            return choice

    agents = {"RUS": Listening, "ARM": Loud}
    for run in range(4):
        sim.GeopoliticalModel(short, run=run, agents=agents, metrics=[]).run_model()
    polonez = [sale for sale in seen if sale.system == "polonez"]
    assert polonez
    assert all(sale.bloc == "CSTO" and sale.objectors == ("ARM",) for sale in polonez)


def test_a_buyer_asks_for_what_it_wants(short):
    class Keen(StateAgent):
        def request(self, choice, options):
            own = [name for name, each in options.items() if each.supplier == "BLR"]
            return own[0] if own else choice

    model = sim.GeopoliticalModel(short, agents={"AZE": Keen}, metrics=[])
    model.step()
    log, row = model.world.log, model.states["AZE"].row
    asked = log.offer[(log.recipient[:, 0] == row) & (log.offer[:, 0] >= 0), 0]
    at_all = {model.layout.supplier[offer] for offer in asked}
    assert model.states["BLR"].row in at_all


def test_a_buyer_without_chance_takes_the_option_of_most_worth(short):
    """The law adds Gumbel noise to the worth; without it the two agree."""
    certain = {"noise": 0.0, "within": 0.0, "reserve": -20.0, "visits": 20.0}
    laws = {**short.laws, "procurement": certain}
    certain = short.model_copy(update={"laws": laws})
    seen = []

    class Buyer(StateAgent):
        def request(self, choice, options):
            if choice is not None:
                seen.append((choice, max(options, key=lambda name: options[name].worth)))
            return choice

    agents = {"ARM": Buyer, "AZE": Buyer, "KAZ": Buyer}
    sim.GeopoliticalModel(certain, agents=agents, metrics=[]).run_model()
    assert len(seen) > 3
    assert all(choice == best for choice, best in seen)


def test_a_state_that_never_buys_has_no_requests(short):
    class Abstinent(StateAgent):
        def request(self, choice, options):  # noqa: ARG002
            return None

    model = sim.GeopoliticalModel(short, agents={"ARM": Abstinent}, metrics=[])
    model.run_model()
    log = model.world.log
    mine = log.recipient[:, 0] == model.states["ARM"].row
    assert (log.offer[mine, 0] < 0).all()


def test_a_member_leaves_when_it_wants_but_the_leader_is_not_asked(short):
    class Leaving(StateAgent):
        def withdraw(self, choice, standing):  # noqa: ARG002
            return standing.bloc == "CSTO" and standing.engagement < 1

    model = sim.GeopoliticalModel(short, agents={"ARM": Leaving, "RUS": Leaving}, metrics=[])
    model.step()
    assert model.value("exits CSTO") == 1
    assert "ARM" not in model.blocs["CSTO"].members
    assert "RUS" in model.blocs["CSTO"].members


def test_a_member_comes_to_aid_or_not(flagship):
    seen = []

    class Absent(StateAgent):
        def honour(self, choice, appeal):  # noqa: ARG002
            seen.append((self.name, appeal))
            return False

    class Present(Absent):
        def honour(self, choice, appeal):
            return not super().honour(choice, appeal)

    attack = type(flagship.base.events["polonez_request"]).model_validate(
        {
            "at": "2018-Q1",
            "appeal": {"state": "ARM", "bloc": "CSTO", "attacker": "AZE"},
            "source": "assumed",
        }
    )
    attacked = flagship.base.model_copy(update={"events": {"attack": attack}})
    helpers = ("BLR", "KAZ", "KGZ", "RUS", "TJK")
    belief = {}
    for kind in (Absent, Present):
        model = sim.GeopoliticalModel(attacked, agents=dict.fromkeys(helpers, kind), metrics=[])
        model.step()
        model.step()
        belief[kind] = model.blocs["CSTO"].belief["ARM"]
    assert belief[Absent] < belief[Present]
    about_armenia = [(name, each) for name, each in seen if each.victim == "ARM"]
    assert {name for name, _ in about_armenia} == set(helpers)
    assert {(each.bloc, each.attacker) for _, each in about_armenia} == {("CSTO", "AZE")}


@pytest.mark.parametrize(
    ("method", "answer", "wanted"),
    [
        ("consent", None, "True or False"),
        ("withdraw", 1, "True or False"),
        ("request", "death_star", "one of the options, or None"),
    ],
)
def test_an_answer_that_is_none_is_refused(short, method, answer, wanted):
    wrong = type("Wrong", (StateAgent,), {method: lambda *_: answer})
    model = sim.GeopoliticalModel(short, agents={"BLR": wrong}, metrics=[])
    with pytest.raises(RunError) as caught:
        model.run_model()
    message = str(caught.value).split(": ", 1)[1]
    assert message == f"BLR.{method} returned {answer!r}; return {wanted}"


def test_a_leaders_answer_is_pass_stall_or_block(short):
    class Unsure(StateAgent):
        def respond(self, choice, sale):  # noqa: ARG002
            return "maybe"

    with pytest.raises(RunError) as caught:
        reached(short, "blocked", {"RUS": Unsure, "ARM": Loud}, range(4))
    assert "RUS.respond returned 'maybe'; return pass, stall or block" in str(caught.value)


def test_a_decision_is_dated_by_the_period_in_which_it_falls(short):
    dates = []

    class Dated(StateAgent):
        def request(self, choice, options):
            assert isinstance(options, Mapping)
            assert set(options) <= set(self.model.layout.offers)
            dates.append(self.model.date)
            return choice

    model = sim.GeopoliticalModel(short, agents={"AZE": Dated}, metrics=[])
    start = model.date
    model.step()
    rounds = model.layout.rounds  # the market meets every month
    assert rounds == 3
    assert dates == [model.date] * rounds
    assert model.date != start
    model.step()
    assert dates[rounds:] == [model.date] * rounds == [model.layout.calendar.label(1)] * rounds


def test_a_decision_shows_the_inputs_of_the_reasons_and_the_draw(short):
    """With the law in force the inputs give the terms again, and the draw the choice."""
    seen = []

    class Watching(StateAgent):
        def consent(self, choice, sale):
            seen.append((self.model.rules.consent, choice, sale))
            return choice

        def withdraw(self, choice, standing):
            assert 0 < standing.draw < 1
            assert standing.inputs["rent"] >= 0
            return choice

    model = sim.GeopoliticalModel(short, agents={"BLR": Watching, "RUS": Watching}, metrics=[])
    model.run_model()
    assert len(seen) > 1
    for law, choice, sale in seen:
        inputs = {name: np.asarray(value) for name, value in sale.inputs.items()}
        assert law.terms(**inputs) == pytest.approx(sale.terms)
        assert choice == (sale.draw < 1 / (1 + np.exp(-sale.worth)))
