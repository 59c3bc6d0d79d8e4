"""Many runs in many processes.

Each worker is a process of its own that takes one job after another. A job that raises, or whose worker is killed, is
a failed run and no more; a new worker takes the place of a dead one. Ctrl-C ends the workers, and what is done stands.
A campaign that was ended early can be gone on with: jobs and outcomes with the same key belong together.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import traceback
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, Protocol, TypeVar

from lepatrol.evaluation.job import Job
from lepatrol.model.errors import LepatrolError


class Outcome(Protocol):
    """What came of a job."""

    @property
    def key(self) -> Hashable:
        """Return what its job is known by in its campaign."""
        ...

    @property
    def failed(self) -> bool:
        """Tell whether the run did not come to its end."""
        ...


R = TypeVar('R', bound=Outcome)
R_co = TypeVar('R_co', bound=Outcome, covariant=True)


class Task(Protocol[R_co]):
    """A job that a campaign can do: it travels to another process, and its outcome back."""

    @property
    def key(self) -> Hashable:
        """Return what it is known by in its campaign."""
        ...

    def failure(self, error: str) -> R_co:
        """Return the outcome of a run that failed, with the reason."""
        ...


Run = Callable[[Any], R]
"""Does a job; must be a function of a module, so that other processes find it by name."""
Done = Callable[[R], None]

ONE_THREAD = dict.fromkeys(('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMEXPR_NUM_THREADS'), '1')
"""Workers fill the cores by themselves."""
_PATIENCE_S = 5.0
_JOBS_EACH = 25
"""So many jobs are done by one process: each leaves some ten megabytes that Panda3D does not give back."""


@dataclass(frozen=True, slots=True)
class Campaign(Generic[R]):
    """What came of a campaign, in the order of its jobs; ``interrupted`` when not all of them were done."""

    outcomes: tuple[R, ...]
    interrupted: bool = False

    @property
    def failed(self) -> int:
        """Return how many runs failed."""
        return sum(outcome.failed for outcome in self.outcomes)


def jobs_of(scenarios: Sequence[str], seeds: Sequence[int], template: Job) -> list[Job]:
    """Return a job for each seed and scenario, alike in the rest to ``template``.

    All scenarios come with one seed, then all with the next: a campaign that is ended early tells of each of them.
    """
    return [
        Job(scenario, seed, template.world, template.pictures)
        for seed in seeds for scenario in dict.fromkeys(scenarios)]


def left_to_do(jobs: Sequence[Task[R]], past: Iterable[R]) -> list[Task[R]]:
    """Return those of the jobs of which nothing has come yet."""
    known = {outcome.key for outcome in past}
    return [job for job in jobs if job.key not in known]


def in_order(jobs: Sequence[Task[R]], outcomes: Iterable[R], *, interrupted: bool) -> Campaign[R]:
    """Return what has come of jobs, whenever it was, in the order of the jobs."""
    known = {outcome.key: outcome for outcome in outcomes}
    return Campaign(tuple(known[job.key] for job in jobs if job.key in known), interrupted)


def carry_out(
    jobs: Sequence[Task[R]], run: Run[R], *, workers: int, done: Done[R] = lambda _: None,
) -> Campaign[R]:
    """Do all jobs with some workers; ``done`` is called here as each ends."""
    outcomes: dict[int, R] = {}
    waiting = deque(enumerate(jobs))
    staff: list[_Worker[R]] = []
    try:
        while waiting or any(worker.busy for worker in staff):
            while waiting and len(staff) < workers:
                staff.append(_Worker(run))
            for worker in staff:
                if waiting and not worker.busy:
                    worker.give(*waiting.popleft())
            for index, outcome in _collect(staff):
                outcomes[index] = outcome
                done(outcome)
            for worker in staff:
                if worker.is_spent:
                    worker.end()
            staff = [worker for worker in staff if worker.alive]
    except KeyboardInterrupt:
        return Campaign(tuple(outcomes[index] for index in sorted(outcomes)), interrupted=True)
    finally:
        for worker in staff:
            worker.end()
    return Campaign(tuple(outcomes[index] for index in sorted(outcomes)))


def _collect(staff: Sequence[_Worker[R]]) -> list[tuple[int, R]]:
    """Wait until a worker has something to tell or has died; return what came of their jobs."""
    ready = wait([worker.connection for worker in staff if worker.busy])
    return [worker.take() for worker in staff if worker.busy and worker.connection in ready]


class _Worker(Generic[R]):
    """One process, its end of the line, and the job it is at."""

    def __init__(self, run: Run[R]) -> None:
        context = multiprocessing.get_context('spawn')
        self.connection, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_work, args=(theirs, run), daemon=True)
        self._at: tuple[int, Task[R]] | None = None
        self._given = 0
        self.alive = True
        with _ctrl_c_held_back(), _environment(ONE_THREAD):
            self._process.start()
        theirs.close()

    @property
    def busy(self) -> bool:
        """Tell whether it is at a job."""
        return self._at is not None

    @property
    def is_spent(self) -> bool:
        """Tell whether it has done its share and a new process is to take its place."""
        return self.alive and not self.busy and self._given >= _JOBS_EACH

    def give(self, index: int, job: Task[R]) -> None:
        """Let it do a job; one that has just died is noticed in ``take``."""
        self._at = index, job
        self._given += 1
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(job)

    def take(self) -> tuple[int, R]:
        """Return the number of its job and what came of it: a failed run if the process has died."""
        assert self._at is not None, 'only who is at a job is waited for'
        index, job = self._at
        self._at = None
        try:
            outcome: R = self.connection.recv()
        except (EOFError, OSError):
            outcome = job.failure(self._last_words())
            self.end()
        return index, outcome

    def end(self) -> None:
        """End the process."""
        self.alive = False
        self.connection.close()
        self._process.terminate()
        self._process.join(_PATIENCE_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _last_words(self) -> str:
        self._process.join(_PATIENCE_S)
        code = self._process.exitcode
        if code is not None and code < 0:
            return f'the worker process was killed by {signal.Signals(-code).name}'
        return f'the worker process ended with exit code {code}'


def _work(connection: Connection, run: Run[Any]) -> None:
    """Do jobs until nobody asks any more."""
    import cv2  # noqa: PLC0415  (after the environment is set, and in the worker alone)

    cv2.setNumThreads(1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    logging.basicConfig(level=logging.ERROR)  # What a world leaves out is no news in every run.
    with suppress(EOFError, OSError):
        while True:
            job: Task[Any] = connection.recv()
            connection.send(_attempt(run, job))


def _attempt(run: Run[R], job: Task[R]) -> R:
    try:
        return run(job)
    except LepatrolError as error:
        return job.failure(str(error))
    except Exception as error:
        # Whatever it is, it is this run's and goes into the report.
        trace = ''.join(traceback.format_exception(error)).strip()
        return job.failure(f'{type(error).__name__}: {error}\n{trace}')


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Hold SIGINT back: a process started meanwhile never gets it, so that Ctrl-C is for us to answer."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables for processes started meanwhile."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
