"""The theory of the laws of money, of arms sales and of restraint."""
# ruff: noqa: ARG005 - every formula takes the law and its arguments

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from sim.conform.claims import FAR, Halves, Identity, Limit, Moves, Theory, Within

_FOR = "price affinity debt"
_AGAINST = "export_scale spending rivalry at_war friends drawn_in"
_REASONS = "price", "affinity", "debt", "rivalry", "at_war", "friends", "norm", "drawn_in"
_WHOLE = "rivalry", "at_war", "friends", "drawn_in"  # do not depend on the example
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(24)


def _of_supplier(law: Any, a: dict[str, Any], **fixed: Any) -> Any:
    """Return a supplier's terms of the utility, with some arguments fixed."""
    return law.supplier_terms(**a | {n: 0 * a[n] + value for n, value in fixed.items()})


def _mean_growth(law: Any, a: dict[str, Any]) -> Any:
    """Return the mean GDP over a standard normal shock, by quadrature."""
    weights = _WEIGHTS / _WEIGHTS.sum()
    shocks = (np.full_like(a["shock"], node) for node in _NODES)
    paths = (w * law.gdp(**{**a, "shock": n}) for n, w in zip(shocks, weights, strict=True))
    return sum(paths)


def _two_shocks(law: Any, a: dict[str, Any]) -> Any:
    """Return the GDP after two half periods whose shocks add up to the whole period's."""
    half = {**a, "dt": a["dt"] / 2}
    first = np.full_like(a["shock"], 0.3)
    second = a["shock"] * np.sqrt(2) - first  # (first + second) / sqrt(2) is the whole's shock
    return law.gdp(**{**half, "gdp": law.gdp(**{**half, "shock": first}), "shock": second})


def _indifferent(law: Any, a: dict[str, Any]) -> Any:
    """Return the spending of a state that does not respond to insecurity or faith."""
    return replace(law, elasticity=0.0, by_faith=0.0).moved(**a)


def _paid_in_full(law: Any, a: dict[str, Any]) -> Any:
    """Return the sum of deposit, all instalments, and credit."""
    cash = law.deposited(value=a["value"], credit=a["credit"])
    cash = cash + a["instalments"] * law.instalment(**a)
    return cash + a["credit"] * a["value"]


def _interest(*others: str) -> Theory:
    """Return the claims about every form of consent; `others` are reasons of one form alone."""
    return (
        Limit("terms", lambda law, a: law.base + 0 * a["price"],
              said="without any reasons only the base is left",
              fixed=dict.fromkeys((*_REASONS, *others), 0.0)),
        Identity("terms", said="a supplier at war loses the whole weight of its war",
                 left=lambda law, a: law.terms(**a)["war"],
                 right=lambda law, a: -law.by_war * a["at_war"]),
        Identity("terms", said="fear of entrapment counts in full, whatever others do",
                 left=lambda law, a: law.terms(**a)["entrapment"],
                 right=lambda law, a: -law.by_entrapment * a["drawn_in"]),
        Identity("terms", said="leverage of the creditor ends at its weight",
                 fixed=dict.fromkeys(others, 0.0),
                 left=lambda law, a: law.terms(**{**a, "debt": a["debt"] * 0 + FAR})["leverage"],
                 right=lambda law, a: law.by_leverage + 0 * a["debt"]),
    )  # fmt: skip


TRADE: Mapping[str, Mapping[str, Theory]] = {
    "economy": {
        "standard": (
            Moves("gdp", rises="gdp growth shock"),
            Moves("budget", rises="import_share burden gdp"),
            Limit("budget", lambda law, a: law.least_imports * a["burden"] * a["gdp"],
                  said="a state without imports has the least budget",
                  fixed={"import_share": 0.0}),
            Identity("gdp", said="two half periods of shocks are one whole period",
                     left=_two_shocks, right=lambda law, a: law.gdp(**a)),
            Identity("gdp", said="the mean path grows at the growth rate in any period",
                     left=_mean_growth,
                     right=lambda law, a: a["gdp"] * np.exp(a["growth"] * a["dt"])),
        ),
    },
    "commerce": {
        "standard": (
            Moves("lost", rises="trade imposed own", falls="rerouted"),
            Limit("lost", 0.0, said="trade that is not cut costs nothing",
                  fixed={"imposed": 0.0, "own": 0.0}),
            Limit("lost", 0.0, said="fully rerouted trade costs nothing",
                  fixed={"rerouted": 1.0}),
            Identity("lost", said="the cost of a cut does not depend on who makes it",
                     left=lambda law, a: law.lost(**a),
                     right=lambda law, a: law.lost(**a | {"imposed": a["own"],
                                                          "own": a["imposed"]})),
            Moves("rerouted", rises="rerouted", either="imposed own",
                  why="trade is rerouted while any is cut, and returns when none is"),
            Within("rerouted", 0, 1),
            Limit("rerouted", lambda law, a: law.elsewhere + 0 * a["own"],
                  said="in the limit of time, the share that can be rerouted",
                  fixed={"dt": FAR, "imposed": 1.0}),
            Limit("rerouted", 0.0, said="when all trade is open it takes its old routes",
                  fixed={"imposed": 0.0, "own": 0.0}),
            Halves("rerouted", "rerouted", fixed={"own": 1.0}),
            Moves("gdp", rises="gdp loss_before", falls="loss"),
            Limit("gdp", "gdp", said="output that is lost already is not lost again",
                  fixed={"loss_before": "loss"}),
            Identity("gdp", said="lost output comes back in full",
                     left=lambda law, a: law.gdp(gdp=law.gdp(**a), loss=a["loss_before"],
                                                 loss_before=a["loss"]),
                     right=lambda law, a: a["gdp"]),
            Moves("harm", rises="trade imposed gdp", falls="rerouted budget"),
            Limit("harm", 0.0, said="a state's own cut is not harm by the other",
                  fixed={"imposed": 0.0}),
            Identity("harm", said="two half periods harm as much as one whole",
                     left=lambda law, a: 2 * law.harm(**{**a, "dt": a["dt"] / 2}),
                     right=lambda law, a: law.harm(**a)),
        ),
    },
    "budget": {
        "fixed": (
            Moves("moved", rises="arming"),
            Identity("moved", said="spends as in the scenario in any period",
                     left=lambda law, a: law.moved(**a), right=lambda law, a: a["arming"]),
        ),
        "responsive": (
            Moves("terms", rises="insecurity faith_before", falls="reference faith"),
            Moves("moved", rises="arming insecurity faith_before", falls="reference faith"),
            Identity("moved", said="indifferent to threat and trust, it returns to the scenario's",
                     fixed={"arming": 1.0}, left=_indifferent,
                     right=lambda law, a: np.ones_like(a["arming"])),
            Limit("moved", 1.0, said="as at the start, the spending of the scenario",
                  fixed={"arming": 1.0, "reference": "insecurity", "faith_before": "faith"}),
            Within("moved", lambda law, a: np.minimum(a["arming"], 1 / law.ceiling),
                   lambda law, a: np.maximum(a["arming"], law.ceiling),
                   said="moves within the ceiling and its inverse"),
            Halves("moved", "arming"),
        ),
    },
    "procurement": {
        "standard": (
            Moves("rate", rises="purse", falls="budget"),
            Limit("rate", 0.0, said="without money no state goes to market", fixed={"purse": 0.0}),
            Moves("approaching", rises="mutual legacy users"),
            Limit("approaching", lambda law, a: law.approach + 0 * a["legacy"],
                  said="without regard, legacy and customers only the constant is left",
                  fixed={"mutual": 0.0, "legacy": 0.0, "users": 0.0}),
            Moves("supplier_terms", rises="affinity reputation",
                  falls="refusal ties stops displeasure",
                  either="familiarity", why="the evidence on the sign is divided (Kinsella 1998)"),
            Identity("supplier_terms",
                     said="without offence to fellow members there is no custom to foresee",
                     left=lambda law, a: _of_supplier(law, a, displeasure=0.0)["custom"],
                     right=lambda law, a: 0 * a["affinity"]),
            Identity("supplier_terms", said="arming only rivals is as bad as stopping all others",
                     left=lambda law, a: _of_supplier(law, a, ties=1.0)["risk"],
                     right=lambda law, a: _of_supplier(law, a, stops=1.0)["risk"]),
            Identity("supplier_terms", said="up to the threshold dependence does not count",
                     left=lambda law, a: _of_supplier(
                         law, a, familiarity=law.spread_from
                     )["spread"],
                     right=lambda law, a: 0 * a["familiarity"]),
            Moves("offer_terms", rises="gain", falls="best lag defect at_stake"),
            Limit("offer_terms", 0.0, said="the best use of money, at once and sound, is worth 0",
                  fixed={"gain": "best", "lag": 0.0, "defect": 0.0, "at_stake": 0.0}),
            Moves("slack", rises="fund income", falls="owed", either="years",
                  why="years bring income and dues"),
            Moves("room", rises="budget", falls="lent"),
            Limit("room", 0.0, said="a state with unlimited debt gets no loan",
                  fixed={"lent": FAR}),
            Moves("value", rises="purse cash room budget gift", falls="deposit",
                  either="credit", why="it saves cash for the deposit"),
            Limit("value", 0.0, said="without a purse there is no order on plain terms",
                  fixed={"purse": 0.0, "gift": 0.0}),
            Identity("value", said="a loan without a gift binds as much as cash",
                     fixed={"gift": 0.0, "deposit": 0.0},
                     left=lambda law, a: law.value(**{**a, "credit": 0 * a["purse"]}),
                     right=lambda law, a: law.value(**{**a, "credit": 0 * a["purse"] + 0.9})),
            Within("value", high=lambda law, a: law.largest * a["budget"],
                   said="is no more than some years of budget"),
            Moves("units", rises="value most", falls="price"),
            Within("units", 0.0, lambda law, a: a["most"], said="lies within 0 and what there is"),
        ),
    },
    "restraint": {
        "standard": (
            Moves("norm", rises="norm engagement harm", falls="precedent"),
            Limit("norm", 0.0, said="where harm is normal the norm does not count",
                  fixed={"precedent": 1.0}),
            Limit("norm", 0.0, said="a state that takes no part is not bound",
                  fixed={"engagement": 0.0}),
            Limit("norm", 0.0, said="a sale without harm is not restrained", fixed={"harm": 0.0}),
            Moves("friends", rises="harm"),
            Limit("friends", 0.0, said="no harm, no restraint", fixed={"harm": 0.0}),
            Moves("counted", rises="offence"),
            Within("counted", 0, 1),
            Limit("counted", 1.0, said="purely offensive arms count in full",
                  fixed={"offence": 1.0}),
            Moves("regard", rises="affinity exposed"),
            Within("regard", 0, 1),
            Limit("regard", 0.0, said="harm to those disliked does not count",
                  where={"affinity": (-1.0, 0.0)}),
            Limit("regard", 0.0, said="harm to a captive friend does not count",
                  fixed={"exposed": 0.0}),
        ),
    },
    "consent": {
        "utility": (
            Moves("terms", rises=_FOR, falls=f"{_AGAINST} norm"),
            *_interest(),
        ),
        "strict_norm": (
            Moves("terms", rises=_FOR, falls=f"{_AGAINST} harm", still="norm"),
            *_interest("harm"),
            Identity("terms", said="harm beyond the threshold meets the whole veto",
                     left=lambda law, a: law.terms(**{**a, "harm": 0 * a["harm"] + FAR})["norm"],
                     right=lambda law, a: -law.veto + 0 * a["harm"]),
        ),
        "imitation": (
            Moves("terms", rises=f"{_FOR} example", falls=f"{_AGAINST} norm",
                  either="following",
                  why="it draws towards the leader's example in either direction"),
            *_interest("following"),
            Identity(
                "terms", said="an example of one half, followed blindly, is even odds",
                left=lambda law, a: law.terms(
                    **{**a, "following": 0 * a["price"] + FAR, "example": 0 * a["price"] + 0.5,
                       **dict.fromkeys(_WHOLE, 0 * a["price"])}
                ),
                right=lambda law, a: 0 * a["price"],
            ),
        ),
    },
    "objection": {
        "standard": (
            Moves("harm", rises="engagement rivalry offence inside"),
            Within("harm", 0, 1),
            Limit("harm", 0.0, said="arms without offence cause no harm", fixed={"offence": 0.0}),
            Limit("harm", 0.0, said="without rivalry there is no harm", fixed={"rivalry": 0.0}),
            Limit("harm", 0.0, said="without engagement there is no harm",
                  fixed={"engagement": 0.0}),
            Limit("harm", 0.0, said="without a weight for rivals inside there is no harm",
                  fixed={"inside": 0.0}),
            Moves("protest", rises="harm engagement"),
            Moves("block", rises="norm regard dependence",
                  falls="precedent regard_supplier own_sales purchase"),
            Identity("block", said="where harm is normal the norm does not block",
                     left=lambda law, a: law.block(**{**a, "precedent": 0 * a["norm"] + 1})["norm"],
                     right=lambda law, a: 0 * a["norm"]),
            Identity("block", said="a purchase is harder to stop, by the same for every buyer",
                     left=lambda law, a: law.block(
                         **{**a, "purchase": 0 * a["norm"] + 1}
                     )["purchase"],
                     right=lambda law, a: 0 * a["norm"] - law.block_purchase),
        ),
    },
    "contract": {
        "standard": (
            Moves("net", rises="price", falls="credit gift offset"),
            Limit("net", "price", said="without gifts and offsets it is the price",
                  fixed={"credit": 0.0, "offset": 0.0}),
            Moves("wait", rises="lag shock", where={"lag": (0.05, 20.0)}),
            Limit("wait", "lag", said="without a shock the wait is the lag", fixed={"shock": 0.0}),
            Moves("deposited", rises="value", falls="credit"),
            Limit("deposited", 0.0, said="wholly on credit, nothing is paid ahead",
                  fixed={"credit": 1.0}),
            Moves("instalment", rises="value", falls="credit instalments"),
            Identity("instalment", said="deposit, instalments and credit make up the price",
                     left=_paid_in_full, right=lambda law, a: a["value"]),
            Moves("payable", rises="fund", falls="claims"),
            Within("payable", 0, 1),
            Limit("payable", 1.0, said="with all the money that is claimed, all can be paid",
                  fixed={"fund": "claims"}, where={"claims": (1.0, 5000.0)}),
            Limit("payable", 0.0, said="without money there is no payment", fixed={"fund": 0.0}),
            Moves("comes", rises="payable trusted"),
            Within("comes", lambda law, a: a["payable"], 1,
                   said="between the share paid for and all"),
            Limit("comes", "payable", said="in arrears, the share paid for",
                  fixed={"trusted": 0.0}),
            Limit("comes", 1.0, said="if all can be paid for, all comes", fixed={"payable": 1.0}),
            Limit("comes", lambda law, a: law.on_account + 0 * a["payable"],
                  said="if nothing can be paid, the share on account",
                  fixed={"payable": 0.0, "trusted": 1.0}),
            Moves("delay", rises="at_war"),
            Within("delay", 0, lambda law, a: law.late, said="is longest in a full war"),
            Limit("delay", 0.0, said="a supplier at peace is on time", fixed={"at_war": 0.0}),
            Moves("slips", rises="delay"),
            Within("slips", 0, 1),
            Limit("slips", 0.0, said="without delay all comes", fixed={"delay": 0.0}),
            Identity("slips", said="two half periods leave as much to come as one whole period",
                     left=lambda law, a: law.slips(**{**a, "dt": a["dt"] / 2}) ** 2,
                     right=lambda law, a: law.slips(**a)),
            Moves("slighted", rises="delay"),
            Within("slighted", 0, 1),
            Limit("slighted", 0.0, said="without delay there is no slight", fixed={"delay": 0.0}),
            Moves("gift", rises="market_rate", falls="rate", either="tenor",
                  why="credit above the market rate is not a gift"),
            Limit("gift", 0.0, said="at the market rate credit is not a gift",
                  fixed={"rate": "market_rate"}),
            Within("gift", high=1.0),
            Moves("waived", rises="listed market_rate", falls="value rate", either="credit tenor",
                  why="credit above the market rate is not a gift"),
            Within("waived", said="credit is at most wholly a gift",
                   high=lambda law, a: a["listed"] - a["value"] + a["credit"] * a["value"]),
            Limit("waived", lambda law, a: a["listed"] - a["value"],
                  said="at the market rate credit is not a gift", fixed={"rate": "market_rate"}),
        ),
    },
    "coercion": {
        "standard": (
            Moves("pressure", rises="resolve", falls="wait"),
            Within("pressure", 0, lambda law, a: a["resolve"]),
            Limit("pressure", "resolve", said="at the delivery the whole resolve counts",
                  fixed={"wait": 0.0}),
            Moves("terms", rises="risk regard diverted", falls="usual lost"),
            Moves("terms", either="gain win cost",
                  why="a friend may protect as well, and a threat may make a war likelier or not"),
            Limit("terms", lambda law, a: law.by_deposit * -a["lost"] - law.face
                  - law.stakes * a["gain"],
                  said="without risk, an empty threat gives no reason to cancel",
                  fixed={"risk": 0.0, "usual": 0.0, "diverted": 0.0}),
            Limit("terms", lambda law, a: -law.face - law.stakes * a["gain"],
                  said="without regard for the buyer there is no reason to protect it",
                  fixed={"risk": 0.0, "usual": 0.0, "diverted": 1.0, "regard": 0.0}),
            Moves("take_over", rises="gain regard", falls="price"),
            Limit("take_over", 0.0, said="without gain, regard and price, even odds",
                  fixed={"gain": 0.0, "regard": 0.0, "price": 0.0}),
        ),
    },
    "leverage": {
        "standard": (
            Moves("at_stake", rises="orders rent lost"),
            Limit("at_stake", 0.0, said="without supplies from the holder, nothing is at stake",
                  fixed={"orders": 0.0, "rent": 0.0, "lost": 0.0}),
            Moves("resented", rises="affinity", falls="at_stake done"),
            Within("resented", -1, 1, where={"at_stake": (0.0, FAR)}),
            Limit("resented", "affinity", said="a threat that is not carried out is not resented",
                  fixed={"done": 0.0}),
            Moves("kept", rises="rent", falls="done"),
            Limit("kept", "rent", said="terms do not end before", fixed={"done": 0.0}),
        ),
    },
    "quality": {
        "standard": (
            Moves("reputation", rises="reputation good", falls="bad"),
            Within("reputation", 0, 1),
            Limit("reputation", "reputation", said="without deliveries reputation does not change",
                  fixed={"good": 0.0, "bad": 0.0}),
            Limit("reputation", 1.0, said="unlimited good deliveries make it full",
                  fixed={"good": FAR}),
            Limit("reputation", 0.0, said="unlimited bad ones make it zero",
                  fixed={"bad": FAR}),
            Moves("back", rises="withdrawn"),
            Within("back", 0, lambda law, a: a["withdrawn"],
                   said="at most the units withdrawn return"),
        ),
    },
    "finance": {
        "standard": (
            Moves("due", rises="debt rate", falls="tenor"),
            Identity("due", said="two half periods call for what one whole period does",
                     where={"tenor": (1.0, 20.0)},
                     left=lambda law, a: 2 * law.due(**{**a, "dt": a["dt"] / 2}),
                     right=lambda law, a: law.due(**a)),
            Moves("distress", rises="overdue", falls="budget"),
            Limit("distress", 0.0, said="without overdue debt there is no distress",
                  fixed={"overdue": 0.0}),
            Limit("due", 0.0, said="without debt nothing is due", fixed={"debt": 0.0}),
            Moves("lending", rises="affinity fund", falls="need debt"),
        ),
    },
}  # fmt: skip
