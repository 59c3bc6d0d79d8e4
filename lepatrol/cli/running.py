"""``lepatrol up`` and ``lepatrol sim``: start nodes without launch files."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from lepatrol.cli.options import Commands, add_command, add_speed
from lepatrol.cli.sigterm import ended_by_sigterm
from lepatrol.model.errors import LepatrolError

_CHECK_PERIOD_S = 0.2
_DEFAULT_PLACE = 'prison'

_UP = """\
Start the simulator, the navigator, the patrol, the perimeter and, where the site has a knowledge file, the greeter, as
launch/patrol.launch.py does, and keep them until Ctrl-C. Where tf2_msgs is installed, the robot's frames are told on tf
besides. With --navigator nav2 a Nav2 drives that you start beside it.
"""
_UP_EXAMPLES = """\
  lepatrol up
  lepatrol up --speed 5 --namespace ugv1
  lepatrol up --scenario intruder_night
  lepatrol up --navigator nav2        needs nav2_msgs, and Nav2 as the README's section "Nav2 and tf2" has it
then, in another terminal:
  ros2 topic pub --once /patrol/command std_msgs/String "data: 'start perimeter rounds 2'"
  ros2 topic echo /patrol/status
"""
_SIM = """\
Start the embedded simulator alone: it publishes /clock, scan, camera, odom and pose, and listens to cmd_vel.
"""
_SIM_EXAMPLES = """\
  lepatrol sim                      the prison with one robot, in real time
  lepatrol sim --world bench_yard --speed max
  lepatrol sim --scenario fog       the prison in fog; config/scenarios has more
  lepatrol sim --view               with MuJoCo's window, where there is a display
  ros2 topic pub /cmd_vel geometry_msgs/Twist "{linear: {x: 0.5}}"
"""


def add_commands(commands: Commands) -> None:
    """Declare ``up`` and ``sim``."""
    up = add_command(commands, 'up', run_up, summary='start simulator, navigator, patrol, perimeter and greeter',
                     description=_UP, examples=_UP_EXAMPLES)
    sim = add_command(commands, 'sim', run_sim, summary='start the embedded simulator alone',
                      description=_SIM, examples=_SIM_EXAMPLES)
    for parser in (up, sim):
        parser.add_argument('--world', help="name or .sdf file (default: the site's)")
        parser.add_argument('--site', help='name or .yaml file (default: named like the world, or prison)')
        parser.add_argument('--scenario', metavar='NAME', help='name or .yaml file of what happens; it says world and '
                            'site itself (default: nothing)')
        parser.add_argument('--robot', default='ugv', help='name of a robot (default: %(default)s)')
        add_speed(parser, 1.0)
        parser.add_argument('--namespace', default='', help="the robot's namespace (default: none)")
        parser.add_argument('--view', action='store_true', help="open MuJoCo's viewer (needs a display)")
    up.add_argument('--navigator', choices=('builtin', 'nav2'), default='builtin',
                    help='who drives: the navigator of lepatrol, or a Nav2 that you start (default: %(default)s)')
    up.add_argument('--out', type=Path, default=Path('out'), help='folder for progress and photos (default: out)')


def run_up(arguments: argparse.Namespace) -> int:
    """Start every node and wait for their end."""
    from lepatrol import bringup
    from lepatrol.ros import optional

    frames = bringup.has_frames()
    if not frames:
        print(optional.missing(optional.TF_MESSAGES, 'tf') + '; nothing is told there.')
    return _start(arguments, arguments.out, None, navigator=arguments.navigator, frames=frames,
                  greeter=True)


def run_sim(arguments: argparse.Namespace) -> int:
    """Start the simulator and wait for its end."""
    return _start(arguments, None, 'simulator')


def _start(arguments: argparse.Namespace, output_folder: Path | None, only: str | None, **more: Any) -> int:
    from lepatrol import bringup

    options: dict[str, Any] = dict(more) if output_folder is None else {**more, 'output_folder': output_folder}
    if arguments.view:
        options['view'] = True
    if arguments.scenario:
        options['scenario'] = arguments.scenario
    world, site = place_of(arguments.world, arguments.site, arguments.scenario)
    specs = bringup.patrol_nodes(
        world=world, site=site, robot=arguments.robot, namespace=arguments.namespace,
        speed=arguments.speed, **options)
    chosen = [spec for spec in specs if only is None or spec.executable == only]
    if output_folder is not None:
        output_folder.mkdir(parents=True, exist_ok=True)  # Better now than at the first photo.
    print(f'Starting {", ".join(spec.executable for spec in chosen)}; Ctrl-C ends.')
    with ended_by_sigterm(0), bringup.start(chosen) as running:
        while True:
            running.check()
            time.sleep(_CHECK_PERIOD_S)


def place_of(world: str | None, site: str | None, scenario: str | None = None) -> tuple[str, str]:
    """Return the world and the site to use where one or both are not given: each follows from the other.

    A scenario says both.

    :raises LepatrolError: if there is no such world, site or scenario, the world has no site of its name, or a scenario
        is given together with a world or site that is not its own.
    """
    from lepatrol.resources import known_sites, site_path, world_path
    from lepatrol.settings.site_file import read_site

    if scenario is not None:
        return _place_of_scenario(scenario, world, site)
    if site is not None:
        return world or read_site(site_path(site)).world, site
    if world is None:
        return _DEFAULT_PLACE, _DEFAULT_PLACE
    world_path(world)
    if Path(world).stem not in known_sites():
        raise LepatrolError(f'no site is named like the world {world}; say which with --site; '
                            f'known sites are: {", ".join(known_sites())}')
    return world, Path(world).stem


def _place_of_scenario(scenario: str, world: str | None, site: str | None) -> tuple[str, str]:
    from lepatrol.assembly import load_scenario

    played = load_scenario(scenario)
    for word, given, own in (('world', world, played.world), ('site', site, played.site)):
        if given is not None and given != own:
            raise LepatrolError(f'the scenario {played.name} plays in the {word} {own}, not in {given}; '
                                f'leave --{word} out')
    return played.world, played.site
