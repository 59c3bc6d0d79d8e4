"""``lepatrol picture``: pictures of a world for people, as the README shows them."""

from __future__ import annotations

import argparse
from pathlib import Path

from lepatrol.cli.options import Commands, add_command

_DESCRIPTION = """\
Draw a world for people: WORLD-plan.png, seen from above with the site laid over it (zones, fences, gates, routes,
waypoints), and WORLD-view-1.png to WORLD-view-3.png, from the robot's camera at its start, from as high as a tower,
and along the fence; WORLD-view-4.png shows the inside of a building where a route leads into one. The same world gives
the same files.
"""
_EXAMPLES = """\
  lepatrol picture prison                          writes prison-plan.png and prison-view-1.png to -4.png here
  lepatrol picture prison --out worlds/pictures    as the README shows them
  lepatrol picture worlds/prison.sdf --site config/sites/prison.yaml
"""


def add_commands(commands: Commands) -> None:
    """Declare ``picture``."""
    parser = add_command(commands, 'picture', run, summary='draw a plan and views of a world (PNG)',
                         description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument('world', metavar='WORLD', help='name or .sdf file')
    parser.add_argument('--site', metavar='SITE', help="name or .yaml file (default: the site of the world's name)")
    parser.add_argument('--robot', default='ugv', metavar='ROBOT', help='name or file (default: %(default)s)')
    parser.add_argument('--out', type=Path, default=Path(), metavar='DIR', help='folder (default: here)')


def run(arguments: argparse.Namespace) -> int:
    """Draw the pictures and say what each shows."""
    from lepatrol import assembly
    from lepatrol.evaluation.world_pictures import draw_world, write_pictures
    from lepatrol.model.errors import LepatrolError
    from lepatrol.resources import known_sites, world_path

    path = world_path(arguments.world)
    if arguments.site is None and path.stem not in known_sites():
        raise LepatrolError(f'world {path.stem!r} has no site of its name to be drawn with it; give one with --site '
                            f'(known sites are: {", ".join(known_sites())})')
    site = assembly.load_site(arguments.site or path.stem)
    if world_path(site.world).resolve() != path.resolve():
        raise LepatrolError(f'site {site.name!r} is in the world {site.world!r}, not in {arguments.world!r}; give a '
                            'site of that world with --site')
    pictures = draw_world(str(path), site, arguments.robot)
    for each, written in zip(pictures, write_pictures(arguments.out, path.stem, pictures), strict=True):
        height, width, _ = each.picture.shape
        print(f'{written}: {each.shows} ({width} x {height}, {written.stat().st_size / 1000:.0f} kB)')
    return 0
