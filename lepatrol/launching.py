"""What the launch files share: their arguments, and how the specs of ``bringup`` and ``gazebo`` become launch actions.

This is the one module that imports ``launch``, which comes with an installed ROS 2; only the launch files import it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from launch.actions import DeclareLaunchArgument, Shutdown
from launch.launch_context import LaunchContext
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue

from lepatrol import resources
from lepatrol.bringup import NAVIGATORS, NodeSpec, Value
from lepatrol.cli.options import speed
from lepatrol.gazebo import ProgramSpec
from lepatrol.model.errors import LepatrolError

_YES, _NO = ('true', 'True'), ('false', 'False')
_SWITCH = (*_YES, *_NO)


@dataclass(frozen=True)
class Argument:
    """One launch argument: what it is where it is not given, what it means, and the values it may have."""

    default: str
    description: str
    choices: tuple[str, ...] = ()
    known: Callable[[], tuple[str, ...]] | None = None
    """Lists the names that lepatrol knows; the paths of files of one's own are taken too."""


ARGUMENTS = {
    'world': Argument('', "World: a name, or an .sdf file; empty for the site's.", known=resources.known_worlds),
    'site': Argument('', 'Site: a name, or a .yaml file; empty for that named like the world, or prison.',
                     known=resources.known_sites),
    'scenario': Argument(
        '', 'What happens: the name of a scenario, or a .yaml file, that says world and site itself; empty for '
        'nothing. In Gazebo weather and light stay as the world has them.', known=resources.known_scenarios),
    'sim': Argument('embedded', "What simulates: lepatrol's own simulator, or Gazebo.", ('embedded', 'gazebo')),
    'robot': Argument('ugv', 'Robot: a name, or a description file.', known=resources.known_robots),
    'namespace': Argument('', "The robot's namespace; empty for none."),
    'headless': Argument('true', 'Whether the simulator opens no window; a window needs a display.', _SWITCH),
    'speed': Argument('1.0', "Simulated seconds per second, or 'max'."),
    'rviz': Argument('false', 'Whether RViz is opened with config/patrol.rviz; it needs a display.', _SWITCH),
    'navigator': Argument(
        'builtin', "Who drives: lepatrol's own navigator, or a Nav2 that is launched beside this.", tuple(NAVIGATORS)),
    'output_folder': Argument('out', 'Folder for alerts, evidence, photos and progress.'),
    'map_file': Argument(
        '', "The .yaml file of a map that Nav2's map_saver or `lepatrol map` wrote, for a site that was mapped, not "
        "modelled; empty makes the map of the site's world."),
}


def declare(*names: str) -> list[Any]:
    """Return the actions that declare arguments of ``ARGUMENTS``."""
    return [_declaration(name, ARGUMENTS[name]) for name in names]


def given(context: LaunchContext, *names: str) -> dict[str, str]:
    """Return what a launch was given for arguments."""
    return {name: str(LaunchConfiguration(name).perform(context)) for name in names}


def is_on(text: str) -> bool:
    """Tell whether a switch, whose choices launch has checked, is on."""
    return text in _YES


def speed_of(text: str) -> float:
    """Return the speed that an argument asks for, 0 for as fast as it can.

    :raises LepatrolError: saying what would be right.
    """
    try:
        return speed(text)
    except argparse.ArgumentTypeError as error:
        raise LepatrolError(f'speed: {error}') from None


def node(spec: NodeSpec) -> Any:
    """Return the action that starts a node; the end of one ends all, but for a program that may end."""
    program = spec if isinstance(spec, ProgramSpec) else ProgramSpec(spec.executable, package='lepatrol')
    ending = None if program.may_end else Shutdown(reason=f'the node {spec.executable} has ended')
    return Node(
        package=program.package, executable=spec.executable, name=spec.executable, namespace=spec.namespace,
        arguments=list(program.arguments), remappings=list(program.remappings), parameters=[
            *([str(spec.parameter_file)] if spec.parameter_file else []),
            {name: _typed(value) for name, value in spec.parameters.items()}],
        output='screen', on_exit=ending)


def _typed(value: Value) -> Any:
    # Launch reads a bare text as YAML, in which 12:00 is the number 720.
    return ParameterValue(value, value_type=str) if isinstance(value, str) else value


def _declaration(name: str, argument: Argument) -> Any:
    known = argument.known() if argument.known else ()
    description = argument.description + (f' Known: {", ".join(known)}.' if known else '')
    return DeclareLaunchArgument(
        name, default_value=argument.default, description=description, choices=list(argument.choices) or None)
