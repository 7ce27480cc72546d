"""Running text: sentences in which names of states have their articles and possessives."""

from __future__ import annotations

import re

_AFTER_S = re.compile(r"(?<=s)'s\b")
_ARTICLE = (  # names of states that take one
    "United States", "United Kingdom", "United Arab Emirates", "Netherlands", "Philippines",
    "Soviet Union", "Central African Republic", "Dominican Republic", "Czech Republic",
    "Democratic Republic of the Congo", "Democratic Republic of Congo", "Gambia", "Bahamas",
    "Maldives", "Seychelles", "Comoros", "Marshall Islands", "Solomon Islands", "Ivory Coast",
)  # fmt: skip
_BARE = re.compile(rf"(?<!\b[Tt]he )(?<!\w)(?:{'|'.join(_ARTICLE)})(?!\w)")


def possessives(text: str) -> str:
    """Return a running text with possessives as in Belarus' consent, and names with articles."""
    return articles(_AFTER_S.sub("'", text))


def articles(text: str) -> str:
    """Return a running text in which names that take an article have it: the United States."""
    return _BARE.sub(r"the \g<0>", text)


def statement(text: str) -> str:
    """Return a sentence with articles, and with a capital where it begins with one."""
    text = articles(text)
    return f"T{text[1:]}" if text.startswith("the ") else text
