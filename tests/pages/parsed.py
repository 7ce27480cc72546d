"""A page as a tree, by the parser of the standard library, and the tables that it was made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pandas as pd

VOID = {"meta", "br", "hr", "img", "link", "input"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def walk(self):
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, *tags):
        return [each for each in self.walk() if each.tag in tags]

    @property
    def text(self):
        parts = [each if isinstance(each, str) else each.text for each in self.children]
        return "".join(parts)

    @property
    def words(self):
        return " ".join(self.text.split())


class Tree(HTMLParser):
    """Builds the tree; an element that is closed out of turn is a fault of the page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open[-1].tag == tag, f"{tag} closes {self.open[-1].tag}"
        self.open.pop()

    def handle_data(self, data):
        self.open[-1].children.append(data)


def files_of(table):
    """Return the files that the caption of a table names."""
    named = [span.words for each in table.all("caption") for span in each.all("span")]
    return [file for each in named for file in each.split(", ")]


def numbers_in(folder, files):
    """Return every number of some tables, as pages write it."""
    known = set()
    for name in files:
        frame = pd.read_csv(folder / name)
        for column in frame.select_dtypes("number"):
            known |= {f"{value:.10g}" for value in frame[column].dropna()}
    return known


def parsed(page):
    tree = Tree()
    tree.feed(page)
    tree.close()
    assert tree.open == [tree.root]
    return tree.root
