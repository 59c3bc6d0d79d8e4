"""``lepatrol demo``: a whole patrol, started, watched and recorded."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path

from lepatrol.cli.options import Commands, add_command, add_site, add_speed
from lepatrol.cli.sigterm import ended_by_sigterm

_DESCRIPTION = """\
Start the simulator and the nodes over ROS 2, send one patrol mission as an operator would, and show the robot's
progress and what it finds. Writes OUT/TIME/: a report of the alerts with their evidence, a map with the walked path,
the photos taken, mission.json, and a recording that ros2 bag and Foxglove open.
"""
_EXAMPLES = """\
  lepatrol demo                     one night round of the perimeter, several times faster than real time
  lepatrol demo --scenario none     the same round by day, with nothing amiss
  lepatrol demo --speed 1           in real time
  lepatrol demo --route yard --out /tmp/rounds
"""


def add_commands(commands: Commands) -> None:
    """Declare ``demo``."""
    parser = add_command(commands, 'demo', run, summary='watch a robot walk its round in the prison',
                         description=_DESCRIPTION, examples=_EXAMPLES)
    add_site(parser)
    parser.add_argument('--route', default='perimeter', help='a route of the site (default: %(default)s)')
    parser.add_argument('--out', type=Path, default=Path('out'), help='folder for what is written (default: out)')
    parser.add_argument('--scenario', default='demo_night', metavar='NAME',
                        help="what happens: a name or .yaml file, or 'none' (default: %(default)s, in the prison)")
    add_speed(parser, 6.0)


def run(arguments: argparse.Namespace) -> int:
    """Run the demo."""
    from rich.console import Console

    from lepatrol.demo import walk

    settings = walk.DemoSettings(
        site=arguments.site, route=arguments.route, scenario=_scenario(arguments), speed=arguments.speed,
        output=arguments.out)
    with ended_by_sigterm(128 + signal.SIGTERM):
        walk.run(settings, Console())
    return 0


def _scenario(arguments: argparse.Namespace) -> str:
    """Return the scenario to play; the one by default belongs to the prison alone."""
    if arguments.scenario == 'none' or (arguments.scenario == 'demo_night' and arguments.site != 'prison'):
        return ''
    return str(arguments.scenario)
