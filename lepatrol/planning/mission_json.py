"""Missions as plain data that JSON can hold, and back, strictly."""

from __future__ import annotations

from typing import Any

from lepatrol.model.mission import MissedWaypoint, Mission
from lepatrol.model.plain import counted, member, number, typed
from lepatrol.model.site import Look, OnFailure, Photo, Wait, Waypoint, WaypointAction


def mission_to_plain(mission: Mission) -> dict[str, Any]:
    """Return a mission as plain data."""
    return {
        'name': mission.name, 'rounds': mission.rounds, 'shuffle_seed': mission.shuffle_seed, 'closed': mission.closed,
        'waypoints': [_waypoint_to_plain(waypoint) for waypoint in mission.waypoints],
        **({'landing': _waypoint_to_plain(mission.landing)} if mission.landing else {}),
    }


def mission_from_plain(plain: Any) -> Mission:
    """Return the mission that :func:`mission_to_plain` wrote.

    :raises ValueError: naming the first value that is wrong.
    """
    mapping = typed(plain, dict, 'mission')
    waypoints = tuple(_waypoint_from_plain(entry) for entry in member(mapping, 'waypoints', list))
    rounds, seed = mapping.get('rounds'), mapping.get('shuffle_seed')
    if not waypoints:
        raise ValueError('the mission has no waypoints')
    return Mission(
        name=member(mapping, 'name', str), waypoints=waypoints,
        rounds=None if rounds is None else counted(mapping, 'rounds', low=1),
        shuffle_seed=None if seed is None else counted(mapping, 'shuffle_seed'),
        closed=member(mapping, 'closed', bool),
        landing=_waypoint_from_plain(mapping['landing']) if 'landing' in mapping else None)


def missed_to_plain(missed: MissedWaypoint) -> dict[str, Any]:
    """Return a missed waypoint as plain data."""
    return {'waypoint': missed.waypoint, 'round': missed.round, 'reason': missed.reason}


def missed_from_plain(plain: Any) -> MissedWaypoint:
    """Return the missed waypoint that :func:`missed_to_plain` wrote.

    :raises ValueError: naming the first value that is wrong.
    """
    mapping = typed(plain, dict, 'missed waypoint')
    return MissedWaypoint(member(mapping, 'waypoint', str), counted(mapping, 'round'), member(mapping, 'reason', str))


def _waypoint_to_plain(waypoint: Waypoint) -> dict[str, Any]:
    return {
        'name': waypoint.name, 'x_m': waypoint.x_m, 'y_m': waypoint.y_m, 'yaw_rad': waypoint.yaw_rad,
        **({'z_m': waypoint.z_m} if waypoint.z_m else {}),
        'actions': [_action_to_plain(action) for action in waypoint.actions],
        'on_failure': waypoint.on_failure.value, 'retries': waypoint.retries,
    }


def _waypoint_from_plain(plain: Any) -> Waypoint:
    mapping = typed(plain, dict, 'waypoint')
    return Waypoint(
        name=member(mapping, 'name', str), x_m=number(mapping, 'x_m'), y_m=number(mapping, 'y_m'),
        yaw_rad=None if mapping.get('yaw_rad') is None else number(mapping, 'yaw_rad'),
        actions=tuple(_action_from_plain(entry) for entry in member(mapping, 'actions', list)),
        on_failure=OnFailure(member(mapping, 'on_failure', str)), retries=counted(mapping, 'retries'),
        z_m=number(mapping, 'z_m') if 'z_m' in mapping else 0.0)


def _action_to_plain(action: WaypointAction) -> dict[str, Any]:
    if isinstance(action, Wait):
        return {'kind': 'wait', 'duration_s': action.duration_s}
    if isinstance(action, Look):
        return {'kind': 'look', 'headings_rad': list(action.headings_rad), 'pause_s': action.pause_s}
    return {'kind': 'photo', 'heading_rad': action.heading_rad, 'caption': action.caption}


def _action_from_plain(plain: Any) -> WaypointAction:
    mapping = typed(plain, dict, 'action')
    kind = member(mapping, 'kind', str)
    if kind == 'wait':
        return Wait(number(mapping, 'duration_s'))
    if kind == 'look':
        headings = member(mapping, 'headings_rad', list)
        return Look(
            tuple(number({'heading_rad': heading}, 'heading_rad') for heading in headings), number(mapping, 'pause_s'))
    if kind == 'photo':
        heading = None if mapping.get('heading_rad') is None else number(mapping, 'heading_rad')
        return Photo(heading, member(mapping, 'caption', str))
    raise ValueError(f'kind is {kind!r}, expected wait, look or photo')
