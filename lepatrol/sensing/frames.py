"""REP-105's frames from what odometry and localisation tell: ``map`` -> ``odom`` -> the robot's root."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping

from lepatrol.model.errors import ObservationError
from lepatrol.model.frames import BASE_LINK, MAP, ODOM, FrameTransform
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import Odometry, PoseEstimate

_HISTORY = 128
"""Odometry messages kept: some seconds, more than a pose is ever late."""


class FrameTracker:
    """Turns odometry and poses into transforms.

    Odometry gives ``odom`` -> root. A pose gives ``map`` -> ``odom``: whatever, at the pose's own time, makes both
    together equal to it. It is as noisy as the pose is, nothing is filtered here. Both are told with the stamp of each
    odometry message, so that whoever looks up ``map`` -> ``base_link`` at a time finds both. Once poses fall silent
    ``map`` -> ``odom`` is told no more: nobody is to believe that he is localised.
    """

    def __init__(self, rigid: Mapping[str, Pose3], *, pose_timeout_s: float) -> None:
        """Take the links that are rigid with the root, the root first, and their poses in it."""
        self._rigid = dict(rigid)
        self._root = next(iter(self._rigid))
        self._timeout_s = pose_timeout_s
        self._odometry: deque[tuple[float, Pose3]] = deque(maxlen=_HISTORY)
        self._waiting: PoseEstimate | None = None
        self._map_to_odom: Pose3 | None = None
        self._known_s = -math.inf

    def on_odometry(self, odometry: Odometry, child: str) -> tuple[FrameTransform, ...]:
        """Take odometry of the link ``child``; return what is to be told now.

        Odometry as old as the last, or older, tells nothing; after a jump back of the clock everything begins anew.

        :raises ObservationError: if it is not finite, or ``child`` is no link that is rigid with the robot's root.
        """
        root = self._root_pose(odometry.pose, child, 'odometry')
        stamp_s = odometry.stamp_s
        if self._odometry and stamp_s <= self._odometry[-1][0]:
            if self._odometry[-1][0] - stamp_s <= self._timeout_s:
                return ()
            self._odometry.clear()
            self._map_to_odom = self._waiting = None
            self._known_s = -math.inf
        self._odometry.append((stamp_s, root))
        if self._waiting is not None:
            self._place(self._waiting)
        told = FrameTransform(ODOM, self._root, root, stamp_s)
        if self._map_to_odom is None or stamp_s - self._known_s > self._timeout_s:
            return (told,)
        return told, FrameTransform(MAP, ODOM, self._map_to_odom, stamp_s)

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Take a pose of ``base_link`` in ``map``; it counts once odometry has come up to its time.

        :raises ObservationError: if it is not finite or in another frame.
        """
        if estimate.frame_id != MAP:
            raise ObservationError(f'pose: is in frame {estimate.frame_id!r}, expected {MAP!r}')
        self._root_pose(estimate.pose, BASE_LINK, 'pose')
        self._place(estimate)

    def _root_pose(self, pose: Pose3, child: str, what: str) -> Pose3:
        """Return the root's pose from that of a link."""
        if child not in self._rigid:
            raise ObservationError(
                f'{what}: is of the frame {child!r}, expected one of {", ".join(self._rigid)}')
        if not all(map(math.isfinite, (*pose.position_m, *pose.orientation_wxyz))):
            raise ObservationError(f'{what}: {pose} is not finite')
        return pose.compose(self._rigid[child].inverse())

    def _place(self, estimate: PoseEstimate) -> None:
        """Lay ``odom`` in ``map``, or keep the pose for when odometry has come up to it."""
        self._waiting = None
        if not self._odometry or estimate.stamp_s > self._odometry[-1][0]:
            self._waiting = estimate
            return
        then = self._odometry_at(estimate.stamp_s)
        # One that is older than all that is kept came too late to say anything.
        if then is not None and estimate.stamp_s >= self._known_s:
            root = self._root_pose(estimate.pose, BASE_LINK, 'pose')
            self._map_to_odom, self._known_s = root.compose(then.inverse()), estimate.stamp_s

    def _odometry_at(self, stamp_s: float) -> Pose3 | None:
        """Return the root in ``odom`` at a time between messages."""
        later_s, later = self._odometry[-1]
        for earlier_s, earlier in reversed(self._odometry):
            if earlier_s <= stamp_s:
                share = (stamp_s - earlier_s) / (later_s - earlier_s) if later_s > earlier_s else 0.0
                return _between(earlier, later, share)
            later_s, later = earlier_s, earlier
        return None


def _between(one: Pose3, other: Pose3, share: float) -> Pose3:
    """Return the pose a share of the way from one to the other; for the small turns between messages."""
    # q and -q are the same turn: the short way is the one between those that point alike.
    sign = math.copysign(1.0, sum(a * b for a, b in zip(one.orientation_wxyz, other.orientation_wxyz, strict=True)))
    x, y, z = (a + share * (b - a) for a, b in zip(one.position_m, other.position_m, strict=True))
    w, qx, qy, qz = (
        a + share * (sign * b - a) for a, b in zip(one.orientation_wxyz, other.orientation_wxyz, strict=True))
    norm = math.sqrt(w * w + qx * qx + qy * qy + qz * qz)
    return Pose3((x, y, z), (w / norm, qx / norm, qy / norm, qz / norm))
