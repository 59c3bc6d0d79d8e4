"""``lepatrol learn``: walk a clean round and keep what every waypoint ought to look like."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from lepatrol.cli.options import Commands, add_command, add_site, seed
from lepatrol.cli.sigterm import ended_by_sigterm
from lepatrol.model.errors import LepatrolError

if TYPE_CHECKING:
    from lepatrol.evaluation.lockstep import Lockstep

_DESCRIPTION = """\
Walk a round of a site in simulation, with nobody about, and keep what the waypoints with a `look` or a `photo` look
like: one picture for each heading, with heads and privacy zones left out, and an index. Later rounds are compared with
these reference views, and what is new, missing or changed is outlined in the picture.

Learn in the light you patrol in, and more than once: what is compared must differ from each picture of its place. A
folder is begun anew unless --add is given.
"""
_EXAMPLES = """\
  lepatrol learn                                 the prison's perimeter, into out/reference/prison
  lepatrol learn --route yard --add              the yard as well, into the same folder
  lepatrol learn --world worlds/dusk.sdf --seed 2 --add
"""


def add_commands(commands: Commands) -> None:
    """Declare ``learn``."""
    parser = add_command(commands, 'learn', run, summary='keep what the waypoints of a clean round ought to look like',
                         description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument('--world', help="name or .sdf file (default: the site's)")
    add_site(parser)
    parser.add_argument('--route', default='perimeter', help='a route of the site (default: %(default)s)')
    parser.add_argument('--robot', default='ugv', help='name of a robot (default: %(default)s)')
    parser.add_argument('--seed', type=seed, default=1, metavar='K', help='seed of all noise (default: %(default)s)')
    parser.add_argument('--out', type=Path, metavar='FOLDER', help='default: out/reference/SITE')
    parser.add_argument('--add', action='store_true', help='keep the views that the folder holds already')


def run(arguments: argparse.Namespace) -> int:
    """Walk, keep and say where."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from lepatrol.assembly import camera_pose, load_robot, load_site
    from lepatrol.evaluation.learning import learn_round, mask_with_nobody_about, without_people
    from lepatrol.evaluation.lockstep import make_lockstep
    from lepatrol.perception.reference_views import ReferenceViews
    from lepatrol.perception.view_files import INDEX
    from lepatrol.settings.simulation import SimulationSettings

    site = load_site(arguments.site)
    folder: Path = arguments.out or Path('out/reference') / site.name
    held = arguments.add and (folder / INDEX).exists()
    views = ReferenceViews.load(folder) if held else ReferenceViews()
    mask = mask_with_nobody_about(site, camera_pose(load_robot(arguments.robot, 'robot')))
    console = Console()
    loop = make_lockstep(
        arguments.site, arguments.robot, world=arguments.world, prepare=without_people,
        simulation=SimulationSettings(seed=arguments.seed))
    columns = (TextColumn('{task.description}'), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with ended_by_sigterm(128 + signal.SIGTERM), Progress(*columns, console=console) as progress:
            task = progress.add_task('setting out', total=None)

            def tell(loop: Lockstep) -> None:
                status = loop.patrol.status
                progress.update(task, completed=status.visit, total=status.visits or None,
                                description=status.waypoint or 'done')

            learnt = learn_round(loop, site, arguments.route, views, mask=mask, watch=tell)
    finally:
        loop.close()
    for miss in loop.patrol.status.missed:
        console.print(f'not reached, so not learnt: {miss.waypoint}: {miss.reason}', markup=False)
    if not learnt:
        raise LepatrolError(f'nothing on route {arguments.route!r} is looked at or photographed along a heading; give '
                            f'waypoints in {arguments.site} a look, or a photo with heading_deg')
    views.save(folder)
    console.print(f'{folder}: {len(views)} reference views, {learnt} of them new', markup=False,
                  highlight=False, soft_wrap=True)
    return 0
