"""The bibliography is read, printed in plain text, and passed on unchanged."""

from __future__ import annotations

import pytest

from sim.documents.package_data import references_file
from sim.documents.sources import cited, entries_of, keys_of, plain

TEXT = references_file().read_text(encoding="utf-8")
ENTRIES = entries_of(TEXT)


def test_every_key_has_an_entry_with_a_title_and_balanced_braces():
    assert set(ENTRIES) == set(keys_of(TEXT))
    for entry in ENTRIES.values():
        assert entry.fields["title"]
        assert entry.text.count("{") == entry.text.count("}")
        assert entry.text.startswith(f"@{entry.kind}{{{entry.key},")
        assert entry.text.endswith("}")


def test_an_entry_printed_and_read_again_is_the_same():
    again = entries_of("\n\n".join(entry.text for entry in ENTRIES.values()))
    assert again == ENTRIES


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.key)
def test_a_reference_in_plain_text_holds_no_markup(entry):
    text = cited(entry)
    assert not set("{}\\") & set(text)
    assert entry.fields.get("year", "no date") in text


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Ku{\l}akowski", "Kułakowski"),
        (r"Gawro{\'n}ski", "Gawroński"),
        (r"J{\'e}r{\^o}me", "Jérôme"),
        (r"J{\"u}rgen", "Jürgen"),
        (r"\"{o}", "ö"),
        (r"\v{c} and {\v c}", "č and č"),
        (r"Dre{\ss}ler", "Dreßler"),
        (r"Research \& Politics", "Research & Politics"),
        (r"{US\$}, 3 \%", "US$, 3 %"),
        (r"pages 7--23", "pages 7\u201323"),
        (r"\url{https://a.b/c_d?e=%20}", "https://a.b/c_d?e=%20"),
    ],
)
def test_latex_becomes_plain_text(latex, text):
    assert plain(latex) == text


def test_fields_in_braces_in_quotes_and_bare_are_read():
    (entry,) = entries_of('@book{a2000,\n title = "A {B}", year = 2000, month = nov,\n}').values()
    assert entry.fields == {"title": "A {B}", "year": "2000", "month": "nov"}


def test_names_are_apart_and_an_and_in_braces_belongs_to_a_name():
    text = (
        "@misc{a, author = {{Bread and Butter} and Doe, J. and others}, title = {T?}, year = 1999}"
    )
    assert cited(entries_of(text)["a"]) == "Bread and Butter; Doe, J. et al. (1999). T?"


def test_comments_strings_and_preambles_are_not_entries():
    assert entries_of("@string{a, x = {b}}\n@comment{c, d}\n@preamble{e, f}\n") == {}


def test_an_entry_that_does_not_end_is_read_to_the_end_of_the_text():
    assert entries_of("@misc{a, title = {open")["a"].text == "@misc{a, title = {open"
