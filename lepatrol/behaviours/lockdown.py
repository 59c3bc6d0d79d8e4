"""Lockdown: go to the post or stop where the robot stands, and stay until the operator releases it."""

from __future__ import annotations

from lepatrol.behaviours.errand import Ending, Errand
from lepatrol.behaviours.visit import Crew, Visit
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.site import Waypoint


class Lockdown(Errand):
    """Hold the robot at its post, or where it stands where there is none; it never ends by itself."""

    kind = BehaviourKind.LOCKDOWN

    def __init__(self, crew: Crew, post: Waypoint | None, *, retry_s: float) -> None:
        """Ask for nothing yet; a way to the post that fails is tried again after ``retry_s``."""
        super().__init__('lockdown', 'the site is locked down')
        self._crew = crew
        self._post = post
        self._retry_s = retry_s
        self._visit: Visit | None = None
        self._is_there = post is None
        self.note = 'standing still until release'

    def tick(self) -> Ending | None:
        """Go on to the post; there, and without one, do nothing."""
        if self._post is None or self._is_there:
            return None
        if self._visit is None:
            self._visit = self._way(self._post, 0.0)
            self.note = f'going to the post {self._post.name}'
        arrived = self._visit.tick()
        if arrived:
            self._is_there, self._visit = True, None
            self.note = f'at the post {self._post.name} until release'
        elif arrived is False:
            self.note = f'cannot come to the post {self._post.name}: {self._visit.reason}; trying again'
            self._visit = self._way(self._post, self._retry_s)
        return None

    def interrupt(self) -> None:
        """Take the goal back; the next tick sets out again, for who had the robot may have moved it."""
        if self._visit is not None:
            self._visit.stop()
            self._visit = None
        self._is_there = self._post is None

    def _way(self, post: Waypoint, delay_s: float) -> Visit:
        return Visit(self._crew, post, 0, delay_s=delay_s, on_action=lambda index, reason: None)
