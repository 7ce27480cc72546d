"""The page Files: uploads are checked, and downloads reproduce the result."""

from __future__ import annotations

import shlex
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.dashboard.gate import MOST_BYTES
from sim.experiments.preview import Preview
from sim.scenario.load import load
from tests.dashboard.conftest import OpenPage
from tests.experiments.conftest import SMALL
from tests.pages.parsed import parsed

QUERY = "case=given&runs=6&set:states.BRA.burden=0.05"
STATIC = Path(sim.__file__).parent / "dashboard" / "static"


def handed_in(page, content, name="mine.yaml"):
    return page.post("/files/upload", files={"file": (name, content)})


def test_a_faulty_file_is_answered_with_the_lines_of_its_faults(page):
    text = SMALL.read_text(encoding="utf-8").replace("period: quarter", "period: quater")
    answer = handed_in(page, text)
    line = next(at for at, each in enumerate(text.splitlines(), 1) if "quater" in each)
    assert answer.status_code == 422
    assert f"mine.yaml, line {line}, column" in answer.text
    assert "quarter" in answer.text
    assert "HX-Redirect" not in answer.headers
    assert OpenPage(page.client).load().text.count("upload-") == page.text.count("upload-")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", ""), (b"\xff\xfe\x00", ""), (b"a: [1, 2", ""), (b"%PDF-1.4 \x00\x01", ""),
        (b"!!python/object/apply:os.system ['touch /tmp/was_executed']", ""),
        (b"extends: [/etc/passwd]", "outside the scenario"),
        (b"extends: [../../../../etc/passwd]", "outside the scenario"),
        (b"&a [*a, *a]", ""),
    ],
)  # fmt: skip
def test_a_file_that_is_not_a_scenario_is_refused_and_not_executed(page, content, said):
    answer = handed_in(page, content)
    assert answer.status_code == 422
    assert said in parsed(answer.text).words
    assert "root:" not in answer.text
    assert not Path("/tmp/was_executed").exists()  # noqa: S108 - what the file would have made


def test_a_file_that_is_too_large_is_refused(page):
    assert handed_in(page, b"#" * (MOST_BYTES + 1)).status_code == 413
    assert handed_in(page, b"#" * (3 * MOST_BYTES)).status_code == 413


def test_a_file_that_is_sound_is_opened(page):
    answer = handed_in(page, SMALL.read_bytes(), "..\\..\\<b>evil.yaml")
    link = answer.headers["HX-Redirect"]
    opened = OpenPage(page.client, link).load()
    assert "What does the north lose" in opened.text
    assert "&lt;b&gt;evil.yaml" in page.client.get(f"/files{link[1:]}").text


def test_no_upload_without_a_file(page):
    assert "choose a file first" in page.post("/files/upload", {"file": "text"}).text


def test_the_file_of_the_sliders_is_the_scenario_that_they_make(client, small_swept, tmp_path):
    for name, sets in (("plain.yaml", ()), ("moved.yaml", ("states.BRA.burden=0.05",))):
        query = QUERY if sets else "case=given"
        answer = client.get(f"/files/scenario.yaml?{query}")
        path = tmp_path / name
        path.write_text(answer.text, encoding="utf-8")
        assert load(path).hash == load(small_swept, sets=sets).hash
        assert 'filename="small_swept.yaml"' in answer.headers["content-disposition"]
        assert all(each in answer.text for each in sets)


def test_the_file_of_a_shipped_scenario_needs_no_other(client, tmp_path):
    path = tmp_path / "flagship.yaml"
    path.write_text(client.get("/files/scenario.yaml?case=polonez_vs_iskander").text, "utf-8")
    assert load(path).hash == load("polonez_vs_iskander").hash


def test_tables_are_those_of_the_preview(client, small_swept):
    wanted = Preview(small_swept)(("states.BRA.burden=0.05",), runs=6)
    for name, frame in (("levels", wanted.levels), ("differences", wanted.differences)):
        text = client.get(f"/files/{name}.csv?{QUERY}").text
        found = pd.read_csv(StringIO(text))
        pd.testing.assert_frame_equal(found, frame, check_dtype=False, rtol=1e-9)


def test_the_command_on_the_page_gives_the_same(client, small_swept):
    tree = parsed(client.get(f"/files?{QUERY}").text)
    lines = [each.words for each in tree.all("code") if "compare" in each.words]
    name, one, other, *rest = shlex.split(lines[0])[1:]
    assert (name, rest) == ("compare", ["--runs", "6", "--set", "states.BRA.burden=0.05"])
    assert {one.rpartition(":")[0], other.rpartition(":")[0]} == {str(small_swept)}


def test_a_result_of_an_own_scenario_names_the_file_that_can_be_taken_away(served, strange_run):
    _, client = served(strange_run)
    for page in ("files", "doubt", "compare", "sweep"):
        shown = [each.words for each in parsed(client.get(f"/{page}").text).all("code")]
        lines = [shlex.split(each) for each in shown if each.startswith("blocsim ")]
        lines = [each for each in lines if len(each) > 2]
        assert lines
        for _, name, given, *_ in lines:
            wanted = str(strange_run) if name == "reproduce" else "strange.yaml"
            assert given.partition(":")[0] == wanted
    answer = client.get("/files/scenario.yaml")
    assert 'filename="strange.yaml"' in answer.headers["content-disposition"]


def test_a_result_is_taken_away_as_report_and_tables(served, strange_run, client):
    _, other = served(strange_run)
    assert "<h1>" in other.get("/files/report.html").text
    assert other.get("/files/tables.zip").content.startswith(b"PK")
    assert client.get("/files/report.html?case=given").status_code == 400
    assert client.get("/files/passwd?case=given").status_code == 404


def test_what_was_handed_in_is_removed_at_the_end(served, small_swept):
    desk, client = served(small_swept)
    page = OpenPage(client).load()
    assert handed_in(page, SMALL.read_bytes()).status_code == 200
    folder = desk.cabinet.scratch
    assert folder.is_dir()
    desk.close()
    assert not folder.exists()


def test_htmx_is_the_published_file_with_its_licence():
    digest = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"
    assert sha256((STATIC / "htmx.min.js").read_bytes()).hexdigest() == digest
    assert "Zero-Clause BSD" in (STATIC / "htmx.LICENSE").read_text(encoding="utf-8")
