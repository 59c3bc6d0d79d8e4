"""What a robot's sensors measure in the physics."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

import mujoco
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose2, Pose3, Twist, wrap_angle
from lepatrol.model.observation import (
    Imu,
    JointPositions,
    LaserScan,
    NavSatFix,
    Observation,
    Odometry,
    PointCloud,
    PoseEstimate,
)
from lepatrol.simulation.description import (
    CameraSensor,
    GeoReference,
    ImuSensor,
    LidarSensor,
    NavSatSensor,
    Noise,
    SensorBase,
)
from lepatrol.simulation.drives import WheelDrive
from lepatrol.simulation.physics import Physics

_EARTH_RADIUS_M = 6378137.0
_EARTH_ECCENTRICITY_2 = 6.69437999014e-3


class Instrument(ABC):
    """Something that measures now and then; ``noise`` is its own generator, None for none."""

    @abstractmethod
    def measure(self, physics: Physics, noise: Generator | None) -> Observation:
        """Return what is measured now."""

    def reset(self) -> None:
        """Forget what was measured before."""
        return


def mounted_pose(physics: Physics, body: int, sensor: SensorBase) -> Pose3:
    """Return where a sensor on a body is in the world."""
    return physics.body_pose(body).compose(sensor.pose)


def view_distances_m(
    physics: Physics, body: int, camera: CameraSensor, pose: Pose3, columns: int = 20, rows: int = 15,
) -> Floats:
    """Return how far it is to what a camera at ``pose`` sees: a coarse grid (rows, columns), infinite for the sky."""
    half = math.tan(camera.horizontal_fov_rad / 2.0)
    left = (1.0 - 2.0 * (np.arange(columns) + 0.5) / columns) * half
    up = (1.0 - 2.0 * (np.arange(rows) + 0.5) / rows) * half * camera.height / camera.width
    beams = np.stack(np.broadcast_arrays(1.0, left, up[:, None]), axis=2).reshape(-1, 3)
    beams = (beams / np.linalg.norm(beams, axis=1, keepdims=True)) @ pose.rotation.T
    count = rows * columns
    geoms, distances = np.zeros(count, dtype=np.int32), np.zeros(count)
    mujoco.mj_multiRay(
        physics.model, physics.data, np.asarray(pose.position_m), beams.ravel(), None, 1, body, geoms, distances, None,
        count, camera.far_m)
    return np.where(distances < 0.0, np.inf, distances).reshape(rows, columns)


class Lidar(Instrument):
    """Casts one row of rays against every collision shape but those of its own link.

    Noise does not make a beam see what it has not hit; as in Gazebo the range resolution is not applied.
    """

    def __init__(self, sensor: LidarSensor, body: int) -> None:
        """Lay out the beams."""
        self._sensor = sensor
        self._body = body
        self._angles_rad = np.linspace(sensor.min_angle_rad, sensor.max_angle_rad, sensor.samples)
        rise = sensor.vertical_min_angle_rad
        self._beams = np.stack([
            np.cos(self._angles_rad) * math.cos(rise), np.sin(self._angles_rad) * math.cos(rise),
            np.full(sensor.samples, math.sin(rise))], axis=1)
        self._geoms = np.zeros(sensor.samples, dtype=np.int32)
        self._distances = np.zeros(sensor.samples)

    def measure(self, physics: Physics, noise: Generator | None) -> LaserScan:
        """Return one sweep."""
        sensor = self._sensor
        pose = mounted_pose(physics, self._body, sensor)
        beams = self._beams @ pose.rotation.T
        mujoco.mj_multiRay(
            physics.model, physics.data, np.asarray(pose.position_m), beams.ravel(), None, 1, self._body,
            self._geoms, self._distances, None, sensor.samples, sensor.range_max_m + 1e-3)
        step = (sensor.max_angle_rad - sensor.min_angle_rad) / max(sensor.samples - 1, 1)
        return LaserScan(
            physics.time_s, sensor.frame_id, sensor.min_angle_rad, step, sensor.range_min_m, sensor.range_max_m,
            clip_ranges(self._distances, sensor, noise))


class CloudLidar(Instrument):
    """Casts several rows of rays, as ``Lidar`` casts one, and delivers the points that they hit.

    Rows are spread evenly in elevation, the lowest first; in each, beams go from the least to the greatest angle.
    """

    def __init__(self, sensor: LidarSensor, body: int) -> None:
        """Lay out the beams."""
        self._sensor = sensor
        self._body = body
        rise, turn = np.meshgrid(
            np.linspace(sensor.vertical_min_angle_rad, sensor.vertical_max_angle_rad, sensor.vertical_samples),
            np.linspace(sensor.min_angle_rad, sensor.max_angle_rad, sensor.samples), indexing='ij')
        self._beams = np.stack(
            [np.cos(turn) * np.cos(rise), np.sin(turn) * np.cos(rise), np.sin(rise)], axis=2).reshape(-1, 3)
        self._geoms = np.zeros(len(self._beams), dtype=np.int32)
        self._distances = np.zeros(len(self._beams))

    def measure(self, physics: Physics, noise: Generator | None) -> PointCloud:
        """Return one sweep."""
        sensor = self._sensor
        pose = mounted_pose(physics, self._body, sensor)
        beams = self._beams @ pose.rotation.T
        mujoco.mj_multiRay(
            physics.model, physics.data, np.asarray(pose.position_m), beams.ravel(), None, 1, self._body,
            self._geoms, self._distances, None, len(beams), sensor.range_max_m + 1e-3)
        ranges = clip_ranges(self._distances, sensor, noise)
        hit = np.isfinite(ranges)
        points = self._beams[hit] * ranges[hit, None]
        return PointCloud(physics.time_s, sensor.frame_id, points.astype(np.float32))


def make_lidar(sensor: LidarSensor, body: int) -> Instrument:
    """Return what measures as a lidar with one row of beams, or with several, on a body of the physics."""
    return CloudLidar(sensor, body) if sensor.vertical_samples > 1 else Lidar(sensor, body)


def clip_ranges(distances_m: Floats, sensor: LidarSensor, noise: Generator | None) -> NDArray[np.float32]:
    """Return distances (negative: nothing hit) as REP-117 ranges with the sensor's noise within its limits."""
    beyond = (distances_m < 0.0) | (distances_m > sensor.range_max_m)
    near = ~beyond & (distances_m < sensor.range_min_m)
    ranges = distances_m
    if noise is not None and (sensor.noise_m.stddev or sensor.noise_m.mean):
        noisy = ranges + noise.normal(sensor.noise_m.mean, sensor.noise_m.stddev, ranges.size)
        ranges = np.clip(noisy, sensor.range_min_m, sensor.range_max_m)
    clipped = np.where(beyond, np.inf, np.where(near, -np.inf, ranges))
    return clipped.astype(np.float32)


class InertialUnit(Instrument):
    """Angular velocity now, mean proper acceleration since the last measurement, and orientation.

    A real unit integrates between its outputs too, so a push from a contact never falls between two measurements.
    """

    def __init__(self, sensor: ImuSensor, body: int) -> None:
        """Remember where the unit sits."""
        self._sensor = sensor
        self._body = body
        self.reset()

    def reset(self) -> None:
        """Begin at rest."""
        self._velocity_m_s = (0.0, 0.0, 0.0)
        self._stamp_s = 0.0

    def measure(self, physics: Physics, noise: Generator | None) -> Imu:
        """Return the motion."""
        sensor = self._sensor
        wx, wy, wz, vx, vy, vz = physics.body_velocity(self._body).tolist()
        body = physics.body_pose(self._body)
        x, y, z = sensor.pose.position_m
        velocity = body.turn((vx + wy * z - wz * y, vy + wz * x - wx * z, vz + wx * y - wy * x))
        period_s = physics.time_s - self._stamp_s
        felt = [
            (now - before) / period_s - gravity for now, before, gravity
            in zip(velocity, self._velocity_m_s, physics.scene.world.gravity_m_s2, strict=True)]
        self._velocity_m_s, self._stamp_s = velocity, physics.time_s
        pose = body.compose(sensor.pose)
        return Imu(
            physics.time_s, sensor.frame_id, pose.orientation_wxyz,
            _noisy_vector(sensor.pose.inverse().turn((wx, wy, wz)), sensor.angular_noise, noise),
            _noisy_vector(pose.inverse().turn((felt[0], felt[1], felt[2])), sensor.linear_noise, noise))


class SatelliteReceiver(Instrument):
    """A position on Earth."""

    def __init__(self, sensor: NavSatSensor, body: int, reference: GeoReference) -> None:
        """Remember where the receiver sits and where the world is on Earth."""
        self._sensor = sensor
        self._body = body
        self._reference = reference

    def measure(self, physics: Physics, noise: Generator | None) -> NavSatFix:
        """Return the position with noise east, north and up."""
        position = np.asarray(mounted_pose(physics, self._body, self._sensor).position_m)
        across, up = self._sensor.horizontal_noise, self._sensor.vertical_noise
        if noise is not None:
            means = (across.mean, across.mean, up.mean)
            position = position + noise.normal(means, (across.stddev, across.stddev, up.stddev))
        latitude, longitude, altitude = to_wgs84(self._reference, *position.tolist())
        return NavSatFix(physics.time_s, self._sensor.frame_id, latitude, longitude, altitude, across.stddev)


class WheelOdometer(Instrument):
    """Dead reckoning from the wheels' turns, from the identity at the start (as Gazebo's diff drive does)."""

    def __init__(self, drive: WheelDrive) -> None:
        """Watch the wheels of one drive."""
        self._drive = drive
        self.reset()

    def reset(self) -> None:
        """Begin at the origin again."""
        self._pose = Pose2(0.0, 0.0)
        self._travel_m = (0.0, 0.0)
        self._stamp_s = 0.0

    def measure(self, physics: Physics, noise: Generator | None) -> Odometry:
        """Return the reckoned pose and the mean velocity since the last measurement."""
        left, right = self._drive.wheel_travel_m(physics.data)
        left_step, right_step = left - self._travel_m[0], right - self._travel_m[1]
        ahead = (left_step + right_step) / 2.0
        turned = (right_step - left_step) / self._drive.wheel_separation_m
        middle = self._pose.yaw_rad + turned / 2.0
        self._pose = Pose2(
            self._pose.x_m + ahead * math.cos(middle), self._pose.y_m + ahead * math.sin(middle),
            wrap_angle(self._pose.yaw_rad + turned))
        period_s = physics.time_s - self._stamp_s
        self._travel_m, self._stamp_s = (left, right), physics.time_s
        pose = Pose3.from_rpy(self._pose.x_m, self._pose.y_m, yaw_rad=self._pose.yaw_rad)
        return Odometry(physics.time_s, pose, Twist(ahead / period_s, turned / period_s))


class JointEncoders(Instrument):
    """How the joints of a robot stand that have a servo."""

    def __init__(self, robot: str) -> None:
        """Measure one robot."""
        self._robot = robot

    def measure(self, physics: Physics, noise: Generator | None) -> JointPositions:
        """Return the positions now, which encoders tell without noise."""
        return JointPositions(physics.time_s, physics.servos[self._robot].positions_rad)


class MotionOdometer(Instrument):
    """A flying robot's odometry: its true motion since the start, as Gazebo's odometry publisher has it."""

    def __init__(self, robot: str, start: Pose3) -> None:
        """Reckon from a start pose."""
        self._robot = robot
        self._from_start = start.inverse()

    def measure(self, physics: Physics, noise: Generator | None) -> Odometry:
        """Return the pose against the start and the velocity now."""
        pose = self._from_start.compose(physics.base_pose(self._robot))
        return Odometry(physics.time_s, pose, physics.base_velocity(self._robot))


class Localiser(Instrument):
    """A pose in ``map`` as good as RTK and a compass give it: the truth with noise along x and y and in heading.

    The height of what flies is as noisy; what drives is on the ground.
    """

    def __init__(self, robot: str, deviation_m: float, deviation_rad: float, *, flies: bool = False) -> None:
        """Measure one robot with these deviations (one sigma)."""
        self._robot = robot
        self._deviation_m = deviation_m
        self._deviation_rad = deviation_rad
        self._flies = flies

    def measure(self, physics: Physics, noise: Generator | None) -> PoseEstimate:
        """Return the base link's pose."""
        pose = physics.base_pose(self._robot)
        if noise is not None:
            pose = localised(pose, self._deviation_m, self._deviation_rad, noise, flies=self._flies)
        return PoseEstimate(physics.time_s, 'map', pose, self._deviation_m, self._deviation_rad)


def localised(
    pose: Pose3, deviation_m: float, deviation_rad: float, noise: Generator, *, flies: bool = False,
) -> Pose3:
    """Return a pose as a localisation with these deviations (one sigma) sees it: off along x and y and in heading.

    That of a robot that ``flies`` is off along z, too.
    """
    dx, dy, turn = noise.standard_normal(3).tolist()
    dz = float(noise.standard_normal()) if flies else 0.0
    x, y, z = pose.position_m
    turned = Pose3.from_rpy(yaw_rad=deviation_rad * turn).compose(pose).orientation_wxyz
    return Pose3((x + deviation_m * dx, y + deviation_m * dy, z + deviation_m * dz), turned)


def to_wgs84(reference: GeoReference, x_m: float, y_m: float, z_m: float) -> tuple[float, float, float]:
    """Return latitude and longitude (degrees) and altitude of a place in the world.

    Uses the ellipsoid's radii of curvature at the reference: good to a centimetre within a kilometre.
    """
    latitude = math.radians(reference.latitude_deg)
    cos, sin = math.cos(reference.heading_rad), math.sin(reference.heading_rad)
    east, north = cos * x_m - sin * y_m, sin * x_m + cos * y_m
    bulge = 1.0 - _EARTH_ECCENTRICITY_2 * math.sin(latitude) ** 2
    meridian_m = _EARTH_RADIUS_M * (1.0 - _EARTH_ECCENTRICITY_2) / bulge**1.5 + reference.elevation_m
    parallel_m = (_EARTH_RADIUS_M / math.sqrt(bulge) + reference.elevation_m) * math.cos(latitude)
    return (reference.latitude_deg + math.degrees(north / meridian_m),
            reference.longitude_deg + math.degrees(east / parallel_m), reference.elevation_m + z_m)


def _noisy_vector(
    vector: tuple[float, float, float], noise: Noise, generator: Generator | None,
) -> tuple[float, float, float]:
    if generator is None or not (noise.mean or noise.stddev):
        return vector
    dx, dy, dz = generator.normal(noise.mean, noise.stddev, 3).tolist()
    return vector[0] + dx, vector[1] + dy, vector[2] + dz
