"""Sources: the keys that a `source` may name, and the references as entries and as plain text.

Reads the part of BibTeX that docs/references.bib uses: entries whose fields are in braces, in
quotes or bare. Each entry keeps its own text, so that BibTeX is printed exactly as read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.documents.package_data import references_file

ASSUMED = "assumed"
PLACEHOLDER = "placeholder"  # the source of a value that waits for a figure
OWN_WORDS = frozenset({ASSUMED, PLACEHOLDER})  # that a `source` may name beside references
POSTERIOR = "posterior"  # the source of a value fitted by a calibration
HYPOTHESIS = "hypothesis"  # the source of a value from a variant, --set or a sweep
_OPENS = re.compile(r"^[ \t]*@(\w+)\s*\{\s*([^\s,{}]+)\s*,", re.MULTILINE)
_NO_ENTRY = frozenset({"comment", "string", "preamble"})


def keys_of(text: str) -> frozenset[str]:
    """Return the keys of the entries of a BibTeX text."""
    return frozenset(key for kind, key in _OPENS.findall(text) if kind.lower() not in _NO_ENTRY)


def reference_keys(path: Path | None = None) -> frozenset[str]:
    """Return the keys of the shipped references, or of another file."""
    file = references_file() if path is None else path
    return keys_of(file.read_text(encoding="utf-8")) if file.is_file() else frozenset()


_FIELD = re.compile(r"\s*,?\s*([A-Za-z]+)\s*=\s*")
_BARE = re.compile(r"[^,}\s]*")
_MARKS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "v": "\u030c", "c": "\u0327", "u": "\u0306", "H": "\u030b", "k": "\u0328",
    "r": "\u030a",
}  # fmt: skip
_ACCENT = re.compile(r"""\\(?:(['`^"~=.])\s*|([vcuHkr])(?:\s+|(?=\{)))\{?\\?([A-Za-z])\}?""")
_LETTERS = {"l": "ł", "L": "Ł", "o": "ø", "O": "Ø", "ss": "ß", "ae": "æ", "aa": "å", "i": "i"}
_LETTER = re.compile(r"\\(ss|ae|aa|[lLoOi])(?![A-Za-z])\s*")


@dataclass(frozen=True)
class Entry:
    """One entry of a bibliography."""

    key: str
    kind: str  # article, book, misc, ...
    fields: Mapping[str, str]  # as written, without the outer braces
    text: str  # the entry as written in the file


def entries_of(text: str) -> dict[str, Entry]:
    """Return the entries of a BibTeX text by key, in the order of the text."""
    entries = {}
    for opening in _OPENS.finditer(text):
        kind, key = opening.group(1).lower(), opening.group(2)
        if kind in _NO_ENTRY:
            continue
        start = text.index("{", opening.start())
        end = _closed(text, start)
        fields = dict(_fields(text[opening.end() : end - 1]))
        entries[key] = Entry(key, kind, fields, text[opening.start() : end].strip())
    return entries


def plain(latex: str) -> str:
    """Return LaTeX text as plain text: accents composed, commands and braces removed."""
    text = re.sub(r"\\url\{([^{}]*)\}", r"\1", latex)
    text = _ACCENT.sub(_composed, text)
    text = _LETTER.sub(lambda letter: _LETTERS[letter.group(1)], text)
    text = re.sub(r"\\([&%$#_{}])", r"\1", text).replace("{", "").replace("}", "")
    text = text.replace("---", "\u2014").replace("--", "\u2013")
    return " ".join(unicodedata.normalize("NFC", text).split())


def cited(entry: Entry) -> str:
    """Return an entry as one reference in plain text."""
    get = {name: plain(value) for name, value in entry.fields.items()}
    get["howpublished"] = plain(entry.fields.get("howpublished", ""))
    who = _people(entry.fields.get("author", entry.fields.get("editor", "")))
    when = f"({get['year']})" if "year" in get else "(no date)"
    title = get.get("title", entry.key)
    parts = [f"{who} {when}", title] if who else [title, when]
    parts += [_place(get), get["howpublished"]]
    parts += [f"https://doi.org/{get['doi']}" if "doi" in get else ""]
    *before, last = [part for part in parts if part]
    ended = (part if part[-1] in ".?!" else f"{part}." for part in before)
    return " ".join([*ended, last])


def _place(get: Mapping[str, str]) -> str:
    """Return the publication of a work: journal, volume, pages, or publisher."""
    host = get.get("journal") or (f"In {get['booktitle']}" if "booktitle" in get else "")
    volume = get.get("volume", "") + (f"({get['number']})" if "number" in get else "")
    edition = f"Edition {get['edition']}" if "edition" in get else ""
    house = ": ".join(get[name] for name in ("address", "publisher") if name in get)
    series = get.get("series", "")
    pages = get.get("pages") or get.get("articleno", "")
    return ", ".join(part for part in (host, series, volume, pages, edition, house) if part)


def _people(names: str) -> str:
    """Return the authors, family name first, separated by semicolons."""
    people = [plain(name) for name in _apart(names)]
    others = bool(people) and people[-1] == "others"
    return "; ".join(people[:-1]) + " et al." if others else "; ".join(people)


def _apart(names: str) -> Iterator[str]:
    """Yield names that `and` joins; an `and` in braces belongs to a name."""
    start = 0
    for joint in re.finditer(r"\s+and\s+", names):
        before = names[: joint.start()]
        if before.count("{") == before.count("}"):
            yield names[start : joint.start()]
            start = joint.end()
    if names[start:].strip():
        yield names[start:]


def _composed(letter: re.Match[str]) -> str:
    mark = _MARKS[letter.group(1) or letter.group(2)]
    return unicodedata.normalize("NFC", letter.group(3) + mark)


def _closed(text: str, start: int) -> int:
    """Return the place after the brace that closes the one at `start`, or the text's end."""
    depth, at = 0, start
    while at < len(text):
        if text[at] == "\\":
            at += 2
            continue
        depth += (text[at] == "{") - (text[at] == "}")
        at += 1
        if depth == 0:
            return at
    return len(text)


def _fields(body: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of the fields of an entry."""
    at = 0
    while (name := _FIELD.match(body, at)) is not None:
        start = name.end()
        if body[start : start + 1] == "{":
            end = _closed(body, start)
            value = body[start + 1 : end - 1]
        elif body[start : start + 1] == '"':
            end = body.find('"', start + 1) + 1 or len(body)
            value = body[start + 1 : end - 1]
        else:
            end = _BARE.match(body, start).end()  # type: ignore[union-attr] # matches nothing too
            value = body[start:end]
        yield name.group(1).lower(), value.strip()
        at = end
