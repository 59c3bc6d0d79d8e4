"""From what was ordered to a mission, and from a mission to the waypoints of a round in visiting order."""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Iterable, Sequence

import numpy as np

from lepatrol.model.commands import Goto, Start
from lepatrol.model.errors import CommandError
from lepatrol.model.geometry import Pose2
from lepatrol.model.mission import Mission
from lepatrol.model.site import Medium, Site, Waypoint

_KNOWN_SHOWN = 12
_WHERE = {Medium.GROUND: 'on the ground', Medium.AIR: 'in the air'}


def mission_from_start(command: Start, site: Site, medium: Medium = Medium.GROUND) -> Mission:
    """Make the mission that a start command asks for, for a robot that moves in ``medium``.

    A closed route walked in reverse keeps its first waypoint first; an open one begins at its end.

    :raises CommandError: if the site has no such route, the route is empty, or it is for another kind of robot.
    """
    if command.route not in site.routes:
        raise CommandError(f'there is no route {command.route!r}; {_near(command.route, site.routes)}')
    route = site.routes[command.route]
    names = route.waypoints
    if not names:
        raise CommandError(f'the route {route.name!r} has no waypoints')
    if route.medium is not medium:
        fitting = [name for name, other in site.routes.items() if other.medium is medium]
        raise CommandError(
            f'the route {route.name!r} is for robots {_WHERE[route.medium]}, this one moves {_WHERE[medium]}; '
            f'its routes are: {", ".join(fitting) or "none"}')
    if command.reverse:
        names = (names[0], *names[:0:-1]) if route.closed else names[::-1]
    return Mission(
        route.name, tuple(site.waypoints[name] for name in names), command.rounds, command.shuffle_seed, route.closed)


def mission_from_goto(command: Goto, site: Site) -> Mission:
    """Make the mission that only goes to one named waypoint; nothing is done there.

    :raises CommandError: if the site has no such waypoint.
    """
    if command.waypoint not in site.waypoints:
        raise CommandError(f'there is no waypoint {command.waypoint!r}; {_near(command.waypoint, site.waypoints)}')
    waypoint = dataclasses.replace(site.waypoints[command.waypoint], actions=())
    return Mission(f'goto {waypoint.name}', (waypoint,))


def mission_from_waypoints(waypoints: Sequence[Waypoint], *, max_poses: int, name: str = 'poses') -> Mission:
    """Make the mission that walks these waypoints once, in this order.

    :raises CommandError: if there are none or too many, or naming the first that is not made of finite numbers.
    """
    if not waypoints:
        raise CommandError('the mission has no poses, expected at least one')
    if len(waypoints) > max_poses:
        raise CommandError(f'the mission has {len(waypoints)} poses, at most {max_poses} are taken (max_mission_poses)')
    for waypoint in waypoints:
        if not all(map(math.isfinite, (waypoint.x_m, waypoint.y_m, waypoint.z_m, waypoint.yaw_rad or 0.0))):
            raise CommandError(
                f'{waypoint.name} is at ({waypoint.x_m}, {waypoint.y_m}) heading {waypoint.yaw_rad}, '
                'expected finite numbers')
    return Mission(name, tuple(waypoints))


def waypoints_from_poses(poses: Iterable[Pose2], *, keep_heading: bool = True) -> tuple[Waypoint, ...]:
    """Name poses of ``map`` as waypoints ``pose-1``, ``pose-2`` and so on, to be faced where headings are kept."""
    return tuple(
        Waypoint(f'pose-{number}', pose.x_m, pose.y_m, pose.yaw_rad if keep_heading else None)
        for number, pose in enumerate(poses, start=1))


def mission_from_poses(poses: Sequence[Pose2], *, max_poses: int, keep_heading: bool = True) -> Mission:
    """Make the mission ``poses`` that walks poses of ``map`` once, in this order.

    :raises CommandError: as :func:`mission_from_waypoints`.
    """
    return mission_from_waypoints(waypoints_from_poses(poses, keep_heading=keep_heading), max_poses=max_poses)


def visits_of_round(mission: Mission, round_number: int) -> tuple[Waypoint, ...]:
    """Return the waypoints of one round (from 1) in visiting order.

    A closed mission ends with its round's first waypoint, whose actions are not repeated there. A shuffled one draws
    its order from the seed and the round, so that a round is the same however it was come to. The last round of a
    mission with a landing place ends there.
    """
    waypoints = mission.waypoints
    if mission.shuffle_seed is not None:
        order = np.random.default_rng([mission.shuffle_seed, round_number]).permutation(len(waypoints))
        waypoints = tuple(waypoints[i] for i in order)
    if mission.closed and len(waypoints) > 1:
        waypoints = (*waypoints, dataclasses.replace(waypoints[0], actions=()))
    if mission.landing is not None and round_number == mission.rounds:
        waypoints = (*waypoints, mission.landing)
    return waypoints


def in_the_air(mission: Mission, hover_height_m: float, landing: Waypoint | None = None) -> Mission:
    """Return a mission as a flying robot takes it: places on the ground are hovered over, and in the end it lands."""
    return dataclasses.replace(mission, landing=landing, waypoints=tuple(
        dataclasses.replace(waypoint, z_m=hover_height_m) if waypoint.z_m <= 0.0 else waypoint
        for waypoint in mission.waypoints))


def landing_place(site: Site) -> Waypoint:
    """Return home as the place where a flying robot lands; nothing is done there."""
    return dataclasses.replace(site.waypoints[site.home], z_m=0.0, actions=())


def lockdown_post(site: Site, robot: str, kind: str, medium: Medium) -> Waypoint | None:
    """Return where a robot goes in a lockdown, by its name, else its kind; None where it stops where it is.

    Nothing is done there, and a flying robot lands, however high the waypoint is. One that were to stop lands at home:
    it cannot hover for long.
    """
    name = site.lockdown.post(robot, kind)
    if name is None and medium is Medium.AIR:
        return landing_place(site)
    return dataclasses.replace(site.waypoints[name], z_m=0.0, actions=()) if name is not None else None


def _near(name: str, known: Iterable[str]) -> str:
    known = list(known)
    near = difflib.get_close_matches(name, known, n=3)
    if near:
        return f'did you mean {" or ".join(map(repr, near))}?'
    if not known:
        return 'none are known'
    return f'known are: {", ".join(known[:_KNOWN_SHOWN])}' + (' and more' if len(known) > _KNOWN_SHOWN else '')
