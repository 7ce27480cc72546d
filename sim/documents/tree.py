"""The schema as a tree: blocks, places with alternative forms, and the content of each place."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import Annotated, Any, ClassVar, TypeVar, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic_core import CoreSchema, core_schema

from sim.documents.leaves import Choice, Json, Leaf, Ref, Source, Text, refuse
from sim.documents.nodes import Node
from sim.documents.window import Date
from sim.kernel.words import either, quoted

T = TypeVar("T")


class YamlBlock(BaseModel):
    """A mapping of the scenario whose keys are all known."""

    at_end: ClassVar[tuple[str, ...]] = ()  # fields of a base class that come after its own

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True
    )


def in_order(mapping: dict[str, T]) -> dict[str, T]:
    """Return a mapping sorted by name."""
    return dict(sorted(mapping.items()))


def names_in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return names sorted; a name that appears twice is refused."""
    ordered = tuple(sorted(names))
    for first, second in pairwise(ordered):
        if first == second:
            refuse(f"names {quoted(first)} twice")
    return ordered


def sourced(model: Any) -> tuple[str, ...]:
    """Return the source that a block names, if it names one."""
    return tuple(getattr(model, "source", ()) or ())


Named = Annotated[dict[Annotated[str, Ref()], T], AfterValidator(in_order)]
ByState = Annotated[dict[Annotated[str, Ref(kinds=("state",))], T], AfterValidator(in_order)]
BySystem = Annotated[dict[Annotated[str, Ref(kinds=("system",))], T], AfterValidator(in_order)]


@dataclass(frozen=True)
class EachName(Ref):
    """A name in a place where a list makes an entry for each of its names."""

    def check(self, value: Any) -> str:
        """Return the name; lists that are sound were written out before."""
        if isinstance(value, list):
            if not value:
                refuse(f"is empty: write a {self.of_whom}, or a list of them")
            names = [super(EachName, self).check(each) for each in value]
            often = max(names, key=names.count)
            if names.count(often) > 1:
                refuse(f"names {quoted(often)} twice")
        return super().check(value)

    @property
    def of_states(self) -> bool:
        """Return whether it names states; a bloc then is its members."""
        return "state" in self.kinds

    @property
    def of_whom(self) -> str:
        """Return what it names, in words."""
        return "state or bloc" if self.of_states else either(self.kinds)

    def published(self) -> Json:
        """Return the JSON Schema of a name or a list of names."""
        one = super().published()
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


StateName = Annotated[str, Ref(kinds=("state",))]
EachState = Annotated[str, EachName(kinds=("state",))]
EachBloc = Annotated[str, EachName(kinds=("bloc",))]
SystemName = Annotated[str, Ref(kinds=("system",))]
BlocName = Annotated[str, Ref(kinds=("bloc",))]
States = Annotated[tuple[StateName, ...], AfterValidator(names_in_order)]
Parties = tuple[str, ...]  # states and blocs: one, or a list of them
Sources = Annotated[tuple[str, ...], Source()]
Note = Annotated[str, Text("A remark for the reader.")]


class Fact(YamlBlock):
    """A block that names its source and, if there are several, the source of each number."""

    at_end: ClassVar = ("source", "sources", "date", "dates", "confidence", "note")

    source: Sources
    sources: dict[
        Annotated[str, Text()],
        Annotated[tuple[str, ...], Source("Sources of single numbers by key: `{burden: sipri}`.")],
    ] = {}
    date: Annotated[str, Date("Date to which the facts apply.")] | None = None
    dates: dict[
        Annotated[str, Text()],
        Annotated[str, Date("Dates of single values by key: `{burden: 2015}`.")],
    ] = {}
    confidence: (
        Annotated[str, Choice("Confidence in the facts.", ("high", "medium", "low"))] | None
    ) = None
    note: Note | None = None


Tagger = Callable[[Any], str]
MARK = "<"  # begins the tags that pydantic puts into the path of an error


@dataclass(frozen=True, eq=False)
class OneOf:
    """One of several annotations by tag; the last applies to values that fit none of them."""

    tag_of: Tagger
    options: tuple[tuple[str, Any], ...]
    hidden: int = 0  # last options, which the published schema leaves out
    doc: str = ""  # the option of a value

    def annotation(self, value: Any) -> Any:
        """Return the option for a value."""
        known = dict(self.options)
        return known.get(self.tag_of(value), self.options[-1][1])

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        known = dict(self.options)

        def tag(value: Any) -> str:
            name = self.tag_of(value)
            return f"{MARK}{name if name in known else self.options[-1][0]}>"

        return core_schema.tagged_union_schema(
            choices={
                f"{MARK}{name}>": handler.generate_schema(each) for name, each in self.options
            },
            discriminator=tag,
        )

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> Json:
        form: Any = core
        while "choices" not in form:  # within a check of the block
            form = form["schema"]
        choices = list(form["choices"].values())
        shown = zip(self.options, choices[: len(choices) - self.hidden], strict=False)
        return {
            "anyOf": [
                handler(each) if (leaf := shape_of(option).leaf) is None else leaf.described()
                for (_, option), each in shown
            ]
        }


@dataclass(frozen=True)
class Unknown(Leaf):
    """A mapping whose `key` is not a known word: only this fault is reported."""

    key: str = ""
    names: tuple[str, ...] = ()

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        choice = core_schema.no_info_plain_validator_function(Choice(options=self.names).check)
        fields = {self.key: core_schema.typed_dict_field(choice)}
        return core_schema.typed_dict_schema(fields, extra_behavior="ignore")

    def published(self) -> Json:
        """Return an empty JSON Schema: this form is never published."""
        return {"not": {}}


@dataclass(frozen=True)
class Shape:
    """The content of one place of the schema; exactly one of the five."""

    leaf: Leaf | None = None
    block: type[BaseModel] | None = None
    key: Leaf | None = None  # of a mapping by name
    entry: Any = None  # annotation of a mapping's values, or of a list's entries
    is_list: bool = False
    one_of: OneOf | None = None  # several forms: the value tells which

    @cached_property
    def below(self) -> Shape:
        """Return the content of a mapping's values, or a list's entries."""
        return shape_of(self.entry)

    def of_value(self, value: Any) -> Shape:
        """Return the shape of a value of a model, where several forms may stand."""
        return self if self.one_of is None else shape_of(self.one_of.annotation(value))

    def of(self, node: Node | None) -> Shape:
        """Return the shape of a value where there are alternative forms."""
        if self.one_of is None:
            return self
        return shape_of(self.one_of.annotation(None if node is None else node.plain()))


@dataclass(frozen=True)
class Field:
    """A key of a block: its attribute and content."""

    attribute: str
    shape: Shape


@cache
def shape_of(annotation: Any, *metadata: Any) -> Shape:
    """Return the content of an annotation; that of an optional one without None."""
    own = next((each for each in metadata if isinstance(each, Leaf | OneOf)), None)
    if own is not None:
        return Shape(one_of=own) if isinstance(own, OneOf) else Shape(leaf=own)
    origin = get_origin(annotation)
    if origin is Annotated:
        return shape_of(*get_args(annotation))
    if origin in (Union, types.UnionType):
        return shape_of(next(arg for arg in get_args(annotation) if arg is not type(None)))
    if origin is dict:
        key, entry = get_args(annotation)
        return Shape(key=shape_of(key).leaf, entry=entry)
    if origin is tuple:
        return Shape(entry=get_args(annotation)[0], is_list=True)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Shape(block=annotation)
    message = f"the schema contains {annotation!r}, which is not a leaf, block, mapping or list"
    raise TypeError(message)


@cache
def fields_of(block: type[BaseModel]) -> dict[str, Field]:
    """Return the fields of a block by their key in YAML."""
    fields, last = {}, getattr(block, "at_end", ())
    own = [name for name in block.model_fields if name not in last]
    for attribute in (*own, *last):
        info = block.model_fields[attribute]
        annotation: Any = info.annotation
        fields[info.alias or attribute] = Field(attribute, shape_of(annotation, *info.metadata))
    return fields


def shape_at(
    block: type[BaseModel], steps: tuple[str | int, ...], document: Node | None = None
) -> Shape | None:
    """Return the content of the schema at a path, or None for an unknown key.

    Where there are alternative forms, the document decides.
    """
    shape, node = Shape(block=block), document
    for step in steps:
        shape = shape.of(node)
        if shape.block is not None:
            field = fields_of(shape.block).get(str(step))
            if field is None:
                return None
            shape = field.shape
        elif shape.entry is not None:
            shape = shape.below
        else:
            return None
        node = None if node is None else node.child(step)
    return shape.of(node)
