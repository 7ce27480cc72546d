"""Hostile uploads: bombs, tags, and markup in all texts of an author."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.dashboard.conftest import OpenPage
from tests.experiments.conftest import SMALL
from tests.pages.conftest import EVIL, strange
from tests.pages.parsed import parsed

MARKUP = "<img src=x onerror=alert(7)>"
LAUGHS = "\n".join(
    [f"a0: &a0 [{', '.join('lol' for _ in range(9))}]"]
    + [f"a{n}: &a{n} [{', '.join(f'*a{n - 1}' for _ in range(9))}]" for n in range(1, 12)]
)


def handed_in(page, content, name="mine.yaml"):
    return page.post("/files/upload", files={"file": (name, content)})


def harmless(text):
    """Return a page as a tree, and check that no uploaded text has become an element."""
    tree = parsed(text)
    assert not [each for each in tree.all("script") if "src" not in each.attributes]
    assert not tree.all("img", "iframe", "object", "embed", "base")
    assert not [n for each in tree.walk() for n in each.attributes if n.startswith("on")]
    assert not [
        each for each in tree.walk()
        if each.attributes.get("href", "").lower().lstrip().startswith(("javascript", "data:text"))
    ]  # fmt: skip
    return tree


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LAUGHS, "100,000"),
        ("a: " + "[" * 100_000, "nested deeper than 40"),
        ("{" * 400_000, "a key must be text"),
        ("x: &a {k: *a}", ""),
        ("scenario: !!python/name:os.system", ""),
        ("scenario: !!python/object/new:os.system [touch /tmp/was_executed]", ""),
        ("? !!python/object/apply:os.system ['touch /tmp/was_executed']\n: 1", ""),
        ("scenario: ${touch /tmp/was_executed}", ""),
        ("title: " + "9" * 900_000, ""),
        ("\n".join(f"k{n}: 1" for n in range(60_000)), "801 more: mend these first"),
        ("just some words", ""), ("PK\x03\x04 no archive", ""),
    ],
    ids=["laughs", "brackets", "braces", "loop", "name", "new", "key", "shell", "digits", "keys",
         "words", "archive"],
)  # fmt: skip
def test_a_bomb_and_a_tag_are_answered_in_words(page, content, said):
    answer = handed_in(page, content)
    assert answer.status_code == 422
    assert said in harmless(answer.text).words
    assert len(answer.text) < 200_000
    assert not Path("/tmp/was_executed").exists()  # noqa: S108 - what the file would have made
    assert page.client.get("/").status_code == 200


def test_markup_in_keys_and_values_is_text_in_the_messages(page):
    text = SMALL.read_text(encoding="utf-8")
    text = text.replace("period: quarter", f"period: '{MARKUP}'")
    text = text.replace("runs: 20", f"'{MARKUP}': 1")
    answer = handed_in(page, text, f"{MARKUP}.yaml")
    assert answer.status_code == 422
    tree = harmless(answer.text)
    assert tree.text.count(MARKUP) >= 3
    assert "line" in tree.text


@pytest.fixture(scope="module")
def opened(client):
    """Upload a file with markup in all texts of its author, and return the query."""
    document = strange(yaml.safe_load(SMALL.read_text(encoding="utf-8")))
    content = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    answer = handed_in(OpenPage(client).load(), content, f"{MARKUP}.yaml")
    return answer.headers["HX-Redirect"].partition("?")[2]


@pytest.mark.parametrize("place", ["", "run", "compare", "sweep", "doubt", "files"])
def test_a_page_of_a_stranger_holds_text_alone(client, opened, place):
    tree = harmless(client.get(f"/{place}?{opened}").text)
    assert EVIL.format("title") in tree.text
    assert MARKUP in tree.text


def test_what_is_computed_of_a_stranger_is_text(client, desk, opened):
    page = OpenPage(client, f"/run?{opened}").load()
    shown = page.settled(page.get(f"/run/frame?{opened}&variant=sale&at=1"), desk)
    tree = harmless(shown.text)
    assert "<script>" in tree.text
    asked = dict(each.split("=") for each in opened.split("&"))
    form = {**asked, "one": "no_sale", "other": "sale", "runs": "2"}
    compared = page.asked(form, desk, "/compare/run")
    assert "<script>" in harmless(compared.text).text
