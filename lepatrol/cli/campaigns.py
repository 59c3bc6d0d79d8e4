"""What commands that run campaigns of seeds share: their options, and the progress bar."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lepatrol.cli.options import seed

if TYPE_CHECKING:
    from lepatrol.evaluation.campaign import Campaign, R, Run, Task

_KEEP_EVERY_S = 30.0
"""Figures are kept when a run ends, if so long has passed since they were: a killed command loses little more."""


def add_campaign(parser: argparse.ArgumentParser, *, seeds: int) -> None:
    """Add ``--seeds`` (with its default), ``--seed`` and ``--workers``."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument('--seeds', type=_count, default=seeds, metavar='N',
                       help='run each with the seeds 1 to N (default: %(default)s)')
    which.add_argument('--seed', type=seed, metavar='K', help='run each with this seed only, and tell more')
    parser.add_argument('--workers', type=_count, default=os.cpu_count() or 1, metavar='K',
                        help='processes at once (default: the number of cores, %(default)s)')


def add_resume(parser: argparse.ArgumentParser) -> None:
    """Add ``--resume``."""
    parser.add_argument('--resume', type=Path, metavar='FILE',
                        help='figures of this campaign that was ended early: its runs are not done again')


def seeds_of(arguments: argparse.Namespace) -> Sequence[int]:
    """Return the seeds that are meant."""
    return range(1, arguments.seeds + 1) if arguments.seed is None else (arguments.seed,)


def carry_out_in_view(
    jobs: Sequence[Task[R]], run: Run[R], *, workers: int, note: Callable[[R], str],
    keep: Callable[[Campaign[R]], None], past: Sequence[R] = (), keep_every_s: float = _KEEP_EVERY_S,
) -> Campaign[R]:
    """Do the jobs of which nothing came in the ``past`` under a progress bar on the standard error.

    ``note`` says how it stands after each. ``keep`` is given now and then what has come of all jobs so far.
    """
    from rich import progress as bars
    from rich.console import Console

    from lepatrol.evaluation.campaign import carry_out, in_order, left_to_do

    columns = (
        bars.TextColumn('runs'), bars.BarColumn(), bars.MofNCompleteColumn(), bars.TextColumn('{task.fields[note]}'),
        bars.TimeElapsedColumn(), bars.TextColumn('to go'), bars.TimeRemainingColumn())
    with bars.Progress(*columns, console=Console(stderr=True)) as progress:
        rest = left_to_do(jobs, past)
        outcomes = list(past)
        kept_s = time.monotonic()
        task = progress.add_task('runs', total=len(jobs), completed=len(jobs) - len(rest), note='')

        def done(outcome: R) -> None:
            nonlocal kept_s
            progress.update(task, advance=1, note=note(outcome))
            outcomes.append(outcome)
            if time.monotonic() - kept_s >= keep_every_s:
                keep(in_order(jobs, outcomes, interrupted=True))
                kept_s = time.monotonic()

        campaign = carry_out(rest, run, workers=min(workers, len(rest)), done=done)
    return in_order(jobs, outcomes, interrupted=campaign.interrupted)


def _count(text: str) -> int:
    """Parse a whole number above zero."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f'{text!r} is no whole number above 0')
    return int(text)
