"""``lepatrol map``: the occupancy map of a world, as Nav2's map_server reads it."""

from __future__ import annotations

import argparse
from pathlib import Path

from lepatrol.cli.options import Commands, add_command, positive

_DESCRIPTION = """\
Make the occupancy map of a world from its static parts at the height of the lidar, and write it as Nav2's map_server
reads it: OUT.yaml and OUT.pgm.
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
    parser.add_argument('--height', type=positive, default=0.5, metavar='M',
                        help="height of the lidar's plane above the world's zero in metres (default: 0.5)")


def run(arguments: argparse.Namespace) -> int:
    """Write the map and say where."""
    from lepatrol.model.occupancy import OCCUPIED
    from lepatrol.planning.map_file import write_map
    from lepatrol.resources import model_folders, world_path
    from lepatrol.simulation.mapping import fitting_resolution_m, occupancy_map
    from lepatrol.simulation.sdf import read_world

    path = world_path(arguments.world)
    world = read_world(path, model_folders(path))
    resolution_m = arguments.resolution or fitting_resolution_m(world)
    grid = occupancy_map(world, height_m=arguments.height, resolution_m=resolution_m)
    stem = arguments.out or Path(path.stem)
    if stem.suffix in ('.yaml', '.pgm'):
        stem = stem.with_suffix('')
    stem.parent.mkdir(parents=True, exist_ok=True)
    write_map(grid, stem)
    width, height = grid.size_m
    share = float((grid.cells == OCCUPIED).mean())
    print(f'{stem}.yaml and {stem}.pgm: {width:g} x {height:g} m, {grid.cells.shape[1]} x {grid.cells.shape[0]} cells '
          f'of {grid.resolution_m:g} m, {share:.1%} occupied at a height of {arguments.height:g} m')
    return 0
