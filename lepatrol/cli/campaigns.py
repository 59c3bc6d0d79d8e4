"""What commands that run campaigns of seeds share: their options, and the progress bar."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lepatrol.cli.options import seed

if TYPE_CHECKING:
    from lepatrol.evaluation.campaign import Campaign, R, Run, Task


def add_campaign(parser: argparse.ArgumentParser, *, seeds: int) -> None:
    """Add ``--seeds`` (with its default), ``--seed`` and ``--workers``."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument('--seeds', type=_count, default=seeds, metavar='N',
                       help='run each with the seeds 1 to N (default: %(default)s)')
    which.add_argument('--seed', type=seed, metavar='K', help='run each with this seed only, and tell more')
    parser.add_argument('--workers', type=_count, default=os.cpu_count() or 1, metavar='K',
                        help='processes at once (default: the number of cores, %(default)s)')


def seeds_of(arguments: argparse.Namespace) -> Sequence[int]:
    """Return the seeds that are meant."""
    return range(1, arguments.seeds + 1) if arguments.seed is None else (arguments.seed,)


def carry_out_in_view(
    jobs: Sequence[Task[R]], run: Run[R], *, workers: int, note: Callable[[R], str],
) -> Campaign[R]:
    """Do the jobs under a progress bar on the standard error; ``note`` says how it stands after each."""
    from rich import progress as bars
    from rich.console import Console

    from lepatrol.evaluation.campaign import carry_out

    columns = (
        bars.TextColumn('runs'), bars.BarColumn(), bars.MofNCompleteColumn(), bars.TextColumn('{task.fields[note]}'),
        bars.TimeElapsedColumn(), bars.TextColumn('to go'), bars.TimeRemainingColumn())
    with bars.Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task('runs', total=len(jobs), note='')

        def done(outcome: R) -> None:
            progress.update(task, advance=1, note=note(outcome))

        return carry_out(jobs, run, workers=min(workers, len(jobs)), done=done)


def _count(text: str) -> int:
    """Parse a whole number above zero."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f'{text!r} is no whole number above 0')
    return int(text)
