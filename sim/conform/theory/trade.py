"""What the theory says of the laws of money, arms sales and what restrains them."""
# ruff: noqa: ARG005 - every formula takes the law and its arguments

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.conform.claims import FAR, Identity, Limit, Moves, Theory, Within
from sim.conform.formulas import mean_growth, paid_in_full, two_shocks

_AGAINST = "export_scale spending rivalry arrears friends"
_REASONS = ("price", "affinity", "debt", "rivalry", "arrears", "friends", "norm")


def _interest(*others: str) -> Theory:
    """Return what is said of every form of consent; `others` are the reasons of one form alone."""
    return (
        Limit(
            method="terms", said="without any reason the base is left",
            fixed=dict.fromkeys((*_REASONS, *others), 0.0),
            equals=lambda law, a: law.base + 0 * a["price"],
        ),
        Identity(
            method="terms", said="leverage of the creditor ends at its weight",
            fixed=dict.fromkeys(others, 0.0),
            left=lambda law, a: law.terms(**{**a, "debt": a["debt"] * 0 + FAR})["leverage"],
            right=lambda law, a: law.by_leverage + 0 * a["debt"],
        ),
    )  # fmt: skip


TRADE: Mapping[str, Mapping[str, Theory]] = {
    "economy": {
        "standard": (
            Moves(method="gdp", rises="gdp growth shock"),
            Moves(method="budget", rises="import_share burden gdp"),
            Limit(method="budget", said="who imports nothing is measured by the least budget",
                  fixed={"import_share": 0.0},
                  equals=lambda law, a: law.least_imports * a["burden"] * a["gdp"]),
            Identity(
                method="gdp", said="two half periods of shocks are one whole period",
                left=two_shocks, right=lambda law, a: law.gdp(**a),
            ),
            Identity(
                method="gdp", said="the mean path grows at the growth rate in any period",
                left=mean_growth,
                right=lambda law, a: a["gdp"] * np.exp(a["growth"] * a["dt"]),
            ),
        ),
    },
    "procurement": {
        "standard": (
            Moves(method="supplier_terms", rises="affinity reputation discount", falls="refusal",
                  either="familiarity", why="the evidence is split in sign (Kinsella 1998)"),
            Moves(method="by_drop", rises="gain"),
            Moves(method="offer_terms", falls="price lag defect"),
            Moves(method="batches", rises="purse stock", falls="price"),
            Limit(method="batches", said="one batch at least", fixed={"purse": 0.0}, equals=1.0),
            Within(method="batches", low=1, high=lambda law, a: a["stock"],
                   said="lies within 1 to the stock"),
            Moves(method="purse", rises="budget fund lag", falls="deposit owed"),
            Limit(method="purse", said="without money for a deposit nothing is bound",
                  fixed={"fund": 0.0}, equals=0.0),
        ),
    },
    "restraint": {
        "standard": (
            Moves(method="norm", rises="norm engagement harm", falls="precedent"),
            Limit(method="norm", said="where harm is normal the norm is void",
                  fixed={"precedent": 1.0}, equals=0.0),
            Limit(method="norm", said="who takes no part is not bound", fixed={"engagement": 0.0},
                  equals=0.0),
            Limit(method="norm", said="who harms nobody is not held back", fixed={"harm": 0.0},
                  equals=0.0),
            Moves(method="friends", rises="harm"),
            Limit(method="friends", said="no harm, no restraint", fixed={"harm": 0.0}, equals=0.0),
            Moves(method="regard", rises="affinity exposed"),
            Within(method="regard", low=0, high=1),
            Limit(method="regard", said="harm to those disliked does not count",
                  where={"affinity": (-1.0, 0.0)}, equals=0.0),
            Limit(method="regard", said="a captive friend can be harmed freely",
                  fixed={"exposed": 0.0}, equals=0.0),
        ),
    },
    "consent": {
        "utility": (
            Moves(method="terms", rises="price affinity debt", falls=f"{_AGAINST} norm"),
            *_interest(),
        ),
        "strict_norm": (
            Moves(method="terms", rises="price affinity debt", falls=f"{_AGAINST} harm",
                  still="norm"),
            *_interest("harm"),
            Identity(
                method="terms", said="harm beyond the threshold meets the whole veto",
                left=lambda law, a: law.terms(**{**a, "harm": 0 * a["harm"] + FAR})["norm"],
                right=lambda law, a: -law.veto + 0 * a["harm"],
            ),
        ),
        "imitation": (
            Moves(method="terms", rises="price affinity debt example", falls=f"{_AGAINST} norm",
                  either="following",
                  why="it draws towards the leader's example, whichever way that points"),
            *_interest("following"),
            Identity(
                method="terms", said="an example of one half, followed blindly, is even odds",
                left=lambda law, a: law.terms(
                    **{**a, "following": 0 * a["price"] + FAR, "example": 0 * a["price"] + 0.5,
                       "rivalry": 0 * a["price"], "friends": 0 * a["price"]}
                ),
                right=lambda law, a: 0 * a["price"],
            ),
        ),
    },
    "objection": {
        "standard": (
            Moves(method="harm", rises="engagement rivalry offence"),
            Within(method="harm", low=0, high=1),
            Limit(method="harm", said="what does not offend harms nobody", fixed={"offence": 0.0},
                  equals=0.0),
            Limit(method="harm", said="nor does arming a friend", fixed={"rivalry": 0.0},
                  equals=0.0),
            Limit(method="harm", said="nor a supplier that takes no part",
                  fixed={"engagement": 0.0}, equals=0.0),
            Moves(method="protest", rises="harm engagement"),
            Moves(method="block", rises="norm regard dependence",
                  falls="precedent regard_supplier own_sales"),
            Identity(
                method="block", said="where harm is normal the norm blocks nothing",
                left=lambda law, a: law.block(**{**a, "precedent": 0 * a["norm"] + 1})["norm"],
                right=lambda law, a: 0 * a["norm"],
            ),
        ),
    },
    "contract": {
        "standard": (
            Moves(method="wait", rises="lag shock", where={"lag": (0.05, 20.0)}),
            Limit(method="wait", said="without a shock the wait is the lag", fixed={"shock": 0.0},
                  equals="lag"),
            Moves(method="deposited", rises="value", falls="credit"),
            Limit(method="deposited", said="wholly on credit, nothing is paid ahead",
                  fixed={"credit": 1.0}, equals=0.0),
            Moves(method="instalment", rises="value", falls="credit instalments"),
            Identity(
                method="instalment", said="deposit, instalments and credit make up the price",
                left=paid_in_full, right=lambda law, a: a["value"],
            ),
            Moves(
                method="waived", rises="listed market_rate", falls="value rate",
                either="credit tenor", why="credit above the market rate is no gift",
            ),
            Within(method="waived", high=lambda law, a: a["listed"] - a["value"]
                   + a["credit"] * a["value"], said="credit is no more of a gift than all of it"),
            Limit(method="waived", said="at the market rate credit is no gift",
                  fixed={"rate": "market_rate"},
                  equals=lambda law, a: a["listed"] - a["value"]),
        ),
    },
    "quality": {
        "standard": (
            Moves(method="reputation", rises="reputation good", falls="bad"),
            Within(method="reputation", low=0, high=1),
            Limit(method="reputation", said="nothing delivered, nothing learnt",
                  fixed={"good": 0.0, "bad": 0.0}, equals="reputation"),
            Limit(method="reputation", said="endless good deliveries make it spotless",
                  fixed={"good": FAR}, equals=1.0),
            Limit(method="reputation", said="endless bad ones leave nothing of it",
                  fixed={"bad": FAR}, equals=0.0),
        ),
    },
    "finance": {
        "standard": (
            Moves(method="due", rises="debt rate", falls="tenor"),
            Identity(
                method="due", said="two half periods call for what one whole period does",
                where={"tenor": (1.0, 20.0)},
                left=lambda law, a: 2 * law.due(**{**a, "dt": a["dt"] / 2}),
                right=lambda law, a: law.due(**a),
            ),
            Moves(method="distress", rises="overdue", falls="budget"),
            Limit(method="distress", said="nothing overdue, no distress", fixed={"overdue": 0.0},
                  equals=0.0),
            Limit(method="due", said="no debt, nothing due", fixed={"debt": 0.0}, equals=0.0),
            Moves(method="lending", rises="affinity fund", falls="need debt"),
        ),
    },
}  # fmt: skip
