"""The report of a run: only sentences of the terminal and numbers of the tables."""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from types import SimpleNamespace

import pandas as pd
import pytest

import sim
from sim.cli.answer_page import AnswerLayout
from sim.explain.chronicle import ChronicleEntry, ChronicleReason
from sim.explain.contrast_reasons import main_reasons
from sim.explain.focus import Focus
from sim.explain.period_teller import SALE
from sim.kernel.errors import InputError, ResultError
from sim.pages.report import report_text
from sim.pages.why_section import main_decisions
from sim.records.manifest import folder_argument
from sim.records.results import load_results
from sim.seeing import statements
from sim.seeing.scenario_answer import answer
from tests.pages.conftest import EVIL, SHORT
from tests.pages.parsed import files_of, numbers_in, parsed

OURS = {
    "html", "head", "meta", "title", "style", "body", "a", "div", "nav", "p", "ol", "ul", "li",
    "main", "header", "section", "h1", "h2", "h3", "h4", "span", "strong", "figure", "figcaption",
    "details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td", "data", "dl",
    "dt", "dd", "code", "footer", "script", "svg", "g", "path", "defs", "clippath", "rect", "use",
    "text", "tspan", "pattern", "image", "circle", "line",
}  # fmt: skip


def flat(text):
    return " ".join(text.split())


def test_the_page_says_what_the_terminal_says(strange_run, tree):
    results = load_results(strange_run)
    found = answer(results)
    why = {name: each.sentence for name, each in main_reasons(results, found).items()}
    terminal = flat(" ".join(AnswerLayout(why=why).whole_page(found)))
    said = [
        found.question,
        statements.scope_sentence(found),
        *statements.closing_sentences(found, every=True),
    ]
    for contrast in found.contrasts:
        said += [contrast.asks or "", statements.pair_words(contrast), *why.values()]
        for each in contrast.findings:
            said += [statements.finding_name(each), statements.finding_numbers(each)]
    page = tree.words
    assert len(said) > 8
    for sentence in (flat(each).removeprefix("- ") for each in said):
        assert sentence in page
        assert sentence in terminal


def test_every_number_of_a_table_is_in_the_file_that_it_names(strange_run, tree):
    numbers = 0
    for table in tree.all("table"):
        files = files_of(table)
        if not files:
            continue
        shown = [each.attributes["value"] for each in table.all("data")]
        assert set(shown) <= numbers_in(strange_run, files), files
        numbers += len(shown)
    assert numbers > 50


def test_a_difference_on_the_page_is_that_of_its_row(strange_run, tree):
    rows = pd.read_csv(strange_run / "differences.csv")
    levels = pd.read_csv(strange_run / "summary.csv").set_index(["variant", "outcome"])["mean"]
    own = rows[(rows["variant"] == "sale") & (rows["versus"] == "no_sale")].set_index("outcome")
    (table,) = [e for e in tree.all("table") if "summary.csv, differences.csv" in e.words]
    lines = table.all("tbody")[0].all("tr")
    assert len(lines) == 2
    for line in lines:
        outcome, *cells = line.all("td")
        values = [
            float(each.all("data")[0].attributes["value"]) for each in cells if each.all("data")
        ]
        row = own.loc[outcome.words]
        wanted = [levels["sale", outcome.words], levels["no_sale", outcome.words]]
        wanted += [row[name] for name in ("mean", "low", "high", "changed", "d")]
        assert values == pytest.approx([each for each in wanted if each == each], rel=1e-9)  # noqa: PLR0124


def test_markup_in_a_name_is_text_everywhere(tree):
    assert {each.tag for each in tree.walk()} - {""} <= OURS
    assert len(tree.all("script")) == len(tree.all("style")) == 1
    assert not [n for e in tree.walk() for n in e.attributes if n.startswith("on") or n == "style"]
    for place in ("question", "title", "asks", "claim", "source"):
        assert EVIL.format(place) in tree.text, place
    assert SHORT.format("BRA") in tree.text
    assert [each for each in tree.all("text") if "<script>" in each.text]


def altered(folder, change):
    """Change the texts of a result, and its manifest so that it is sound."""
    manifest = json.loads(change("manifest.json", (folder / "manifest.json").read_text("utf-8")))
    for path in folder.glob("*.csv"):
        content = change(path.name, path.read_text("utf-8")).encode()
        path.write_bytes(content)
        about = {"bytes": len(content), "sha256": sha256(content).hexdigest()}
        manifest["files"][path.name] = about
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def test_markup_in_an_altered_result_is_text_or_refused(strange_run, tmp_path):
    evil = "<img src=x onerror=alert(2)>"
    marks = {"patterns.csv": ",sold", "manifest.json": '"blocsim": "'}

    def marked(name, text):
        mark = marks.get(name)
        return text.replace(mark, mark + evil) if mark else text

    folder = altered(shutil.copytree(strange_run, tmp_path / "altered"), marked)
    tree = parsed(report_text(folder))
    assert {each.tag for each in tree.walk()} - {""} <= OURS
    assert tree.text.count(evil) >= 2
    assert "Its numbers are not listed here: " not in tree.words
    folder = altered(
        shutil.copytree(strange_run, tmp_path / "worse"),
        lambda _, text: text.replace("no_sale", evil),
    )
    with pytest.raises(ResultError, match="damaged"):
        report_text(folder)


def test_the_page_makes_no_request_and_runs_only_its_own_script(page, tree):
    for each in tree.walk():
        assert "src" not in each.attributes
        assert each.attributes.get("href", "#").startswith(("#", "data:image/png;base64,"))
    assert not re.findall(r"url\((?!#)", page)
    policy = next(e for e in tree.all("meta") if "http-equiv" in e.attributes).attributes["content"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        text = tree.all(tag)[0].text
        assert f"{tag}-src 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy


def test_every_link_and_reference_has_its_end(tree):
    ids = [each.attributes["id"] for each in tree.walk() if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    local = {each.attributes["href"] for each in tree.walk() if "href" in each.attributes}
    local = {each[1:] for each in local if each.startswith("#")}
    local |= {
        name
        for each in tree.walk()
        for value in each.attributes.values()
        for name in re.findall(r"url\(#([^)]+)\)", value or "")
    }
    assert local <= set(ids)


def test_the_page_has_every_section_and_a_label_for_each_figure(tree):
    titles = [each.words for each in tree.all("h2")]
    assert titles == [
        "The answer", "Over time", "On the map", "Why", "What drives it", "Comparison with history",
        "Assumptions and sources", "How to reproduce it",
    ]  # fmt: skip
    figures = tree.all("figure")
    assert len(figures) > 3
    for each in figures:
        (svg,) = each.all("svg")
        assert svg.attributes["role"] == "img"
        assert svg.attributes["aria-label"]
    levels = [int(each.tag[1]) for each in tree.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_the_commands_name_what_can_be_run(strange_run, tree):
    lines = [each.words for each in tree.all("code") if each.words.startswith("blocsim ")]
    for words in map(str.split, lines):
        if words[1] in ("run", "sensitivity", "ablate"):
            assert words[2] == "strange.yaml"
        elif words[1] in ("reproduce", "explain", "story", "plot"):
            assert words[2] == strange_run.name


def test_commands_name_the_folder_as_seen_from_the_working_folder(strange_run, monkeypatch):
    monkeypatch.chdir(strange_run.parents[1])
    place = f"{strange_run.parent.name}/{strange_run.name}"
    assert folder_argument(strange_run) == place
    assert f"blocsim reproduce {place}" in report_text(strange_run)


def test_misses_come_before_what_history_bears_out(tree):
    (table,) = [each for each in tree.all("table") if each.words.startswith("Patterns in")]
    assert "outside" in table.all("tbody")[0].all("tr")[0].words


def test_the_same_result_gives_the_same_bytes_wherever_it_lies(
    blocsim, strange_run, page, tmp_path
):
    folder = shutil.copytree(strange_run, tmp_path / strange_run.name)
    file = tmp_path / "a" / "r.html"
    code, _, err = blocsim("report", folder, "-o", file)
    assert (code, err.startswith(f"{file} (")) == (0, True)
    assert file.read_text("utf-8") == page
    assert len(page.encode()) < 1_500_000


def test_what_is_not_a_result_and_what_is_not_a_page_is_refused(blocsim, strange_run, tmp_path):
    code, _, err = blocsim("report", strange_run, "-o", tmp_path / "r.pdf")
    assert (code, ".html or .htm" in err) == (2, True)
    code, _, err = blocsim("report", tmp_path)
    assert (code, "is not a result" in err) == (2, True)
    with pytest.raises(InputError, match=r"\.html"):
        sim.report(strange_run, "r.txt")


def test_a_run_that_cannot_be_found_again_is_reported_without_its_story(strange_run, tmp_path):
    other = '"hash": "0'
    folder = altered(
        shutil.copytree(strange_run, tmp_path / "altered"),
        lambda name, text: re.sub('"hash": ".', other, text) if name == "manifest.json" else text,
    )
    tree = parsed(report_text(folder))
    for text in (
        "There is no story, because no run could be replayed: ",
        "Its numbers are not listed here: ",
    ):
        assert text in tree.words
    assert str(tmp_path) not in tree.text


def test_a_result_with_a_table_that_was_altered_has_no_report(strange_run, tmp_path):
    folder = shutil.copytree(strange_run, tmp_path / "altered")
    path = folder / "differences.csv"
    path.write_text(path.read_text("utf-8").replace("0.1", "0.9"), "utf-8")
    with pytest.raises(ResultError, match="changed tables are not reported"):
        report_text(folder)


def test_the_decisions_explained_are_those_that_the_scenario_is_about_without_twins():
    reason = (ChronicleReason(actor="A", words="price", value=1.0, unit="utility"),)

    def entry(decision, date, buyer, weight):
        parties = (buyer, "USA")
        return ChronicleEntry(
            date=date, kind=SALE, sentence="", parties=parties, weight=weight, reasons=reason,
            decision=decision,
        )  # fmt: skip

    entries = (
        entry("request:JPN:USA:boat:2018-Q3", "2018-Q3", "JPN", 40.0),
        entry("request:JPN:USA:boat:2018-Q3:2", "2018-Q3", "JPN", 39.0),
        entry("consent:USA:JPN:boat:2018-Q3", "2018-Q3", "JPN", 38.0),
        entry("request:VNM:USA:boat:2019-Q1", "2019-Q1", "VNM", 5.0),
        entry("request:VNM:USA:boat:2019-Q2", "2019-Q2", "VNM", 6.0),
        entry("request:VNM:USA:plane:2019-Q2", "2019-Q2", "VNM", 4.0),
    )
    story = SimpleNamespace(entries=entries)
    focus = Focus(names=frozenset({"VNM"}), dyads=frozenset())
    assert main_decisions(story, focus) == {
        "request:VNM:USA:boat:2019-Q2", "request:VNM:USA:plane:2019-Q2",
        "request:JPN:USA:boat:2018-Q3",
    }  # fmt: skip
