"""``lepatrol demo``: a whole patrol, started, watched and recorded."""

from __future__ import annotations

import argparse
from pathlib import Path

from lepatrol.cli.options import Commands, add_command, add_speed

_DESCRIPTION = """\
Start the simulator and the nodes over ROS 2, send one patrol mission as an operator would, and show the robot's
progress. Writes OUT/TIME/: a map with the walked path, the photos taken, mission.json, and a recording that ros2 bag
and Foxglove open.
"""
_EXAMPLES = """\
  lepatrol demo                     one round of the perimeter, several times faster than real time
  lepatrol demo --speed 1           in real time
  lepatrol demo --route perimeter --out /tmp/rounds
"""


def add_commands(commands: Commands) -> None:
    """Declare ``demo``."""
    parser = add_command(commands, 'demo', run, summary='watch a robot walk its round in the prison',
                         description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument('--route', default='perimeter', help='a route of config/sites/prison.yaml (default: perimeter)')
    parser.add_argument('--out', type=Path, default=Path('out'), help='folder for what is written (default: out)')
    add_speed(parser, 8.0)


def run(arguments: argparse.Namespace) -> int:
    """Run the demo."""
    from lepatrol import demo

    return int(demo.run(route=arguments.route, speed=arguments.speed, output_folder=arguments.out) or 0)
