"""The battery in the patrol's eyes: the robot goes home to charge in time, and a mission waits until it is charged."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence

from lepatrol.behaviours.dock import Docking
from lepatrol.behaviours.visit import Crew, Visit
from lepatrol.model.dock import Dock
from lepatrol.model.observation import BatteryState, PoseEstimate
from lepatrol.model.site import Waypoint
from lepatrol.planning.energy_budget import EnergyBudget
from lepatrol.settings.patrol import BatterySettings


class Recharge:
    """Watch the charge, and walk (or fly) home to charge when told to.

    A battery needs charging from the moment on that it is low, or that little more than the way home takes is left,
    until it is charged. A robot that tells of no battery never does. Where there is a dock, charging is done there; if
    docking fails as often as it is tried, the robot stands at home, says so and waits for a person.
    """

    def __init__(
        self, crew: Crew, home: Waypoint, settings: BatterySettings, *, retry_s: float, logger: logging.Logger,
        dock: Dock | None = None, budget: EnergyBudget | None = None,
    ) -> None:
        """Know of no battery yet; a way home that fails is tried again after ``retry_s``.

        Without a ``budget`` what the way home takes is not known, and the low threshold alone counts.
        """
        self.is_needed = False
        """Whether the battery must be charged before anything else is done."""
        self.leaves_rest = False
        """Whether a robot on the ground must go, too, that has nothing to do where it stands: it would not come home
        later."""
        self._crew = crew
        self._home = home
        self._settings = settings
        self._retry_s = retry_s
        self._log = logger
        self._dock = dock
        self._budget = budget
        self._state: BatteryState | None = None
        self._way_share = 0.0
        self._visit: Visit | None = None
        self._docking: Docking | None = None
        self._is_there = self._is_docked = False
        self._lost_contact_s: float | None = None
        self._trouble = ''

    @property
    def is_begun(self) -> bool:
        """Tell whether the robot is on its way to charge, or charging."""
        return self.is_on_the_way or self._is_there

    @property
    def is_on_the_way(self) -> bool:
        """Tell whether the robot is on its way home, or into the dock."""
        return self._visit is not None or self._docking is not None

    @property
    def charge(self) -> str:
        """Say how full the battery is."""
        if self._state is None:
            return 'the battery is low'
        return f'the battery is at {math.floor(100 * self._state.percentage)} %'

    @property
    def note(self) -> str:
        """Say what is done about the battery, '' for nothing."""
        trouble = f' ({self._trouble})' if self._trouble else ''
        if self._docking is not None:
            tried = f', {self._docking.note}' if self._docking.note else ''
            return f'{self._reason}: going to the dock to charge{tried}'
        if self._visit is not None:
            return f'{self._reason}: going home to charge{trouble}'
        if self._is_there:
            where = 'in the dock' if self._is_docked else 'at home'
            return f'{self.charge}: {where}, charging up to {100 * self._settings.charged:.0f} %{trouble}'
        return ''

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Take where the robot is."""
        if self._budget is not None:
            self._budget.on_pose(estimate)

    def on_battery(self, state: BatteryState) -> None:
        """Take the charge; one that is no share is passed over."""
        if not (math.isfinite(state.percentage) and 0.0 <= state.percentage <= 1.0):
            return
        self._state = state
        self._way_share = 0.0
        if self._budget is not None:
            self._budget.on_battery(state)
            self._way_share = self._budget.home_share
        must_go = state.percentage - self._settings.margin * self._way_share <= self._settings.reserve
        if state.percentage <= self._settings.low or (self._budget is not None and must_go):
            self.is_needed = True
            self.leaves_rest = self._budget is not None and must_go and not self._is_there
        elif state.percentage >= self._settings.charged:
            self.is_needed = self.leaves_rest = False

    def refusal(self, visits: Sequence[Waypoint]) -> str:
        """Say why no mission can begin with these visits as its first round, '' where the charge is enough."""
        if self.is_needed:
            return f'{self.charge}; it must be charged first'
        if self._budget is None or self._state is None or not visits:
            return ''
        outlook = self._budget.outlook(
            self._state.percentage, visits, reserve=self._settings.reserve, margin=self._settings.margin)
        if outlook.lacking_wh <= 0.0:
            return ''
        return (f'{self.charge} ({outlook.left_wh:.0f} Wh); the round takes {outlook.round_wh:.0f} Wh, the way home '
                f'after it {outlook.home_wh:.0f} Wh, and {outlook.reserve_wh:.0f} Wh stay in reserve: '
                f'{math.ceil(outlook.lacking_wh)} Wh too little; it must be charged first')

    def begin(self) -> None:
        """Set out for the dock, or for home where there is none."""
        self._forget()
        if self._dock is not None:
            self._log.warning('%s: going to the dock to charge', self._reason)
            self._docking = self._new_docking(self._dock)
        else:
            self._log.warning('%s: going home to charge', self._reason)
            self._visit = self._way_home(0.0)

    def interrupt(self) -> None:
        """Take back what was asked of the crew; the next tick asks for it again."""
        for stage in (self._visit, self._docking):
            if stage is not None:
                stage.stop()

    def end(self) -> None:
        """Do nothing about the battery any more: it is charged, or something else is done."""
        self.interrupt()
        self._forget()

    def tick(self) -> None:
        """Advance without blocking."""
        if self._docking is not None:
            self._dock_on(self._docking)
        elif self._visit is not None:
            self._walk_on(self._visit)
        elif self._is_docked and self._dock is not None and self._is_contact_lost():
            self._log.error('in the dock and no longer charged; docking again')
            self._docking, self._is_there, self._is_docked = self._new_docking(self._dock), False, False

    @property
    def _reason(self) -> str:
        """Say why it must be charged."""
        if self._state is None or self._state.percentage <= self._settings.low or not self._way_share:
            return self.charge
        return f'{self.charge} and the way home takes {100 * self._way_share:.0f} %'

    def _dock_on(self, docking: Docking) -> None:
        docked = docking.tick()
        if docked is None:
            return
        self._docking, self._lost_contact_s = None, None
        if docked:
            self._is_there = self._is_docked = True
            self._log.info('in the dock to charge')
        else:
            self._trouble = f'docking failed: {docking.reason}; somebody must see to it'
            self._log.error('%s', self._trouble)
            self._visit = self._way_home(0.0)

    def _walk_on(self, visit: Visit) -> None:
        arrived = visit.tick()
        if arrived is False:
            self._trouble = f'cannot come home: {visit.reason}; trying again'
            self._log.error('%s', self._trouble)
            self._visit = self._way_home(self._retry_s)
        elif arrived:
            self._visit, self._is_there = None, True
            self._log.info('at home to charge')

    def _is_contact_lost(self) -> bool:
        """Tell whether the battery has said for long enough that it is not charged any more."""
        now_s = self._crew.watch.elapsed_s
        if self._state is None or self._state.is_charging is not False:
            self._lost_contact_s = None
            return False
        if self._lost_contact_s is None:
            self._lost_contact_s = now_s
        return now_s - self._lost_contact_s >= self._settings.dock_contact_s

    def _new_docking(self, dock: Dock) -> Docking:
        return Docking(
            self._crew, dock, is_charging=lambda: self._state.is_charging if self._state else None,
            attempts=self._settings.dock_attempts, contact_s=self._settings.dock_contact_s, retry_s=self._retry_s,
            logger=self._log)

    def _way_home(self, delay_s: float) -> Visit:
        return Visit(self._crew, self._home, 0, delay_s=delay_s, on_action=lambda index, reason: None)

    def _forget(self) -> None:
        self._visit, self._docking = None, None
        self._is_there = self._is_docked = False
        self._trouble, self._lost_contact_s = '', None
