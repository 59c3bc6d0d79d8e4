"""Where to stand for pictures that show what a world is like."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from lepatrol.evaluation.site_plan import Window
from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.site import Medium, Point2, Route, Site
from lepatrol.perception.expectation import RangeSource
from lepatrol.simulation.description import Light

FOV_RAD = 1.15
"""Horizontal field of view of pictures that no robot takes."""
SHAPE = 400 / 640
"""Height of a picture over its width."""
_AHEAD_M = 8.0
"""A first waypoint nearer than this says little about where the route leads."""
_LARGEST_M = (150.0, 110.0)
"""An overview of more shows nothing."""
_TOWER_SHARE = 0.16
_TOWER_M = (6.0, 30.0)
_CLEAR_M = 6.0
_RISE_M = 2.0
_RISES = 10
_IN_THE_WAY_M = 2.0
_EYES_M = 2.2
_TILT_RAD = math.radians(6.0)
_ROBOT_AHEAD_M = 6.0
_SHORTEST_LEG_M = 10.0
_BESIDE_M = 12.0
"""A leg along the fence has both its ends this near to it."""
_TOE_IN_RAD = math.radians(14.0)
_SKY_M = 200.0
_KNEES_M, _FLAT_M, _CEILING_M = 0.5, 0.1, 4.0
_DOWN = np.array([[0.0, 0.0, -1.0]])


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Where a camera is and looks (along x, with z up), and what it shows in a few words.

    ``robot`` is where the robot stands on the ground meanwhile; None leaves it where it is.
    """

    shows: str
    pose: Pose3
    fov_rad: float = FOV_RAD
    robot: Pose3 | None = None


def departure(site: Site) -> Pose2:
    """Return the pose in which a robot starts that looks along the first route, as it is where there is none."""
    start = site.start_pose
    route = next(iter(site.routes.values()), None)
    stops = [site.waypoints[name].pose for name in route.waypoints] if route else []
    ahead = next((stop for stop in stops if start.distance_m(stop) >= _AHEAD_M), None)
    return Pose2(start.x_m, start.y_m, start.bearing_to_rad(ahead)) if ahead else start


def overview(window: Window, home: Point2, lights: Sequence[Light], source: RangeSource) -> Viewpoint:
    """Return a view from a corner of the window, as high as a tower, with the sun as far behind as can be.

    Of a window too large for one picture it is the part around ``home``.
    """
    part = window.part_round(home, _LARGEST_M)
    x, y = part.middle_m
    corners = [(east, north) for north in (part.south_m, part.north_m) for east in (part.east_m, part.west_m)]
    shining = _sunshine(lights)
    corner = max(corners, key=lambda each: shining[0] * (x - each[0]) + shining[1] * (y - each[1]))
    height_m = float(np.clip(_TOWER_SHARE * math.hypot(*part.size_m), *_TOWER_M))
    ground_m = _ground_m(source, part.middle_m)
    for _ in range(_RISES):
        pose = _looking((*corner, ground_m + height_m), (x, y, ground_m))
        if _nearest_m(source, pose, FOV_RAD) >= _CLEAR_M:
            break
        height_m += _RISE_M
    return Viewpoint(f'overview from {height_m:.0f} m above the {_corner_name(corner, part)} corner', pose)


def along_legs(site: Site, source: RangeSource) -> list[Viewpoint]:
    """Return views along the legs of the first route, both ways, at the height of somebody's eyes.

    Where legs follow the perimeter they are those, turned a little towards it. The robot goes ahead. Views that
    something blocks are left out.
    """
    route = next(iter(site.routes.values()), None)
    legs = _legs(site, route) if route else []
    fence = shapely.LinearRing(site.perimeter) if site.perimeter else None
    guarded = [leg for leg in legs
               if fence and all(fence.distance(shapely.Point(end)) <= _BESIDE_M for end in leg)]
    words = 'along the fence' if guarded else 'along the route'
    views = [_along(start, end, fence if guarded else None, source, words)
             for leg in guarded or legs for start, end in (leg, leg[::-1])]
    return [view for view in views if _nearest_m(source, view.pose, FOV_RAD) >= _IN_THE_WAY_M]


def indoors(site: Site, source: RangeSource) -> list[Viewpoint]:
    """Return views along the legs, of all routes on the ground, whose ends are both under a roof: none without one."""
    legs = [leg for route in site.routes.values() if route.medium is Medium.GROUND for leg in _legs(site, route)
            if all(_is_under_roof(source, end) for end in leg)]
    return [_along(start, end, None, source, 'indoors') for leg in legs for start, end in (leg, leg[::-1])]


def _legs(site: Site, route: Route) -> list[tuple[Point2, Point2]]:
    """Return the straight ways between the waypoints of a route, without those too short to show anything."""
    stops = [(site.waypoints[name].x_m, site.waypoints[name].y_m) for name in route.waypoints]
    if route.closed:
        stops.append(stops[0])
    return [leg for leg in pairwise(stops) if math.dist(*leg) >= _SHORTEST_LEG_M]


def _along(
    start: Point2, end: Point2, fence: shapely.LinearRing | None, source: RangeSource, words: str,
) -> Viewpoint:
    """Return the view from the start of a leg to its end, turned a little towards the fence."""
    yaw = math.atan2(end[1] - start[1], end[0] - start[0])
    toe_in = 0.0
    if fence is not None:
        nearest = fence.interpolate(fence.project(shapely.Point(start)))
        aside = math.sin(math.atan2(nearest.y - start[1], nearest.x - start[0]) - yaw)
        toe_in = math.copysign(_TOE_IN_RAD, aside)
    eyes = Pose3.from_rpy(*start, _ground_m(source, start) + _EYES_M, pitch_rad=_TILT_RAD, yaw_rad=yaw + toe_in)
    share = _ROBOT_AHEAD_M / math.dist(start, end)
    place = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
    robot = Pose3.from_rpy(*place, _ground_m(source, place), yaw_rad=yaw)
    return Viewpoint(f'{words}, looking {_heading_name(yaw)}', eyes, robot=robot)


def _sunshine(lights: Sequence[Light]) -> tuple[float, float, float]:
    """Return the direction in which the first sun shines; without one, north-westwards as in the morning."""
    sun = next((light for light in lights if light.kind == 'directional'), None)
    return sun.pose.turn(sun.direction) if sun else (-1.0, 1.0, -1.0)


def _looking(eye: tuple[float, float, float], at: tuple[float, float, float]) -> Pose3:
    x, y, z = (to - of for to, of in zip(at, eye, strict=True))
    return Pose3.from_rpy(*eye, pitch_rad=math.atan2(-z, math.hypot(x, y)), yaw_rad=math.atan2(y, x))


def _ground_m(source: RangeSource, place: Point2) -> float:
    """Return how high the ground, or what stands on it, is; 0 where nothing is known, and under a roof."""
    if _is_under_roof(source, place):
        return 0.0
    (down,) = source.ranges_m(np.array([*place, _SKY_M]), _DOWN).tolist()
    return _SKY_M - down if math.isfinite(down) else 0.0


def _is_under_roof(source: RangeSource, place: Point2) -> bool:
    """Tell whether there is a floor at the map's zero and a ceiling above it."""
    down, up = source.ranges_m(np.array([*place, _KNEES_M]), np.concatenate([_DOWN, -_DOWN])).tolist()
    return abs(down - _KNEES_M) < _FLAT_M and _KNEES_M + up < _CEILING_M


def _nearest_m(source: RangeSource, pose: Pose3, fov_rad: float) -> float:
    """Return how near anything in the picture is, inf where all is open or unknown."""
    half = math.tan(fov_rad / 2.0)
    across, down = np.meshgrid(np.linspace(-half, half, 17), np.linspace(-half, half, 11) * SHAPE)
    rays = np.stack([np.ones(across.size), across.ravel(), down.ravel()], axis=1)
    rays = rays / np.linalg.norm(rays, axis=1, keepdims=True) @ pose.rotation.T
    ranges = source.ranges_m(np.asarray(pose.position_m), rays)
    return float(np.nanmin(ranges, initial=math.inf))


def _corner_name(corner: Point2, part: Window) -> str:
    x, y = part.middle_m
    return f'{"south" if corner[1] < y else "north"}-{"east" if corner[0] > x else "west"}'


def _heading_name(yaw_rad: float) -> str:
    names = ('east', 'north-east', 'north', 'north-west', 'west', 'south-west', 'south', 'south-east')
    return names[round(yaw_rad / (math.pi / 4.0)) % 8]
