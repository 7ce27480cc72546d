"""The kinds of tidy tables, with unit and meaning of each column."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TidyColumn:
    """A column of a tidy table."""

    name: str
    unit: str
    about: str


@dataclass(frozen=True)
class Kind:
    """A kind of tidy table."""

    name: str
    about: str
    columns: tuple[TidyColumn, ...]
    states: tuple[str, ...] = ("iso3",)  # columns of ISO codes
    years: tuple[str, ...] = ("year",)  # columns of years
    key: tuple[str, ...] = ()  # columns in which no two rows of a file may be equal
    about_one: tuple[str, ...] = ()  # columns of the subject of a row, if not the key
    numbered: tuple[str, ...] = ()  # columns of codes that come from numbers of COW or GW
    parties: tuple[str, ...] = ()  # columns of who is in a row, if rows have no subject
    identity: tuple[str, ...] = ()  # columns in which equal rows of two files are one

    @property
    def names(self) -> list[str]:
        """Return the names of the columns."""
        return [each.name for each in self.columns]

    @property
    def subject(self) -> tuple[str, ...]:
        """Return the columns of the subject of a row.

        A collection takes all rows on one subject from one file (`split_tables`).
        """
        return self.about_one or self.key


_STATE = TidyColumn("iso3", "code", "the state")
_YEAR = TidyColumn("year", "year", "calendar year")
_FIRST = TidyColumn("first", "year", "first year in which it holds")
_LAST = TidyColumn("last", "year", "last year in which it holds")
_LINE = TidyColumn("line", "line", "the line in the file")
_PAIR = (TidyColumn("iso3_1", "code", "one state"), TidyColumn("iso3_2", "code", "the other"))
_PARTIES = (
    TidyColumn("supplier", "name", "the supplier as written"),
    TidyColumn(
        "supplier_iso3", "code", "its code; empty for rebels, organisations and the unknown"
    ),
    TidyColumn("recipient", "name", "the recipient as written"),
    TidyColumn("recipient_iso3", "code", "its code; empty likewise"),
)
_TRADE = ("supplier_iso3", "recipient_iso3")
_PAIRED = ("iso3_1", "iso3_2")
_SIDES = ("supplier", "recipient")

UNUSABLE = Kind("unusable", "known, and of no use here", ())
DEALS = Kind(
    "deals",
    "orders of major arms, one row per deal; several years of delivery, their volume not split",
    (
        *_PARTIES,
        TidyColumn("order_year", "year", "year of the order"),
        TidyColumn("order_year_estimated", "0 or 1", "the year is an estimate"),
        TidyColumn("ordered", "units", "number ordered; missing where it is not known"),
        TidyColumn("designation", "name", "what was sold"),
        TidyColumn("description", "words", "which kind of arms that is"),
        TidyColumn("delivered", "units", "number delivered so far"),
        TidyColumn("delivery_years", "years", "years of delivery, divided by ;"),
        TidyColumn("first_delivery", "year", "the first of them"),
        TidyColumn("last_delivery", "year", "the last of them"),
        TidyColumn("status", "words", "new, second hand, second hand but modernized"),
        TidyColumn("tiv_unit", "million TIV", "volume of one unit; TIV is volume, not money"),
        TidyColumn("tiv_ordered", "million TIV", "volume of the order"),
        TidyColumn("tiv_delivered", "million TIV", "volume delivered so far; 0 is below 0.5"),
        TidyColumn("comments", "words", "the publisher's"),
        _LINE,
    ),
    states=_TRADE,
    years=("order_year",),
    parties=_SIDES,
    identity=(*_SIDES, "order_year", "ordered", "designation", "description", "status", "tiv_unit"),
)
DELIVERIES = Kind(
    "deliveries",
    "deliveries of major arms, one row per deal and year",
    (
        TidyColumn("deal", "name", "the publisher's number of the deal"),
        *_PARTIES,
        TidyColumn("designation", "name", "what was delivered"),
        TidyColumn("description", "words", "which kind of arms that is"),
        TidyColumn("category", "words", "class of arms"),
        TidyColumn("order_year", "year", "year of the order"),
        _YEAR,
        TidyColumn("number", "units", "number delivered in the year"),
        TidyColumn("status", "words", "new, second hand, second hand but modernized"),
        TidyColumn("tiv_unit", "million TIV", "volume of one unit"),
        TidyColumn("tiv", "million TIV", "volume delivered in the year; TIV is volume, not money"),
        TidyColumn("licensed", "0 or 1", "produced by the recipient under licence"),
        _LINE,
    ),
    states=_TRADE,
    parties=_SIDES,
    identity=(*_SIDES, "deal", "year", "designation", "number", "status"),
)
FLOWS = Kind(
    "flows",
    "volume delivered by a supplier to a recipient in a year; without a row it is 0",
    (*_PARTIES, _YEAR, TidyColumn("tiv", "million TIV", "volume delivered"), _LINE),
    states=_TRADE,
    about_one=("supplier", "recipient", "year"),
)
TOTALS = Kind(
    "totals",
    "volume of arms that a state imported or exported in a year, counterparts unknown",
    (
        _STATE,
        _YEAR,
        TidyColumn("direction", "words", "imports or exports"),
        TidyColumn("tiv", "million TIV", "volume; 0 is below 0.5, no row is none"),
    ),
    key=("iso3", "year", "direction"),
)
SPENDING = Kind(
    "spending",
    "military expenditure",
    (
        _STATE,
        _YEAR,
        TidyColumn(
            "measure",
            "words",
            "current_usd_m (million US$, current), constant_usd_m (million US$ at prices of "
            "`base`), share_gdp and share_government (0.05 is 5 %), per_capita_usd (current US$)",
        ),
        TidyColumn("value", "by measure", "the figure"),
        TidyColumn("base", "year", "year of the prices of constant_usd_m"),
        TidyColumn(
            "flag", "words", "estimate or uncertain (blue and red in the workbook), else empty"
        ),
    ),
    key=("iso3", "year", "measure"),
)
INDICATORS = Kind(
    "indicators",
    "figures on states under the codes of an indicator, such as NY.GDP.MKTP.CD",
    (
        _STATE,
        _YEAR,
        TidyColumn("indicator", "code", "what is measured; its unit follows from it"),
        TidyColumn("value", "by indicator", "the figure"),
    ),
    key=("iso3", "year", "indicator"),
    numbered=("iso3",),
)
IDEAL_POINTS = Kind(
    "ideal_points",
    "positions of states in votes of the General Assembly",
    (
        _STATE,
        _YEAR,
        TidyColumn("series", "words", "fp (final passage), all (all votes) or legacy (by session)"),
        TidyColumn("value", "latent scale", "higher is closer to the liberal order led by the US"),
        TidyColumn("low", "latent scale", "posterior quantile of 5 %"),
        TidyColumn("high", "latent scale", "posterior quantile of 95 %"),
        TidyColumn("votes", "votes", "number of votes that it rests on"),
    ),
    key=("iso3", "year", "series"),
    numbered=("iso3",),
)
AGREEMENT = Kind(
    "agreement",
    "how far two states vote alike in the General Assembly; each pair once",
    (*_PAIR, _YEAR, TidyColumn("agree", "0 to 1", "1 is always alike; not corrected for chance")),
    states=_PAIRED,
    key=("iso3_1", "iso3_2", "year"),
    numbered=_PAIRED,
)
STATES = Kind(
    "states",
    "spells in the system of states",
    (
        _STATE,
        TidyColumn("cow", "number", "number of the Correlates of War"),
        TidyColumn("name", "name", "as written"),
        _FIRST,
        TidyColumn(
            "last", "year", "last year; that of the data, or missing, where it is still there"
        ),
    ),
    years=("first", "last"),
    key=("iso3", "first"),
    about_one=("iso3",),
)
CAPABILITIES = Kind(
    "capabilities",
    "national material capabilities",
    (
        _STATE,
        _YEAR,
        TidyColumn("milex", "thousand US$", "military expenditure, current (pounds before 1914)"),
        TidyColumn("milper", "thousand persons", "military personnel"),
        TidyColumn("irst", "thousand tons", "iron and steel"),
        TidyColumn("pec", "thousand coal-ton equivalents", "energy consumption"),
        TidyColumn("tpop", "thousand persons", "population"),
        TidyColumn("upop", "thousand persons", "urban population"),
        TidyColumn("cinc", "share of the world", "composite index, 0 to 1"),
    ),
    key=("iso3", "year"),
    numbered=("iso3",),
)
CONTIGUITY = Kind(
    "contiguity",
    "neighbours by land and water; each pair once",
    (
        *_PAIR,
        _FIRST,
        _LAST,
        TidyColumn("type", "1 to 5", "1 land or river; 2 to 5 water up to 12, 24, 150, 400 miles"),
    ),
    states=_PAIRED,
    years=("first", "last"),
    about_one=_PAIRED,
    numbered=_PAIRED,
)
ALLIANCES = Kind(
    "alliances",
    "obligations between two states; `atop` is directed, what the first owes the second",
    (
        TidyColumn("scheme", "words", "cow or atop"),
        *_PAIR,
        _FIRST,
        _LAST,
        TidyColumn("defense", "0 or 1", "to defend"),
        TidyColumn("offense", "0 or 1", "to join an attack (atop alone)"),
        TidyColumn("neutrality", "0 or 1", "to stay out"),
        TidyColumn("nonaggression", "0 or 1", "not to attack"),
        TidyColumn("consultation", "0 or 1", "to consult: entente of cow, consul of atop"),
    ),
    states=_PAIRED,
    years=("first", "last"),
    about_one=("scheme",),
    numbered=_PAIRED,
)
DISPUTES = Kind(
    "disputes",
    "militarised disputes, one row per pair, dispute and year; each pair once",
    (
        *_PAIR,
        _YEAR,
        TidyColumn("dispute", "number", "the publisher's number of the dispute"),
        TidyColumn(
            "hostility", "1 to 5", "none, threat, display, force, war: highest of the whole dispute"
        ),
        TidyColumn("action", "0 to 21", "highest action of both, likewise"),
        TidyColumn("onset", "0 or 1", "the dispute begins in the year"),
    ),
    states=_PAIRED,
    numbered=_PAIRED,
    parties=_PAIRED,
    identity=(*_PAIRED, "dispute", "year"),
)
RIVALRIES = Kind(
    "rivalries",
    "strategic rivalries; each pair once, in each of its spells",
    (
        TidyColumn("scheme", "words", "tss (to 2020) or td (to 2010)"),
        *_PAIR,
        _FIRST,
        TidyColumn("last", "year", "last year; the last of the data means that it is still on"),
        TidyColumn("positional", "0 or 1", "over influence and status"),
        TidyColumn("spatial", "0 or 1", "over territory"),
        TidyColumn("ideological", "0 or 1", "over political, economic or religious systems"),
        TidyColumn("interventionary", "0 or 1", "over domestic affairs of one (tss alone)"),
    ),
    states=_PAIRED,
    years=("first", "last"),
    about_one=("scheme",),
    numbered=_PAIRED,
)
CONFLICTS = Kind(
    "conflicts",
    "armed conflicts by year, with the states on either side (codes divided by ;)",
    (
        TidyColumn("conflict", "number", "the publisher's number of the conflict"),
        _YEAR,
        TidyColumn(
            "type",
            "words",
            "extrasystemic, interstate, intrastate, internationalized_intrastate",
        ),
        TidyColumn("incompatibility", "words", "territory, government or both"),
        TidyColumn("intensity", "1 or 2", "2 from 1,000 battle deaths in the year, 1 from 25"),
        TidyColumn("side_a", "codes", "the government's side"),
        TidyColumn("side_a_2nd", "codes", "states that support it with troops"),
        TidyColumn("side_b", "codes", "the state on the other side, of interstate conflicts alone"),
        TidyColumn("side_b_2nd", "codes", "states that support that side with troops"),
    ),
    states=(),
    numbered=("side_a", "side_a_2nd", "side_b", "side_b_2nd"),
    identity=("conflict", "year"),
)
CLASHES = Kind(
    "clashes",
    "pairs of states on opposite sides of an armed conflict, by year; each pair once",
    (
        *_PAIR,
        _YEAR,
        TidyColumn("conflict", "number", "the publisher's number of the conflict"),
        TidyColumn("intensity", "1 or 2", "2 from 1,000 battle deaths in the year, 1 from 25"),
        TidyColumn("primary", "0 or 1", "both are parties, neither a supporter with troops"),
    ),
    states=_PAIRED,
    numbered=_PAIRED,
    identity=(*_PAIRED, "conflict", "year"),
)
PRODUCTS = Kind(
    "products",
    "gross domestic product per head over the long run, in dollars of constant purchasing power",
    (
        _STATE,
        _YEAR,
        TidyColumn("gdp_pc", "international $ of `base`", "gross domestic product per head"),
        TidyColumn("base", "year", "year of the prices"),
        TidyColumn("population", "persons", "mid-year population"),
    ),
    key=("iso3", "year"),
)
DISTANCES = Kind(
    "distances",
    "distances between two states; each pair once for each measure and spell",
    (
        *_PAIR,
        TidyColumn("measure", "words", "capitals, borders (0 is touching) or cities (weighted)"),
        _FIRST,
        _LAST,
        TidyColumn("km", "km", "the distance"),
    ),
    states=_PAIRED,
    years=("first", "last"),
    about_one=("iso3_1", "iso3_2", "measure"),
)
CAPITALS = Kind(
    "capitals",
    "capitals and where they lie",
    (
        _STATE,
        TidyColumn("capital", "name", "the city"),
        _FIRST,
        _LAST,
        TidyColumn("lat", "degrees", "latitude; missing where the table has none"),
        TidyColumn("lon", "degrees", "longitude"),
    ),
    years=("first", "last"),
    about_one=("iso3",),
    numbered=("iso3",),
)
MEMBERSHIPS = Kind(
    "memberships",
    "members of organisations and blocs",
    (
        TidyColumn("bloc", "name", "the organisation"),
        _STATE,
        _FIRST,
        TidyColumn("last", "year", "year of leaving; missing where the state is still a member"),
    ),
    years=("first",),
    about_one=("bloc", "iso3"),
)
REGIMES = Kind(
    "regimes",
    "how democratic states are",
    (
        _STATE,
        _YEAR,
        TidyColumn("polity2", "-10 to 10", "Polity"),
        TidyColumn("polyarchy", "0 to 1", "electoral democracy of V-Dem"),
    ),
    key=("iso3", "year"),
)
TRADE = Kind(
    "trade",
    "exports of one state to another",
    (
        TidyColumn("iso3_1", "code", "the exporter"),
        TidyColumn("iso3_2", "code", "the importer"),
        _YEAR,
        TidyColumn("value", "US$ of 2010", "exports; without a row 0 or unrecorded"),
    ),
    states=_PAIRED,
    key=("iso3_1", "iso3_2", "year"),
)
