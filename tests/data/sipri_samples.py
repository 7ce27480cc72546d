"""Tables in the layouts of SIPRI: every row is invented, none is copied."""

# ruff: noqa: ISC004 - a long line of a file is several texts
from __future__ import annotations

from sim.data import tidy_tables
from tests.data.sample import Sample

_REGISTER = [
    "Transfers of major conventional arms from All countries  to All countries , 1950 to 2024 ",
    "An empty field for 'Number ordered', or for the total, means that it is not known.",
    "SIPRI trend-indicator values (TIVs) are in millions.",
    "",
    "Source: SIPRI Arms Transfers Database (c) SIPRI.",
    "Data generated: 1 Feb 2025 9:00:00 AM",
]
_DEALS = [
    "Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,"
    "Number delivered, ,Year(s) of delivery,status,Comments,SIPRI TIV per unit,"
    "SIPRI TIV for total order,SIPRI TIV of delivered weapons",
    "Norway,Brazil,2001,?,12,,Kestrel-9,trainer aircraft,12,,2002; 2003,New,For the Årdal line,"
    "1.5,18,18",
    "Türkiye,Soviet Union,1979,,,,Gull-2,SSM,40,?,1980,Second hand,,0.25,,10",
    "Imaginary rebels*,unknown supplier(s),2010,?,2,?,Heron,mortar,2,?,2011,New,,0.1,0.2,0.2",
    "Korea, South,Finland,2019,,4,,Swift,radar,0,,,New,Not yet delivered,5,20,0",
    "Chile,Italy,2015,,6,,Tern,ship engine,6,,2016; 2018,New,Broken by a line end",
    ",2.5,15,15",
    "Chile,Italy,2016,,1,,Tern,ship engine,1,,2018,New,,2.5,2.5,2.5",
]
_DEALS[4] = _DEALS[4].replace("Korea, South", "South Korea")
_DELIVERIES = [
    "SIPRI AT Database ID,Supplier,Recipient,Designation,Description,Armament category,Order date,"
    "Order date is estimate,Numbers delivered,Numbers delivered is estimate,Delivery year,"
    "Delivery year is estimate,Status,SIPRI estimate,TIV deal unit,TIV delivery values,"
    "Local production",
    "101,Brazil,Norway,Kestrel-9,trainer aircraft,Aircraft,2001,Yes,5,No,2002,No,New,1.5,1.5,7.5,"
    "No",
    "101,Brazil,Norway,Kestrel-9,trainer aircraft,Aircraft,2001,Yes,7,No,2003,,New,1.5,1.5,10.5,No",
    "102,Côte d'Ivoire,Kosovo,Heron,mortar,Artillery,2010,No,2,Yes,2011,No,Second hand,0.1,0.1,"
    "0.2,Yes",
    "103,Austria,OSCE**,Wren,UAV,Aircraft,2014,No,3,Yes,2014,No,New,0.2,0.2,0.6,No",
]
_IMPORTS = [
    "Volume of transfers of major arms",
    "Figures are in millions of SIPRI trend-indicator values (TIVs).",
    "",
    "Data generated: 1 Feb 2025 9:00:00 AM",
    "",
    "Recipient,2019,2020,2021,2019-2021,Percentage,2019-2021,Percentage",
    "Norway,12,,0 ,12,40.00%,12,40.00%",
    "Namibia,3,4,11,18,60.00%,18,60.00%",
    "Imaginary rebels (Chile)*,,,0,0,0.00%,0,0.00%",
    "Total world import,15,4,11,30,100.00%,30,100.00%",
    "",
]
_EXPORTS = [
    "Exports by,2019,2020,2021,2019-2021,Percentage",
    "Soviet Union,,,,0,0.00%",
    "Brazil,15,4,11,30,100.00%",
    "Peru,0,,1,1,0.10%",
    "Total world export,15,4,12,31,100.00%",
]
_PAIRS = [
    "TIV of arms imports to Norway, 2019-2021",
    "Generated: 2022-03-15",
    "",
    ",2019,2020,2021,Total",
    "Brazil,12,,0,12",
    "Unknown supplier(s),,1,,1",
    "Total,12,1,0,13",
]
_REPORT = [
    "Id,Supplier,Recipient,No. ordered,No. ordered data uncertain,Designation,Description,Status,"
    "Status data uncertain,Year of order,Year of order data uncertain,Year(s) of deliveries,"
    "No. delivered,Comments",
    '1,Albania,Peru,12,Yes,Heron,Mortar,SecondHand,,2011,Yes,2011 - 2012,12,"For use, partly"',
    "2,Brazil,Norway,4,,Kestrel-9,Trainer,New,,2007,,2009 - 2009,4,",
    "3,Brazil,Norway,6,,Kestrel-9,Trainer,New,,2008,,,0,",
]
_SPENDING = [
    '"Military expenditure by country, in constant (2022) US$ m., 2019-2021"',
    '"Figures are in US $m., at constant 2022 prices and exchange rates"',
    "Country,Notes,2019,2020,2021",
    "",
    "Europe,,,,",
    "Norway,§,100.5,110,...",
    "USSR,,xxx,xxx,xxx",
    "Türkiye,‡ 2,200,210,220",
    '"Yemen, North",,xxx,xxx,xxx',
    "Iceland,,0,0,0",
]
_FLOWS = [
    "supplier,recipient,year,tiv_m",
    "BRA,NOR,2019,12",
    "BRA,NOR,2021,0.5",
    "Brazil,Namibia,2019,3",
]
_SPENDING_EXTRACT = [
    "iso3,country,year,milex_const2023_musd,milex_current_musd,milex_share_gdp,milex_share_gov,"
    "milex_per_capita_usd,flag",
    "NOR,Norway,2019,100,90,0.017,,20,",
    "NOR,Norway,2020,,95,0.018,0.04,21,estimate",
]


def _of(lines: list[str], sign: str) -> list[str]:
    """Return lines with another sign between the cells."""
    return [line.replace(",", sign) for line in lines]


SIPRI = {
    "deals, export of 2024": Sample(
        kind=tidy_tables.DEALS, lines=[*_REGISTER, *_DEALS], number="Year of order",
        state="Supplier",
        encoding="cp1252",
    ),
    "deals, saved by Excel": Sample(
        kind=tidy_tables.DEALS, lines=_DEALS, number="Number ordered", state="Supplier",
        encoding="cp1252", end="\r\n", tail=";;;;;;",
    ),
    "deals, UTF-8 with a mark": Sample(
        kind=tidy_tables.DEALS, lines=_DEALS, number="Year of order", state="Supplier",
        encoding="utf-8-sig", end="\r",
    ),
    "deals, report of 2014": Sample(
        kind=tidy_tables.DEALS, lines=_REPORT, number="Year of order", state="Supplier",
    ),
    "deliveries, new site": Sample(
        kind=tidy_tables.DELIVERIES, lines=[*_REGISTER, *_DELIVERIES], number="Delivery year",
        state="Supplier", end="\r\n", tail=";",
    ),
    "deliveries, old site": Sample(
        kind=tidy_tables.DELIVERIES, state="Seller", sign=";", number="TIV delivery values",
        lines=[
            "SIPRI Transfers Database ", "", "",
            *_of(_DELIVERIES, ";"),
        ],
        name="DealsAndTIVs.txt",
    ),
    "import values": Sample(kind=tidy_tables.TOTALS, lines=_IMPORTS, state="Recipient"),
    "export values": Sample(kind=tidy_tables.TOTALS, lines=_EXPORTS, state="Exports by"),
    "values of the old site": Sample(kind=tidy_tables.FLOWS, lines=_PAIRS, state="Total"),
    "flows": Sample(kind=tidy_tables.FLOWS, lines=_FLOWS, number="tiv_m", state="supplier",
        any_codes=True),
    "spending": Sample(kind=tidy_tables.SPENDING, lines=_SPENDING, state="Country"),
    "spending, long": Sample(
        kind=tidy_tables.SPENDING, lines=_SPENDING_EXTRACT, number="milex_share_gdp", state="iso3",
    ),
}  # fmt: skip
_old = SIPRI["deliveries, old site"].lines
_old[3] = _old[3].replace("SIPRI AT Database ID;Supplier;Recipient", "Deal ID;Seller;Buyer")
