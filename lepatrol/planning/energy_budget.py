"""Whether the charge that is left brings the robot home from where it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lepatrol.model.geometry import wrap_angle
from lepatrol.model.observation import BatteryState, PoseEstimate
from lepatrol.model.site import Medium, Waypoint
from lepatrol.planning.energy import Effort, EnergyModel
from lepatrol.planning.ways_home import WaysHome
from lepatrol.settings.energy import EnergySettings

_STEP_M, _STEP_RAD = 0.5, 0.3
"""Smaller moves are not counted until they add up: pose noise is no work."""
_JUMP_M, _GAP_S = 5.0, 5.0
"""Larger ones are localisation finding itself, and a clock that was set."""
_WINDOW_M, _WINDOW_S = 5.0, 60.0
"""What is learned from: so long a way, gone in so short a time. Who stands is not measured by what driving takes."""
_ALOFT_M = 0.5


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a round and the way home after it would take, in watt-hours, of what is left above the reserve."""

    left_wh: float
    round_wh: float
    home_wh: float
    reserve_wh: float

    @property
    def lacking_wh(self) -> float:
        """Return how much is too little, 0 or less where it is enough."""
        return self.round_wh + self.home_wh + self.reserve_wh - self.left_wh


class EnergyBudget:
    """Follows pose and battery, learns what the battery truly loses, and knows what the way home takes."""

    def __init__(self, settings: EnergySettings, medium: Medium, home: Waypoint, ways: WaysHome) -> None:
        """Know nothing of pose and charge yet; the battery's capacity is known."""
        self.model = EnergyModel(settings, medium)
        self._ways = ways
        self._flies = medium is Medium.AIR
        self._home = home
        self._place_m: tuple[float, float, float] | None = None
        self._counted: PoseEstimate | None = None
        self._stamp_s: float | None = None
        self._window = Effort()
        self._expected_wh = 0.0
        self._window_share: float | None = None

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Count time, way and turns; an estimate that is no number is passed over."""
        place = estimate.pose.position_m
        if not all(map(math.isfinite, (*place, estimate.stamp_s))):
            return
        since_s = estimate.stamp_s - self._stamp_s if self._stamp_s is not None else 0.0
        self._place_m, self._stamp_s = place, estimate.stamp_s
        if not 0.0 <= since_s <= _GAP_S:
            self._begin_window(None)
            self._counted = estimate
            return
        self._take(Effort(since_s))
        self._count_move(estimate)

    def on_battery(self, state: BatteryState) -> None:
        """Learn from what was lost, unless it is being charged."""
        share = state.percentage
        begun = self._window_share
        if state.is_charging or begun is None or share > begun:
            self._begin_window(None if state.is_charging else share)
        elif self._window.length_m >= _WINDOW_M:
            lost_wh = (begun - share) * self.model.settings.capacity_wh
            self.model.correction.learn(self._expected_wh, lost_wh)
            self._begin_window(share)
        elif self._window.duration_s > _WINDOW_S:
            self._begin_window(share)

    @property
    def home_share(self) -> float:
        """Return the share of the full charge that the way home takes from here; 0 while it is not known where."""
        return self.model.share(self._home_wh(self._place_m)) if self._place_m is not None else 0.0

    def outlook(self, share: float, visits: Sequence[Waypoint], *, reserve: float, margin: float) -> Outlook:
        """Return what visiting waypoints from here, and the way home from the last, would take of a charge."""
        last = visits[-1]
        model = self.model
        return Outlook(
            share * model.settings.capacity_wh, model.cost_wh(model.round(self._place_m, visits)),
            margin * self._home_wh((last.x_m, last.y_m, last.z_m)), reserve * model.settings.capacity_wh)

    def _home_wh(self, place_m: tuple[float, float, float]) -> float:
        length = self._ways(place_m[0], place_m[1])
        if self._flies:
            # Down to the ground at home; a climb to fly over something is within the margin.
            length += abs(place_m[2] - self._home.z_m)
        return self.model.cost_wh(self.model.way(length))

    def _begin_window(self, share: float | None) -> None:
        self._window, self._expected_wh, self._window_share = Effort(), 0.0, share

    def _take(self, effort: Effort) -> None:
        assert self._place_m is not None
        self._window += effort
        aloft = self._flies and self._place_m[2] > _ALOFT_M
        self._expected_wh += self.model.expected_wh(effort, aloft=aloft)

    def _count_move(self, estimate: PoseEstimate) -> None:
        if self._counted is None:
            self._counted = estimate
            return
        here, before = estimate.pose, self._counted.pose
        moved = math.dist(here.position_m, before.position_m)
        turned = abs(wrap_angle(here.rpy_rad[2] - before.rpy_rad[2]))
        if moved > _JUMP_M:
            self._begin_window(None)
            self._counted = estimate
        elif moved >= _STEP_M or turned >= _STEP_RAD:
            climbed = max(0.0, here.position_m[2] - before.position_m[2]) if self._flies else 0.0
            self._take(Effort(0.0, moved if moved >= _STEP_M else 0.0, turned, climbed))
            self._counted = estimate
