"""``lepatrol map``: the occupancy map of a world, as Nav2's map_server reads it."""

from __future__ import annotations

import argparse
from pathlib import Path

from lepatrol.cli.options import Commands, add_command, positive

_DESCRIPTION = """\
Make the occupancy map of a world and write it as Nav2's map_server reads it: OUT.yaml and OUT.pgm. Occupied is what a
robot would touch or scan of the static parts, from what it rolls over to above its highest part: the map that the nodes
plan on. With --height it is what a lidar at that height sees, and no more.
"""
_EXAMPLES = """\
  lepatrol map prison                            writes prison.yaml and prison.pgm here
  lepatrol map worlds/prison.sdf -o maps/prison --resolution 0.05
  ros2 run nav2_map_server map_server --ros-args -p yaml_filename:=prison.yaml
"""


def add_commands(commands: Commands) -> None:
    """Declare ``map``."""
    parser = add_command(commands, 'map', run, summary="write a world's occupancy map (Nav2's pgm and yaml)",
                         description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument('world', metavar='WORLD', help='name or .sdf file')
    parser.add_argument('-o', '--out', type=Path, help="path without ending (default: the world's name, here)")
    parser.add_argument('--resolution', type=positive, metavar='M',
                        help='edge length of a cell in metres (default: that of the nodes, from 0.1 on)')
    of_what = parser.add_mutually_exclusive_group()
    of_what.add_argument('--robot', default='ugv', metavar='ROBOT',
                         help='whose map: name or file (default: %(default)s)')
    of_what.add_argument('--height', type=positive, metavar='M',
                         help="what is in the plane so high above the world's zero in metres alone")


def run(arguments: argparse.Namespace) -> int:
    """Write the map and say where."""
    from lepatrol import assembly
    from lepatrol.model.geometry import Pose2
    from lepatrol.model.occupancy import OCCUPIED
    from lepatrol.planning.map_file import write_map
    from lepatrol.resources import world_path

    if arguments.height is None:
        scene = assembly.load_scene(arguments.world, {'robot': (arguments.robot, Pose2(0.0, 0.0, 0.0))})
        grid = assembly.make_map(scene, scene.robots['robot'], arguments.resolution)
        of_what = f'occupied for {arguments.robot}'
    else:
        grid = assembly.make_section(assembly.load_world(arguments.world), arguments.height, arguments.resolution)
        of_what = f'occupied at a height of {arguments.height:g} m'
    stem = arguments.out or Path(world_path(arguments.world).stem)
    if stem.suffix in ('.yaml', '.pgm'):
        stem = stem.with_suffix('')
    stem.parent.mkdir(parents=True, exist_ok=True)
    write_map(grid, stem)
    width, height = grid.size_m
    share = float((grid.cells == OCCUPIED).mean())
    print(f'{stem}.yaml and {stem}.pgm: {width:g} x {height:g} m, {grid.cells.shape[1]} x {grid.cells.shape[0]} cells '
          f'of {grid.resolution_m:g} m, {share:.1%} {of_what}')
    return 0
