"""A mission being walked: visit after visit, round after round, with what is done when a waypoint cannot be reached."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from dataclasses import dataclass

from lepatrol.behaviours.visit import Crew, Visit, describe
from lepatrol.model.mission import MissedWaypoint, Mission, MissionState
from lepatrol.model.site import OnFailure, Waypoint
from lepatrol.planning.progress import Progress
from lepatrol.planning.route import visits_of_round

IsFree = Callable[[float, float], bool]
"""Tells whether the robot can stand at (x, y) of ``map``."""

IN_OBSTACLE = 'stands in an obstacle of the map or in a keep-out zone'


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended (DONE, ABORTED) or that the robot must go home (GOING_HOME), and why."""

    state: MissionState
    message: str


class MissionRun:
    """Walk one mission from wherever its progress says."""

    def __init__(
        self, crew: Crew, progress: Progress, *, is_free: IsFree, retry_delay_s: float, logger: logging.Logger,
    ) -> None:
        """Do nothing yet; a failed waypoint is tried again after ``retry_delay_s``."""
        self.progress = progress
        self.message = ''
        """What went wrong last, until a later waypoint is reached."""
        self.visits = visits_of_round(progress.mission, progress.round)
        """The waypoints of the present round in visiting order."""
        self._crew = crew
        self._is_free = is_free
        self._retry_delay_s = retry_delay_s
        self._log = logger
        self._visit: Visit | None = None
        self._said_at: tuple[int, int] | None = None
        self._tried_one = progress.visit > 0

    @property
    def mission(self) -> Mission:
        """Return what is walked."""
        return self.progress.mission

    @property
    def waypoint(self) -> Waypoint:
        """Return the waypoint being visited."""
        return self.visits[self.progress.visit]

    @property
    def action(self) -> str:
        """Say what is being done at the waypoint; nothing while walking."""
        if self._visit is None or self._visit.action is None:
            return ''
        return describe(self.waypoint.actions[self._visit.action])

    def tick(self) -> Outcome | None:
        """Advance without blocking; waypoints that stand in obstacles are passed over, at most a round of them."""
        for _ in range(len(self.visits)):
            outcome = self._tick_visit()
            if outcome is not None or self._visit is not None:
                return outcome
        return None

    def interrupt(self) -> None:
        """Stop walking or acting; the next tick goes on with the first action not finished."""
        if self._visit is not None:
            self._visit.stop()
            self._visit = None

    def finish_action(self) -> None:
        """Take the action in hand as finished although the run is interrupted."""
        self._set(actions_done=self.progress.actions_done + 1)

    def skip(self) -> Outcome | None:
        """Leave out the waypoint being walked to, or the rest of its actions."""
        self.interrupt()
        if not self.progress.reached:
            self._miss('skipped by the operator')
        return self._advance()

    def _tick_visit(self) -> Outcome | None:
        if self._visit is None:
            if not self._is_free(self.waypoint.x_m, self.waypoint.y_m):
                return self._give_up(IN_OBSTACLE)
            self._visit = self._new_visit()
            self._tried_one = True
        visit = self._visit
        arrived = visit.tick()
        if visit.action is not None and not self.progress.reached:
            self._set(reached=True)
        if arrived is None:
            return None
        self._visit = None
        if not arrived:
            return self._walk_failed(visit.reason)
        if self._said_at != self._place:
            self.message = ''
        return self._advance()

    @property
    def _place(self) -> tuple[int, int]:
        return self.progress.round, self.progress.visit

    def _new_visit(self) -> Visit:
        progress = self.progress
        return Visit(
            self._crew, self.waypoint, progress.round, first_action=progress.actions_done,
            delay_s=self._retry_delay_s if progress.attempts else 0.0, on_action=self._action_ended)

    def _action_ended(self, index: int, reason: str) -> None:
        if reason:
            self._miss(f'{describe(self.waypoint.actions[index])}: {reason}')
        self._set(reached=True, actions_done=index + 1)

    def _walk_failed(self, reason: str) -> Outcome | None:
        waypoint = self.waypoint
        self._set(attempts=self.progress.attempts + 1)
        if waypoint.on_failure is OnFailure.RETRY and self.progress.attempts <= waypoint.retries:
            self._say(f'{waypoint.name}: {reason}; retry {self.progress.attempts} of {waypoint.retries}')
            return None
        return self._give_up(reason)

    def _give_up(self, reason: str) -> Outcome | None:
        why = f'{self.waypoint.name}: {reason}'
        if self.progress.homeward:
            return Outcome(MissionState.ABORTED, f'cannot come home: {why}')
        self._miss(reason)
        if self.waypoint.on_failure is OnFailure.ABORT:
            return Outcome(MissionState.ABORTED, why)
        if self.waypoint.on_failure is OnFailure.HOME:
            return Outcome(MissionState.GOING_HOME, why)
        return self._advance()

    def _advance(self) -> Outcome | None:
        progress, mission = self.progress, self.mission
        if progress.visit + 1 < len(self.visits):
            self._set(visit=progress.visit + 1, reached=False, actions_done=0, attempts=0)
            return None
        if mission.rounds is not None and progress.round >= mission.rounds:
            return Outcome(MissionState.DONE, self._summary())
        if not self._tried_one:
            # A patrol for ever must not spin on a map that has no place for it.
            return Outcome(MissionState.ABORTED, f'every waypoint of {mission.name} {IN_OBSTACLE}')
        self._set(round=progress.round + 1, visit=0, reached=False, actions_done=0, attempts=0)
        self._tried_one = False
        self.visits = visits_of_round(mission, self.progress.round)
        return None

    def _summary(self) -> str:
        missed = len(self.progress.missed)
        return f'{self.mission.name} is done' + (f', {missed} missed' if missed else '')

    def _miss(self, reason: str) -> None:
        missed = MissedWaypoint(self.waypoint.name, self.progress.round, reason)
        self._set(missed=(*self.progress.missed, missed))
        self._say(f'{missed.waypoint} missed: {reason}')

    def _say(self, message: str) -> None:
        self.message, self._said_at = message, self._place
        self._log.warning('%s', message)

    def _set(self, **changes: object) -> None:
        self.progress = dataclasses.replace(self.progress, **changes)  # type: ignore[arg-type]
