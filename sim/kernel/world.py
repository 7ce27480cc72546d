"""World: the state of the model at one moment, in every run of a block, as a frozen record.

Each array is declared once (`sim.kernel.array_fields`).

The runs axis is last; its length is 1 where all runs agree. Money is in millions of
constant 2016 USD, capability in TIV (millions), distance in km, time in years.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from sim.kernel.array_fields import LEAST, array, arrays_of
from sim.kernel.arrays import (
    Blocwise,
    Dyadic,
    Exportwise,
    Grantwise,
    Holdings,
    Memberwise,
    Monadic,
    Pairwise,
    Rivalwise,
    put,
)
from sim.kernel.layout.layout import Layout

# stages of a request, in `Log.stage`
NOTHING, REFUSED, BLOCKED, ORDERED = 0, 1, 2, 3
# how an order under way ended, in `Log.fate`, and the cause, in `Log.cause`
CANCELLED, DIVERTED = 1, 2
BY_EVENT, BY_THREAT = 1, 2  # causes for which a request of an event was not put:
SHUT, BANNED, SOLD_OUT = 3, 4, 5

Classwise = Float[Any, "classes #runs"]
Systemwise = Float[Any, "systems #runs"]
Offerwise = Float[Any, "offers #runs"]
Partywise = Float[Any, "parties parties #runs"]
Clientele = Float[Any, "parties offers #runs"]
Endwise = Float[Any, "ends #runs"]
Holdwise = Float[Any, "holds #runs"]
Civilwise = Float[Any, "civils #runs"]
Tradewise = Float[Any, "trades #runs"]
Leverwise = Float[Any, "levers #runs"]
Askwise = Float[Any, "asks #runs"]
Threatwise = Float[Any, "threats #runs"]
Assetwise = Float[Any, "assets #runs"]
Shotwise = Float[Any, "shots #runs"]
Triggered = Float[Any, "triggers #runs"]
Gauged = Float[Any, "gauges #runs"]
Weights = Float[Any, "parts blocs #runs"]
Logged = Float[Any, "requests #runs"]
Counted = Int[Any, "requests #runs"]
Dues = Float[Any, "states ahead #runs"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Log:
    """All requests and orders: a row by period, round and slot, then orders of before the start."""

    recipient: Counted = array(
        "State, the same in all runs; NONE where the slot was empty.", dtype=np.int64, blank=-1
    )
    offer: Counted = array("NONE where there is no request.", dtype=np.int32, blank=-1)
    stage: Counted = array("NOTHING, REFUSED, BLOCKED or ORDERED.", 0, 3, dtype=np.int8)
    objected: Counted = array("Whether a fellow member objected.", 0, 1, dtype=np.int8)
    stalled: Counted = array("Whether the leader stalled the sale.", 0, 1, dtype=np.int8)
    forced: Counted = array(
        "0 asked for, 1 ordered by an event, 2 transferred by an event, 3 under way at the start.",
        0,
        3,
        dtype=np.int8,
    )
    opposed: Counted = array(
        "Who refused or blocked, as bits: 1 the supplier, from 2 on the partners of the offer; for "
        "a blocked sale, from 1 on the blocs whose leaders blocked it.",
        0,
        dtype=np.int64,
    )
    consent: Logged = array("Probability that the supplier consents.", 0, 1)
    units: Logged = array("Units ordered.", 0)
    value: Logged = array("Contract value after preferential terms.", 0)
    listed: Logged = array("Contract value at the listed price.", 0)
    credit: Logged = array("Share of the value on credit.", 0, 1)
    start: Logged = array("Time from which the wait counts, in periods by date.")
    wait: Logged = array("Periods from the start to the last instalment.", 0)
    left: Counted = array("Instalments still to come.", 0, dtype=np.int16)
    begun: Logged = array("Share of the next instalment that has come already.", 0, 1)
    due: Counted = array("Period in which the next instalment is due, by date.", dtype=np.int32)
    first: Counted = array(
        "Period of the first delivery, by date; NONE before it.", dtype=np.int32, blank=-1
    )
    last: Counted = array("Period of the latest delivery, by date.", dtype=np.int32)
    delivered: Logged = array("Units delivered.", 0)
    withdrawn: Logged = array("Units withdrawn as defective.", 0)
    repaired: Logged = array("Of these, back after repair.", 0)
    mended: Counted = array(
        "Period by date in which withdrawn units return; NONE where none do.",
        dtype=np.int32,
        blank=-1,
    )
    short: Logged = array("Units of a transfer that the giver did not have.", 0)
    suspended: Counted = array("Period by date that first held it up.", dtype=np.int32, blank=-1)
    threatened: Counted = array(
        "Period by date from which a threat was in force against it; else NONE.",
        dtype=np.int32,
        blank=-1,
    )
    fate: Counted = array("0 open or delivered, CANCELLED or DIVERTED.", 0, 2, dtype=np.int8)
    cause: Counted = array("Cause of that, or of a request not put.", 0, 5, dtype=np.int8)
    ended: Counted = array(
        "Period by date in which it was cancelled or diverted; NONE before that.",
        dtype=np.int32,
        blank=-1,
    )
    heir: Counted = array("State that took it over; NONE without one.", dtype=np.int32, blank=-1)
    kept: Logged = array("Units delivered before another state took it over.", 0)
    kept_withdrawn: Logged = array("Of these, withdrawn as defective by then.", 0)
    to_heir: Counted = array("Period of its first delivery, by date.", dtype=np.int32, blank=-1)


@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    """The state variables, and the tables that events and designs may change."""

    layout: Layout
    period: int  # number of the last period that has passed, by date

    # states
    gdp: Monadic = array("Output a year, million USD of 2016.", LEAST, moves=True, set_by="states")
    fund: Monadic = array(
        "Money set aside for arms imports, million USD of 2016.", 0, moves=True, set_by="states"
    )
    owed: Dues = array(
        "Payments at delivery on open orders, by the period in which they are due: 0 is the next "
        "period, and the last one holds all later ones.",
        0,
        moves=True,
    )
    growth: Monadic = array("Growth of output, a year.", -0.5, 0.5, set_by="states")
    burden: Monadic = array("Military spending as a share of output.", 0, 1, set_by="states")
    arming: Monadic = array(
        "Factor on that burden, by the law of budgets.", 0, moves=True, blank=1.0
    )
    insecurity_before: Monadic = array(
        "Insecurity that the state is used to; 0 where no law uses it.", 0, moves=True
    )
    faith_before: Monadic = array("Faith in aid at the start.", 0, 1, moves=True)
    import_share: Monadic = array(
        "Share of military spending that goes to imports.", 0, 1, set_by="states"
    )
    reputation: Monadic = array(
        "Quality of the state's deliveries.", 0, 1, moves=True, set_by="states"
    )
    find: Monadic = array("How well the state finds another's launchers.", 0, 1, set_by="states")
    export_scale: Monadic = array(
        "Value of a sale that matters to the state's exporters, million USD of 2016.",
        LEAST,
        set_by="states",
    )
    arsenal: Holdings = array("Serviceable units of each system, new-equivalent.", 0, moves=True)
    strain: Monadic = array("How far its own wars tie the state down.", 0, 1, moves=True)
    last_strike_value: Monadic = array("Value of the last strike systems delivered.", 0, moves=True)

    # dyads
    affinity: Dyadic = array("How i regards j.", -1, 1, moves=True)
    affinity_base: Dyadic = array("Regard to which it drifts back.", -1, 1)
    sponsor: Dyadic = array("How far k would replace losses of i; -1: by its regard.", -1, 1)
    debt: Dyadic = array("Owed by i to j, million USD of 2016.", 0, moves=True)
    arms_debt: Dyadic = array("Part of the debt that was lent for arms.", 0, moves=True)
    arrears: Dyadic = array("Part of that which is overdue.", 0, moves=True)
    promised: Exportwise = array("Credit on i's open orders with j, not yet drawn.", 0, moves=True)
    rate: Dyadic = array("Interest on i's debt to j, a year.", moves=True)
    tenor: Dyadic = array("Years over which i repays j.", LEAST, moves=True)
    recent_tiv: Exportwise = array("Remembered imports of i from j, TIV.", 0, moves=True)
    recent_value: Exportwise = array("The same in money.", 0, moves=True)
    unused: Exportwise = array(
        "Shortfall of j's usual deliveries to i that a later delivery may still make up.",
        0,
        moves=True,
    )
    refusal: Exportwise = array("Memory of i that j refused to supply it.", 0, 1, moves=True)
    embargo: Partywise = array(
        "[j, i]: 1 where j may not supply i, 2 where orders under way are held up, too; states, "
        "then blocs.",
        0,
        2,
    )
    imported_tiv: Exportwise = array("Imports of i from j since the start, TIV.", 0, moves=True)
    paid: Exportwise = array("Paid by i to j for arms since the start, less refunds.", moves=True)
    rivalry: Pairwise = array("Dispute that i has with j.", 0, 1, moves=True)
    distance: Pairwise = array("Distance of the capitals, km.", 0)
    shift: Pairwise = array(
        "Loss of i by waiting with an attack on j: the fall of its gain once the orders that both "
        "have under way are delivered, as of the end of the last period.",
        0,
        moves=True,
    )
    last_strike_growth: Pairwise = array(
        "Log growth of hits by i's last strike delivery.", moves=True
    )

    civil_debt: Civilwise = array(
        "Owed by i to j for civil loans, which treasuries serve, million USD.", 0, moves=True
    )

    # trade, from the state that is hit to the state that cuts it
    trade: Tradewise = array("Share of i's output that depends on trade with or via j.", 0, 1)
    sanction: Tradewise = array("Share of that trade which j cuts off.", 0, 1)
    rerouted: Tradewise = array(
        "Share of the trade cut between both that has found other routes.", 0, 1, moves=True
    )
    output_lost: Tradewise = array("Log of i's output lost by the trade cut.", 0, moves=True)

    # unordered rival dyads, and the latest war of each
    war_since: Rivalwise = array("Period in which it began, by date.", 0, moves=True)
    war_until: Rivalwise = array("Its last period, by date; 0 before any.", 0, moves=True)
    war_won: Rivalwise = array("1 where the first side wins it, else 0.", 0, 1, moves=True)
    war_intensity: Rivalwise = array("Share of the law's losses that it costs.", 0, 1, moves=True)

    # blocs
    member: Memberwise = array("1 for members, 0 for others.", 0, 1, moves=True)
    engagement: Memberwise = array("How far i takes part in the bloc.", 0, 1, moves=True)
    belief: Memberwise = array("Common estimate that the bloc would aid i.", 0, 1, moves=True)
    grievance: Memberwise = array("Remembered harm by fellow members, budget years.", 0, moves=True)
    rent: Memberwise = array("Remembered preferential terms, budget years.", 0, moves=True)
    supplied_members: Memberwise = array(
        "Remembered deliveries of i to fellow members, TIV.", 0, moves=True
    )
    supplied_rivals: Memberwise = array(
        "Remembered deliveries to members' rivals, weighted by the dispute.", 0, moves=True
    )
    shut_out: Memberwise = array("1 for a member that is shut out.", 0, 1, moves=True)
    denied: Memberwise = array(
        "1 where the leader ended its terms for i, which refused a burden.", 0, 1, moves=True
    )
    shaken: Memberwise = array("Memory of refused appeals and breaches.", 0, moves=True)
    frozen: Memberwise = array("1 where i has frozen its membership.", 0, 1, moves=True)
    own_preference: Memberwise = array(
        "Share of the price waived for i; -1: the bloc's.",
        -1,
        1,
        set_by="blocs.NAME.preferences.STATE",
    )
    own_credit: Memberwise = array(
        "Share of the price on credit for i; -1: the bloc's.",
        -1,
        1,
        set_by="blocs.NAME.credits.STATE",
    )
    to_leader: Memberwise = array("Distance from the leader's capital, km.", 0)
    by_land: Memberwise = array("1 where the leader can reach i by land.", 0, 1)
    credit_line: Memberwise = array(
        "Share of the price on credit for i, if above the bloc's.",
        0,
        1,
        set_by="blocs.NAME.credit_lines.STATE",
    )
    credit_left: Memberwise = array(
        "Credit that may still be drawn, million USD of 2016; infinite without a limit.",
        0,
        moves=True,
        set_by="blocs.NAME.credit_amounts.STATE",
        endless=True,
    )
    exited: Memberwise = array("1 once i has left formally.", 0, 1, moves=True)
    commitment: Blocwise = array("How far the treaty commits to aid.", 0, 1, set_by="blocs")
    norm: Blocwise = array("Weight of the norm not to arm members' rivals.", 0, 5, set_by="blocs")
    custom: Blocwise = array("Weight of the custom not to buy from members' rivals.", 0, 1)
    pivotal: Blocwise = array("How far friendship shields no member's attacker.", 0, 1)
    inside: Blocwise = array("Share of harm by arms for fellow members that counts.", 0, 1)
    preference: Blocwise = array(
        "Share of the price that the leader waives for members.", 0, 1, set_by="blocs"
    )
    credit: Blocwise = array("Share of the price on credit for members.", 0, 1, set_by="blocs")
    coercion: Blocwise = array(
        "How far the leader coerces members that leave.", 0, 1, set_by="blocs"
    )
    cohesion_weights: Weights = array("Of engagement, affinity and belief.", 0)

    # grants
    grant: Grantwise = array("Worth a year, million USD of 2016.", 0)

    # systems, classes, offers, assets
    satiation: Classwise = array("TIV from which on more of the class adds little.", LEAST)
    life: Classwise = array("Years of service.", LEAST)
    worth: Systemwise = array("TIV of a new unit.", LEAST)
    range: Systemwise = array("km.", 0)
    cep: Systemwise = array("Circular error, m; 0 where there is no strike role.", 0)
    rounds: Systemwise = array("Rounds a unit fires.", 0)
    payload: Systemwise = array("kg.", 0)
    reliability: Systemwise = array("Share of rounds that work.", 0, 1)
    offence: Systemwise = array("How offensive the system is.", 0, 1)
    expended: Systemwise = array("Share of units in reach that a war expends.", 0, 1)
    price: Offerwise = array("Listed price of a batch.", 0, set_by="offers")
    batch: Offerwise = array("Units for which the price is quoted.", LEAST, set_by="offers")
    most: Offerwise = array("Largest order, units.", 0, set_by="offers", endless=True)
    least: Offerwise = array("Smallest order, units.", 0, set_by="offers")
    lag: Offerwise = array("Years to the last delivery.", 0, set_by="offers")
    defect: Offerwise = array("Chance that an instalment is defective.", 0, 1, set_by="offers")
    condition: Offerwise = array("New 1, refurbished 0.66, second-hand 0.40.", 0, 1)
    stock: Offerwise = array(
        "Units that the offer still has; infinite where unlimited.",
        0,
        moves=True,
        set_by="offers",
        endless=True,
    )
    offset: Offerwise = array("Share of the value spent with the buyer.", 0, 1, set_by="offers")
    offer_discount: Offerwise = array(
        "Share of the price waived; -1: the bloc's.", -1, 0.95, set_by="offers.NAME.discount"
    )
    offer_credit: Offerwise = array(
        "Share of the price on credit; -1: the bloc's.", -1, 1, set_by="offers.NAME.credit"
    )
    offer_rate: Offerwise = array(
        "Interest on the credit; -1: as on the debt.", -1, 0.5, set_by="offers.NAME.rate"
    )
    offer_tenor: Offerwise = array("Its years; -1: as of the debt.", -1, set_by="offers.NAME.tenor")
    clientele: Clientele = array("1 open to the party, -1 closed to it, 0 neither.", -1, 1)
    available: Offerwise = array("1 open, 0 closed.", 0, 1, set_by="offers.NAME.open")
    ended: Endwise = array(
        "Period by date before which an event has ended all orders; below zero without one.", -1
    )
    heir: Endwise = array("State that takes them over; below zero where they are cancelled.", -1)
    resolve: Threatwise = array(
        "Cost of backing down for the threatening state, as a share of the whole prize.", 0, 1
    )
    lever_resolve: Leverwise = array("Chance that the holder carries the lever out.", 0, 1)
    withheld: Leverwise = array("1 once it is carried out.", 0, 1, moves=True)
    asked: Askwise = array("Period by date of the request to members; below zero before.", -1)
    ask_cost: Askwise = array("Cost to a member, years of its military spending.", 0)
    ask_worth: Askwise = array("Worth to each other member, years of its import budget.", 0)
    ask_resolve: Askwise = array("Chance that the leader ends its terms for a refuser.", 0, 1)
    suspended: Holdwise = array("1 where orders of a sale are held up.", 0, 1)
    value: Assetwise = array("Share of the owner's asset value.", 0, 1)
    radius: Assetwise = array("m.", 0)
    hardness: Assetwise = array("Hits that destroy the asset.", LEAST)
    reach: Shotwise = array("Distance from the attacker to the asset, km.", 0)

    # events on condition
    due: Triggered = array(
        "Period by date in which the event falls due; infinite until its condition holds.",
        moves=True,
        endless=True,
    )
    gauge: Gauged = array(
        "Last value that a condition read; NaN where the subject does not exist.",
        moves=True,
        endless=True,
    )

    log: Log

    @property
    def borne(self) -> Monadic:
        """Return the burden of states: the scenario's times the factor of the law of budgets."""
        return np.minimum(self.burden * self.arming, 1.0)

    @property
    def budget(self) -> Monadic:
        """Return the yearly import budget, B_i."""
        return self.import_share * self.borne * self.gdp

    @property
    def owed_in_all(self) -> Dyadic:
        """Return the debts of each state to each other, civil loans included."""
        if not self.layout.civils:
            return self.debt
        cells = tuple(self.layout.civil_index.T)
        return put(self.debt, cells, self.debt[cells] + self.civil_debt)

    def but(self, **changes: Any) -> "World":
        """Return the same world with some arrays replaced."""
        other = object.__new__(type(self))  # ten times faster than dataclasses.replace
        other.__dict__.update(self.__dict__)
        other.__dict__.update(changes)
        return other


def blank_log(layout: Layout, runs: int) -> Log:
    """Return an empty log with rows for every period and for the orders under way at the start."""
    rows = layout.requested.size
    widths = {"recipient": 1}
    return Log(
        **{
            name: np.full((rows, widths.get(name, runs)), each.blank, dtype=each.dtype)
            for name, each in arrays_of(Log).items()
        }
    )


def copied(log: Log) -> Log:
    """Return a copy of a log that the caller may overwrite."""
    return Log(**{name: 1 * getattr(log, name) for name in arrays_of(Log)})
