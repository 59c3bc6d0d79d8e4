"""Settings as ROS parameters: typed, described, bounded, and read-only, since a node reads them once."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor, ParameterType
from rclpy.exceptions import InvalidParameterTypeException, InvalidParameterValueException
from rclpy.node import Node

from lepatrol.model.errors import SettingsError
from lepatrol.settings.schema import TYPE_WORDS, Bounds, Settings, bounds_of, check_value, field_types, is_group

S = TypeVar('S', bound=Settings)

_TYPES = {
    bool: ParameterType.PARAMETER_BOOL, int: ParameterType.PARAMETER_INTEGER,
    float: ParameterType.PARAMETER_DOUBLE, str: ParameterType.PARAMETER_STRING,
}
_HUGE = 1e300
_HUGE_INTEGER = 2**63 - 1


def declare(node: Node, cls: type[S], prefix: str = '') -> S:
    """Declare every field of a settings group as a parameter and return the group that they make.

    A nested group's parameters are called ``GROUP.NAME``.

    :raises SettingsError: naming the parameter, the value given and what would be right.
    """
    types = field_types(cls)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(cls):
        kind, name = types[field.name], f'{prefix}{field.name}'
        if is_group(kind):
            values[field.name] = declare(node, kind, f'{name}.')
        else:
            values[field.name] = _declare_one(node, name, kind, field.default, bounds_of(field))
    return cls(**values)


def _declare_one(node: Node, name: str, kind: type[Any], default: Any, bounds: Bounds) -> Any:
    """Declare one parameter and return the value it was given, else its default."""
    try:
        value = node.declare_parameter(name, default, describe(kind, bounds)).value
    except (InvalidParameterTypeException, InvalidParameterValueException) as error:
        words = ' '.join(str(error).split())
        raise SettingsError(
            name, f'{words}; it must be {TYPE_WORDS[kind]}, {bounds.explain()}') from None
    check_value(name, value, kind, bounds)
    return value


def describe(kind: type[Any], bounds: Bounds) -> ParameterDescriptor:
    """Return the description that ``ros2 param describe`` shows."""
    descriptor = ParameterDescriptor(type=_TYPES[kind], description=bounds.description, read_only=True)
    if bounds.choices:
        descriptor.additional_constraints = bounds.explain()
    if bounds.low is None and bounds.high is None:
        return descriptor
    if kind is float:
        low, high = bounds.low, bounds.high
        descriptor.floating_point_range = [FloatingPointRange(
            from_value=-_HUGE if low is None else float(low), to_value=_HUGE if high is None else float(high))]
    elif kind is int:
        descriptor.integer_range = [IntegerRange(
            from_value=-_HUGE_INTEGER if bounds.low is None else int(bounds.low),
            to_value=_HUGE_INTEGER if bounds.high is None else int(bounds.high))]
    return descriptor
