"""Running text: sentences in which names of states have their articles and possessives."""

from __future__ import annotations

import re

from sim.data.state_codes import WITH_ARTICLE

_AFTER_S = re.compile(r"(?<=s)'s\b")
_APART = r"(?<!\b[Tt]he )(?<!\bNorth )(?<!\bSouth )(?<!\bEast )(?<!\bWest )(?<!\w)"
_BARE = re.compile(rf"{_APART}(?:{'|'.join(WITH_ARTICLE)})(?!\w)")


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
