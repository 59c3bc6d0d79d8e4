"""What SDFormat and URDF files describe, resolved and engine-neutral.

Includes are loaded, nested models are flattened (their parts are named ``outer::inner::part``), and every pose is
absolute in its parent named below, whatever ``relative_to`` or frame the file wrote it in. Physics, pictures, the
occupancy map and expected lidar ranges are all made from this one description.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Pose3

Vector3 = tuple[float, float, float]
Rgba = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A box centred at its pose; full edge lengths."""

    size_m: Vector3


@dataclass(frozen=True, slots=True)
class Cylinder:
    """A cylinder along z, centred at its pose."""

    radius_m: float
    length_m: float


@dataclass(frozen=True, slots=True)
class Sphere:
    """A ball centred at its pose."""

    radius_m: float


@dataclass(frozen=True, slots=True)
class Capsule:
    """A cylinder of ``length_m`` along z with half balls on both ends, centred at its pose."""

    radius_m: float
    length_m: float


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """An ellipsoid centred at its pose, with semi-axes along x, y, z."""

    radii_m: Vector3


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane through its pose: unbounded as a collision, of ``size_m`` (x, y) as a visual."""

    normal: Vector3 = (0.0, 0.0, 1.0)
    size_m: tuple[float, float] = (100.0, 100.0)


@dataclass(frozen=True, slots=True, eq=False)
class TriangleMesh:
    """Triangles: ``vertices_m`` (n, 3) already scaled, ``faces`` (m, 3) counter-clockwise from outside.

    Mesh files and extruded polylines both become this.
    """

    vertices_m: NDArray[np.float64]
    faces: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Heightmap:
    """Heights on a regular grid, centred at its pose.

    ``heights_m`` has shape (rows, columns), row 0 at the lowest y; ``size_m`` is the full extent along x and y.
    """

    heights_m: NDArray[np.float64]
    size_m: tuple[float, float]


Shape = Box | Cylinder | Sphere | Capsule | Ellipsoid | Plane | TriangleMesh | Heightmap


@dataclass(frozen=True, slots=True)
class Material:
    """Colours in 0..1; ``texture`` is a picture file laid over the surface, repeated every ``texture_size_m``."""

    diffuse: Rgba = (0.7, 0.7, 0.7, 1.0)
    specular: Rgba = (0.0, 0.0, 0.0, 1.0)
    emissive: Rgba = (0.0, 0.0, 0.0, 1.0)
    texture: Path | None = None
    texture_size_m: float = 1.0


@dataclass(frozen=True, slots=True)
class Visual:
    """What a camera sees; ``pose`` in the link."""

    name: str
    pose: Pose3
    shape: Shape
    material: Material = Material()
    cast_shadows: bool = True


@dataclass(frozen=True, slots=True)
class Collision:
    """What bodies and lidar rays hit; ``pose`` in the link, ``friction`` the sliding coefficient (mu)."""

    name: str
    pose: Pose3
    shape: Shape
    friction: float = 1.0


@dataclass(frozen=True, slots=True)
class Inertial:
    """Mass (kg) and its distribution: ``pose`` of the centre of mass in the link, moments in kg m^2 about it.

    ``moments`` are (ixx, iyy, izz, ixy, ixz, iyz).
    """

    mass_kg: float
    pose: Pose3 = Pose3()
    moments_kg_m2: tuple[float, float, float, float, float, float] = (1.0, 1.0, 1.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Noise:
    """Gaussian noise: mean and one sigma, in the sensor's own unit."""

    mean: float = 0.0
    stddev: float = 0.0


@dataclass(frozen=True, slots=True)
class SensorBase:
    """What every sensor has; ``pose`` in its link."""

    name: str
    pose: Pose3
    update_rate_hz: float
    topic: str
    frame_id: str


@dataclass(frozen=True, slots=True)
class LidarSensor(SensorBase):
    """A ``gpu_lidar`` or ``lidar``: beams spread evenly from the least to the greatest angle, both included.

    One row of beams is delivered as a scan, several as a cloud of points.
    """

    samples: int = 360
    min_angle_rad: float = -3.141592653589793
    max_angle_rad: float = 3.141592653589793
    vertical_samples: int = 1
    vertical_min_angle_rad: float = 0.0
    vertical_max_angle_rad: float = 0.0
    range_min_m: float = 0.05
    range_max_m: float = 30.0
    range_resolution_m: float = 0.0
    noise_m: Noise = Noise()


@dataclass(frozen=True, slots=True)
class CameraSensor(SensorBase):
    """A ``camera``: an ideal pinhole, looking along its link's x as SDFormat has it; noise in 0..1 of full scale."""

    width: int = 320
    height: int = 240
    horizontal_fov_rad: float = 1.047
    near_m: float = 0.05
    far_m: float = 200.0
    noise: Noise = Noise()


@dataclass(frozen=True, slots=True)
class ImuSensor(SensorBase):
    """An ``imu``: noise of the angular velocity in rad/s, of the acceleration in m/s^2."""

    angular_noise: Noise = Noise()
    linear_noise: Noise = Noise()


@dataclass(frozen=True, slots=True)
class NavSatSensor(SensorBase):
    """A ``navsat``: noise of the horizontal and vertical position in metres."""

    horizontal_noise: Noise = Noise()
    vertical_noise: Noise = Noise()


Sensor = LidarSensor | CameraSensor | ImuSensor | NavSatSensor


@dataclass(frozen=True, slots=True)
class Light:
    """A light; ``pose`` in its parent (link or world), shining along ``direction`` in its own frame."""

    name: str
    kind: str
    """``directional``, ``point`` or ``spot``."""
    pose: Pose3 = Pose3()
    diffuse: Rgba = (1.0, 1.0, 1.0, 1.0)
    specular: Rgba = (0.1, 0.1, 0.1, 1.0)
    direction: Vector3 = (0.0, 0.0, -1.0)
    range_m: float = 10.0
    attenuation: Vector3 = (1.0, 0.0, 0.0)
    """At a distance of d metres it is 1 / (the first + the second d + the third d^2) as bright."""
    intensity: float = 1.0
    spot_outer_angle_rad: float = 1.0
    cast_shadows: bool = False
    spot_inner_angle_rad: float = 0.0
    spot_falloff: float = 0.0
    """How soft a spot's edge is between its inner and its outer angle; no renderer here shows that."""


@dataclass(frozen=True, slots=True)
class Link:
    """A rigid body; ``pose`` in its model."""

    name: str
    pose: Pose3 = Pose3()
    inertial: Inertial | None = None
    collisions: tuple[Collision, ...] = ()
    visuals: tuple[Visual, ...] = ()
    sensors: tuple[Sensor, ...] = ()
    lights: tuple[Light, ...] = ()
    gravity: bool = True


@dataclass(frozen=True, slots=True)
class Joint:
    """How ``child`` moves against ``parent`` (link names, or ``world``).

    ``pose`` is the joint's frame in its model; ``axis`` is a unit vector in the model's frame. Limits are radians or
    metres, infinite where there are none.
    """

    name: str
    kind: str
    """``fixed``, ``revolute``, ``continuous`` or ``prismatic``."""
    parent: str
    child: str
    pose: Pose3 = Pose3()
    axis: Vector3 = (0.0, 0.0, 1.0)
    lower: float = float('-inf')
    upper: float = float('inf')
    effort: float = float('inf')
    velocity: float = float('inf')
    damping: float = 0.0
    friction: float = 0.0


@dataclass(frozen=True, slots=True)
class DiffDrive:
    """Gazebo's ``gz::sim::systems::DiffDrive``: limits in m/s, m/s^2, rad/s, rad/s^2."""

    left_joints: tuple[str, ...]
    right_joints: tuple[str, ...]
    wheel_separation_m: float
    wheel_radius_m: float
    topic: str = 'cmd_vel'
    max_speed_m_s: float = float('inf')
    max_acceleration_m_s2: float = float('inf')
    max_turn_rate_rad_s: float = float('inf')
    max_turn_acceleration_rad_s2: float = float('inf')


@dataclass(frozen=True, slots=True)
class VelocityControl:
    """Gazebo's ``gz::sim::systems::VelocityControl``: the model's body follows the commanded velocity exactly."""

    topic: str = 'cmd_vel'


@dataclass(frozen=True, slots=True)
class MulticopterControl:
    """Gazebo's ``gz::sim::systems::MulticopterVelocityControl``.

    Its controller is that of Lee et al., "Control of complex maneuvers for a quadrotor UAV using geometric methods on
    SE(3)" (2010), with the velocity in place of the position.
    The acceleration along each axis is the velocity error times ``velocity_gain_n_s_m`` over the mass, up to its
    maximum; the turn's is its error times ``turn_gain_n_m_s`` over the moment of inertia. Velocities (x, y, z) are in
    the body's frame, accelerations in the world's.
    """

    rotor_joints: tuple[str, ...]
    velocity_gain_n_s_m: Vector3
    turn_gain_n_m_s: float
    topic: str = 'cmd_vel'
    max_velocity_m_s: Vector3 = (math.inf, math.inf, math.inf)
    max_acceleration_m_s2: Vector3 = (math.inf, math.inf, math.inf)
    max_turn_rate_rad_s: float = math.inf


Drive = DiffDrive | VelocityControl | MulticopterControl


@dataclass(frozen=True, slots=True)
class JointServo:
    """Gazebo's ``gz::sim::systems::JointPositionController``: a joint that goes to the position that it is told."""

    joint: str
    topic: str
    max_speed_rad_s: float = math.inf


@dataclass(frozen=True, slots=True)
class LinearBattery:
    """Gazebo's ``gz::sim::systems::LinearBatteryPlugin``: its open voltage falls linearly with its charge."""

    name: str
    capacity_ah: float
    initial_charge_ah: float
    full_voltage_v: float
    voltage_slope_v: float
    """What the open voltage changes by from full to empty, as a rule less than 0."""
    resistance_ohm: float
    power_load_w: float
    smoothing_s: float = 1.0
    """Time constant with which the current follows the load."""
    drains_at_once: bool = False
    """Whether it drains from the start, not from the drive's first movement on."""
    charging_time_h: float | None = None
    """How long a charger takes from empty to full with no load; None cannot be charged."""


@dataclass(frozen=True, slots=True)
class TimedPose:
    """Where something is (in the world) at a time (seconds from the path's start)."""

    time_s: float
    pose: Pose3


@dataclass(frozen=True, slots=True)
class Trigger:
    """What sets a path going: a robot has come within ``within_m`` of a place of the world, seen from above.

    With ``then_beyond_m`` it must then have gone on, and be farther away than that again. Until then a ``hidden``
    walker is nowhere, any other at its first pose.
    """

    place_m: tuple[float, float]
    within_m: float
    then_beyond_m: float | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class TimedPath:
    """A path through poses at times, linear in between; a looping one starts again after its end.

    It starts ``delay_start_s`` after the simulation does, or after its ``trigger``.
    """

    poses: tuple[TimedPose, ...]
    loop: bool = True
    delay_start_s: float = 0.0
    trigger: Trigger | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """A model of links and joints; ``pose`` in the world, ``path`` set where a trajectory moves it.

    A robot has a ``drive``; a model of a world has none.
    """

    name: str
    pose: Pose3 = Pose3()
    static: bool = False
    links: tuple[Link, ...] = ()
    joints: tuple[Joint, ...] = ()
    drive: Drive | None = None
    path: TimedPath | None = None
    unsupported: tuple[str, ...] = ()
    """Of a robot: elements its files hold and the embedded simulator leaves out, as ``file:line: <element>``."""
    battery: LinearBattery | None = None
    servos: tuple[JointServo, ...] = ()
    lamps: tuple[Light, ...] = ()
    """Of a robot: lights that are off until somebody switches them on, which nobody here does."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or animal) who walks a path.

    ``links`` are its body, posed in the actor's frame (origin on the ground, x forward): from the file or, where the
    file names a skin that the simulator has no rig for, a plain human figure.
    """

    name: str
    path: TimedPath
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class GeoReference:
    """Where the world's origin is on Earth (WGS 84), x east and y north turned by ``heading_rad``."""

    latitude_deg: float
    longitude_deg: float
    elevation_m: float = 0.0
    heading_rad: float = 0.0


@dataclass(frozen=True, slots=True)
class World:
    """Everything one world file describes."""

    name: str
    models: tuple[Model, ...] = ()
    actors: tuple[Actor, ...] = ()
    lights: tuple[Light, ...] = ()
    gravity_m_s2: Vector3 = (0.0, 0.0, -9.8)
    ambient: Rgba = (0.4, 0.4, 0.4, 1.0)
    background: Rgba = (0.7, 0.8, 0.9, 1.0)
    shadows: bool = True
    geo_reference: GeoReference | None = None
    unsupported: tuple[str, ...] = field(default=())
    """Elements the files hold and the embedded simulator leaves out, as ``file:line: <element>``."""
