"""What navigators share that plan a path of their own: the path, what stands on it, and waiting before that."""

from __future__ import annotations

import math
from abc import abstractmethod

from shapely import LineString, Polygon

from lepatrol.control.avoidance import CORRIDOR_MARGIN_M, InTheWay, in_the_way
from lepatrol.control.gated import GatedNavigator
from lepatrol.control.spell import Standstill
from lepatrol.control.track import Track
from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import STOP, Floats
from lepatrol.model.navigation import NavigationGoal, NavigationState
from lepatrol.model.zones import Zone
from lepatrol.settings.navigation import NavigatorSettings
from lepatrol.settings.robot import RobotSettings

_OFF_M = 0.1
"""So far off its path a robot comes by itself."""


class PathwiseNavigator(GatedNavigator):
    """Plans a path to its goal, follows it, and waits before what is unexpected on it."""

    def __init__(self, settings: NavigatorSettings, robot: RobotSettings) -> None:
        """Begin without a goal, standing still."""
        super().__init__(settings.gate, robot)
        self._settings = settings
        self._radius_m = robot.footprint_radius_m
        self._track: Track | None = None
        self._standstill = Standstill()
        self._command = STOP

    def on_goal(self, goal: NavigationGoal, now_s: float) -> None:
        """Drop the present goal for a new one; a place where the robot cannot be fails at once."""
        self._tick(now_s)
        self._stand_down(now_s)
        self._goal = goal
        if goal.yaw_rad is not None and not math.isfinite(goal.yaw_rad):
            self._end(NavigationState.FAILED, now_s, f'goal heading is {goal.yaw_rad}, expected a finite number')
        else:
            self._set_out(goal, now_s)

    def _mind_goal(self, goal: NavigationGoal, added: tuple[Zone, ...], is_lifted: bool, now_s: float) -> None:
        track = self._track
        if track is None or is_lifted or any(self._leads_through(zone, track) for zone in added):
            self._set_out(goal, now_s)

    def _leads_through(self, zone: Zone, track: Track) -> bool:
        """Tell whether the rest of a path comes too near to a zone."""
        points, _ = track.ahead(track.remaining_m)
        return bool(LineString(points).distance(Polygon(zone.polygon)) < self._radius_m + _OFF_M)

    @abstractmethod
    def _set_out(self, goal: NavigationGoal, now_s: float) -> None:
        """Begin with a new goal, which is in hand already."""

    @abstractmethod
    def _plan(self, obstacles_m: Floats | None, now_s: float) -> None:
        """Plan from here to the goal past points (n, 2) that the map does not hold.

        :raises PlanningError: saying why there is no way.
        """

    def _plan_first(self, now_s: float) -> None:
        """Plan on the map alone, and fail if that has no way."""
        try:
            self._plan(None, now_s)
        except PlanningError as error:
            self._end(NavigationState.FAILED, now_s, str(error))
        else:
            self._tell(NavigationState.MOVING, now_s, '')

    def _begin_anew(self, now_s: float) -> None:
        self._track = None
        self._standstill.end()
        self._command = STOP

    def _stand_down(self, now_s: float) -> None:
        super()._stand_down(now_s)
        self._track = None
        self._standstill.end()

    def _leaving(self) -> str:
        """Say that the robot is where it must not be, '' if it is not."""
        return f'leaving the keep-out zone {self._trespass.zone} by the shortest way' if self._trespass else ''

    def _seen_ahead(self, points_m: Floats, track: Track) -> InTheWay | None:
        """Return the nearest of points (n, 2) in ``map`` that is on the coming path, None for none."""
        reach = self._settings.avoidance.slow_distance_m + 2.0 * self._radius_m
        return in_the_way(points_m, track, self._radius_m + CORRIDOR_MARGIN_M, reach)

    def _gap_m(self, ahead: InTheWay | None) -> float:
        """Return how far the footprint is from what is ahead on the path, ``inf`` for nothing."""
        if ahead is None or self._track is None:
            return math.inf
        return ahead.along_m - self._track.progress_m - self._radius_m

    def _stand(self, now_s: float) -> float:
        """Stand before something, and return for how many seconds the robot has stood there."""
        pose = self._fusion.pose
        assert pose is not None, 'the gate holds a robot that does not know where it is'
        return self._standstill.stand(pose, now_s)

    def _tell(self, state: NavigationState, now_s: float, reason: str, remaining_m: float = 0.0) -> None:
        super()._tell(state, now_s, reason, self._track.remaining_m if self._track is not None else remaining_m)
