"""Leaves of a schema: each checks one value strictly and says in plain words what it wants.

A leaf stands in an annotation, `Annotated[str, Text()]`, and gives pydantic the check and the
published JSON Schema. Numbers have a unit and bounds, and may be uncertain.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim.documents.nodes import DottedPath
from sim.kernel.dates import months
from sim.kernel.parameters import Parameter
from sim.kernel.words import either, got, meant, number_meant, quoted
from sim.kernel.words import number as say

NAME = re.compile(r"[A-Za-z0-9_]+\Z")
_OLD_FLAGS = {"yes": "true", "on": "true", "no": "false", "off": "false"}
_YEARS = range(1000, 10_000)

Json = dict[str, Any]


def refuse(message: str, *rivals: str) -> PydanticCustomError:
    """Return the error that pydantic carries to the reader as it stands.

    Of `rivals`, keys of a block, one alone may stand; those that a patch inherits can be taken out.
    """
    return PydanticCustomError("refused", "{message}", {"message": message, "rivals": rivals})


@dataclass(frozen=True)
class Leaf:
    """One value of the schema."""

    doc: str = ""

    def check(self, value: Any) -> Any:
        """Return the value as the model keeps it, or refuse it."""
        raise NotImplementedError

    def published(self) -> Json:
        """Return the JSON Schema of the value."""
        raise NotImplementedError

    def described(self) -> Json:
        """Return the JSON Schema with the description."""
        return self.published() | ({"description": self.doc} if self.doc else {})

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> Json:
        return self.described()


@dataclass(frozen=True)
class Text(Leaf):
    """A text that is not empty."""

    def check(self, value: Any) -> str:
        """Return the text."""
        if isinstance(value, str) and value.strip():
            return value
        remedy = ": put it in quotes" if isinstance(value, int | float) else ""
        what = "empty text" if isinstance(value, str) else got(value)
        message = f"must be text, got {what}{remedy}"
        raise refuse(message)

    def published(self) -> Json:
        """Return the JSON Schema of a text."""
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True)
class PathText(Text):
    """The dotted path of a number, which has to exist (checked later)."""

    def check(self, value: Any) -> DottedPath:
        """Return the path."""
        return DottedPath(super().check(value))


@dataclass(frozen=True)
class Ref(Leaf):
    """A name; of an entity of the kind given, which has to exist (checked later)."""

    kind: str = ""  # state, system, class, bloc, source, or nothing for a name made here

    def check(self, value: Any) -> str:
        """Return the name."""
        if isinstance(value, str) and NAME.match(value):
            return value
        what = f"the name of a {self.kind}" if self.kind else "a name"
        if isinstance(value, str):
            message = f"must be {what} of letters, digits and _, got {got(value)}"
        else:
            message = f"must be {what}, got {got(value)}"
            if isinstance(value, int | float):
                message += ": put it in quotes"
        raise refuse(message)

    def published(self) -> Json:
        """Return the JSON Schema of a name."""
        return {"type": "string", "pattern": "^[A-Za-z0-9_]+$"}


@dataclass(frozen=True)
class Choice(Leaf):
    """One of a few words."""

    options: tuple[str, ...] = ()

    def check(self, value: Any) -> str:
        """Return the word."""
        if isinstance(value, str) and value in self.options:
            return value
        hint = meant(value, self.options) if isinstance(value, str) else ""
        message = f"must be {either(self.options)}, got {got(value)}{hint}"
        raise refuse(message)

    def published(self) -> Json:
        """Return the JSON Schema of the choice."""
        return {"enum": list(self.options)}


@dataclass(frozen=True)
class Flag(Leaf):
    """True or false."""

    mask: bool = False  # counts as a number, 0 or 1, that sweeps may change

    def check(self, value: Any) -> bool:
        """Return the flag."""
        if isinstance(value, bool):
            return value
        message = f"must be true or false, got {got(value)}"
        if isinstance(value, str) and value.lower() in _OLD_FLAGS:
            message += f": write {_OLD_FLAGS[value.lower()]}"
        raise refuse(message)

    def published(self) -> Json:
        """Return the JSON Schema of a flag."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Date(Leaf):
    """A date: 2018, 2018-H1, 2018-Q2 or 2018-06."""

    def check(self, value: Any) -> str:
        """Return the date as text."""
        if isinstance(value, int) and not isinstance(value, bool) and value in _YEARS:
            return str(value)
        if isinstance(value, str):
            try:
                months(value)
            except ValueError:
                pass
            else:
                return value
        message = f"must be a date such as 2018, 2018-H1, 2018-Q2 or 2018-06, got {got(value)}"
        raise refuse(message)

    def published(self) -> Json:
        """Return the JSON Schema of a date."""
        pattern = r"^[0-9]{4}(-(Q[1-4]|H[12]|0[1-9]|1[0-2]))?$"
        return {
            "anyOf": [
                {"type": "string", "pattern": pattern},
                {"type": "integer", "minimum": _YEARS.start, "maximum": _YEARS.stop - 1},
            ]
        }


@dataclass(frozen=True)
class Source(Leaf):
    """Where a block's facts come from: a key of the references, or several in a list."""

    doc: str = "Key of docs/references.bib or of `references`, or assumed; several in a list."

    def check(self, value: Any) -> tuple[str, ...]:
        """Return the keys."""
        keys = list(value) if isinstance(value, list | tuple) else [value]
        for key in keys:
            if not isinstance(key, str) or not key.strip():
                message = f"must be a key of the references, or assumed; got {got(key)}"
                raise refuse(message)
        if not keys:
            message = "names no source: write a key of the references, or assumed"
            raise refuse(message)
        if len(set(keys)) < len(keys):
            message = f"names {quoted(max(keys, key=keys.count))} twice"
            raise refuse(message)
        return tuple(keys)

    def published(self) -> Json:
        """Return the JSON Schema of a source."""
        text = {"type": "string", "minLength": 1}
        return {"anyOf": [text, {"type": "array", "items": text, "minItems": 1}]}


DISTRIBUTIONS = ("uniform", "triangular", "normal", "loguniform")
UNCERTAIN_KEYS = ("value", "dist", "low", "high", "source")
PLAIN_TAG, UNCERTAIN_TAG = "<number>", "<uncertain>"
FORM = "or {value, dist, low, high}"
_HUNDRED, _FEW = 100, 3  # percent in all; from how many on a share looks like percent
LARGEST = 1e15  # beyond it products of numbers leave the range of floats; nothing here comes near


@dataclass(frozen=True)
class Uncertain:
    """A number that each run draws when the scenario says `uncertain: true`."""

    value: float
    dist: str  # uniform, triangular, normal or loguniform
    low: float
    high: float
    source: tuple[str, ...] = ()


Number = float | Uncertain
Real = Any  # an int or a float: a check of types would take only the one for a float


def value_of(number: Number) -> float:
    """Return the value at which a number stands when nothing is drawn."""
    return number.value if isinstance(number, Uncertain) else number


@dataclass(frozen=True, kw_only=True)
class Range(Leaf):
    """A number with its unit and its bounds, plain or uncertain."""

    unit: str  # empty for a share or another pure number
    low: Real = -math.inf
    high: Real = math.inf
    above: bool = False  # low itself is out of bounds
    whole: bool = False  # an integer
    plain: bool = False  # no uncertainty
    rides: bool = True  # may differ from run to run of one block
    stated: bool = False  # its default is what the block states, no assumption
    usual: tuple[float, float] | None = None  # ends between which it is drawn; its bounds if None

    def check(self, value: Any) -> Any:
        """Return the number as a float, or as an int if it is whole."""
        if isinstance(value, Uncertain) and not self.plain:
            return value
        if isinstance(value, bool) or not isinstance(value, int | float):
            message = f"must be {self.wanted()}, got {got(value)}"
            if isinstance(value, str):
                message += number_meant(value)
            raise refuse(message)
        if self.whole and not isinstance(value, int):
            message = f"must be {self.wanted()}, got {say(value)}"
            if value.is_integer():
                message += ": write it without point or exponent"
            raise refuse(message)
        try:
            real = float(value)
        except OverflowError:
            real = math.inf
        if not math.isfinite(real):
            message = f"must be {self.wanted()} and finite, got {say(value)}"
            raise refuse(message)
        if fault := self.outside(value):
            raise refuse(fault)
        return value if self.whole else real

    def outside(self, value: Real) -> str:
        """Return what is wrong with a number out of bounds, or nothing."""
        unit = f" ({self.unit})" if self.unit else ""
        if not self.whole and LARGEST < abs(value) <= max(abs(self.low), abs(self.high)):
            return f"must be at most {say(LARGEST)} in size{unit}, got {say(value)}"
        below = value <= self.low if self.above else value < self.low
        if not below and value <= self.high:
            return ""
        return f"must be {self.bounds()}{unit}, got {say(value)}{self._percent(value)}"

    def _percent(self, value: Real) -> str:
        """Return what to write if a share may have been given in percent."""
        is_share = not self.whole and self.high <= 1 and (self.low >= 0 or bool(self.unit))
        if not is_share or not _FEW <= value <= _HUNDRED * self.high:
            return ""
        return f": {say(value)} % is {say(value / _HUNDRED)}"

    def fault(self, number: Any) -> tuple[str, str]:
        """Return the part of a number that is out of bounds, and what is wrong with it."""
        if not isinstance(number, Uncertain):
            return "", self.outside(number)
        for part in ("value", "low", "high"):
            if fault := self.outside(getattr(number, part)):
                return part, fault
        return "", ""

    def bounds(self) -> str:
        """Return the bounds in words."""
        low, high = say(self.low), say(self.high)
        if math.isinf(self.high):
            return f"more than {low}" if self.above else f"{low} or more"
        if self.above:
            return f"more than {low} and at most {high}"
        return f"at most {high}" if math.isinf(self.low) else f"from {low} to {high}"

    def wanted(self) -> str:
        """Return what kind of number is wanted, in words."""
        bounded = not (math.isinf(self.low) and math.isinf(self.high))
        about = [self.bounds()] if bounded else []
        about += [self.unit] if self.unit else []
        what = "a whole number" if self.whole else "a number"
        return f"{what} ({', '.join(about)})" if about else what

    def published(self) -> Json:
        """Return the JSON Schema of the number."""
        plain: Json = {"type": "integer" if self.whole else "number"}
        if math.isfinite(self.low):
            plain["exclusiveMinimum" if self.above else "minimum"] = self.low
        if math.isfinite(self.high):
            plain["maximum"] = self.high
        if self.plain or self.whole:
            return plain
        uncertain = {
            "type": "object",
            "additionalProperties": False,
            "required": list(UNCERTAIN_KEYS[:-1]),
            "properties": {
                "value": plain,
                "dist": Choice(options=DISTRIBUTIONS).described(),
                "low": plain,
                "high": plain,
                "source": Source().described(),
            },
        }
        return {"anyOf": [plain, uncertain]}

    def described(self) -> Json:
        """Return the JSON Schema with the description and the unit."""
        unit = f"Unit: {self.unit}." if self.unit else ""
        text = " ".join(part for part in (self.doc, unit) if part)
        return self.published() | ({"description": text} if text else {})

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        plain = core_schema.no_info_plain_validator_function(self.check)
        if self.plain or self.whole:
            return plain
        return core_schema.tagged_union_schema(
            choices={PLAIN_TAG: plain, UNCERTAIN_TAG: _uncertain(plain)},
            discriminator=lambda value: UNCERTAIN_TAG if isinstance(value, dict) else PLAIN_TAG,
        )


def range_of(about: Parameter) -> Range:
    """Return the bounds of a law's parameter as the schema has them."""
    return Range(unit=about.unit, low=about.low, high=about.high, usual=about.usual, doc=about.doc)


def _uncertain(plain: CoreSchema) -> CoreSchema:
    """Return pydantic's schema of `{value, dist, low, high, source}`."""
    dist = core_schema.no_info_plain_validator_function(Choice(options=DISTRIBUTIONS).check)
    keys = core_schema.no_info_plain_validator_function(Source().check)
    fields = {
        "value": core_schema.typed_dict_field(plain),
        "dist": core_schema.typed_dict_field(dist),
        "low": core_schema.typed_dict_field(plain),
        "high": core_schema.typed_dict_field(plain),
        "source": core_schema.typed_dict_field(keys, required=False),
    }
    mapping = core_schema.typed_dict_schema(fields, extra_behavior="forbid")
    return core_schema.no_info_after_validator_function(_made, mapping)


def _made(parts: dict[str, Any]) -> Uncertain:
    """Return the uncertain number, or refuse one whose parts do not fit together."""
    number = Uncertain(**parts)
    if not number.low < number.high:
        message = f"low must be less than high, got {say(number.low)} and {say(number.high)}"
        raise refuse(message)
    if not number.low <= number.value <= number.high:
        span = f"{say(number.low)} to {say(number.high)}"
        message = f"value must lie between low and high, {span}; got {say(number.value)}"
        raise refuse(message)
    if number.dist == "loguniform" and number.low <= 0:
        message = f"low must be more than 0 for a loguniform number, got {say(number.low)}"
        raise refuse(message)
    return number
