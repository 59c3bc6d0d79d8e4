"""A simulator without physics: robots glide over an occupancy map; for fast tests of patrol and control."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray

from lepatrol.model.errors import CommandError
from lepatrol.model.geometry import STOP, Pose2, Pose3, Twist, wrap_angle
from lepatrol.model.observation import LaserScan, Odometry, PoseEstimate
from lepatrol.model.occupancy import OCCUPIED, OccupancyMap
from lepatrol.simulation.backend import Delivery, Simulator


@dataclass(frozen=True, slots=True)
class FakeSensors:
    """What a fake robot is like: its size, its scan and the noise of its pose."""

    radius_m: float = 0.3
    step_s: float = 0.02
    pose_period_steps: int = 2
    scan_period_steps: int = 5
    beams: int = 180
    range_max_m: float = 20.0
    pose_noise_m: float = 0.0
    pose_noise_rad: float = 0.0
    wall_height_m: float = math.inf
    """A robot this high flies over occupied cells."""


@dataclass(slots=True)
class _Robot:
    pose: Pose2
    height_m: float = 0.0
    travelled: Pose2 = Pose2(0.0, 0.0)
    twist: Twist = STOP
    collided: bool = False


class FakeSimulator(Simulator):
    """Moves unicycles that follow their command at once and stop dead at occupied cells.

    Those told to climb fly: over the cells from the walls' height on, and down to the ground at 0.

    Delivers ``odom``, ``pose`` and ``scan``; robots do not see each other.
    """

    def __init__(
        self, grid: OccupancyMap, starts: Mapping[str, Pose2], sensors: FakeSensors = FakeSensors(),
    ) -> None:
        """Put robots into a map; cells outside it are free and empty."""
        self._grid = grid
        self._starts = dict(starts)
        self._sensors = sensors
        self.reset(0)

    @property
    def time_s(self) -> float:
        """Return the simulated time."""
        return self._step * self._sensors.step_s

    @property
    def robots(self) -> Sequence[str]:
        """Return the names of the robots."""
        return tuple(self._starts)

    def reset(self, seed: int) -> None:
        """Put everything back to the start."""
        self._noise = default_rng(seed)
        self._step = 0
        self._robots = {name: _Robot(pose) for name, pose in self._starts.items()}

    def command(self, robot: str, twist: Twist) -> None:
        """Set a robot's velocity.

        :raises CommandError: for a robot that is not there or a velocity that is not finite.
        """
        if not twist.is_finite():
            raise CommandError(f'robot {robot}: {twist} is not finite, expected numbers')
        self._known(robot).twist = twist

    def aim(self, robot: str, joint: str, position_rad: float) -> None:
        """Refuse: a fake robot has no joints.

        :raises CommandError: always.
        """
        self._known(robot)
        raise CommandError(f'robot {robot}: no servo turns {joint!r}; a fake robot has no joints')

    def advance(self, duration_s: float) -> list[Delivery]:
        """Let ``duration_s`` pass and return what was delivered.

        :raises CommandError: for a duration that is not a whole number of steps.
        """
        steps = duration_s / self._sensors.step_s
        if steps < 0.0 or abs(steps - round(steps)) > 1e-6 * max(1.0, steps):
            raise CommandError(f'{duration_s} s is not a whole number of steps of {self._sensors.step_s} s')
        for robot in self._robots.values():
            robot.collided = False
        deliveries: list[Delivery] = []
        for _ in range(round(steps)):
            self._step += 1
            for name, robot in self._robots.items():
                self._move(robot)
                deliveries += self._measure(name, robot)
        return deliveries

    def ground_truth(self, robot: str) -> Pose3:
        """Return where a robot is."""
        known = self._known(robot)
        return _lift(known.pose, known.height_m)

    def in_collision(self, robot: str) -> bool:
        """Tell whether a robot was stopped by an occupied cell since the last call of ``advance`` began."""
        return self._known(robot).collided

    def close(self) -> None:
        """Do nothing: there is nothing to free."""

    def _known(self, name: str) -> _Robot:
        if name not in self._robots:
            raise CommandError(f'robot {name!r} is not in the map; there are: {", ".join(self._robots) or "none"}')
        return self._robots[name]

    def _move(self, robot: _Robot) -> None:
        step = _unicycle_step(robot.twist, self._sensors.step_s)
        moved = robot.pose.compose(step)
        robot.height_m = max(robot.height_m + robot.twist.linear_z_m_s * self._sensors.step_s, 0.0)
        over = robot.height_m >= self._sensors.wall_height_m
        if not over and self._is_blocked(moved) and not self._is_blocked(robot.pose):
            robot.collided = True
            step = replace(step, x_m=0.0, y_m=0.0)
            moved = robot.pose.compose(step)
        robot.pose, robot.travelled = moved, robot.travelled.compose(step)

    def _is_blocked(self, pose: Pose2) -> bool:
        """Tell whether the robot's disc would overlap an occupied cell."""
        grid, reach = self._grid, self._sensors.radius_m
        low, high = grid.cell_at(pose.x_m - reach, pose.y_m - reach), grid.cell_at(pose.x_m + reach, pose.y_m + reach)
        rows = slice(max(low[0], 0), max(high[0] + 1, 0))
        columns = slice(max(low[1], 0), max(high[1] + 1, 0))
        hits = np.argwhere(grid.cells[rows, columns] == OCCUPIED)
        if not len(hits):
            return False
        size = grid.resolution_m
        first = np.array([columns.start, rows.start])
        corner = (hits[:, ::-1] + first) * size + np.array([grid.origin_x_m, grid.origin_y_m])
        place = np.array([pose.x_m, pose.y_m])
        nearest = np.clip(place, corner, corner + size)
        return bool((np.hypot(*(nearest - place).T) < reach).any())

    def _measure(self, name: str, robot: _Robot) -> list[Delivery]:
        sensors, made = self._sensors, []
        if self._step % sensors.pose_period_steps == 0:
            made.append(Delivery(name, 'odom', Odometry(
                self.time_s, _lift(robot.travelled, robot.height_m), robot.twist)))
            deviations = (sensors.pose_noise_m, sensors.pose_noise_m, sensors.pose_noise_rad)
            dx, dy, turn = self._noise.normal(0.0, deviations).tolist()
            seen = Pose2(robot.pose.x_m + dx, robot.pose.y_m + dy, wrap_angle(robot.pose.yaw_rad + turn))
            made.append(Delivery(name, 'pose', PoseEstimate(
                self.time_s, 'map', _lift(seen, robot.height_m), sensors.pose_noise_m, sensors.pose_noise_rad)))
        if self._step % sensors.scan_period_steps == 0:
            made.append(Delivery(name, 'scan', self._scan(robot.pose)))
        return made

    def _scan(self, pose: Pose2) -> LaserScan:
        sensors = self._sensors
        increment = 2.0 * math.pi / sensors.beams
        angles = -math.pi + increment * np.arange(sensors.beams, dtype=np.float64)
        ranges = cast_in_grid(self._grid, pose, angles, sensors.range_max_m)
        return LaserScan(self.time_s, 'base_link', -math.pi, increment, 0.0, sensors.range_max_m, ranges)


def cast_in_grid(
    grid: OccupancyMap, pose: Pose2, angles_rad: NDArray[np.float64], range_max_m: float,
) -> NDArray[np.float32]:
    """Return the distance to the first occupied cell along each beam, ``inf`` where there is none.

    Samples every beam four times per cell, so that a range is right within a quarter of a cell, and a beam may slip
    past a corner it would cut by less than that.
    """
    step = grid.resolution_m / 4.0
    along = np.arange(1, int(range_max_m / step) + 1) * step
    headings = pose.yaw_rad + np.asarray(angles_rad)[:, None]
    columns = np.floor((pose.x_m + np.cos(headings) * along - grid.origin_x_m) / grid.resolution_m).astype(np.intp)
    rows = np.floor((pose.y_m + np.sin(headings) * along - grid.origin_y_m) / grid.resolution_m).astype(np.intp)
    inside = (rows >= 0) & (rows < grid.cells.shape[0]) & (columns >= 0) & (columns < grid.cells.shape[1])
    hit = np.zeros(inside.shape, dtype=np.bool_)
    hit[inside] = grid.cells[rows[inside], columns[inside]] == OCCUPIED
    first = hit.argmax(axis=1)
    return np.where(hit.any(axis=1), along[first], np.inf).astype(np.float32)


def _unicycle_step(twist: Twist, period_s: float) -> Pose2:
    """Return the arc a unicycle makes, in its own frame; what flies may go sideways besides."""
    ahead, turn = twist.linear_x_m_s * period_s, twist.angular_z_rad_s * period_s
    aside = twist.linear_y_m_s * period_s
    if abs(turn) < 1e-9:
        return Pose2(ahead, aside, turn)
    radius = ahead / turn
    return Pose2(radius * math.sin(turn), radius * (1.0 - math.cos(turn)) + aside, turn)


def _lift(pose: Pose2, height_m: float) -> Pose3:
    return Pose3.from_rpy(pose.x_m, pose.y_m, height_m, yaw_rad=pose.yaw_rad)
