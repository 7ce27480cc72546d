"""Words for messages: what was found, and which name was probably meant."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

_PERCENT = re.compile(r"[-+]?[0-9]+(\.[0-9]+)? *%\Z")
_ONE_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+\Z")
# characters that look like a space but are not one in YAML, such as the no-break space
ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_GROUPED = re.compile(r"[-+]?[0-9]{1,3}([ _,][0-9]{3})+(\.[0-9]+)?\Z")
_HUNDRED = 100
_THOUSAND = 3  # digits between the commas of 869,680
LONGEST_VALUE, LONGEST_NAME = 40, 120  # characters that messages show of a value, of a name
_BEGINNING = 3  # letters and digits from which the beginning of a name suggests it


def got(value: Any) -> str:
    """Return a value of the input in words."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, int | float):
        return number(value)
    return "text " + quoted(one_line(str(value), LONGEST_VALUE))


def indefinite(noun: str) -> str:
    """Return a noun with its article: `a state`, `an event`."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def quoted(text: str) -> str:
    """Return a text in double quotes, on one line and not too long."""
    return '"' + one_line(text, LONGEST_NAME).replace('"', "'") + '"'


def one_line(text: str, longest: int) -> str:
    """Return a text for a message: cut if it is long, characters that cannot be printed escaped."""
    short = text if len(text) <= longest else text[: longest - 3] + "..."
    return "".join(each if each.isprintable() else _unseen(each) for each in short)


def _unseen(character: str) -> str:
    """Return the text for a character that cannot be printed."""
    return f"<U+{ord(character):04X}>" if ODD_SPACE.match(character) else "?"


def odd_space(character: str) -> str:
    """Return what to do about a character that only looks like a space."""
    return f"the character U+{ord(character):04X} only looks like a space: write an ordinary space"


def without_comma(text: str) -> str:
    """Return how to write a number that has one comma."""
    whole, _, rest = text.partition(",")
    point = f"{whole}.{rest}"
    if len(rest) == _THOUSAND and whole.strip("+-0"):
        small = len(whole.strip("+-")) == 1 and rest != "000"  # 1,250 may be 1250 or 1.250
        return f"write {whole}{rest}{f', or {point}' if small else ''}: numbers have no comma"
    return f"write {point}: numbers have a point, no comma"


def number_meant(text: str) -> str:
    """Return how to write the number that a text has in another notation, if it has one."""
    text = ODD_SPACE.sub(" ", text)
    if _PERCENT.match(text):
        return f": write {number(float(text.rstrip('% ')) / _HUNDRED)}"
    if _ONE_COMMA.match(text):
        return ": " + without_comma(text)
    if _GROUPED.match(text):
        return f": write {re.sub('[ _,]', '', text)}, without separators between digits"
    try:
        plain = math.isfinite(float(text)) and "_" not in text
    except ValueError:
        plain = False
    return ": remove the quotes" if plain else ""


def number(value: Any) -> str:
    """Return a number as briefly as it can be written."""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**LONGEST_VALUE else "a number of too many digits"
    text = f"{value:.10g}"
    return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(text, text)


def meant(name: str, known: Iterable[str]) -> str:
    """Return ` (did you mean "X"?)`, or an empty text if no known name is similar.

    Of similar names, one in which two letters have changed places comes first. If no name is
    similar, the shortest that begins with this one is: `f_16c_block_50` for `f16`.
    """
    if len(name) > LONGEST_NAME:
        return ""
    names = sorted(known)
    swapped = {f"{name[:k]}{name[k + 1]}{name[k]}{name[k + 2 :]}" for k in range(len(name) - 1)}
    near = [each for each in names if each in swapped and each != name]
    near = near or get_close_matches(name, names, n=1, cutoff=0.6)
    if not near:  # compare without regard to case
        near = [each for each in names if each.lower() == name.lower()]
    if not near and len(start := _letters(name)) >= _BEGINNING:
        near = sorted((each for each in names if _letters(each).startswith(start)), key=len)
    return f" (did you mean {quoted(near[0])}?)" if near else ""


def _letters(name: str) -> str:
    """Return the letters and digits of a name, all small."""
    return "".join(each for each in name.lower() if each.isalnum())


def either(names: Iterable[str]) -> str:
    """Return names as a choice, such as `a, b or c`."""
    known = list(names)
    return known[0] if len(known) == 1 else ", ".join(known[:-1]) + " or " + known[-1]


def first_few(names: Sequence[str], most: int, others: str = "more") -> str:
    """Return names, at most `most`, and the number of the others, such as `a, b and 3 more`."""
    left = len(names) - most
    return ", ".join(names[:most]) + (f" and {left} {others}" if left > 0 else "")


def together(names: Iterable[str]) -> str:
    """Return names as a list, such as `a, b and c`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
