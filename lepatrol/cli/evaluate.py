"""``lepatrol evaluate``: how much is found, how soon, and how often for nothing."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lepatrol.cli.campaigns import add_campaign, add_resume, carry_out_in_view, seeds_of
from lepatrol.cli.options import Commands, add_command
from lepatrol.cli.sigterm import code_of_interruption, interrupted_by_sigterm
from lepatrol.model.errors import LepatrolError

if TYPE_CHECKING:
    from lepatrol.evaluation.campaign import Campaign
    from lepatrol.evaluation.job import Job, RunOutcome

EVERY = 'all'
"""Stands for every known scenario."""
_OUT = Path('out/evaluation')

_DESCRIPTION = """\
Run scenarios in lockstep, each with many seeds, in many processes, and score what the robot reported against what was
truly there. A seed draws positions, times, sizes, colours and clothing; the same seed gives the same run.

Writes DIR/index.html with pictures of what was missed and of every false alarm, and the figures as JSON, each with the
interval that holds the true value 95 times in 100. They are kept while it runs; Ctrl-C and SIGTERM end early and
report what is done. The same command with --resume and the file of figures then does the rest.

Exit code: 0 when every run came to its end, whatever was found; 1 if any failed; 130 when interrupted by Ctrl-C,
143 by SIGTERM.
"""
_EXAMPLES = """\
  lepatrol evaluate intruder_night                  ten seeds, all cores
  lepatrol evaluate intruder_night quiet --seeds 50 --workers 4
  lepatrol evaluate intruder_night --seed 17        replay one run alone, with its alerts as a timeline
  lepatrol evaluate all --seeds 50 --out out/night --json out/night.json
  lepatrol evaluate all --seeds 50 --out out/night --json out/night.json --resume out/night.json
  lepatrol evaluate my/fire_drill.yaml --world bench_yard
"""


def add_commands(commands: Commands) -> None:
    """Declare ``evaluate``."""
    parser = add_command(
        commands, 'evaluate', run, summary='run scenarios with many seeds and measure what is found',
        description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument('scenarios', metavar='SCENARIO', nargs='+', help=f"name or .yaml file, or '{EVERY}'")
    parser.add_argument('--world', help="name or .sdf file (default: the scenario's)")
    add_campaign(parser, seeds=10)
    parser.add_argument('--out', type=Path, metavar='DIR',
                        help=f'folder for the page and its pictures (default: {_OUT}, or {_OUT}/seed-K with --seed K)')
    add_resume(parser)
    parser.add_argument('--json', type=Path, metavar='FILE', help='where the figures go (default: DIR/results.json)')


def run(arguments: argparse.Namespace) -> int:
    """Run the campaign, write the report and print the table."""
    from rich.console import Console

    from lepatrol.cli.evaluation_text import tell
    from lepatrol.evaluation.campaign import jobs_of
    from lepatrol.evaluation.job import Job
    from lepatrol.evaluation.past_runs import read_outcomes
    from lepatrol.evaluation.report import PICTURES, write_report
    from lepatrol.evaluation.summary import results_of, write_json

    scenarios = _known(arguments.scenarios)
    if arguments.world is not None:
        from lepatrol.resources import world_path
        world_path(arguments.world)  # Better refused now than in every run.
    # A replay must not write over the campaign it comes from.
    out: Path = arguments.out or (_OUT if arguments.seed is None else _OUT / f'seed-{arguments.seed}')
    out.mkdir(parents=True, exist_ok=True)
    jobs = jobs_of(scenarios, seeds_of(arguments), Job('', 0, world=arguments.world, pictures=out / PICTURES))
    past = read_outcomes(arguments.resume, world=arguments.world) if arguments.resume else ()
    json_file = arguments.json or out / 'results.json'
    console = Console()
    with interrupted_by_sigterm() as signals:
        campaign = _carry_out(jobs, arguments.workers, past, lambda part: write_json(
            results_of(part, arguments.world), json_file))
    results = results_of(campaign, arguments.world)
    write_json(results, json_file)
    page = write_report(results, out)
    tell(console, results, with_timeline=arguments.seed is not None)
    console.print(f'written: {page}, {json_file}', markup=False, highlight=False, soft_wrap=True)
    if campaign.interrupted:
        console.print(f'interrupted after {len(campaign.outcomes)} of {len(jobs)} runs')
        return code_of_interruption(signals)
    return 1 if campaign.failed else 0


def _known(wanted: Sequence[str]) -> list[str]:
    """Return the scenarios that are meant, each checked to be there and to be readable.

    :raises FileError: for one that is not, with the names that are known.
    """
    from lepatrol import assembly, resources

    names = [name for word in wanted for name in (resources.known_scenarios() if word == EVERY else (word,))]
    if not names:
        raise LepatrolError('there are no scenarios in config/scenarios')
    for name in names:
        assembly.load_scenario(name)
    return names


def _carry_out(
    jobs: Sequence[Job], workers: int, past: Sequence[RunOutcome], keep: Callable[[Campaign[RunOutcome]], None],
) -> Campaign[RunOutcome]:
    """Do the jobs under a progress bar."""
    from lepatrol.evaluation.scenario_run import run_scenario

    missed = failed = false = 0

    def note(outcome: RunOutcome) -> str:
        nonlocal missed, failed, false
        missed += outcome.expected - outcome.found
        false += len(outcome.false_alarms)
        failed += outcome.failed
        return f'{missed} missed, {false} false alarms, {failed} failed'

    return carry_out_in_view(jobs, run_scenario, workers=workers, note=note, past=past, keep=keep)
