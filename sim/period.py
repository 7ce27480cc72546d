"""One period: the order of events, on one page."""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.arrays import Elementwise, Memberwise, namespace, put
from sim.inputs import Decide, Inputs, edited, no_decision
from sim.noise import Noise
from sim.rules import Rules
from sim.steps import crises, market, money, orders, sales, ties
from sim.steps.assess import Assessment, assess
from sim.steps.orders import Flows
from sim.steps.terms import exits, fellows, privilege
from sim.world import World


@dataclass(frozen=True, kw_only=True, eq=False)
class Passed:
    """What a period leaves behind beside the world: for records and metrics."""

    world: World
    found: Assessment  # of the world at the end of the period
    flows: Flows
    consent: Elementwise  # (queries, runs): the supplier's probability of consent
    precedent: Elementwise  # (blocs, runs), as it stood when consent was asked for
    wars: Elementwise  # (crises, runs)
    worth: Mapping[str, Memberwise]  # log odds of taking part, by reason


def period(
    world: World, rules: Rules, noise: Noise, inputs: Inputs, decide: Decide = no_decision
) -> Passed:
    """Return the world one period later."""
    dt = world.layout.calendar.dt
    noise = noise.at(inputs.number)

    # 0 events, 1 economy and debt service
    world = edited(world, inputs.edits)
    world = money.grow(world=world, rules=rules, noise=noise, dt=dt)
    world = money.serve(world=world, rules=rules, dt=dt)

    # 2-5 strength, support, strike, deterrence, threat; 6 crisis, war and appeals
    found = assess(world, rules)
    fought = crises.clash(
        world=world, rules=rules, noise=noise, inputs=inputs, found=found, dt=dt
    )
    world = crises.aftermath(world=world, rules=rules, fought=fought)
    world = crises.appeal(
        world=world, rules=rules, noise=noise, inputs=inputs, found=found, fought=fought,
        decide=decide,
    )

    # 2-5 again; 7 procurement, 8 consent, 8b objection
    found = assess(world, rules, found.neighbour)
    terms = privilege(world, rules)
    fellow = fellows(world)
    exit = exits(world, rules, found.strength)
    wish = market.wishes(
        world=world, rules=rules, noise=noise, found=found, terms=terms,
        period=inputs.number, dt=dt, decide=decide,
    )
    precedent = precedent_of(world, rules)
    at = sales.Setting(
        world=world, rules=rules, precedent=precedent, exits=exit, fellow=fellow, terms=terms,
        period=inputs.number, dt=dt,
    )
    asked = sales.all_requests(
        world=world, rules=rules, inputs=inputs, wish=wish, terms=terms
    )
    reasons = sales.odds_of_consent(at, asked)
    odds = sum(reasons.values())
    agreed = sales.consented(at, asked, noise, odds)
    about = {"terms": reasons, "actors": sales.actors(world, asked), "offer": asked.offer,
             "recipient": asked.recipient}
    agreed = decide("consent", agreed, about).all(axis=0)
    objected, response = sales.objections(at, asked, noise, decide)

    # 9 contract and delivery, payment; 10 rescue
    world, deposits = orders.order(
        world=world, rules=rules, noise=noise, inputs=inputs, asked=asked, terms=terms,
        consent=probability(odds[0]), agreed=agreed, objected=objected, response=response, dt=dt,
    )
    world, flows = orders.deliver(
        world=world, rules=rules, noise=noise, number=inputs.number, deposits=deposits
    )
    world = money.settle(world=world, flows=flows)
    world = money.rescue(world=world, rules=rules, noise=noise)

    # 11 affinity, 12 precedent and patronage, 13 membership
    done = ties.deeds(world, flows)
    world = ties.regard(world=world, rules=rules, done=done, fellow=fellow, dt=dt)
    world = ties.remember(world=world, rules=rules, flows=flows, done=done, dt=dt)
    world, worth = ties.take_part(
        world=world, rules=rules, noise=noise, found=found, exit=exit, decide=decide, dt=dt
    )
    world = world.but(period=inputs.number)
    ended = assess(world, rules, found.neighbour)
    world = last_strike(world, found, ended, flows)
    query = sales.odds_of_consent(at, sales.queries(world, odds.shape[-1]))
    return Passed(
        world=world, found=ended, flows=flows, consent=probability(sum(query.values())[0]),
        precedent=precedent, wars=fought.war, worth=worth,
    )


def precedent_of(world: World, rules: Rules) -> Elementwise:
    """Return the precedent of each bloc, 0 to 1, from its members' remembered deliveries."""
    leads = put(
        namespace(world.gdp).zeros((*world.supplied_members.shape[:2], 1)),
        (world.layout.leader, range(len(world.layout.blocs))),
        1.0,
    )
    return rules.precedent.precedent(
        members=world.supplied_members, rivals=world.supplied_rivals, leads=leads
    )


def last_strike(world: World, before: Assessment, after: Assessment, flows: Flows) -> World:
    """Return the world with the last strike purchase of each state kept for the cost exchange."""
    layout = world.layout
    xp = namespace(after.hits)
    bought = flows.strike_value > 0
    total = layout.targets.sum(after.hits) + LEAST_HITS
    growth = xp.log(total / (layout.targets.sum(before.hits) + LEAST_HITS))
    return world.but(
        last_strike_value=xp.where(bought, flows.strike_value, world.last_strike_value),
        last_strike_growth=xp.where(
            bought[layout.pair_i], xp.maximum(growth, 0.0), world.last_strike_growth
        ),
    )


LEAST_HITS = 0.01  # hits below which a growth has no meaning


def probability(odds: Elementwise) -> Elementwise:
    """Return log odds as a probability, 0 to 1."""
    return 0.5 * (1 + namespace(odds).tanh(odds / 2))
