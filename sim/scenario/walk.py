"""The schema as a tree: what an annotation holds, whether leaf, block, mapping or list."""

from __future__ import annotations

import types
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from sim.scenario.leaves import Leaf
from sim.scenario.nodes import Node
from sim.scenario.oneof import OneOf


@dataclass(frozen=True)
class Shape:
    """What stands at one place of the schema; exactly one of the five."""

    leaf: Leaf | None = None
    block: type[BaseModel] | None = None
    key: Leaf | None = None  # of a mapping by name
    entry: Any = None  # annotation of a mapping's values, or of a list's entries
    is_list: bool = False
    one_of: OneOf | None = None  # several forms: the value tells which

    @cached_property
    def below(self) -> Shape:
        """Return what the values of a mapping, or the entries of a list, hold."""
        return shape_of(self.entry)

    def of(self, node: Node | None) -> Shape:
        """Return the shape of a value, where several forms may stand."""
        if self.one_of is None:
            return self
        return shape_of(self.one_of.annotation(None if node is None else node.plain()))


def _annotated(inner: Any, *extra: Any) -> Shape:
    """Return what an annotation with remarks holds."""
    for each in extra:
        if isinstance(each, Leaf):
            return Shape(leaf=each)
        if isinstance(each, OneOf):
            return Shape(one_of=each)
    return shape_of(inner)


@dataclass(frozen=True)
class Field:
    """A key of a block: the attribute that keeps it, and what it holds."""

    attribute: str
    annotation: Any

    @cached_property
    def shape(self) -> Shape:
        """Return what the key holds."""
        return shape_of(self.annotation)


@cache
def shape_of(annotation: Any) -> Shape:
    """Return what an annotation holds; optional annotations count as what they may hold."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _annotated(*get_args(annotation))
    if origin in (Union, types.UnionType):
        return shape_of(next(arg for arg in get_args(annotation) if arg is not type(None)))
    if origin is dict:
        key, entry = get_args(annotation)
        return Shape(key=shape_of(key).leaf, entry=entry)
    if origin is tuple:
        return Shape(entry=get_args(annotation)[0], is_list=True)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Shape(block=annotation)
    message = f"the schema holds {annotation!r}, which is no leaf, block, mapping or list"
    raise TypeError(message)


@cache
def fields_of(block: type[BaseModel]) -> dict[str, Field]:
    """Return the fields of a block by their key in YAML."""
    found = {}
    for attribute, info in block.model_fields.items():
        leaves = [each for each in info.metadata if isinstance(each, Leaf | OneOf)]
        annotation = Annotated[Any, leaves[0]] if leaves else info.annotation
        found[info.alias or attribute] = Field(attribute, annotation)
    return found


def shape_at(
    block: type[BaseModel], steps: tuple[str | int, ...], document: Node | None = None
) -> Shape | None:
    """Return what the schema holds at a path, or nothing where it knows no such key.

    The document says which form stands where several may.
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
