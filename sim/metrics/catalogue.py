"""The metrics that can be named: kind of subject, unit, when, and definition in a sentence."""

from dataclasses import dataclass

EVERY = "every period"
END = "end of run"


@dataclass(frozen=True)
class Metric:
    """What is known of a metric beside its name."""

    kind: str  # bloc, member, dyad, tie, state, supply, query or sale
    unit: str
    when: str
    text: str


def _many(kind: str, when: str, rows: dict[str, tuple[str, str]]) -> dict[str, Metric]:
    return {name: Metric(kind, unit, when, text) for name, (unit, text) in rows.items()}


_BLOC = {
    "cohesion": (
        "0 to 1",
        (
            "Mean over members but the leader of engagement, (1 + affinity to fellow members) / 2 "
            "and belief."
        ),
    ),
    "engagement": ("0 to 1", "Mean participation of members but the leader."),
    "engagement_min": ("0 to 1", "Participation of the least engaged member."),
    "affinity_mean": ("-1 to 1", "Mean affinity of members but the leader to fellow members."),
    "affinity_min": ("-1 to 1", "The least of these affinities."),
    "reliability": (
        "0 to 1",
        "Mean probability that a standard appeal of each member is honoured.",
    ),
    "adversary_supply": (
        "0 to 1",
        (
            "Share of members' remembered deliveries, to members and their rivals, that went to "
            "rivals."
        ),
    ),
    "precedent": (
        "0 to 1",
        (
            "The same with the leader's deliveries counted most: how far harming a fellow member "
            "is normal."
        ),
    ),
    "hub_share": ("0 to 1", "Leader's share of the remembered deliveries between members."),
    "spread_to_leader": (
        "0 to 1",
        "Standard deviation over members of their affinity to the leader.",
    ),
    "side_payment_dependence": (
        "0 to 1",
        (
            "Share of members whose engagement would fall below one half if preferential terms "
            "stopped."
        ),
    ),
    "ladder_stage": (
        "0 to 5",
        (
            "Stage of disengagement of the least engaged member: full, skips drills, refuses to "
            "host, frozen, stops paying, announces exit."
        ),
    ),
    "months_frozen": (
        "months",
        "Months so far in which the least engaged member stood at frozen or beyond.",
    ),
    "exits": ("states", "Members that have left formally."),
}
_BLOC_END = {
    "centralisation": ("0 to 1", "Freeman centralisation of the tie network; 1 for a star."),
    "connectivity": ("0 upwards", "Algebraic connectivity (Fiedler value) of the tie network."),
    "connectivity_without_leader": ("0 upwards", "The same without the leader."),
    "frustration": (
        "0 to 1",
        (
            "Frustration index of the signed network of members and rivals, over the weight of all "
            "ties."
        ),
    ),
    "frustration_bound": (
        "0 to 1",
        "Upper bound on the same, given where the network is too large for the exact value.",
    ),
    "cost_of_stability": (
        "subsidy over worth and subsidy",
        (
            "Least subsidy that puts the bloc in the core, with the leader's terms, over what is "
            "then shared out; 1 also where the bloc is worth nothing to its members."
        ),
    ),
    "cost_of_stability_without_terms": (
        "subsidy over worth and subsidy",
        "The same without the leader's terms.",
    ),
    "best_coalition": (
        "number",
        "Coalition worth most, as the sum of 2^n over its members, n their place by name.",
    ),
}
_MEMBER = {
    "participation": ("0 to 1", "Engagement of a member."),
    "belief": ("0 to 1", "Common estimate that the bloc would aid the member."),
    "rent": ("years of import budget", "Remembered worth of preferential terms."),
    "grievance": (
        "years of import budget",
        "Remembered harm by fellow members' deliveries to rivals.",
    ),
    "stage": ("0 to 5", "Stage of disengagement of the member."),
    "membership": ("0 or 1", "Whether the state is a member."),
    "formal_exit": ("0 or 1", "Whether the state has left formally."),
    "appeals": ("appeals", "Appeals so far of the member to the bloc."),
    "answers": ("appeals", "What the bloc answered to these, 0 to 1 each, summed."),
    "internal_appeals": ("appeals", "Of the appeals, those against a threat from within."),
    "internal_answers": ("appeals", "What the bloc answered to these, summed."),
}
_DYAD = {
    "exposure": (
        "share of asset value",
        "Share of j's asset value that i could destroy, striking first.",
    ),
    "second_strike": ("share of asset value", "The same after j struck first."),
    "deterrence_margin": (
        "share of the prize",
        "Minus j's net gain of attacking i: positive where i deters j.",
    ),
    "win": ("0 to 1", "Chance that i prevails over j."),
    "threat": ("0 to 1", "Threat that i perceives from j."),
    "rivalry": ("0 to 1", "Dispute that i has with j."),
    "parity": ("0 to 1", "Smaller over larger of the exposures both ways."),
    "war_rate": ("1/year", "Wars a year to be expected between the two."),
    "wars": ("wars", "Wars so far between the two."),
    "cost_exchange": (
        "1",
        "Price of i's last strike purchase over the price of the defence by j that undoes it.",
    ),
}
_STATE = {
    "insecurity": ("0 upwards", "Sum of threats and diffuse need."),
    "strength": ("TIV", "Strength of the state."),
    "fund": ("million USD of 2016", "Money set aside for arms imports."),
    "debt": ("million USD of 2016", "Owed to all others."),
    "arrears": ("million USD of 2016", "Of that, overdue."),
    "hhi": ("0 to 1", "Concentration of remembered imports over suppliers."),
    "suppliers": ("states", "Suppliers with 1 % or more of remembered imports."),
    "imports": ("TIV", "Arms delivered to the state in the period."),
    "strike_ordered": (
        "0 or 1",
        "Whether a strike system of range 150 km or more has been ordered.",
    ),
    "strike_delivered": (
        "0 or 1",
        "Whether a strike system of range 150 km or more has been delivered.",
    ),
}
_SALE = {
    "requested": ("0 or 1", "Whether the recipient asked the supplier for the system."),
    "refused": ("0 or 1", "Whether a request was refused."),
    "objected": ("0 or 1", "Whether a fellow member objected."),
    "stalled": ("0 or 1", "Whether the leader stalled the sale."),
    "blocked": ("0 or 1", "Whether the leader blocked the sale."),
    "sold": ("0 or 1", "Whether it was ordered."),
    "delivered": ("0 or 1", "Whether the whole of an order was delivered."),
    "withdrawn": ("0 or 1", "Whether units were withdrawn as defective."),
}

METRICS: dict[str, Metric] = {
    **_many("bloc", EVERY, _BLOC),
    **_many("bloc", END, _BLOC_END),
    **_many("member", EVERY, _MEMBER),
    **_many("dyad", EVERY, _DYAD),
    **_many("tie", EVERY, {"affinity": ("-1 to 1", "How i regards j.")}),
    **_many("state", EVERY, _STATE),
    **_many(
        "supply",
        EVERY,
        {
            "supplied": ("TIV", "Arms that the supplier delivered to the recipient in the period."),
            "supplier_share": ("0 to 1", "Supplier's share of the recipient's remembered imports."),
        },
    ),
    **_many(
        "query",
        EVERY,
        {
            "consent": (
                "0 to 1",
                "Probability that the supplier consents to one batch for the recipient.",
            ),
        },
    ),
    **_many("sale", END, _SALE),
}
