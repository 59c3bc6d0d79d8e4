"""A crew with a navigator that reaches every goal after a while, for behaviours that are tested without a patrol."""

import logging

from lepatrol.behaviours.photographer import Photographer
from lepatrol.behaviours.pilot import Pilot
from lepatrol.behaviours.stopwatch import Stopwatch
from lepatrol.behaviours.visit import Crew
from lepatrol.model.navigation import NavigationFeedback, NavigationState

STEP_S = 0.1
LOGGER = logging.getLogger(__name__)


class CrewBench:
    """Ticks a behaviour against a navigator that reaches goals in ``walk_s``, unless told otherwise."""

    def __init__(self, *, walk_s=0.3, retry_s=2.0):
        watch = Stopwatch()
        self.crew = Crew(watch, Pilot(watch, retry_s), Photographer(), photo_timeout_s=5.0)
        self.now_s = 0.0
        self.walk_s = walk_s
        self.goals, self.cancels = [], 0
        self.unreachable = {}
        self._goal, self._set_off_s = None, 0.0
        watch.advance(self.now_s)

    def step(self, tick):
        self.now_s += STEP_S
        pilot = self.crew.pilot
        self.crew.watch.advance(self.now_s)
        self._navigate()
        result = tick()
        goal = pilot.outgoing()
        if pilot.take_cancel():
            self.cancels += 1
            self._goal = None
        if goal is not None:
            self.goals.append(goal)
            self._goal, self._set_off_s = goal, self.now_s
        return result

    def run(self, tick, limit_s=200.0):
        """Tick until there is a result; fail if none comes."""
        end_s = self.now_s + limit_s
        while (result := self.step(tick)) is None:
            assert self.now_s < end_s, f'still at {self.goals[-1:]}'
        return result

    @property
    def places(self):
        """Return where goals were set, repeated ones once."""
        return [(round(goal.x_m, 6), round(goal.y_m, 6), goal.yaw_rad)
                for goal in {goal.goal_id: goal for goal in self.goals}.values()]

    def _navigate(self):
        if self._goal is None:
            return
        place, state, reason = (self._goal.x_m, self._goal.y_m), NavigationState.MOVING, ''
        if place in self.unreachable:
            state, reason = NavigationState.FAILED, self.unreachable[place]
        elif self.now_s - self._set_off_s >= self.walk_s - 1e-6:
            state = NavigationState.REACHED
        self.crew.pilot.on_feedback(NavigationFeedback(self.now_s, self._goal.goal_id, state, 0.0, reason))
