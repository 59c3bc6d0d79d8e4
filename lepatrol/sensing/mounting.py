"""Where a robot's sensors are in ``map``, from where its base is believed to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lepatrol.model.geometry import Pose3
from lepatrol.model.joints import Neck
from lepatrol.model.observation import Odometry, PoseEstimate
from lepatrol.sensing.localisation import PoseFusion


@dataclass(frozen=True, slots=True)
class Mounting:
    """Where the sensors sit in ``base_link``.

    The lidar's pose is that of its scan's frame; the camera's looks along x with z up, as SDFormat has it, and is the
    one with the joints of its ``neck`` at zero. A robot may have no camera, and a camera no neck; ``down`` is another
    camera's that looks straight down, None where there is none.
    """

    lidar: Pose3
    camera: Pose3 | None = None
    neck: Neck | None = None
    down: Pose3 | None = None

    @property
    def joints(self) -> tuple[str, ...]:
        """Return the joints that turn the camera."""
        return tuple(swivel.joint for swivel in self.neck.swivels) if self.neck else ()

    def camera_at(self, positions_rad: Mapping[str, float]) -> Pose3 | None:
        """Return where the camera is while its joints stand so, None where there is no camera."""
        return self.neck.pose(positions_rad) if self.neck else self.camera


class BodyPose:
    """Where ``base_link`` is in ``map`` at any recent time: place and heading fused, height and tilt as told last."""

    def __init__(self) -> None:
        """Begin lost."""
        self._fusion = PoseFusion()
        self._height_m = 0.0
        self._tilt = Pose3()
        self._known_s: float | None = None

    @property
    def known_s(self) -> float | None:
        """Return the stamp of the last estimate used, None before the first."""
        return self._known_s

    def add_pose(self, estimate: PoseEstimate) -> None:
        """Correct the pose; an estimate that is not finite is left out."""
        if self._fusion.add_pose(estimate):
            pose = estimate.pose
            upright = Pose3.from_rpy(yaw_rad=pose.planar().yaw_rad)
            self._height_m = pose.position_m[2]
            self._tilt = upright.inverse().compose(Pose3((0.0, 0.0, 0.0), pose.orientation_wxyz))
            self._known_s = estimate.stamp_s

    def add_odometry(self, odometry: Odometry) -> None:
        """Carry the pose on."""
        self._fusion.add_odometry(odometry)

    def at(self, stamp_s: float) -> Pose3 | None:
        """Return the pose at a time, None before the first estimate."""
        place = self._fusion.pose_at(stamp_s)
        if place is None:
            return None
        return Pose3.from_rpy(place.x_m, place.y_m, self._height_m, yaw_rad=place.yaw_rad).compose(self._tilt)
