"""What tidy tables hold, by kind: each column with its unit and meaning, declared once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a tidy table."""

    name: str
    unit: str
    about: str


@dataclass(frozen=True)
class Kind:
    """What a tidy table holds."""

    name: str
    about: str
    columns: tuple[Column, ...]
    states: tuple[str, ...] = ("iso3",)  # columns of codes
    years: tuple[str, ...] = ("year",)  # columns of years
    key: tuple[str, ...] = ()  # columns that no two rows may share

    @property
    def names(self) -> list[str]:
        """Return the names of the columns."""
        return [each.name for each in self.columns]


_STATE = Column("iso3", "code", "the state")
_YEAR = Column("year", "year", "calendar year")
_FIRST = Column("first", "year", "first year in which it holds")
_LAST = Column("last", "year", "last year in which it holds")
_PAIR = (Column("iso3_1", "code", "one state"), Column("iso3_2", "code", "the other"))
_PARTIES = (
    Column("supplier", "name", "the supplier as written"),
    Column("supplier_iso3", "code", "its code; empty for rebels, organisations and the unknown"),
    Column("recipient", "name", "the recipient as written"),
    Column("recipient_iso3", "code", "its code; empty likewise"),
)
_TRADE = ("supplier_iso3", "recipient_iso3")
_PAIRED = ("iso3_1", "iso3_2")

UNUSABLE = Kind("unusable", "known, and of no use here", ())
DEALS = Kind(
    "deals",
    "orders of major arms, a row a deal; several years of delivery, their volume not split",
    (
        *_PARTIES,
        Column("order_year", "year", "year of the order"),
        Column("order_year_estimated", "0 or 1", "the year is an estimate"),
        Column("ordered", "units", "number ordered; missing where it is not known"),
        Column("designation", "name", "what was sold"),
        Column("description", "words", "which kind of arms that is"),
        Column("delivered", "units", "number delivered so far"),
        Column("delivery_years", "years", "years of delivery, divided by ;"),
        Column("first_delivery", "year", "the first of them"),
        Column("last_delivery", "year", "the last of them"),
        Column("status", "words", "new, second hand, second hand but modernized"),
        Column("tiv_unit", "million TIV", "volume of one unit; TIV is volume, not money"),
        Column("tiv_ordered", "million TIV", "volume of the order"),
        Column("tiv_delivered", "million TIV", "volume delivered so far; 0 is below 0.5"),
        Column("comments", "words", "the publisher's"),
    ),
    states=_TRADE,
    years=("order_year",),
)
DELIVERIES = Kind(
    "deliveries",
    "deliveries of major arms, a row a deal and year",
    (
        Column("deal", "name", "the publisher's number of the deal"),
        *_PARTIES,
        Column("designation", "name", "what was delivered"),
        Column("description", "words", "which kind of arms that is"),
        Column("category", "words", "class of arms"),
        Column("order_year", "year", "year of the order"),
        _YEAR,
        Column("number", "units", "number delivered in the year"),
        Column("status", "words", "new, second hand, second hand but modernized"),
        Column("tiv_unit", "million TIV", "volume of one unit"),
        Column("tiv", "million TIV", "volume delivered in the year; TIV is volume, not money"),
        Column("licensed", "0 or 1", "produced by the recipient under licence"),
    ),
    states=_TRADE,
)
FLOWS = Kind(
    "flows",
    "volume delivered by a supplier to a recipient in a year; without a row it is 0",
    (*_PARTIES, _YEAR, Column("tiv", "million TIV", "volume delivered")),
    states=_TRADE,
)
TOTALS = Kind(
    "totals",
    "volume of arms that a state imported or exported in a year, counterparts unknown",
    (
        _STATE,
        _YEAR,
        Column("direction", "words", "imports or exports"),
        Column("tiv", "million TIV", "volume; 0 is below 0.5, no row is none"),
    ),
    key=("iso3", "year", "direction"),
)
SPENDING = Kind(
    "spending",
    "military expenditure",
    (
        _STATE,
        _YEAR,
        Column(
            "measure",
            "words",
            "current_usd_m (million US$, current), constant_usd_m (million US$ at prices of "
            "`base`), share_gdp and share_government (0.05 is 5 %), per_capita_usd (current US$)",
        ),
        Column("value", "by measure", "the figure"),
        Column("base", "year", "year of the prices of constant_usd_m"),
        Column("flag", "words", "estimate or uncertain (blue and red in the workbook), else empty"),
    ),
    key=("iso3", "year", "measure"),
)
