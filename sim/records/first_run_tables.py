"""Tables of the first runs: requests and orders, events, and what each term added to decisions."""

from __future__ import annotations

from sim.records.columns import Column, Table, newer, text
from sim.records.table_keys import PERIOD, USD, dated, keys

TRANSFERS = Table(
    "transfers",
    (
        *keys("variant,run"),
        text(
            "origin",
            "asked: by the model or a request; ordered, transferred: by an event; under_way: "
            "ordered before the start.",
        ),
        *dated("requested", "Period of the request or event."),
        *dated("ordered", "Period of the order; empty if there was none."),
        *dated("due", "Period for which the last delivery was planned; may lie after the end."),
        *dated("first", "Period of the first delivery."),
        *dated("last", "Period of the latest delivery."),
        *keys("supplier"),
        text("recipient", "The state that buys or receives."),
        text("offer", "Offer of the supplier."),
        text("system", "Weapon system."),
        Column("units", "units", "Units ordered."),
        Column("value", USD, "Contract value after preferential terms."),
        Column("credit", "share of the value", "Part on credit."),
        Column("consent", "0 to 1", "Probability that the supplier consents."),
        Column("objected", "0 or 1", "Whether a fellow member objected."),
        Column("stalled", "0 or 1", "Whether the leader stalled the sale."),
        Column(
            "refused", "0 or 1", "Whether the supplier or a partner refused, or no units were left."
        ),
        Column("blocked", "0 or 1", "Whether the leader blocked the sale."),
        Column("delivered", "units", "Units delivered by the end."),
        Column("withdrawn", "units", "Of these, withdrawn as defective."),
        text(
            "stage",
            "Reached: refused, blocked, ordered, suspended, delivering, delivered, withdrawn, "
            "repaired, cancelled or diverted.",
        ),
        *newer(
            3,
            text(
                "refused_by",
                "The supplier or its partners that refused, do not offer it to the state, or ban "
                "it; empty if no units were left.",
            ),
            text("blocked_by", "The leaders that blocked the sale."),
        ),
        *newer(
            4,
            Column("repaired", "units", "Of the units withdrawn, back from repair."),
            Column("short", "units", "Units of a transfer that the giver did not hold."),
            *dated("suspended", "Period in which it was first halted; empty if it never was."),
            *dated("threatened", "Period from which there was a threat against its delivery."),
            *dated("ended", "Period in which it was cancelled or diverted; empty if it was not."),
            text(
                "ended_by",
                "Cause: event (of the scenario) or threat (yielded to); for a request of the "
                "scenario that could not be made: not_offered, embargo or sold_out.",
            ),
            text("diverted_to", "The state that took it over."),
            Column("kept", "units", "Units that the recipient had when another took over."),
        ),
    ),
)
EVENTS = Table(
    "events",
    (
        *keys("variant,run"),
        *PERIOD,
        text(
            "kind",
            "imposed: by an event of the scenario. incident: a clash without a war. war: begins; "
            "victory: ends. appeal, and for each member asked came or stayed_away. objection: to "
            "a sale, or to a purchase from outside. withheld: by a holder of leverage. "
            "contributed, declined: a contribution that a bloc asked of a member; ends_terms: by "
            "its leader, for a member that declined. threatened, suspended, cancelled, diverted, "
            "repaired: an order. rescue: a loan to a state in arrears. shut_out, readmitted, "
            "expelled, joined: a member, by its bloc. step_away, step_back: of a member, from its "
            "bloc. exit. deterrence_lost, deterrence_regained: an attack now promises a gain, or "
            "no longer.",
            key=True,
        ),
        text(
            "actor",
            "The state that acts, such as the attacker, the victor, or the state that appeals or "
            "ordered.",
        ),
        text("against", "The state that it acts against, such as the attacked or the seller."),
        text("aided", "The state aided: the one that appealed, borrows, receives or takes over."),
        text("bloc", "The bloc appealed to, stepped away from or left, or that judges."),
        text("about", "The event or lever of the scenario, or the offer objected to or ordered."),
        Column(
            "amount",
            "by kind",
            "war: share of the law's losses; victory: its years, of a war of several periods. "
            "appeal: the bloc's answer; came: how far, 0 to 1. "
            "withheld: the fall of the target's regard. "
            "contributed, declined: worth to each other member, years of import budget. "
            "rescue: million USD of 2016. step_away, step_back: the stage reached, 0 to 5. "
            "deterrence_lost, deterrence_regained: the margin. Of an order: units. "
            "imposed: the event's number.",
        ),
    ),
)
_REASONS_UNIT = "log odds, utility or a year"
WHY = Table(
    "why",
    (
        *keys("variant"),
        text(
            "versus",
            "Empty for the level; otherwise the row is the difference from this variant.",
            key=True,
        ),
        text(
            "decision",
            "request: by a buyer, one case for each affordable offer; consent: by supplier or "
            "partner; objection: by a fellow member; response: by the leader; answer: to an "
            "appeal; concession: of a buyer to a threat; suspension, readmission, expulsion: of a "
            "member by its bloc; freeze, thaw, exit: of a member; contribution: asked by its bloc; "
            "accession: of a candidate.",
            key=True,
        ),
        text("actor", "The state that decides; empty for all.", key=True),
        text("subject", "Sale, victim or member and bloc, or bloc; empty for all.", key=True),
        text("term", "Term of the law, a reason for yes or, below zero, for no.", key=True),
        Column(
            "cases",
            "cases",
            "Decisions put to the actor in the first runs of the variants.",
        ),
        Column(
            "yes",
            "share of the cases",
            "Share of requests, consents, objections, blocks, aid, exits and so on.",
        ),
        Column("mean", _REASONS_UNIT, "Mean contribution of the term over the cases."),
        Column(
            "se",
            _REASONS_UNIT,
            "Its standard error over runs; for a difference, as if runs were not paired.",
        ),
    ),
)
