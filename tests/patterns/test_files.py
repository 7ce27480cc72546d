"""Files of records: their content is read, and every fault is reported with file and line."""

import gzip

import numpy as np
import pytest

from sim.kernel.errors import InputError
from sim.patterns.files import history_of_files
from tests.data.samples import SAMPLES
from tests.patterns.tiny import check, value

FLOWS = "supplier,recipient,year,tiv_m\nUSA,TWN,2010,40\nUSA,TWN,2012,20\nFRA,TWN,2010,10\n"
DEALS = (
    "row_type,order_year,first_delivery,last_delivery,supplier,recipient,system,category,"
    "qty,condition,status,value_usd_m,terms,problem,tiv_m\n"
    "deal,2009,2010,2012,USA,TWN,Frigate,ships,2,second_hand,delivered,100,credit,leaks,60\n"
    "deal,2010,2010,2010,FRA,TWN,Radar,sensors,1,new,delivered,30,cash,,10\n"
    "refusal,2011,,,FRA,TWN,Jet,aircraft,4,new,refused,,,,\n"
    "rumour,2011,,,ISR,TWN,Jet,aircraft,4,new,rumour,500,,,\n"
)
EVENTS = (
    "date,actors,type,bloc,appeal,response\n"
    "2010-03,TWN;CHN,clash,,,\n"
    "2011,TWN;CHN,appeal,PACT,TWN,refused\n"
    "2012-05,USA,crisis,PACT,USA,accepted\n"
)
FINANCE = (
    "date,lender,borrower,amount_usd_m,instrument,rate_pct,tenor_years,tied_to_arms\n"
    "2009-06,USA,TWN,80,export credit,3,10,yes\n"
    "2010-01,USA,TWN,50,loan,5,10,no\n"
)


@pytest.fixture
def files(tmp_path):
    """Return a function that writes texts to files and returns their paths."""

    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return [tmp_path / f"{name}.csv" for name in texts]

    return write


def one(history, quantity, **fields):
    return value(check(quantity, **fields), history)[0]


def test_flows_and_deals_answer_the_same_questions_of_volume(files):
    yearly = history_of_files(files(flows=FLOWS))
    single = history_of_files(files(deals=DEALS))
    fields = {"from": "FRA", "to": "TWN", "window": "2010..2012"}
    assert one(yearly, "share", **fields) == pytest.approx(10 / 70)
    assert one(single, "share", **fields) == pytest.approx(10 / 70)
    assert one(single, "share", **fields | {"window": "2010"}) == pytest.approx(10 / 30)
    assert one(yearly, "suppliers", to="TWN", window="2011") == 0


def test_deals_know_condition_money_and_stage(files):
    history = history_of_files(files(deals=DEALS))

    def count(*reached):
        return one(history, "level", of={"orders": {"reached": list(reached)}}, window="2009..2012")

    assert (count("ordered"), count("refused"), count("withdrawn")) == (2, 1, 1)
    used = {"flow": {"conditions": "second_hand"}}
    assert one(history, "level", of=used, window="2010..2012") == pytest.approx(60)
    value_ = {"flow": {"unit": "value"}}
    assert one(history, "level", of=value_, window="2009..2012") == pytest.approx(130)


def test_the_grant_element_of_a_credit_is_that_of_the_law(files):
    transfers = files(deals=DEALS)
    history = history_of_files(transfers, finance=files(finance=FINANCE))
    fields = {"window": "2009..2012", "of": {"flow": {"unit": "waived"}}}
    gift = (0.08 - 0.03) / (0.08 + 1 / 10)  # at the market rate of 8 percent
    assert one(history, "level", **fields) == pytest.approx(80 * gift)
    assert one(history, "level", **fields | {"of": {"flow": {"unit": "credit"}}}) == 80
    loans = {"events": {"kind": "loan", "states": ["USA", "TWN"]}}
    assert one(history, "level", of=loans, window="2010") == 1


def test_money_of_a_sum_is_not_added_to_that_of_its_parts(files):
    total = "aggregate,2009,2009,2012,USA,TWN,All,mixed,,new,delivered,900,cash,,\n"
    history = history_of_files(files(deals=DEALS + total))
    money = {"flow": {"from": "USA", "unit": "value"}}
    assert one(history, "level", of=money, window="2009..2012") == 900


def test_an_appeal_without_another_state_is_one_against_a_threat_from_within(files):
    history = history_of_files(
        files(flows=FLOWS), events=files(events=EVENTS), blocs={"PACT": ["USA", "TWN"]}
    )
    fields = {"bloc": "PACT", "window": "2010..2012"}
    assert one(history, "answered", **fields) == 1 / 2
    assert one(history, "answered", **fields, threat="internal") == 1
    assert one(history, "answered", **fields, threat="attack") == 0


def test_a_window_declared_as_covered_counts_even_without_a_delivery(files):
    history = history_of_files(files(flows=FLOWS), covers="2005..2020")
    assert np.isnan(one(history, "share", **{"from": "USA", "to": "TWN", "window": "2015..2018"}))


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (
            {"flows": "supplier,recipient,yaer,tiv_m\n"},
            'its header lacks "year" .did you mean "yaer".',
        ),
        ({"flows": FLOWS + "USA,TWN,2013,much\n"}, "flows.csv:5:1: tiv_m: must be a number of 0"),
        ({"flows": FLOWS + "USA,TWN,2013,-1\n"}, 'tiv_m: must be a number of 0 or more, got "-1"'),
        (
            {"flows": FLOWS + "USA,TWN,2013-Q1,3\n"},
            'year: must be a whole number from 1900 to 2200, got "2013-Q1"',
        ),
        (
            {"flows": FLOWS + "USA,,2013,3\n"},
            "flows.csv:5:1: recipient: must name a state, or another party",
        ),
        ({"flows": FLOWS + "USA,TWN\n"}, "flows.csv:5:1: has 2 cells, the header has 4"),
        ({"flows": "recipient,year,tiv_m\n"}, "flows.csv:1:1: supplier: no such column"),
        ({"deals": DEALS.replace("rumour,2011", "gossip,2011")}, 'has an unknown value "gossip"'),
        ({"deals": DEALS.replace("2010,2012", "2010,2008")}, "lies before the first delivery"),
        ({"deals": DEALS.replace("deal,2009", "deal,soon")}, "order_year: must be a date such as"),
        (
            {"deals": DEALS.replace("second_hand", "rusty")},
            'condition: has an unknown value "rusty"',
        ),
    ],
)
def test_a_fault_is_reported_with_file_and_line(files, texts, said):
    with pytest.raises(InputError, match=said):
        history_of_files(files(**texts))


def test_a_bloc_of_which_no_member_is_in_the_files_is_refused(files):
    with pytest.raises(InputError, match=r"blocs: PACT: no member is in the files: .*they name"):
        history_of_files(files(flows=FLOWS), blocs={"PACT": ["US", "TW"]})


def test_goods_that_match_no_deal_are_refused(files):
    goods = "name,category,system,class,range\nTank,,tank,armour,\n,boats,,ships_new,\n"
    with pytest.raises(InputError, match=r"goods.csv: names no system and no category"):
        history_of_files(files(deals=DEALS), goods=files(goods=goods)[0])


@pytest.mark.parametrize(
    "form",
    [
        gzip.compress(FLOWS.encode(), mtime=0),
        FLOWS.encode("utf-16"),
        FLOWS.replace(",", "\t").encode(),
        FLOWS.replace("supplier,recipient,year", "Supplier, RECIPIENT,Year").encode(),
        b"A list of\n\n" + FLOWS.encode(),
    ],
)
def test_flows_are_read_in_any_form_in_which_they_were_saved(tmp_path, form):
    (tmp_path / "flows.csv").write_bytes(form)
    history = history_of_files([tmp_path / "flows.csv"])
    assert history.names == ("FRA", "TWN", "USA")
    fields = {"from": "FRA", "to": "TWN", "window": "2010..2012"}
    assert one(history, "share", **fields) == pytest.approx(10 / 70)


def test_deals_that_are_compressed_are_named_for_what_they_are(tmp_path):
    (tmp_path / "deals.csv").write_bytes(gzip.compress(DEALS.encode(), mtime=0))
    with pytest.raises(InputError, match="is compressed by gzip: unpack it first"):
        history_of_files([tmp_path / "deals.csv"])


def test_a_register_of_deals_is_read_as_its_publisher_writes_it(tmp_path):
    sample = SAMPLES["deals, export of 2024"]
    (tmp_path / "register.csv").write_bytes(sample.bytes())
    history = history_of_files([tmp_path / "register.csv"])
    ordered = {"of": {"orders": {"reached": ["ordered", "completed"], "from": "ITA"}}}
    assert one(history, "level", **ordered, window="2015..2016") == 2
    fields = {"from": "ITA", "to": "CHL", "window": "2016"}
    assert one(history, "share", **fields) == 1
    used = {"flow": {"conditions": "second_hand", "to": "TUR"}}
    assert one(history, "level", of=used, window="1979..1981") == pytest.approx(10)


def test_yearly_deliveries_stand_in_place_of_deals_spread_evenly(tmp_path):
    for name in ("deals, export of 2024", "deliveries, new site"):
        (tmp_path / f"{name}.csv").write_bytes(SAMPLES[name].bytes())
    history = history_of_files(sorted(tmp_path.glob("*.csv")))
    flow = {"flow": {"from": "BRA", "to": "NOR"}}
    assert one(history, "level", of=flow, window="2003") == pytest.approx(10.5)


def test_expenditure_is_read_as_its_publisher_writes_it(tmp_path, files):
    (tmp_path / "current_usd.csv").write_text("Country,2010,2011\nNorway,5,6\n")
    history = history_of_files(files(flows=FLOWS), spending=[tmp_path / "current_usd.csv"])
    assert history.series["spending", "NOR"].values.ravel().tolist() == [5, 6]


def test_publishers_tables_are_read_from_a_folder_and_from_every_sheet(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    folder = tmp_path / "arms"
    folder.mkdir()
    (folder / "register.csv").write_bytes(SAMPLES["deals, export of 2024"].bytes())
    (folder / "again.csv").write_bytes(SAMPLES["deals, export of 2024"].bytes())
    (folder / "notes.txt").write_text("milk, bread\n")
    book = openpyxl.Workbook()
    for title, spent in (("Current US$", 5), ("Share of GDP", "2%")):
        sheet = book.create_sheet(title)
        sheet.append(["Country", 2010, 2011])
        sheet.append(["Norway", spent, spent])
    book.save(tmp_path / "milex.xlsx")
    one_file = history_of_files([folder / "register.csv"])
    history = history_of_files([folder], spending=[tmp_path / "milex.xlsx"])
    assert len(history.deals.dated) == len(one_file.deals.dated)
    assert history.flows.keys() == one_file.flows.keys()
    assert all((history.flows[each] == one_file.flows[each]).all() for each in history.flows)
    assert history.series["spending", "NOR"].values.ravel().tolist() == [5, 5]
    assert history.series["burden", "NOR"].values.ravel() == pytest.approx([0.02, 0.02])


def test_a_file_that_is_not_there_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        history_of_files([tmp_path / "nothing.csv"])
