"""Site files: ``config/sites/NAME.yaml`` to a Site, checked as a whole."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lepatrol.model.geometry import Pose2
from lepatrol.model.site import (
    Allowance,
    Hours,
    Look,
    Medium,
    OnFailure,
    Photo,
    Route,
    Site,
    Structure,
    StructureKind,
    Wait,
    Waypoint,
    WaypointAction,
    Zone,
    ZoneKind,
)
from lepatrol.settings.site_air import check_air_route, check_home, read_geofence, read_polygon, read_position
from lepatrol.settings.site_dock import read_dock
from lepatrol.settings.site_schedules import read_schedules
from lepatrol.settings.yaml_file import YamlValue, read_yaml

_WINDOW = re.compile(r'([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)')
_ALLOWED_KINDS = ('person', 'vehicle', 'animal', 'object')


def read_site(path: Path) -> Site:
    """Read a site file; headings in it are in degrees, counter-clockwise from x.

    :raises FileError: naming file, line, key and what would be right.
    """
    fields = read_yaml(path).fields(
        required=('name', 'world', 'home', 'waypoints', 'routes'),
        optional=('perimeter', 'zones', 'start', 'structures', 'time_zone', 'geofence', 'dock',
                  'schedules'))
    waypoints = {name: _waypoint(name, value) for name, value in fields['waypoints'].items()}
    routes = {name: _route(name, value, waypoints) for name, value in fields['routes'].items()}
    perimeter = fields.get('perimeter')
    zones = tuple(_zone(name, value) for name, value in fields['zones'].items()) if 'zones' in fields else ()
    geofence = read_geofence(fields['geofence']) if 'geofence' in fields else None
    if geofence:
        check_home(geofence, waypoints[_known(fields['home'], waypoints)], fields['geofence'])
    for name, value in fields['routes'].items():
        if routes[name].medium is Medium.AIR:
            check_air_route(routes[name], value, waypoints, zones, geofence)
    return Site(
        name=fields['name'].text(),
        world=fields['world'].text(),
        home=_known(fields['home'], waypoints),
        perimeter=read_polygon(perimeter) if perimeter else (),
        zones=zones,
        waypoints=waypoints,
        routes=routes,
        structures=_structures(fields['structures']) if 'structures' in fields else (),
        time_zone=_time_zone(fields['time_zone']) if 'time_zone' in fields else 'UTC',
        start=_start(fields['start']) if 'start' in fields else None,
        geofence=geofence,
        dock=read_dock(fields['dock'], zones) if 'dock' in fields else None,
        schedules=read_schedules(fields['schedules'], routes) if 'schedules' in fields else (),
    )


def _waypoint(name: str, value: YamlValue) -> Waypoint:
    fields = value.fields(
        required=('position',), optional=('heading_deg', 'actions', 'on_failure', 'retries'))
    _check_name(name, value)
    x, y, z = read_position(fields['position'])
    heading = fields.get('heading_deg')
    actions = fields.get('actions')
    return Waypoint(
        name=name, x_m=x, y_m=y,
        yaw_rad=_heading(heading) if heading else None,
        actions=tuple(_action(member) for member in actions.sequence()) if actions else (),
        on_failure=fields['on_failure'].choice(OnFailure) if 'on_failure' in fields else OnFailure.SKIP,
        retries=fields['retries'].integer(low=0, high=100) if 'retries' in fields else 1,
        z_m=z,
    )


def _action(value: YamlValue) -> WaypointAction:
    fields = value.fields(optional=('wait', 'look', 'photo'))
    if len(fields) != 1:
        value.fail('an action is exactly one of wait, look, photo')
    (kind, body), = fields.items()
    if kind == 'wait':
        return Wait(body.fields(required=('duration_s',))['duration_s'].number(low=0.0, high=86400.0))
    if kind == 'look':
        parts = body.fields(required=('headings_deg',), optional=('pause_s',))
        headings = tuple(_heading(member) for member in parts['headings_deg'].sequence())
        if not headings:
            parts['headings_deg'].fail('is empty, expected at least one heading in degrees')
        return Look(headings, parts['pause_s'].number(low=0.0, high=3600.0) if 'pause_s' in parts else 1.0)
    parts = body.fields(optional=('heading_deg', 'caption'))
    return Photo(
        _heading(parts['heading_deg']) if 'heading_deg' in parts else None,
        parts['caption'].text() if 'caption' in parts else '')


def _route(name: str, value: YamlValue, waypoints: Mapping[str, Waypoint]) -> Route:
    fields = value.fields(required=('waypoints',), optional=('closed', 'medium'))
    _check_name(name, value)
    members = fields['waypoints'].sequence()
    if not members:
        fields['waypoints'].fail('the route is empty, expected at least one waypoint name')
    names = tuple(_known(member, waypoints) for member in members)
    medium = fields['medium'].choice(Medium) if 'medium' in fields else Medium.GROUND
    for point, member in zip(names, members, strict=True):
        if medium is Medium.GROUND and waypoints[point].z_m > 0.0:
            member.fail(f"{point} is {waypoints[point].z_m:g} m high; only a route with 'medium: air' goes there")
    return Route(name, names, fields['closed'].boolean() if 'closed' in fields else True, medium)


def _zone(name: str, value: YamlValue) -> Zone:
    fields = value.fields(
        required=('kind', 'polygon'), optional=('speed_limit_m_s', 'hours', 'allowed', 'crowd_limit', 'medium'))
    kind = fields['kind'].choice(ZoneKind)
    limit = fields.get('speed_limit_m_s')
    if kind is ZoneKind.SLOW and limit is None:
        value.fail("a slow zone needs 'speed_limit_m_s'")
    if kind is not ZoneKind.SLOW and limit is not None:
        limit.fail('only a slow zone has a speed limit')
    if kind is not ZoneKind.KEEP_OUT and 'medium' in fields:
        fields['medium'].fail('only a zone to keep out of holds for one kind of robot alone')
    return Zone(
        name, kind, read_polygon(fields['polygon']), limit.number(low=0.01, high=100.0) if limit else None,
        hours=read_hours(fields.get('hours')),
        allowed=tuple(map(_allowance, fields['allowed'].sequence())) if 'allowed' in fields else (),
        crowd_limit=fields['crowd_limit'].integer(low=0, high=10000) if 'crowd_limit' in fields else None,
        medium=fields['medium'].choice(Medium) if 'medium' in fields else None)


def _allowance(value: YamlValue) -> Allowance:
    fields = value.fields(required=('who',), optional=('kind', 'count', 'hours'))
    kind = fields['kind'].text() if 'kind' in fields else 'person'
    if kind not in _ALLOWED_KINDS:
        fields['kind'].fail(f'is {kind!r}, expected one of {", ".join(_ALLOWED_KINDS)}')
    return Allowance(
        fields['who'].text(), kind, fields['count'].integer(low=1, high=10000) if 'count' in fields else 1,
        read_hours(fields.get('hours')))


def read_hours(value: YamlValue | None) -> tuple[Hours, ...]:
    """Return windows written as ``['22:00-06:00', ...]``."""
    windows: list[Hours] = []
    for member in value.sequence() if value else ():
        match = _WINDOW.fullmatch(member.text())
        if not match:
            member.fail(f"is {member.plain()!r}, expected a window of local time such as '22:00-06:00'")
        start_h, start_min, end_h, end_min = map(int, match.groups())
        windows.append(Hours(60 * start_h + start_min, 60 * end_h + end_min))
    return tuple(windows)


def _structures(value: YamlValue) -> tuple[Structure, ...]:
    """Return single structures, and each panel of a run: ``panels`` of equal width, numbered from ``first``."""
    found: dict[str, Structure] = {}
    for member in value.sequence():
        fields = member.fields(required=('name', 'kind', 'from', 'to'), optional=('panels', 'first', 'open_hours'))
        kind = fields['kind'].choice(StructureKind)
        if kind is not StructureKind.GATE and 'open_hours' in fields:
            fields['open_hours'].fail('only a gate has hours in which it may stand open')
        name = fields['name'].text()
        _check_name(name, fields['name'])
        (x0, y0), (x1, y1) = fields['from'].numbers(2), fields['to'].numbers(2)
        if (x0, y0) == (x1, y1):
            member.fail("'from' and 'to' are the same point; a structure has a length")
        count = fields['panels'].integer(low=1, high=1000) if 'panels' in fields else 1
        first = fields['first'].integer(low=0, high=100000) if 'first' in fields else 1
        corners = [(x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count) for i in range(count + 1)]
        for i, (start, end) in enumerate(pairwise(corners)):
            label = f'{name}_{first + i:02d}' if 'panels' in fields else name
            if label in found:
                fields['name'].fail(f'there are two structures {label!r}; each needs a name of its own')
            found[label] = Structure(label, kind, start, end, read_hours(fields.get('open_hours')))
    return tuple(found.values())


def _time_zone(value: YamlValue) -> str:
    name = value.text()
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        value.fail(f"is {name!r}, expected an IANA time zone such as 'Europe/Berlin'")
    return name


def _start(value: YamlValue) -> Pose2:
    fields = value.fields(required=('position',), optional=('heading_deg',))
    x, y = fields['position'].numbers(2)
    return Pose2(x, y, _heading(fields['heading_deg']) if 'heading_deg' in fields else 0.0)


def _heading(value: YamlValue) -> float:
    return math.radians(value.number(low=-360.0, high=360.0))


def _check_name(name: str, value: YamlValue) -> None:
    if not name or any(character.isspace() for character in name):
        value.fail('a name is one word, so that it can be said in a command')


def _known(value: YamlValue, waypoints: Mapping[str, Waypoint]) -> str:
    name = value.text()
    if name not in waypoints:
        value.fail(f'there is no waypoint {name!r}; known are: {", ".join(waypoints)}')
    return name
