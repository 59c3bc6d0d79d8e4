"""Settings groups: frozen dataclasses whose fields carry a description and bounds, checked on creation."""

from __future__ import annotations

import dataclasses
import math
import typing
from typing import Any

from lepatrol.model.errors import SettingsError


@dataclasses.dataclass(frozen=True, slots=True)
class Bounds:
    """What a field means and which values it may hold."""

    description: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    def explain(self) -> str:
        """Say in words which values are right."""
        if self.choices:
            return 'one of ' + ', '.join(self.choices)
        if self.low is not None and self.high is not None:
            return f'from {self.low:g} to {self.high:g}'
        if self.low is not None:
            return f'{self.low:g} or more'
        if self.high is not None:
            return f'{self.high:g} or less'
        return 'any value'


def setting(
    default: Any, description: str, *,
    low: float | None = None, high: float | None = None, choices: tuple[str, ...] = (),
) -> Any:
    """Declare a field of a settings group with its default, meaning and inclusive bounds."""
    return dataclasses.field(default=default, metadata={'bounds': Bounds(description, low, high, choices)})


def group(cls: type[Any]) -> Any:
    """Declare a nested settings group with all its defaults."""
    return dataclasses.field(default_factory=cls)


@dataclasses.dataclass(frozen=True)
class Settings:
    """Base of every settings group; creating one with a wrong value raises SettingsError."""

    def __post_init__(self) -> None:
        """Check every field's type and bounds.

        :raises SettingsError: naming the key, the value and what would be right.
        """
        types = field_types(type(self))
        for field in dataclasses.fields(self):
            check_value(field.name, getattr(self, field.name), types[field.name], bounds_of(field))


def field_types(cls: type[Settings]) -> dict[str, Any]:
    """Return the resolved type of each field of a settings group."""
    return typing.get_type_hints(cls)


def bounds_of(field: dataclasses.Field[Any]) -> Bounds:
    """Return the declared bounds of a field; a nested group has none."""
    return typing.cast(Bounds, field.metadata.get('bounds', Bounds('')))


def is_group(kind: Any) -> bool:
    """Tell whether a field's type is a nested settings group."""
    return isinstance(kind, type) and issubclass(kind, Settings)


def check_value(key: str, value: Any, kind: Any, bounds: Bounds) -> None:
    """Check one value against its declared type and bounds.

    :raises SettingsError: naming the key, the value and what would be right.
    """
    if is_group(kind):
        if not isinstance(value, kind):
            raise SettingsError(key, f'is {value!r}, expected a group of {kind.__name__}')
        return
    if typing.get_origin(kind) is tuple:
        if not isinstance(value, tuple):
            raise SettingsError(key, f'is {value!r}, expected a list')
        for position, item in enumerate(value):
            check_value(f'{key}[{position}]', item, typing.get_args(kind)[0], bounds)
        return
    if kind is float:
        right = isinstance(value, int | float) and not isinstance(value, bool) and -math.inf < value < math.inf
    elif kind is int:
        right = isinstance(value, int) and not isinstance(value, bool)
    else:
        right = isinstance(value, kind)
    if not right:
        raise SettingsError(key, f'is {value!r}, expected {TYPE_WORDS[kind]}')
    too_low = bounds.low is not None and value < bounds.low
    too_high = bounds.high is not None and value > bounds.high
    if too_low or too_high or (bounds.choices and value not in bounds.choices):
        raise SettingsError(key, f'is {value!r}, it must be {bounds.explain()}')


TYPE_WORDS = {float: 'a finite number', int: 'a whole number', bool: 'true or false', str: 'a text'}
