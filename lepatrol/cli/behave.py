"""``lepatrol behave``: whether a robot does about what it finds what it ought to, and comes back to its round."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lepatrol.cli.campaigns import add_campaign, add_resume, carry_out_in_view, seeds_of
from lepatrol.cli.options import Commands, add_command
from lepatrol.cli.sigterm import code_of_interruption, interrupted_by_sigterm

if TYPE_CHECKING:
    from rich.table import Table

    from lepatrol.evaluation.behaviour_job import BehaviourJob, BehaviourOutcome
    from lepatrol.evaluation.behaviour_summary import BehaviourResults, TrialFigures
    from lepatrol.evaluation.campaign import Campaign

_SITES = ('prison', 'border')
_DESCRIPTION = """\
Put what a robot does besides its round to the test, in lockstep with many seeds, with the noise of its sensors and 5 cm
and 1 degree of noise on its pose, and judge by ground truth that no behaviour sees. The same seed gives the same run.

  investigate      somebody climbs over the fence: found, looked at again, confirmed
  withdraw         an alert about nothing is withdrawn at the second look
  inspect_free     an object in the open is seen from 300 degrees or more, its size right within 15 % or 5 cm
  inspect_wall     one against a wall or fence from 120 degrees or more
  parcel           an object that the site knows is closed by its label
  standoff_people  the stand-off is kept while people walk about, and who comes near is warned
  follow           who walks along the fence is in view nine tenths of the time that this is possible
  lockdown         whatever it is at, the robot obeys within 2 s, stays at its post, and goes on after the release
  greet_queue      four visitors, one after the other: a good badge, an expired one, none, and one who leaves while he
                   speaks; each is greeted once, and his badge is taken for what it is worth
  greet_two        two who talk at once are answered apart
  greet_nobody     staff on duty, and who passes by, stands far off or runs about: nobody is greeted
  lead             one is led and waited for, arrives, and is then led no farther than visitors may go
  lead_astray      who walks off is given up, and his orders to the robot are only words
  battery          rounds that the battery is too small for: never empty, charged, gone on with

In all but follow the round ends with no waypoint left out, and none gone to twice.

The figures are kept while it runs; Ctrl-C and SIGTERM end early and report what is done. The same command with
--resume and the file of figures then does the rest.

Exit code: 0 when every run passed, 1 if any did not, 130 when interrupted by Ctrl-C, 143 by SIGTERM.
"""
_EXAMPLES = """\
  lepatrol behave --seeds 20                            all trials on both sites
  lepatrol behave lockdown battery --workers 1          those that need no pictures are fast
  lepatrol behave inspect_wall --site border --seed 7   one run alone, and what was found out in it
"""


def add_commands(commands: Commands) -> None:
    """Declare ``behave``."""
    parser = add_command(commands, 'behave', run, summary='put behaviours to the test with many seeds, judged by '
                         'ground truth', description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument('trials', metavar='TRIAL', nargs='*', help='which trials (default: all)')
    parser.add_argument('--site', choices=_SITES, help='on this site only (default: on each that a trial is made for)')
    add_campaign(parser, seeds=5)
    add_resume(parser)
    parser.add_argument('--json', type=Path, metavar='FILE',
                        help='where the figures go, run by run (default: out/behave.json, or '
                             'out/behave-seed-K.json with --seed K)')


def run(arguments: argparse.Namespace) -> int:
    """Hold the trials, write the figures and print them."""
    from rich.console import Console

    from lepatrol.evaluation.behaviour_summary import behaviour_results, replay_trial, write_behaviour_json
    from lepatrol.evaluation.behaviour_trials import behaviour_jobs
    from lepatrol.evaluation.past_runs import read_trials

    sites = (arguments.site,) if arguments.site else _SITES
    jobs = behaviour_jobs(arguments.trials, sites, seeds_of(arguments))
    past = read_trials(arguments.resume) if arguments.resume else ()
    # A replay must not write over the campaign it comes from.
    name = 'behave.json' if arguments.seed is None else f'behave-seed-{arguments.seed}.json'
    json_file: Path = arguments.json or Path('out') / name
    with interrupted_by_sigterm() as signals:
        campaign = _carry_out(jobs, arguments.workers, past, lambda part: write_behaviour_json(
            behaviour_results(part), json_file))
    results = behaviour_results(campaign)
    write_behaviour_json(results, json_file)
    console = Console()
    console.print(table_of(results))
    for outcome in results.outcomes:
        if not outcome.passed or arguments.seed is not None:
            console.print(f'{replay_trial(outcome)}: {fate_of(outcome, whole=arguments.seed is not None)}',
                          markup=False, highlight=False, soft_wrap=True)
    console.print(f'written: {json_file}', markup=False, highlight=False, soft_wrap=True)
    if campaign.interrupted:
        console.print(f'interrupted after {len(campaign.outcomes)} of {len(jobs)} runs')
        return code_of_interruption(signals)
    return 0 if results.passed else 1


def fate_of(outcome: BehaviourOutcome, *, whole: bool) -> str:
    """Say in words what became of a run; with ``whole`` also what it was like."""
    if outcome.failed:
        return outcome.error if whole else outcome.error.partition('\n')[0]
    told = '; '.join(outcome.reasons) or 'passed'
    return f'{told}\n  {outcome.about}' if whole and outcome.about else told


def table_of(results: BehaviourResults) -> Table:
    """Return the figures, a row for each trial and site."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title='Behaviour trials', box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ('trial', 'site', 'passed', '95 % interval', 'figure', 'worst', 'mean'):
        table.add_column(name, justify='right' if name in ('worst', 'mean') else 'left')
    for (trial, site), figures in results.trials.items():
        table.add_row(trial, site, *_cells(figures), end_section=True)
    return table


def _cells(trial: TrialFigures) -> tuple[str, ...]:
    low, high = trial.passed_rate.interval or (0.0, 1.0)
    spreads = trial.figures.values()
    return (f'{trial.passed} of {trial.runs}', f'{low:.0%} to {high:.0%}', '\n'.join(trial.figures),
            '\n'.join(f'{spread.worst:.2f}' for spread in spreads),
            '\n'.join(f'{spread.mean:.2f}' for spread in spreads))


def _carry_out(
    jobs: Sequence[BehaviourJob], workers: int, past: Sequence[BehaviourOutcome],
    keep: Callable[[Campaign[BehaviourOutcome]], None],
) -> Campaign[BehaviourOutcome]:
    """Do the jobs under a progress bar."""
    from lepatrol.evaluation.behaviour_trials import run_behaviour

    wrong = failed = 0

    def note(outcome: BehaviourOutcome) -> str:
        nonlocal wrong, failed
        failed += outcome.failed
        wrong += not outcome.passed and not outcome.failed
        return f'{wrong} not passed, {failed} failed'

    return carry_out_in_view(jobs, run_behaviour, workers=workers, note=note, past=past, keep=keep)
