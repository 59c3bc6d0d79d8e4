"""What perception knows at one moment, as the rules are given it."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.model.findings import Change, Complaint, Gap
from lepatrol.model.geometry import STOP, Pose2, Twist
from lepatrol.model.tracks import Track


@dataclass(frozen=True, slots=True)
class Situation:
    """All that was found by ``now_s``; a situation is judged once, by every rule.

    ``minute_of_day`` is the site's local time (0 to 1440). ``gaps``, ``changes`` and ``complaints`` are what the looks
    since the last situation found, ``seen_standing`` the structures they found closed. ``measured`` is what odometry
    says, ``commanded`` what the robot was last told; ``robot_goal_active`` tells whether it is on its way somewhere.
    """

    now_s: float
    minute_of_day: float = 0.0
    tracks: tuple[Track, ...] = ()
    gaps: tuple[Gap, ...] = ()
    changes: tuple[Change, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    seen_standing: tuple[str, ...] = ()
    robot_pose: Pose2 | None = None
    commanded: Twist = STOP
    measured: Twist = STOP
    robot_goal_active: bool = False
