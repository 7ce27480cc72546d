"""Count the dyads to which filled offers are closed, and those among them that traded afterwards.

    python -m bench.closed_ties --data DIR [--states USA,RUS,...]

A line for each of four starts: dyads of the sellers among the states, those that the rule of
`sim/cases/closed_markets.py` closes, and, of the ten years from the start on, the dyads with an
order in the register and the dyads with a delivery, with those that the rule would have closed.
"""

from __future__ import annotations

from itertools import permutations

from bench.downloads import archive_of, parser_of
from sim.cases.archive import Archive, flows
from sim.cases.arms_figures import closed_markets
from sim.cases.arms_register import register
from sim.cases.case_plan import CasePlan

STARTS = (1996, 2001, 2006, 2011)
STATES = "ARM,AZE,BLR,CHN,GEO,IND,IRN,ISR,KAZ,KGZ,PAK,RUS,TJK,TUR,UKR,USA,UZB"
_AHEAD = 10  # years


def main() -> None:
    """Print a line for each start."""
    parser = parser_of(__doc__)
    parser.add_argument("--states", default=STATES)
    options = parser.parse_args()
    archive = archive_of(options)
    for year in STARTS:
        print(line(tuple(options.states.split(",")), year, archive))


def line(states: tuple[str, ...], year: int, archive: Archive) -> str:
    """Return the counts for a case that starts in a year."""
    ahead = range(year, year + _AHEAD)
    deals, delivered = register(archive), flows(archive)
    orders = {
        *zip(deals["supplier_iso3"], deals["recipient_iso3"], deals["order_year"], strict=True)
    }
    came = {*zip(delivered["supplier"], delivered["recipient"], delivered["year"], strict=True)}
    dyads = {*permutations(states, 2)}
    ordered = {(one, other) for one, other, when in orders if when in ahead} & dyads
    supplied = {(one, other) for one, other, when in came if when in ahead} & dyads
    sellers = {one for one, _ in ordered | supplied}
    markets = closed_markets(CasePlan(states, f"{year}-Q1"), archive)
    closed = {(one, other) for one in sellers for other in markets[one]}
    return (
        f"{year}: {len(sellers) * (len(states) - 1)} dyads, {len(closed)} closed; "
        f"{len(ordered)} with an order, closed {_named(ordered & closed)}; "
        f"{len(supplied)} with a delivery, closed {_named(supplied & closed)}"
    )


def _named(dyads: set[tuple[str, str]]) -> str:
    return ", ".join(f"{one}>{other}" for one, other in sorted(dyads)) or "none"


if __name__ == "__main__":
    main()
