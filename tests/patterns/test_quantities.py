"""Every quantity: an answer worked by hand on the tiny history."""

import numpy as np
import pytest

from sim.patterns.history import NotCovered
from sim.patterns.pattern import QUANTITIES
from tests.patterns.tiny import ALL, XEN, check, history, value

NAN, INF = np.nan, np.inf
ORDERED = {"orders": {"reached": "ordered"}}
ANSWERS = [  # quantity, fields, answer in two runs, with the sum by hand
    ("idle_years", {"of": {"flow": {"to": "YAK"}}, "window": ALL}, [3, 2]),  # 4; 1, and 3
    ("idle_years", {"of": XEN, "above": 6.5, "window": ALL}, [1, 4]),  # 8, 8, 6, 10
    ("peak_share", {"of": XEN, "window": ALL}, [10 / 32, NAN]),
    ("peak_share", {"of": {"flow": {"to": "YAK"}}, "window": ALL}, [1, 3 / 4]),
    # from the middle of the year of the order to that of the last, or first, delivery
    ("order_span", {"to": "XEN", "window": ALL}, [12, NAN]),  # 2010 to 2011, 2011 to 2012
    ("order_span", {"to": "XEN", "end": "first", "window": ALL}, [6, NAN]),
    ("order_span", {"to": "YAK", "window": ALL}, [12, 0]),
    (
        "rank_order",  # BET 19, ALP 10, GAM 3
        {"of": [{"flow": {"from": s, "to": "XEN"}} for s in ("BET", "ALP", "GAM")], "window": ALL},
        [1, NAN],
    ),
    (
        "rank_order",  # written with the last two exchanged: ranks 3, 1, 2
        {"of": [{"flow": {"from": s, "to": "XEN"}} for s in ("BET", "GAM", "ALP")], "window": ALL},
        [0.5, NAN],
    ),
    (
        "followed",  # the war has an appeal a month later; 2 of 48 months have one so near
        {
            "of": {"events": {"kind": "war"}},
            "by": [{"events": {"kind": "appeal", "threat": "attack"}}],
            "months": {"low": 0, "high": 1},
            "excess": True,
            "window": ALL,
        },
        [1 - 2 / 48, NAN],
    ),
    ("share", {"from": "ALP", "to": "XEN", "window": ALL}, [10 / 32, NAN]),  # 6+3+1 of 32
    ("share", {"from": "ALP", "to": "XEN", "window": "2010-H1"}, [6 / 8, NAN]),  # half of both
    ("share", {"from": "ALP", "to": "XEN", "among": ["ALP", "BET"], "window": ALL}, [10 / 29, NAN]),
    ("share", {"from": "PACT", "to": "XEN", "window": ALL}, [29 / 32, NAN]),  # ALP and BET
    ("share", {"from": "ALP", "to": "XEN", "classes": "tanks", "window": ALL}, [8 / 12, NAN]),
    ("share", {"from": "BET", "conditions": "second_hand", "window": ALL}, [1, NAN]),
    ("ratio", {"of": XEN, "over": {"flow": {"to": "YAK"}}, "window": ALL}, [32 / 4, 0]),
    ("ratio", {"of": XEN, "over": {"flow": {"to": "YAK"}}, "window": "2011..2012"}, [INF, NAN]),
    (
        "ratio",  # objected orders that were delivered, of those objected to
        {
            "of": {"orders": {"reached": ["objected", "delivered"]}},
            "over": {"orders": {"reached": "objected"}},
            "window": ALL,
        },
        [1, 1],
    ),
    (
        "ratio",
        {
            "of": {"flow": {"unit": "credit"}},
            "over": {"flow": {"unit": "value"}},
            "window": "2010..2011",
        },
        [10 / 50, 1],
    ),
    ("hhi", {"to": "XEN", "window": "2011"}, [(9 + 9 + 4) / 64, NAN]),  # 3, 3, 2 of 8
    ("suppliers", {"to": "XEN", "window": ALL}, [3, 0]),
    ("suppliers", {"to": "XEN", "least": 0.1, "window": ALL}, [2, 0]),  # 3 of 32 is too little
    ("level", {"of": XEN, "window": "2012..2013"}, [6 + 10, 0]),
    (
        "level",  # 8 TIV over 24 months, 12 of them in 2011; 4 in 2012
        {"of": {"flow": {"classes": "tanks"}}, "window": "2011..2012"},
        [4 + 4, 0],
    ),
    (
        "level",
        {"of": {"series": {"metric": "spending", "subject": ["XEN", "YAK"]}}, "window": ALL},
        [(25 + 12.5) / 2] * 2,
    ),
    (
        "level",
        {
            "of": {"series": {"metric": "spending", "subject": "XEN", "take": "greatest"}},
            "window": ALL,
        },
        [40, 40],
    ),
    ("first_year", {"of": XEN, "above": 8, "window": ALL}, [2013, INF]),
    ("crossover_year", {"from": "BET", "past": "ALP", "to": "XEN", "window": ALL}, [2012, INF]),
    (
        "crossover_year",
        {"from": "BET", "past": "ALP", "to": "XEN", "hold": 3, "window": ALL},
        [INF, INF],
    ),
    (
        "leaders",  # ALP leads 2010, BET 2012 to 2013
        {"to": "XEN", "windows": ["2010", "2012..2013"], "expect": ["ALP", "BET"]},
        [1, 0],
    ),
    ("leaders", {"to": "XEN", "windows": ["2011"], "expect": ["ALP"]}, [0, 0]),  # a tie
    ("change", {"of": XEN, "before": "2010", "after": "2013"}, [10 - 8, 0]),
    ("change", {"of": XEN, "before": "2010", "after": "2013", "relative": True}, [2 / 8, NAN]),
    (
        "correlation",
        {
            "of": {"series": {"metric": "spending", "subject": "XEN"}},
            "with": {"series": {"metric": "spending", "subject": "YAK"}},
            "window": ALL,
        },
        [1, 1],
    ),
    (
        "correlation",  # 10 20 40 against 20 40 30, a year later: by hand 1/sqrt(7)
        {
            "of": {"series": {"metric": "spending", "subject": "XEN"}},
            "with": {"series": {"metric": "spending", "subject": "XEN"}},
            "lag": 1,
            "window": ALL,
        },
        [0.32732683535] * 2,
    ),
    (
        "variation",  # 10 20 40 30: mean 25, squares 225 25 225 25
        {"of": {"series": {"metric": "spending", "subject": "XEN"}}, "window": ALL},
        [np.sqrt(125) / 25] * 2,
    ),
    (
        "hazard_ratio",  # orders of July 2010, 2011, 2012; one of them in the year after 2011-03
        {
            "pairs": [{"of": {"orders": {"reached": "ordered"}}, "after": {"dates": "2011-03"}}],
            "months": {"low": 1, "high": 12},
            "window": ALL,
        },
        [(1 / 12) / (2 / 36), INF],
    ),
    (
        "followed",  # the refusal of 2010 by an order from another supplier 24 months later
        {
            "of": {"orders": {"reached": "refused"}},
            "by": [ORDERED],
            "same": ["recipient", "class"],
            "other": "supplier",
            "months": {"low": 0, "high": 24},
            "window": ALL,
        },
        [1, NAN],
    ),
    (
        "followed",
        {
            "of": {"orders": {"reached": "refused"}},
            "by": [ORDERED],
            "same": "recipient",
            "months": {"low": 0, "high": 23},
            "window": ALL,
        },
        [0, NAN],
    ),
    (
        "delay",  # 2010-07 to the delivery of 2010, dated at its middle; in run 1 2011-07
        {
            "from": {"dates": "2010-02"},
            "to": {"orders": {"reached": "delivered"}},
            "window": ALL,
        },
        [5, 17],
    ),
    (
        "order",
        {"events": [{"dates": f"{year}-01"} for year in (2011, 2012, 2013)], "window": ALL},
        [1, 1],
    ),
    (
        "order",  # one of three pairs is reversed
        {"events": [{"dates": f"{year}-01"} for year in (2012, 2011, 2013)], "window": ALL},
        [1 / 3, 1 / 3],
    ),
    (
        "difference",  # 10/32 less 19/32
        {
            "of": {"quantity": "share", "from": "ALP", "to": "XEN", "window": ALL},
            "less": {"quantity": "share", "from": "BET", "to": "XEN", "window": ALL},
            "sign": False,
        },
        [-9 / 32, NAN],
    ),
    (
        "difference",
        {
            "of": {"quantity": "level", "of": XEN, "window": "2010"},
            "less": {"quantity": "level", "of": XEN, "window": "2013"},
        },
        [-1, 0],
    ),
]  # fmt: skip
OF_FILES = [  # on events, of which files hold one run
    ("answered", {"bloc": "PACT", "window": ALL}, 1 / 2),
    ("answered", {"bloc": "PACT", "threat": "attack", "window": ALL}, 0),
    ("stay", {"bloc": "PACT", "window": ALL}, 1),
    ("stay", {"bloc": "PACT", "states": "BET", "window": ALL}, 0),
    (
        "ladder",  # 2011-04 to 2013-01
        {
            "state": "YAK",
            "bloc": "PACT",
            "stage": "frozen",
            "after": {"events": {"kind": "appeal", "answer": "refused"}},
            "window": ALL,
        },
        21,
    ),
    (
        "delay",
        {
            "from": {"events": {"kind": "war", "states": ["XEN", "YAK"]}},
            "to": {"events": {"kind": "exit", "bloc": "PACT"}},
            "window": ALL,
        },
        28,
    ),
    (
        "delay",  # half of the good opinion is gone in 2012
        {
            "from": {"dates": "2010-07"},
            "to": {"series": {"metric": "opinion", "subject": "YAK", "below": 0.5}},
            "window": ALL,
        },
        24,
    ),
]
ONE = {("ALP", "XEN"): [[1.0], [2.0], [3.0], [4.0]]}


@pytest.mark.parametrize(
    ("quantity", "fields", "expected"), ANSWERS, ids=[f"{n} {q[0]}" for n, q in enumerate(ANSWERS)]
)
def test_a_quantity_gives_the_answer_worked_by_hand(quantity, fields, expected):
    found = value(check(quantity, **fields), history())
    assert found.shape == (2,)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("quantity", "fields", "expected"),
    OF_FILES,
    ids=[f"{n} {q[0]}" for n, q in enumerate(OF_FILES)],
)
def test_a_quantity_of_events_gives_the_answer_worked_by_hand(quantity, fields, expected):
    found = value(check(quantity, **fields), history(flows=ONE))
    np.testing.assert_allclose(found, [expected], rtol=1e-9)


def test_every_quantity_of_the_vocabulary_has_a_worked_answer():
    worked = {quantity for quantity, *_ in (*ANSWERS, *OF_FILES)}
    assert worked == set(QUANTITIES)


@pytest.mark.parametrize(
    ("quantity", "fields", "reason"),
    [
        (
            "share",
            {"from": "ALP", "to": "XEN", "window": "2009..2012"},
            "covers 2010-01 to 2013-12",
        ),
        ("share", {"from": "ZED", "to": "XEN", "window": ALL}, "no state or bloc ZED"),
        ("level", {"of": {"flow": {"classes": "ships"}}, "window": ALL}, "no ships"),
        (
            "level",
            {"of": {"series": {"metric": "votes", "subject": "ALP>BET"}}, "window": ALL},
            "no series votes of ALP>BET",
        ),
        (
            "level",
            {"of": {"events": {"kind": "vote"}}, "window": ALL},
            "no events of the kind vote",
        ),
    ],
)
def test_what_a_record_lacks_is_not_covered(quantity, fields, reason):
    with pytest.raises(NotCovered, match=reason):
        value(check(quantity, **fields), history())


def test_what_has_no_value_has_no_place_in_an_order():
    levels = {"BET": [[3.0, 3.0]] * 4, "ALP": [[2.0, 2.0]] * 4, "GAM": [[1.0, NAN]] * 4}
    made = history(series={("opinion", name): each for name, each in levels.items()})
    order = [{"series": {"metric": "opinion", "subject": name}} for name in levels]
    found = value(check("rank_order", of=order, window=ALL), made)
    assert found == pytest.approx([1, NAN], nan_ok=True)
