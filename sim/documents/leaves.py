"""Leaves of a schema: each checks one value strictly and says in plain words what it requires.

A leaf is part of an annotation, `Annotated[str, Text()]`, and gives pydantic the check and the
published JSON Schema. Numbers have a unit and bounds, and may be uncertain.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, ClassVar, NoReturn

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim.documents import slips
from sim.documents.cited_numbers import FORMS, cited, form_of, published
from sim.documents.nodes import DottedPath
from sim.kernel.parameters import Parameter
from sim.kernel.words import either, got, indefinite, meant, number_meant, quoted
from sim.kernel.words import number as say

NAME = re.compile(r"[A-Za-z0-9_]+\Z")
_OLD_FLAGS = {"yes": "true", "on": "true", "no": "false", "off": "false"}

Json = dict[str, Any]
Names = tuple[str, ...]
Refusal = PydanticCustomError  # carries a message through pydantic to the reader unchanged
REFUSED = "refused"  # its kind


def refuse(message: str, *rivals: str) -> NoReturn:
    """Refuse a value; a patch can remove inherited ones of `rivals`, keys of its block."""
    raise Refusal(REFUSED, "{message}", {"message": message, "rivals": rivals})


@dataclass(frozen=True)
class Leaf:
    """One value of the schema."""

    doc: str = ""
    form: ClassVar[Json] = {}  # the JSON Schema of the value

    def check(self, value: Any) -> Any:
        """Return the value as the model keeps it, or refuse it."""
        raise NotImplementedError

    def published(self) -> Json:
        """Return the JSON Schema of the value."""
        return self.form

    def described(self) -> Json:
        """Return the JSON Schema with the description."""
        return self.published() | ({"description": self.doc} if self.doc else {})

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> Json:
        return self.described()


def _quotes(value: Any) -> str:
    """Return the remedy for a number where text is wanted."""
    return ": put it in quotes" if isinstance(value, int | float) else ""


@dataclass(frozen=True)
class Text(Leaf):
    """A text that is not empty."""

    form: ClassVar = {"type": "string", "minLength": 1}

    def check(self, value: Any) -> str:
        """Return the text."""
        if not isinstance(value, str):
            refuse(f"must be text, got {got(value)}{_quotes(value)}")
        if not value.strip():
            refuse("must be text, got empty text")
        return value


@dataclass(frozen=True)
class PathText(Text):
    """The dotted path of a number, which must exist (checked later)."""

    def check(self, value: Any) -> DottedPath:
        """Return the path."""
        return DottedPath(super().check(value))


@dataclass(frozen=True)
class Ref(Leaf):
    """A name; with `kinds`, that of an entity of one of them, which must exist (checked later)."""

    kinds: tuple[str, ...] = ()  # state, system, class, bloc, variant; empty for a new name
    form: ClassVar = {"type": "string", "pattern": "^[A-Za-z0-9_]+$"}

    def check(self, value: Any) -> str:
        """Return the name."""
        what = f"the name of {indefinite(either(self.kinds))}" if self.kinds else "a name"
        if not isinstance(value, str):
            refuse(f"must be {what}, got {got(value)}{_quotes(value)}")
        if not NAME.match(value):
            refuse(f"must be {what} of letters, digits and _, got {got(value)}")
        return value


@dataclass(frozen=True)
class Choice(Leaf):
    """One of a few words."""

    options: tuple[str, ...] = ()

    def check(self, value: Any) -> str:
        """Return the word."""
        if not isinstance(value, str) or value not in self.options:
            hint = meant(value, self.options) if isinstance(value, str) else ""
            refuse(f"must be {either(self.options)}, got {got(value)}{hint}")
        return value

    def published(self) -> Json:
        """Return the JSON Schema of the choice."""
        return {"enum": list(self.options)}


@dataclass(frozen=True)
class Flag(Leaf):
    """True or false."""

    mask: bool = False  # whether it is a number, 0 or 1, that sweeps may change
    form: ClassVar = {"type": "boolean"}

    def check(self, value: Any) -> bool:
        """Return the flag."""
        if not isinstance(value, bool):
            old = _OLD_FLAGS.get(value.lower()) if isinstance(value, str) else None
            refuse(f"must be true or false, got {got(value)}" + (f": write {old}" if old else ""))
        return value


@dataclass(frozen=True)
class Several(Leaf):
    """One entry, or a list of one or more."""

    of: Leaf = field(default_factory=Text)
    once: bool = True  # no entry may appear twice

    def check(self, value: Any) -> tuple[Any, ...]:
        """Return the entries."""
        if isinstance(value, dict):
            refuse("must be one entry or a list of entries, got a mapping")
        several = isinstance(value, list | tuple)
        entries = tuple(map(self.of.check, value if several else [value]))
        if not entries:
            refuse("is empty: write one entry, or a list of entries")
        if self.once and len(set(entries)) < len(entries):
            refuse(f"names {quoted(max(entries, key=entries.count))} twice")
        return entries

    def published(self) -> Json:
        """Return the JSON Schema of one entry or a list."""
        one = self.of.published()
        several = {"type": "array", "items": one, "minItems": 1}
        return {"anyOf": [*one.get("anyOf", [one]), several]}


def named(doc: str, *kinds: str) -> Several:
    """Return the leaf of one or several names of entities of some kinds."""
    return Several(doc, Ref(kinds=kinds))


def party(doc: str) -> Several:
    """Return the leaf of one or several states and blocs; a bloc means its members."""
    return named(doc, "state", "bloc")


@dataclass(frozen=True)
class _Key(Text):
    """A key of the references."""

    def check(self, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            refuse(f"must be a key of the references, or assumed; got {got(value)}")
        return value


@dataclass(frozen=True)
class Source(Several):
    """The source of a block's facts: a key of the references, or several in a list."""

    doc: str = "Key of docs/references.bib or of `references`, or `assumed`; several as a list."
    of: Leaf = field(default_factory=_Key)

    def check(self, value: Any) -> tuple[str, ...]:
        """Return the keys."""
        if isinstance(value, list | tuple) and not value:
            refuse("is empty: write a key of the references, or assumed")
        return super().check([value] if isinstance(value, dict) else value)


DISTRIBUTIONS = ("uniform", "triangular", "normal", "loguniform")
UNCERTAIN_KEYS = ("value", "dist", "low", "high", "source")
LARGEST = 1e15  # products of larger numbers leave the range of floats; no real quantity comes near


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
    """Return the value of a number when uncertain numbers are not drawn."""
    return number.value if isinstance(number, Uncertain) else number


@dataclass(frozen=True, kw_only=True)
class Range(Leaf):
    """A number with its unit and its bounds, plain or uncertain."""

    unit: str = ""  # of a share or another pure number
    low: Real = -math.inf
    high: Real = math.inf
    above: bool = False  # low itself is out of bounds
    whole: bool = False  # an integer
    plain: bool = False  # may not be uncertain
    rides: bool = True  # may differ between runs of one block
    stated: bool = False  # its default is stated by the block, not an assumption
    usual: tuple[float, float] | None = None  # range from which it is drawn; its bounds if None
    off: float | None = None  # value that switches a mechanism off

    def check(self, value: Any) -> Any:
        """Return the number as a float, or as an int if it is whole."""
        if isinstance(value, Uncertain) and not self.plain:
            return value
        if isinstance(value, bool) or not isinstance(value, int | float):
            hint = number_meant(value) if isinstance(value, str) else ""
            if isinstance(value, list) and not (self.plain or self.whole):
                hint = slips.ends(value, self.outside)
            refuse(f"must be {self.wanted()}, got {got(value)}{hint}")
        if self.whole and not isinstance(value, int):
            hint = ": write it without point or exponent" if value.is_integer() else ""
            refuse(f"must be {self.wanted()}, got {say(value)}{hint}")
        try:
            real = float(value)
        except OverflowError:
            real = math.inf
        if not math.isfinite(real):
            refuse(f"must be {self.wanted()} and finite, got {say(value)}")
        if fault := self.outside(value):
            refuse(fault)
        return value if self.whole else real

    def outside(self, value: Real) -> str:
        """Return the fault of a number out of bounds, if any."""
        unit = f" ({self.unit})" if self.unit not in slips.PURE else ""
        if not self.whole and LARGEST < abs(value) <= max(abs(self.low), abs(self.high)):
            return f"must be at most {say(LARGEST)} in absolute value{unit}, got {say(value)}"
        below = value <= self.low if self.above else value < self.low
        if not below and value <= self.high:
            return ""
        hint = slips.turned(value, self.high, self.unit)
        if not self.whole:
            hint = hint or slips.in_percent(value, self.low, self.high, self.unit)
        return f"must be {self.bounds()}{unit}, got {say(value)}{hint}"

    def fault(self, number: Any) -> tuple[str, str]:
        """Return the part of a number that is out of bounds, and its fault."""
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
        """Return the required kind of number, in words."""
        bounded = not (math.isinf(self.low) and math.isinf(self.high))
        about = [self.bounds()] if bounded else []
        about += [self.unit] if self.unit not in slips.PURE else []
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
        return {"anyOf": [plain, published(plain, Source().described()), uncertain]}

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
        schemas = (plain, cited(plain, Source().check), _uncertain(plain))
        choices = dict(zip(FORMS, schemas, strict=True))
        return core_schema.tagged_union_schema(choices=choices, discriminator=form_of)


def share(doc: str, unit: str = "") -> Range:
    """Return the leaf of a number from 0 to 1."""
    return Range(doc, unit=unit, low=0, high=1)


def nonnegative(doc: str, unit: str = "") -> Range:
    """Return the leaf of a number that is 0 or more."""
    return Range(doc, unit=unit, low=0)


def positive(doc: str, unit: str = "") -> Range:
    """Return the leaf of a number that is more than 0."""
    return Range(doc, unit=unit, low=0, above=True)


def range_of(about: Parameter) -> Range:
    """Return the bounds of a law's parameter in the form of the schema."""
    off = about.value if about.off else None
    return Range(
        about.doc, unit=about.unit, low=about.low, high=about.high, usual=about.usual, off=off
    )


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
    """Return the uncertain number, or refuse one with inconsistent parts."""
    number = Uncertain(**parts)
    if not number.low < number.high:
        refuse(f"low must be less than high, got {say(number.low)} and {say(number.high)}")
    if not number.low <= number.value <= number.high:
        span = f"{say(number.low)} to {say(number.high)}"
        refuse(f"value must lie between low and high, {span}; got {say(number.value)}")
    if number.dist == "loguniform" and number.low <= 0:
        refuse(f"low must be more than 0 for a loguniform number, got {say(number.low)}")
    return number
