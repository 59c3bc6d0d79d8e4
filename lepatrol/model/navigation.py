"""What patrol asks of the navigator, and what the navigator answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .geometry import Floats, Pose2


@dataclass(frozen=True, slots=True)
class NavigationGoal:
    """Go to ``(x_m, y_m)`` in ``map`` and, where ``yaw_rad`` is given, face it.

    A flying robot hovers ``z_m`` above the ground there, and lands where that is 0; others pass it over.
    ``goal_id`` is a positive number that its sender never uses twice; feedback carries it back.
    """

    goal_id: int
    x_m: float
    y_m: float
    yaw_rad: float | None = None
    z_m: float = 0.0

    @property
    def pose(self) -> Pose2:
        """Return the goal as a pose, heading 0 where any will do."""
        return Pose2(self.x_m, self.y_m, self.yaw_rad or 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """A piece of flight: climb or sink to ``height_m``, follow ``path_m`` (m, 2) in ``map``, then on to the goal."""

    height_m: float
    path_m: Floats


class NavigationState(Enum):
    """How a goal stands."""

    IDLE = 'idle'
    """There is no goal."""
    MOVING = 'moving'
    BLOCKED = 'blocked'
    """Something unexpected is in the way; the robot waits or looks for a way round."""
    HELD = 'held'
    """The gate holds the robot: e-stop, teleop, a silent sensor."""
    REACHED = 'reached'
    FAILED = 'failed'
    CANCELLED = 'cancelled'

    @property
    def is_driving(self) -> bool:
        """Tell whether the robot is on its way, or wants to be."""
        return self in (NavigationState.MOVING, NavigationState.BLOCKED)

    @property
    def is_final(self) -> bool:
        """Tell whether the goal is over, one way or the other."""
        return self in (NavigationState.REACHED, NavigationState.FAILED, NavigationState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Trespass:
    """The robot is in a keep-out zone that came up; ``refuge_m`` is where the shortest way out of it ends.

    It is a place of ``map`` and a height, to be given as a goal. It is None where there is no way out, for a robot that
    has landed, and for one whose way to its goal leaves the zone first.
    """

    zone: str
    refuge_m: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class NavigationFeedback:
    """How the goal ``goal_id`` (0: none) stands at ``stamp_s``; ``reason`` says why in words."""

    stamp_s: float
    goal_id: int
    state: NavigationState
    distance_remaining_m: float = 0.0
    reason: str = ''
    trespass: Trespass | None = None
