"""Tables in the layouts of other publishers: every row is invented, none is copied."""

# ruff: noqa: ISC004 - a long line of a file is several texts
from __future__ import annotations

import json

from sim.data import tidy_tables as kinds
from tests.data.sample import Sample


def _quoted(*lines: str) -> list[str]:
    return [",".join(f'"{cell}"' for cell in line.split(",")) for line in lines]


_WDI = _quoted(
    "Country Name,Country Code,Indicator Name,Indicator Code,2019,2020,2021,",
    "Norway,NOR,GDP (current US$),NY.GDP.MKTP.CD,100.5,,102.25,",
    "Namibia,NAM,GDP (current US$),NY.GDP.MKTP.CD,1,2,3,",
    "Kosovo,XKX,GDP (current US$),NY.GDP.MKTP.CD,7,8,9,",
    "World,WLD,GDP (current US$),NY.GDP.MKTP.CD,1000,1001,1002,",
)
_API = [
    {"page": 1, "pages": 1, "per_page": 50, "total": 3},
    [
        {
            "indicator": {"id": "SP.POP.TOTL", "value": "Population"},
            "country": {"id": code[:2], "value": code},
            "countryiso3code": code,
            "date": year,
            "value": value,
        }
        for code, year, value in (("NOR", "2020", 5), ("NOR", "2019", None), ("NAM", "2020", 2.5))
    ],
]
_MIDB = "dispnum,stabb,ccode,stday,stmon,styear,endday,endmon,endyear,sidea,hiact,hostlev,orig"
_ATOP = "ddyad,year,atopally,defense,offense,neutral,nonagg,consul,atopid1,stateA,stateB,version"
_UCDP = (
    "conflict_id,location,side_a,side_a_id,side_a_2nd,side_b,incompatibility,year,intensity_level,"
    "type_of_conflict,gwno_a,gwno_a_2nd,gwno_b,gwno_b_2nd"
)

PUBLIC = {
    "indicator of the World Bank": Sample(
        kind=kinds.INDICATORS,
        lines=['"Data Source","World Development Indicators",', "",
               '"Last Updated Date","2025-02-03",', "", *_WDI],
        state="Country Code", number="2019", encoding="utf-8-sig", end="\r\n",
    ),
    "indicators of DataBank": Sample(
        kind=kinds.INDICATORS,
        lines=[
            "Country Name,Country Code,Series Name,Series Code,2019 [YR2019],2020 [YR2020]",
            "Norway,NOR,Population,SP.POP.TOTL,..,5.5",
            "Chile,CHL,Population,SP.POP.TOTL,3,4",
            ",,,,,",
            ",,,,,",
            "Data from database: World Development Indicators,,,,,",
            "Last Updated: 01/28/2025,,,,,",
            "Code,License Type,Long definition",
        ],
        state="Country Code", number="2019 [YR2019]", name="WDICSV.csv",
    ),
    "indicators of DataBank, long": Sample(
        kind=kinds.INDICATORS,
        lines=[
            'Series Name,"Series Code","Country Name","Country Code","Time","Time Code","Value"',
            'Population,"SP.POP.TOTL","Norway","NOR","2019","YR2019","5.25"',
            'Population,"SP.POP.TOTL","Chile","CHL","2019","YR2019","3.5"',
            ',"","","","","",""',
            'Data from database: World Development Indicators,"","","","","",""',
        ],
        state="Country Code", number="Time", encoding="utf-8-sig",
    ),
    "answer of the API": Sample(
        kind=kinds.INDICATORS, lines=[json.dumps(_API)], name="api.json", table_of=False,
    ),
    "product and population": Sample(
        kind=kinds.INDICATORS, state="iso3", number="gdp_current_usd",
        lines=["iso3,year,gdp_current_usd,population", "NOR,2019,100,5", "NAM,2019,,3"],
    ),
    "ideal points by session": Sample(
        kind=kinds.IDEAL_POINTS, state="ccode", number="session", end="\r\n",
        lines=[
            '"","ccode","session","NVotesAll","IdealPointAll","QO%All","Q5%All","Q95%All",'
            '"iso3c","Countryname"',
            '"1",385,74,90,0.5,0.1,0.25,0.75,"NOR","Norway"',
            '"2",565,74,80,-0.5,-1,-0.75,-0.25,"NAM","Namibia"',
        ],
    ),
    "ideal points by year": Sample(
        kind=kinds.IDEAL_POINTS, state="ccode", number="year", sign="\t", name="ideal.tab",
        lines=[
            "ccode\tiso3c\tcountryname\tyear\tidealpointfp\tidealpointall\tidealpointlegacy\t"
            "nvotesfp\tq5fp\tq95fp\tnvotesall\tq5all\tq95all\tnvotesLegacy",
            "385\tNOR\tNorway\t2024.0\t0.5\t\t\t70\t0.25\t0.75\t\t\t\t",
            "565\tNAM\tNamibia\t2023.0\t-0.5\t-0.25\t-0.4\t60\t-0.75\t-0.2\t99\t-1\t0\t61",
        ],
    ),
    "ideal points by code": Sample(
        kind=kinds.IDEAL_POINTS, state="iso3", number="ideal_fp",
        lines=[
            "iso3,cow_ccode,name,year,ideal_fp,q05_fp,q95_fp,n_votes_fp,ideal_all,q05_all,q95_all,"
            "n_votes_all,ideal_legacy",
            "NOR,385,Norway,2019,0.5,0.25,0.75,70,0.4,0.2,0.6,90,",
            "NAM,565,Namibia,2019,-0.5,-0.75,-0.2,70,,,,,",
        ],
    ),
    "agreement": Sample(
        kind=kinds.AGREEMENT, state="ccode1", number="agree",
        lines=[
            '"","ccode1","ccode2","agree","year","session.x"',
            '"1",385,565,0.25,2019,74',
            '"2",565,385,0.25,2019,74',
            '"3",385,155,0.75,2019,74',
            '"4",385,2,NA,2019,74',
        ],
    ),
    "agreement by code": Sample(
        kind=kinds.AGREEMENT, state="iso3_a", number="agree",
        lines=["iso3_a,iso3_b,year,n_joint,agree,same,opposed", "NAM,NOR,2019,9,0.5,4,4",
               "CHL,NOR,2019,9,0.75,6,2"],
    ),
    "members of the system": Sample(
        kind=kinds.STATES, state="ccode", number="styear",
        lines=[
            "stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version",
            "NOR,385,Norway,1905,6,7,1940,4,30,2016",
            "NOR,385,Norway,1945,5,7,2016,12,31,2016",
            "AUH,300,Austria-Hungary,1816,1,1,1918,11,12,2016",
            "NAM,565,Namibia,1990,3,21,2016,12,31,2016",
        ],
    ),
    "members of the system by code": Sample(
        kind=kinds.STATES, state="iso3", number="cow_start",
        lines=["iso3,name,cow_ccode,cow_abb,cow_name,cow_start,cow_end",
               "NOR,Norway,385.0,NOR,Norway,1945.0,", "DDR,East Germany,265,GDR,GDR,1954,1990"],
    ),
    "capabilities": Sample(
        kind=kinds.CAPABILITIES, state="ccode", number="milper", end="\r\n",
        lines=[
            "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version",
            "NOR,385,2019,7000,25,600,9000,5300,1500,.0015,2025",
            "NAM,565,2019,-9,15,0,700,2500,-9,0.0002,2025",
        ],
    ),
    "contiguity by interval": Sample(
        kind=kinds.CONTIGUITY, state="statelno", number="conttype",
        lines=[
            "dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version",
            '380385,380,"SWD",385,"NOR",1,190506,201612,"",3.2',
            '365385,365,"RUS",385,"NOR",0,190506,194501,"",3.2',
            '365385,365,"RUS",385,"NOR",1,194502,201612,"",3.2',
        ],
    ),
    "contiguity by year": Sample(
        kind=kinds.CONTIGUITY, state="state1no", number="year",
        lines=[
            "dyad,state1no,state1ab,state2no,state2ab,year,conttype,version",
            "380385,380,SWD,385,NOR,2016,1,3.2",
            "385380,385,NOR,380,SWD,2016,1,3.2",
            "385390,385,NOR,390,DEN,2016,5,3.2",
        ],
    ),
    "contiguity by code": Sample(
        kind=kinds.CONTIGUITY, state="iso3_1", number="conttype",
        lines=["iso3_1,iso3_2,cow_ccode1,cow_ccode2,conttype,stdate,enddate",
               "NOR,SWE,385,380,1,1905-06-07,2016-12-01",
               "DNK,NOR,390,385,5,1905-06-07,2016-12-01"],
    ),
    "alliances by pair": Sample(
        kind=kinds.ALLIANCES, state="ccode1", number="dyad_st_year",
        lines=[
            "version4id,ccode1,state_name1,ccode2,state_name2,dyad_st_day,dyad_st_month,"
            "dyad_st_year,dyad_end_day,dyad_end_month,dyad_end_year,left_censor,right_censor,"
            "defense,neutrality,nonaggression,entente,asymmetric,version",
            '9001,385,"Norway",155,"Chile",4,4,1949,,,,0,1,1,0,0,1,0,4.1',
            '9002,565,"Namibia",155,"Chile",-9,8,1991,,3,2001,0,0,0,0,1,0,0,4.1',
        ],
    ),
    "alliances by member": Sample(
        kind=kinds.ALLIANCES, state="ccode", number="mem_st_year",
        lines=[
            "version4id,ccode,state_name,all_st_year,ss_type,mem_st_day,mem_st_month,mem_st_year,"
            "mem_end_day,mem_end_month,mem_end_year,defense,neutrality,nonaggression,entente,version",
            '9003,385,"Norway",1960,"Type I: Defense Pact",1,1,1960,,,,1,0,0,0,4.1',
            '9003,155,"Chile",1960,"Type I: Defense Pact",1,1,1965,1,1,1990,1,0,0,0,4.1',
            '9003,565,"Namibia",1960,"Type I: Defense Pact",1,1,1991,,,,1,0,0,0,4.1',
        ],
    ),
    "alliances of COW by code": Sample(
        kind=kinds.ALLIANCES, state="iso3_1", number="cow_defense",
        lines=["iso3_1,iso3_2,cow_ccode1,cow_ccode2,year,cow_defense,cow_neutral,cow_nonagg,"
               "cow_entente", "NOR,CHL,385,155,1990,1,0,1,1", "CHL,NAM,155,565,1991,0,0,1,0"],
    ),
    "alliances of ATOP, directed": Sample(
        kind=kinds.ALLIANCES, state="stateA", number="defense",
        lines=[_ATOP, "385155,1990,1,1,0,0,0,1,77,385,155,5.1",
               "155385,1990,1,0,0,0,0,1,77,155,385,5.1"],
    ),
    "alliances of ATOP": Sample(
        kind=kinds.ALLIANCES, state="mem1", number="defense",
        lines=[_ATOP.replace("stateA", "mem1").replace("stateB", "mem2"),
               "155385,1990,1,1,0,0,0,1,77,155,385,5.1", "155565,1991,1,0,0,0,1,0,78,155,565,5.1"],
    ),
    "alliances of ATOP by code": Sample(
        kind=kinds.ALLIANCES, state="iso3_1", number="atop_consul",
        lines=["iso3_1,iso3_2,cow_ccode1,cow_ccode2,year,atop_defense,atop_offense,atop_neutral,"
               "atop_nonagg,atop_consul", "NOR,CHL,385,155,1990,1,0,0,0,1",
               "CHL,NOR,155,385,1990,0,0,0,0,1"],
    ),
    "disputes by pair": Sample(
        kind=kinds.DISPUTES, state="ccode1", number="hostlev1",
        lines=[
            '"dispnum","ccode1","ccode2","year","sidea1","sidea2","hiact1","hiact2","hostlev1",'
            '"hostlev2","midongoing","midonset","hostlev"',
            '7001,385,155,1990,1,0,7,0,3,1,1,1,"3"',
            '7001,155,385,1990,0,1,0,7,1,3,1,1,"3"',
            '7002,385,565,1995,1,0,-9,16,2,4,1,0,"4"',
        ],
    ),
    "dyadic disputes": Sample(
        kind=kinds.DISPUTES, state="statea", number="year",
        lines=["disno,dyindex,statea,namea,stateb,nameb,strtyr,endyear,year,highact,hihost",
               "7001,1,385,NOR,155,CHL,1990,1991,1990,7,3",
               "7001,1,385,NOR,155,CHL,1990,1991,1991,7,3"],
    ),
    "participants of disputes": Sample(
        kind=kinds.DISPUTES, state="ccode", number="styear", end="\r\n",
        lines=[_MIDB, '7003,"NOR",385,-9,7,1990,24,1,1992,1,7,3,1',
               '7003,"CHL",155,-9,7,1990,24,1,1991,0,0,1,1',
               '7003,"NAM",565,1,1,1991,24,1,1992,0,16,4,0'],
    ),
    "rivalries": Sample(
        kind=kinds.RIVALRIES, state="ccode1", number="start",
        lines=[
            '"tssr_id","rivalry","ccode1","ccode2","start","end","positional","spatial",'
            '"ideological","interventionary","principal","aprin"',
            '1,"Chile-Norway",155,385,1950,2020,1,NA,NA,NA,1,NA',
            '2,"Chile-Namibia 2",155,565,1991,1999,NA,1,NA,1,NA,NA',
        ],
    ),
    "rivalries in words": Sample(
        kind=kinds.RIVALRIES, state="ccode1", number="styear",
        lines=[
            '"rivalryno","rivalryname","ccode1","ccode2","styear","endyear","region","type1",'
            '"type2","type3"',
            '1,"Chile-Norway",155,385,1950,2010,"Nowhere","spatial","positional",NA',
            '2,"Chile-Namibia",155,565,1991,1999,"Nowhere","ideological",NA,NA',
        ],
    ),
    "conflicts": Sample(
        kind=kinds.CONFLICTS, state="gwno_a", number="intensity_level", names_states=False,
        lines=[
            _UCDP,
            '1,"Chile, Norway",Government of Chile,1,,Government of Norway,1,1990,2,2,155,,385,'
            '"565, 560"',
            "2,Chile,Government of Chile,1,,Rebels,2,1991,1,3,155,,,",
            "2,Chile,Government of Chile,1,,Rebels,2,1992,1,4,155,385,,",
        ],
    ),
    "conflicts by code": Sample(
        kind=kinds.CONFLICTS, state="iso3_a", number="intensity_level", names_states=False,
        lines=["conflict_id,year,type_of_conflict,incompatibility,intensity_level,iso3_a,iso3_a_2nd,"
               "iso3_b,iso3_b_2nd,ep_start",
               "1,1990,interstate,territory,2,CHL,,NOR,NAM;ZAF,1990-01-01",
               "2,1991,intrastate,government,1,CHL,,,,1991-01-01"],
    ),
    "pairs in conflicts": Sample(
        kind=kinds.CLASHES, state="iso3_a", number="intensity_level",
        lines=["iso3_a,iso3_b,gw_a,gw_b,year,conflict_id,type_of_conflict,incompatibility,"
               "intensity_level,role_a,role_b",
               "NOR,CHL,385,155,1990,1,interstate,territory,2,primary,primary",
               "CHL,NAM,155,565,1990,1,interstate,territory,2,primary,secondary"],
    ),
    "products": Sample(
        kind=kinds.PRODUCTS, state="countrycode", number="gdppc", encoding="cp1252",
        lines=["countrycode,country,year,gdppc,pop", "NOR,Norway,2018,84580,5312",
               "CIV,Côte d'Ivoire,2018,,25000"],
    ),
    "distances of CEPII": Sample(
        kind=kinds.DISTANCES, state="iso_o", number="distcap", sign=";",
        lines=["iso_o;iso_d;contig;dist;distcap;distw", "NOR;NOR;0;100;100;110",
               "NOR;CHL;0;12000;12500;12400.5",
               "CHL;NOR;0;12000;12500;12400.5", "ROM;NOR;0;2000;2100;."],
    ),
    "distances of capitals": Sample(
        kind=kinds.DISTANCES, state="numa", number="kmdist", end="\r\n",
        lines=["numa,ida,numb,idb,kmdist,midist", "385,NOR,155,CHL,12500,7800",
               "155,CHL,385,NOR,12500,7800",
               "260,GFR,385,NOR,840,520"],
    ),
    "distances of borders": Sample(
        kind=kinds.DISTANCES, state="ccode1", number="mindist",
        lines=['"ccode1","ccode2","year","mindist"', "380,385,2015,0", "155,385,2015,11000.25"],
    ),
    "distances by code": Sample(
        kind=kinds.DISTANCES, state="iso3_1", number="min_distance_km",
        lines=["iso3_1,iso3_2,cow_ccode1,cow_ccode2,year_start,year_end,min_distance_km,"
               "capital_distance_km", "NOR,SWE,385,380,1990,2019,0.0,417",
               "CHL,NOR,155,385,1990,2019,11000,12500"],
    ),
    "cities of CEPII": Sample(
        kind=kinds.CAPITALS, state="iso3", number="lat", sign=";", encoding="cp1252",
        lines=["iso2;iso3;country;pays;area;dis_int;city_en;lat;lon;cap;maincity",
               "NO;NOR;Norway;Norvège;385000;200;Oslo;59.9;10.75;1;1",
               "NA;NAM;Namibia;Namibie;825000;300;Windhoek;-22.5;17.1;1;1",
               "NO;NOR;Norway;Norvège;385000;200;Bergen;60.4;5.3;2;0"],
    ),
    "capitals": Sample(
        kind=kinds.CAPITALS, state="ccode", number="styear",
        lines=["ccode,gwcode,statenme,capital,styear,endyear,stmon,stday,endmon,endday,comments",
               '385,385,Norway,Oslo,1905,2020,6,7,12,31,"moved, once"',
               "565,565,Namibia,Windhoek,1990,2020,,,,,"],
    ),
    "members of blocs": Sample(
        kind=kinds.MEMBERSHIPS, state="iso3", number="start",
        lines=["bloc,iso3,start,end,note", "NORTH,NOR,1949-04-04,,",
               "SOUTH,NAM,1991-01-01,2001-02-03,left"],
    ),
    "scores of democracy": Sample(
        kind=kinds.REGIMES, state="iso3", number="polity2",
        lines=["iso3,cow_ccode,year,euds,aeuds,polity2,v2x_polyarchy", "NOR,385,2019,1,1,10,0.9",
               "NAM,565,2019,1,1,6,0.6"],
    ),
    "exports": Sample(
        kind=kinds.TRADE, state="exporter_iso3", number="exports_2010usd",
        lines=["exporter_iso3,importer_iso3,year,exports_2010usd", "NOR,CHL,2015,123456",
               "CHL,NOR,2015,99"],
    ),
}  # fmt: skip
