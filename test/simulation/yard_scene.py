"""Hand-built descriptions for the simulator's tests."""

import math

from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import (
    Box,
    Collision,
    Cylinder,
    DiffDrive,
    Inertial,
    Joint,
    LidarSensor,
    Link,
    Model,
    Noise,
    Plane,
    Shape,
    Sphere,
    VelocityControl,
    World,
)

LIDAR_HEIGHT_M = 0.5
WHEEL = Collision('rim', Pose3.from_rpy(roll_rad=math.pi / 2), Cylinder(0.15, 0.06))


def lidar(noise: float = 0.0, **changes: float) -> LidarSensor:
    return LidarSensor('lidar', Pose3(), 10.0, 'scan', 'lidar', noise_m=Noise(0.0, noise), **changes)


def wheeled_robot(name='ugv1', *, x=0.0, y=0.0, yaw=0.0, sensors=(), **drive) -> Model:
    limits = {'max_acceleration_m_s2': 1.0, **drive}
    inertial = Inertial(40.0, Pose3.from_rpy(-0.08), moments_kg_m2=(1.5, 2.0, 3.0, 0, 0, 0))
    links = [Link('base_link', inertial=inertial, collisions=(
        Collision('box', Pose3.from_rpy(z_m=0.1), Box((0.7, 0.4, 0.25))),
        Collision('castor', Pose3.from_rpy(-0.25, 0.0, -0.08), Sphere(0.07), friction=0.0)))]
    joints = [Joint('lidar_joint', 'fixed', 'base_link', 'lidar')]
    for side, across in (('left', 0.25), ('right', -0.25)):
        at = Pose3.from_rpy(0.0, across)
        links.append(Link(f'{side}_wheel', at, Inertial(2.0, moments_kg_m2=(0.015, 0.025, 0.015, 0, 0, 0)), (WHEEL,)))
        joints.append(Joint(side, 'continuous', 'base_link', f'{side}_wheel', at, (0.0, 1.0, 0.0)))
    links.append(Link('lidar', Pose3.from_rpy(z_m=LIDAR_HEIGHT_M - 0.15), sensors=tuple(sensors)))
    return Model(name, Pose3.from_rpy(x, y, 0.15, yaw_rad=yaw), links=tuple(links), joints=tuple(joints),
                 drive=DiffDrive(('left',), ('right',), 0.5, 0.15, **limits))


def drone(name='uav1', *, x=0.0, y=0.0, yaw=0.0) -> Model:
    body = Link('base_link', inertial=Inertial(1.5), collisions=(Collision('hull', Pose3(), Box((0.4, 0.4, 0.1))),))
    return Model(name, Pose3.from_rpy(x, y, 2.0, yaw_rad=yaw), links=(body,), drive=VelocityControl())


def solid(name: str, shape: Shape, pose: Pose3) -> Model:
    return Model(name, pose, static=True, links=(Link('link', collisions=(Collision('shape', Pose3(), shape),)),))


def world(*models: Model, **parts) -> World:
    return World('yard', (solid('ground', Plane(), Pose3()), *models), **parts)
