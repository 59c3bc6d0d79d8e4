"""ROS 2 parameter files, checked against the settings that the nodes make of them."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterator, Mapping

from lepatrol.model.errors import SettingsError
from lepatrol.settings.frames import FramesSettings
from lepatrol.settings.greeter import GreeterSettings
from lepatrol.settings.navigation import Nav2Settings, NavigatorSettings
from lepatrol.settings.patrol import PatrolSettings
from lepatrol.settings.perimeter import PerimeterSettings
from lepatrol.settings.schema import Settings, bounds_of, check_value, field_types, is_group
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.settings.starting import (
    FramesStart,
    GazeboLampStart,
    GazeboPoseStart,
    GreeterStart,
    NavigatorStart,
    PatrolStart,
    PerimeterStart,
    ScenarioDirectorStart,
    SimulatorStart,
    WorldMapStart,
)
from lepatrol.settings.yaml_file import YamlValue

_KEY = 'ros__parameters'

NODE_SETTINGS: Mapping[str, type[Settings]] = {
    'simulator': SimulationSettings, 'navigator': NavigatorSettings, 'nav2_navigator': Nav2Settings,
    'patrol': PatrolSettings, 'perimeter': PerimeterSettings, 'greeter': GreeterSettings, 'frames': FramesSettings,
    'world_map': WorldMapStart, 'gazebo_pose': GazeboPoseStart, 'scenario_director': ScenarioDirectorStart,
    'gazebo_lamp': GazeboLampStart}
"""Whose fields are the parameters of which node."""

START_PARAMETERS = frozenset({'use_sim_time'}).union(*(field_types(group) for group in (
    SimulatorStart, NavigatorStart, PatrolStart, PerimeterStart, FramesStart, GreeterStart, WorldMapStart)))
"""Parameters that ``lepatrol.bringup`` sets when it starts the nodes; a file may hold them too."""


def is_parameter_file(value: YamlValue) -> bool:
    """Tell whether a mapping holds ``ros__parameters`` at some depth."""
    return any(name == _KEY or (child.is_mapping and is_parameter_file(child)) for name, child in value.items())


def check_parameters(value: YamlValue) -> list[str]:
    """Check every parameter of every node in a file; return the names of the nodes.

    :raises FileError: naming file, line, key and what would be right.
    """
    nodes = []
    for node, parameters in _nodes(value, ''):
        nodes.append(node)
        _check_node(node, parameters)
    return nodes


def _nodes(value: YamlValue, name: str) -> Iterator[tuple[str, YamlValue]]:
    """Yield each node's full name (or pattern) and its parameters; namespaces may be nested."""
    for key, child in value.items():
        if key == _KEY:
            yield name, child
        elif child.is_mapping:
            yield from _nodes(child, f'{name}/{key.strip("/")}' if name else key)
        else:
            child.fail(f"expected a node's name with {_KEY!r} below it")


def _check_node(node: str, parameters: YamlValue) -> None:
    last = node.rpartition('/')[2]
    if last in ('*', '**'):
        groups = list(NODE_SETTINGS.values())
    elif last in NODE_SETTINGS:
        groups = [NODE_SETTINGS[last]]
    else:
        parameters.fail(f'there is no node {last!r}; known are: {", ".join(NODE_SETTINGS)}')
    for name, value in parameters.items():
        if name in START_PARAMETERS:
            continue
        holders = [group for group in groups if name.partition('.')[0] in field_types(group)]
        for group in holders or groups[:1]:
            _check_parameter(name, value, group)


def _check_parameter(name: str, value: YamlValue, group: type[Settings]) -> None:
    """Check a parameter, written nested or with dots: ``planner: {clearance_m: 0.3}``, ``planner.clearance_m: 0.3``."""
    name, _, rest = name.partition('.')
    types = field_types(group)
    fields = {field.name: field for field in dataclasses.fields(group)}
    if name not in types:
        near = difflib.get_close_matches(name, types, n=1)
        value.fail(f'unknown parameter; did you mean {near[0]!r}?' if near
                   else f'unknown parameter; known here are: {", ".join(types)}')
    kind = types[name]
    if is_group(kind):
        members = [(rest, value)] if rest else list(value.items())
        for member, child in members:
            _check_parameter(member, child, kind)
        return
    if rest:
        value.fail(f'{name!r} has no parameters below it')
    plain = value.plain()
    if kind is float and isinstance(plain, int) and not isinstance(plain, bool):
        value.fail(f'is {plain}, a whole number; ROS 2 wants {float(plain)} for a number with a fraction')
    try:
        check_value(name, tuple(plain) if isinstance(plain, list) else plain, kind, bounds_of(fields[name]))
    except SettingsError as error:
        value.fail(error.message)
