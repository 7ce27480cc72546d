"""The rows read from SIPRI's tables: deals, deliveries, volumes by state, expenditure."""

from __future__ import annotations

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.styles.colors import Color

from sim.data import tidy_tables
from sim.data.flows import flows_of
from sim.data.table_reader import read_table, readings
from sim.kernel.errors import InputError
from tests.data.samples import SAMPLES

WITH_VOLUMES = ("deals, export of 2024", "deals, saved by Excel", "deals, UTF-8 with a mark")


@pytest.fixture
def reading(tmp_path):
    def read(name):
        sample = SAMPLES[name]
        path = tmp_path / sample.name
        path.write_bytes(sample.bytes())
        return read_table(path, sample.kind)

    return read


@pytest.mark.parametrize("name", WITH_VOLUMES)
def test_the_register_of_deals_is_read_with_flags_years_and_dead_states(reading, name):
    frame = reading(name).frame
    first, second = frame.iloc[0], frame.iloc[1]
    assert (first["supplier_iso3"], first["recipient_iso3"]) == ("BRA", "NOR")
    assert (first["order_year"], first["order_year_estimated"]) == (2001, 1)
    assert (first["first_delivery"], first["last_delivery"]) == (2002, 2003)
    assert first["comments"] == "For the Årdal line"
    assert (second["supplier_iso3"], second["recipient_iso3"]) == ("SUN", "TUR")
    assert frame["ordered"].isna().tolist() == [False, True, False, False, False, False]
    assert frame["supplier_iso3"][2] == frame["recipient_iso3"][2] == ""


@pytest.mark.parametrize("name", WITH_VOLUMES)
def test_a_record_broken_by_a_line_end_is_put_together(reading, name):
    deal = reading(name).frame.iloc[4]
    assert (deal["comments"], deal["tiv_unit"]) == ("Broken by a line end", 2.5)
    assert (deal["tiv_ordered"], deal["tiv_delivered"]) == (15, 15)


def test_a_broken_record_is_put_together_when_its_lines_were_padded(tmp_path):
    head, *_, broken, rest, whole = SAMPLES["deals, saved by Excel"].lines
    path = tmp_path / "saved.csv"
    path.write_text("\n".join([head, broken + ",,,", rest + "," * 12, whole, ""]))
    assert read_table(path, tidy_tables.DEALS).frame["tiv_delivered"].tolist() == [15, 2.5]


def test_a_register_says_when_it_was_made_and_that_it_is_not_utf8(reading):
    own = reading("deals, export of 2024")
    assert own.source == "SIPRI Arms Transfers Database (1 Feb 2025 9:00:00 AM)"
    assert any("cp1252" in note for note in own.notes)


def test_deals_without_yearly_volumes_are_spread_evenly_and_say_so(reading):
    flows = flows_of(reading("deals, export of 2024"))
    own = flows[flows["supplier"] == "BRA"]
    assert own["year"].tolist() == [2002, 2003]
    assert own["tiv"].tolist() == [9, 9]
    assert own["split"].tolist() == [1, 1]
    italian = flows[flows["supplier"] == "ITA"].set_index("year")
    assert italian["tiv"].to_dict() == {2016: 7.5, 2018: 10.0}
    assert italian["split"][2018] == pytest.approx(0.75)


def test_deliveries_add_up_by_pair_and_year(reading):
    flows = flows_of(reading("deliveries, new site"))
    own = flows.set_index(["supplier", "recipient", "year"])["tiv"]
    assert own["BRA", "NOR", 2003] == 10.5
    assert own["CIV", "XKX", 2011] == pytest.approx(0.2)
    assert own["AUT", "OSCE**", 2014] == pytest.approx(0.6)
    assert not flows["split"].any()


def test_import_values_distinguish_zero_from_missing(reading):
    own = reading("import values").frame.set_index(["iso3", "year"])["tiv"]
    assert own.to_dict() == {
        ("NOR", 2019): 12, ("NOR", 2021): 0, ("NAM", 2019): 3, ("NAM", 2020): 4, ("NAM", 2021): 11,
    }  # fmt: skip


def test_the_title_of_an_old_table_names_the_importer(reading):
    frame = reading("values of the old site").frame
    assert set(frame["recipient_iso3"]) == {"NOR"}
    assert frame["supplier_iso3"].tolist() == ["BRA", "BRA", ""]


def workbook(path):
    book = openpyxl.Workbook()
    for title, years in (("Constant (2022) US$", 2), ("Share of GDP", 2), ("Regional totals", 2)):
        sheet = book.create_sheet(title)
        sheet.append([f"Military expenditure, {title}"])
        first = "Region" if title.startswith("Regional") else "Country"
        sheet.append([first, "Notes", *range(2020, 2020 + years)])
        sheet.append([])
        sheet.append(["Europe"])
        sheet.append(["Norway", "§", 0.02, 0.03])
        sheet.append(["Korea, North", None, "...", "xxx"])
    sheet = book["Share of GDP"]
    sheet["C5"].font, sheet["D5"].font = Font(color=Color(indexed=12)), Font(color="FFFF0000")
    del book["Sheet"]
    book.save(path)
    return path


def test_each_sheet_of_the_workbook_is_a_measure_and_colours_are_flags(tmp_path):
    found = readings(workbook(tmp_path / "milex.xlsx"))
    constant, share = (each.frame for each in found)
    assert constant["measure"].unique().tolist() == ["constant_usd_m"]
    assert constant["base"].tolist() == [2022, 2022]
    assert share["flag"].tolist() == ["estimate", "uncertain"]
    assert share["value"].tolist() == [0.02, 0.03]


def test_a_sheet_without_its_title_has_to_say_its_measure_in_its_name(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text("Country,2019,2020\nNorway,1.7%,0.018\n")
    with pytest.raises(InputError, match="lacks a measure"):
        read_table(path, tidy_tables.SPENDING).frame  # noqa: B018 - read when asked for
    path = path.rename(tmp_path / "milex_share_gdp.csv")
    frame = read_table(path, tidy_tables.SPENDING).frame
    assert frame["measure"].unique().tolist() == ["share_gdp"]
    assert frame["value"].tolist() == pytest.approx([0.017, 0.018])


def test_amounts_in_a_file_named_after_shares_have_one_message_on_the_measure(tmp_path):
    path = tmp_path / "milex_share_gdp.csv"
    path.write_text("Country,2019,2020\nNorway,105.5,0.4\nSweden,xxx,63.2\n")
    with pytest.raises(InputError) as caught:
        read_table(path, tidy_tables.SPENDING).frame  # noqa: B018 - read when asked for
    (problem,) = caught.value.problems
    assert problem.line == 1
    assert "2 of 3 figures are above 2" in problem.message
    assert "the name of the file gives the measure as share_gdp" in problem.message
    assert "constant_usd_m" in problem.message


def test_faults_that_are_not_listed_are_counted_without_a_line(tmp_path):
    path = tmp_path / "constant_usd_m.csv"
    path.write_text("Country,2019,2020\n" + "Norway,x1,2\n" * 1021)
    with pytest.raises(InputError) as caught:
        read_table(path, tidy_tables.SPENDING).frame  # noqa: B018 - read when asked for
    first, *_, last = str(caught.value).splitlines()
    assert "constant_usd_m.csv:2:1: 2019: must be a number" in first
    assert last.endswith("constant_usd_m.csv: 1,001 more faults are not listed")


def test_a_share_that_cannot_be_one_is_refused(tmp_path):
    path = tmp_path / "share_gdp.csv"
    path.write_text("Country,2019,2020\nNorway,1.7,21\n")
    with pytest.raises(InputError, match="from 0 to 2"):
        read_table(path, tidy_tables.SPENDING).frame  # noqa: B018 - read when asked for


def test_a_known_file_of_no_use_says_what_to_take(tmp_path):
    path = tmp_path / "seller.csv"
    path.write_bytes(b"buyercod,sellercod,desig2,nrdel,buyer,seller,tivdel\rNOR,BRA,X,1,N,B,2")
    with pytest.raises(InputError, match="take the trade register"):
        readings(path)


def test_a_nearly_known_header_says_which_name_is_wrong(tmp_path):
    text = (
        SAMPLES["deals, export of 2024"]
        .bytes()
        .replace(b"Weapon designation", b"Weapon desgnation")
    )
    path = tmp_path / "deals.csv"
    path.write_bytes(text)
    with pytest.raises(InputError) as refusal:
        readings(path)
    (problem,) = refusal.value.problems
    assert problem.line == 7
    assert "looks like the trade register" in problem.message
    assert 'lacks "weapon designation" (did you mean "weapon desgnation"?)' in problem.message
