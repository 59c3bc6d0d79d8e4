"""``lepatrol rounds``: whether a robot comes round every time, touches nothing, and keeps within its bounds."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lepatrol.cli.campaigns import add_campaign, carry_out_in_view, seeds_of
from lepatrol.cli.options import Commands, add_command, add_site
from lepatrol.cli.sigterm import code_of_interruption, interrupted_by_sigterm

if TYPE_CHECKING:
    from rich.table import Table

    from lepatrol.evaluation.campaign import Campaign
    from lepatrol.evaluation.round_run import RoundJob, RoundOutcome
    from lepatrol.evaluation.round_summary import RoundFigures, RoundResults

_DESCRIPTION = """\
Let a robot go one round of each route in lockstep with many seeds, with the noise of its sensors, 5 cm and 1 degree of
noise on its pose, and no pictures, and judge by ground truth: waypoints reached, collisions, the geofence left (its
polygon, its ceiling, or its floor but to start and to land), keep-out zones entered. The same seed gives the same run.

Ctrl-C and SIGTERM end early and report what is done.

Exit code: 0 when every round was flawless, 1 if any was not, 130 when interrupted by Ctrl-C, 143 by SIGTERM.
"""
_EXAMPLES = """\
  lepatrol rounds perimeter wall_air                    the prison's, 20 seeds each, all cores
  lepatrol rounds track border_air --site border --workers 1 --json out/border.json
  lepatrol rounds wall_air --seed 7                     one round alone
  lepatrol rounds my_loop --site my/site.yaml --robot my/robot.urdf.xacro
"""


def add_commands(commands: Commands) -> None:
    """Declare ``rounds``."""
    parser = add_command(commands, 'rounds', run, summary='go rounds of routes with many seeds, judged by ground truth',
                         description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument('routes', metavar='ROUTE', nargs='+', help='a route of the site, on the ground or in the air')
    add_site(parser)
    parser.add_argument('--robot', help='name of a robot (default: ugv for routes on the ground, uav for the air)')
    add_campaign(parser, seeds=20)
    parser.add_argument('--json', type=Path, metavar='FILE',
                        help='where the figures go, run by run (default: out/rounds.json, or '
                             'out/rounds-seed-K.json with --seed K)')


def run(arguments: argparse.Namespace) -> int:
    """Go the rounds, write the figures and print them."""
    from rich.console import Console

    from lepatrol.evaluation.round_run import round_jobs
    from lepatrol.evaluation.round_summary import replay_round, round_results, write_rounds_json

    if arguments.robot is not None:
        from lepatrol.resources import robot_path
        robot_path(arguments.robot)  # Better refused now than in every run.
    jobs = round_jobs(arguments.site, arguments.routes, seeds_of(arguments), arguments.robot)
    # A replay must not write over the campaign it comes from.
    name = 'rounds.json' if arguments.seed is None else f'rounds-seed-{arguments.seed}.json'
    json_file: Path = arguments.json or Path('out') / name
    with interrupted_by_sigterm() as signals:
        campaign = _carry_out(jobs, arguments.workers, lambda part: write_rounds_json(
            round_results(part, arguments.site, arguments.robot), json_file))
    results = round_results(campaign, arguments.site, arguments.robot)
    write_rounds_json(results, json_file)
    console = Console()
    console.print(table_of(results))
    for outcome in results.outcomes:
        if not outcome.flawless or arguments.seed is not None:
            said = outcome.error if arguments.seed is not None else outcome.error.partition('\n')[0]
            console.print(f'{replay_round(outcome, results)}: {said or fate_of(outcome)}', markup=False,
                          highlight=False, soft_wrap=True)
    console.print(f'written: {json_file}', markup=False, highlight=False, soft_wrap=True)
    if campaign.interrupted:
        console.print(f'interrupted after {len(campaign.outcomes)} of {len(jobs)} rounds')
        return code_of_interruption(signals)
    return 0 if results.flawless else 1


def fate_of(outcome: RoundOutcome) -> str:
    """Say in words what became of a round."""
    flaws = [f'{name}: {count}' for name, count in (
        (f'missed of {outcome.waypoints} waypoints', outcome.waypoints_missed), ('collisions', outcome.collisions),
        ('geofence breaks', outcome.geofence_breaks), ('keep-out zones entered', outcome.keep_out_breaks)) if count]
    told = ', '.join(flaws) or f'flawless, {outcome.waypoints} waypoints'
    charge = '' if outcome.battery_left is None else f', battery at {outcome.battery_left:.0%}'
    return f'{told}; {outcome.distance_m:.0f} m in {outcome.duration_s:.0f} s{charge}; {outcome.message}'


def table_of(results: RoundResults) -> Table:
    """Return the figures, a row for each: they are many, the routes few."""
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=f'Rounds of {escape(results.site)}', box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column('')
    for route in results.routes:
        table.add_column(escape(route), justify='right')
    columns = [_cells(figures) for figures in results.routes.values()]
    for name in columns[0] if columns else ():
        table.add_row(name, *(cells[name] for cells in columns))
    return table


def _cells(figures: RoundFigures) -> dict[str, str]:
    low, high = figures.flawless_rate.interval or (0.0, 1.0)
    return {
        'flawless': f'{figures.flawless} of {figures.runs}', '95 % interval': f'{low:.0%} to {high:.0%}',
        'waypoints reached': f'{figures.waypoints - figures.waypoints_missed} of {figures.waypoints}',
        'furthest from one on arrival, m': _number(figures.arrival_error_m, '.2f'),
        'collisions': str(figures.collisions), 'geofence breaks': str(figures.geofence_breaks),
        'keep-out zones entered': str(figures.keep_out_breaks), 'distance, m': _number(figures.distance_m.value, '.0f'),
        'duration, s': _number(figures.duration_s.value, '.0f'),
        'battery left, least': _number(figures.battery_left, '.0%'),
        'x real time': _number(figures.realtime_factor.value, '.1f')}


def _number(value: float | None, form: str) -> str:
    return '' if value is None else format(value, form)


def _carry_out(
    jobs: Sequence[RoundJob], workers: int, keep: Callable[[Campaign[RoundOutcome]], None],
) -> Campaign[RoundOutcome]:
    """Do the jobs under a progress bar."""
    from lepatrol.evaluation.round_run import run_round

    flawed = failed = 0

    def note(outcome: RoundOutcome) -> str:
        nonlocal flawed, failed
        failed += outcome.failed
        flawed += not outcome.flawless and not outcome.failed
        return f'{flawed} flawed, {failed} failed'

    return carry_out_in_view(jobs, run_round, workers=workers, note=note, keep=keep)
