"""A tiny history, made by hand: three suppliers, two buyers, four years, two runs."""

import numpy as np

from sim.patterns.history import Course, Deals, Grid, History, RecordedEvent
from sim.patterns.measures import REACHED, UNITS
from sim.patterns.pattern import QUANTITIES

YEARS = (2010, 2014)
ALL = "2010..2013"  # the whole of them
XEN = {"flow": {"to": "XEN"}}  # what comes to a buyer
STATES = ("ALP", "BET", "GAM", "XEN", "YAK")
FLOWS = {  # TIV a year, 2010 to 2013, in two runs
    ("ALP", "XEN"): [[6, 0], [3, 0], [1, 0], [0, 0]],
    ("BET", "XEN"): [[2, 0], [3, 0], [5, 0], [9, 0]],
    ("GAM", "XEN"): [[0, 0], [2, 0], [0, 0], [1, 0]],
    ("ALP", "YAK"): [[4, 1], [0, 0], [0, 0], [0, 3]],
}
WHOLE = "requested ordered delivered completed"
BAD = "requested objected ordered delivered withdrawn"
LATE = "requested objected ordered delivered late"
# run, supplier, recipient, class, condition, dated, first, stop, stages, tiv, value, credit
DEALS = [
    (0, "ALP", "XEN", "tanks", "new", 2010, 2010, 2012, WHOLE, 8, 40, 10),
    (0, "BET", "XEN", "tanks", "second_hand", 2011, 2012, 2013, BAD, 4, 10, 0),
    (0, "ALP", "YAK", "rockets", "new", 2010, -1, -1, "requested refused", 0, 0, 0),
    (0, "GAM", "YAK", "rockets", "new", 2012, 2013, 2014, WHOLE, 3, 9, 0),
    (1, "ALP", "YAK", "rockets", "new", 2011, 2011, 2012, LATE, 5, 20, 20),
]  # fmt: skip
EVENTS = (
    RecordedEvent(kind="war", month=12 * 2011 + 2, states=("XEN", "YAK")),
    RecordedEvent(kind="appeal", month=12 * 2011 + 3, states=("YAK",), bloc="PACT", answer=0.0),
    RecordedEvent(
        kind="appeal", month=12 * 2012, states=("BET",), bloc="PACT", answer=1.0, internal=True
    ),
    RecordedEvent(kind="stage", month=12 * 2012 + 2, states=("YAK",), bloc="PACT", stage=1),
    RecordedEvent(kind="stage", month=12 * 2013, states=("YAK",), bloc="PACT", stage=3),
    RecordedEvent(kind="exit", month=12 * 2013 + 6, states=("YAK",), bloc="PACT"),
)
SERIES = {
    ("spending", "XEN"): [10.0, 20.0, 40.0, 30.0],
    ("spending", "YAK"): [5.0, 10.0, 20.0, 15.0],
    ("opinion", "YAK"): [0.9, 0.9, 0.5, 0.3],
}


def history(flows=None, series=None, events=EVENTS):
    """Return the tiny history, or one with other flows (years, runs), series or events."""
    table = {key: np.array(each, dtype=float) for key, each in (flows or FLOWS).items()}
    runs = next(iter(table.values())).shape[1]
    span = (12 * YEARS[0], 12 * YEARS[1])
    months = 12 * np.arange(*YEARS)
    courses = {
        key: Course(months=months, middle=months + 6, values=by_run(each, runs))
        for key, each in (series or SERIES).items()
    }
    return History(
        spans=dict.fromkeys(("flow", "orders", "events"), span),
        step=12,
        runs=runs,
        names=STATES,
        blocs={"PACT": ("ALP", "BET", "YAK")},
        grid=Grid(first=span[0], size=12, count=4),
        flows=table,
        deals=deals(),
        systems=("thing",),
        classes=("rockets", "tanks"),
        series=courses,
        recorded_events=events,
    )


def by_run(values, runs):
    """Return a course, given once or by run, as (years, runs)."""
    return np.broadcast_to(np.reshape(values, (len(values), -1)), (len(values), runs))


def deals():
    """Return the deals of the tiny history."""
    run, supplier, recipient, kind, condition, dated, first, stop, stages, tiv, value, credit = zip(
        *DEALS, strict=True
    )
    amounts = {"tiv": tiv, "value": value, "credit": credit, "listed": value}
    return Deals(
        run=np.array(run),
        supplier=np.array([STATES.index(each) for each in supplier]),
        recipient=np.array([STATES.index(each) for each in recipient]),
        system=np.zeros(len(DEALS), dtype=int),
        category=np.array([("rockets", "tanks").index(each) for each in kind]),
        condition=np.array([("new", "refurbished", "second_hand").index(c) for c in condition]),
        range=np.full(len(DEALS), 100.0),
        decided=np.ones(len(DEALS)),
        dated=np.array(dated) * 12 + 6,
        first=np.array([12 * each if each > 0 else -1 for each in first]),
        stop=np.array([12 * each if each > 0 else -1 for each in stop]),
        reached={
            stage: np.array([stage in each.split() for each in stages]) * 1 for stage in REACHED
        },
        amounts={
            unit: np.array(amounts.get(unit, [1.0] * len(DEALS)), dtype=float) for unit in UNITS
        },
    )


def check(quantity, **fields):
    """Return a check of a quantity."""
    names = {"from_": "from", "with_": "with"}
    document = {names.get(key, key): value for key, value in fields.items()}
    return QUANTITIES[quantity].model_validate({"quantity": quantity} | document)


def value(check, history):
    """Return a quantity in every run."""
    return check.value(history)
