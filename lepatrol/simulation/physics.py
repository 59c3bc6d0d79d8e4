"""Rigid-body physics of a scene, on MuJoCo."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import STOP, Floats, Pose3, Twist
from lepatrol.simulation.compilation import body_name, compile_scene
from lepatrol.simulation.description import DiffDrive, Model, TimedPath
from lepatrol.simulation.drives import Drive, MulticopterDrive, base_link_name, make_drive
from lepatrol.simulation.people import Walkers
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.scene_error import SceneError
from lepatrol.simulation.servos import JointServos
from lepatrol.simulation.standing import ROLLED_OVER_M, standing_height_m

CONTROL_PERIOD_S = 0.02
"""How often drives are updated, walkers moved and contacts looked at."""
_GROUND_NORMAL_Z = 0.7
"""A contact that pushes up steeper than this (about 45 degrees) is stood on, not run into."""


class Physics:
    """Steps a scene.

    Robots drive and fly by forces, their servos turn as told, people and vehicles on paths go their way whatever stands
    in it. What happens depends on the commands and their times only, never on how the steps are grouped into calls of
    ``run_to``. ``model`` and ``data`` are MuJoCo's own.
    """

    def __init__(self, scene: Scene, *, step_s: float) -> None:
        """Compile a scene.

        :raises SceneError: naming the model, link or joint that cannot be simulated.
        """
        self.scene = scene
        self.step_s = step_s
        self._compiled = compile_scene(scene, step_s=step_s)
        self.model: Any = self._compiled.model
        self.data: Any = mujoco.MjData(self.model)
        self._feet = self._compiled.feet
        self.drives: dict[str, Drive] = {
            name: make_drive(self.model, robot, self._feet & (self._compiled.robot_of == index))
            for index, (name, robot) in enumerate(scene.robots.items())}
        self.servos = {name: JointServos(self.model, robot) for name, robot in scene.robots.items()}
        self._multicopters = {
            index: drive for index, drive in enumerate(self.drives.values()) if isinstance(drive, MulticopterDrive)}
        self._base = {name: self.model.body(base_link_name(robot)).id for name, robot in scene.robots.items()}
        self._on_wheels = {index: (self._base[name], _base_height_m(robot))
                           for index, (name, robot) in enumerate(scene.robots.items())
                           if isinstance(robot.drive, DiffDrive)}
        self._is_fixed: list[bool] = (self.model.body_weldid[self.model.geom_bodyid] == 0).tolist()
        self._walkers = Walkers(self._compiled.paths)
        self._mocap: NDArray[np.int32] = self.model.body_mocapid[self._compiled.moving_body]
        self._is_ground: list[bool] = self._compiled.ground.tolist()
        self._period = max(1, int(CONTROL_PERIOD_S / step_s + 1e-9))
        self._collided: NDArray[np.bool_] = np.zeros(len(scene.robots) + 1, dtype=np.bool_)
        self._driven_since_s: dict[str, float] = {}
        self.step = 0
        self._bodies_stale = True
        self.reset()

    def reset(self) -> None:
        """Put everything back to the start."""
        mujoco.mj_resetData(self.model, self.data)
        self.step = 0
        self._collided[:] = False
        self._driven_since_s.clear()
        for drive in self.drives.values():
            drive.reset()
        for servos in self.servos.values():
            servos.reset()
        self._walkers.reset()
        self._place_bodies()
        self._set_off_walkers()
        self._move_walkers()
        self._place_bodies()

    @property
    def time_s(self) -> float:
        """Return the simulated time."""
        return self.step * self.step_s

    def command(self, robot: str, twist: Twist) -> None:
        """Set the velocity that a robot's drive is to reach."""
        self.drives[robot].target = twist
        if twist != STOP:
            self._driven_since_s.setdefault(robot, self.time_s)

    def driven_since_s(self, robot: str) -> float | None:
        """Return when a robot was first told to move, None before."""
        return self._driven_since_s.get(robot)

    def run_to(self, step: int) -> None:
        """Run until that many steps have been made since the start."""
        while self.step < step:
            since_tick = self.step % self._period
            if since_tick == 0:
                for drive in self.drives.values():
                    drive.update(self.data, self._period * self.step_s)
                for servos in self.servos.values():
                    servos.update(self._period * self.step_s)
            count = min(self._period - since_tick, step - self.step)
            mujoco.mj_step(self.model, self.data, nstep=count)
            self.step += count
            self._note_contacts()
            if self.step % self._period == 0:
                self._set_off_walkers()
                self._move_walkers()
        self._bodies_stale = True

    def send(self, walker: str, path: TimedPath) -> None:
        """Let somebody or something that goes on a path take another one from now on.

        :raises SceneError: if nothing of that name does.
        """
        for body, index in zip(self.scene.moving, self._mocap.tolist(), strict=True):
            if body.model == walker and index >= 0:
                self._walkers.send(index, path, self.time_s)
                return
        raise SceneError(f'nothing that is called {walker!r} goes on a path')

    def forget_collisions(self) -> None:
        """Begin a new time over which ``in_collision`` tells."""
        self._collided[:] = False

    def in_collision(self, robot: str) -> bool:
        """Tell whether a robot touched what it neither stands on nor rolls over since collisions were last forgotten.

        A multicopter stands on its feet only, and only where they have touched down slowly.
        """
        return bool(self._collided[list(self._base).index(robot)])

    def base_pose(self, robot: str) -> Pose3:
        """Return where a robot's base link is now."""
        return self.body_pose(self._base[robot])

    def base_velocity(self, robot: str) -> Twist:
        """Return a robot's velocity in its base link's frame."""
        _, _, turn_rad_s, ahead, left, up = self.body_velocity(self._base[robot]).tolist()
        return Twist(ahead, turn_rad_s, left, up)

    def body_velocity(self, body: int) -> Floats:
        """Return a body's angular (3) and linear (3) velocity now, in the body's own axes, shape (6,)."""
        self.refresh()
        mujoco.mj_comVel(self.model, self.data)
        velocity = np.zeros(6)
        mujoco.mj_objectVelocity(self.model, self.data, mujoco.mjtObj.mjOBJ_XBODY, body, velocity, 1)
        return velocity

    def body_pose(self, body: int) -> Pose3:
        """Return where a body of the MuJoCo model is now."""
        self.refresh()
        x, y, z = self.data.xpos[body].tolist()
        qw, qx, qy, qz = self.data.xquat[body].tolist()
        return Pose3((x, y, z), (qw, qx, qy, qz))

    def moving_poses(self) -> tuple[Floats, Floats]:
        """Return positions (n, 3) and unit quaternions (n, 4) of ``scene.moving``, in its order."""
        self.refresh()
        bodies = self._compiled.moving_body
        positions, quaternions = self.data.xpos[bodies], self.data.xquat[bodies]
        for index, (body, offset) in enumerate(zip(bodies, self._compiled.moving_offset, strict=True)):
            if self.model.body_mocapid[body] >= 0:
                pose = self.body_pose(int(body)).compose(offset)
                positions[index], quaternions[index] = pose.position_m, pose.orientation_wxyz
        return positions, quaternions

    def refresh(self) -> None:
        """Bring body and geom poses up to the present: a step leaves them where they were before it."""
        if self._bodies_stale:
            self._place_bodies()

    def _place_bodies(self) -> None:
        mujoco.mj_kinematics(self.model, self.data)
        mujoco.mj_comPos(self.model, self.data)
        self._bodies_stale = False

    def walk_to_now(self) -> None:
        """Put people and vehicles exactly where they are now, between two control periods too."""
        if self._walkers and self.step % self._period:
            self._move_walkers()
            self._bodies_stale = True

    def _set_off_walkers(self) -> None:
        """Let those begin who wait for a robot that has come."""
        if self._walkers.are_waiting:
            self._place_bodies()
            self._walkers.watch(self.time_s, [tuple(self.data.xpos[body, :2].tolist()) for body in self._base.values()])

    def _move_walkers(self) -> None:
        if self._walkers:
            poses = self._walkers.poses_at(self.time_s)
            self.data.mocap_pos[:] = [pose.position_m for pose in poses]
            self.data.mocap_quat[:] = [pose.orientation_wxyz for pose in poses]

    def _note_contacts(self) -> None:
        """Remember which robots touch something that is neither ground nor stood on."""
        ground = self._is_ground
        contact = self.data.contact
        for index, (one, other) in enumerate(contact.geom.tolist()):
            is_below = ground[one] or ground[other] or abs(contact.frame[index, 2]) >= _GROUND_NORMAL_Z
            if is_below and not (self._multicopters and (self._hits(one) or self._hits(other))):
                continue
            if self._is_rolled_over(one, other, float(contact.pos[index, 2])):
                continue
            self._collided[self._compiled.robot_of[one]] = True
            self._collided[self._compiled.robot_of[other]] = True

    def _is_rolled_over(self, one: int, other: int, height_m: float) -> bool:
        """Tell whether a robot on wheels meets, at a height, a low edge of what never moves: a kerb, a road's rim."""
        robot, thing = (one, other) if self._compiled.robot_of[one] >= 0 else (other, one)
        wheeled = self._on_wheels.get(int(self._compiled.robot_of[robot]))
        if wheeled is None or not self._is_fixed[thing]:
            return False
        base, stands_m = wheeled
        return height_m - (float(self.data.xpos[base, 2]) - stands_m) < ROLLED_OVER_M

    def _hits(self, geom: int) -> bool:
        """Tell whether a geom is part of a multicopter that does not stand on it, or not yet."""
        drive = self._multicopters.get(int(self._compiled.robot_of[geom]))
        return drive is not None and not (self._feet[geom] and drive.is_touching_down)


def _base_height_m(robot: Model) -> float:
    """Return how high above level ground a robot's base is when it stands."""
    poses = {body_name(robot.name, link.name): link.pose for link in robot.links}
    return standing_height_m(robot) + poses[base_link_name(robot)].position_m[2]
