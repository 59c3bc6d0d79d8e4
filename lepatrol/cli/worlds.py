"""``lepatrol world``: a world made by rule, with the site file that matches it."""

from __future__ import annotations

import argparse
from pathlib import Path

from lepatrol.cli.options import Commands, add_command, seed

_DESCRIPTION = """\
Make a world of lepatrol's own models, and the site file that matches it: the same arguments make the same world,
another seed another one. A border is a strip of 200 m along a fence, with patrol lanes, ditch and stream, uneven land,
a road crossing with booths and queues, towers, scrub and trees, people on foot and animals.
"""
_EXAMPLES = """\
  lepatrol world --kind border                              border.sdf and border.yaml here, as they come with lepatrol
  lepatrol world --kind border --length 5000 --seed 3 -o long.sdf
  lepatrol up --site long.yaml
"""


def add_commands(commands: Commands) -> None:
    """Declare ``world``."""
    parser = add_command(commands, 'world', run, summary='make a larger or different world, and its site',
                         description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument('--kind', choices=('border',), required=True, help='what to make')
    parser.add_argument('--length', type=int, default=1000, metavar='M',
                        help='length in metres, a multiple of 200 from 600 to 10000 (default: %(default)s)')
    parser.add_argument('--seed', type=seed, default=1, help='what chance draws from (default: %(default)s)')
    parser.add_argument('-o', '--out', type=Path, metavar='FILE', help='the world file (default: its name, here)')
    parser.add_argument('--site', type=Path, metavar='FILE', help='the site file (default: beside the world, as .yaml)')


def run(arguments: argparse.Namespace) -> int:
    """Write world and site and say what they hold."""
    from lepatrol.model.errors import LepatrolError
    from lepatrol.worldmaking.kinds import KINDS, default_file

    length, chance = arguments.length, arguments.seed
    world_file = arguments.out or default_file(arguments.kind, length, chance)
    site_file = arguments.site or world_file.with_suffix('.yaml')
    for path, ending in ((world_file, '.sdf'), (site_file, '.yaml')):
        if path.suffix != ending:
            raise LepatrolError(f'{path}: the name of this file must end in {ending}')
    made = KINDS[arguments.kind](length, chance, world_file)
    for path, text in ((world_file, made.sdf), (site_file, made.yaml)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')
    print(f'{world_file} and {site_file}: {made.about}')
    return 0
