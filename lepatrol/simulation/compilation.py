"""A scene compiled into a MuJoCo model."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.simulation.description import (
    Collision,
    Cylinder,
    DiffDrive,
    Ellipsoid,
    Inertial,
    Joint,
    Link,
    Model,
    MulticopterControl,
    TimedPath,
    VelocityControl,
)
from lepatrol.simulation.geoms import FIXED, FREE, ON_PATH, SEEN_ONLY, ContactClass, GeomMaker
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.scene_error import SceneError

FLIGHT_AXES = ('x', 'y', 'z', 'yaw')
"""A flying robot moves on these four joints, so that no contact can tip it over."""
_FLIGHT_ACCELERATION = 20.0
_FOOT_HEIGHT_M = 0.01
"""What of a multicopter ends less than this above its lowest point is what it stands on."""
_WHEEL_GAIN_PER_S = 60.0
_GEAR_SHARE = 0.1
_AXIS_VECTORS = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, 1.0))


@dataclass(frozen=True, eq=False)
class CompiledScene:
    """A MuJoCo model and where the scene's parts are in it.

    ``moving_body`` (n,) names the MuJoCo body that carries each of ``Scene.moving``, ``moving_offset`` (n,) the pose
    in it. ``paths`` are the things on paths, in the order of MuJoCo's mocap bodies. ``ground`` and ``robot_of``
    (ngeom,) tell which geoms are ground and to which robot (index, else -1) each belongs, ``feet`` (ngeom,) which are
    the lowest of their robot.
    """

    model: Any
    moving_body: NDArray[np.int32]
    moving_offset: tuple[Pose3, ...]
    paths: tuple[TimedPath, ...]
    ground: NDArray[np.bool_]
    robot_of: NDArray[np.int32]
    feet: NDArray[np.bool_]


def compile_scene(scene: Scene, *, step_s: float) -> CompiledScene:
    """Compile static collisions, everything that moves, and the robots with their drives.

    :raises SceneError: naming the model, link or joint that physics cannot run.
    """
    _check_names(scene)
    compiler = _Compiler(scene, step_s)
    for body in scene.static:
        compiler.add_fixed(body.link, body.pose)
    for model in scene.world.models:
        if model.path is not None:
            compiler.add_walker(model.name, model.path, model.links)
        elif not model.static:
            compiler.add_free(model)
    for actor in scene.world.actors:
        compiler.add_walker(actor.name, actor.path, actor.links)
    for name, robot in scene.robots.items():
        _check_robot(name, robot)
        compiler.add_free(robot)
        compiler.add_drive(robot)
    return compiler.finish()


def body_name(model: str, link: str) -> str:
    """Return the name of a link's body in the MuJoCo model."""
    return f'{model}::{link}'


class _Compiler:
    """Gathers a scene in an MjSpec."""

    def __init__(self, scene: Scene, step_s: float) -> None:
        self._scene = scene
        self._spec = mujoco.MjSpec()
        self._spec.compiler.degree = False
        self._spec.compiler.boundmass = 0.0
        self._geoms = GeomMaker(self._spec)
        self._paths: list[TimedPath] = []
        _set_options(self._spec.option, scene, step_s)

    def add_fixed(self, link: Link, pose: Pose3) -> None:
        """Add a link that never moves to the world's own body."""
        self._add_collisions(self._spec.worldbody, link, pose, FIXED)

    def add_walker(self, name: str, path: TimedPath, links: tuple[Link, ...]) -> None:
        """Add something on a path: one mocap body that carries all its links, as they move as one."""
        body = self._spec.worldbody.add_body(name=name, mocap=True)
        self._paths.append(path)
        for link in links:
            self._add_collisions(body, link, link.pose, ON_PATH)

    def add_free(self, model: Model) -> None:
        """Add the links of a model that physics moves, hung on each other by their joints."""
        joint_of = _joint_of_child(model)
        flies = isinstance(model.drive, VelocityControl | MulticopterControl)
        weightless = isinstance(model.drive, VelocityControl)
        rotors = model.drive.rotor_joints if isinstance(model.drive, MulticopterControl) else ()
        servos = [servo.joint for servo in model.servos]
        wheels = _wheels(model)
        bodies: dict[str, Any] = {}
        for link in _parents_first(model, joint_of):
            joint = joint_of.get(link.name)
            hung = joint is not None and joint.parent != 'world'
            parent = bodies[joint.parent] if joint and hung else self._spec.worldbody
            base = _link_named(model, joint.parent).pose.inverse() if joint and hung else model.pose
            body = parent.add_body(name=body_name(model.name, link.name))
            bodies[link.name] = body
            _place(body, base.compose(link.pose))
            if joint is not None and joint.name in rotors:
                pass  # it does not turn: nothing could tell that it did
            elif joint is not None and joint.name in servos:
                pass  # physics holds it, and ``JointServos`` turns it
            elif joint is not None:
                _add_joint(body, model, link, joint)
            elif flies:
                _add_flight_joints(body, model.name, model.pose.compose(link.pose))
            else:
                body.add_freejoint()
            body.gravcomp = 1.0 if weightless or not link.gravity else 0.0
            _add_inertial(body, link.inertial, massless=joint is not None and joint.kind == 'fixed')
            self._add_collisions(body, _with_tyres(link) if link.name in wheels else link, Pose3(), FREE)
            if link.name in wheels:
                self._add_collisions(body, link, Pose3(), SEEN_ONLY)
        self._exclude_self_contacts([body.name for body in bodies.values()])

    def add_drive(self, robot: Model) -> None:
        """Add an actuator for every driven joint: a multicopter's is told a force, any other a velocity.

        The gains of the latter are set once masses are known.
        """
        for joint in driven_joints(robot):
            actuator = self._spec.add_actuator(name=joint, target=joint, trntype=mujoco.mjtTrn.mjTRN_JOINT)
            if isinstance(robot.drive, MulticopterControl):
                actuator.set_to_motor()
                continue
            actuator.set_to_velocity(1.0)
            actuator.forcelimited = 1
            actuator.forcerange = (-1.0, 1.0)

    def finish(self) -> CompiledScene:
        """Compile.

        :raises SceneError: with MuJoCo's own words where it refuses the model.
        """
        try:
            model = self._spec.compile()
        except ValueError as error:
            raise SceneError(f'world {self._scene.world.name}: physics refuses it: {error}') from error
        for robot in self._scene.robots.values():
            if not isinstance(robot.drive, MulticopterControl):
                _set_gains(model, robot)
        robot_of = _robot_of_geoms(model, self._scene)
        carriers, offsets = _locate_moving(model, self._scene)
        kinds = (mujoco.mjtGeom.mjGEOM_PLANE, mujoco.mjtGeom.mjGEOM_HFIELD)
        return CompiledScene(
            model, carriers, offsets, tuple(self._paths),
            np.isin(model.geom_type, [int(kind) for kind in kinds]), robot_of, _feet(model, robot_of))

    def _add_collisions(self, body: Any, link: Link, pose: Pose3, contact: ContactClass) -> None:
        for collision in link.collisions:
            self._geoms.add(body, collision, pose.compose(collision.pose), contact)

    def _exclude_self_contacts(self, names: list[str]) -> None:
        """Keep a model's own links from touching each other, as SDFormat has it unless told otherwise."""
        for index, first in enumerate(names):
            for second in names[index + 1:]:
                self._spec.add_exclude(bodyname1=first, bodyname2=second)


def driven_joints(robot: Model) -> list[str]:
    """Return the names, in the MuJoCo model, of the joints that a robot's drive turns."""
    if isinstance(robot.drive, DiffDrive):
        return [body_name(robot.name, name) for name in (*robot.drive.left_joints, *robot.drive.right_joints)]
    return [body_name(robot.name, f'flight_{axis}') for axis in FLIGHT_AXES]


def _set_options(option: Any, scene: Scene, step_s: float) -> None:
    option.timestep = step_s
    option.gravity = scene.world.gravity_m_s2
    option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    option.cone = mujoco.mjtCone.mjCONE_PYRAMIDAL
    option.solver = mujoco.mjtSolver.mjSOL_NEWTON
    option.iterations = 10
    option.ls_iterations = 10
    option.tolerance = 1e-6
    # A robot is one island: looking for islands costs more than it saves.
    option.disableflags |= int(mujoco.mjtDisableBit.mjDSBL_SENSOR) | int(mujoco.mjtDisableBit.mjDSBL_ISLAND)


def _check_names(scene: Scene) -> None:
    world = scene.world
    names = Counter([
        *(model.name for model in world.models), *(actor.name for actor in world.actors),
        *(robot.name for robot in scene.robots.values())])
    for name, count in names.items():
        if count > 1:
            raise SceneError(f'{name}: {count} models or actors have this name, each needs its own')
    for key, robot in scene.robots.items():
        if key != robot.name:
            raise SceneError(f'robot {key}: its model is called {robot.name}, expected the same name')


def _check_robot(name: str, robot: Model) -> None:
    roots = [link.name for link in robot.links if link.name not in _joint_of_child(robot)]
    if len(roots) != 1:
        raise SceneError(
            f'robot {name}: links {", ".join(roots) or "none"} hang on no joint, expected exactly one root')
    if robot.drive is None:
        raise SceneError(
            f'robot {name}: has no drive, expected a diff-drive, multicopter-control or velocity-control plugin')
    if not isinstance(robot.drive, DiffDrive):
        return
    movable = {joint.name: joint for joint in robot.joints if joint.kind in {'continuous', 'revolute'}}
    for side, wheels in (('left', robot.drive.left_joints), ('right', robot.drive.right_joints)):
        if not wheels:
            raise SceneError(f'robot {name}: diff drive names no {side} wheel joint, expected at least one')
        for wheel in wheels:
            if wheel not in movable:
                raise SceneError(
                    f'robot {name}: diff drive names the {side} wheel joint {wheel}, which does not exist or cannot '
                    f'turn; turning joints are: {", ".join(sorted(movable)) or "none"}')
            if not any(link.name == movable[wheel].child and link.collisions for link in robot.links):
                raise SceneError(f'robot {name}: wheel {movable[wheel].child} has no collision to roll on')


def _joint_of_child(model: Model) -> dict[str, Joint]:
    found: dict[str, Joint] = {}
    names = {link.name for link in model.links}
    for joint in model.joints:
        for end in (joint.parent, joint.child):
            if end not in names and not (end == 'world' and end == joint.parent):
                raise SceneError(f'{model.name}: joint {joint.name} names the link {end}, which the model lacks')
        if joint.child in found:
            raise SceneError(
                f'{model.name}: link {joint.child} is child of the joints {found[joint.child].name} and {joint.name}, '
                'closed loops of joints are not simulated')
        found[joint.child] = joint
    return found


def _parents_first(model: Model, joint_of: dict[str, Joint]) -> list[Link]:
    ordered: list[Link] = []
    placed = {'world'}
    waiting = list(model.links)
    while waiting:
        ready = [link for link in waiting if link.name not in joint_of or joint_of[link.name].parent in placed]
        if not ready:
            ring = ', '.join(link.name for link in waiting)
            raise SceneError(f'{model.name}: links {ring} hang on each other in a ring, expected a tree')
        ordered += ready
        placed |= {link.name for link in ready}
        waiting = [link for link in waiting if link.name not in placed]
    return ordered


def _link_named(model: Model, name: str) -> Link:
    return next(link for link in model.links if link.name == name)


def _place(body: Any, pose: Pose3) -> None:
    body.pos, body.quat = pose.position_m, pose.orientation_wxyz


def _add_joint(body: Any, model: Model, link: Link, joint: Joint) -> None:
    if joint.kind == 'fixed':
        return
    kind = mujoco.mjtJoint.mjJNT_SLIDE if joint.kind == 'prismatic' else mujoco.mjtJoint.mjJNT_HINGE
    to_link = link.pose.inverse()
    made = body.add_joint(name=body_name(model.name, joint.name), type=kind)
    made.pos = to_link.transform(np.asarray(joint.pose.position_m))
    made.axis = to_link.rotation @ np.asarray(joint.axis)
    made.damping[0] = joint.damping
    made.frictionloss = joint.friction
    if np.isfinite(joint.lower) and np.isfinite(joint.upper) and joint.kind != 'continuous':
        made.limited, made.range = 1, (joint.lower, joint.upper)


def _add_flight_joints(body: Any, robot: str, pose: Pose3) -> None:
    """Let a body slide along the world's axes and turn about its z, whatever way it is turned at the start."""
    into_body = pose.rotation.T
    for axis, vector in zip(FLIGHT_AXES, _AXIS_VECTORS, strict=True):
        kind = mujoco.mjtJoint.mjJNT_HINGE if axis == 'yaw' else mujoco.mjtJoint.mjJNT_SLIDE
        body.add_joint(name=body_name(robot, f'flight_{axis}'), type=kind, axis=into_body @ np.asarray(vector))


def _add_inertial(body: Any, inertial: Inertial | None, *, massless: bool) -> None:
    if inertial is None:
        if massless:
            return
        inertial = Inertial(1.0)  # SDFormat's default
    turn = inertial.pose.rotation
    ixx, iyy, izz, ixy, ixz, iyz = inertial.moments_kg_m2
    tensor = turn @ np.array([[ixx, ixy, ixz], [ixy, iyy, iyz], [ixz, iyz, izz]]) @ turn.T
    body.explicitinertial = True
    body.mass = inertial.mass_kg
    body.ipos = inertial.pose.position_m
    body.fullinertia = [tensor[0, 0], tensor[1, 1], tensor[2, 2], tensor[0, 1], tensor[0, 2], tensor[1, 2]]


def _wheels(model: Model) -> set[str]:
    """Return the links that a diff drive turns."""
    if not isinstance(model.drive, DiffDrive):
        return set()
    driven = {*model.drive.left_joints, *model.drive.right_joints}
    return {joint.child for joint in model.joints if joint.name in driven}


def _with_tyres(wheel: Link) -> Link:
    """Return a wheel whose cylinders are rounded off to roll on one point in the middle of the tread.

    A rigid cylinder stands on both its edges, which scrub in a turn and slow it by a tenth; a tyre gives way. One
    contact is also four times faster than four. Rays still see the cylinder.
    """
    rounded: list[Collision] = []
    for collision in wheel.collisions:
        shape = collision.shape
        if isinstance(shape, Cylinder):
            shape = Ellipsoid((shape.radius_m, shape.radius_m, shape.length_m / 2.0))
        rounded.append(replace(collision, shape=shape))
    return replace(wheel, collisions=tuple(rounded))


def _set_gains(model: Any, robot: Model) -> None:
    """Set each actuator so that its joint reaches a new velocity within some steps, whatever the robot weighs.

    Flight: a gain of inertia / step halves the error in every step; more would swing about the target where the force
    limit acts. Wheels: the contact solver does not know of the actuators' damping, so it must stay small against the
    inertia at the wheel, to which a gearbox adds its share as in a real one.
    """
    root = model.body(body_name(robot.name, robot.links[0].name)).rootid[0]
    mass = float(model.body_subtreemass[root])
    names = driven_joints(robot)
    for name in names:
        actuator = model.actuator(name)
        dof = model.joint(name).dofadr[0]
        if isinstance(robot.drive, DiffDrive):
            rolling = mass * robot.drive.wheel_radius_m**2 / len(names)
            model.dof_armature[dof] = _GEAR_SHARE * rolling
            gain, limit = _WHEEL_GAIN_PER_S * (float(model.dof_M0[dof]) + rolling), _effort(robot, name)
        else:
            inertia = float(model.dof_M0[dof])
            gain, limit = inertia / model.opt.timestep, _FLIGHT_ACCELERATION * inertia
        actuator.gainprm[0], actuator.biasprm[2] = gain, -gain
        actuator.forcerange[:] = (-limit, limit)
    mujoco.mj_setConst(model, mujoco.MjData(model))


def _effort(robot: Model, name: str) -> float:
    joint = next(joint for joint in robot.joints if body_name(robot.name, joint.name) == name)
    return joint.effort if 0.0 < joint.effort < 1e6 else 1e6


def _locate_moving(model: Any, scene: Scene) -> tuple[NDArray[np.int32], tuple[Pose3, ...]]:
    on_path = {thing.name for thing in scene.world.models if thing.path} | {actor.name for actor in scene.world.actors}
    names = [body.model if body.model in on_path else body_name(body.model, body.link.name) for body in scene.moving]
    offsets = tuple(body.link.pose if body.model in on_path else Pose3() for body in scene.moving)
    return np.array([model.body(name).id for name in names], dtype=np.int32), offsets


def _robot_of_geoms(model: Any, scene: Scene) -> NDArray[np.int32]:
    owner: Floats = np.full(model.nbody, -1)
    for index, robot in enumerate(scene.robots.values()):
        for link in robot.links:
            owner[model.body(body_name(robot.name, link.name)).id] = index
    return owner[model.geom_bodyid].astype(np.int32)


def _feet(model: Any, robot_of: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which geoms are the lowest of their robot, as it stands at the start."""
    data = mujoco.MjData(model)
    mujoco.mj_kinematics(model, data)
    up = data.geom_xmat.reshape(-1, 3, 3)[:, 2]
    middle, half = model.geom_aabb[:, :3], model.geom_aabb[:, 3:]
    lowest = data.geom_xpos[:, 2] + (up * middle).sum(axis=1) - (np.abs(up) * half).sum(axis=1)
    feet = np.zeros(model.ngeom, dtype=np.bool_)
    for robot in range(int(robot_of.max(initial=-1)) + 1):
        own = robot_of == robot
        feet |= own & (lowest <= lowest[own].min(initial=np.inf) + _FOOT_HEIGHT_M)
    return feet
