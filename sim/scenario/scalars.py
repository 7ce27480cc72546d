"""Plain scalars by the core schema of YAML 1.2: what is null, a truth value, a number, text."""

from __future__ import annotations

import re

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_DECIMAL = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+\Z")
_REAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z")
_NAN = frozenset({".nan", ".NaN", ".NAN"})
LONGEST_NUMBER = 400  # characters; more is no number of this world

Scalar = None | bool | int | float | str


def plain_scalar(text: str) -> Scalar:
    """Return the value of a scalar written without quotes; ValueError if a number is too long."""
    if text in _NULL:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if text[0] not in "+-.0123456789":
        return text
    value = _integer(text)
    if value is None and _REAL.match(text):
        value = float(_short(text))
    if value is None and _INFINITE.match(text):
        value = float("-inf" if text[0] == "-" else "inf")
    if value is None and text in _NAN:
        value = float("nan")
    return text if value is None else value


def _integer(text: str) -> int | float | None:
    """Return the integer that a scalar spells, or nothing."""
    if _DECIMAL.match(text):
        return int(_short(text), 10)
    if _OCTAL.match(text):
        return int(_short(text), 0)
    if _HEXADECIMAL.match(text):
        return int(_short(text), 0)
    return None


def _short(text: str) -> str:
    """Return the text of a number, unless it is too long to be one."""
    if len(text) > LONGEST_NUMBER:
        message = f"a number of {len(text)} characters is too long"
        raise ValueError(message)
    return text


def tagged_scalar(tag: str, text: str) -> Scalar:
    """Return the value of a scalar under a core tag; ValueError if the text does not fit it."""
    if tag == "str":
        return text
    value = plain_scalar(text)
    if tag == "float" and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    fits = {
        "null": value is None,
        "bool": isinstance(value, bool),
        "int": isinstance(value, int) and not isinstance(value, bool),
        "float": isinstance(value, float),
    }
    if not fits[tag]:
        message = f"the tag !!{tag} does not fit this value"
        raise ValueError(message)
    return value
