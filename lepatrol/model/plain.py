"""Reading plain data (mappings, lists, numbers) that a file or a message holds, value by value."""

from __future__ import annotations

import sys
from enum import Enum
from typing import Any, TypeVar

E = TypeVar('E', bound=Enum)


def typed(value: Any, kind: type, key: str) -> Any:
    """Return the value if it is of that type.

    :raises ValueError: naming key and value.
    """
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f'{key} is {value!r}, expected {kind.__name__}')
    return value


def member(mapping: dict[str, Any], key: str, kind: type) -> Any:
    """Return a mapping's value of that key and type.

    :raises ValueError: naming key and value.
    """
    if key not in mapping:
        raise ValueError(f'{key} is missing')
    return typed(mapping[key], kind, key)


def counted(mapping: dict[str, Any], key: str, low: int = 0) -> int:
    """Return a whole number that is at least ``low``.

    :raises ValueError: naming key and value.
    """
    value = int(member(mapping, key, int))
    if value < low:
        raise ValueError(f'{key} is {value}, expected {low} or more')
    return value


def number(mapping: dict[str, Any], key: str) -> float:
    """Return a finite number.

    :raises ValueError: naming key and value.
    """
    return finite(mapping.get(key), key)


def finite(value: Any, key: str) -> float:
    """Return a value that is a finite number, no whole one of more digits than numbers have.

    :raises ValueError: naming key and value.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or (
            not -sys.float_info.max <= value <= sys.float_info.max):
        raise ValueError(f'{key} is {value!r:.60}, expected a finite number')
    return float(value)


def named(kind: type[E], value: Any, key: str) -> E:
    """Return the member of an enum that a text names.

    :raises ValueError: naming key and value, and what there is.
    """
    text = typed(value, str, key)
    for choice in kind:
        if choice.value == text:
            return choice
    raise ValueError(f'{key} is {text!r}, expected one of {", ".join(str(choice.value) for choice in kind)}')
