"""Start a node: ``python -m lepatrol.nodes NAME``, and what the installed executables call.

Importing a node takes most of a second, and it may be told to end meanwhile. Hence nothing but the standard library is
imported here before SIGINT and SIGTERM end the process with code 0. Before Python has come to this file's first line,
nothing can be done: a signal then ends the process by itself.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from importlib import import_module

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def simulator() -> int:
    """Run the simulator."""
    return _run('simulator')


def navigator() -> int:
    """Run the navigator."""
    return _run('navigator')


def nav2_navigator() -> int:
    """Run the navigator that has Nav2 drive."""
    return _run('nav2_navigator')


def patrol() -> int:
    """Run the patrol."""
    return _run('patrol')


def perimeter() -> int:
    """Run the perimeter."""
    return _run('perimeter')


def greeter() -> int:
    """Run the greeter."""
    return _run('greeter')


def frames() -> int:
    """Run what tells tf2 where the robot is."""
    return _run('frames')


def world_map() -> int:
    """Run the publisher of the map."""
    return _run('world_map')


def gazebo_pose() -> int:
    """Run the localisation of a robot in Gazebo."""
    return _run('gazebo_pose')


def scenario_director() -> int:
    """Run what carries a scenario out in Gazebo."""
    return _run('scenario_director')


def gazebo_lamp() -> int:
    """Run the switch of a robot's lamp in Gazebo."""
    return _run('gazebo_lamp')


_NODES = {node.__name__: node for node in (
    simulator, navigator, nav2_navigator, patrol, perimeter, greeter, frames, world_map, gazebo_pose,
    scenario_director, gazebo_lamp)}


def _run(name: str) -> int:
    faulthandler.enable()  # A crash in somebody's C code says where it was.
    for sign in _SIGNALS:
        # A node that is still being imported holds nothing that would have to be put in order.
        signal.signal(sign, lambda *_: os._exit(0))
    try:
        return int(import_module(f'lepatrol.nodes.{name}').main())
    finally:
        # It is ending: told so once more, it must not end by the signal while Python takes itself down.
        for sign in _SIGNALS:
            signal.signal(sign, signal.SIG_IGN)


def _main() -> int:
    name = sys.argv.pop(1) if len(sys.argv) > 1 else ''
    if name not in _NODES:
        print(f'lepatrol.nodes: there is no node {name!r}, expected one of {", ".join(_NODES)}', file=sys.stderr)
        return 2
    return _NODES[name]()


if __name__ == '__main__':
    sys.exit(_main())
