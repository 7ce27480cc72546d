"""Publishers of the data: where to download them, on what terms, and how to cite them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """The publisher of a data set."""

    name: str
    place: str  # where the user downloads it
    terms: str
    cite: str


SIPRI_TRANSFERS = Publisher(
    name="SIPRI Arms Transfers Database",
    place="https://armstransfers.sipri.org (trade register: export as CSV, all suppliers)",
    terms="free for non-commercial use with the credit line; at most a tenth may be republished",
    cite="Stockholm International Peace Research Institute, https://doi.org/10.55163/SAFC1241",
)
SIPRI_SPENDING = Publisher(
    name="SIPRI Military Expenditure Database",
    place="https://www.sipri.org/databases/milex (the workbook for all countries)",
    terms="free for non-commercial use with the credit line; at most a tenth may be republished",
    cite="Stockholm International Peace Research Institute, https://doi.org/10.55163/CQGC9685",
)
WORLD_BANK = Publisher(
    name="World Development Indicators",
    place="https://data.worldbank.org (an indicator as CSV) or https://databank.worldbank.org",
    terms="CC BY 4.0, as DataBank's own files say",
    cite="World Bank, World Development Indicators",
)
UN_VOTES = Publisher(
    name="United Nations General Assembly Voting Data",
    place="https://doi.org/10.7910/DVN/LEJUQZ (ideal points; agreement scores)",
    terms="CC0 is commonly stated; check before publishing; cite",
    cite="Bailey, Strezhnev and Voeten 2017, Journal of Conflict Resolution 61(2):430-456",
)
COW = Publisher(
    name="Correlates of War",
    place="https://correlatesofwar.org/data-sets (states; capabilities; direct contiguity)",
    terms="free for research with citation; no open licence is stated",
    cite="as each data set's page asks",
)
COW_ALLIANCES = Publisher(
    name="Correlates of War: Formal Alliances",
    place="https://correlatesofwar.org/data-sets/formal-alliances (version 4.1, by dyad)",
    terms="free for research with citation; its maintainer asks that software not pass it on",
    cite="Gibler 2009, International Military Alliances 1648-2008, CQ Press",
)
ATOP = Publisher(
    name="Alliance Treaty Obligations and Provisions",
    place="http://www.atopdata.org (version 5.1, directed or undirected dyad-years)",
    terms="free for research with citation; no open licence is stated",
    cite="Leeds, Ritter, Mitchell and Long 2002, International Interactions 28:237-260",
)
MIDS = Publisher(
    name="Militarized Interstate Disputes",
    place="https://correlatesofwar.org/data-sets/mids (MIDB), or the corrected list of Gibler, "
    "Miller and Little (dyad-years)",
    terms="free for research with citation; no open licence is stated",
    cite="Palmer et al. 2022, Conflict Management and Peace Science 39(4):470-482; Gibler, Miller "
    "and Little 2016, International Studies Quarterly 60(4):719-730",
)
RIVALRIES = Publisher(
    name="Strategic Rivalries",
    place="the R package peacesciencer: write.csv(tss_rivalries, ...) or td_rivalries",
    terms="cite the books; no open licence is stated",
    cite="Thompson, Sakuwa and Suhas 2021, Analyzing Strategic Rivalries in World Politics, "
    "Springer; Thompson and Dreyer 2012, Handbook of International Rivalries, CQ Press",
)
UCDP = Publisher(
    name="UCDP/PRIO Armed Conflict Dataset",
    place="https://ucdp.uu.se/downloads (armed conflict, or dyadic; CSV)",
    terms="CC BY 4.0",
    cite="Gleditsch et al. 2002, Journal of Peace Research 39(5):615-637; the year's update",
)
MADDISON = Publisher(
    name="Maddison Project Database",
    place="https://www.rug.nl/ggdc/historicaldevelopment/maddison (workbook, sheet Full data)",
    terms="cite; original papers too where fewer than 12 countries are used or shown",
    cite="Bolt and van Zanden 2025, Journal of Economic Surveys 39(2):631-671",
)
CEPII = Publisher(
    name="CEPII GeoDist",
    place="http://www.cepii.fr (geo_cepii for capitals, dist_cepii for distances)",
    terms="free with citation; no open licence is stated",
    cite="Mayer and Zignago 2011, CEPII Working Paper 2011-25",
)
DISTANCES = Publisher(
    name="Distances and capitals",
    place="http://ksgleditsch.com (capital distances), or the R package peacesciencer "
    "(cow_mindist, capitals)",
    terms="free with citation; no open licence is stated",
    cite="Gleditsch and Ward 2001, Journal of Peace Research 38(6):739-758; Schvitz et al. 2022, "
    "Journal of Conflict Resolution 66(1):144-161; Miller 2022, Conflict Management and Peace "
    "Science 39(6):755-779 (peacesciencer)",
)
YOURS = Publisher(
    name="A table of yours",
    place="written by hand or by a program, with the columns of docs/data_tables.md",
    terms="yours",
    cite="as you say",
)
