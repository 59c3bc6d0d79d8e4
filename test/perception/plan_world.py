"""A world drawn on a plan, walls as lines and people as circles: what a lidar measures in it, and what it ought to."""

from __future__ import annotations

import math

import numpy as np

from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import LaserScan

LIDAR_HEIGHT_M = 0.5


class PlanWorld:
    """A range source over wall lines ((x, y), (x, y)) and round things ((x, y), radius)."""

    def __init__(self, walls=(), rounds=()):
        self.walls = np.array([(*start, *end) for start, end in walls], dtype=np.float64).reshape(-1, 4)
        self.rounds = np.array([(*centre, radius) for centre, radius in rounds], dtype=np.float64).reshape(-1, 3)

    def with_things(self, *rounds):
        """Return this world with round things in it."""
        world = PlanWorld()
        world.walls = self.walls
        world.rounds = np.vstack([self.rounds, PlanWorld(rounds=rounds).rounds])
        return world

    def ranges_m(self, origin_m, directions):
        ox, oy = np.asarray(origin_m)[:2]
        dx, dy = np.asarray(directions)[:, 0, None], np.asarray(directions)[:, 1, None]
        best = np.full(len(dx), np.inf)
        with np.errstate(all='ignore'):
            if len(self.walls):
                x, y, ex, ey = self.walls.T
                ux, uy = ex - x, ey - y
                det = dx * uy - dy * ux
                along = ((x - ox) * uy - (y - oy) * ux) / det
                share = ((x - ox) * dy - (y - oy) * dx) / det
                hit = (along > 0.0) & (share >= 0.0) & (share <= 1.0)
                best = np.minimum(best, np.where(hit, along, np.inf).min(axis=1))
            if len(self.rounds):
                x, y, radius = self.rounds.T
                middle = (x - ox) * dx + (y - oy) * dy
                root = np.sqrt(middle**2 - ((x - ox)**2 + (y - oy)**2 - radius**2))
                near = middle - root
                best = np.minimum(best, np.where(near > 0.0, near, np.inf).min(axis=1))
        return best


def pose_of(x, y, yaw=0.0):
    """Return a lidar's pose."""
    return Pose3.from_rpy(x, y, LIDAR_HEIGHT_M, yaw_rad=yaw)


def scan_of(ranges, stamp_s=0.0, *, range_max_m=30.0):
    """Return a full turn of ranges as a scan, the first and the last beam both straight back."""
    ranges = np.asarray(ranges, dtype=np.float32)
    step = 2.0 * math.pi / max(ranges.size - 1, 1)
    return LaserScan(stamp_s, 'lidar', -math.pi, step, 0.1, range_max_m, ranges)


def measure(world, pose, stamp_s=0.0, *, random=None, beams=360):
    """Return the scan that a lidar measures, with 1 cm of noise where there is a random generator."""
    angles = np.linspace(-math.pi, math.pi, beams)
    rays = np.stack([np.cos(angles), np.sin(angles), np.zeros(beams)], axis=1) @ pose.rotation.T
    ranges = world.ranges_m(np.asarray(pose.position_m), rays)
    if random is not None:
        ranges = ranges + random.normal(0.0, 0.01, beams)
    return scan_of(np.where(ranges <= 30.0, ranges, np.inf), stamp_s)


def wrong(pose, random, *, metres=0.05, radians=0.0175):
    """Return a pose with white noise."""
    x, y, z = pose.position_m
    dx, dy, turn = random.normal(0.0, (metres, metres, radians)).tolist()
    return Pose3((x + dx, y + dy, z), Pose3.from_rpy(yaw_rad=turn).compose(pose).orientation_wxyz)
