"""The battery in the patrol's eyes: when it is low the robot goes home, and a mission waits until it is charged."""

from __future__ import annotations

import logging
import math

from lepatrol.behaviours.visit import Crew, Visit
from lepatrol.model.observation import BatteryState
from lepatrol.model.site import Waypoint
from lepatrol.settings.patrol import BatterySettings


class Recharge:
    """Watch the charge, and walk (or fly) home to charge when told to.

    A battery needs charging from the moment it is low until it is charged. A robot that tells of no battery never does.
    """

    def __init__(
        self, crew: Crew, home: Waypoint, settings: BatterySettings, *, retry_s: float, logger: logging.Logger,
    ) -> None:
        """Know of no battery yet; a way home that fails is tried again after ``retry_s``."""
        self.is_needed = False
        """Whether the battery must be charged before anything else is done."""
        self._crew = crew
        self._home = home
        self._settings = settings
        self._retry_s = retry_s
        self._log = logger
        self._share: float | None = None
        self._visit: Visit | None = None
        self._is_home = False
        self._trouble = ''

    @property
    def is_begun(self) -> bool:
        """Tell whether the robot is on its way home to charge, or there."""
        return self._visit is not None or self._is_home

    @property
    def is_on_the_way(self) -> bool:
        """Tell whether the robot is on its way home."""
        return self._visit is not None

    @property
    def charge(self) -> str:
        """Say how full the battery is."""
        return 'the battery is low' if self._share is None else f'the battery is at {math.floor(100 * self._share)} %'

    @property
    def note(self) -> str:
        """Say what is done about the battery, '' for nothing."""
        if self._visit is not None:
            return f'{self.charge}: going home to charge' + (f' ({self._trouble})' if self._trouble else '')
        if self._is_home:
            return f'{self.charge}: at home, charging up to {100 * self._settings.charged:.0f} %'
        return ''

    def on_battery(self, state: BatteryState) -> None:
        """Take the charge; one that is no share is passed over."""
        if not (math.isfinite(state.percentage) and 0.0 <= state.percentage <= 1.0):
            return
        self._share = state.percentage
        if self._share <= self._settings.low:
            self.is_needed = True
        elif self._share >= self._settings.charged:
            self.is_needed = False

    def begin(self) -> None:
        """Set out for home."""
        self._log.warning('%s: going home to charge', self.charge)
        self._trouble, self._is_home = '', False
        self._visit = self._way_home(0.0)

    def interrupt(self) -> None:
        """Take back the way home for now; the next tick sets out again."""
        if self._visit is not None:
            self._visit.stop()

    def end(self) -> None:
        """Do nothing about the battery any more: it is charged, or something else is done."""
        if self._visit is not None:
            self._visit.stop()
        self._visit, self._is_home = None, False

    def tick(self) -> None:
        """Advance without blocking."""
        if self._visit is None:
            return
        arrived = self._visit.tick()
        if arrived is False:
            self._trouble = f'cannot come home: {self._visit.reason}; trying again'
            self._log.error('%s', self._trouble)
            self._visit = self._way_home(self._retry_s)
        elif arrived:
            self._visit, self._is_home = None, True
            self._log.info('at home to charge')

    def _way_home(self, delay_s: float) -> Visit:
        return Visit(self._crew, self._home, 0, delay_s=delay_s, on_action=lambda index, reason: None)
