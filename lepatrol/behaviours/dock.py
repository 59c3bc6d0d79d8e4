"""Docking as a behaviour tree: go before the dock, drive in slowly, and see that the battery is being charged."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable

from py_trees.behaviour import Behaviour
from py_trees.common import Status
from py_trees.composites import Sequence

from lepatrol.behaviours.visit import Crew, GoTo, Stand, failure_reason
from lepatrol.model.dock import Dock
from lepatrol.model.geometry import Pose2
from lepatrol.model.site import Waypoint

CREEP_M = 0.5
"""It drives in by halts so far apart, so that it never gets fast."""


class AwaitCharging(Behaviour):
    """Stand until the battery says that it is being charged: FAILURE if it does not in time.

    A battery that never tells is believed to be charged once the time is over.
    """

    def __init__(self, crew: Crew, is_charging: Callable[[], bool | None], timeout_s: float) -> None:
        """Look at nothing yet."""
        super().__init__('await charging')
        self._crew, self._is_charging, self._timeout_s = crew, is_charging, timeout_s
        self._began_s = 0.0

    def initialise(self) -> None:
        """Begin to wait."""
        self.feedback_message = ''
        self._began_s = self._crew.watch.elapsed_s

    def update(self) -> Status:
        """Look at what the battery said last."""
        is_charging = self._is_charging()
        if is_charging:
            return Status.SUCCESS
        if self._crew.watch.elapsed_s - self._began_s < self._timeout_s - 1e-9:
            return Status.RUNNING
        if is_charging is None:
            return Status.SUCCESS
        self.feedback_message = f'no charging current within {self._timeout_s:g} s'
        return Status.FAILURE


class Docking:
    """Drive into the dock, trying again where it fails; :meth:`tick` it until it says how it ended."""

    def __init__(
        self, crew: Crew, dock: Dock, *, is_charging: Callable[[], bool | None], attempts: int, contact_s: float,
        retry_s: float, logger: logging.Logger,
    ) -> None:
        """Ask nothing of anybody before the first tick; a try that failed is followed by the next after ``retry_s``."""
        self.reason = ''
        """Why the last try failed, '' while none has."""
        self._crew = crew
        self._dock = dock
        self._is_charging = is_charging
        self._attempts = attempts
        self._contact_s, self._retry_s = contact_s, retry_s
        self._log = logger
        self._attempt = 1
        self._tree = self._new_tree(0.0)

    @property
    def note(self) -> str:
        """Say how it stands."""
        return f'try {self._attempt} of {self._attempts} ({self.reason})' if self.reason else ''

    def tick(self) -> bool | None:
        """Advance without blocking: True when it is being charged, False when all tries failed, None meanwhile."""
        self._tree.tick_once()
        if self._tree.status is not Status.FAILURE:
            return True if self._tree.status is Status.SUCCESS else None
        self.reason = failure_reason(self._tree)
        self._log.warning('docking, try %d of %d: %s', self._attempt, self._attempts, self.reason)
        if self._attempt >= self._attempts:
            return False
        self._attempt += 1
        self._tree = self._new_tree(self._retry_s)
        return None

    def stop(self) -> None:
        """Interrupt whatever is going on and take back what was asked; ticked again it begins the try anew."""
        self._tree.stop(Status.INVALID)

    def _new_tree(self, delay_s: float) -> Behaviour:
        dock, crew = self._dock, self._crew
        count = max(1, math.ceil(dock.approach_m / CREEP_M - 1e-9))
        leaves: list[Behaviour] = [Stand(crew, delay_s)] if delay_s > 0.0 else []
        leaves += [_drive_to(crew, dock.before(dock.approach_m * (count - i) / count)) for i in range(count + 1)]
        leaves.append(AwaitCharging(crew, self._is_charging, self._contact_s))
        return Sequence('dock', memory=True, children=leaves)


def _drive_to(crew: Crew, pose: Pose2) -> GoTo:
    return GoTo(crew, Waypoint('dock', pose.x_m, pose.y_m, pose.yaw_rad), pose.yaw_rad)
