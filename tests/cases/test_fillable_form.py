"""Files that cannot be filled are refused with line and key, and what is typed keeps its source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.cases.case_file import fill_file, fill_text
from sim.cases.topics import TOPICS
from sim.documents.reader import read_mapping
from sim.kernel.errors import InputError
from tests.cases.invented_case import TEXT, archive, filled


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rivalries: {}", "rivalries: [FIN]", "x.yaml:16:12: rivalries: must be a mapping, got a"),
        ("rivalries: {}", "rivalries: {FIN: NOR}", "rivalries.FIN: must be a mapping, got text"),
        ("rivalries: {}", "rivalries: {FIN: {with: [NOR]}}", "rivalries.FIN.with: must be a mapp"),
        ("rivalries: {}", "offers: none", "offers: must be a mapping, got text"),
        ("rivalries: {}", "imports: {FIN: {from: SWE}}", "imports.FIN.from: must be a mapping"),
        ("FIN: {}", "FIN: 7", "x.yaml:7:8: states.FIN: must be a mapping, got 7"),
        ("FIN: {}", "FIN: {sources: [a]}", "states.FIN.sources: must be a mapping, got a list"),
        ("FIN: {}", "FIN: &one {}", "x.yaml:7:8: FIN: has an anchor (&), an alias (*) or a tag"),
        ("FIN: {}", "FIN: !!map {}", "x.yaml:7:8: FIN: has an anchor (&), an alias (*) or a tag"),
        ("leader: SWE", "leader: SWE, members: 7", "blocs.NORDIC.members: must be a list, got 7"),
    ],
)
def test_a_part_of_another_form_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(InputError) as refusal:
        fill_text(TEXT.replace(old, new), "x.yaml", archive(), [*TOPICS])
    assert said in str(refusal.value)


def test_a_typed_value_without_a_source_does_not_get_that_of_the_data() -> None:
    norway = filled(TEXT.replace("NOR: {gdp: 500000, source: assumed}", "NOR: {gdp: 500000}"))
    about = norway["states"]["NOR"]
    assert about["gdp"] == 500_000
    assert about["source"] != "assumed"
    assert about["sources"]["gdp"] == "assumed"
    assert "date" not in about  # 500000 has none


def test_values_of_a_file_that_is_extended_keep_their_source(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(TEXT, encoding="utf-8")
    child = tmp_path / "child.yaml"
    child.write_text("scenario: child\nextends: [base.yaml]\n", encoding="utf-8")
    fill_file(child, archive(), [*TOPICS])
    states = read_mapping(child.read_text(encoding="utf-8"), "").plain()["states"]
    assert "source" not in states["NOR"]  # that of the base is `assumed`, for its gdp
    assert states["NOR"]["sources"]["burden"] == "sipri_milex"
    assert states["DNK"]["source"] == "miller2022"


@pytest.mark.parametrize("number", [".nan", ".inf"])
def test_a_number_that_is_not_finite_is_not_passed_on(number: str) -> None:
    states = filled(TEXT.replace("gdp: 500000", f"gdp: {number}"))["states"]
    assert "nan" not in str(states["NOR"]["import_share"])
    assert states["NOR"]["sources"]["import_share"] == "placeholder"


@pytest.mark.parametrize("leader", ["leader: ISL, ", ""])
def test_a_bloc_without_a_leader_of_the_case_is_a_gap(leader: str) -> None:
    case = fill_text(TEXT.replace("leader: SWE, ", leader), "x.yaml", archive(), [*TOPICS])
    why = {gap.path: gap.why for gap in case.gaps}
    assert why["blocs", "NORDIC", "members"].startswith("its leader is missing, or is no known")
    assert not [path for path in case.written if path[0] == "blocs"]


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    file = tmp_path / "mark.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    fill_file(file, archive(), ["economies"])
    assert file.read_bytes().startswith(b"\xef\xbb\xbfformat: 2")


def test_a_file_that_changes_while_it_is_filled_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(TEXT, encoding="utf-8")
    economies = TOPICS["economies"]

    def edited(*about: Any) -> Any:
        file.write_text(TEXT + "# mine\n", encoding="utf-8")
        return economies(*about)

    monkeypatch.setitem(TOPICS, "economies", edited)
    with pytest.raises(InputError, match="has changed while it was being filled"):
        fill_file(file, archive(), ["economies"])
    assert file.read_text(encoding="utf-8") == TEXT + "# mine\n"


def test_military_spending_above_gdp_is_passed_over() -> None:
    rows = [
        {"iso3": "DNK", "year": year, "measure": "share_gdp", "value": value, "flag": ""}
        for year, value in ((2013, 0.48), (2014, 1.17))
    ]
    case = fill_text(TEXT, "x.yaml", archive(spending=rows), ["economies"])
    figure = case.written["states", "DNK", "burden"]
    assert (figure.value, figure.year) == (0.48, 2013)


def test_without_a_table_of_treaties_no_state_is_called_unallied() -> None:
    case = fill_text(TEXT, "x.yaml", archive(alliances=[]), ["blocs"])
    why = {gap.path: gap.why for gap in case.gaps}
    assert why["blocs", "NORDIC", "members"] == (
        "no table of treaties, nor of members: write the members"
    )
