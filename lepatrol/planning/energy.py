"""What ways and waits take out of a robot's battery, corrected by what it truly loses."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from lepatrol.model.geometry import Floats, wrap_angle
from lepatrol.model.site import Look, Medium, Photo, Wait, Waypoint, WaypointAction
from lepatrol.settings.energy import EnergySettings

_J_PER_WH = 3600.0
_LOOK_S = 2.0
"""What turning to a heading, or having a picture taken, takes beside its pause."""
_LOOK_RAD = math.pi / 2.0
"""How far it is turned for one, on the whole."""
_PRIOR = 0.03
"""So much of the capacity must be lost before what was lost has as much say as the settings."""
_MEMORY = 0.2
"""What was lost before so much of the capacity counts half."""
LEAST_CORRECTION, MOST_CORRECTION = 0.8, 4.0


@dataclass(frozen=True, slots=True)
class Effort:
    """What a stretch of work asks of the battery: time, metres, turns, metres upwards."""

    duration_s: float = 0.0
    length_m: float = 0.0
    turned_rad: float = 0.0
    climbed_m: float = 0.0

    def __add__(self, other: Effort) -> Effort:
        """Return both together."""
        return Effort(self.duration_s + other.duration_s, self.length_m + other.length_m,
                      self.turned_rad + other.turned_rad, self.climbed_m + other.climbed_m)


class Correction:
    """How many times more than the settings say the battery truly loses; never off by more than its bounds."""

    def __init__(self, capacity_wh: float) -> None:
        """Believe the settings."""
        self._capacity_wh = capacity_wh
        self._expected_wh = self._lost_wh = 0.0

    @property
    def factor(self) -> float:
        """Return what a reckoned energy is to be multiplied by."""
        prior = _PRIOR * self._capacity_wh
        factor = (prior + self._lost_wh) / (prior + self._expected_wh)
        return min(max(factor, LEAST_CORRECTION), MOST_CORRECTION)

    def learn(self, expected_wh: float, lost_wh: float) -> None:
        """Take in what was lost where so much was expected."""
        self._expected_wh += expected_wh
        self._lost_wh += lost_wh
        if self._expected_wh > _MEMORY * self._capacity_wh:
            self._expected_wh, self._lost_wh = self._expected_wh / 2.0, self._lost_wh / 2.0


class EnergyModel:
    """Reckons efforts in watt-hours and in shares of the battery's charge."""

    def __init__(self, settings: EnergySettings, medium: Medium) -> None:
        """Reckon for a robot that moves in ``medium``; its battery's capacity is known.

        :raises ValueError: if it is not.
        """
        if not settings.is_known:
            raise ValueError('capacity_wh is 0; without a capacity nothing can be reckoned')
        self.settings = settings
        self.correction = Correction(settings.capacity_wh)
        self._flies = medium is Medium.AIR

    def power_w(self, *, aloft: bool) -> float:
        """Return the power drawn all the time, in the air with the rotors'."""
        settings = self.settings
        return settings.standing_w + settings.sensors_w + (settings.hover_w if aloft else 0.0)

    def expected_wh(self, effort: Effort, *, aloft: bool | None = None) -> float:
        """Return what the settings say an effort takes; who flies is aloft unless told otherwise."""
        settings = self.settings
        power = self.power_w(aloft=self._flies if aloft is None else aloft)
        return (power * effort.duration_s + settings.driving_j_m * effort.length_m
                + settings.turning_j_rad * effort.turned_rad
                + settings.climbing_j_m * effort.climbed_m) / _J_PER_WH

    def cost_wh(self, effort: Effort) -> float:
        """Return what an effort takes, corrected by what was learned."""
        return self.expected_wh(effort) * self.correction.factor

    def share(self, energy_wh: float) -> float:
        """Return an energy as a share of what the full battery holds."""
        return energy_wh / self.settings.capacity_wh

    def way(self, length_m: float, *, turned_rad: float = 0.0, climbed_m: float = 0.0) -> Effort:
        """Return the effort of a way of a known length, gone at the usual pace."""
        return Effort(length_m / self.settings.pace_m_s, length_m, turned_rad, max(0.0, climbed_m))

    def path(self, path_m: Floats) -> Effort:
        """Return the effort of a planned path (m, 2)."""
        steps = _steps(path_m)
        headings = [math.atan2(y, x) for x, y in steps if x or y]
        turned = sum(abs(wrap_angle(after - before)) for before, after in itertools.pairwise(headings))
        return self.way(sum(math.hypot(x, y) for x, y in steps), turned_rad=turned)

    def round(self, place_m: tuple[float, float, float] | None, visits: Sequence[Waypoint]) -> Effort:
        """Return the effort of visiting waypoints one after the other from a place, with what is done at each."""
        effort = Effort()
        for waypoint in visits:
            there = (waypoint.x_m, waypoint.y_m, waypoint.z_m)
            if place_m is not None:
                effort += self.leg(place_m, there)
            for action in waypoint.actions:
                effort += action_effort(action)
            place_m = there
        return effort

    def leg(self, place_m: tuple[float, float, float], there_m: tuple[float, float, float]) -> Effort:
        """Return the effort of going straight from place to place, with the usual detours."""
        climbed = there_m[2] - place_m[2] if self._flies else 0.0
        length = math.dist(place_m[:2], there_m[:2]) * self.settings.detour + abs(climbed)
        return self.way(length, climbed_m=climbed)


def action_effort(action: WaypointAction) -> Effort:
    """Return the effort of something done at a waypoint."""
    if isinstance(action, Wait):
        return Effort(action.duration_s)
    if isinstance(action, Look):
        count = len(action.headings_rad)
        return Effort(count * (action.pause_s + _LOOK_S), turned_rad=count * _LOOK_RAD)
    assert isinstance(action, Photo)
    return Effort(_LOOK_S, turned_rad=0.0 if action.heading_rad is None else _LOOK_RAD)


def _steps(path_m: Floats) -> list[tuple[float, float]]:
    """Return the steps (x, y) from each point of a path (m, 2) to the next."""
    points = [(float(x), float(y)) for x, y in path_m]
    return [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(points)]
