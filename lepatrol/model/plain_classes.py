"""Frozen dataclasses as plain data and back, by their types: for messages and files that carry whole structures."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar

from .plain import number, typed

T = TypeVar('T')


def to_plain(value: Any) -> Any:
    """Return dataclasses as mappings, tuples as lists, enums by their values, and everything else as it is."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [to_plain(each) for each in value]
    return value


def from_plain(kind: type[T], plain: Any, key: str = '') -> T:
    """Return the value of a dataclass that :func:`to_plain` wrote; every field must be there, and no other.

    Its fields may be texts, truth values, whole and finite numbers, enums, dataclasses, tuples of these, or None where
    their type says so.

    :raises ValueError: naming the first value that is missing, wrong or unknown, by its way from the top.
    """
    result: T = _read(kind, plain, key or kind.__name__)
    return result


def _read(kind: Any, plain: Any, key: str) -> Any:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        (inner,) = (option for option in typing.get_args(kind) if option is not types.NoneType)
        return None if plain is None else _read(inner, plain, key)
    if typing.get_origin(kind) is tuple:
        return _tuple(typing.get_args(kind), typed(plain, list, key), key)
    if is_dataclass(kind):
        return _instance(kind, typed(plain, dict, key), key)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _choice(kind, plain, key)
    return number({key: plain}, key) if kind is float else typed(plain, kind, key)


def _tuple(kinds: tuple[Any, ...], plain: list[Any], key: str) -> tuple[Any, ...]:
    if len(kinds) == 2 and kinds[1] is ...:
        return tuple(_read(kinds[0], each, f'{key}[{index}]') for index, each in enumerate(plain))
    if len(plain) != len(kinds):
        raise ValueError(f'{key} has {len(plain)} values, expected {len(kinds)}')
    return tuple(
        _read(kind, each, f'{key}[{index}]') for index, (kind, each) in enumerate(zip(kinds, plain, strict=True)))


def _instance(kind: Any, plain: Mapping[Any, Any], key: str) -> Any:
    hints = typing.get_type_hints(kind)
    for name in plain:
        if name not in hints:
            raise ValueError(f'{key}.{name} is unknown; there are: {", ".join(hints)}')
    for name in hints:
        if name not in plain:
            raise ValueError(f'{key}.{name} is missing')
    return kind(**{name: _read(hint, plain[name], f'{key}.{name}') for name, hint in hints.items()})


def _choice(kind: type[Enum], plain: Any, key: str) -> Enum:
    for choice in kind:
        if choice.value == plain and type(choice.value) is type(plain):
            return choice
    raise ValueError(f'{key} is {plain!r}, expected one of {", ".join(str(choice.value) for choice in kind)}')
