"""One period: the order of events, on one page."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sim.kernel.arrays import Elementwise, Memberwise, Pairwise
from sim.kernel.decision_points import Decide, no_decision
from sim.kernel.inputs import Inputs, edited
from sim.kernel.noise import Noise
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps import (
    appeals,
    budgets,
    concessions,
    contributions,
    crises,
    deliveries,
    grants,
    levers,
    market,
    money,
    objections,
    orders,
    pipeline,
    prevention,
    sanctions,
    ties,
    volleys,
)
from sim.steps.assessment import Assessment, Inventory, assess, inventory
from sim.steps.consents import consents
from sim.steps.deliveries import Flows, last_strike
from sim.steps.pressure import pressed
from sim.steps.privileges import exits, exits_by, familiarity, fellows, privilege
from sim.steps.prospects import prospects
from sim.steps.requests import Circumstances, all_requests, stops, wished
from sim.steps.restraints import precedent_of, restraints


@dataclass(frozen=True, kw_only=True, eq=False)
class Passed:
    """The world after a period, and the values in between that records and metrics need."""

    world: World
    view: Assessment  # of the world at the end of the period
    eve: Assessment  # of the world in which incidents may become wars
    shift: Pairwise  # in that world: loss of attackers by waiting
    flows: Flows
    consent: Elementwise  # (queries, runs): the supplier's probability of consent
    precedent: Elementwise  # (blocs, runs) at the time of the consents
    wars: crises.Clash
    answers: appeals.Answers
    withheld: levers.Withholding
    burdens: contributions.Burdens
    rescue: money.Rescue
    worth: Mapping[str, Memberwise]  # log odds of taking part, by reason


def period(
    world: World,
    rules: Rules,
    noise: Noise,
    inputs: Inputs,
    *,
    decide: Decide = no_decision,
    stock: Inventory | None = None,
    inplace: bool = False,
) -> Passed:
    """Return the world one period later.

    `stock` is the inventory of the world, if the period before has computed it. With `inplace`, the
    log of the world may be overwritten.
    """
    dt = world.layout.calendar.dt
    noise = noise.at(inputs.number)

    # events, economy and debt service
    world = edited(world, inputs.edits)
    world = grants.grant(sanctions.cut(world, rules, dt), inputs.number, dt)
    world = money.grow(world=world, rules=rules, noise=noise, dt=dt)
    world = money.serve(world=world, rules=rules, dt=dt)

    # strength, support, strike, deterrence, threat; crisis, war and appeals
    if stock is None or inputs.edits:  # an edit may have changed the inputs of the stock
        stock = inventory(world, rules)
    eve, before = pressed(world, rules, assess(world, rules, stock), inputs.number), world.shift
    wars = crises.clash(world=world, rules=rules, noise=noise, inputs=inputs, view=eve, dt=dt)
    world, remaining = crises.aftermath(
        world=world, rules=rules, wars=wars, strength=eve.strength, number=inputs.number
    )
    world, answers = appeals.appeal(
        world=world,
        rules=rules,
        noise=noise,
        inputs=inputs,
        view=eve,
        wars=wars,
        decide=decide,
    )
    world = crises.strain(world=world, rules=rules, number=inputs.number, dt=dt)

    # what is held up, cancelled or diverted of the orders under way, by events and under threats
    world = pipeline.interrupted(world, rules, inputs.number, inplace=inplace)
    world = concessions.conceded(
        world=world,
        rules=rules,
        noise=noise,
        number=inputs.number,
        view=eve,
        decide=decide,
        inplace=inplace,
    )

    world, withheld = levers.carried_out(world, rules, noise, inputs.number, eve.threat.shape[-1])

    # the same again; what blocs ask of members; procurement, consent, objection
    view = assess(world, rules, volleys.left(world, rules, stock, remaining), eve.neighbour)
    world, burdens = contributions.contributed(
        world=world, rules=rules, noise=noise, number=inputs.number, view=view, decide=decide
    )
    terms, fellow = privilege(world, rules), fellows(world)
    ways_out, at_market = exits(world, rules, view.strength), world
    known, precedent = familiarity(world), precedent_of(world, rules)
    held_back = restraints(world, rules, precedent, ways_out, fellow)
    offered = prospects(
        world,
        rules,
        noise.year(world.layout.rounds),
        view=view,
        terms=terms,
        familiarity=known,
        number=inputs.number,
    )
    deposits = orders.no_deposits(world)
    queried = world.gdp[:0]
    rounds = world.layout.rounds
    for part in range(rounds):
        month = noise.month(part, rounds)
        wish = market.wishes(
            world=world,
            rules=rules,
            noise=month,
            known=offered,
            terms=terms,
            part=part,
            deposits=deposits.by_buyer(world),
            dt=dt / rounds,
            decide=decide,
        )
        at = Circumstances(
            world=world,
            rules=rules,
            precedent=precedent,
            terms=terms,
            familiarity=known,
            part=part,
            period=inputs.number * rounds + part,
            dt=dt / rounds,
            restraints=held_back,
        )
        shut = None if part else stops(world, inputs, wish.offer.shape[-1])
        requests = (
            wished(world, wish)
            if shut is None
            else all_requests(
                world=world, rules=rules, inputs=inputs, wish=wish, terms=terms, shut=shut
            )
        )
        draws = objections.draws(at, requests, month)
        consent = consents(at, requests, draws.phase, month, decide)
        protests = objections.objections(at, requests, draws, decide)
        world, paid = orders.order(
            world=world,
            rules=rules,
            number=inputs.number,
            part=part,
            requests=requests,
            draws=draws,
            terms=terms,
            consent=consent,
            protests=protests,
            dt=dt / rounds,
            shut=shut,
            inplace=inplace,
        )
        queried = queried if part else consent.queried
        deposits = deposits.then(paid)

    # delivery and payment; rescue
    world, flows = deliveries.deliver(
        world=world,
        rules=rules,
        noise=noise,
        number=inputs.number,
        deposits=deposits,
        remaining=remaining,
        dt=dt,
        inplace=inplace,
    )
    world = money.settle(world=world, flows=flows)
    world, rescue = money.rescue(world=world, rules=rules, noise=noise)

    # affinity, precedent and patronage, membership
    deeds = ties.deeds(world, rules, flows, dt, refused=burdens.harm)
    world = ties.regard(world=world, rules=rules, deeds=deeds, fellow=fellow, dt=dt)
    world = ties.remember(
        world=world, rules=rules, flows=flows, deeds=deeds, number=inputs.number, dt=dt
    )
    world, worth = ties.take_part(
        world=world,
        rules=rules,
        noise=noise,
        view=view,
        ways_out=ways_out,
        ways_by=partial(exits_by, world=at_market, rules=rules, strength=view.strength),
        answers=answers,
        deeds=deeds,
        decide=decide,
        dt=dt,
    )
    world = world.but(period=inputs.number)
    ended = assess(world, rules, inventory(world, rules), view.neighbour)
    world, ended = prevention.foreseen(world, rules, ended, inputs.number)
    world = last_strike(world, view, ended, flows)
    world = budgets.respond(world, rules, ended, dt)
    return Passed(
        world=world,
        view=ended,
        eve=eve,
        shift=before,
        flows=flows,
        consent=queried,
        precedent=precedent,
        wars=wars,
        rescue=rescue,
        answers=answers,
        withheld=withheld,
        burdens=burdens,
        worth=worth,
    )
